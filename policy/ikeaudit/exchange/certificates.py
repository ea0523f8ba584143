"""IKEv1 main mode with certificates: no keyring problem, but the same asymmetry by trust-points (CERT-TRUSTPOINTS)."""

from __future__ import annotations

from ikeaudit.exchange.decisions import identity_decision, trustpoint_decision
from ikeaudit.exchange.profile_choice import presented, select_profile
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.model import IsakmpProfile
from ikeaudit.selection import RouterRules


def certificates(
    run: Run, initiator: Initiator, responder: Responder, profile: IsakmpProfile | None
) -> IsakmpProfile | None:
    """MM3 to MM6 with certificates; returns the profile that the responder chose, stops the exchange where it fails.

    The initiator asks only for its profile's trust-points and sends a certificate of one of those; the responder, which has
    no profile yet, asks for all of its own; both validate by the trust-points of the profile. What CA stands behind a
    trust-point is not in the configuration: equal names are taken for one CA.
    """
    ours, theirs = initiator.router, responder.router
    mine = _trusted(profile, initiator.rules)
    lines = [reference.line for reference in (profile.trustpoints if profile else ())]
    run.cite(ours, *lines)
    run.deliver("MM3")
    run.deliver("MM4", "responder")
    run.message("MM5")
    run.decide(trustpoint_decision, ours, mine, responder.rules.trustpoints, lines)
    sendable = [name for name in mine if name in responder.rules.trustpoints]
    if not sendable:
        run.give_up("which CA stands behind a trust-point cannot be told from its name (CERT-TRUSTPOINTS)")
    run.assume("trust-points of one name belong to one CA (CERT-TRUSTPOINTS)")
    identity = presented(run, initiator.rules, profile, initiator.end, certificates=True)
    run.decide(identity_decision, ours, identity, "ID-SENT", ours.isakmp.identity_line)
    run.arrive()
    found = select_profile(run, responder.rules, responder.end, identity)
    if found is None and any(m.kind == "certificate" for p in theirs.isakmp_profiles for m in p.matches):
        run.give_up("whether a certificate map matches cannot be told from configurations")
    run.responder_profile = found.name if found else None
    accepted = _trusted(found, responder.rules)
    lines = [reference.line for reference in (found.trustpoints if found else ())]
    run.cite(theirs, *lines)
    run.decide(trustpoint_decision, theirs, accepted, sendable[:1], lines)
    if sendable[0] not in accepted:
        run.say(
            theirs,
            "Verify cert failed",
            f"%CRYPTO-6-IKMP_AUTH_FAIL: Authentication method 3 failed with host {responder.caller}",
        )
        run.stop("MM5", "certificate")
    run.say(theirs, "SA authentication status: authenticated")
    run.deliver("MM6", "responder")
    run.say(ours, "SA authentication status: authenticated")
    return found


def _trusted(profile: IsakmpProfile | None, rules: RouterRules) -> tuple[str, ...]:
    """The trust-points that validate a peer: the profile's, else all of the router."""
    named = tuple(reference.name for reference in profile.trustpoints) if profile is not None else ()
    return named or rules.trustpoints
