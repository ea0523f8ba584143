"""``explain`` for people: a table of directions, then the story of each one that does not simply come up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ikeaudit.exchange.result import Exchange, Outcome, Reading
from ikeaudit.report.console.pieces import draw_coverage_note, draw_evidence, plural
from ikeaudit.report.console.sheet import Part, Sheet
from ikeaudit.report.console.style import CONFIDENCE_STYLE, OUTCOME_STYLE, REASON_WORDS
from ikeaudit.report.console.transcript import draw_transcript
from ikeaudit.report.documents import ExplainReport

STORIES_ON_TERMINAL = 10
EVIDENCE_OF_A_STORY = 30
TROUBLE: tuple[Outcome, ...] = ("down", "half-open")
HEADS = ("direction", "interface", "outcome", "confidence", "failed at", "reason")


def draw_exchanges(report: ExplainReport, sheet: Sheet) -> None:
    """The table, the stories, what they rest on, and a last line that counts."""
    if report.exchanges:
        _draw_table(report.exchanges, sheet)
        sheet.blank()
    stories, left = sheet.shortened(_stories(report), STORIES_ON_TERMINAL)
    for exchange in stories:
        _draw_story(exchange, sheet)
    if left:
        more = f"… and {plural(left, 'more direction')} like this: ikeaudit explain {report.path} A B shows a pair"
        sheet.prose((more, "dim"))
        sheet.blank()
    draw_coverage_note(sheet, report.coverage, report.path)
    sheet.blank()
    sheet.prose(*_summary(report), hang=2)


def _stories(report: ExplainReport) -> list[Exchange]:
    if report.transcripts == "none":
        return []
    everything = report.transcripts == "all" or bool(report.pair)
    return [exchange for exchange in report.exchanges if everything or _worth_telling(exchange)]


def _worth_telling(exchange: Exchange) -> bool:
    """Whether somebody should look: it fails in some reading, or cannot be told although both ends are known."""
    return exchange.worst in TROUBLE or (exchange.worst == "unknown" and exchange.responder is not None)


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


def _draw_story(exchange: Exchange, sheet: Sheet) -> None:
    version = f"IKEv{exchange.ike_version}" + (f" {exchange.mode} mode" if exchange.mode else "")
    sheet.prose(
        (direction(exchange), "bold"),
        f"  {_interfaces(exchange)}  ",
        (f"{version}, calls {exchange.peer}", "dim"),
        hang=2,
    )
    sheet.prose(*_ending(exchange), indent=2, hang=2)
    for line in _picks(exchange):
        sheet.prose(line, indent=2, hang=2)
    if exchange.transcript:
        sheet.blank()
        draw_transcript(exchange, sheet)
    if exchange.readings:
        sheet.blank()
        sheet.prose(("What the sources leave open, and where each reading leads", "dim"), indent=2)
        for reading in exchange.readings:
            sheet.prose(*_reading(reading), indent=2, hang=2)
    if exchange.evidence:
        sheet.blank()
        sheet.prose(("Configuration behind it", "dim"), indent=2)
        draw_evidence(sheet, exchange.evidence, indent=2, limit=EVIDENCE_OF_A_STORY)
    sheet.blank()


def _ending(exchange: Exchange) -> list[Part]:
    parts: list[Part] = [(exchange.outcome, OUTCOME_STYLE[exchange.outcome])]
    if exchange.failed_at:
        parts.append(f" at {exchange.failed_at}")
    if exchange.confidence != "certain":
        parts += [", ", (exchange.confidence, CONFIDENCE_STYLE[exchange.confidence])]
    if exchange.reason:
        parts.append(f": {exchange.reason}. {REASON_WORDS[exchange.reason]}.")
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
    ring = "the global keyring (default)" if keyring == "default" else f"keyring {keyring}" if keyring else "no keyring"
    return f"{host} takes the key from {ring}, {f'profile {profile}' if profile else 'no profile'}"


def _reading(reading: Reading) -> list[Part]:
    parts: list[Part] = ["▸ ", (reading.outcome, OUTCOME_STYLE[reading.outcome])]
    if reading.failed_at:
        parts.append(f" at {reading.failed_at}")
    if reading.reason:
        parts.append(f", {reading.reason}")
    parts.append(f": {reading.reading}")
    if reading.primary:
        parts.append((" (shown above)", "dim"))
    return parts


def _summary(report: ExplainReport) -> list[Part]:
    exchanges = report.exchanges
    if not exchanges:
        where = f"between {' and '.join(report.pair)}" if report.pair else "in what was read"
        return [("No tunnel", "bold yellow"), f" {where}: nothing to replay."]
    counts = Counter(exchange.outcome for exchange in exchanges)
    parts: list[Part] = [(f"{plural(len(exchanges), 'direction')}: ", "bold")]
    for number, (outcome, style) in enumerate((o, s) for o, s in OUTCOME_STYLE.items() if counts[o]):
        parts += [", " if number else "", (f"{counts[outcome]:,} {outcome}", style)]
    one_way = len(_one_way(exchanges))
    if one_way:
        parts.append((f"; {plural(one_way, 'tunnel comes', 'tunnels come')} up from one end only", "bold red"))
    parts.append(".")
    return parts


def _one_way(exchanges: Sequence[Exchange]) -> set[str]:
    """Tunnels of which one direction comes up and the other, which can be started, does not."""
    up = {exchange.tunnel for exchange in exchanges if exchange.holds and exchange.tunnel}
    return {exchange.tunnel for exchange in exchanges if exchange.outcome in TROUBLE} & up
