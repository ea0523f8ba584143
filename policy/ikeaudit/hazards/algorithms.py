"""Hazards of algorithms and policies."""

from collections.abc import Iterator

from ikeaudit.hazards.facts.phrases import listing
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, Hazard, for_each_router
from ikeaudit.hazards.shared.weak_crypto import Weakness, judged, stronger, weak_pfs, weak_phase1, weak_phase2
from ikeaudit.ios.words import slot
from ikeaudit.model import Router

_DISABLED = f"{slot('global/crypto-engine-compliance-shield')} disable"


@for_each_router(
    code="PH1-WEAK",
    title="Weak algorithms in phase 1",
    category="hygiene",
    severity="medium",
    what=(
        "An ISAKMP policy uses DES, 3DES, MD5 or Diffie-Hellman group 1, 2 or 5 (also by a hidden default), or an "
        "IKEv2 proposal allows DES, 3DES, MD5 or group 1, 2, 5 or 24. Critical on releases that refuse them."
    ),
    why=(
        "They can be broken, and Cisco removes them: from the releases of Field Notice FN72510 on (17.11.1a on most "
        "routers) such a policy is refused at boot, and the tunnels stay down after the upgrade."
    ),
    symptom="'... is not CSDL compliant'; no common policy after an upgrade.",
    fix=(
        "Where both ends take it, add a strong policy first (AES-256, SHA-256 or better, group 19, 20, 21, 14 or higher), "
        "then leave the weak one out."
    ),
    source="POLICY-DEFAULTS, ALGO-WEAK",
    absent_from=("isakmp-policy",),
)
def ph1_weak(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router."""
    yield from _weak(ph1_weak, facts.router, list(weak_phase1(facts.router, facts.rules.policies)))


@for_each_router(
    code="PH2-WEAK",
    title="Weak algorithms in a transform set",
    category="hygiene",
    severity="medium",
    what=(
        "A transform set uses esp-des, esp-3des, esp-null, esp-gmac, esp-md5-hmac or ah-md5-hmac. Critical on "
        "releases that refuse them."
    ),
    why=(
        "They protect traffic badly or not at all, and are refused from the releases of Field Notice FN72510 on: "
        "the tunnels that use them stay down after the upgrade."
    ),
    symptom="'... is not CSDL compliant'; 'transform proposal not supported for identity' after an upgrade of one end.",
    fix=(
        "Name a strong transform set first in 'set transform-set' (esp-aes 256 esp-sha256-hmac, or esp-gcm 256), at both "
        "ends; where both take it, the weak one need not be offered any more."
    ),
    source="ALGO-WEAK",
    absent_from=(),
)
def ph2_weak(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router."""
    yield from _weak(ph2_weak, facts.router, list(weak_phase2(facts.router)))


@for_each_router(
    code="PFS-WEAK",
    title="A weak group for perfect forward secrecy",
    category="hygiene",
    severity="medium",
    what=(
        "'set pfs' of an IPsec profile or crypto map names group 1, 2, 5 or 24. Critical on releases that refuse them."
    ),
    why=(
        "These groups can be broken with the means of a state, and are refused from the releases of Field Notice "
        "FN72510 on. A PFS group that vanishes at one end only makes the tunnel fail in one direction."
    ),
    symptom="'... is not CSDL compliant'; error 64 in quick mode after an upgrade of one end.",
    fix="Where both ends take it, set a strong group in one window (group 19, 20, 21, 14 or higher).",
    source="ALGO-WEAK",
    absent_from=(),
)
def pfs_weak(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router."""
    yield from _weak(pfs_weak, facts.router, list(weak_pfs(facts.router)))


def _weak(hazard: Hazard, router: Router, found: list[Weakness]) -> Iterator[Finding]:
    """One finding for all the weak algorithms of a kind that a router has."""
    if found:
        severity, confidence, state = judged(router, found)
        yield hazard.finding(
            severity=severity,
            message=f"Weak algorithms in {listing(found)}{state}.",
            category="hygiene" if severity == "medium" else "connectivity",
            cause=["weak"],
            parts=[(router.name, str(weakness), "") for weakness in found],
            evidence=router.evidence(*(weakness.line for weakness in found)),
            confidence=confidence,
        )


@for_each_router(
    code="PH1-DEFAULT-POLICY",
    title="The built-in default policies are in force",
    category="hygiene",
    severity="medium",
    what=(
        "A router that uses IPsec has no 'crypto isakmp policy' of its own, and 'no crypto isakmp default policy' "
        "is not configured. Low where all tunnels use IKEv2 and there are no IKEv1 keys."
    ),
    why=(
        "The built-in policies differ by release, include weak algorithms, and are refused altogether from 17.11 "
        "on: what the tunnels run with is nobody's decision."
    ),
    symptom="Phase 1 stops working after an upgrade: '... is not CSDL compliant'.",
    fix="Configure the policies that are meant, then 'no crypto isakmp default policy'.",
    source="POLICY-BUILT-IN",
    absent_from=("isakmp-policy", "global"),
)
def ph1_default_policy(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router."""
    router = facts.router
    if router.isakmp_policies or router.isakmp.default_policy_disabled or not router.isakmp.enabled:
        return
    if not facts.ends and not facts.picks:
        return
    used = bool(facts.ikev1_ends or facts.picks)
    idle = " for IKEv1, which no tunnel of this router uses"
    yield ph1_default_policy.finding(
        peers=dict.fromkeys(str(peer.address) for peer in facts.ikev1_peers),
        severity="medium" if used else "low",
        message=(
            f"No ISAKMP policy is configured, so that the built-in default policies are in force{'' if used else idle}."
        ),
        cause=["default policies"],
        evidence=facts.router.evidence(
            *(end.lines[0] for end in facts.ends[:1] if end.lines), *(pick.key.line for pick in facts.picks[:1])
        ),
        confidence=facts.doubt("isakmp-policy"),
    )


@for_each_router(
    code="PH1-ORDER",
    title="A weaker ISAKMP policy comes before a stronger one",
    category="hygiene",
    severity="low",
    what=(
        "An ISAKMP policy is in no respect stronger (encryption, hash, group) and in some weaker than one with a "
        "higher number, that is, of lower priority."
    ),
    why="Policies are tried by number: two routers that both have the strong one agree on the weak one all the same.",
    fix="Number the strongest policy lowest.",
    source="POLICY-AGREE",
    absent_from=("isakmp-policy",),
)
def ph1_order(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router."""
    policies = [policy for policy in facts.rules.policies if policy.line]
    wrong = [(early, late) for n, early in enumerate(policies) for late in policies[n + 1 :] if stronger(late, early)]
    if wrong:
        pairs = [f"{early.number} before {late.number}" for early, late in wrong]
        yield ph1_order.finding(
            message=f"A weaker ISAKMP policy comes before a stronger one: {listing(pairs)}.",
            cause=["order"],
            parts=[(facts.name, pair, "") for pair in pairs],
            evidence=facts.router.evidence(*(n for early, late in wrong for n in (early.line, late.line))),
        )


@for_each_router(
    code="PH1-MIXEDAUTH",
    title="The ISAKMP policies do not allow the authentication that is set up",
    category="connectivity",
    breaks=("authentication-method", "no-common-ike-policy", "certificate"),
    explains=("PW-AUTH", "PW-PH1-NONE"),
    severity="high",
    what=(
        "Pre-shared keys are configured, and no ISAKMP policy has 'authentication pre-share'; or profiles name "
        "trust-points, there are no keys, and every policy has it."
    ),
    why=(
        "The authentication method is negotiated with the policy. A policy that prints none means rsa-sig, so that "
        "the keys are never used."
    ),
    symptom="'Authentication method offered does not match policy!', 'no offers accepted!'.",
    fix=(
        "If the keys are meant, add 'authentication pre-share' to the policy; if certificates are, a policy without "
        "it serves them."
    ),
    source="POLICY-AGREE",
    absent_from=("isakmp-policy", "global"),
)
def ph1_mixedauth(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router."""
    policies = [policy for policy in facts.rules.policies if policy.line]
    problem = _problem(facts) if policies else None
    if problem is not None:
        message, lines = problem
        yield ph1_mixedauth.finding(
            peers=dict.fromkeys(str(peer.address) for peer in facts.ikev1_peers),
            message=message,
            cause=[message],
            evidence=facts.router.evidence(*(policy.line for policy in policies), *lines),
        )


def _problem(facts: RouterFacts) -> tuple[str, list[int]] | None:
    signed = any(policy.authentication not in (None, "pre-share") for policy in facts.rules.policies)
    trusting = [profile for profile in facts.router.isakmp_profiles if profile.trustpoints]
    if facts.picks and not facts.pre_shared and not facts.certificates:
        text = (
            "There are pre-shared keys, but no ISAKMP policy says 'authentication pre-share' (rsa-sig is the hidden "
            "default)."
        )
        return text, [pick.key.line for pick in facts.picks]
    if trusting and not signed and not facts.picks:
        text = "Profiles name trust-points, but every ISAKMP policy says 'authentication pre-share'."
        return text, [profile.line for profile in trusting]
    return None


@for_each_router(
    code="CSDL-OVERRIDE",
    title="The compliance shield is switched off",
    category="hygiene",
    severity="high",
    what="'crypto engine compliance shield disable' is configured.",
    why=(
        "It brings back algorithms that are refused for being broken, for all tunnels of the router, and takes "
        "effect by a reboot only. On some images it was not retained over the next one: then the tunnels are gone."
    ),
    symptom="None, or tunnels that fail after a reboot.",
    fix="Move the tunnels to strong algorithms, then take the line away.",
    source="ALGO-WEAK",
    absent_from=(),
)
def csdl_override(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router."""
    if facts.router.compliance_shield_disabled:
        lines = [
            n
            for n, text in enumerate(facts.router.lines, facts.router.first_line)
            if text.strip().startswith(_DISABLED)
        ]
        yield csdl_override.finding(
            message=(
                "The compliance shield is disabled, so that the router accepts algorithms that its release refuses."
            ),
            cause=["compliance shield"],
            evidence=facts.router.evidence(*lines),
        )
