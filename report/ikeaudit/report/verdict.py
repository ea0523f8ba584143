"""From findings and coverage to one word, one sentence and an exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from ikeaudit.hazards.finding import RANK, Finding, Severity
from ikeaudit.report.asked import EXIT_CLEAN, EXIT_FINDINGS, EXIT_INCOMPLETE, FAIL_ON, WORST_FIRST, least_ranks
from ikeaudit.report.coverage import Coverage


class Verdict(msgspec.Struct, frozen=True):
    """How a check ended: ``word`` to read at a glance, ``sentence`` why, ``code`` for the caller.

    ``incomplete`` and ``failing`` can both be true, though there is only one exit code.
    """

    word: Literal["OK", "FINDINGS", "INCOMPLETE"]
    sentence: str
    code: int
    incomplete: bool = False
    failing: bool = False


def judge(
    findings: Iterable[Finding],
    coverage: Coverage,
    *,
    fail_on: str = FAIL_ON,
    min_coverage: float = 0.0,
    tolerated: int = 0,
) -> Verdict:
    """The verdict on a check. Incomplete outranks findings, because findings that are missing cannot be counted.

    ``fail_on`` is as :func:`least_ranks` takes it; ``min_coverage`` is the least percentage of crypto-relevant lines
    understood, over all files together; ``tolerated`` is how many hosts may be missing all the same.
    """
    counts: Counter[Severity] = Counter()
    failing, least = 0, least_ranks(fail_on)
    for finding in findings:
        counts[finding.severity] += 1
        failing += RANK[finding.severity] >= least.get(finding.category, len(RANK))
    by = "" if fail_on == FAIL_ON else f" by --fail-on {fail_on}"
    found = tally(counts) or "no findings"
    gaps = incompleteness(coverage, min_coverage, tolerated)
    missed = _missed(coverage) if coverage.unread and not gaps else ""
    if missed:
        found = f"{missed}, tolerated; {found}"
    if gaps:
        sentence = f"{'; '.join(gaps)}; {found} in what was read{': failing' if failing else ''}."
        return Verdict("INCOMPLETE", sentence, EXIT_INCOMPLETE, incomplete=True, failing=failing > 0)
    if failing:
        return Verdict("FINDINGS", f"{found}; {failing} failing{by}.", EXIT_FINDINGS, failing=True)
    if counts:
        return Verdict("OK", f"{found}; none failing{by}.", EXIT_CLEAN)
    return Verdict("OK", f"{found}.", EXIT_CLEAN)


def tally(counts: Mapping[Severity, int]) -> str:
    """``1 critical, 2 high``: how many of each severity, worst first, empty when there are none."""
    return ", ".join(f"{counts[severity]} {severity}" for severity in WORST_FIRST if counts.get(severity))


def incompleteness(coverage: Coverage, min_coverage: float, tolerated: int = 0) -> list[str]:
    """Why ``coverage`` is not enough, empty when it is."""
    gaps = []
    if len(_hosts_missed(coverage)) > tolerated:
        gaps.append(_missed(coverage))
    percent = coverage.total.percent
    if percent < min_coverage:
        gaps.append(f"coverage {percent:g}% is below --min-coverage {min_coverage:g}%")
    return gaps


def _hosts_missed(coverage: Coverage) -> list[str]:
    return list(dict.fromkeys(problem.subject for problem in coverage.unread))


def _missed(coverage: Coverage) -> str:
    hosts = _hosts_missed(coverage)
    return f"{len(hosts)} {'host' if len(hosts) == 1 else 'hosts'} not read ({', '.join(hosts)})"
