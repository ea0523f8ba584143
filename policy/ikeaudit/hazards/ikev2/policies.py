"""IKEv2 policies and proposals: whether one serves each tunnel."""

from collections.abc import Iterator

from ikeaudit.hazards.facts.phrases import listing, place
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, for_each_router
from ikeaudit.model import ANY_VRF
from ikeaudit.selection import Endpoint


@for_each_router(
    code="V2-NO-POLICY",
    title="No IKEv2 policy serves a tunnel",
    category="connectivity",
    breaks=("no-common-ike-policy",),
    explains=("PW-PH1-NONE",),
    severity="high",
    what=(
        "None of the IKEv2 policies for the tunnel's front-door VRF is for its local address and has a proposal that is "
        "defined, or there is none at all and the built-in policy or proposal is switched off."
    ),
    why=(
        "Without a policy the router sends nothing when it calls, and refuses every caller. Whether the built-in policy serves "
        "beside configured ones is told both ways."
    ),
    symptom="No IKE_SA_INIT leaves the router; a caller reads NO_PROPOSAL_CHOSEN.",
    fix=(
        "Mend the 'match' line of the policy, if it is meant for this VRF and address; else add a policy with a "
        "proposal for them."
    ),
    source="IKEV2-POLICY, IKEV2-BUILT-IN, U-22",
    absent_from=("ikev2-policy", "ikev2-proposal"),
)
def v2_no_policy(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each VRF and local address."""
    rules, own = facts.rules.ikev2, facts.router.ikev2
    served: dict[tuple[str | None, str], list[Endpoint]] = {}
    for end in (*facts.ikev2_ends, *(client for client in facts.rules.clients if client.ike_version == 2)):
        usable = any(rules.proposals(policy) != () for policy in rules.policies(end.local))
        elsewhere = own.policies and all(policy.fvrf not in (ANY_VRF, end.fvrf) for policy in own.policies)
        nothing = not own.policies and rules.built_in is not None
        if usable or elsewhere or nothing or rules.undecided(end.local):
            continue  # policies for other VRFs only are V2-FVRF
        served.setdefault((end.fvrf, str(end.local.address or end.local.interface)), []).append(end)
    for (fvrf, address), ends in served.items():
        labels = dict.fromkeys(end.interface for end in ends)
        yield v2_no_policy.finding(
            peers=dict.fromkeys(str(peer.address) for peer in facts.ikev2_peers if peer.end in ends),
            message=f"No IKEv2 policy serves {listing(labels)} at {address} in {place(fvrf)}: {_why(facts, ends[0])}.",
            cause=[str(fvrf), address],
            evidence=facts.router.evidence(
                own.policy_off_line,
                own.proposal_off_line,
                *(line for policy in own.policies for line in (policy.line, *(n.line for n in policy.proposals))),
            ),
            confidence="certain" if rules.built_in is None else "probable",
        )


def _why(facts: RouterFacts, end: Endpoint) -> str:
    rules, own = facts.rules.ikev2, facts.router.ikev2
    reasons = []
    for policy in own.policies:
        if policy in rules.policies(end.local):
            reasons.append(f"policy {policy.name} names no proposal that is defined")
        elif policy.local_addresses and end.local.address not in policy.local_addresses:
            addresses = listing(map(str, policy.local_addresses))
            reasons.append(f"policy {policy.name} has 'match address local {addresses}'")
        else:
            reasons.append(f"policy {policy.name} is for {place(policy.fvrf)}")
    if own.policy_off_line or own.proposal_off_line:
        reasons.append(
            f"'{facts.router.text(own.policy_off_line or own.proposal_off_line)}' switches the built-in one off"
        )
    return "; ".join(reasons)


@for_each_router(
    code="V2-UNUSED-PROPOSAL",
    title="An IKEv2 proposal that no policy names",
    category="hygiene",
    severity="low",
    what="An IKEv2 proposal is configured, and no IKEv2 policy names it. One called 'default' is named by the built-in policy.",
    why=(
        "A proposal takes part by its policy only. Where the router has no policy of its own (medium) the built-in one offers "
        "the built-in algorithms instead."
    ),
    symptom="NO_PROPOSAL_CHOSEN, or other algorithms than those configured.",
    fix="Name it in a 'crypto ikev2 policy'.",
    source="IKEV2-POLICY, IKEV2-BUILT-IN",
    absent_from=("ikev2-policy",),
)
def v2_unused_proposal(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router."""
    own = facts.router.ikev2
    named = {reference.name for policy in own.policies for reference in policy.proposals} | {"default"}
    unused = [proposal for proposal in own.proposals if proposal.name not in named]
    if unused:
        names = listing(proposal.name for proposal in unused)
        yield v2_unused_proposal.finding(
            message=f"No IKEv2 policy names {'proposal' if len(unused) == 1 else 'the proposals'} {names}.",
            cause=["unused"],
            parts=[(facts.name, proposal.name, "") for proposal in unused],
            evidence=facts.router.evidence(*(proposal.line for proposal in unused)),
            severity="low" if own.policies or not facts.ikev2_ends else "medium",
            confidence=facts.doubt("ikev2-policy"),
        )
