"""``explain`` for people: failing tunnels by cause, or the tunnels asked for with the ladder of each failing direction."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence

from ikeaudit.exchange.result import Exchange, Outcome, Reading, TranscriptLine, unstarted
from ikeaudit.report.console.causes import draw_causes
from ikeaudit.report.console.decision import place
from ikeaudit.report.console.ladder import draw_ladder
from ikeaudit.report.console.pieces import draw_coverage_note, draw_evidence, plural
from ikeaudit.report.console.seen import seen
from ikeaudit.report.console.sheet import Part, Sheet
from ikeaudit.report.console.style import CONFIDENCE_STYLE, OUTCOME_STYLE, REASON_WORDS, is_fatal
from ikeaudit.report.console.transcript import draw_transcript
from ikeaudit.report.documents import ExplainReport

STORIES_ON_TERMINAL = 10
EVIDENCE_OF_A_STORY = 30
TROUBLE: tuple[Outcome, ...] = ("down", "half-open")
HEADS = ("direction", "interface", "outcome", "confidence", "failed at", "reason")


def draw_exchanges(report: ExplainReport, sheet: Sheet) -> None:
    """Tunnels that were asked for as ladders; without routers the failing ones by cause, then the table of all."""
    if report.pair:
        _draw_asked(report, sheet)
    elif report.exchanges:
        draw_causes(report.exchanges, sheet, report.path)
        if report.everything or not sheet.surface.terminal:
            _draw_table(report.exchanges, sheet)
            sheet.blank()
            for exchange in report.exchanges:
                if report.everything or _worth_telling(exchange):
                    _draw_story(exchange, report, sheet)
        else:
            calm = sum(not _worth_telling(exchange) for exchange in report.exchanges)
            if calm:
                sheet.prose((f"{plural(calm, 'other direction')}: --all", "dim"))
    draw_coverage_note(sheet, report.coverage, report.path)
    sheet.blank()
    sheet.prose(*_summary(report), hang=2)


def _draw_asked(report: ExplainReport, sheet: Sheet) -> None:
    """Each tunnel with both verdicts; then its failing directions, all with ``everything``."""
    tunnels: dict[str, list[Exchange]] = {}
    for exchange in report.exchanges:
        tunnels.setdefault(exchange.tunnel, []).append(exchange)
    for directions in tunnels.values():
        _draw_verdicts(directions, sheet)
    worth = [e for e in report.exchanges if _worth_telling(e)]
    failing = [e for e in worth if not e.holds] or worth
    shown = report.exchanges if report.everything else failing
    some, left = sheet.shortened(shown, STORIES_ON_TERMINAL)
    for exchange in some:
        _draw_story(exchange, report, sheet)
    if left:
        following = shown[len(some)]
        pair = shlex.join(filter(None, (report.path, following.initiator, following.responder)))
        sheet.prose((f"… and {plural(left, 'more direction')}: ikeaudit explain {pair} shows the next", "dim"))
        sheet.blank()
    hints = []
    if len(shown) < len(report.exchanges):
        hints.append("the healthy directions  --all")
    if report.transcripts != "all":
        hints.append("debug lines  --transcripts all")
    if not report.evidence:
        hints.append("the lines  --evidence")
    if any(e.reason == "keyring-verification" for e in shown):
        sheet.fact((f"mend  ikeaudit plan {shlex.quote(report.path)} --strategy single-keyring --out plan", "dim"))
    if report.exchanges and hints:
        sheet.prose(("      ".join(hints), "dim"))
        sheet.blank()


def _draw_verdicts(directions: Sequence[Exchange], sheet: Sheet) -> None:
    """The tunnel's name and how it comes up, and a line for each direction with what both ends take."""
    first = directions[0]
    version = f"IKEv{first.ike_version}" + (f" {first.mode} mode" if first.mode else "")
    ends = f"{first.initiator_interface} ⇄ {first.responder_interface or '?'}"
    words, style = _together(directions)
    sheet.prose(
        (f"{first.initiator} ⇄ {first.responder or first.peer}", "bold"),
        f"   {ends}   {version}   ",
        (words, style),
        hang=2,
    )
    names = [f"{e.initiator} calls {e.responder or e.peer}" for e in directions]
    column = min(max(len(name) for name in names) + 2, sheet.surface.width // 3)
    for name, exchange in zip(names, directions, strict=True):
        sign = "✔ " if exchange.holds else "✕ " if exchange.outcome in TROUBLE or exchange.lost_at else "– "
        ending: list[Part] = [(sign, OUTCOME_STYLE[exchange.outcome]), *_short(exchange)]
        picks = "; ".join(_picks(exchange))
        if len(name) >= column:
            sheet.prose(name, indent=2)
            name = ""
        sheet.labelled((name, ""), *ending, (f"   {picks}" if picks else "", "dim"), indent=2, column=column)
        if exchange.observed is not None:
            sheet.labelled(("", ""), *seen(exchange), indent=2, column=column)
    sheet.blank()


def _short(exchange: Exchange) -> list[Part]:
    parts: list[Part] = [(exchange.outcome, OUTCOME_STYLE[exchange.outcome])]
    if exchange.failed_at:
        parts.append(f" at {exchange.failed_at}")
    if exchange.lost_at is not None:
        after = f" after {exchange.lost_after} s" if exchange.lost_after is not None else ""
        parts.append((f", lost at the first {exchange.lost_at}{after}", "bold red"))
    if exchange.by is not None:
        parts.append(f" (by {exchange.by})")
    if exchange.reason:
        parts.append(f"  {exchange.reason}")
    if exchange.renewal is not None:
        call = exchange.renewal
        why = f", {call.reason}" if call.reason else ""
        parts.append((f"; renews it: {call.outcome}{why}", OUTCOME_STYLE[call.outcome]))
    if exchange.instead is not None:
        other = exchange.instead
        then = "called in turn with" if other.confidence == "probable" else "whether it then calls this is not known:"
        whom = f"{other.responder} ({other.peer})" if other.responder else other.peer
        parts.append((f"; {then} {whom}: {other.outcome}", OUTCOME_STYLE[other.outcome]))
    return parts


def _together(directions: Sequence[Exchange]) -> tuple[str, str]:
    """How the tunnel comes up, over its directions."""
    sure = max((e.confidence for e in directions), key=list(CONFIDENCE_STYLE).index)
    more = "" if sure == "certain" else f" · {sure}"
    up = [e for e in directions if e.holds]
    if any(e.lost_at is not None for e in directions):
        return f"comes up and is LOST LATER{more}", "bold red"
    if any(e.outcome in TROUBLE for e in directions):
        at_most = any(e.outcome == "unknown" for e in directions)
        ends = "ONE END ONLY" if up else "ONE END AT MOST" if at_most else "NEITHER END"
        return f"comes up from {ends}{more}", "bold red"
    if unstarted(directions):
        return f"comes up from NEITHER END: nobody calls{more}", "bold red"
    if len(up) == len(directions) > 1:
        return f"comes up from both ends{more}", "green"
    return (f"comes up from one end{more}", "") if up else (f"not known{more}", "yellow")


def _worth_telling(exchange: Exchange) -> bool:
    """Whether somebody should look: it fails in some reading, is lost, or cannot be told although both ends are known."""
    lost = exchange.lost_at is not None or (exchange.renewal is not None and exchange.renewal.outcome in TROUBLE)
    return exchange.worst in TROUBLE or lost or (exchange.worst == "unknown" and exchange.responder is not None)


def direction(exchange: Exchange) -> str:
    """``R1 → R2``; a responder without configuration goes by the address called."""
    return f"{exchange.initiator} → {exchange.responder or exchange.peer}"


def _interfaces(exchange: Exchange) -> str:
    return f"{exchange.initiator_interface} → {exchange.responder_interface or '?'}"


def _outcome(exchange: Exchange) -> Part:
    return exchange.outcome, OUTCOME_STYLE[exchange.outcome]


def _confidence(exchange: Exchange) -> Part:
    return exchange.confidence, CONFIDENCE_STYLE[exchange.confidence]


def _why(exchange: Exchange) -> str:
    if exchange.outcome == "unknown" and exchange.responder is None:
        return "the peer's configuration is missing"
    return exchange.reason or ""


def _draw_table(exchanges: Sequence[Exchange], sheet: Sheet) -> None:
    """One row a direction; on a page too narrow for six columns the first and the last two are stacked."""
    full: list[tuple[Part, ...]] = [
        (direction(e), _interfaces(e), _outcome(e), _confidence(e), e.failed_at or "", _why(e)) for e in exchanges
    ]
    if not sheet.surface.terminal or sheet.fits(full, HEADS):
        sheet.rows(full, heads=HEADS)
        return
    stacked: list[tuple[Part, ...]] = [
        (
            sheet.stack(direction(e), (f"  {_interfaces(e)}", "dim")),
            _outcome(e),
            _confidence(e),
            sheet.stack(*filter(None, (e.failed_at, _why(e)))),
        )
        for e in exchanges
    ]
    sheet.rows(stacked, heads=("direction, interface", "outcome", "confidence", "failed at, reason"))


def _draw_story(exchange: Exchange, report: ExplainReport, sheet: Sheet) -> None:
    version = f"IKEv{exchange.ike_version}" + (f" {exchange.mode} mode" if exchange.mode else "")
    sheet.prose(
        (direction(exchange), "bold"),
        f"  {_interfaces(exchange)}  ",
        (f"{version}, calls {exchange.peer}", "dim"),
        hang=2,
    )
    sheet.prose(*_ending(exchange), indent=2, hang=2)
    if exchange.observed is not None:
        sheet.prose(*seen(exchange), indent=2, hang=2)
    if exchange.steps:
        sheet.blank()
        draw_ladder(exchange, sheet)
    for line in _logged(exchange):
        sheet.labelled((f"{line.router} logs", "dim"), (line.line, "bold red"), indent=2, column=len(line.router) + 7)
    if exchange.readings:
        sheet.blank()
        sheet.prose((_why_not_certain(exchange), "dim"), indent=2, hang=2)
        for reading in exchange.readings:
            sheet.prose(*_reading(reading), indent=2, hang=2)
    asked = report.transcripts == "all" or (report.transcripts == "auto" and _worth_telling(exchange))
    if asked and exchange.transcript:
        sheet.blank()
        draw_transcript(exchange, sheet)
    if report.evidence and exchange.evidence:
        sheet.blank()
        sheet.prose(("Configuration behind it", "dim"), indent=2)
        draw_evidence(sheet, exchange.evidence, indent=2, limit=EVIDENCE_OF_A_STORY)
    sheet.blank()


def _logged(exchange: Exchange) -> list[TranscriptLine]:
    """The line by which the failure is known in a log: the first that kills the exchange, of its last message."""
    if exchange.failure is None or not exchange.steps:
        return []
    lines = [exchange.transcript[place] for place in exchange.steps[-1].transcript]
    return [line for line in lines if is_fatal(line.line)][:1]


def _why_not_certain(exchange: Exchange) -> str:
    if exchange.confidence == "certain":
        return "Certain, although readings of the rules take different ways"
    rules = {decision.rule for step in exchange.steps for decision in step.decisions}
    if exchange.confidence == "unpredictable":
        what = "equal keys" if "KEY-TIE" in rules else "profiles or keys that fit alike"
        ties = [
            line
            for step in exchange.steps
            for d in step.decisions
            if d.rule in ("KEY-TIE", "PROFILE-UNIQUE")
            for c in d.considered
            if c.result in ("picked", "later")
            for line in c.evidence[-1:]
        ]
        where = f" ({', '.join(dict.fromkeys(place([line]) for line in ties))})" if ties else ""
        return f"Unpredictable, because IOS does not promise which of several {what} it takes{where}"
    if exchange.confidence == "unknown":
        return "Not known, because the configurations leave out what decides"
    return "Probable, because the sources leave it open or a rule was inferred; where each reading leads"


def _ending(exchange: Exchange) -> list[Part]:
    parts = _short(exchange)
    if exchange.confidence != "certain":
        parts += [", ", (exchange.confidence, CONFIDENCE_STYLE[exchange.confidence])]
    if exchange.reason:
        parts.append(f". {REASON_WORDS[exchange.reason]}.")
    return parts


def _picks(exchange: Exchange) -> list[str]:
    """Which keyring and profile each end uses."""
    lines = []
    if exchange.initiator_keyring or exchange.initiator_profile:
        lines.append(_pick(exchange.initiator, exchange.initiator_keyring, exchange.initiator_profile))
    if exchange.responder and (exchange.responder_keyring or exchange.responder_profile):
        lines.append(_pick(exchange.responder, exchange.responder_keyring, exchange.responder_profile))
    return lines


def _pick(host: str, keyring: str | None, profile: str | None) -> str:
    return f"{host} {', '.join(name for name in (keyring, profile) if name) or 'no key'}"


def _reading(reading: Reading) -> list[Part]:
    mark = (
        ("✔ ", "green") if reading.outcome == "up" else ("✕ ", "red") if reading.outcome in TROUBLE else ("– ", "dim")
    )
    parts: list[Part] = [mark, (reading.outcome, OUTCOME_STYLE[reading.outcome])]
    if reading.failed_at:
        parts.append(f" at {reading.failed_at}")
    if reading.reason:
        parts.append(f", {reading.reason}")
    parts.append(f": {reading.reading}")
    if reading.primary:
        parts.append((" (shown)", "dim"))
    return parts


def _summary(report: ExplainReport) -> list[Part]:
    exchanges = report.exchanges
    if not exchanges:
        where = f"between {' and '.join(report.pair)}" if report.pair else "in what was read"
        if report.unread:
            return [("Not known", "bold yellow"), f" whether there is a tunnel {where}", *_unread(report)]
        return [("No tunnel", "bold yellow"), f" {where}: nothing to replay."]
    counts = Counter(exchange.outcome for exchange in exchanges)
    parts: list[Part] = [(f"{plural(len(exchanges), 'direction')}: ", "bold")]
    for number, (outcome, style) in enumerate((o, s) for o, s in OUTCOME_STYLE.items() if counts[o]):
        parts += [", " if number else "", (f"{counts[outcome]:,} {outcome}", style)]
    one_way = len(_one_way(exchanges))
    if one_way:
        parts.append((f"; {plural(one_way, 'tunnel comes', 'tunnels come')} up from one end only", "bold red"))
    parts += _unread(report) or ["."]
    return parts


def _unread(report: ExplainReport) -> list[Part]:
    """Which lines leave the answer open; nothing when none do."""
    lines = [f"{line.file}:{line.line}" for line in report.unread]
    if not lines:
        return []
    more = f" and {len(lines) - _LINES} more" if len(lines) > _LINES else ""
    verb = "was" if len(lines) == 1 else "were"
    return [f"; {', '.join(lines[:_LINES])}{more} {verb} not understood, and what depends on that is unknown."]


_LINES = 4


def _one_way(exchanges: Sequence[Exchange]) -> set[str]:
    """Tunnels of which one direction comes up and the other, which can be started, does not."""
    up = {exchange.tunnel for exchange in exchanges if exchange.holds and exchange.tunnel}
    return {exchange.tunnel for exchange in exchanges if exchange.outcome in TROUBLE} & up
