"""Arguments and options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from ikeaudit.model.errors import InputError
from ikeaudit.report.formats import formats_of, refusal, wanted_files


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


def report_option(*kinds: str) -> Any:
    """``--report`` of a verb that prints documents of ``kinds``: further formats in files, of the same answer."""

    def check(values: list[str] | None) -> list[str]:
        try:
            wanted_files(values or (), kinds)
        except InputError as error:
            raise typer.BadParameter(str(error)) from None
        return values or []

    return typer.Option(
        "--report",
        metavar="FORMAT=FILE",
        show_default=False,
        callback=check,
        help=f"Also write the result to FILE (readable by you only) as {', '.join(formats_of(kinds))}; repeatable.",
    )


StrictOption = Annotated[
    bool,
    typer.Option(
        "--strict-host-keys",
        help="Refuse routers whose SSH host key is not known yet; a changed key is always refused (see `ikeaudit hostkeys`).",
    ),
]

PathArgument = Annotated[
    Path,
    typer.Argument(
        metavar="PATH",
        show_default=False,
        help="A snapshot folder, a folder of running-configs (*.cfg, *.conf, *.txt), or one such file.",
    ),
]

JobsOption = Annotated[
    int,
    typer.Option(
        "--jobs",
        metavar="N",
        min=0,
        help="Use N processes where there are many routers; 0: as many as there are processors. The answer is the same.",
    ),
]

RunnerOption = Annotated[
    str | None,
    typer.Option(
        "--runner",
        metavar="dask://HOST:PORT",
        show_default=False,
        help="Let the workers of this Dask scheduler (extra: ikeaudit[dask]) do what can be divided. The answer is the same.",
    ),
]

NoCacheOption = Annotated[
    bool,
    typer.Option(
        "--no-cache",
        help="Work everything out anew, and keep nothing of it in the workspace. The answer is the same.",
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

InventoryOption = Annotated[
    Path,
    typer.Option(
        "--inventory",
        "-i",
        metavar="PATH",
        help="Folder of a Nornir SimpleInventory, or a Nornir configuration (YAML).",
    ),
]

HostsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--host", metavar="NAME", show_default=False, help="Only this host, or a pattern: 'BR*' (repeatable)."
    ),
]

GroupsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--group", metavar="NAME", show_default=False, help="Only hosts in this group, or a pattern (repeatable)."
    ),
]

FiltersOption = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        metavar="KEY=VALUE",
        show_default=False,
        help="Only hosts of which the inventory says so: site=berlin, site__name=ber*, role!=hub (repeatable; all must be so).",
    ),
]

LimitOption = Annotated[
    int | None,
    typer.Option("--limit", metavar="N", min=1, show_default=False, help="Only the first N of the hosts chosen."),
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
