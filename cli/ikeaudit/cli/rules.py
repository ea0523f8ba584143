"""``ikeaudit rules``: the catalogue."""

from __future__ import annotations

from typing import Annotated

from ikeaudit.cli.options import format_option


def rules(format_: Annotated[str, format_option("rules")] = "console") -> int:
    """List the hazards that check looks for, with their usual severity.

    Exit code: 0 shown, 2 wrong usage, 4 internal error.
    """
    from ikeaudit.cli.output import emit
    from ikeaudit.hazards import HAZARDS
    from ikeaudit.report import RulesReport

    emit(RulesReport(hazards=tuple(HAZARDS)), format_)
    return 0
