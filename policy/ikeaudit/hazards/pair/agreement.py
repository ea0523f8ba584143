"""What two routers have to agree on."""

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.phrases import listing
from ikeaudit.hazards.finding import MAPS, USERS, Finding, Hazard, catalogued
from ikeaudit.hazards.shared.pair_findings import Cause, Failing, ends, failing_by, pair_finding
from ikeaudit.hazards.shared.router_pairs import ikev1_pairs
from ikeaudit.hazards.shared.weak_crypto import first_common, policy_weakness
from ikeaudit.selection import EffectivePolicy

pw_ph1_none = failing_by(
    "no-common-ike-policy",
    code="PW-PH1-NONE",
    title="The two routers have no phase 1 policy in common",
    category="connectivity",
    severity="critical",
    scope="pair",
    what=(
        "No ISAKMP policy (IKEv2: proposal) of one router agrees with one of the other in encryption, key length, "
        "hash and Diffie-Hellman group. The lifetime need not agree."
    ),
    why="The responder refuses every offer.",
    symptom=(
        "Called: 'Encryption algorithm offered does not match policy!' and the like, 'no offers accepted!'. Caller: "
        "NO_PROPOSAL_CHOSEN."
    ),
    fix="If the two ends are meant for each other, give both one strong policy in common (IKEv2: a proposal).",
    source="POLICY-AGREE, DEBUG-LINES",
    absent_from=("isakmp-policy", "ikev2-proposal", "ikev2-policy", "global"),
)


@catalogued(
    code="PW-PH1-WEAKEST",
    title="Two routers with strong policies agree on a weak one",
    category="hygiene",
    severity="medium",
    scope="pair",
    what=(
        "The first phase 1 policy that two routers have in common is weak, although each of them also has a strong one."
    ),
    why=(
        "The strong policies differ in some detail, or come too late, so that they protect nothing; an upgrade that "
        "refuses the weak one breaks the tunnel."
    ),
    symptom="'show crypto isakmp sa detail' shows the weak algorithms.",
    fix="Make the strong policies equal and number them lowest.",
    source="POLICY-AGREE, ALGO-WEAK",
    absent_from=("isakmp-policy",),
)
def pw_ph1_weakest(context: AuditContext) -> Iterator[Finding]:
    """One finding for each pair of routers."""
    for one, other in ikev1_pairs(context):
        for initiator, responder in ((one, other), (other, one)):
            common = first_common(initiator.rules.policies, responder.rules.policies)
            if common is None or not policy_weakness(common[0]):
                continue
            strong = [_strong(facts.rules.policies) for facts in (initiator, responder)]
            if None in strong:
                continue
            mine, theirs = common
            yield pw_ph1_weakest.finding(
                hosts=sorted((one.name, other.name)),
                message=(
                    f"{initiator.name} and {responder.name} agree on a policy with "
                    f"{', '.join(policy_weakness(mine))}, although both have a strong one."
                ),
                cause=[initiator.name, responder.name],
                evidence=[
                    *initiator.router.evidence(
                        mine.line, *(p.line for p in strong if p is not None and p is strong[0])
                    ),
                    *responder.router.evidence(
                        theirs.line, *(p.line for p in strong if p is not None and p is strong[1])
                    ),
                ],
                confidence="probable" if mine.assumed or theirs.assumed else "certain",
            )
            break


def _strong(policies: tuple[EffectivePolicy, ...]) -> EffectivePolicy | None:
    """The router's first policy without weak algorithms."""
    return next((policy for policy in policies if policy.line and not policy_weakness(policy)), None)


pw_ts_none = failing_by(
    "no-common-transform",
    code="PW-TS-NONE",
    title="The two tunnel ends have no transform set in common",
    category="connectivity",
    severity="critical",
    scope="pair",
    what=(
        "No transform set of one end has the same transforms (and, outside VTI, the same mode) as one of the other end."
    ),
    why="Phase 1 succeeds, and quick mode is refused; with IKEv2 the whole session goes down again.",
    symptom=(
        "Called: 'transform proposal not supported for identity', error 256. Caller: PROPOSAL_NOT_CHOSEN, phase 1 "
        "stays QM_IDLE."
    ),
    fix="Give both ends the same transform set, the one that is meant.",
    source="QM-TRANSFORM, IKEV2-HALF-OPEN",
    absent_from=("transform-set", "ipsec-profile", *MAPS),
)


