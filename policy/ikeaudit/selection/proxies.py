"""What traffic an end asks to protect: the proxies of quick mode and the traffic selectors of IKEv2 (QM-PROXIES)."""

from __future__ import annotations

import msgspec

from ikeaudit.model import AccessList, AclEntry, Prefix, Router
from ikeaudit.selection.endpoint import Endpoint

_ANY = {4: Prefix(4, 0, 0), 6: Prefix(6, 0, 0)}


class Proxy(msgspec.Struct, frozen=True):
    """One pair of proxies as the end itself sees it: ``source`` is its own side. ``protocol`` is ``ip`` for all of them."""

    protocol: str
    source: Prefix
    destination: Prefix
    source_ports: str = ""
    destination_ports: str = ""
    line: int = 0

    def accepts(self, offer: Proxy) -> bool:
        """Whether this end takes ``offer``, written from the other end's side: its mirror image or a part of it.

        A proposal that is wider than the responder's own entry is refused, which is why a superset on one side works in one
        direction only (QM-PROXIES).
        """
        return (
            self.protocol in ("ip", offer.protocol)
            and _covers(self.source, offer.destination)
            and _covers(self.destination, offer.source)
            and self.source_ports in ("", offer.destination_ports)
            and self.destination_ports in ("", offer.source_ports)
        )


class Proxies(msgspec.Struct, frozen=True):
    """All proxies of an end; ``anything`` for an end that takes what it is offered (a dynamic map without an access list).

    ``unread`` are lines of the access list that could not be turned into prefixes; ``grouped``: it names object-groups.
    """

    entries: tuple[Proxy, ...] = ()
    anything: bool = False
    unread: tuple[int, ...] = ()
    grouped: bool = False


def proxies(router: Router, endpoint: Endpoint) -> Proxies:
    """What ``endpoint`` proposes as initiator, and what it compares a proposal with as responder."""
    return proposed(endpoint, next((acl for acl in router.acls if acl.name == endpoint.acl), None))


def proposed(endpoint: Endpoint, acl: AccessList | None) -> Proxies:
    """As :func:`proxies`, for who has found the access list that the end names; None where it is not defined."""
    if endpoint.kind == "crypto-map" and endpoint.acl is None:
        return Proxies(anything=True)
    if endpoint.acl is not None:
        permits = [entry for entry in acl.entries if entry.action == "permit"] if acl is not None else []
        return Proxies(
            tuple(proxy for entry in permits if (proxy := _entry(entry)) is not None),
            unread=tuple(entry.line for entry in permits if _entry(entry) is None),
            grouped=any(entry.grouped for entry in permits),
        )
    mode = endpoint.tunnel_mode or "gre ip"
    if mode.startswith("ipsec"):
        family = _ANY[6 if mode == "ipsec ipv6" else 4]
        return Proxies((Proxy("ip", family, family),))
    own, peer = endpoint.local.address, endpoint.peer
    if own is None or peer is None:
        version = 6 if mode.endswith("ipv6") else 4
        mine = Prefix.of(own) if own is not None else _ANY[version]
        return Proxies((Proxy("gre", mine, _ANY[version] if peer is None else Prefix.of(peer)),))
    return Proxies((Proxy("gre", Prefix.of(own), Prefix.of(peer)),))


def compared(offers: Proxies, accepted: Proxies) -> tuple[tuple[bool, ...], frozenset[Proxy]]:
    """Of each offer whether an entry of ``accepted`` takes it, and the entries that take one.

    Entries are looked up by their masks, of which there are few, so that lists of 100,000 lines are compared in linear time.
    """
    by_masks: dict[tuple[int, int, int, int], dict[tuple[int, int], list[Proxy]]] = {}
    for own in accepted.entries:
        here, there = own.source, own.destination
        table = by_masks.setdefault((here.version, here.mask, there.version, there.mask), {})
        table.setdefault((here.value & here.mask, there.value & there.mask), []).append(own)
    taking: set[Proxy] = set()
    taken = []
    for offer in offers.entries:
        here, there = offer.destination, offer.source
        found = [
            own
            for (version, mask, far_version, far_mask), table in by_masks.items()
            if (version, far_version) == (here.version, there.version)
            for own in table.get((here.value & mask, there.value & far_mask), ())
            if own.accepts(offer)
        ]
        taking.update(found)
        taken.append(bool(found))
    return tuple(taken), frozenset(taking)


def protocol_of(entry: AclEntry) -> str:
    """The protocol of a line in one spelling; ``ip`` for all."""
    return {"47": "gre", "0": "ip", "ipv6": "ip"}.get(entry.protocol, entry.protocol)


def _entry(entry: AclEntry) -> Proxy | None:
    if entry.source is None or entry.destination is None:
        return None
    return Proxy(
        protocol_of(entry), entry.source, entry.destination, entry.source_ports, entry.destination_ports, entry.line
    )


def _covers(wide: Prefix, narrow: Prefix) -> bool:
    return (
        wide.version == narrow.version
        and wide.mask & ~narrow.mask == 0
        and (wide.value ^ narrow.value) & wide.mask == 0
    )
