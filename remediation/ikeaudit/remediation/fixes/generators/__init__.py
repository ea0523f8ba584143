"""The generators of fixes, one explicit tuple for each kind; a new one is a function, and a line here.

What a generator thinks of may be wrong: the replay decides (:mod:`ikeaudit.remediation.fixes.prover`). Those of ``BY_CALL``
look at one direction that fails; what one of them says of the directions of a cause is tried as one change, their first
thoughts together, then their second ones; and so for both ends of each. Those of ``BY_FINDING`` look at the cause as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.fixes.case import Call, Case
from ikeaudit.remediation.fixes.contract import Change, together
from ikeaudit.remediation.fixes.generators import ends, ikev2, keys, layout, merging, names, phases, profiles, traffic

ByCall = Callable[[Call], Iterator[Change]]
ByFinding = Callable[[Case], Iterator[Change]]

BY_CALL: tuple[ByCall, ...] = (
    *keys.BY_CALL,
    *profiles.BY_CALL,
    *phases.BY_CALL,
    *ends.BY_CALL,
    *ikev2.BY_CALL,
    *traffic.BY_CALL,
)
BY_FINDING: tuple[ByFinding, ...] = (
    *keys.BY_FINDING,
    *profiles.BY_FINDING,
    *ends.BY_FINDING,
    *layout.BY_FINDING,
    *traffic.BY_FINDING,
    *merging.BY_FINDING,
    *names.BY_FINDING,
)

FEW = 5
"""Of so few directions each thought is tried by itself, too."""


def candidates(case: Case) -> Iterator[Change]:
    """What may mend a cause, in no order; some of it twice.

    Where no tunnel depends on it, only what is in nobody's use is taken away: a replay cannot tell what else is wanted.
    """
    if case.finding.category not in ("connectivity", "selection"):
        yield from names.remove(case)
        return
    for by_call in BY_CALL:
        thoughts = [found for call in case.calls if (found := list(by_call(call)))]
        if len(thoughts) < FEW:
            yield from (one for some in thoughts for one in some)
        for n in range(max(map(len, thoughts), default=0)):
            yield together(some[min(n, len(some) - 1)] for some in thoughts)
        ends = [some for found in thoughts for some in by_key((tuple(one.blocks), one) for one in found).values()]
        for n in range(max(map(len, ends), default=0)) if len(ends) > len(thoughts) else ():
            yield together(some[min(n, len(some) - 1)] for some in ends)
    for by_finding in BY_FINDING:
        yield from by_finding(case)
