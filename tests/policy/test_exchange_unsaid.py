"""A reading of which nothing is said is no primary one, a decision was not blind and left nothing out."""

from __future__ import annotations

import pytest
from unsaid import unsaid

from ikeaudit.exchange import Decision, Exchange
from ikeaudit.exchange.citations import Citations
from ikeaudit.exchange.result import Observed, Reading


@pytest.mark.parametrize(
    ("kind", "values"), [(Reading, {}), (Decision, {}), (Exchange, {"cited": Citations()}), (Observed, {})]
)
def test_what_nobody_gave(kind: type, values: dict[str, object]) -> None:
    assert unsaid(kind) == values
