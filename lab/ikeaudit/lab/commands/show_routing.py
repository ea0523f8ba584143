"""Commands that show routing neighbours and interface counters (layouts as IOS prints them)."""

from ikeaudit.lab.blocks import blocks
from ikeaudit.lab.command_table import Command
from ikeaudit.lab.lab_router import LabRouter
from ikeaudit.lab.routing import bgp_number, bgp_peers, neighbours, router_id, vrf_names, vrfs
from ikeaudit.lab.shell import Call


def _age(router: LabRouter, since: float) -> str:
    whole = max(0, int(router.clock.now() - since))
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def show_eigrp(call: Call) -> str:
    """EIGRP neighbours, by AS; those of the default VRF, or of one that is named."""
    router = call.shell.router
    vrf = call.args.get("vrf")
    rows: list[str] = []
    found = [n for n in neighbours(router, "eigrp") if n.link.vrf == vrf]
    for process, named in dict.fromkeys((n.process, n.named) for n in found):
        title = f"EIGRP-IPv4 VR({named}) Address-Family Neighbors" if named else "EIGRP-IPv4 Neighbors"
        rows += [
            f"{title} for AS({process})" + (f" VRF({vrf})" if vrf else ""),
            "H   Address                 Interface              Hold Uptime   SRTT   RTO  Q  Seq",
            "                                                   (sec)         (ms)       Cnt Num",
        ]
        for number, n in enumerate(n for n in found if (n.process, n.named) == (process, named)):
            short = n.link.interface.replace("Tunnel", "Tu")
            up = _age(router, n.link.since)
            rows.append(
                f"{number:<3} {n.link.far_address!s:<23} {short:<22} {12:>4} {up} {5:>6} {100:>5} {0:>2} {7:>3}"
            )
    return "".join(f"{row}\n" for row in rows)


def show_ospf(call: Call) -> str:
    """OSPF neighbours; over a tunnel there is no designated router."""
    found = list(neighbours(call.shell.router, "ospf"))
    rows = ["", "Neighbor ID     Pri   State           Dead Time   Address         Interface"] if found else []
    rows += [
        f"{n.router_id:<15} {0:>3}   {'FULL/  -':<15} 00:00:35    {n.link.far_address!s:<15} {n.link.interface}"
        for n in found
    ]
    return "".join(f"{row}\n" for row in rows)


def show_bgp(call: Call) -> str:
    """BGP neighbours in the default VRF; a number in the last column means that the session is up."""
    return _bgp_table(call.shell.router, in_vrfs=False)


def show_bgp_in_vrfs(call: Call) -> str:
    """BGP neighbours in all other VRFs, in one table that does not name them."""
    return _bgp_table(call.shell.router, in_vrfs=True)


def _bgp_table(router: LabRouter, *, in_vrfs: bool) -> str:
    number = bgp_number(router)
    if number is None:
        return "% BGP not active\n"
    rows = [
        f"BGP router identifier {router_id(router.running_text)}, local AS number {number}",
        "BGP table version is 1, main routing table version 1",
        "",
        "Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd",
    ]
    for address, remote, since in bgp_peers(router, in_vrfs=in_vrfs):
        state = "Idle" if since is None else "0"
        up = "never" if since is None else _age(router, since)
        rows.append(f"{address:<15} 4 {remote:>12} {5:>7} {5:>7} {1:>8} {0:>4} {0:>4} {up:<8} {state:>12}")
    return "".join(f"{row}\n" for row in rows)


def show_vrf(call: Call) -> str:
    """The VRFs, each with its interfaces one below the other."""
    text = call.shell.router.running_text
    rows = ["  Name                             Default RD            Interfaces"]
    for name in vrf_names(text):
        shorts = [i.replace("Tunnel", "Tu") for i, vrf in vrfs(text).items() if vrf == name] or [""]
        rows += [f"  {name:<32} {'<not set>':<21} {shorts[0]}".rstrip(), *(f"{'':<57}{i}" for i in shorts[1:])]
    return "".join(f"{row}\n" for row in rows) if len(rows) > 1 else ""


def show_interfaces(call: Call) -> str:
    """Interfaces with their packet counters."""
    router = call.shell.router
    wanted = call.args.get("interface", "").lower()
    rows: list[str] = []
    for block in blocks(router.running_text, "interface "):
        name = block.header.split()[1]
        if wanted not in ("", name.lower()):
            continue
        state = (
            "administratively down, line protocol is down"
            if "shutdown" in block.children
            else "up, line protocol is up"
        )
        received, sent = router.packets.get(name, (0, 0))
        rows += [
            f"{name} is {state} ",
            f"  Hardware is {'Tunnel' if name.startswith('Tunnel') else 'AmdP2'}",
            "  5 minute input rate 0 bits/sec, 0 packets/sec",
            "  5 minute output rate 0 bits/sec, 0 packets/sec",
            f"     {received} packets input, {received * 100} bytes, 0 no buffer",
            f"     {sent} packets output, {sent * 100} bytes, 0 underruns",
        ]
    return "".join(f"{row}\n" for row in rows) or "% Invalid input detected at '^' marker.\n\n"


COMMANDS = (
    Command("show ip eigrp neighbors", show_eigrp, 1),
    Command("show ip ospf neighbor", show_ospf, 1),
    Command("show ip eigrp vrf <vrf> neighbors", show_eigrp, 1),
    Command("show ip bgp summary", show_bgp, 1),
    Command("show ip bgp vpnv4 all summary", show_bgp_in_vrfs, 1),
    Command("show ip vrf", show_vrf, 1),
    Command("show interfaces", show_interfaces, 1),
    Command("show interfaces <interface>", show_interfaces, 1),
)
