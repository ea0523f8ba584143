"""Aggressive mode (MODE-AGGRESSIVE) and trust-points."""

from collections.abc import Iterator

from ikeaudit.hazards.facts.phrases import listing
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, for_each_router
from ikeaudit.hazards.keyring.text_of_keys import weakness
from ikeaudit.ios.words import slot

_DISABLED = slot("global/crypto-isakmp-aggressive-mode-disable")


def initiates(facts: RouterFacts) -> list[tuple[str, int]]:
    """What makes the router start aggressive mode, in words with the line: profiles, and ``crypto isakmp peer`` blocks."""
    found = [(f"profile {p.name}", p.line) for p in facts.router.isakmp_profiles if p.initiate_mode == "aggressive"]
    found += [
        (f"crypto isakmp peer {block.address or block.hostname}", block.line)
        for block in facts.router.isakmp.peers
        if block.password is not None or block.client_endpoint is not None
    ]
    return found


def needs(facts: RouterFacts) -> list[tuple[str, int]]:
    """What only works by aggressive mode when somebody calls: keys by host name, and EzVPN groups."""
    found = [
        (f"the key for host {pick.key.hostname}", pick.key.line)
        for pick in facts.picks
        if pick.key.hostname is not None
    ]
    found += [
        (f"match identity group {match.value}", match.line)
        for profile in facts.router.isakmp_profiles
        for match in profile.matches
        if match.kind == "group"
    ]
    return found


def disabling(facts: RouterFacts) -> list[int]:
    """The line that disables aggressive mode."""
    lines = enumerate(facts.router.lines, facts.router.first_line)
    return [n for n, text in lines if text.strip() == _DISABLED]


