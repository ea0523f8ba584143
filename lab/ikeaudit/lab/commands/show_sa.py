"""Commands that show security associations (layouts: SHOW-LAYOUT)."""

from collections.abc import Iterable, Iterator
from functools import partial

from ikeaudit.lab.command_table import Command
from ikeaudit.lab.lab_router import LabRouter
from ikeaudit.lab.sa import Sa, proxies
from ikeaudit.lab.shell import Call, Handler
from ikeaudit.lab.talk import Offload, Report
from ikeaudit.selection import Endpoint, RouterRules

_CODES = (
    "Code: C - IKE Configuration mode, D - Dead Peer Detection     \n"
    "K - Keepalives, N - NAT-traversal, T - cTCP encapsulation     \n"
    "X - IKE Extended Authentication, F - IKE Fragmentation\n"
    "R - IKE Auto Reconnect, U - IKE Dynamic Route Update\nS - SIP VPN   \n\n"
)
_IPSEC_LIFE = 3_600


def _clock(seconds: float) -> str:
    whole = max(0, int(seconds))
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _age(router: LabRouter, sa: Sa) -> float:
    return router.clock.now() - sa.since


def _ike(router: LabRouter, version: int) -> list[Sa]:
    return [sa for sa in router.sas if sa.ike and sa.version == version and not (version == 2 and sa.deleted)]


def _status(sa: Sa) -> str:
    return "ACTIVE (deleted)" if sa.deleted else "ACTIVE"


def show_isakmp_sa(call: Call) -> str:
    """IKEv1 SAs; ``src`` is the initiator."""
    rows = ["IPv4 Crypto ISAKMP SA", "dst             src             state          conn-id status"]
    later = ["IPv6 Crypto ISAKMP SA", ""]
    for sa in _ike(call.shell.router, 1):
        number = 0 if sa.state == "MM_NO_STATE" and not sa.deleted else sa.conn_id
        state = "MM_NO_STATE" if sa.deleted and sa.state == "QM_IDLE" else sa.state
        row = f"{sa.destination:<15} {sa.source:<15} {state:<14} {number:>7} {_status(sa)}"
        if ":" in sa.local:
            later[-1:-1] = [row]
        else:
            rows.append(row)
    return "".join(f"{row}\n" for row in (*rows, "", *later))


def show_isakmp_sa_detail(call: Call) -> str:
    """IKEv1 SAs in the long form, seen from this router."""
    router = call.shell.router
    rows = [
        "Codes: C - IKE configuration mode, D - Dead Peer Detection",
        "       K - Keepalives, N - NAT-traversal",
        "       T - cTCP encapsulation, X - IKE Extended Authentication",
        "       psk - Preshared key, rsig - RSA signature",
        "       renc - RSA encryption",
        "IPv4 Crypto ISAKMP SA",
        "",
        "C-id  Local           Remote          I-VRF  Status Encr Hash   Auth DH Lifetime Cap.",
        "",
    ]
    for sa in _ike(router, 1):
        left = _clock(sa.suite.lifetime - _age(router, sa))
        rows.append(
            f"{sa.conn_id:<5} {sa.local:<15} {sa.remote:<15} {sa.ivrf or '':<6} {_status(sa):<6} {sa.suite.encryption:<4} "
            f"{sa.suite.hash:<6} {sa.suite.method:<4} {sa.suite.group:<2} {left}"
        )
        rows.append(f"       Engine-id:Conn-id =  SW:{sa.conn_id - 1000}")
        rows.append("")
    return "".join(f"{row}\n" for row in (*rows, "IPv6 Crypto ISAKMP SA", ""))


def show_ikev2_sa(call: Call) -> str:
    """IKEv2 SAs; ``detailed`` adds who started them."""
    router, detailed = call.shell.router, "detailed" in call.words
    rows: list[str] = []
    for number, sa in enumerate(_ike(router, 2), 1):
        if not rows:
            rows += [" IPv4 Crypto IKEv2  SA ", ""]
        vrfs, suite = f"{sa.fvrf or 'none'}/{sa.ivrf or 'none'}", sa.suite
        rows.append("Tunnel-id Local                 Remote                fvrf/ivrf            Status ")
        rows.append(f"{number:<9} {f'{sa.local}/500':<21} {f'{sa.remote}/500':<21} {vrfs:<20} {sa.state}  ")
        rows.append(
            f"      Encr: {suite.encryption}{f', keysize: {suite.keysize}' if suite.keysize else ''}, "
            f"PRF: {suite.hash.replace('SHA96', 'SHA1')}, Hash: {suite.hash}, DH Grp:{suite.group}, "
            f"Auth sign: {suite.method}, Auth verify: {suite.method}"
        )
        rows.append(f"      Life/Active Time: {sa.suite.lifetime}/{int(_age(router, sa))} sec")
        if detailed:
            rows.append(f"      CE id: {sa.conn_id}, Session-id: {number}")
            rows.append("      Status Description: Negotiation done")
            rows.append(f"      Local id: {sa.local}")
            rows.append(f"      Remote id: {sa.remote}")
            rows.append("      NAT-T is not detected  ")
            rows.append(f"      Initiator of SA : {'Yes' if sa.initiator else 'No'}")
        rows.append("")
    return "".join(f"{row}\n" for row in rows)


