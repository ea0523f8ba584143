"""``diagnose`` for people: each negotiation, what decided it, and the configuration behind it."""

from __future__ import annotations

import shlex
from collections import Counter

from ikeaudit.logs import Cause, Negotiation
from ikeaudit.report.console.pieces import draw_coverage_note, draw_evidence, plural
from ikeaudit.report.console.sheet import Part, Sheet
from ikeaudit.report.console.style import OUTCOME_STYLE, REASON_WORDS
from ikeaudit.report.diagnosis import Diagnosed
from ikeaudit.report.documents import DiagnoseReport

CAUSE_WORDS: dict[str, str] = {
    "no-response": "Nobody answers, or not any more",
    "authentication-failed": "One end does not authenticate the other; the log does not say by what it fails",
}
"""What only a log says, in words."""
NEGOTIATIONS_ON_TERMINAL = 40


def draw_diagnosis(report: DiagnoseReport, sheet: Sheet) -> None:
    """What failed first, then what came up, then what the log shows no end of; last how much was read."""
    ordered = sorted(report.exchanges, key=lambda one: _RANK.get(one.told.outcome, 1))
    some, left = sheet.shortened(ordered, NEGOTIATIONS_ON_TERMINAL)
    for diagnosed in some:
        _draw(diagnosed, sheet, report)
    if left:
        sheet.prose(
            (f"… and {plural(left, 'more negotiation')} (all of them when piped, or with --format json)", "dim")
        )
        sheet.blank()
    if report.live:
        return
    if report.coverage is not None and report.exchanges:
        draw_coverage_note(sheet, report.coverage, report.path)
        sheet.blank()
    sheet.prose(*_summary(report), hang=2)


_RANK = {"down": 0, "half-open": 0, "up": 2, "unknown": 3}


def _draw(diagnosed: Diagnosed, sheet: Sheet, report: DiagnoseReport) -> None:
    told = diagnosed.told
    version = f"IKEv{told.ike_version}" + (f" {told.mode} mode" if told.mode else "")
    sign = {"up": "✔", "unknown": "–"}.get(told.outcome, "✕")
    head: list[Part] = [
        (_ends(diagnosed), "bold"),
        f"   {version}   ",
        (f"{sign} {told.outcome}", OUTCOME_STYLE[told.outcome]),
    ]
    if diagnosed.failed_at:
        head.append(f" at {diagnosed.failed_at}")
    if diagnosed.reason:
        head.append((f"   {diagnosed.reason}", "bold"))
    sheet.fact(*head, hang=2)
    if told.words:
        numbers = ", ".join(map(str, told.lines))
        sheet.labelled(
            (f"line{'s' if len(told.lines) > 1 else ''}", "dim"), f"{numbers}: {told.words}", indent=2, column=11
        )
    if told.time:
        count = f", {plural(told.attempts, 'attempt')}" if told.attempts > 1 else ""
        sheet.labelled(("time", "dim"), told.time + count, indent=2, column=11)
    if told.outcome == "unknown":
        sheet.labelled(("means", "dim"), _open_words(told), indent=2, column=11)
    elif diagnosed.reason:
        sheet.labelled(("means", "dim"), f"{words(diagnosed.reason)}.", indent=2, column=11)
    elif told.outcome != "up":
        unsure = (
            "It failed; the log does not tell why."
            if told.failed_at or told.candidates
            else "It is gone; the log does not tell why."
        )
        sheet.labelled(("means", "dim"), unsure, indent=2, column=11)
    others = [one for one in told.candidates if one != diagnosed.reason]
    if others and diagnosed.predicted is not True:
        sheet.labelled(("or else" if diagnosed.reason else "one of", "dim"), ", ".join(others), indent=2, column=11)
    for before in told.earlier:
        at = f" at {before.failed_at}" if before.failed_at else ""
        why = f", {before.reason}" if before.reason else ""
        lines = ", ".join(map(str, before.lines))
        sheet.labelled(
            ("before", "dim"), f"failed {plural(before.attempts, 'time')}{at}{why} (lines {lines})", indent=2, column=11
        )
    _draw_prediction(diagnosed, sheet, report)
    sheet.blank()


def _draw_prediction(diagnosed: Diagnosed, sheet: Sheet, report: DiagnoseReport) -> None:
    if not report.path:
        return
    exchange = diagnosed.exchange
    if exchange is None:
        sheet.labelled(("explain", "dim"), "knows no such direction in the snapshot", indent=2, column=11)
    elif diagnosed.predicted is not None:
        said = (
            exchange.outcome
            + (f" at {exchange.failed_at}" if exchange.failed_at else "")
            + (f", {exchange.reason}" if exchange.reason else "")
        )
        text = (
            f"predicts just that ({exchange.confidence})" if diagnosed.predicted else f"predicts something else: {said}"
        )
        sheet.labelled(("explain", "dim"), (text, "" if diagnosed.predicted else "yellow"), indent=2, column=11)
        pair = shlex.join(filter(None, (report.path, exchange.initiator, exchange.responder)))
        sheet.labelled(("more", "dim"), (f"ikeaudit explain {pair}", "dim"), indent=2, column=11, unbroken=True)
    if diagnosed.hazards:
        sheet.labelled(("finding", "dim"), (", ".join(diagnosed.hazards), "bold"), indent=2, column=11)
    if diagnosed.evidence:
        draw_evidence(sheet, diagnosed.evidence, indent=4)


def _ends(diagnosed: Diagnosed) -> str:
    told = diagnosed.told
    here = diagnosed.host or diagnosed.local or "this router"
    if diagnosed.host and diagnosed.local and diagnosed.local != diagnosed.host:
        here += f" ({diagnosed.local})"
    verb = {"initiator": "calls", "responder": "is called by"}.get(told.side, "and")
    return f"{here} {verb} {told.peer or 'a peer that the log does not name'}"


def words(cause: Cause) -> str:
    """What a cause means, as a sentence without its stop."""
    known: dict[str, str] = {**CAUSE_WORDS, **{str(name): text for name, text in REASON_WORDS.items()}}
    return known[cause]


def _open_words(told: Negotiation) -> str:
    if told.candidates:
        return "Packets come in clear that this end expects encrypted: the other end does not protect them."
    if told.words:
        return "Packets come for an SA that this end does not have; that says nothing of a negotiation."
    reached = {"PHASE1": "phase 1 came up", "UP": ""}.get(
        told.reached or "", f"{told.reached} was the last message seen"
    )
    return f"The log shows no end of it{f': {reached}' if told.reached else ''}."


def _summary(report: DiagnoseReport) -> list[Part]:
    read = f"{plural(report.lines, 'line')} read, {plural(report.messages, 'message')} of IKE and IPsec recognised"
    if not report.exchanges:
        return [("Nothing recognised: ", "bold yellow"), f"no negotiation is in this log. {read}."]
    counts = Counter(
        "failed" if one.told.outcome in ("down", "half-open") else one.told.outcome for one in report.exchanges
    )
    told = [
        f"{counts[name]:,} {text}"
        for name, text in (("failed", "failed"), ("up", "came up"), ("unknown", "without an end in the log"))
        if counts[name]
    ]
    return [(f"{', '.join(told)}. ", "bold"), f"{read}."]
