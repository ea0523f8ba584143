"""IKE_SA_INIT: the policy that serves each end, and a proposal in common (IKEV2-POLICY, IKEV2-BUILT-IN)."""

from __future__ import annotations

from collections.abc import Sequence

from ikeaudit.exchange.choices import Option
from ikeaudit.exchange.decisions import ikev2_policy_decision, proposal_decision
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.model import Ikev2Policy, Ikev2Proposal, Router

_BUILT_IN = tuple(
    Ikev2Proposal("default", 0, tuple(encryption.split()), tuple(integrity.split()), groups=tuple(groups.split()))
    for encryption, integrity, groups in (
        ("aes-cbc-256 aes-cbc-192 aes-cbc-128", "sha512 sha384 sha256 sha1 md5", "5 2"),
        ("aes-cbc-256", "sha512 sha384", "19 14 21 5"),
    )
)
"""The built-in proposal of older and of newer releases (IKEV2-BUILT-IN)."""


def sa_init(run: Run, initiator: Initiator, responder: Responder) -> None:
    """The first exchange; stops where the two ends have no proposal in common."""
    mine, theirs = initiator.rules.ikev2, responder.rules.ikev2
    my_policy = _one_policy(run, initiator.router, mine.policies(initiator.end))
    their_policy = _one_policy(run, responder.router, theirs.policies(responder.end))
    for rules, end, policy in ((mine, initiator.end, my_policy), (theirs, responder.end, their_policy)):
        run.decide(ikev2_policy_decision, rules.router, rules.policies(end), policy, end)
    for router, policy in ((initiator.router, my_policy), (responder.router, their_policy)):
        if policy is None and router.ikev2.policies:
            run.cite(router, *(own.line for own in router.ikev2.policies))
            run.assume("the built-in IKEv2 policy serves the VRFs that the router's own ones do not (U-22)")
    offers, accepted = mine.proposals(my_policy), theirs.proposals(their_policy)
    run.cite(initiator.router, *_policy_lines(my_policy, offers))
    run.cite(responder.router, *_policy_lines(their_policy, accepted))
    met = _proposals_agree(run, initiator, responder, offers, accepted)
    run.decide(proposal_decision, responder.router, accepted, _meeting(offers, accepted), met=met)
    if not met:
        run.say(responder.router, "Received Policies: Failed to find a matching policy")
        run.say(initiator.router, "Received no proposal chosen notify")
        run.stop("SA_INIT", "no-common-ike-policy")


def _proposals_agree(
    run: Run,
    initiator: Initiator,
    responder: Responder,
    offers: tuple[Ikev2Proposal, ...] | None,
    accepted: tuple[Ikev2Proposal, ...] | None,
) -> bool:
    """Whether the offer meets a proposal; None stands for the built-in one, of which there are two (IKEV2-BUILT-IN)."""
    if offers is not None and accepted is not None:
        return bool(_meeting(offers, accepted))
    if offers is accepted is None and initiator.router.version == responder.router.version:
        run.assume("two routers of one release accept each other's default proposal")
        return True
    meet = {
        bool(_meeting(offers or (mine_built_in,), accepted or (built_in,)))
        for mine_built_in in _BUILT_IN
        for built_in in _BUILT_IN
    }
    if len(meet) == 1:
        run.assume("the built-in IKEv2 proposal is one of two, by release (IKEV2-BUILT-IN)")
    agreed = [
        Option(True, "the built-in IKEv2 proposals agree"),
        Option(False, "the built-in IKEv2 proposals differ", "unknown"),
    ]
    return run.choose([option for option in agreed if option.value in meet])


def _meeting(offers: tuple[Ikev2Proposal, ...] | None, accepted: tuple[Ikev2Proposal, ...] | None) -> tuple[str, ...]:
    """The names of the responder's proposals that an offer meets."""
    return tuple(own.name for own in accepted or () if any(_proposals_meet(offer, own) for offer in offers or ()))


def _one_policy(run: Run, router: Router, fitting: Sequence[Ikev2Policy]) -> Ikev2Policy | None:
    """The first of several policies is used, as far as is known (IKEV2-POLICY); None for the built-in one."""
    options: list[Option[Ikev2Policy | None]] = [
        Option(policy, f"{router.name} uses IKEv2 policy {policy.name}", "weak" if n else "primary")
        for n, policy in enumerate(fitting)
    ]
    return run.choose(options) if options else None


def _policy_lines(policy: Ikev2Policy | None, proposals: Sequence[Ikev2Proposal] | None) -> list[int]:
    return [*([policy.line] if policy else []), *(proposal.line for proposal in proposals or ())]


def _proposals_meet(offer: Ikev2Proposal, own: Ikev2Proposal) -> bool:
    """Each kind of algorithm needs one in common; combined-mode ciphers need no integrity (IKEV2-POLICY)."""
    ciphers = set(offer.encryption) & set(own.encryption)
    if not ciphers or not set(offer.groups) & set(own.groups):
        return False
    prfs = set(offer.prf or offer.integrity), set(own.prf or own.integrity)
    if all(prfs) and not prfs[0] & prfs[1]:
        return False
    if any("gcm" in cipher for cipher in ciphers):
        return True
    return bool(set(offer.integrity) & set(own.integrity))
