"""What a plan leaves open: tunnels that it does not mend, with the hazards why, and what shows only at the first rekey."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import audit
from ikeaudit.hazards.finding import RANK, Finding
from ikeaudit.model import Router
from ikeaudit.model.grouping import by_key
from ikeaudit.parsing.config import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.remediation.plan import Direction, FirstRekey, Unmended, Verdict
from ikeaudit.selection import Endpoint, RouterRules

_NO_KEYS = Fingerprinter(bytes(32))
_SHOWN = 3
"""Hazards that are named for one direction."""


def unmended(
    fleet: Fleet, after: Mapping[str, str], later: Iterable[Exchange], hosts: Collection[str]
) -> tuple[Unmended, ...]:
    """The directions with an end on one of ``hosts`` that do not work and will not, once routers run ``after``.

    ``later`` are the directions of the changed routers then, or the :func:`lasting` ones among them; all others are what
    they are.
    """
    known = {Direction.of(e): e for e in fleet.exchanges if not {e.initiator, e.responder} & after.keys()}
    known |= {Direction.of(exchange): exchange for exchange in later}
    asked = frozenset(hosts)
    staying = [e for e in known.values() if lasting(e) and not asked.isdisjoint((e.initiator, e.responder))]
    if not staying:
        return ()
    names = {name for e in staying for name in (e.initiator, e.responder) if name is not None}
    findings = audit(Fleet(_then(fleet.router(name), after) for name in sorted(names)))
    about = by_key(
        (host, (place, finding))
        for place, finding in enumerate(one for cause in findings for one in (cause, *cause.follows))
        for host in dict.fromkeys((*finding.hosts, *(line.host for line in finding.evidence)))
    )
    return tuple(
        Unmended(direction=Direction.of(e), verdict=Verdict.of(e), lost_at=e.lost_at, hazards=_why(e, about))
        for e in staying
    )


def lasting(exchange: Exchange) -> bool:
    """Whether a direction does not work, and needs a reason why the plan leaves it so."""
    return exchange.failure is not None or exchange.by == "fault" or exchange.lost_at is not None


def _why(exchange: Exchange, about: Mapping[str, Sequence[tuple[int, Finding]]]) -> tuple[str, ...]:
    """The hazards of high weight, or of the pair, that name both ends, causes before what follows from them.

    Without one, those that rest on lines behind the verdict. What is weak or merely untidy lets no tunnel fail. ``about`` has
    the findings, with their places, of each router that they name or cite.
    """
    ends = {exchange.initiator, exchange.responder}
    lines = {(e.host, e.line) for e in exchange.evidence}
    both: dict[str, None] = {}
    cited: dict[str, None] = {}
    near = {name: None for name in (exchange.initiator, exchange.responder, *(host for host, _ in lines)) if name}
    findings = {place: finding for name in near for place, finding in about.get(name, ())}
    for finding in (findings[place] for place in sorted(findings)):
        if finding.category not in ("connectivity", "selection"):
            continue
        if RANK[finding.severity] < RANK["medium" if finding.code.startswith("PW-") else "high"]:
            continue
        words = f"{finding.code}: {finding.message}"
        if ends <= set(finding.hosts) or (ends & set(finding.hosts) and exchange.peer in finding.peers):
            both.setdefault(words)
        elif any((e.host, e.line) in lines for e in finding.evidence):
            cited.setdefault(words)
    return tuple(both or cited)[:_SHOWN]


def _then(router: Router, after: Mapping[str, str]) -> Router:
    """A router as it is once the change is in force; what its state says is of before."""
    if router.name not in after:
        return router.without_state()
    (parsed,) = parse_configs(after[router.name], file=router.file, fingerprinter=_NO_KEYS)
    assert parsed.router is not None, "a proven configuration is one"
    return msgspec.structs.replace(parsed.router, name=router.name, shows=router.shows.without_state())


def first_rekeys(fleet: Fleet, after: Mapping[str, str], later: Iterable[Exchange]) -> tuple[FirstRekey, ...]:
    """The directions by IKEv2 whose far end is not here and whose own end proposes other protection than today.

    The first child SA carries no key exchange, so groups for PFS that differ show at the first rekey only (RFC 7296, 1.2).
    """
    found = []
    ends: dict[str, tuple[RouterRules, dict[tuple[str, str], Endpoint], dict[tuple[str, str], Endpoint]]] = {}
    for exchange in later:
        name = exchange.initiator
        if exchange.responder is not None or exchange.ike_version != 2 or name not in after:
            continue
        if name not in ends:
            rules = RouterRules(_then(fleet.router(name), after))
            ends[name] = rules, _ends(rules), _ends(fleet.rules(name))
        rules, now, before = ends[name]
        key = exchange.initiator_interface, exchange.peer
        end, earlier = now.get(key), before.get(key)
        if end is None or (earlier is not None and (earlier.ike_version, earlier.pfs) == (2, end.pfs)):
            continue
        seconds = end.lifetime or rules.router.ipsec_lifetime
        found.append(FirstRekey(direction=Direction.of(exchange), pfs=end.pfs, seconds=seconds))
    return tuple(found)


def _ends(rules: RouterRules) -> dict[tuple[str, str], Endpoint]:
    return {(end.interface, str(end.peer or end.peer_name)): end for end in rules.endpoints}
