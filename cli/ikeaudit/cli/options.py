"""Arguments and options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer

from ikeaudit.report.formats import FORMATS


def one_of(choices: Iterable[str]) -> Callable[[str], str]:
    """A check that an option's value is one of ``choices``."""
    known = tuple(choices)

    def check(value: str) -> str:
        if value not in known:
            raise typer.BadParameter(f"{value!r} is none of {', '.join(known)}.")
        return value

    return check


_FORMAT_NAMES = tuple(known.name for known in FORMATS)

PathArgument = Annotated[
    Path,
    typer.Argument(
        metavar="PATH",
        show_default=False,
        help="A snapshot folder, a folder of running-configs (*.cfg, *.conf, *.txt), or one such file.",
    ),
]

FormatOption = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="|".join(_FORMAT_NAMES),
        callback=one_of(_FORMAT_NAMES),
        help="How to print the result.",
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
