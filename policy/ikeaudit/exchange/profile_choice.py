"""Choosing ISAKMP profiles: by identity, and by the initiator before it calls (PROFILE-MATCH, KEY-UNBOUND, C-1, C-4).

Only an end that is bound to a profile always knows it (C-7); what selects one is the peer's identity, not one's own (C-5).
"""

from __future__ import annotations

from ikeaudit.exchange.choices import Option
from ikeaudit.exchange.decisions import bound_decision, profile_decision
from ikeaudit.exchange.run import Initiator, Run
from ikeaudit.model import IPAddress, IsakmpProfile, Router
from ikeaudit.selection import Identity, LocalEnd, ProfileSearch, RouterRules


def request_profile(run: Run, initiator: Initiator) -> IsakmpProfile | None:
    """The profile an initiator starts with: the bound one, else by contradiction C-4 the most specific one or none."""
    peer = initiator.endpoint.peer
    assert peer is not None
    profile = _request_profile(run, initiator, peer)
    run.initiator_profile = profile.name if profile else None
    rules, bound = initiator.rules, initiator.endpoint.isakmp_profile
    if bound is not None:
        run.decide(bound_decision, rules.router, bound, rules.profiles[bound].line, initiator.endpoint.lines)
    elif rules.profiles:
        search = rules.profiles_for(Identity("address", peer), initiator.end)
        run.decide(profile_decision, rules.router, search, profile, initiator.end, "C-4")
    run.say(initiator.router, f"SA request profile is {profile.name if profile else '(NULL)'}")
    return profile


def select_profile(run: Run, rules: RouterRules, end: LocalEnd, identity: Identity) -> IsakmpProfile | None:
    """The profile that an identity selects, with every reading of contradiction C-1."""
    search = rules.profiles_for(identity, end)
    profile = run.choose(_profile_options(rules.router, search))
    run.decide(profile_decision, rules.router, search, profile, end, "PROFILE-MATCH")
    if profile is None:
        run.say(rules.router, "peer matches *none* of the profiles")
        return None
    run.say(rules.router, f"peer matches {profile.name} profile")
    lines = [pick.match.line for pick in search.matching]
    run.cite(rules.router, profile.line, *lines)
    return profile


def presented(
    run: Run, rules: RouterRules, profile: IsakmpProfile | None, end: LocalEnd, *, certificates: bool = False
) -> Identity:
    """The identity that a router sends (ID-SENT).

    ``crypto isakmp identity dn`` names the subject of a certificate; what is sent with a pre-shared key, no source says.
    """
    router, identity = rules.router, rules.own_identity(profile, end)
    named = profile.self_identity if profile is not None else None
    run.cite(router, named.line if named is not None else router.isakmp.identity_line)
    if named is not None or router.isakmp.identity != "dn":
        return identity
    options = [
        Option(identity, f"{router.name} presents its address"),
        Option(Identity("dn"), f"{router.name} presents its distinguished name"),
    ]
    if certificates:
        options.reverse()
    return run.choose(options)


def _profile_options(router: Router, search: ProfileSearch) -> list[Option[IsakmpProfile | None]]:
    best = search.best
    options: list[Option[IsakmpProfile | None]] = [
        Option(pick.profile, f"{router.name} takes profile {pick.profile.name}", "tie") for pick in best
    ]
    first = search.first
    if first is not None and first not in best:
        words = f"{router.name} takes the first matching profile, {first.profile.name}"
        options.append(Option(first.profile, words))
    if not options:
        options = [Option(None, f"{router.name} finds no profile")]
    for pick in search.uncertain:
        words = f"{router.name}: local-address of profile {pick.profile.name} fits"
        options.append(Option(pick.profile, words, "unknown"))
    for pick in search.lacking:
        words = f"{router.name}: local-address of profile {pick.profile.name} serves the VRF that it does not name (LOCAL-VRF)"
        options.append(Option(pick.profile, words))
    return options


def _request_profile(run: Run, initiator: Initiator, peer: IPAddress) -> IsakmpProfile | None:
    rules, bound = initiator.rules, initiator.endpoint.isakmp_profile
    if bound is not None:
        if not rules.profiles[bound].matches:
            run.assume("a profile without a match statement still serves its initiator (PROFILE-INITIATOR)")
        if not rules.addresses.admits(rules.profiles[bound].local_address, initiator.end):
            serves = run.choose(
                [
                    Option(True, "a bound profile serves its initiator whatever its local-address (PROFILE-INITIATOR)"),
                    Option(False, "a bound profile does not serve an initiator that its local-address keeps out"),
                ]
            )
            if not serves:
                run.stop("MM1", "incomplete-configuration")
        return rules.profiles[bound]
    search = rules.profiles_for(Identity("address", peer), initiator.end)
    if not search.matching:
        return None
    run.cite(initiator.router, *(pick.match.line for pick in search.best))
    specific = [
        Option[IsakmpProfile | None](
            pick.profile,
            f"{initiator.router.name}, unbound, starts with profile {pick.profile.name}",
            "tie",
        )
        for pick in search.best
    ]
    first = search.matching[0]
    if first not in search.best:
        words = f"{initiator.router.name}, unbound, starts with the first matching profile, {first.profile.name}"
        specific.append(Option(first.profile, words))
    null = Option[IsakmpProfile | None](None, f"{initiator.router.name}, unbound, starts without a profile")
    if initiator.endpoint.kind == "tunnel":
        return run.choose([*specific, null])
    return run.choose([null, *(Option(option.value, option.words) for option in specific)])