def show_ikev2_session(call: Call) -> str:
    """IKEv2 sessions with their child SAs."""
    router = call.shell.router
    rows: list[str] = []
    for number, sa in enumerate(_ike(router, 2), 1):
        if not rows:
            rows += [" IPv4 Crypto IKEv2 Session ", ""]
        vrfs = f"{sa.fvrf or 'none'}/{sa.ivrf or 'none'}"
        rows.append(f"Session-id:{number}, Status:UP-{'ACTIVE' if sa.ipsec else 'IDLE'}, IKE count:1, CHILD count:1")
        rows += ["", "Tunnel-id Local                 Remote                fvrf/ivrf            Status "]
        rows.append(f"{number:<9} {f'{sa.local}/500':<21} {f'{sa.remote}/500':<21} {vrfs:<20} {sa.state}  ")
        rows.append(f"      Life/Active Time: {sa.suite.lifetime}/{int(_age(router, sa))} sec")
        rows += [f"Child sa: local selector  {sa.proxy[1]} - {sa.proxy[1]}", ""]
    return "".join(f"{row}\n" for row in rows)


def _ends(rules: RouterRules | None) -> Iterator[Endpoint]:
    return (e for e in rules.endpoints if not e.shutdown) if rules is not None else iter(())


def _groups(router: LabRouter, rules: RouterRules | None) -> Iterator[tuple[str, str, Endpoint | None, list[Sa]]]:
    """Interface label, peer, tunnel end and SAs of each session: the configured ones first, then others."""
    rest = list(router.sas)
    for end in _ends(rules):
        peer = str(end.peer) if end.peer is not None else None
        mine = [sa for sa in rest if sa.interface == end.interface and peer in (None, sa.remote)]
        rest = [sa for sa in rest if sa not in mine]
        if peer is not None:
            yield end.interface, peer, end, mine
            continue
        for remote in dict.fromkeys(sa.remote for sa in mine):
            yield end.interface, remote, end, [sa for sa in mine if sa.remote == remote]
    for key in dict.fromkeys((sa.interface, sa.remote) for sa in rest):
        yield *key, None, [sa for sa in rest if (sa.interface, sa.remote) == key]


def _session_status(sas: Iterable[Sa]) -> str:
    up = [sa for sa in sas if sa.established]
    ipsec = [sa for sa in sas if sa.ipsec]
    if ipsec:
        return "UP-ACTIVE" if up else "UP-NO-IKE"
    if up:
        return "UP-IDLE"
    return "DOWN-NEGOTIATING" if any(sa.ike and not sa.deleted for sa in sas) else "DOWN"


def _session(
    router: LabRouter, rules: RouterRules | None, group: tuple[str, str, Endpoint | None, list[Sa]], *, detail: bool
) -> list[str]:
    label, peer, end, sas = group
    best = next((sa for sa in sas if sa.established or sa.ipsec), None)
    rows = [f"Interface: {label.split()[0] if label else 'unknown'}"]
    if best is not None and best.profile is not None:
        rows.append(f"Profile: {best.profile}")
    if best is not None and detail:
        rows.append(f"Uptime: {_clock(_age(router, best))}")
    rows.append(f"Session status: {_session_status(sas)}     ")
    fvrf = (best.fvrf if best else end.fvrf if end else None) or "(none)"
    ivrf = (best.ivrf if best else None) or "(none)"
    rows.append(f"Peer: {peer} port 500 " + (f"fvrf: {fvrf} ivrf: {ivrf}" if detail else ""))
    if detail:
        rows.append(f"      Phase1_id: {peer if best is not None and best.established else '(none)'}")
        rows.append("      Desc: (none)")
    for sa in sas:
        if not sa.ike or (sa.deleted and best is not None):
            continue
        rows.append("  Session ID: 0  ")
        state = "Active" if sa.established else "Inactive"
        rows.append(f"  IKEv{sa.version} SA: local {sa.local}/500 remote {sa.remote}/500 {state} ")
        if detail:
            left = _clock(sa.suite.lifetime - _age(router, sa)) if sa.established else "0"
            rows.append(f"          Capabilities:(none) connid:{sa.conn_id if sa.established else 0} lifetime:{left}")
    if best is not None:
        flow = best.proxy
    else:
        local = str(end.local.address) if end is not None else ""
        flow = proxies(rules.router if rules is not None else None, end, local, peer)
    active = 2 if best is not None and best.ipsec else 0
    rows.append(f"  IPSEC FLOW: permit {flow[0]} {flow[1]} {flow[2]} ")
    rows.append(f"        Active SAs: {active}, origin: crypto map")
    if detail:
        life = f"4607999/{max(0, int(_IPSEC_LIFE - _age(router, best)))}" if best is not None and active else "0/0"
        received, sent = (best.received, best.sent) if best is not None else (0, 0)
        rows.append(f"        Inbound:  #pkts dec'ed {received} drop 0 life (KB/Sec) {life}")
        rows.append(f"        Outbound: #pkts enc'ed {sent} drop 0 life (KB/Sec) {life}")
    rows.append("")
    return rows


