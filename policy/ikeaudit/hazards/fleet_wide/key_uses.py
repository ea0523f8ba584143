"""Which pairs of routers each pre-shared key serves."""

from collections.abc import Iterator, Mapping

import msgspec

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.missing_keys import mistyped
from ikeaudit.hazards.facts.psk import Psk
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import speaking_of
from ikeaudit.model import Evidence, IPAddress, Prefix


class KeyUse(msgspec.Struct, frozen=True, tag=True):
    """A key on one router, by its ``fingerprint``, with the pairs of routers it serves, each in alphabetical order.

    ``guessed`` where the far end is only known by address. Routers that negotiate from one virtual address (HSRP, VRRP, GLBP)
    count as one, ``R1/R2``: they have to share the key.
    """

    order: str
    fingerprint: str
    place: str
    target: str
    pairs: tuple[tuple[str, str], ...]
    guessed: bool
    evidence: tuple[Evidence, ...]


def key_uses(context: AuditContext) -> Iterator[KeyUse]:
    """All keys of the fleet; type 6 keys and masked ones, which cannot be compared, are left out."""
    virtual = _virtual(context)
    meant = {facts.name: dict(found) for facts, found in speaking_of(context, "mistyped keys", _mistyped)}
    for facts in context.routers:
        own = meant.get(facts.name, {})
        for psk in facts.psks:
            if not psk.secret.opaque:
                yield _use(context, facts, psk, virtual, own.get(psk.line, set()))


def _mistyped(facts: RouterFacts) -> list[tuple[int, set[str]]]:
    return [*mistyped(facts).items()]


def _virtual(context: AuditContext) -> dict[IPAddress, str]:
    """The virtual addresses that two or more routers share, each with their names as one."""
    holders: dict[IPAddress, dict[str, None]] = {}
    for facts in context.routers:
        for interface in facts.router.interfaces:
            for own in interface.addresses:
                if own.role == "fhrp":
                    holders.setdefault(own.address, {})[facts.name] = None
    return {address: "/".join(names) for address, names in holders.items() if len(names) > 1}


def _use(
    context: AuditContext, facts: RouterFacts, psk: Psk, virtual: Mapping[IPAddress, str], meant: set[str]
) -> KeyUse:
    far: dict[str, bool] = {}
    near = facts.name
    for prefix in psk.prefixes:
        shared = virtual.get(prefix.address) if prefix.is_host else None
        far.update({shared: False} if shared is not None else _far_ends(context, facts, psk, prefix, meant))
        if prefix.is_host and virtual:
            sources = {virtual.get(peer.end.local.address or prefix.address) for peer in facts.peers_at(prefix.address)}
            near = next(iter(sources)) or near if len(sources) == 1 else near
    if not psk.prefixes:
        owner = context.called(psk.target.removeprefix("host "))
        far[owner or psk.target] = owner is None
    pairs = dict.fromkeys((min(near, name), max(near, name)) for name in far if name not in (near, facts.name))
    return KeyUse(
        facts.name,
        psk.secret.fingerprint,
        psk.place,
        psk.target,
        tuple(pairs),
        any(far.values()),
        facts.router.evidence(psk.line),
    )


def _far_ends(context: AuditContext, facts: RouterFacts, psk: Psk, prefix: Prefix, meant: set[str]) -> dict[str, bool]:
    """The routers behind an address, or the known peers under a network, each with whether it is only an address.

    Behind a translated address stand the routers that are known to call from it; ``meant`` are those that the address
    seems to be mistyped for.
    """
    if prefix.is_host:
        callers = {p.far_name for p in facts.peers_at(prefix.address) if p.far_rules is not None}
        callers |= context.behind(facts.name, prefix.address) | meant
        if callers:
            return dict.fromkeys(sorted(callers), False)
        owners = {router.name for router, _ in context.fleet.owners(prefix.address)} - {facts.name}
        return dict.fromkeys(sorted(owners), False) if len(owners) == 1 else {str(prefix): True}
    if psk.ike_version == 1:
        peers = facts.peers_under(psk.line)
    else:
        peers = tuple(peer for peer in facts.ikev2_peers if prefix.covers(peer.address))
    return {peer.far_name: peer.far_rules is None for peer in peers}
