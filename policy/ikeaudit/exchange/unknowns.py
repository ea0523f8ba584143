"""Lines that were not understood and could change a verdict."""

from __future__ import annotations

from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.model import Router, UnknownLine
from ikeaudit.selection import Endpoint, LocalEnd, unread_of_calls

_ANYWHERE = frozenset({"global", "keyring", "isakmp-profile", "isakmp-policy"})
"""Kinds of which a responder may use any object: one line not understood puts every tunnel of the router in doubt."""


def unread_lines(run: Run, initiator: Initiator, responder: Responder | None) -> tuple[tuple[Router, int], ...]:
    """Lines not understood that stand in the path of this exchange, by router."""
    found = [(initiator.router, line) for line in _unread(initiator.router, (initiator.endpoint,))]
    if responder is not None and run.reason != "no-key-on-initiator":
        found += [
            (responder.router, line)
            for line in _unread(responder.router, (*responder.endpoints, *unread_answering(responder)))
        ]
        if not responder.endpoints:
            # One of these lines may say that an end waits for this caller.
            found += [(responder.router, line.line) for line in unread_of_calls(responder.router)]
    return tuple(found)


def unread_answering(responder: Responder) -> tuple[Endpoint, ...]:
    """The ends that are not quite read and may be for this caller, where its call arrives."""
    here = (responder.end.address, responder.end.interface)
    return tuple(
        end
        for end in responder.rules.unread_ends
        if end.peer in (None, responder.caller)
        and (end.local.interface == here[1] or end.local.address == here[0] or end.local == LocalEnd(None))
    )


def unread_of_end(run: Run, initiator: Initiator) -> tuple[tuple[Router, int], ...]:
    """Lines not understood that may be why an end starts nothing: of one that names no peer, those of its interface or map.

    What a fault makes idle is judged like a call, but where an interface is shut down, or a route leads nowhere.
    """
    end, router = initiator.endpoint, initiator.router
    if run.idle in ("traffic-translated", "traffic-not-matched", "map-not-applied", "incomplete-configuration"):
        places = [line.line for line in router.unknown if line.kind == "interface"] if end.unapplied else []
        return tuple((router, line) for line in sorted({*places, *_unread(router, (end,))}))
    if not end.accepts_any or end.shutdown:
        return ()
    own = {("interface", end.interface.split()[0]), ("crypto-map", end.crypto_map)}
    return tuple(
        (router, line.line)
        for line in router.unknown
        if (line.kind.replace("dynamic-", "crypto-"), line.name.split(" ")[0]) in own
    )


def _unread(router: Router, ends: tuple[Endpoint, ...]) -> list[int]:
    if not router.unknown:
        return []
    named: set[tuple[str, str | None]] = {("interface", end.interface.split()[0]) for end in ends}
    named |= {("interface", end.local.interface) for end in ends}
    named |= {("ipsec-profile", end.ipsec_profile) for end in ends}
    named |= {("transform-set", name) for end in ends for name in end.transform_sets}
    named |= {("acl", end.acl) for end in ends}
    named |= {("crypto-map", end.crypto_map) for end in ends if end.crypto_map}
    if any(end.kind in ("gdoi", "ezvpn") for end in ends):
        named |= {("other", group.name) for group in router.gdoi_groups}
        named |= {("other", client.name) for client in router.ezvpn_clients}
    versions: set[int] = {end.ike_version for end in ends} or {1}
    return [line.line for line in router.unknown if _in_path(line, named, versions)]


def _in_path(line: UnknownLine, named: set[tuple[str, str | None]], versions: set[int]) -> bool:
    if line.kind in _ANYWHERE:
        return line.kind == "global" or 1 in versions
    if line.kind.startswith("ikev2-"):
        return 2 in versions
    if line.kind in ("crypto-map", "dynamic-map"):
        return any(
            kind == "crypto-map" and (line.kind == "dynamic-map" or line.name.split(" ")[0] == name)
            for kind, name in named
        )
    return (line.kind, line.name) in named
