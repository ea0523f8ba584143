"""Hazards of the management plane."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.facts.phrases import listing
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, for_each_router

_TELNET = "telnet"


@for_each_router(
    code="MP-WEAK-ACCESS",
    title="Weak access to the management plane",
    category="hygiene",
    severity="medium",
    what=(
        "The session that collected the router was carried by telnet, or by SSH with SHA-1, MD5, CBC mode or a host key "
        "signed with SHA-1. Such algorithms are used only where the router offers nothing better, so this says what it offers. "
        "It is known of collected snapshots only."
    ),
    why=(
        "Who can read or turn around that session has the keys of all tunnels, since the configuration goes through it; SHA-1 "
        "signatures can be forged, and telnet hides nothing."
    ),
    symptom="None; newer SSH clients refuse to connect ('no matching key exchange method found').",
    fix=(
        "On IOS that has them: 'ip ssh server algorithm kex', 'mac', 'encryption' and 'hostkey' with modern values, an RSA key "
        "of 2048 bits or more, 'ip ssh version 2' and 'transport input ssh'; else a newer release."
    ),
    source="MGMT-ACCESS",
    absent_from=(),
)
def mp_weak_access(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router whose collection had to make do with telnet or with weak algorithms of SSH."""
    ways = facts.router.weak_ways
    if _TELNET in ways:
        message = (
            "The router was read by telnet: the password and every key that it showed crossed the network in clear."
        )
    elif ways:
        message = f"The router offers SSH with {listing(ways)} and nothing better in their place."
    else:
        return
    yield mp_weak_access.finding(severity="high" if _TELNET in ways else "medium", message=message, cause=["access"])
