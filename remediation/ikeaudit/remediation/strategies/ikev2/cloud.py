"""A second DMVPN cloud by IKEv2 beside the one that there is, from addresses of its own (PLAN-IKEV2)."""

from ipaddress import IPv4Address

import msgspec

from ikeaudit.fleet import Fleet
from ikeaudit.ios.writing import command
from ikeaudit.model import Interface, IPAddress, Prefix, Router
from ikeaudit.remediation.plan import Announcement, Refusal
from ikeaudit.remediation.strategies.contract import Draft, Request
from ikeaudit.remediation.strategies.ikev2.choices import Cloud
from ikeaudit.remediation.strategies.ikev2.drafts import FOLDER
from ikeaudit.remediation.strategies.ikev2.links import Unit, refusal
from ikeaudit.remediation.strategies.ikev2.objects import RouterPlan
from ikeaudit.remediation.strategies.ikev2.partners import Partner
from ikeaudit.remediation.strategies.ikev2.places import Place, Sections, entry_at, interface_at, is_one_of
from ikeaudit.selection import LocalEnd

_KEPT = (
    "vrf-forwarding", "bandwidth", "delay", "ip-redirects", "ip-mtu", "ip-tcp-adjust-mss", "ip-nhrp-holdtime",
    "ip-nhrp-shortcut", "ip-nhrp-redirect", "ip-nhrp-registration", "tunnel-path-mtu-discovery",
)  # fmt: skip
"""Lines of the old tunnel that the new one has too."""


class Member(msgspec.Struct, frozen=True):
    """A router of the cloud: its old tunnel, the address that the new one starts from, and that which it carries."""

    place: Place
    old: Interface
    source: IPv4Address
    address: IPv4Address


def cloud_of(unit: Unit, clouds: tuple[Cloud, ...]) -> Cloud | None:
    """The second cloud that the user wants for this unit: that for a multipoint tunnel of its hubs."""
    hubs = {link.far_place for link in unit.links if link.far.accepts_any}
    for cloud in clouds:
        if any(place.kind == "tunnel" and place.name == cloud.tunnel for place in hubs):
            return cloud
    return None


def built(fleet: Fleet, unit: Unit, cloud: Cloud) -> bool:
    """Whether the second cloud is there already, by IKEv2, on every router of the unit."""
    there = {(e.router, e.interface) for e in fleet.endpoints if e.ike_version == 2}
    return all((name, cloud.new_tunnel) in there for name in unit.routers)


def members(fleet: Fleet, unit: Unit, cloud: Cloud) -> tuple[tuple[Member, ...], tuple[Refusal, ...]]:
    """The routers of the cloud, or why they cannot have a second one."""
    found: list[Member] = []
    refusals: list[Refusal] = []
    for place in unit.places:
        member = _member(fleet, place, cloud)
        if isinstance(member, Refusal):
            refusals.append(member)
        else:
            found.append(member)
    return tuple(found), tuple(refusals)


def _member(fleet: Fleet, place: Place, cloud: Cloud) -> Member | Refusal:
    router = fleet.router(place.router)
    if place.kind != "tunnel":
        line = entry_at(router, place)[1].line
        return refusal(fleet, place, "It is no tunnel interface, so it cannot be part of a second cloud.", line)
    old = interface_at(router, place)
    assert old.tunnel is not None
    wanted = f"a second cloud needs an address of its own on every router, on {cloud.source} (PLAN-IKEV2); without one, move "
    source = next((i for i in router.interfaces if i.name == cloud.source), None)
    if source is None:
        reason = f"{router.name} has no {cloud.source}: {wanted}the cloud in place."
        return refusal(fleet, place, reason, old.line, old.tunnel.source_line)
    if source.vrf != old.tunnel.vrf:
        where = f"VRF {old.tunnel.vrf}" if old.tunnel.vrf else "the default VRF"
        reason = f"{cloud.source} of {router.name} is not in {where}: {wanted}the cloud in place."
        return refusal(fleet, place, reason, source.line, old.tunnel.vrf_line)
    outer = fleet.rules(router.name).addresses.primary(cloud.source, 4)
    inner = fleet.rules(router.name).addresses.primary(place.name, 4)
    if not isinstance(outer, IPv4Address) or not isinstance(inner, IPv4Address):
        reason = (
            f"{cloud.source} or {place.name} of {router.name} has no static IPv4 address: {wanted}the cloud in place."
        )
        return refusal(fleet, place, reason, source.line, old.line)
    if any(i.name == cloud.new_tunnel for i in router.interfaces):
        line = next(i.line for i in router.interfaces if i.name == cloud.new_tunnel)
        reason = f"{router.name} has an interface {cloud.new_tunnel} already, but not all routers of the cloud have."
        return refusal(fleet, place, reason, line)
    mask = next(a.prefix.mask for a in old.addresses if a.address == inner and a.prefix is not None)
    address = IPv4Address(int(cloud.network.network_address) | (int(inner) & ~mask & 0xFFFFFFFF))
    if address not in cloud.network or mask != int(cloud.network.netmask):
        reason = f"The mask of {place.name} is not that of {cloud.network}, so its address cannot be carried over."
        return refusal(fleet, place, reason, old.line)
    return Member(place, old, outer, address)


