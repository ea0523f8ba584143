"""ISAKMP profiles that do nothing today."""

from collections.abc import Iterator

from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.configured import switched_off
from ikeaudit.hazards.facts.phrases import each, listing, verb
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import USERS, Finding, ObjectRef, for_each_router
from ikeaudit.model import IsakmpProfile
from ikeaudit.selection import Endpoint


@for_each_router(
    code="PF-UNUSED",
    title="A profile that nothing uses",
    category="hygiene",
    severity="low",
    what=(
        "An ISAKMP profile is bound to no IPsec profile in use, crypto map or tunnel, and no known peer's identity "
        "matches it. Info where all that it serves is shut down. Not judged where an unbound end answers any caller in "
        "its VRF, nor while something names a profile that is not defined."
    ),
    why=(
        "It still takes part when a caller's identity is matched, and so can come to overlap with a profile that is "
        "in use."
    ),
    fix=(
        "Find out who may still present an identity that it matches. It can go in a quiet window when nothing that is "
        "configured, whether up or shut down, refers to it."
    ),
    source="PROFILE-MATCH",
    absent_from=("isakmp-profile", *USERS, "global"),
)
def pf_unused(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile that does nothing today, on routers that have tunnels.

    Silent where the profile may be the one that a mistyped reference means (PF-UNDEF-REF, PF-NAME-NEAR-DUP).
    """
    if not facts.rules.endpoints or facts.rules.key_servers:
        return  # the members of a key server's groups may use any profile
    for profile in facts.router.isakmp_profiles:
        if not facts.in_use.may_be_anybodys(profile) and not _meant(facts, profile):
            yield from _finding(facts, profile)


def _meant(facts: RouterFacts, profile: IsakmpProfile) -> bool:
    """Whether some reference that leads elsewhere, or nowhere, may mean this profile."""
    if profile.name in facts.in_use.profile_references:
        return False
    return profile.name.lower() in facts.in_use.profile_spellings or facts.in_use.profile_missed


def _finding(facts: RouterFacts, profile: IsakmpProfile) -> Iterator[Finding]:
    ends = (*facts.in_use.ends_of(profile), *(peer.end for peer in facts.in_use.peers_of(profile)))
    carried = [end for end in ends if end in facts.in_use.carried]
    if any(not end.shutdown for end in carried):
        return
    where = facts.in_use.profile_references.get(profile.name, ())
    down = dict.fromkeys(switched_off(end, facts.rules) for end in carried)
    lines = [profile.line, *(match.line for match in profile.matches)]
    if down:
        which = " and ".join(f"interface {name} is shut down" for name in down)
        yield _told(facts, profile, f"Profile {profile.name} serves only what is switched off: {which}.", lines, _OFF)
        return
    instead = [end for reference in where for end in _bound_otherwise(facts, reference.owner)]
    if instead:
        message = (
            f"Profile {profile.name} stands in {listing(dict.fromkeys(reference.owner for reference in where))}, but "
            f"{listing(dict.fromkeys(end.interface for end in instead))} {verb(instead, 'names', 'name')} "
            f"{each('profile', (end.ikev2_profile or end.isakmp_profile for end in instead))}, which goes first."
        )
        places = [*(reference.line for reference in where), *(line for end in instead for line in end.lines)]
        yield _told(facts, profile, message, [*lines, *places], _OVERRULED)
        return
    if where or ends:
        owners = [reference.owner for reference in where] or [end.interface for end in ends]
        message = (
            f"Profile {profile.name} serves only {listing(owners)}, which {verb(owners, 'takes', 'take')} no part."
        )
        yield _told(facts, profile, message, [*lines, *(reference.line for reference in where)], _DETACHED)
        return
    message = f"Profile {profile.name} is bound to no tunnel, and no known peer matches it."
    if not facts.in_use.sure(profile.name) or facts.in_use.names_only(profile):
        yield _told(facts, profile, message, lines, None)
        return
    gone = ObjectRef("isakmp-profile", facts.name, profile.name, profile.line)
    yield _told(facts, profile, message, lines, _REMOVE, gone)


def _bound_otherwise(facts: RouterFacts, owner: str) -> list[Endpoint]:
    """The ends that use an IPsec profile or a whole crypto map, but name a profile of their own (BIND-ENTRY)."""
    words = owner.split()  # of an entry they would be four
    return [
        end
        for end in facts.in_use.ends
        if end in facts.in_use.carried
        and words[2:] == [end.ipsec_profile if words[0] == "IPsec" else end.crypto_map]
        and (end.ikev2_profile or end.isakmp_profile)
    ]


def _told(
    facts: RouterFacts, profile: IsakmpProfile, message: str, lines: list[int], fix: str | None, *gone: ObjectRef
) -> Finding:
    known = all(peer.far_rules is not None for peer in facts.ikev1_peers)
    return pf_unused.finding(
        severity="info" if fix == _OFF else None,
        message=message,
        cause=[profile.name],
        evidence=facts.router.evidence(*lines),
        confidence=weakest(
            "certain" if known or fix == _OFF else "probable",
            "certain" if facts.in_use.sure(profile.name) else "unknown",
        ),
        fix=fix,
        removes=gone,
    )


_OFF = "None while it is to stay off; 'no shutdown' brings it back, with the profile as it stands."


_DETACHED = (
    "Attach it to what it was made for ('tunnel protection ipsec profile', 'crypto map' on the interface), or leave it as a "
    "reserve."
)


_OVERRULED = "If it is meant, take away the profile that goes first; else correct the name where it stands."


_REMOVE = "If nobody calls who is not in this snapshot, it can go, in a quiet window."
