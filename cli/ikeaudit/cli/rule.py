"""``ikeaudit rule``: one hazard of the catalogue, or one rule about IOS, in full."""

from __future__ import annotations

from typing import Annotated

import typer

from ikeaudit.cli.options import format_option


def rule(
    code: Annotated[
        str,
        typer.Argument(
            metavar="CODE",
            show_default=False,
            help="The id of a hazard (KR-DUP-ADDR) or of a rule about IOS (KEY-LPM, U-7).",
        ),
    ],
    format_: Annotated[str, format_option("rules")] = "console",
) -> int:
    """Explain one hazard: what it is, why it is bad, what the routers show, what to do; or a rule about IOS that it rests on.

    Exit code: 0 shown, 2 no such id, 4 internal error.
    """
    from ikeaudit.api.lookup import one_named
    from ikeaudit.cli.output import emit
    from ikeaudit.hazards import HAZARDS
    from ikeaudit.report import RulesReport
    from ikeaudit.rulebook import RULES

    name = one_named(code, (*(hazard.code for hazard in HAZARDS), *(rule.id for rule in RULES)), what="rule")
    hazards = tuple(hazard for hazard in HAZARDS if hazard.code == name)
    emit(RulesReport(hazards=hazards, book=tuple(rule for rule in RULES if rule.id == name), detailed=True), format_)
    return 0
