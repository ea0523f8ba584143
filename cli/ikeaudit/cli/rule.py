"""``ikeaudit rule``: one hazard of the catalogue in full."""

from __future__ import annotations

from typing import Annotated

import typer

from ikeaudit.cli.options import FormatOption


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("rule")(rule)


def rule(
    code: Annotated[str, typer.Argument(metavar="CODE", show_default=False, help="The hazard's id: KR-DUP-ADDR.")],
    format_: FormatOption = "console",
) -> int:
    """Explain one hazard: what it is, why it is bad, what the routers show, what to do.

    Exit code: 0 shown, 2 no such hazard, 4 internal error.
    """
    from ikeaudit.cli.lookup import one_named
    from ikeaudit.cli.output import emit
    from ikeaudit.hazards import HAZARDS
    from ikeaudit.report import RulesReport

    name = one_named(code, (hazard.code for hazard in HAZARDS), what="rule")
    emit(RulesReport(hazards=tuple(hazard for hazard in HAZARDS if hazard.code == name), detailed=True), format_)
    return 0
