"""A command of which nothing is said printed nothing and changed nothing."""

from __future__ import annotations

import pytest
from unsaid import unsaid

from ikeaudit.candidate.line_effects import Outcome
from ikeaudit.candidate.session import Reply


@pytest.mark.parametrize(("kind", "values"), [(Outcome, {}), (Reply, {})])
def test_what_nobody_gave(kind: type, values: dict[str, object]) -> None:
    assert unsaid(kind) == values
