"""Whether packets get from end to end, as far as the two configurations decide it (ROUTE-WAY, FILTER-IN, NAT-TRAVERSAL)."""

from __future__ import annotations

from ikeaudit.exchange.choices import Option
from ikeaudit.exchange.result import Idle, Message
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.model import Router
from ikeaudit.selection import Endpoint, RouterRules
from ikeaudit.selection.filters import dropping

_WHY: dict[str, Idle] = {
    "itself": "interface-down",
    "nowhere": "incomplete-configuration",
    "unrouted": "incomplete-configuration",
    "round": "traffic-not-matched",
    "discarded": "null-route",
}


def set_out(run: Run, initiator: Initiator, responder: Responder | None) -> None:
    """Stops where what the initiator sends goes nowhere, or round its crypto map."""
    router, end = initiator.router, initiator.endpoint
    told = (
        responder is not None
        and responder.caller is not None
        and responder.rules.routing.routed(responder.end.fvrf, responder.caller)
    )
    lost = initiator.rules.routing.astray(end, told=told)
    if lost is None:
        return
    run.cite(router, *lost.lines)
    if lost.sure or _no_other_routes(run, router):
        run.stay_idle(_WHY[lost.kind])


def way_back(run: Run, initiator: Initiator, responder: Responder | None) -> None:
    """Nothing is known of a call that would come up, but whose answers get nowhere: they leave by the tunnel that they are for,
    or have no route. One that fails does so with answers or without.

    Of a router that learns routes somewhere it is not said that it has none: it may wait for anybody's call.
    """
    if responder is None or responder.caller is None:
        return
    router, caller, peer = responder.router, responder.caller, initiator.endpoint.peer
    told = peer is not None and initiator.rules.routing.routed(initiator.end.fvrf, peer)
    ends = responder.endpoints if run.taken is None else (run.taken,)
    found = (responder.rules.routing.out_of_reach(end, caller, told=told) for end in ends)
    lost = next((one for one in found if one is not None), None)
    if lost is None or (lost.kind == "nowhere" and responder.rules.routing.learns):
        return
    run.cite(router, *lost.lines)
    if lost.sure or _no_other_routes(run, router):
        what = "routes to {} by the tunnel itself" if lost.kind == "itself" else "has no route to {}"
        run.give_up(f"{router.name} {what.format(caller)}, so that its answers are lost")


def _no_other_routes(run: Run, router: Router) -> bool:
    return run.choose(
        [
            Option(True, f"{router.name} has no routes but those of its configuration"),
            Option(False, f"{router.name} has other routes than those of its configuration"),
        ]
    )


def answer_way(run: Run, responder: Responder, endpoint: Endpoint) -> None:
    """Whether what answers the tunnel leaves round the responder's crypto map: of one nothing else is ever sure."""
    lost = responder.rules.routing.astray(endpoint) if endpoint.kind == "crypto-map" else None
    if lost is not None and lost.sure:
        run.cite(responder.router, *lost.lines)
        run.lost_at = "replies"


def heard(run: Run, initiator: Initiator, responder: Responder, first: Message) -> None:
    """Stops where an access list drops what IKE sends: the call at the responder, or the answer at the initiator."""
    _passes(run, responder.rules, initiator, responder, first)
    _passes(run, initiator.rules, initiator, responder, {"MM1": "MM2", "AM1": "AM2"}.get(first, first))  # type: ignore[arg-type]


def _passes(run: Run, rules: RouterRules, initiator: Initiator, responder: Responder, message: Message) -> None:
    called = rules is responder.rules
    end, far = (responder.end, responder.caller) if called else (initiator.end, initiator.endpoint.peer)
    dropped = dropping(rules.router, rules.routing, end, far, "udp 500")
    if dropped is not None:
        run.cite(rules.router, dropped.binding, dropped.line)
        if not called:
            run.arrive()
            run.message(message, "responder")
        run.stop(message, "incomplete-configuration")


def traversal(run: Run, initiator: Initiator, responder: Responder) -> None:
    """Stops IKEv2 where an address is translated and an end does without NAT traversal (NAT-TRAVERSAL)."""
    if not translated(initiator, responder):
        return
    for router in (initiator.router, responder.router):
        if router.nat_transparency_off_line:
            run.cite(router, router.nat_transparency_off_line)
            run.say(router, "NAT-T disabled via cli")
            run.stop("SA_INIT", "incomplete-configuration")


def translated(initiator: Initiator, responder: Responder) -> bool:
    """Whether one of the two addresses is another one at the other end."""
    ours, peer = initiator.end.address, initiator.endpoint.peer
    return (ours is not None and responder.caller not in (None, ours)) or responder.end.address != peer
