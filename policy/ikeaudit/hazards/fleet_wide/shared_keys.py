"""Keys and addresses that routers share."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import msgspec

from ikeaudit.exchange.result import Confidence
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import counted, listing, place
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, Member, Severity, catalogued, compared, for_each_router
from ikeaudit.hazards.fleet_wide.key_uses import KeyUse, key_uses
from ikeaudit.hazards.keyring.masks import wildcard
from ikeaudit.hazards.shared.pair_findings import Failing, arrow, evidence, members, oneway, only_supposed
from ikeaudit.model import Evidence, IPAddress, Secret, same_key
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint, KeyPick


@compared(
    key_uses,
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
def fl_psk_reuse(keys: Sequence[KeyUse], routers: Collection[str]) -> Iterator[Finding]:
    """One finding for all such keys of the fleet."""
    shared: list[_Shared] = []
    for uses in by_key((use.fingerprint, use) for use in keys).values():
        pairs = by_key((pair, use) for use in uses for pair in use.pairs)
        ends = {name for use in uses for pair in use.pairs for name in pair if name != use.order}
        if len(pairs) < 2 or (len(ends) < 2 and not ends <= {*routers}):
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
            hosts=sorted({use.order for use in uses}),
            peers=sorted({use.target for use in uses}),
            message=f"{some} {'; '.join(told)}.",
            cause=[],  # a key has no name of its own, its text is nobody's business, and routers come and go
            parts=sorted((use.order, use.place, use.target) for use in uses),
            evidence=sorted({line for use in uses for line in use.evidence}),
            confidence="certain" if any(one.known for one in shared) else "probable",
        )


class _Shared(NamedTuple):
    """A key with all its uses and the pairs that they make, and whether two of these are sure."""

    uses: list[KeyUse]
    pairs: list[str]
    known: bool


class Sample(msgspec.Struct, frozen=True, tag=True):
    """A well-known word as a key, at ``place`` on one router, and how bad that is there."""

    order: str
    severity: Severity
    place: str
    target: str
    evidence: tuple[Evidence, ...]


def _samples(context: AuditContext) -> Iterator[Sample]:
    for facts in context.routers:
        for psk in facts.psks:
            if psk.secret.facts is not None and psk.secret.facts.sample and not psk.secret.opaque:
                severity: Severity = "low" if not facts.uses(psk) else "critical" if psk.for_many else "high"
                yield Sample(facts.name, severity, psk.place, psk.target, facts.router.evidence(psk.line))


@compared(
    _samples,
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
def fl_psk_sample(samples: Sequence[Sample], _names: Collection[str]) -> Iterator[Finding]:
    """One finding for all keys that anybody can try, one for those of single peers, one for those that are not in use."""
    for severity, found in by_key((one.severity, one) for one in samples).items():
        hosts = sorted({one.order for one in found})
        places = dict.fromkeys(f"{one.place} on {one.order}" for one in found)
        yield fl_psk_sample.finding(
            severity=severity,
            hosts=hosts,
            peers=sorted({one.target for one in found}),
            message=(
                f"A well-known word serves as pre-shared key on {counted(len(hosts), 'router')}: {listing(places)}."
            ),
            cause=[severity],
            parts=[(one.order, one.place, one.target) for one in found],
            evidence=[line for one in found for line in one.evidence],
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


class Latent(msgspec.Struct, frozen=True, tag=True):
    """A tunnel that is up and will not come up again: its failing direction as ``call``, the directions as ``members``.

    ``weak``: by a less likely reading only.
    """

    order: str
    weak: bool
    call: str
    hosts: tuple[str, ...]
    peers: tuple[str, ...]
    members: tuple[Member, ...]
    evidence: tuple[Evidence, ...]
    confidence: Confidence


_LATENT = "FL-LATENT-ONEWAY"


def _latent(context: AuditContext) -> Iterator[Latent]:
    latent = [found for tunnel in context.tunnels if (found := oneway(tunnel)) is not None and _up(context, found)]
    for item in sorted(latent, key=lambda item: item.tunnel.there.initiator):
        yield Latent(
            order=item.tunnel.there.initiator,
            weak=only_supposed(item),
            call=arrow(item.directions[0]),
            hosts=item.tunnel.hosts,
            peers=item.tunnel.peers,
            members=members(_LATENT, [item]),
            evidence=tuple(evidence([item])),
            confidence=item.confidence,
        )


@compared(
    _latent,
    code=_LATENT,
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
def fl_latent_oneway(tunnels: Sequence[Latent], _names: Collection[str]) -> Iterator[Finding]:
    """The list of such tunnels, and another of those that only a less likely reading of the rules takes down."""
    for weak in (False, True):
        latent = [item for item in tunnels if item.weak == weak]
        if not latent:
            continue
        would = "may not come up again, by a less likely reading," if weak else "would not come up again"
        told = fl_latent_oneway.finding(
            hosts=sorted({host for item in latent for host in item.hosts}),
            peers=dict.fromkeys(address for item in latent for address in item.peers),
            message=(
                f"{counted(len(latent), 'tunnel')} up now {would} when started from the other end: "
                f"{listing(item.call for item in latent)}."
            ),
            cause=["weak" if weak else "likely"],
            evidence=[line for item in latent for line in item.evidence],
            confidence=strongest(*(item.confidence for item in latent)),
        )
        yield msgspec.structs.replace(told, parts=tuple(member for item in latent for member in item.members))


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
