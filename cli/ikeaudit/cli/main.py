"""The ``ikeaudit`` command: the list of verbs, and the one place where an ending becomes a sentence and an exit code.

A verb is a function of its name (dashes are ``_`` there) in a module of its name beside this one; ``COMMAND`` there is its
click class, where it needs one of its own. Its heavy imports (netmiko, nornir, asyncssh,
ttp) belong inside its functions; only the module of the verb that is called is imported at all.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer

from ikeaudit.cli import endings, streams
from ikeaudit.model.errors import InputError


class Verb(NamedTuple):
    """A verb by its module's name, and the panel of ``--help`` that it stands in."""

    name: str
    panel: str


START = "Start here"
READ = "Read routers (over SSH, changes nothing)"
AUDIT = "Audit (reads files, touches no router)"
PLAN = "Plan a repair (reads files, touches no router)"
CHANGE = "Change routers (over SSH)"
WATCH = "Watch a change (reads journals, touches no router)"

VERBS: tuple[Verb, ...] = (
    Verb("demo", START),
    Verb("lab", START),
    Verb("collect", READ),
    Verb("hostkeys", READ),
    Verb("snapshot", READ),
    Verb("workspace", READ),
    Verb("check", AUDIT),
    Verb("explain", AUDIT),
    Verb("diagnose", AUDIT),
    Verb("witness", AUDIT),
    Verb("export-case", AUDIT),
    Verb("coverage", AUDIT),
    Verb("rule", AUDIT),
    Verb("rules", AUDIT),
    Verb("plan", PLAN),
    Verb("approve", PLAN),
    Verb("rehearse", PLAN),
    Verb("apply", CHANGE),
    Verb("confirm", CHANGE),
    Verb("rollback", CHANGE),
    Verb("verify", CHANGE),
    Verb("status", WATCH),
)


def build(verbs: Sequence[Verb] = VERBS) -> typer.Typer:
    """The command with ``verbs``."""
    app = typer.Typer(
        name="ikeaudit",
        add_completion=False,
        pretty_exceptions_enable=False,  # they would show local variables, and those may hold keys
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_ikeaudit)
    for verb in verbs:
        name = verb.name.replace("-", "_")
        module = import_module(f"ikeaudit.cli.{name}")
        add = app.command(verb.name, cls=getattr(module, "COMMAND", None), rich_help_panel=verb.panel)
        add(getattr(module, name))
    return app


def _ikeaudit(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.", is_eager=True)] = False,
) -> None:
    """Find the Cisco IPsec tunnels that come up from one end only, say why, and fix them with a proof."""
    if version:
        from importlib.metadata import version as version_of

        typer.echo(f"ikeaudit {version_of('ikeaudit')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(endings.EXIT_USAGE)


def main(arguments: Sequence[str]) -> int:
    """Run the command with ``arguments`` and return its exit code; whatever happens, no traceback."""
    called = tuple(verb for verb in VERBS if arguments and verb.name == arguments[0])
    return endings.guarded(lambda: _invoke(build(called or VERBS), arguments))


def _invoke(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run the verb; not by ``app()``, which would turn errors into its own words and exit codes."""
    command: Any = typer.main.get_command(app)
    for verb in command.commands.values():
        for parameter in verb.params:
            _refuse_empty(parameter)
    with command.make_context("ikeaudit", list(arguments)) as context:
        result = command.invoke(context)
    return result if isinstance(result, int) else 0


def _refuse_empty(parameter: Any) -> None:
    """Make ``parameter`` refuse the empty text that an unset variable leaves: as a path it would be the current folder."""
    process = parameter.process_value

    def checked(context: Any, value: Any) -> Any:
        if "" in (value if isinstance(value, (list, tuple)) else [value]):
            name = parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar or parameter.name
            raise InputError(f"{name.strip('[].')} is empty (an unset variable?).")
        return process(context, value)

    parameter.process_value = checked


def run() -> None:
    """The entry point of the installed script. Whoever presses Ctrl-C does not wait for sessions that nobody wants any more."""
    streams.steady()
    code = main(sys.argv[1:])
    if code == endings.EXIT_INTERRUPTED and threading.active_count() > 1:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
