"""IKE_SA_INIT: the policy that serves each end, and a proposal in common (IKEV2-POLICY, IKEV2-BUILT-IN)."""

from __future__ import annotations

from typing import TypeAlias

from ikeaudit.exchange.choices import Option
from ikeaudit.exchange.decisions import ikev2_policy_decision, proposal_decision
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.model import Ikev2Proposal, Router
from ikeaudit.selection import LocalEnd
from ikeaudit.selection.ikev2 import Ikev2Offer, Ikev2Rules

_BUILT_IN = tuple(
    Ikev2Proposal("default", 0, tuple(encryption.split()), tuple(integrity.split()), groups=tuple(groups.split()))
    for encryption, integrity, groups in (
        ("aes-cbc-256 aes-cbc-192 aes-cbc-128", "sha512 sha384 sha256 sha1 md5", "5 2"),
        ("aes-cbc-256", "sha512 sha384", "19 14 21 5"),
    )
)
"""The built-in proposal of older and of newer releases (IKEV2-BUILT-IN)."""


Proposals: TypeAlias = tuple[Ikev2Proposal, ...] | None
"""What a policy has to offer; None are the built-in proposals."""


def offered(run: Run, router: Router, rules: Ikev2Rules, end: LocalEnd) -> Proposals:
    """The proposals of the policy that serves an end; stops where none does (IKEV2-POLICY, U-22)."""
    offer = run.choose(_offers(router, rules, end))
    run.decide(ikev2_policy_decision, router, rules.policies(end), offer, end)
    if offer is None or offer.policy is None:
        run.cite(router, *_passed_over(rules))
    if offer is None:
        run.say(router, "Failed to find a matching policy")
        run.stop("SA_INIT", "no-common-ike-policy")
    policy, proposals = offer.policy, offer.proposals
    run.cite(router, *([policy.line] if policy else []), *(proposal.line for proposal in proposals or ()))
    return proposals


def _passed_over(rules: Ikev2Rules) -> list[int]:
    """The lines because of which no policy of the router's own serves, or none at all."""
    own = rules.router.ikev2
    named = [n.line for policy in own.policies if rules.proposals(policy) == () for n in policy.proposals]
    return [own.policy_off_line, own.proposal_off_line, *(policy.line for policy in own.policies), *named]


def _offers(router: Router, rules: Ikev2Rules, end: LocalEnd) -> list[Option[Ikev2Offer | None]]:
    """The policies that may serve an end, the first of which does, as far as is known; None where nothing serves."""
    fitting = rules.policies(end)
    usable = [(policy, found) for policy in fitting if (found := rules.proposals(policy)) != ()]
    options: list[Option[Ikev2Offer | None]] = [
        Option(Ikev2Offer(policy, found), f"{router.name} uses IKEv2 policy {policy.name}") for policy, found in usable
    ]
    if not usable:
        words = "serves where none of its own does" if router.ikev2.policies else "serves"
        options.append(Option(rules.built_in, f"the built-in IKEv2 policy of {router.name} {words}"))
    if fitting and usable and usable[0][0] is not fitting[0]:
        words = f"IKEv2 policy {fitting[0].name} of {router.name}, which has no proposal, keeps the next one out"
        options.append(Option(None, words, "unknown"))
    elif not usable and rules.built_in is not None and router.ikev2.policies:
        words = f"the built-in IKEv2 policy of {router.name} does not serve beside its own (U-22)"
        options.append(Option(None, words, "unknown"))
    for policy in rules.undecided(end):
        words = f"{router.name} has learnt the address of IKEv2 policy {policy.name}"
        options.append(Option(Ikev2Offer(policy, rules.proposals(policy)), words, "unknown"))
    return options


def sa_init(run: Run, initiator: Initiator, responder: Responder, offers: Proposals) -> None:
    """The first exchange, once it has arrived; stops where the two ends have no proposal in common."""
    accepted = offered(run, responder.router, responder.rules.ikev2, responder.end)
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
    offers: Proposals,
    accepted: Proposals,
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


def _meeting(offers: Proposals, accepted: Proposals) -> tuple[str, ...]:
    """The names of the responder's proposals that an offer meets."""
    return tuple(own.name for own in accepted or () if any(_proposals_meet(offer, own) for offer in offers or ()))


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
