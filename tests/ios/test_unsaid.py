"""What a row of the tables does not say: no mark is set, and what the rest of the rows share."""

from __future__ import annotations

import pytest
from unsaid import unsaid

from ikeaudit.ios.command import Command, Mode, Reference
from ikeaudit.ios.fast import Found
from ikeaudit.ios.notation import Part, Token
from ikeaudit.ios.secrets import Secret
from ikeaudit.ios.syntax import Failure, Match


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Command, {"title": "{name}", "clash": "replace"}),
        (Mode, {"bears": "other", "rest": "unclear", "indent": 1}),
        (Reference, {}),
        (Found, {}),
        (Part, {}),
        (Token, {}),
        (Secret, {}),
        (Match, {"exact": True}),
        (Failure, {}),
    ],
)
def test_what_nobody_gave(kind: type, values: dict[str, object]) -> None:
    assert unsaid(kind) == values
