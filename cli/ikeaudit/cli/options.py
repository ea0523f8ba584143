"""Arguments and options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from ikeaudit.report.formats import formats_of, refusal


def one_of(choices: Iterable[str]) -> Callable[[str], str]:
    """A check that an option's value is one of ``choices``."""
    known = tuple(choices)

    def check(value: str) -> str:
        if value not in known:
            raise typer.BadParameter(f"{value!r} is none of {', '.join(known)}.")
        return value

    return check


def format_option(*kinds: str) -> Any:
    """``--format`` of a verb that prints documents of ``kinds``; a format that can draw none of them is refused at once."""

    def check(value: str) -> str:
        wrong = refusal(value, kinds)
        if wrong is not None:
            raise typer.BadParameter(wrong)
        return value

    return typer.Option(
        "--format", "-f", metavar="|".join(formats_of(kinds)), callback=check, help="How to print the result."
    )


PathArgument = Annotated[
    Path,
    typer.Argument(
        metavar="PATH",
        show_default=False,
        help="A snapshot folder, a folder of running-configs (*.cfg, *.conf, *.txt), or one such file.",
    ),
]

OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", show_default=False, help="Write the result to FILE (readable by you only)."
    ),
]

NatOption = Annotated[
    Path | None,
    typer.Option(
        "--nat",
        metavar="FILE",
        show_default=False,
        help="YAML list of translations between the routers: inside, outside, kind.",
    ),
]

MinCoverageOption = Annotated[
    float,
    typer.Option(
        "--min-coverage",
        metavar="PERCENT",
        min=0,
        max=100,
        help="Exit with 3 when fewer of the crypto-relevant lines were understood.",
    ),
]

TolerateOption = Annotated[
    int,
    typer.Option(
        "--tolerate-unreachable",
        metavar="N",
        min=0,
        help="Up to N hosts without a readable configuration do not make the result incomplete; they are named all the same.",
    ),
]
