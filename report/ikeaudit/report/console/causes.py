"""Failing tunnels for people: what happens to them, then by cause, the most tunnels first."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterable, Sequence

import msgspec

from ikeaudit.exchange.result import FAILED, Exchange, unstarted
from ikeaudit.model import Evidence
from ikeaudit.model.grouping import by_key
from ikeaudit.report.console.decision import place
from ikeaudit.report.console.pieces import plural
from ikeaudit.report.console.sheet import Sheet
from ikeaudit.report.console.style import CONFIDENCE_STYLE, REASON_WORDS

CAUSES_ON_TERMINAL = 8
TUNNELS_OF_A_CAUSE = 4

_SECTIONS = (
    ("neither", "NEITHER END comes up", "bold red"),
    ("at-most", "ONE END AT MOST comes up", "bold red"),
    ("one", "ONE END ONLY comes up", "bold red"),
    ("lost", "COMES UP, AND IS LOST LATER", "bold red"),
    ("supposed", "COMES UP, unless another reading of the rules is right", "bold yellow"),
    ("never", "ONE END never calls", "bold yellow"),
    ("unknown", "NOT KNOWN", "yellow"),
)


class Cause(msgspec.Struct, frozen=True):
    """What failures are told together by: how it ends, and the name of the keyring or profile that decides."""

    section: str
    ending: str
    reason: str
    what: str


def draw_causes(exchanges: Sequence[Exchange], sheet: Sheet, path: str) -> None:
    """Every tunnel that does not come up from both ends, unless that is by design."""
    found: dict[Cause, list[Exchange]] = {}
    for section, exchange in _failing(exchanges):
        found.setdefault(_cause(section, exchange), []).append(exchange)
    number = 0
    for section, title, style in _SECTIONS:
        causes = sorted((c for c in found if c.section == section), key=lambda c: -len(found[c]))
        if not causes:
            continue
        sheet.prose((title, style), indent=1)
        some, left = sheet.shortened(causes, CAUSES_ON_TERMINAL)
        for cause in some:
            number += 1
            _draw(cause, found[cause], number, sheet, path)
        if left:
            more = sum(len(found[cause]) for cause in causes[len(some) :])
            sheet.prose((f"… and {plural(left, 'more cause')}, {plural(more, 'direction')}: --all", "dim"), indent=5)
        sheet.blank()


def _failing(exchanges: Sequence[Exchange]) -> Iterable[tuple[str, Exchange]]:
    """Each direction that somebody should look at, with what happens to its tunnel."""
    up = {exchange.tunnel for exchange in exchanges if exchange.holds}
    open_ = {exchange.tunnel for exchange in exchanges if exchange.outcome == "unknown"}
    silent = {name for name, pair in by_key((e.tunnel, e) for e in exchanges).items() if name and unstarted(pair)}
    for exchange in exchanges:
        if exchange.tunnel in silent:
            yield "neither", exchange
        elif exchange.outcome in FAILED:
            tunnel = exchange.tunnel
            yield ("one" if tunnel in up else "at-most" if tunnel in open_ else "neither"), exchange
        elif exchange.lost_at is not None or _dies_at_renewal(exchange, up):
            yield "lost", exchange
        elif exchange.by == "fault":
            yield "never", exchange
        elif exchange.outcome == "unknown":
            yield "unknown", exchange
        elif exchange.worst in FAILED:
            yield "supposed", exchange


def _dies_at_renewal(exchange: Exchange, up: Collection[str]) -> bool:
    return exchange.renewal is not None and exchange.renewal.outcome in FAILED and exchange.tunnel in up


def _cause(section: str, exchange: Exchange) -> Cause:
    ending, reason = (
        exchange.outcome + (f" at {exchange.failed_at}" if exchange.failed_at else ""),
        exchange.reason or "",
    )
    if section == "supposed":
        bad = next(reading for reading in exchange.readings if reading.outcome in FAILED)
        ending, reason = f"{bad.outcome} at {bad.failed_at}", bad.reason or ""
    elif exchange.renewal is not None and section == "lost":
        call = exchange.renewal
        ending, reason = f"its renewal is {call.outcome} at {call.failed_at}", call.reason or ""
    elif exchange.lost_at is not None:
        after = f" after {exchange.lost_after} s" if exchange.lost_after is not None else ""
        ending = (
            f"lost at the first {exchange.lost_at}{after}" if exchange.lost_at == "rekey" else "its replies are lost"
        )
    elif section == "unknown":
        ending = "" if exchange.responder is not None else "the peer's configuration is missing"
    keyed = reason in ("keyring-verification", "psk-mismatch")
    what = (exchange.responder_keyring if keyed else exchange.responder_profile) or ""
    return Cause(section, ending, reason, what if section in ("neither", "at-most", "one") else "")


def _draw(cause: Cause, directions: list[Exchange], number: int, sheet: Sheet, path: str) -> None:
    first = directions[0]
    words = ": ".join(part for part in (cause.ending, cause.reason) if part)
    told = next((REASON_WORDS[reason] for reason in REASON_WORDS if reason == cause.reason), "")
    sure = first.renewal.confidence if first.renewal is not None and cause.section == "lost" else first.confidence
    sheet.prose(
        f"{number:>2}  ",
        (plural(len(directions), "direction"), "bold"),
        "  ",
        (sure, CONFIDENCE_STYLE[sure]),
        f"  {words}" if words else "",
        (f". {told}." if told else "", ""),
        indent=1,
        hang=4,
    )
    some, left = sheet.shortened(directions, TUNNELS_OF_A_CAUSE)
    for exchange in some:
        called = exchange.responder or exchange.peer
        ends = f"{exchange.initiator_interface} → {exchange.responder_interface or exchange.peer}"
        sheet.fact(f"{exchange.initiator} → {called}  ", (ends, "dim"), indent=5, hang=2)
    if left:
        sheet.prose((f"… and {plural(left, 'more direction')} like this", "dim"), indent=5)
    line = _line(first)
    if line is not None:
        sheet.fact((place([line]), "cyan"), f"  {line.text}", indent=5, hang=2)
    if first.responder is not None:
        sheet.fact((f"more  ikeaudit explain {shlex.join((path, first.initiator, first.responder))}", "dim"), indent=5)


def _line(exchange: Exchange) -> Evidence | None:
    """The configuration line of the decision at which it fails; None where no single line decides."""
    if exchange.outcome not in FAILED or not exchange.steps or not exchange.steps[-1].decisions:
        return None
    decision = exchange.steps[-1].decisions[-1]
    lines = [line for one in decision.considered for line in one.evidence] or list(decision.evidence)
    return lines[0] if decision.picked is None and lines else None