def _lost_at_rekey(hazard: Hazard, context: AuditContext) -> Iterator[Finding]:
    """One finding for each tunnel that comes up by IKEv2 and is lost at the first rekey (IKEV2-PFS)."""
    for tunnel in context.tunnels:
        lost = tuple(e for e in tunnel.directions if e.lost_at == "rekey")
        if lost:
            item = Failing(tunnel, lost, strongest(*(e.confidence for e in lost)))
            who, seconds = f"{listing(tunnel.hosts)} ({ends(item)})", lost[0].lost_after
            words = f"{who} come up, and are lost at the first rekey, after {seconds} s"
            cause = Cause(lost[0].initiator, "pfs-mismatch", "")
            yield pair_finding(hazard, cause, [item], f"{words}: the PFS groups differ.", ends(item))


pw_pfs = failing_by(
    "pfs-mismatch",
    besides=_lost_at_rekey,
    code="PW-PFS",
    title="One end requires a PFS group that the other does not offer",
    category="connectivity",
    severity="high",
    scope="pair",
    what=(
        "A responder's 'set pfs' names a group that the initiator does not offer, or the initiator has no 'set pfs' "
        "at all; with IKEv2, any two groups that differ."
    ),
    why=(
        "A responder with PFS refuses a proposal without it, while one without PFS accepts any. So the tunnel comes "
        "up when the end with PFS starts, and not the other way round. With IKEv2 it comes up in any case, and dies at the "
        "first rekey."
    ),
    symptom="Called: 'IPSec policy invalidated proposal with error 64'; with IKEv2 NO_PROPOSAL_CHOSEN when it rekeys.",
    fix="Set the same group at both ends, the one that is meant.",
    source="QM-PFS, IKEV2-PFS, DEBUG-LINES",
    absent_from=("ipsec-profile", *MAPS),
)


pw_proxy = failing_by(
    "proxy-mismatch",
    code="PW-PROXY",
    title="The two ends protect different traffic",
    category="connectivity",
    severity="high",
    scope="pair",
    what=(
        "The crypto access lists are not mirror images of each other, or a GRE tunnel faces an IPsec (VTI) one or a "
        "crypto map."
    ),
    why=(
        "The responder accepts only what lies within its own access list: where one list is wider than the other, "
        "the tunnel comes up when the narrow end starts, and not the other way round."
    ),
    symptom="Called: 'proxy identities not supported', error 32. Caller: PROPOSAL_NOT_CHOSEN, phase 1 stays QM_IDLE.",
    fix=(
        "Where both ends are meant to protect the same traffic, make the access lists exact mirror images, and the "
        "tunnel modes the same; a tunnel interface that faces a crypto map needs 'tunnel protection ipsec policy ipv4"
        " LIST' (16.12)."
    ),
    source="QM-PROXIES, BIND-PROFILE, VTI-AND-MAP",
    absent_from=("acl", *MAPS, "interface"),
)


pw_ikever = failing_by(
    "ike-version-mismatch",
    code="PW-IKEVER",
    title="One end negotiates by IKEv1, the other by IKEv2",
    category="connectivity",
    severity="critical",
    scope="pair",
    what="One end of a tunnel is bound to an IKEv2 profile and the other is not.",
    why=(
        "The versions do not talk to each other, and IOS does not fall back. It is what a migration looks like that "
        "was done at one end only; an established tunnel hides it until it is renegotiated."
    ),
    symptom="Both ends retransmit their first message.",
    fix="If IKEv2 is meant, bind the other end to its IKEv2 profile in the same window; else take the binding back.",
    source="IKEV2-VERSIONS, U-9",
    absent_from=USERS,
)


pw_mode = failing_by(
    "aggressive-mode-disabled",
    code="PW-MODE",
    title="One end starts aggressive mode, the other refuses it",
    category="connectivity",
    severity="high",
    scope="pair",
    what="A router starts aggressive mode towards one that has 'crypto isakmp aggressive-mode disable'.",
    why="The responder drops the first message, and the initiator does not turn to main mode.",
    symptom="The caller retransmits AM1; nothing on the other side.",
    fix="Where addresses are fixed, main mode with address keys at both ends; else IKEv2.",
    source="MODE-AGGRESSIVE, AGGRESSIVE-KEY",
    absent_from=(),
)


pw_auth = failing_by(
    "authentication-method",
    code="PW-AUTH",
    title="One end offers pre-shared keys, the other wants certificates",
    category="connectivity",
    severity="critical",
    scope="pair",
    what="The policies of the two routers would agree but for the authentication method.",
    why="The method is part of the phase 1 policy; a policy that prints none means rsa-sig.",
    symptom="Called: 'Authentication method offered does not match policy!', 'no offers accepted!'.",
    fix=(
        "Use the method that is meant at both ends; if it is pre-shared keys, add 'authentication pre-share' where it"
        " was forgotten."
    ),
    source="POLICY-AGREE, DEBUG-LINES",
    absent_from=("isakmp-policy", "global"),
)