def _show_session(*, detail: bool) -> Handler:
    def show(call: Call) -> Report:
        router = call.shell.router
        world = router.world
        rules = (yield Offload(partial(world.rules, router))) if world is not None else None
        remote, interface = call.args.get("remote"), call.args.get("interface")
        head = f"Crypto session current status\n\n{_CODES if detail else ''}"
        rows: list[str] = []
        for group in _groups(router, rules):
            if remote in (None, group[1]) and interface in (None, group[0].split()[0]):
                rows += _session(router, rules, group, detail=detail)
        return head + "".join(f"{row}\n" for row in rows)

    return show


def show_ipsec_sa(call: Call) -> str:
    """IPsec SAs with their counters."""
    router = call.shell.router
    peer, interface = call.args.get("peer"), call.args.get("interface")
    rows: list[str] = []
    for sa in router.sas:
        name = sa.interface.split()[0]
        if not sa.ipsec or peer not in (None, sa.remote) or interface not in (None, name):
            continue
        tag = f"{name}-head-0" if " " not in sa.interface else sa.interface.split()[1]
        number = {"47": "47", "ip": "0"}.get(sa.proxy[0], "0")
        here, there = (_ident(operand, number) for operand in sa.proxy[1:])
        rows += [
            "",
            f"interface: {name}",
            f"    Crypto map tag: {tag}, local addr {sa.local}",
            "",
            f"   protected vrf: {sa.ivrf or '(none)'}",
            f"   local  ident (addr/mask/prot/port): {here}",
            f"   remote ident (addr/mask/prot/port): {there}",
            f"   current_peer {sa.remote} port 500",
            "     PERMIT, flags={origin_is_acl,}",
            f"    #pkts encaps: {sa.sent}, #pkts encrypt: {sa.sent}, #pkts digest: {sa.sent}",
            f"    #pkts decaps: {sa.received}, #pkts decrypt: {sa.received}, #pkts verify: {sa.received}",
            "    #send errors 0, #recv errors 0",
            "",
            f"     local crypto endpt.: {sa.local}, remote crypto endpt.: {sa.remote}",
            f"     current outbound spi: 0x{0x10000000 + sa.conn_id:08X}({0x10000000 + sa.conn_id})",
            "",
        ]
    return "".join(f"{row}\n" for row in rows)


def _ident(operand: str, protocol: str) -> str:
    if operand.startswith("host "):
        return f"({operand.removeprefix('host ')}/255.255.255.255/{protocol}/0)"
    return f"({operand}/{protocol}/0)"


COMMANDS = (
    Command("show crypto isakmp sa", show_isakmp_sa, 1),
    Command("show crypto isakmp sa detail", show_isakmp_sa_detail, 1),
    Command("show crypto ikev2 sa", show_ikev2_sa, 1),
    Command("show crypto ikev2 sa detailed", show_ikev2_sa, 1),
    Command("show crypto ikev2 session", show_ikev2_session, 1),
    Command("show crypto session", _show_session(detail=False), 1),
    Command("show crypto session detail", _show_session(detail=True), 1),
    Command("show crypto session remote <remote>", _show_session(detail=False), 1),
    Command("show crypto session remote <remote> detail", _show_session(detail=True), 1),
    Command("show crypto session interface <interface>", _show_session(detail=False), 1),
    Command("show crypto session interface <interface> detail", _show_session(detail=True), 1),
    Command("show crypto ipsec sa", show_ipsec_sa, 1),
    Command("show crypto ipsec sa peer <peer>", show_ipsec_sa, 1),
    Command("show crypto ipsec sa interface <interface>", show_ipsec_sa, 1),
)
