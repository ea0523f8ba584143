"""Exit codes of DESIGN section 4: 0 clean, 1 findings, 3 incomplete, which outranks both."""

from __future__ import annotations

import msgspec
import pytest

from ikeaudit.hazards.finding import Category, Finding, Severity
from ikeaudit.report import FAIL_ON, Coverage, FileCoverage, Line, LineCount, Problem, judge


@pytest.mark.parametrize(
    ("fail_on", "code"),
    [
        *(("critical", 0), ("high", 1), ("medium", 1), ("low", 1), ("info", 1), ("never", 0)),
        *(("connectivity", 1), ("selection", 0), ("connectivity:high", 1), ("connectivity:critical", 0)),
        *(("selection, connectivity:high", 1), ("critical,hygiene", 0), ("critical,connectivity:high", 1)),
        *((FAIL_ON, 1), ("exposure:critical,hygiene:info", 0), ("never,high", 1)),
    ],
)
def test_a_high_finding_fails_from_high_on(fail_on: str, code: int, one_way: Finding) -> None:
    verdict = judge((one_way,), Coverage(), fail_on=fail_on)
    assert verdict.code == code
    assert verdict.word == ("FINDINGS" if code else "OK")


@pytest.mark.parametrize(
    ("category", "severity", "code"),
    [
        *(
            ("connectivity", "high", 1),
            ("connectivity", "medium", 0),
            ("selection", "high", 1),
            ("selection", "medium", 0),
        ),
        *(("exposure", "critical", 1), ("exposure", "high", 0), ("hygiene", "critical", 0), ("drift", "critical", 0)),
    ],
)
def test_by_default_fails_what_harms_tunnels_and_keys_for_everybody(
    category: Category, severity: Severity, code: int, one_way: Finding
) -> None:
    finding = msgspec.structs.replace(one_way, category=category, severity=severity)
    assert judge((finding,), Coverage()).code == code


@pytest.mark.parametrize(
    "word", ["nope", "selection:nope", "nope:high", "selection:never", "", "high,", "high:selection"]
)
def test_what_nothing_can_fail_by_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="is none of critical, high, medium, low, info, never, connectivity"):
        judge((), Coverage(), fail_on=word)


def test_nothing_found_is_clean() -> None:
    assert judge((), Coverage()).code == 0


def test_a_host_that_was_not_read_outranks_everything(one_way: Finding, gap: Problem) -> None:
    coverage = Coverage(problems=(gap,))
    assert judge((), coverage).code == 3
    verdict = judge((one_way,), coverage)
    assert verdict.code == 3
    assert (verdict.incomplete, verdict.failing) == (True, True)
    assert verdict.sentence == ("1 host not read (R3); 1 high in what was read: failing.")
    verdict = judge((one_way,), coverage, fail_on="critical")
    assert (verdict.code, verdict.incomplete, verdict.failing) == (3, True, False)
    assert "failing" not in verdict.sentence


def test_as_many_hosts_as_are_tolerated_may_be_missing(one_way: Finding, gap: Problem) -> None:
    """One host may be told of twice; tolerated hosts are still named."""
    other = msgspec.structs.replace(gap, host="R4", file="R4/meta.json")
    coverage = Coverage(problems=(gap, gap, other))
    assert judge((), coverage, tolerated=1).code == 3
    verdict = judge((), coverage, tolerated=2)
    assert (verdict.code, verdict.word, verdict.incomplete) == (0, "OK", False)
    assert verdict.sentence == "2 hosts not read (R3, R4), tolerated; no findings."
    assert judge((one_way,), coverage, tolerated=2).code == 1
    assert judge((), coverage, tolerated=2, min_coverage=101).code == 3


def test_a_problem_with_a_show_command_is_no_gap() -> None:
    problem = Problem("show", "R1", "R1/show-crypto-isakmp-sa.txt", "was not collected")
    assert judge((), Coverage(problems=(problem,))).code == 0


def test_coverage_below_the_minimum_is_incomplete(one_way: Finding, coverage: Coverage) -> None:
    assert judge((one_way,), coverage, min_coverage=98.5).code == 1
    verdict = judge((one_way,), coverage, min_coverage=98.6)
    assert verdict.code == 3
    assert "coverage 98.5% is below --min-coverage 98.6%" in verdict.sentence


def test_the_sentence_counts_by_severity(one_way: Finding, weak: Finding) -> None:
    critical = msgspec.structs.replace(one_way, severity="critical")
    assert judge((weak, one_way, critical), Coverage()).sentence == "1 critical, 1 high, 1 medium; 2 failing."
    assert judge((weak,), Coverage()).sentence == "1 medium; none failing."
    assert judge((weak,), Coverage(), fail_on="medium").sentence == "1 medium; 1 failing by --fail-on medium."


def test_one_unknown_line_is_never_all() -> None:
    assert LineCount(modelled=1_000_000, unknown=1).percent == 99.9
    assert LineCount(modelled=3).percent == 100.0
    assert LineCount().percent == 100.0


def test_a_file_that_is_not_ios_does_not_count() -> None:
    coverage = Coverage(
        hosts=(
            FileCoverage("R1", "r1.cfg", modelled=9, unknown=(Line(1, "x"),)),
            FileCoverage("FW", "fw.cfg", kind="not-ios", reason="ASA", unknown=(Line(1, "y"),)),
        )
    )
    assert coverage.total == LineCount(9, 0, 1)
    assert coverage.total.percent == 90.0
