"""A command of which nothing is said printed nothing and changed nothing."""

from __future__ import annotations

import pytest
from unsaid import unsaid

from ikeaudit.candidate import Candidate
from ikeaudit.candidate.line_effects import Outcome
from ikeaudit.candidate.line_tree import read_tree
from ikeaudit.candidate.session import Reply
from ikeaudit.candidate.tree import Line


@pytest.mark.parametrize(("kind", "values"), [(Outcome, {}), (Reply, {})])
def test_what_nobody_gave(kind: type, values: dict[str, object]) -> None:
    assert unsaid(kind) == values


def test_a_line_that_nothing_was_said_of() -> None:
    line = Line("  a", "a", 2)
    assert {name: value for name in Line.__slots__ if (value := getattr(line, name)) not in (None, False)} == {
        "raw": "  a", "text": "a", "indent": 2
    }  # fmt: skip


def test_what_the_sources_leave_open_is_refused_unless_somebody_says_otherwise() -> None:
    text = "hostname R\nend\n"
    assert all(one.strict_references for one in (Candidate(read_tree(text)), Candidate.from_text(text)))
    lax = Candidate.from_text(text, strict_references=False)
    assert not lax.strict_references
    assert not lax.copy().strict_references
