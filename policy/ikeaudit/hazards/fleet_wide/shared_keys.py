"""Keys and addresses that routers share."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.missing_keys import mistyped
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import counted, listing, place
from ikeaudit.hazards.facts.psk import Psk
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, Severity, catalogued, for_each_router
from ikeaudit.hazards.keyring.masks import wildcard
from ikeaudit.hazards.shared.pair_findings import Failing, arrow, evidence, members, oneway, only_supposed
from ikeaudit.model import Evidence, IPAddress, Prefix, Router, Secret, same_key
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint, KeyPick


class KeyUse(msgspec.Struct, frozen=True):
    """A key on one router with the pairs of routers it serves; ``guessed`` where the far end is only known by address.

    Routers that negotiate from one virtual address (HSRP, VRRP, GLBP) count as one, ``R1/R2``: they have to share the key.
    """

    router: Router
    psk: Psk
    pairs: tuple[frozenset[str], ...]
    guessed: bool


def key_uses(context: AuditContext) -> dict[str, list[KeyUse]]:
    """All keys of the fleet by fingerprint; type 6 keys and masked ones, which cannot be compared, are left out."""
    found: dict[str, list[KeyUse]] = {}
    virtual = _virtual(context)
    for facts in context.routers:
        meant = mistyped(facts)
        for psk in facts.psks:
            if not psk.secret.opaque:
                use = _use(context, facts, psk, virtual, meant.get(psk.line, set()))
                found.setdefault(psk.secret.fingerprint, []).append(use)
    return found


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
    pairs = dict.fromkeys(frozenset((near, name)) for name in far if name not in (near, facts.name))
    return KeyUse(facts.router, psk, tuple(pairs), any(far.values()))


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


@catalogued(
    code="FL-PSK-REUSE",
    title="One pre-shared key for several pairs of routers",
    category="hygiene",
    explains=("FL-HUB-WILDCARD",),
    severity="high",
    scope="fleet",
    what=(
        "Keys with the same fingerprint are used between two or more pairs of routers. The same key under several "
        "addresses of one pair is one use, and routers behind one HSRP, VRRP or GLBP address count as one; type 6 keys "
        "cannot be compared."
    ),
    why=(
        "Whoever gets hold of one router can pose as any other that shares the key, and a change of key has to "
        "reach all of them at once."
    ),
    fix="A key of its own for each pair, or certificates.",
    source="KEY-STRENGTH",
    absent_from=(),
)
def fl_psk_reuse(context: AuditContext) -> Iterator[Finding]:
    """One finding for all such keys of the fleet."""
    routers = {router.name for router in context.fleet.routers}
    shared: list[_Shared] = []
    for uses in key_uses(context).values():
        pairs = by_key((pair, use) for use in uses for pair in use.pairs)
        ends = {name for use in uses for pair in use.pairs for name in pair - {use.router.name}}
        if len(pairs) < 2 or (len(ends) < 2 and not ends <= routers):
            continue  # several routers that call one unknown address may be each other's successor
        known = [pair for pair, own in pairs.items() if not any(use.guessed for use in own)]
        names = sorted(
            " - ".join(sorted(pair, key=lambda name: (name.split("/")[0] not in routers, name))) for pair in pairs
        )
        shared.append(_Shared(uses, names, len(known) > 1))
    if shared:
        uses = [use for one in shared for use in one.uses]
        told = [f"{counted(len(one.pairs), 'pair')} of routers: {listing(one.pairs)}" for one in shared]
        some = "One pre-shared key serves" if len(told) == 1 else f"{len(told)} pre-shared keys serve"
        yield fl_psk_reuse.finding(
            hosts=sorted({use.router.name for use in uses}),
            peers=sorted({use.psk.target for use in uses}),
            message=f"{some} {'; '.join(told)}.",
            cause=[],  # a key has no name of its own, its text is nobody's business, and routers come and go
            parts=sorted((use.router.name, use.psk.place, use.psk.target) for use in uses),
            evidence=sorted({line for use in uses for line in use.router.evidence(use.psk.line)}),
            confidence="certain" if any(one.known for one in shared) else "probable",
        )


class _Shared(NamedTuple):
    """A key with all its uses and the pairs that they make, and whether two of these are sure."""

    uses: list[KeyUse]
    pairs: list[str]
    known: bool


@catalogued(
    code="FL-PSK-SAMPLE",
    title="A pre-shared key from documentation",
    category="exposure",
    explains=("KR-WEAK-PSK", "KR-PLAINTEXT"),
    severity="critical",
    scope="fleet",
    what=(
        "A key is one of the words that documentation and labs use (cisco, cisco123 and the like). Critical where it is for "
        "more than one address, so that anybody may try it; high where only one peer may call with it; low where no policy "
        "lets it be used."
    ),
    why="It is the first thing that anybody tries.",
    fix="Replace it at both ends, by at least 24 random characters.",
    source="KEY-STRENGTH",
    absent_from=(),
)
def fl_psk_sample(context: AuditContext) -> Iterator[Finding]:
    """One finding for all keys that anybody can try, one for those of single peers, one for those that are not in use."""
    groups: dict[Severity, list[tuple[Router, Psk]]] = {}
    for facts in context.routers:
        for psk in facts.psks:
            if psk.secret.facts is not None and psk.secret.facts.sample and not psk.secret.opaque:
                severity: Severity = "low" if not facts.uses(psk) else "critical" if psk.for_many else "high"
                groups.setdefault(severity, []).append((facts.router, psk))
    for severity, found in groups.items():
        hosts = sorted({router.name for router, _ in found})
        places = dict.fromkeys(f"{psk.place} on {router.name}" for router, psk in found)
        parts = [(router.name, psk.place, psk.target) for router, psk in found]
        yield fl_psk_sample.finding(
            severity=severity,
            hosts=hosts,
            peers=sorted({psk.target for _, psk in found}),
            message=(
                f"A well-known word serves as pre-shared key on {counted(len(hosts), 'router')}: {listing(places)}."
            ),
            cause=[severity],
            parts=parts,
            evidence=[line for router, psk in found for line in router.evidence(psk.line)],
        )


@catalogued(
    code="FL-DUPIP",
    title="Two routers negotiate from the same address",
    category="connectivity",
    severity="high",
    scope="fleet",
    what=(
        "Two or more routers have the same address as the own end of their tunnels, in VRFs of the same name, and "
        "not by HSRP, VRRP or GLBP."
    ),
    why="Peers reach now one, now the other. Nor can the audit say which of them a tunnel belongs to.",
    symptom="Tunnels flap, %CRYPTO-4-RECVD_PKT_INV_SPI.",
    fix=(
        "If the routers are in one network, give each its own address; if they are in separate ones, audit them "
        "separately."
    ),
    source="END-NAMED-PEER",
    absent_from=(),
)
def fl_dupip(context: AuditContext) -> Iterator[Finding]:
    """One finding for each address."""
    groups: dict[tuple[IPAddress, str | None], dict[str, list[Endpoint]]] = {}
    for end in context.ends:
        if end.local.address is not None:
            groups.setdefault((end.local.address, end.fvrf), {}).setdefault(end.router, []).append(end)
    for (address, fvrf), holders in groups.items():
        if len(holders) < 2 or all(_floating(context, name, address) for name in holders):
            continue
        labels = [f"{name} {own[0].interface}" for name, own in sorted(holders.items())]
        yield fl_dupip.finding(
            hosts=sorted(holders),
            peers=[str(address)],
            message=f"{listing(labels)} all negotiate from {address} in {place(fvrf)}.",
            cause=[str(address), str(fvrf)],
            evidence=[
                line
                for own in holders.values()
                for line in context.router(own[0].router).router.evidence(*own[0].lines)
            ],
        )


def _floating(context: AuditContext, router: str, address: IPAddress) -> bool:
    """Whether the router shares the address by HSRP, VRRP or GLBP."""
    addresses = context.router(router).rules.addresses
    return any(own.address == address and own.role == "fhrp" for i in addresses.owners(address) for own in i.addresses)


@catalogued(
    code="FL-LATENT-ONEWAY",
    title="Tunnels that are up now and will not survive the other end's start",
    category="connectivity",
    severity="high",
    scope="fleet",
    what=(
        "'show crypto session', 'show crypto isakmp sa' or 'show crypto ikev2 sa' of the snapshot has a tunnel up, and "
        "by the configuration it comes up from one end only (PW-ONEWAY)."
    ),
    why="These tunnels look healthy to every monitor. They are the ones that stay down after the next reload.",
    symptom="None yet.",
    fix=(
        "If a finding of these routers names the cause, mend it before the next maintenance; until then have the good"
        " end start."
    ),
    source="KEY-BEFORE-ID",
    absent_from=(),
)
def fl_latent_oneway(context: AuditContext) -> Iterator[Finding]:
    """The list of such tunnels, and another of those that only a less likely reading of the rules takes down."""
    latent = [found for tunnel in context.tunnels if (found := oneway(tunnel)) is not None and _up(context, found)]
    for weak in (False, True):
        yield from _list([item for item in latent if only_supposed(item) == weak], weak=weak)


def _list(latent: list[Failing], *, weak: bool) -> Iterator[Finding]:
    if latent:
        calls = listing(arrow(item.directions[0]) for item in latent)
        would = "may not come up again, by a less likely reading," if weak else "would not come up again"
        told = fl_latent_oneway.finding(
            hosts=sorted({host for item in latent for host in item.tunnel.hosts}),
            peers=dict.fromkeys(address for item in latent for address in item.tunnel.peers),
            message=f"{counted(len(latent), 'tunnel')} up now {would} when started from the other end: {calls}.",
            cause=["weak" if weak else "likely"],
            evidence=evidence(latent),
            confidence=strongest(*(item.confidence for item in latent)),
        )
        yield msgspec.structs.replace(told, parts=members(told.code, latent))


def _up(context: AuditContext, item: Failing) -> bool:
    """Whether one of the two routers showed the tunnel as up."""
    return any(exchange.peer in context.router(exchange.initiator).up_with for exchange in item.tunnel.directions)


@for_each_router(
    code="FL-HUB-WILDCARD",
    title="One key of the hub opens all spokes",
    category="hygiene",
    severity="high",
    scope="fleet",
    what=(
        "A hub has a key for any address, and two or more routers of the snapshot use it with an entry for the hub "
        "alone."
    ),
    why=(
        "The spokes look as if each had its own key. Whoever takes it from one of them can pose as every other "
        "towards the hub."
    ),
    fix="A key for each spoke on the hub, or certificates; the finding's hosts are the blast radius.",
    source="KEY-STRENGTH",
    absent_from=(),
)
def fl_hub_wildcard(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each wildcard key with spokes."""
    for pick in facts.picks:
        if pick.key.prefix is None or not wildcard(pick.key.prefix):
            continue
        spokes: dict[str, tuple[Peer, KeyPick, bool | None]] = {}
        for peer in facts.peers_under(pick.key.line):
            theirs = _spoke_key(peer, pick.key.secret)
            if theirs is not None:
                spokes[peer.far_name] = (peer, *theirs)
        if len(spokes) < 2:
            continue
        evidence: list[Evidence] = [*facts.router.evidence(pick.keyring.line, pick.key.line)]
        for peer, key, _ in spokes.values():
            if peer.far_rules is not None:
                evidence += peer.far_rules.router.evidence(key.key.line)
        names = sorted(spokes)
        yield fl_hub_wildcard.finding(
            hosts=sorted({facts.name, *names}),
            peers=[str(peer.address) for peer, _, _ in spokes.values()],
            message=(
                f"{facts.name} has one key for everybody, and {counted(len(spokes), 'spoke')} with a key for the "
                f"hub alone share it: {listing(names)}."
            ),
            cause=[pick.keyring.name, str(pick.key.prefix)],
            parts=[(facts.name, pick.keyring.name, str(peer.address)) for peer, _, _ in spokes.values()],
            evidence=evidence,
            confidence="unknown" if any(equal is None for _, _, equal in spokes.values()) else "certain",
        )


def _spoke_key(peer: Peer, hub: Secret) -> tuple[KeyPick, bool | None] | None:
    """The spoke's host key for the hub, unless it is another key than the hub's."""
    if peer.far_rules is None or peer.far is None or peer.far.peer is None:
        return None
    best = Peer(peer.far_rules, peer.far, peer.far.peer).calling_keys.best
    if not best or best[0].key.prefix is None or not best[0].key.prefix.is_host:
        return None
    equal = same_key(hub, best[0].key.secret, same_router=False)
    return None if equal is False else (best[0], equal)
