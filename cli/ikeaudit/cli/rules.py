"""``ikeaudit rules``: the catalogue."""

from __future__ import annotations

import typer

from ikeaudit.cli.options import FormatOption


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("rules")(rules)


def rules(format_: FormatOption = "console") -> int:
    """List the hazards that check looks for, with their usual severity.

    Exit code: 0 shown, 2 wrong usage, 4 internal error.
    """
    from ikeaudit.cli.output import emit
    from ikeaudit.hazards import HAZARDS
    from ikeaudit.report import RulesReport

    emit(RulesReport(hazards=tuple(HAZARDS)), format_)
    return 0
