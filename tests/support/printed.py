"""Every command that the program prints while the suite runs is taken from what it prints, and must be one that runs.

Whatever is raised, drawn for people, or put on the page to type from is looked through as it comes; a command that the command
line does not take, or that leaves its argument to the reader's fancy, fails the test in which it was printed.
"""

from __future__ import annotations

import re
import shlex
from functools import cache

import typer

from ikeaudit.cli.main import VERBS, build

_PRINTED = re.compile(
    r"`(?:IKEAUDIT_WORKSPACE=\S+ )?(ikeaudit [^`]+)`"
    r"|(?:next|Next|later): (ikeaudit .*?)(?:   \(|$)"
    r"|^IKEAUDIT_WORKSPACE=\S+ (ikeaudit .*)$"
    r"|(?:more|mend)  (ikeaudit .*?)(?:   |$)",
    re.MULTILINE,
)
_LEFT_OPEN = re.compile(r"\b(PLAN|PATH|NAME|FOLDER|FILE|CODE|ADDRESS|N|M|G)\b")
_REMEMBERED = (
    "--inventory",
    "--timeout",
    "--strict-host-keys",
    "--minutes",
    "--accept-unproven",
    "--max-failures",
    "--parallel",
)
"""Options that a journal remembers, and that are printed with whatever it is that comes next."""
IN_THE_LAB = frozenset(
    (
        "apply --commit", "apply --commit --resume", "apply --commit --wave", "confirm", "confirm --close", "plan show",
        "rehearse", "rollback", "rollback --all --commit", "rollback --commit", "rollback --commit --group --wave",
        "rollback --commit --wave", "rollback --wave", "status", "verify",
    )
)  # fmt: skip
"""Shapes that ``change/test_printed_lab.py`` carries out, in the states in which they are printed."""
READERS = frozenset(
    ("check --cause", "check --code", "coverage", "explain", "hostkeys list", "plan --out --strategy", "rule")
)
"""Shapes that ``cli/test_printed_commands.py`` carries out, from one to whatever that prints."""
ELSEWHERE = frozenset(("approve --by", "hostkeys import", "hostkeys forget", "workspace"))
"""Shapes that ``cli/test_approve.py``, ``collect/test_host_keys.py`` and ``snapshot/test_merging.py`` carry out."""
seen: set[str] = set()


def shape(command: str) -> str:
    """A command without its values: the verb, what is done with it, and its options."""
    words = shlex.split(command)[1:]
    sub = [word for word in words[1:2] if word in ("show", "diff", "list", "import", "forget")]
    options = sorted({word.partition("=")[0] for word in words if word.startswith("--")}.difference(_REMEMBERED))
    return " ".join([words[0], *sub, *options])


def look_through(text: str) -> None:
    """Fail when ``text`` prints a command that cannot be typed as it stands."""
    for found in _PRINTED.finditer(text):
        command = next(filter(None, found.groups()))
        problem = what_is_wrong_with(command)
        assert not problem, f"`{command}` was printed, and {problem}"
        assert shape(command) in IN_THE_LAB | READERS | ELSEWHERE, (
            f"`{command}` was printed, and no test carries it out"
        )
        seen.add(command)


@cache
def what_is_wrong_with(command: str) -> str:
    """Why a command line does not run; empty when it does. It is parsed, and not carried out."""
    words = shlex.split(command)[1:]
    if _LEFT_OPEN.search(" ".join(word for word in words if "/" not in word)):
        return "its reader is to fill something in"
    called = tuple(verb for verb in VERBS if verb.name == words[0])
    if not called:
        return f"there is no verb {words[0]}"
    try:
        typer.main.get_command(build(called)).commands[words[0]].make_context(words[0], words[1:])  # type: ignore[attr-defined]
    except typer.Exit:
        return ""
    except Exception as error:  # noqa: BLE001 - whatever the parser says
        return f"{type(error).__name__}: {error}"
    return ""
