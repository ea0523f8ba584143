"""Which traffic starts a tunnel, and whether what is answered goes into it (NAT-BEFORE-MAP, ACL-BACKWARDS, ACL-NETMASK)."""

from __future__ import annotations

from ikeaudit.exchange.choices import Option
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.selection import Endpoint
from ikeaudit.selection.proxies import Proxies, Proxy, compared


def start_traffic(run: Run, initiator: Initiator) -> None:
    """Stops where no traffic of the access list comes to the crypto map; a line that none reaches is not proposed."""
    router, end, traffic = initiator.router, initiator.endpoint, initiator.rules.traffic
    own = initiator.rules.proxies(end) if end.kind == "crypto-map" else Proxies()
    if end.kind == "crypto-map" and own == Proxies():
        denied = [entry.line for acl in router.acls if acl.name == end.acl for entry in acl.entries]
        if denied:
            run.cite(router, *denied)
            run.stay_idle("traffic-not-matched")
    fates = {proxy: traffic.fate(end, proxy) for proxy in own.entries}
    doubts = {
        "netmask": [
            Option(False, f"the netmask for a wildcard in {end.acl} of {router.name} lets no traffic match"),
            Option(True, f"traffic matches the netmask for a wildcard in {end.acl} of {router.name}"),
        ],
        "taken": [
            Option(False, f"an entry of {end.crypto_map} before it takes the traffic of {end.acl} of {router.name}"),
            Option(True, f"an entry before it leaves the traffic of {end.acl} of {router.name} alone", "weak"),
        ],
        "open": [
            Option(True, f"{router.name} does not translate the traffic of {end.acl}"),
            Option(False, f"{router.name} translates the traffic of {end.acl}", "unknown"),
        ],
    }
    kinds = {fate.kind for fate in fates.values()}
    starting = {"seen": True, "part": True} | {kind: run.choose(doubts[kind]) for kind in doubts if kind in kinds}
    unsent = [proxy for proxy, fate in fates.items() if not starting.get(fate.kind)]
    run.unsent = frozenset(unsent)
    run.cite(router, *(line for proxy in fates if fates[proxy].kind != "seen" for line in fates[proxy].lines))
    if unsent and len(unsent) == len(fates) and not own.unread:
        taken = any(fates[proxy].kind in ("translated", "open") for proxy in unsent)
        run.stay_idle("traffic-translated" if taken else "traffic-not-matched")


def answer_traffic(run: Run, responder: Responder, end: Endpoint, offers: Proxies, accepted: Proxies) -> None:
    """Whether all that answers the accepted offers leaves in clear, because the responder's crypto map does not see it."""
    fitting = (True for _ in offers.entries) if accepted.anything else compared(offers, accepted)[0]
    mirrored = [
        Proxy(o.protocol, o.destination, o.source, o.destination_ports, o.source_ports)
        for o, fits in zip(offers.entries, fitting, strict=False)
        if fits
    ]
    fates = [responder.rules.traffic.fate(end, proxy) for proxy in mirrored]
    if not fates or not {fate.kind for fate in fates} <= {"translated", "backwards", "denied", "taken", "open"}:
        return
    run.cite(responder.router, *(line for fate in fates for line in fate.lines))
    if all(fate.kind == "open" for fate in fates):
        run.assume(f"{responder.router.name} does not translate what it answers")
    else:
        run.lost_at = "replies"
