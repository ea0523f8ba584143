"""``check`` on a terminal, at most forty lines: what happens to tunnels first and last, and by which causes."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.text import Text

from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.finding import Effect, Finding, Severity, State
from ikeaudit.report.asked import WORST_FIRST
from ikeaudit.report.console.pieces import named, plural
from ikeaudit.report.console.seen import counted
from ikeaudit.report.console.sheet import Part, Sheet
from ikeaudit.report.console.style import CONFIDENCE_STYLE, SEVERITY_STYLE, verdict_style
from ikeaudit.report.documents import CheckReport

LINES = 40
CODES_OF_A_SEVERITY = 5
LEAST_ID = 4

_SECTIONS: Mapping[Effect, tuple[str, str]] = {
    "down": ("NEITHER END comes up", "bold red"),
    "one-at-most": ("ONE END AT MOST comes up", "bold red"),
    "one-end": ("ONE END ONLY comes up", "bold red"),
    "order": ("HANGS ON AN ORDER that IOS does not promise", "bold yellow"),
    "later": ("COMES UP, AND IS LOST LATER", "bold red"),
}
_WORDS: Mapping[State, str] = {
    "down": "neither end",
    "one-at-most": "one end at most",
    "one-end": "one end only",
    "order": "by luck of an order",
    "later": "lost later",
    "unknown": "not known",
    "none": "healthy",
    "design": "started by nobody, by design",
}


def draw_glance(report: CheckReport, sheet: Sheet) -> None:
    """The whole of it: the tunnels, the causes as far as there is room, what breaks nothing, how to see more."""
    causes = [finding for finding in report.findings if finding.effect != "none"]
    others = [finding for finding in report.findings if finding.effect == "none"]
    head = [*_counts(report, sheet), Text()]
    tail = [
        *_unknown(report, sheet),
        *_others(others, sheet),
        Text(),
        *_more(report, sheet),
        *_ending(report, causes, sheet),
    ]
    body = _causes(causes, report, sheet, LINES - len(head) - len(tail))
    for line in (*head, *body, *tail):
        sheet.line(line)


def short_ids(findings: Iterable[Finding]) -> dict[str, str]:
    """By fingerprint, as much of it as tells one finding from the others, at least four digits."""
    prints = {finding.fingerprint for finding in findings}
    width = LEAST_ID
    while len({one[:width] for one in prints}) < len(prints):
        width += 1
    return {one: one[:width] for one in prints}


def _counts(report: CheckReport, sheet: Sheet) -> list[Text]:
    states, coverage = report.tunnels, report.coverage
    bad = sum(states.get(effect, 0) for effect in _SECTIONS)
    total = sum(states.values())
    hosts = len({entry.host for entry in coverage.ios})
    missing = len({problem.subject for problem in coverage.unread})
    rest = f"   {plural(hosts, 'router')} · " + (f"{plural(missing, 'configuration')} missing · " if missing else "")
    title = (
        (f" {bad:,} of {plural(total, 'tunnel')} will not come up from both ends for good", "bold red")
        if bad
        else (
            f" {plural(total, 'tunnel')}: none is known to fail",
            "bold yellow" if states.get("unknown") else "bold green",
        )
        if total
        else (" No tunnel is configured", "bold")
    )
    told = [f"{words} {states[state]:,}" for state, words in _WORDS.items() if states.get(state)]
    first = sheet.join(title, (f"{rest}coverage {coverage.total.percent:g}%", "dim"))
    second = sheet.join(" " + " · ".join(told))
    third = sheet.join(" ", *counted(report.seen))
    return [
        line
        for text in (first, second, third)
        if text.cell_len > 1
        for line in _clipped(sheet, text, indent=0, hang=1, most=2)
    ]


def _causes(causes: Sequence[Finding], report: CheckReport, sheet: Sheet, room: int) -> list[Text]:
    """As many causes as fit, those with the worst effect and the most tunnels first, as they come."""
    lines: list[Text] = []
    ids = short_ids(report.findings)
    section: Effect = "none"
    for number, cause in enumerate(causes, 1):
        block: list[Text] = []
        if cause.effect != section:
            block += [*([Text()] if lines else []), sheet.join(" ", _SECTIONS[cause.effect])]
        block += _cause(number, cause, report, sheet, ids[cause.fingerprint])
        # The line that says what is left out needs a place, too.
        if len(lines) + len(block) + (number < len(causes)) + 1 > room:
            left = causes[number - 1 :]
            tunnels = sum(one.tunnels for one in left)
            words = f"… and {plural(len(left), 'more cause')}, {plural(tunnels, 'tunnel')}: --all"
            return [*lines, *_clipped(sheet, sheet.join((words, "dim")), indent=5, most=1), Text()]
        lines, section = lines + block, cause.effect
    return [*lines, Text()] if lines else []


def _cause(number: int, cause: Finding, report: CheckReport, sheet: Sheet, short: str) -> list[Text]:
    sure = weakest(
        cause.confidence, *(one.confidence for one in cause.follows if one.category in ("connectivity", "selection"))
    )
    head: tuple[Part, ...] = (
        f"{number:>3}  ",
        (f"{plural(cause.tunnels, 'tunnel')}  ", "bold"),
        (sure + "  ", CONFIDENCE_STYLE[sure]),
        cause.message,
    )
    lines = _clipped(sheet, sheet.join(*head), indent=0, hang=5, most=2)
    if cause.evidence:
        first = cause.evidence[0]
        files = len({one.file for one in cause.evidence}) - 1
        more = f"  (and in {plural(files, 'more file')})" if files else ""
        lines += _clipped(
            sheet,
            sheet.join((f"{first.file}:{first.line}", "cyan"), f"  {first.text}", (more, "dim")),
            indent=5,
            most=1,
        )
    lines += _clipped(sheet, sheet.join(("advice  ", "dim"), cause.fix), indent=5, most=1)
    holds = " · ".join(f"{one.code} {len(one.hosts)}" for one in cause.consequences)
    more = f"more  ikeaudit check {shlex.quote(report.path)} --cause {short}"
    if len(more) > sheet.surface.width - 5:  # a command that is cut off cannot be typed
        more = f"more: --cause {short}"
    lines += _clipped(
        sheet, sheet.join((more, "dim"), (f"   follows: {holds}" if holds else "", "dim")), indent=5, most=1
    )
    return lines


def _unknown(report: CheckReport, sheet: Sheet) -> list[Text]:
    number = report.tunnels.get("unknown", 0)
    if not number:
        return []
    peers = tuple(dict.fromkeys(p for f in report.findings if f.code == "PW-UNKNOWN-PEER" for p in f.peers))
    some = (
        f"  {', '.join(peers[:3])}{' …' if len(peers) > 3 else ''} not in the snapshot: collect them" if peers else ""
    )
    lines = [sheet.join((" NOT KNOWN", "yellow"))]
    return [*lines, *_clipped(sheet, sheet.join(f"{plural(number, 'tunnel')}", (some, "dim")), indent=5, most=1)]


def _others(findings: Sequence[Finding], sheet: Sheet) -> list[Text]:
    """What breaks no tunnel: a line for each severity."""
    lines: list[Text] = []
    for severity in WORST_FIRST:
        codes = Counter(finding.code for finding in findings if finding.severity == severity)
        if not codes:
            continue
        told = [f"{code} {count}" if count > 1 else code for code, count in codes.most_common(CODES_OF_A_SEVERITY)]
        told += [f"{len(codes) - len(told)} more"] if len(codes) > len(told) else []
        lines += _clipped(sheet, _severity(sheet, severity, codes.total(), " · ".join(told)), indent=1, most=1)
    return [sheet.join((" No tunnel fails by these", "bold")), *lines] if lines else []


def _severity(sheet: Sheet, severity: Severity, count: int, words: str) -> Text:
    return sheet.join((f"{severity:<8}", SEVERITY_STYLE[severity]), f" {count:>4}  {words}")


def _more(report: CheckReport, sheet: Sheet) -> list[Text]:
    if not report.findings:
        return []
    first = report.findings[0]
    words = f"all: --all   with advice: -v   proved commands: --fixes   one router: --host {first.hosts[0]}"
    return _clipped(sheet, sheet.join((words, "dim")), indent=1, most=1)


def _ending(report: CheckReport, causes: Sequence[Finding], sheet: Sheet) -> list[Text]:
    verdict = report.verdict
    head = sheet.join((f" {verdict.word}", verdict_style(verdict)), f"  {verdict.sentence}")
    tunnels = sum(report.tunnels.get(effect, 0) for effect in _SECTIONS)
    by = (
        f" EXIT {verdict.code}  {plural(tunnels, 'tunnel fails', 'tunnels fail')} by {plural(len(causes), 'cause')}"
        if causes
        else ""
    )
    hosts = named(sheet, tuple(dict.fromkeys(host for cause in causes for host in cause.hosts))[:6])
    return [
        *_clipped(sheet, head, indent=0, hang=len(verdict.word) + 3, most=3),
        *(_clipped(sheet, sheet.join((by, "bold"), f": {hosts}"), indent=0, most=1) if by else ()),
    ]


def _clipped(sheet: Sheet, text: Text, *, indent: int, most: int, hang: int = 0) -> list[Text]:
    """``text`` in at most so many lines of the surface's width; what is cut off shows as ``…``."""
    room = sheet.surface.width - indent
    lines = sheet.wrapped(text, room - hang) if text.cell_len > room else [text]
    kept = lines[:most]
    if len(lines) > most:
        kept[-1].truncate(room - hang - 1)
        kept[-1].rstrip()
        kept[-1].append(sheet.ascii("…"))
    return [Text(" " * (indent + (hang if at else 0))) + line for at, line in enumerate(kept)]
