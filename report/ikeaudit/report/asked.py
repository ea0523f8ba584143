"""What a user may ask of an answer, in the words of the command line: which findings fail, how much must be understood."""

from __future__ import annotations

from typing import get_args

from ikeaudit.model.severity import RANK, Category, Severity

MIN_COVERAGE = 90.0
"""Percentage of crypto-relevant lines: a fleet of which a tenth was not understood has not been audited."""

TRANSCRIPTS = ("auto", "all", "none")
"""Whose transcripts people are shown."""

EXIT_CLEAN = 0
EXIT_FINDINGS = 1
EXIT_INCOMPLETE = 3

WORST_FIRST: tuple[Severity, ...] = tuple(sorted(RANK, key=lambda severity: -RANK[severity]))

CATEGORIES: tuple[Category, ...] = get_args(Category)

FAIL_ON = "connectivity:high,selection:high,exposure:critical"
"""What fails unless ``--fail-on`` says otherwise: what takes tunnels down, or may, and keys that can be used from outside.

Hygiene is left out, since a scheduled check that always fails is one that nobody reads.
"""


def least_ranks(fail_on: str) -> dict[Category, int]:
    """By category the rank from which on a finding fails, of a list such as ``high`` or ``connectivity:medium,exposure``.

    A severity alone is for every category, a category alone for every severity; ``never`` names nothing. What fails by one
    word of the list fails. Raises ValueError, one sentence, for a word that is none of these.
    """
    least: dict[Category, int] = {}
    for word in fail_on.split(","):
        category, _, severity = word.strip().rpartition(":")
        if not category and severity in CATEGORIES:
            category, severity = severity, WORST_FIRST[-1]
        if severity == "never" and not category:
            continue
        if severity not in RANK or category not in ("", *CATEGORIES):
            known = ", ".join((*WORST_FIRST, "never", *CATEGORIES))
            raise ValueError(f"{word.strip()!r} is none of {known}, and no category with a severity (selection:high).")
        for one in CATEGORIES:
            if category in ("", one):
                least[one] = min(RANK[severity], least.get(one, RANK[severity]))
    return least
