"""The options of ``plan`` that only the strategy ``ikev2`` has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from ikeaudit.cli.options import one_of

if TYPE_CHECKING:
    from ikeaudit.remediation.strategies import Strategy
    from ikeaudit.remediation.strategies.ikev2.choices import Cleanup

_CLEANUPS = ("now", "later", "only")

SuiteOption = Annotated[
    str | None,
    typer.Option(
        "--suite",
        metavar="NAME",
        show_default="ngfw-compat",
        help="ikev2: the crypto suite, such as cnsa or ngfw-compat.",
    ),
]
SuitesOption = Annotated[
    Path | None,
    typer.Option(
        "--suites", metavar="FILE", show_default=False, help="ikev2: a YAML file with crypto suites of your own."
    ),
]
NewKeysOption = Annotated[
    bool,
    typer.Option("--new-keys", help="ikev2: keys that are made when the plan is applied, instead of those of today."),
]
CleanupOption = Annotated[
    str,
    typer.Option(
        "--cleanup",
        metavar="|".join(_CLEANUPS),
        callback=one_of(_CLEANUPS),
        help="ikev2: remove what is left of IKEv1 in waves of this plan, in a later plan, or do nothing else.",
    ),
]
SecondCloudOption = Annotated[
    Path | None,
    typer.Option(
        "--second-cloud",
        metavar="FILE",
        show_default=False,
        help="ikev2: a YAML file of DMVPN clouds that get a second cloud beside them, instead of moving in place.",
    ),
]


def with_options(
    strategy: Strategy, suite: str | None, suites: Path | None, new_keys: bool, cleanup: str, second_cloud: Path | None
) -> Strategy:
    """``strategy`` with the options given; raises :class:`InputError` when it has no such options."""
    from ikeaudit.api import ikev2
    from ikeaudit.model.errors import InputError

    if strategy.name != "ikev2":
        values = {
            "--suite": suite,
            "--suites": suites,
            "--new-keys": new_keys,
            "--cleanup": cleanup != "now",
            "--second-cloud": second_cloud,
        }
        extra = [option for option, value in values.items() if value]
        if extra:
            raise InputError(f"{extra[0]} belongs to the strategy ikev2; leave it out with {strategy.name}.")
        return strategy
    return ikev2(
        suite=suite,
        suites=suites,
        new_keys=new_keys,
        cleanup=cast("Cleanup", cleanup),
        second_cloud=second_cloud,
    )
