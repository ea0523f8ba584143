"""``check`` with more findings than anybody reads: a terminal shows the first and says where the others are."""

from __future__ import annotations

import msgspec
from rich.text import Text

from ikeaudit.hazards.finding import Finding
from ikeaudit.model import Evidence
from ikeaudit.report import CheckReport, Coverage, Surface, format_named, judge
from ikeaudit.report.console.findings import FINDINGS_ON_TERMINAL

TERMINAL = Surface(width=100, terminal=True)


def drawn(findings: tuple[Finding, ...], coverage: Coverage, surface: Surface, shown: str = "") -> str:
    chosen = format_named("console")
    assert chosen is not None
    report = CheckReport(
        findings=findings,
        coverage=coverage,
        verdict=judge(findings, coverage),
        titles={},
        path="seed",
        shown=shown,
        depth="findings",
    )
    text = chosen.render(report, surface)
    return " ".join(" ".join(Text.from_ansi(line).plain for line in text.splitlines()).split())


def many(finding: Finding, number: int) -> tuple[Finding, ...]:
    return tuple(
        msgspec.structs.replace(finding, hosts=(f"X{n:03}",), message=f"Number {n:03}.") for n in range(number)
    )


def test_a_terminal_shows_the_first_and_names_the_routers_of_the_rest(weak: Finding, coverage: Coverage) -> None:
    limit = FINDINGS_ON_TERMINAL[weak.severity]
    text = drawn(many(weak, limit + 5), coverage, TERMINAL)
    assert f"Number {limit - 1:03}." in text and f"Number {limit:03}." not in text
    assert f"({limit + 5} findings)" in text
    assert f"… and 5 more findings on X{limit:03}, X{limit + 1:03}" in text and f"X{limit + 4:03}" in text
    assert f"ikeaudit check seed --code {weak.code} shows all" in text
    assert weak.fix.split(".")[0] in text


def test_one_more_than_the_limit_is_shown_rather_than_counted(weak: Finding, coverage: Coverage) -> None:
    limit = FINDINGS_ON_TERMINAL[weak.severity]
    text = drawn(many(weak, limit + 1), coverage, TERMINAL)
    assert f"Number {limit:03}." in text and "more finding" not in text


def test_who_asks_for_a_code_sees_all_of_it_and_a_pipe_always_does(weak: Finding, coverage: Coverage) -> None:
    findings = many(weak, 60)
    for text in (drawn(findings, coverage, TERMINAL, shown="of PH1-WEAK"), drawn(findings, coverage, Surface())):
        assert "Number 059." in text and "more finding" not in text


def test_the_worse_a_hazard_the_more_of_it_is_shown(weak: Finding, coverage: Coverage) -> None:
    worse = msgspec.structs.replace(weak, severity="critical")
    text = drawn(many(worse, 25), coverage, TERMINAL)
    assert "Number 024." in text


def test_of_much_evidence_the_first_lines_are_shown_in_the_order_of_the_files(
    one_way: Finding, coverage: Coverage
) -> None:
    lines = [Evidence("R1", "r1.cfg", n, f"text {n}") for n in (500, 400, *range(1, 60))]
    text = drawn((msgspec.structs.replace(one_way, evidence=tuple(lines)),), coverage, TERMINAL)
    assert text.index("text 1 ") < text.index("text 400") < text.index("text 500")
    assert "text 10" in text and "text 11" not in text and "… and 49 more lines" in text
