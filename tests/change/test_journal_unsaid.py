"""A router of which a journal says nothing is untouched, and whole; a journal that is read is there."""

from __future__ import annotations

import pytest
from unsaid import unsaid

from ikeaudit.change.journal.reading_back import Reading
from ikeaudit.change.journal.router_progress import Progress, RouterProgress, Typed


@pytest.mark.parametrize(
    ("kind", "values"),
    [(Reading, {"there": True}), (RouterProgress, {"phase": "untouched", "whole": True}), (Typed, {}), (Progress, {})],
)
def test_what_nobody_gave(kind: type, values: dict[str, object]) -> None:
    assert unsaid(kind) == values
