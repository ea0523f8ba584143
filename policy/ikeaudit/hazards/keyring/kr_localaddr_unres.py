"""KR-LOCALADDR-UNRES: the interface of a local-address cannot be resolved."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.restrictions import restrictions
from ikeaudit.hazards.facts.words import listing, verb
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import LocalAddress
from ikeaudit.selection import Addresses


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each interface that several keyrings or profiles may rely on."""
    for facts in context.routers:
        groups: dict[str, tuple[str, list[tuple[str, LocalAddress]]]] = {}
        for owner, restriction in restrictions(facts):
            problem = _problem(restriction, facts.rules.addresses)
            if problem is not None and restriction.interface is not None:
                groups.setdefault(restriction.interface, (problem, []))[1].append((owner, restriction))
        for interface, (problem, users) in groups.items():
            names = [owner for owner, _ in users]
            owners = listing(names)
            yield HAZARD.finding(
                hosts=[facts.name],
                message=(
                    f"{owners[0].upper()}{owners[1:]} {verb(names, 'is', 'are')} limited to the address of {interface}, "
                    f"and that interface {problem}."
                ),
                cause=[interface, *(owner for owner, _ in users)],
                evidence=facts.router.evidence(
                    *(restriction.line for _, restriction in users), _line(facts.rules.addresses, interface)
                ),
            )


def _problem(restriction: LocalAddress, addresses: Addresses) -> str | None:
    if restriction.interface is None:
        return None
    interface = addresses.interface(restriction.interface)
    if interface is None:
        return "is not configured, so that none of its keys or matches takes part"
    if interface.shutdown:
        return "is shut down, so that none of its keys or matches takes part"
    if interface.addressing in ("dhcp", "negotiated"):
        return "learns its address: which negotiations that concerns, the configuration does not say"
    if addresses.primary(interface.name) is None and addresses.primary(interface.name, 6) is None:
        return "has no address, so that none of its keys or matches takes part"
    return None


def _line(addresses: Addresses, name: str) -> int:
    interface = addresses.interface(name)
    return interface.line if interface is not None else 0


HAZARD = Hazard(
    code="KR-LOCALADDR-UNRES",
    title="The interface of a local-address is missing, down or without a fixed address",
    severity="medium",
    scope="router",
    what=(
        "A keyring or profile is limited by 'local-address' to an interface that is not configured, is shut down, "
        "has no address, or gets its address by DHCP or PPP."
    ),
    why=(
        "Without an address the keyring or profile is inactive. With a learnt one it depends on the provider "
        "whether it takes part, and the audit cannot say either: verdicts that hang on it are 'unknown'."
    ),
    symptom="The keyring or profile seems to be ignored, always or after the address changed.",
    fix="Name an interface with a fixed address (a loopback), or remove 'local-address'.",
    source="KEY-LOCAL-ADDRESS",
    detect=detect,
)
