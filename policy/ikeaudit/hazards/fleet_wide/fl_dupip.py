"""FL-DUPIP: two routers with the same IKE address."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import listing, place
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import IPAddress
from ikeaudit.selection import Endpoint


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each address."""
    groups: dict[tuple[IPAddress, str | None], dict[str, list[Endpoint]]] = {}
    for end in context.ends:
        if end.local.address is not None:
            groups.setdefault((end.local.address, end.fvrf), {}).setdefault(end.router, []).append(end)
    for (address, fvrf), ends in groups.items():
        if len(ends) < 2 or all(_floating(context, name, address) for name in ends):
            continue
        labels = [f"{name} {own[0].interface}" for name, own in sorted(ends.items())]
        yield HAZARD.finding(
            hosts=sorted(ends),
            peers=[str(address)],
            message=f"{listing(labels)} all negotiate from {address} in {place(fvrf)}.",
            cause=[str(address), str(fvrf)],
            evidence=[
                line for own in ends.values() for line in context.router(own[0].router).router.evidence(*own[0].lines)
            ],
        )


def _floating(context: AuditContext, router: str, address: IPAddress) -> bool:
    """Whether the router shares the address by HSRP, VRRP or GLBP."""
    addresses = context.router(router).rules.addresses
    return any(own.address == address and own.role == "fhrp" for i in addresses.owners(address) for own in i.addresses)


HAZARD = Hazard(
    code="FL-DUPIP",
    title="Two routers negotiate from the same address",
    severity="high",
    scope="fleet",
    what=(
        "Two or more routers have the same address as the own end of their tunnels, in VRFs of the same name, and "
        "not by HSRP, VRRP or GLBP."
    ),
    why="Peers reach now one, now the other. Nor can the audit say which of them a tunnel belongs to.",
    symptom="Tunnels flap, %CRYPTO-4-RECVD_PKT_INV_SPI.",
    fix="Give each router its own address. If the routers are in separate networks, audit them separately.",
    source="END-NAMED-PEER",
    detect=detect,
)
