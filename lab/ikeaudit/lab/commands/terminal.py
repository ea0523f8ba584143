"""Commands about the session itself: privileges, the terminal, leaving."""

import hmac

from ikeaudit.lab.command_table import Command
from ikeaudit.lab.shell import Call
from ikeaudit.lab.talk import Ask, Say, Talk

_ATTEMPTS = 3


def enable(call: Call) -> Talk:
    """Ask for the enable secret, three times at most."""
    shell, secret = call.shell, call.shell.router.enable_secret
    if shell.privilege == 15:
        return
    if secret is None:
        yield Say("% No password set\n")
        return
    for _ in range(_ATTEMPTS):
        given = yield Ask("Password: ", echo=False)
        if hmac.compare_digest(str(given).encode(), secret.encode()):
            shell.privilege = 15
            return
    yield Say("% Bad secrets\n\n")


def disable(call: Call) -> None:
    """Back to user exec."""
    call.shell.privilege = 1


def leave(call: Call) -> Talk:
    """Close the session."""
    yield from call.shell.close()


def terminal_length(call: Call) -> None:
    """Lines on a page, 0 for no paging."""
    call.shell.terminal.length = int(call.args["lines"])


def terminal_width(call: Call) -> None:
    """Characters on a line; remembered, nothing is wrapped."""
    call.shell.terminal.width = int(call.args["columns"])


def terminal_monitor(call: Call) -> None:
    """Log lines into this session, or no longer."""
    call.shell.terminal.monitor = "no" not in call.words


def nothing(call: Call) -> None:
    """Accepted, without an effect in the lab."""


COMMANDS = (
    Command("enable", enable, 1),
    Command("disable", disable, 1),
    Command("exit", leave, 1),
    Command("logout", leave, 1),
    Command("quit", leave, 1),
    Command("terminal length <lines:0-512>", terminal_length, 1),
    Command("terminal width <columns:0-512>", terminal_width, 1),
    Command("terminal monitor", terminal_monitor),
    Command("terminal no monitor", terminal_monitor),
)