def imagined(router: Router, cloud: Cloud, member: Member) -> Router:
    """The router as if the new tunnel were there, with the protection of the old one: what the design starts from."""
    assert member.old.tunnel is not None
    tunnel = msgspec.structs.replace(member.old.tunnel, source_interface=cloud.source, source_address=None)
    new = msgspec.structs.replace(member.old, name=cloud.new_tunnel, tunnel=tunnel)
    return msgspec.structs.replace(router, interfaces=(*router.interfaces, new))


def moved_partners(cloud: Cloud, own: tuple[Member, ...], partners: tuple[Partner, ...]) -> tuple[Partner, ...]:
    """The partners of the old cloud as they meet in the new one: from source to source, with the same keys."""
    source: dict[str, IPAddress] = {member.place.router: member.source for member in own}
    return tuple(
        msgspec.structs.replace(
            partner,
            place=Place(partner.place.router, "tunnel", cloud.new_tunnel),
            address=source[partner.router],
            identity=source[partner.router],
            prefix=partner.prefix if not partner.prefix.is_host else Prefix.of(source[partner.router]),
            end=msgspec.structs.replace(
                partner.end,
                interface=cloud.new_tunnel,
                local=LocalEnd(source[partner.place.router], cloud.source, partner.end.fvrf),
                peer=None if partner.end.peer is None else source[partner.router],
            ),
        )
        for partner in partners
    )


def tunnel_draft(
    fleet: Fleet,
    cloud: Cloud,
    member: Member,
    own: tuple[Member, ...],
    partners: tuple[Partner, ...],
    plan: RouterPlan,
    request: Request,
) -> Draft:
    """The step that creates the new tunnel on one router."""
    router = fleet.router(member.place.router)
    raw = Sections(router)
    tunnel = member.old.tunnel
    assert tunnel is not None
    there = {m.place.router: m for m in own}
    mine = [p for p in partners if p.place.router == router.name]
    hubs = [there[p.router] for p in mine if p.end.peer is not None]
    place = Place(router.name, "tunnel", cloud.new_tunnel)
    lines = [line for line in raw.below(member.old.line) if is_one_of("interface", line, _KEPT)]
    lines += [
        command("interface/ip-address", member.address, cloud.network.netmask),
        command("interface/ip-nhrp-network-id", cloud.number),
    ]
    lines += [command("interface/ip-nhrp-map", "multicast dynamic")] if any(p.end.peer is None for p in mine) else []
    lines += [command("interface/ip-nhrp-nhs", hub.address, "nbma", hub.source, "multicast") for hub in hubs]
    lines += [
        command("interface/tunnel-source", cloud.source),
        command("interface/tunnel-mode", "gre", "multipoint"),
        command("interface/tunnel-key", cloud.number),
    ]
    lines += [command("interface/tunnel-vrf", tunnel.vrf)] if tunnel.vrf else []
    lines.append(command("interface/tunnel-protection", plan.bindings[place].ipsec_profile))
    text = (
        f"The old cloud goes on as it is. No route uses {cloud.new_tunnel} yet: routing moves router by router by metric, and "
        "the old tunnels are removed last."
    )
    if any(is_one_of("interface", line, ("ip-nhrp-authentication",)) for line in raw.below(member.old.line)):
        text += (
            " The NHRP authentication of the old tunnel is a secret that no plan holds: type it on the new ones too."
        )
    values: dict[str, object] = {"name": cloud.new_tunnel, "lines": lines}
    return Draft(
        router=router.name,
        phase="additive",
        title=f"Create {cloud.new_tunnel} beside {member.place.name}, protected by IKEv2",
        apply=request.templates.render(f"{FOLDER}/create-tunnel.j2", **values),
        rollback=request.templates.render(f"{FOLDER}/remove-tunnel.j2", **values),
        announce=(Announcement(text=text),),
        evidence=router.evidence(member.old.line, tunnel.source_line),
    )


def failing(fleet: Fleet, then: Fleet, cloud: Cloud, own: tuple[Member, ...]) -> tuple[Refusal, ...]:
    """A refusal for each router whose new tunnel would not come up in ``then``, the fleet after the change."""
    there = {member.place.router: member for member in own}
    return tuple(
        refusal(
            fleet,
            there[e.initiator].place,
            f"The new tunnel {cloud.new_tunnel} to {e.responder or e.peer} would be {e.outcome}"
            + (f" ({e.reason})." if e.reason else "."),
            there[e.initiator].old.line,
        )
        for e in then.exchanges
        if e.initiator in there
        and e.initiator_interface == cloud.new_tunnel
        and not e.holds
        and e.outcome != "not-initiated"
    )
