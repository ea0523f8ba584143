"""Replaying every tunnel of a snapshot, and naming its hazards."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, TypeVar, get_args

from ikeaudit.api.lookup import one_named
from ikeaudit.api.snapshot import Snapshot, require_ios
from ikeaudit.exchange.result import Exchange
from ikeaudit.hazards.finding import Category, Finding
from ikeaudit.model import Evidence, IPAddress, parse_address
from ikeaudit.model.errors import IncompleteError, InputError
from ikeaudit.report import CheckReport, Coverage, ExplainReport, WholeFleet, WholePart, judge
from ikeaudit.report.asked import FAIL_ON, MIN_COVERAGE, TRANSCRIPTS, least_ranks

T = TypeVar("T")

if TYPE_CHECKING:
    from ikeaudit.fleet import Fleet
    from ikeaudit.hazards.facts.release import Release
    from ikeaudit.remediation.fixes.contract import Repair


def check(
    snapshot: Snapshot,
    *,
    hosts: Sequence[str] = (),
    codes: Sequence[str] = (),
    causes: Sequence[str] = (),
    categories: Sequence[str] = (),
    target_releases: Sequence[str] = (),
    fail_on: str = FAIL_ON,
    min_coverage: float = MIN_COVERAGE,
    tolerated: int = 0,
    fixes: bool = False,
    whole: bool = False,
) -> CheckReport:
    """Every cause of trouble in ``snapshot``, worst first, with the coverage that it rests on and the verdict.

    ``hosts``, ``codes`` (``KR-*`` too), ``causes`` (beginnings of fingerprints) and ``categories`` leave only findings on those
    routers and so on, be it by what follows from them; ``target_releases`` are releases that routers are to be upgraded to
    (``17.12``, ``BR*=17.15.1a``). ``fail_on`` says by which findings the verdict is FINDINGS: severities, categories or both
    (``high``, ``selection:high,exposure``; ``never``: none), ``min_coverage`` the percentage of understood lines below which
    it is INCOMPLETE, ``tolerated`` the number of hosts that may be missing before it is. With ``fixes`` the commands that mend
    each cause are looked for and replayed; what is proved is in ``repairs``. With ``whole`` the report says how to get every
    tunnel as well, message by message: what the format ``html`` draws.

    Raises InputError for a name that is not there and when nothing is IOS, IncompleteError when no host could be read.
    """
    try:
        least_ranks(fail_on)
    except ValueError as error:
        raise InputError(f"fail_on: {error}") from None
    wanted = wanted_codes(codes)
    require_ios(snapshot.coverage, snapshot.path)
    routers = snapshot.hosts
    named = [one_named(name, routers, what="router") for name in hosts]
    for category in categories:
        _one_of("category", category, get_args(Category))
    planned = planned_releases(target_releases, routers)
    said = snapshot.audited(planned)
    told = said.findings
    chosen = [cause_named(cause.lower(), told) for cause in causes]
    found = tuple(
        finding
        for finding in told
        if _concerns(finding, wanted, named)
        and (not chosen or finding in chosen)
        and (not categories or finding.category in categories)
    )
    return CheckReport(
        findings=found,
        coverage=snapshot.coverage,
        verdict=judge(found, snapshot.coverage, fail_on=fail_on, min_coverage=min_coverage, tolerated=tolerated),
        titles=said.titles,
        path=str(snapshot.path),
        shown=_filter_words(named, codes, causes, categories),
        time=snapshot.time,
        version=version("ikeaudit"),
        snapshot=snapshot.digest,
        tunnels=said.tunnels,
        repairs=repairs(snapshot, found, planned) if fixes else {},
        seen=said.seen,
        fail_on=fail_on,
        whole=WholeFleet(drawn=lambda draw: snapshot.parts.told(partial(_told, draw))) if whole else None,
    )


def _told(draw: Callable[[WholePart], T], fleet: Fleet) -> T:
    """What ``draw`` makes of every tunnel of a part of the snapshot, the exchanges of which tell their steps."""
    from ikeaudit.hazards import AuditContext
    from ikeaudit.hazards.facts.tunnel_pairs import TunnelPair
    from ikeaudit.hazards.ranking import placed_troubles, state_of

    context = AuditContext(fleet)
    tunnels = context.tunnels
    if context.witness.present:
        seen = {id(one): context.witness.with_state(one) for tunnel in tunnels for one in tunnel.directions}
        tunnels = tuple(
            TunnelPair(seen[id(pair.there)], None if pair.back is None else seen[id(pair.back)]) for pair in tunnels
        )
    return draw(
        WholePart(
            tunnels=tunnels,
            states=tuple(map(state_of, context.tunnels)),
            beside=tuple(map(context.witness.with_state, (*fleet.spoke_exchanges, *fleet.unread_exchanges))),
            troubles=tuple(placed_troubles(context)),
            seen=context.seen,
        )
    )


def repairs(
    snapshot: Snapshot, findings: Sequence[Finding], planned: Mapping[str, Release] | None = None
) -> dict[str, Repair]:
    """What mends each of ``findings``, by its fingerprint (:mod:`ikeaudit.remediation.fixes`)."""
    from ikeaudit.model.grouping import by_key
    from ikeaudit.remediation.fixes.prover import Prover

    parts = by_key((snapshot.parts.of(finding.hosts), finding) for finding in findings)

    def of_part(part: tuple[str, ...]) -> dict[str, Repair]:
        fleet = snapshot.parts.fleet(part)
        return {finding.fingerprint: Prover(fleet, finding, planned).repair() for finding in parts[part]}

    found = [repair for some in snapshot.parts.spread("fixes sought", of_part, [*parts]) for repair in some.items()]
    told = dict(found)
    return {finding.fingerprint: told[finding.fingerprint] for finding in findings}


def cause_named(asked: str, findings: Sequence[Finding]) -> Finding:
    """The finding whose fingerprint begins so; InputError when there is none, or more than one."""
    fitting = [finding for finding in findings if finding.fingerprint.startswith(asked)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise InputError(f"There is no cause {asked!r}: it was mended, or is one of another snapshot.")
    some = ", ".join(f"{one.fingerprint} ({one.code})" for one in fitting[:5])
    raise InputError(f"{asked!r} is the beginning of {len(fitting)} causes; say which: {some}.")


def _concerns(finding: Finding, codes: Collection[str], hosts: Sequence[str]) -> bool:
    """Whether the finding, or what follows from it, is of one of ``codes`` and on one of ``hosts``, where any are given."""
    return any(
        (not codes or one.code in codes) and (not hosts or not set(hosts).isdisjoint(one.hosts))
        for one in (finding, *finding.follows)
    )


def findings(snapshot: Snapshot, *, hosts: Sequence[str] = (), codes: Sequence[str] = ()) -> tuple[Finding, ...]:
    """The findings of :func:`check`; an empty result says nothing about what is missing, the verdict of ``check`` does."""
    return check(snapshot, hosts=hosts, codes=codes).findings


def explain(
    snapshot: Snapshot,
    a: str | None = None,
    b: str | None = None,
    *,
    transcripts: str = "none",
    everything: bool = False,
    evidence: bool = False,
) -> ExplainReport:
    """Every direction of every tunnel; with ``a`` of that router, with ``b`` between the two (``b`` may be an address).

    ``a`` may be an address too: that of a router, or one that is called. ``transcripts`` (``auto``, ``all``, ``none``),
    ``everything`` and ``evidence`` matter to people's formats only. Raises InputError for a name that is not
    there, IncompleteError for a router that could not be read.
    """
    _one_of("transcripts", transcripts, TRANSCRIPTS)
    require_ios(snapshot.coverage, snapshot.path)
    fleet = snapshot.told_between(a, b)
    everyone: Sequence[Exchange] = (
        *fleet.exchanges,
        *fleet.client_exchanges,
        *fleet.spoke_exchanges,
        *fleet.unread_exchanges,
    )
    found = everyone
    pair: tuple[str, ...] = ()
    if a is not None:
        names = snapshot.hosts
        address = None if a in names or b is not None else parse_address(a)
        if address is not None:
            pair, found = _at_address(found, fleet, address)
        else:
            pair, found = _narrowed(found, names, snapshot.coverage, a, b)
        # Of a large DMVPN only some pairs of spokes are in the list; the pair asked for always is.
        known = {(e.initiator, e.initiator_interface, e.peer) for e in found}
        asked = fleet.between(*pair) if len(pair) == 2 else ()
        missing = [e for e in asked if (e.initiator, e.initiator_interface, e.peer) not in known]
        # An end whose peer could not be read may be the one that is asked for.
        idle = {name for name in pair[:2] if b is not None and all(e.initiator != name for e in found)}
        missing += [e for e in everyone if e.initiator in idle and e.peer == "any" and e.confidence == "unknown"]
        found = sorted([*found, *missing], key=lambda exchange: exchange.initiator != pair[0])
    from ikeaudit.witness import Witness

    witness = Witness(fleet, fleet)
    if witness.present:
        found = [witness.with_state(exchange) for exchange in found]
    return ExplainReport(
        exchanges=tuple(found),
        unread=_unread(found, fleet, pair),
        coverage=snapshot.coverage,
        pair=pair,
        transcripts=transcripts,
        everything=everything,
        evidence=evidence,
        path=str(snapshot.path),
    )


def _unread(found: Sequence[Exchange], fleet: Fleet, pair: Sequence[str]) -> tuple[Evidence, ...]:
    """The lines not understood that leave the answer open: those behind unknown verdicts, and those that may make a tunnel end.

    Of a pair the latter count for a router that does not seem to call.
    """
    from ikeaudit.selection import unread_of_calls

    cited = {line for exchange in found if exchange.confidence == "unknown" for line in exchange.evidence}
    calling = {exchange.initiator for exchange in found} if len(pair) > 1 else set()
    lines: list[Evidence] = []
    for router in fleet.routers:
        asked = not pair or (router.name in pair and router.name not in calling)
        for line in unread_of_calls(router):
            evidence = router.evidence(line.line)
            lines += evidence if cited.issuperset(evidence) or (asked and line.kind in _MAKING_ENDS) else ()
    return tuple(lines)


_MAKING_ENDS = ("global", "interface", "crypto-map", "dynamic-map", "other")
"""Kinds of lines that may make a tunnel end; others change what becomes of one."""


def exchanges(snapshot: Snapshot, a: str | None = None, b: str | None = None) -> tuple[Exchange, ...]:
    """The exchanges of :func:`explain`: one for each direction of each tunnel."""
    return explain(snapshot, a, b).exchanges


def _one_of(name: str, value: str, known: Collection[str]) -> None:
    if value not in known:
        raise InputError(f"{name} is one of {', '.join(known)}, not {value!r}.")


def wanted_codes(patterns: Sequence[str]) -> frozenset[str]:
    """The codes that ``patterns`` name, none when there are no patterns.

    Raises InputError for a pattern that names no hazard.
    """
    if not patterns:
        return frozenset()
    from ikeaudit.hazards import HAZARDS

    known = [hazard.code for hazard in HAZARDS]
    codes: set[str] = set()
    for pattern in patterns:
        matching = [one for one in known if fnmatchcase(one, pattern.upper())]
        codes.update(matching or (one_named(pattern, known, what="rule"),))
    return frozenset(codes)


def planned_releases(words: Sequence[str] | None, hosts: Sequence[str]) -> dict[str, Release] | None:
    """The release that each host is to be upgraded to, from ``--target-release``; None when it is not given.

    Raises InputError for what is no release, and for a host name or pattern that fits no router.
    """
    if not words:
        return None
    from ikeaudit.hazards.facts.release import parse_release

    planned: dict[str, Release] = {}
    for word in words:
        pattern, equals, text = word.rpartition("=")
        release = parse_release(text)
        if release is None:
            raise InputError(f"--target-release: {text!r} is no release; write it like 17.12 or 'BR*=17.15.1a'.")
        fitting = [host for host in hosts if not equals or fnmatchcase(host.lower(), pattern.lower())]
        planned.update(dict.fromkeys(fitting or [one_named(pattern, hosts, what="router")], release))
    return planned


def _filter_words(hosts: Sequence[str], codes: Sequence[str], causes: Sequence[str], categories: Sequence[str]) -> str:
    words = []
    if hosts:
        words.append(f"on {', '.join(hosts)}")
    if codes:
        words.append(f"of {', '.join(code.upper() for code in codes)}")
    if causes:
        words.append(f"called {', '.join(causes)}")
    if categories:
        words.append(f"of {', '.join(categories)}")
    return " and ".join(words)


def _narrowed(
    exchanges: Sequence[Exchange], names: Sequence[str], coverage: Coverage, a: str, b: str | None
) -> tuple[tuple[str, ...], tuple[Exchange, ...]]:
    """The names as the snapshot writes them, and the exchanges of router ``a`` or between ``a`` and ``b``, A's own first.

    ``b`` may be an address that A calls. Raises InputError for a name that is not there, IncompleteError for a router that
    could not be read.
    """
    one = _router(a, names, coverage)
    of_one = [exchange for exchange in exchanges if one in (exchange.initiator, exchange.responder)]
    pair: tuple[str, ...] = (one,)
    chosen = of_one
    if b is not None and b not in names and any(exchange.peer == b for exchange in of_one):
        pair = (one, b)
        chosen = [exchange for exchange in of_one if exchange.peer == b and exchange.initiator == one]
    elif b is not None:
        pair = (one, _router(b, names, coverage))
        chosen = [exchange for exchange in of_one if {exchange.initiator, exchange.responder} == set(pair)]
    return pair, tuple(sorted(chosen, key=lambda exchange: exchange.initiator != one))


def _at_address(
    exchanges: Sequence[Exchange], fleet: Fleet, address: IPAddress
) -> tuple[tuple[str, ...], tuple[Exchange, ...]]:
    """The tunnels that end at ``address``, in both directions; those of the router that owns it where none calls it.

    Raises InputError for an address that no router holds and none calls.
    """
    owners = tuple(sorted({router.name for router, _ in fleet.owners(address)}))
    calling = {e.tunnel for e in exchanges if e.peer == str(address)}
    found = tuple(e for e in exchanges if e.tunnel in calling)
    if not found:
        found = tuple(e for e in exchanges if {e.initiator, e.responder} & set(owners))
    if not found and not owners:
        raise InputError(f"No router holds the address {address}, and none calls it.")
    return (owners[0] if len(owners) == 1 else str(address),), found


def _router(asked: str, names: Sequence[str], coverage: Coverage) -> str:
    if asked not in names:
        for problem in coverage.unread:
            if problem.host == asked:
                raise IncompleteError(f"{asked} could not be read: {problem.reason.rstrip('.')}.")
        for entry in coverage.not_ios:
            if entry.host == asked:
                raise InputError(f"{asked} is not an IOS router ({entry.reason}).")
    return one_named(asked, names, what="router")
