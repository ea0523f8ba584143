"""What tunnels need, and the configuration switches off."""

from collections.abc import Iterator

from ikeaudit.hazards.facts.phrases import listing, verb
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, for_each_router
from ikeaudit.model.grouping import by_key


@for_each_router(
    code="PF-OFF",
    title="IKE is switched off, or an IKEv2 profile is",
    category="connectivity",
    breaks=("incomplete-configuration", "identity-not-matched"),
    explains=("PW-V2-NOPROFILE",),
    severity="critical",
    what=(
        "'no crypto isakmp enable' on a router with IKEv1 tunnels, or 'shutdown' in an IKEv2 profile that a tunnel is bound to."
    ),
    why="The router neither starts nor answers IKEv1 any more; of an IKEv2 profile it uses nothing, whoever calls.",
    symptom="No line of IKE at all; a caller retransmits its first message. IKEv2: no profile is found for the caller.",
    fix="If the tunnels are wanted, switch it on again; else take them away at both ends.",
    source="IKE-ENABLED, IKEV2-PROFILE",
    absent_from=(),
)
def pf_off(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for IKEv1, and one for each IKEv2 profile."""
    isakmp = facts.router.isakmp
    if not isakmp.enabled and facts.ikev1_ends:
        labels = [*dict.fromkeys(end.interface for end in facts.ikev1_ends)]
        yield pf_off.finding(
            peers=dict.fromkeys(str(peer.address) for peer in facts.ikev1_peers),
            message=f"IKEv1 is switched off, and {listing(labels)} {verb(labels, 'needs', 'need')} it.",
            fix="If the tunnels are wanted, 'crypto isakmp enable'; else take them away at both ends.",
            cause=["IKEv1"],
            evidence=facts.router.evidence(isakmp.enabled_line),
        )
    bound = by_key((end.ikev2_profile, end) for end in facts.ikev2_ends if end.ikev2_profile is not None)
    peers = by_key((peer.end.ikev2_profile, peer) for peer in facts.ikev2_peers)
    for profile in facts.router.ikev2.profiles:
        ends = bound.get(profile.name, []) if profile.shutdown else []
        if ends:
            labels = [*dict.fromkeys(end.interface for end in ends)]
            yield pf_off.finding(
                peers=dict.fromkeys(str(peer.address) for peer in peers.get(profile.name, ())),
                message=(
                    f"IKEv2 profile {profile.name} is shut down, and {listing(labels)} {verb(labels, 'is', 'are')} bound to it."
                ),
                fix=f"If the tunnels are wanted, 'no shutdown' in IKEv2 profile {profile.name}; else take them away.",
                cause=["IKEv2 profile", profile.name],
                evidence=facts.router.evidence(profile.line, *(line for end in ends for line in end.lines)),
            )
