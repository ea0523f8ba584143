"""From a log to its cause: what a router says of its negotiations, beside what the configurations say of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, cast

from ikeaudit.api.parts import Part
from ikeaudit.api.snapshot import Snapshot
from ikeaudit.exchange.result import FAILED, Exchange
from ikeaudit.logs import Cause, Diagnosis, Negotiation
from ikeaudit.model import Evidence, parse_address
from ikeaudit.model.grouping import by_key
from ikeaudit.parsing.gc_pause import gc_paused
from ikeaudit.report import Diagnosed, DiagnoseReport

if TYPE_CHECKING:
    from ikeaudit.hazards.finding import Finding


def diagnose(lines: Iterable[str], snapshot: Snapshot | None = None, *, log: str = "") -> DiagnoseReport:
    """What became of the negotiations in the ``lines`` of a log, and, with a snapshot, which finding is behind each failure.

    The log may be any text that routers' messages stand in; nothing of it is repeated but names of routers, addresses and time
    stamps. ``log`` is what to call it. Raises InputError and IncompleteError as :func:`check` does, for the snapshot.
    """
    diagnosis = Diagnosis()
    for line in lines:
        diagnosis.feed(line)
    return reported(diagnosis, diagnosis.finish(), Comparison(snapshot) if snapshot is not None else None, log=log)


def reported(
    diagnosis: Diagnosis,
    negotiations: Sequence[Negotiation],
    comparison: Comparison | None,
    *,
    log: str,
    live: bool = False,
) -> DiagnoseReport:
    """``negotiations`` of ``diagnosis`` as a document."""
    snapshot = comparison.snapshot if comparison is not None else None
    return DiagnoseReport(
        exchanges=tuple(comparison.of(one) if comparison is not None else Diagnosed.alone(one) for one in negotiations),
        lines=diagnosis.read,
        messages=diagnosis.recognised,
        log=log,
        path=str(snapshot.path) if snapshot is not None else "",
        coverage=snapshot.coverage if snapshot is not None else None,
        live=live,
    )


_OPEN: frozenset[Cause | None] = frozenset({None, "no-response", "authentication-failed"})
"""What a log says where it cannot say why."""


class _Directions(NamedTuple):
    """The directions of a part, by the routers at their ends and by the address called."""

    by_router: dict[str, list[Exchange]]
    by_address: dict[str, list[Exchange]]


class Comparison:
    """Finds the direction of a snapshot that a log is about: the parts of the fleet that it may be in are replayed once, when
    they are asked for, and so is the audit."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._replayed: dict[Part, _Directions] = {}

    def of(self, told: Negotiation) -> Diagnosed:
        """``told`` beside the direction that it is about."""
        host = self._host(told)
        directions = [*self._directions(told, host)]
        known = [e for e in directions if e.outcome not in ("unknown", "not-initiated")]
        agreeing = [e for e in known if agrees(told, e)]
        chosen = next(iter(agreeing or known or directions), None)
        if host is None and chosen is not None:
            host = self._logging(told, chosen)
        predicted = None if told.outcome == "unknown" or not known else bool(agreeing)
        failed_at, reason = told.failed_at, told.reason
        if agreeing and chosen is not None and told.outcome != "up":
            failed_at = chosen.failed_at or failed_at
            if reason in _OPEN or chosen.failure in told.candidates:
                reason = chosen.failure
        hazards: tuple[str, ...] = ()
        evidence: tuple[Evidence, ...] = ()
        if told.outcome in FAILED:
            findings = self._findings(chosen) if agreeing and chosen is not None else []
            findings = findings or [*self._near(told, reason, host, chosen)]
            hazards = tuple(dict.fromkeys(finding.code for finding in findings))
            evidence = tuple(dict.fromkeys(line for finding in findings for line in finding.evidence))
            if agreeing and chosen is not None and not evidence:
                evidence = chosen.evidence
        return Diagnosed(
            told=told,
            host=host,
            local=told.local or self._local(told, chosen),
            failed_at=failed_at,
            reason=reason,
            predicted=predicted,
            exchange=chosen,
            hazards=hazards,
            evidence=evidence,
        )

    def _of_part(self, part: Part) -> _Directions:
        """The directions of a part of the snapshot, replayed once."""
        if part not in self._replayed:
            with gc_paused(), self.snapshot.parts.known(part) as fleet:
                found = (*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges)
            self._replayed[part] = _Directions(
                by_key((name, e) for e in found for name in dict.fromkeys((e.initiator, e.responder)) if name),
                by_key((e.peer, e) for e in found),
            )
        return self._replayed[part]

    def _of_router(self, name: str) -> Sequence[Exchange]:
        """The directions that a router calls or is called in."""
        return self._of_part(self.snapshot.parts.of([name])).by_router.get(name, ())

    def _of_address(self, address: str) -> Sequence[Exchange]:
        """The directions in which an address, or a peer that only DNS knows, is called."""
        parsed = parse_address(address)
        parts = self.snapshot.parts
        where = parts.knowing(parsed) if parsed is not None else parts.of(self.snapshot.hosts)
        return self._of_part(where).by_address.get(address, ())

    @cached_property
    def _of_member(self) -> dict[tuple[str, ...], list[Finding]]:
        """The causes of which a failing direction is a consequence or a member: by caller, its end, the called, and reason."""
        return by_key(
            (place, finding)
            for finding in self._told
            for place in dict.fromkeys(
                (m.host, m.object, m.far, m.reason)
                for m in (*finding.members, *(m for one in finding.follows for m in one.members))
                if m.reason
            )
        )

    @cached_property
    def _told(self) -> list[Finding]:
        return list(self.snapshot.audited().findings)

    def _owners(self, address: str | None) -> set[str]:
        """The routers that hold ``address``, or that are seen by it behind a translation."""
        parsed = parse_address(address) if address else None
        if parsed is None:
            return set()
        return self.snapshot.parts.holding(parsed)

    def _host(self, told: Negotiation) -> str | None:
        """The router that logs, by its name in the snapshot; as the log says where the snapshot does not have it."""
        names = {name.casefold(): name for name in self.snapshot.hosts}
        peers = self._owners(told.peer)
        if told.host is not None:
            named = names.get(told.host.casefold()) or names.get(told.host.partition(".")[0].casefold())
            named = named or next(iter(sorted(self._owners(told.host))), None)
            if named is None:
                return None if self.snapshot.is_key(told.host) else told.host
            if named not in peers:
                return named
        own = self._owners(told.local)
        return next(iter(own)) if len(own) == 1 else None

    def _directions(self, told: Negotiation, host: str | None) -> Iterator[Exchange]:
        """The directions that the log may be about."""
        peers = self._owners(told.peer)
        if host is None and told.peer is None:
            return
        pools = [self._of_router(name) for name in ((host,) if host is not None else sorted(peers))]
        if host is None and told.peer is not None:
            pools.append(self._of_address(told.peer))
        for exchange in {id(one): one for pool in pools for one in pool}.values():
            if exchange.ike_version != told.ike_version:
                continue
            called = told.peer is None or exchange.peer == told.peer or exchange.responder in peers
            calls = told.peer is None or exchange.initiator in peers
            as_initiator = told.side != "responder" and host in (None, exchange.initiator) and called
            as_responder = told.side != "initiator" and host in (None, exchange.responder) and calls
            if as_initiator or as_responder:
                yield exchange

    def _logging(self, told: Negotiation, exchange: Exchange) -> str | None:
        """The router that logs, where one direction alone may be meant."""
        if told.side == "unknown" or len({(e.initiator, e.responder) for e in self._directions(told, None)}) != 1:
            return None
        return exchange.initiator if told.side == "initiator" else exchange.responder

    def _local(self, told: Negotiation, exchange: Exchange | None) -> str | None:
        """The address of the router that logs: what is called when it answers, as it is called when it calls."""
        if exchange is None or told.side == "unknown":
            return None
        if told.side == "responder":
            return exchange.peer if parse_address(exchange.peer) else None
        ends = (exchange.responder, exchange.initiator)
        beside = self._of_router(exchange.initiator)
        back = {e.peer for e in beside if e.tunnel == exchange.tunnel and (e.initiator, e.responder) == ends}
        return back.pop() if len(back) == 1 else None

    def _findings(self, exchange: Exchange) -> list[Finding]:
        """The causes of a failing direction; else what is told of these two ends.

        Not every failing direction is a finding's member: those of spokes that call each other are not.
        """
        place = (exchange.initiator, exchange.initiator_interface, exchange.responder or "", exchange.reason or "")
        found = self._of_member.get(place, [])
        ends, lines = {exchange.initiator, exchange.responder}, set(exchange.evidence)
        return found or [
            finding
            for finding in self._told
            if finding.category in ("connectivity", "selection")
            and ends <= set(finding.hosts)
            and exchange.peer in finding.peers
            and not lines.isdisjoint(finding.evidence)
        ]

    def _near(
        self, told: Negotiation, reason: Cause | None, host: str | None, exchange: Exchange | None
    ) -> Iterator[Finding]:
        """Findings of these ends that break tunnels by ``reason``, of which no direction that fails is told as a member."""
        from ikeaudit.hazards import HAZARDS

        breaking = {hazard.code for hazard in HAZARDS if reason is not None and reason in hazard.breaks}
        ends = {host, *((exchange.initiator, exchange.responder) if exchange is not None else ())} - {None}
        for finding in self._told:
            here = ends.intersection(finding.hosts)
            meant = not finding.peers or told.peer in finding.peers or len(here) > 1
            if finding.code in breaking and here and meant:
                yield finding


def agrees(told: Negotiation, exchange: Exchange) -> bool:
    """Whether the replay says just what the log shows: the same outcome, message and reason, as far as the log says them."""
    if told.outcome == "up":
        return exchange.outcome == "up"
    if told.outcome not in FAILED or exchange.outcome not in FAILED:
        return False
    if told.outcome == "half-open" and exchange.outcome != "half-open":
        return False
    if told.failed_at is not None and not _same_message(told, exchange):
        return False
    reason = cast("Cause | None", exchange.failure)
    if told.reason is None:
        return reason in told.candidates
    return reason == told.reason or reason in told.candidates


def _same_message(told: Negotiation, exchange: Exchange) -> bool:
    """Whether both name one message; where the log does not show the mode, the first is the first of either."""
    if told.failed_at == exchange.failed_at:
        return True
    first = {"MM1", "AM1"}
    if told.mode is None and {told.failed_at, exchange.failed_at} <= first:
        return True
    # A refusal by silence shows at the message before the one that the answer would have been.
    return told.reason == "no-response" and (told.failed_at, exchange.failed_at) in (("MM1", "MM2"), ("AM1", "AM2"))