@for_each_router(
    code="PF-AM-ON",
    title="Aggressive mode is accepted with pre-shared keys",
    category="hygiene",
    severity="medium",
    what="IKEv1 pre-shared keys are configured, and 'crypto isakmp aggressive-mode disable' is not.",
    why=(
        "In aggressive mode the responder sends a hash over the pre-shared key before it knows whom it talks to. "
        "Anybody who asks gets one, and can try keys against it offline."
    ),
    fix="'crypto isakmp aggressive-mode disable', unless peers need it (EzVPN groups, keys by host name).",
    source="MODE-AGGRESSIVE, KEY-STRENGTH",
    absent_from=("global",),
)
def pf_am_on(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router."""
    if not facts.picks or not facts.pre_shared:
        return
    if facts.router.isakmp.aggressive_mode_disabled or not facts.router.isakmp.enabled:
        return
    wanted = needs(facts)
    reason = f"; {wanted[0][0]} may need it" if wanted else ""
    yield pf_am_on.finding(
        message=f"The router answers aggressive mode with pre-shared keys{reason}.",
        cause=["aggressive mode"],
        evidence=facts.router.evidence(
            *(line for _, line in wanted), *(pick.keyring.line or pick.key.line for pick in facts.picks)
        ),
    )


@for_each_router(
    code="PF-AM-INIT",
    title="The router starts aggressive mode with a pre-shared key",
    category="exposure",
    severity="high",
    what=(
        "A profile has 'initiate mode aggressive', or 'crypto isakmp peer' sets aggressive-mode attributes, and "
        "pre-shared keys are in use."
    ),
    why=(
        "Its identity travels in clear, and whoever answers in the peer's place gets what it takes to try keys offline."
    ),
    fix="Main mode with address keys, or IKEv2.",
    source="MODE-AGGRESSIVE",
    absent_from=(),
)
def pf_am_init(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router."""
    idle = {end.isakmp_profile for end in facts.ikev1_ends} - {
        end.isakmp_profile for end in facts.ikev1_ends if end.peer is not None and not end.responder_only
    }
    found = [(what, line) for what, line in initiates(facts) if what.removeprefix("profile ") not in idle]
    if not found or not facts.pre_shared or facts.router.isakmp.aggressive_mode_disabled:
        return
    # Whoever records the exchange has to guess the key.
    strong = all(psk.secret.facts is not None and weakness(psk.secret.facts) is None for psk in facts.psks)
    yield pf_am_init.finding(
        severity="medium" if strong else None,
        message=f"The router starts aggressive mode: {listing(what for what, _ in found)}.",
        cause=["aggressive mode"],
        evidence=facts.router.evidence(*(line for _, line in found)),
    )


@for_each_router(
    code="PF-AM-CONFLICT",
    title="Aggressive mode is needed but disabled",
    category="connectivity",
    breaks=("aggressive-mode-disabled", "no-key-on-initiator", "no-key-on-responder"),
    explains=("PW-MODE",),
    severity="high",
    scope="pair",
    what=(
        "'crypto isakmp aggressive-mode disable' stands on a router that has keys by host name, EzVPN groups or "
        "profiles that start aggressive mode, or that is called by a router which starts it."
    ),
    why="Keys by host name and groups can only be found when the identity comes first, which main mode cannot do.",
    symptom="AM1 is dropped; the caller retransmits.",
    fix="IKEv2 or certificates for these peers; where neither can be, allow aggressive mode again.",
    source="MODE-AGGRESSIVE, AGGRESSIVE-KEY",
    absent_from=(),
)
def pf_am_conflict(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router that disables what it needs, and one for each that disables what its callers use."""
    if not facts.router.isakmp.aggressive_mode_disabled:
        return
    own = [*initiates(facts), *needs(facts)]
    if own:
        yield pf_am_conflict.finding(
            message=f"Aggressive mode is disabled, but {listing(what for what, _ in own)} cannot do without it.",
            cause=["own"],
            evidence=facts.router.evidence(*disabling(facts), *(line for _, line in own)),
        )
    callers = {peer.far_name: peer for peer in facts.ikev1_peers if peer.calls_aggressively}
    if callers:
        yield pf_am_conflict.finding(
            hosts=sorted({facts.name, *callers}),
            peers=[str(peer.address) for peer in callers.values()],
            message=f"{facts.name} refuses aggressive mode, and is called by it: {listing(sorted(callers))}.",
            cause=["callers"],
            parts=[(facts.name, name, str(peer.address)) for name, peer in callers.items()],
            evidence=[
                *facts.router.evidence(*disabling(facts)),
                *(
                    evidence
                    for peer in callers.values()
                    if peer.far_rules is not None
                    for evidence in peer.far_rules.router.evidence(*(peer.far.lines if peer.far is not None else ()))
                ),
            ],
        )


@for_each_router(
    code="PF-CA-TP",
    title="Several profiles of a responder name trust-points",
    category="selection",
    breaks=("certificate",),
    explains=("PW-CERT-ONEWAY",),
    severity="high",
    what="Certificates are allowed by the ISAKMP policies, and two or more profiles have 'ca trust-point'.",
    why=(
        "The responder asks for certificates of all its trust-points, because it does not know the profile yet, and "
        "then validates by the profile's only. The initiator does the opposite. So a tunnel can come up in one "
        "direction and not in the other."
    ),
    symptom="'Verify cert failed' or %CRYPTO-6-IKMP_AUTH_FAIL, depending on who starts.",
    fix=(
        "Where a router responds, leave trust-points out of its profiles; name them in profiles of initiators, the "
        "same at both ends."
    ),
    source="CERT-TRUSTPOINTS",
    absent_from=(),
)
def pf_ca_tp(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router."""
    signed = any(policy.authentication not in (None, "pre-share") for policy in facts.rules.policies)
    profiles = [profile for profile in facts.router.isakmp_profiles if profile.trustpoints]
    if not signed or len(profiles) < 2:
        return
    lines = [line for p in profiles for line in (p.line, *(tp.line for tp in p.trustpoints))]
    names = dict.fromkeys(tp.name for p in profiles for tp in p.trustpoints)
    yield pf_ca_tp.finding(
        peers=dict.fromkeys(str(p.address) for p in facts.ikev1_peers),
        message=(
            f"Profiles {listing(p.name for p in profiles)} each name a trust-point ({listing(names)}), which a "
            "responder cannot know when it asks for a certificate."
        ),
        cause=["trust-points"],
        parts=[(facts.name, profile.name, "") for profile in profiles],
        evidence=facts.router.evidence(*lines),
        confidence="certain" if len(names) > 1 else "probable",
    )
