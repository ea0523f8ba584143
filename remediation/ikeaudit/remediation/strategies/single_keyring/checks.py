"""What must not change when keyrings merge: the key of every tunnel end, in every way it can be looked up (PLAN-KEYRING)."""

from collections.abc import Iterator

from ikeaudit.model import IsakmpProfile
from ikeaudit.remediation.callers import callers, class_of, lost_callers, served
from ikeaudit.remediation.plan import Refusal
from ikeaudit.selection import Endpoint, Identity, KeySearch, ProfileSearch, RouterRules


def key_changes(before: RouterRules, after: RouterRules, subject: str) -> tuple[Refusal, ...]:
    """A refusal for each tunnel end whose key would be another one after the merge.

    An end that had no key may gain one. The keys of the others must stay what they are, in every profile that the end may be
    using (the bound one; else those that the peer's address selects) and in the search without a profile.
    """
    refusals = []
    for endpoint in _ikev1_ends(before):
        for where, old, new in _lookups(before, after, endpoint):
            if not old.best or _keys(old) == _keys(new):
                continue
            lines = [pick.key.line for pick in old.best]
            lines += [pick.key.line for pick in new.best if _keys(new) - _keys(old)]
            refusals.append(
                Refusal(
                    router=before.router.name,
                    subject=subject,
                    reason=f"{endpoint.interface} would use another key for {endpoint.peer} than today ({where}); "
                    "separate the entry that wins from the others, or agree on one key with the peer.",
                    evidence=before.router.evidence(*lines, *endpoint.lines),
                )
            )
            break
    return tuple(refusals)


def ambiguous_profiles(rules: RouterRules, names: frozenset[str], subject: str) -> tuple[Refusal, ...]:
    """A refusal for each tunnel end whose peer selects one of several profiles, depending on how the rules are read.

    Contradiction C-1: the most specific, or the first in the configuration. It matters where those profiles differ in their
    keyrings or in being bound, and concerns this merge where one of them uses the keyrings ``names`` (PLAN-REFUSED).
    """
    refusals = []
    for endpoint in _ikev1_ends(rules):
        assert endpoint.peer is not None
        search = rules.profiles_for(Identity("address", endpoint.peer), endpoint.local)
        profiles = readings(search)
        rings = [frozenset(rules.ring_names(profile)) for profile in profiles]
        differ = len({(ring, p.name == endpoint.isakmp_profile) for ring, p in zip(rings, profiles, strict=True)}) > 1
        if not differ or not any(names & ring for ring in rings):
            continue
        refusals.append(
            Refusal(
                router=rules.router.name,
                subject=subject,
                reason=f"The peer {endpoint.peer} of {endpoint.interface} matches the profiles "
                f"{' and '.join(p.name for p in profiles)}, and it is not certain which of them IOS takes (C-1); "
                "make their match statements disjoint first.",
                evidence=rules.router.evidence(*(pick.match.line for pick in search.matching), *endpoint.lines),
            )
        )
    return tuple(refusals)


def lost(before: RouterRules, after: RouterRules, subject: str) -> tuple[Refusal, ...]:
    """A refusal for a class of callers that some end serves today, and that would not get through after the merge."""
    caller = next((c for c in lost_callers(before, after, callers(before)) if served(before, c)), None)
    if caller is None:
        return ()
    old = before.blind_keys(caller.end, caller.address)
    new = after.blind_keys(caller.end, caller.address)
    lines = [pick.key.line for pick in (*old.best, *new.best)]
    return (
        Refusal(
            router=before.router.name,
            subject=subject,
            reason=f"A peer calling from {class_of(before, caller)} gets through today and would not any more: another "
            "key would be picked for it, or one that its profile does not list. Agree on one key with those peers first.",
            evidence=before.router.evidence(*lines),
        ),
    )


def readings(search: ProfileSearch) -> tuple[IsakmpProfile, ...]:
    """The profiles that some reading of the rules selects, the primary reading first."""
    picks = {pick.profile.name: pick.profile for pick in search.best}
    if search.first is not None:
        picks.setdefault(search.first.profile.name, search.first.profile)
    return tuple(picks.values())


def _ikev1_ends(rules: RouterRules) -> Iterator[Endpoint]:
    """The ends that call a known address by IKEv1."""
    return (end for end in rules.endpoints if end.peer is not None and end.ike_version == 1)


def _lookups(before: RouterRules, after: RouterRules, end: Endpoint) -> Iterator[tuple[str, KeySearch, KeySearch]]:
    """Every way in which ``end`` may look for its peer's key as initiator, before and after."""
    assert end.peer is not None
    if end.isakmp_profile is not None:
        selected: tuple[IsakmpProfile, ...] = tuple(
            p for p in (before.profiles.get(end.isakmp_profile),) if p is not None
        )
    else:
        selected = readings(before.profiles_for(Identity("address", end.peer), end.local))
        yield (
            "searching all keyrings",
            before.blind_keys(end.local, end.peer),
            after.blind_keys(end.local, end.peer),
        )
    for profile in selected:
        yield (
            f"through profile {profile.name}",
            before.keys_in_profile(profile, end.local, end.peer),
            after.keys_in_profile(after.profiles[profile.name], end.local, end.peer),
        )


def _keys(search: KeySearch) -> frozenset[tuple[int, str]]:
    """The keys that a search may end with: type 6 text is its own kind of key (U-17)."""
    return frozenset(
        (6 if pick.key.secret.opaque else 0, pick.key.secret.fingerprint) for pick in (*search.best, *search.uncertain)
    )
