"""Commands that change the configuration, and those that take a change back."""

import difflib

from ikeaudit.lab.archive import RefusedByRouterError
from ikeaudit.lab.command_table import Command
from ikeaudit.lab.commands.files import confirmed, saved
from ikeaudit.lab.shell import Call
from ikeaudit.lab.talk import Ask, Drop, Say, Talk

_WELCOME = "Enter configuration commands, one per line.  End with CNTL/Z.\n"
_REPLACE_WARNING = (
    "This will apply all necessary additions and deletions\nto replace the current running configuration with the\n"
    "contents of the specified configuration file, which is\nassumed to be a complete configuration, not a partial\n"
    "configuration. Enter Y if you are sure you want to proceed. ? [no]: "
)


def configure_terminal(call: Call) -> str:
    """Enter configuration mode."""
    call.shell.config = call.shell.router.configuration.session()
    return _WELCOME


def configure_with_timer(call: Call) -> str:
    """Enter configuration mode with the revert timer armed."""
    try:
        text = call.shell.router.revert.arm(int(call.args["minutes"]), call.shell.username)
    except RefusedByRouterError as refusal:
        return f"{refusal}\n\n"
    return text + configure_terminal(call)


def configure_confirm(call: Call) -> None:
    """Keep the change whose revert timer runs."""
    call.shell.router.revert.confirm()


def configure_revert_now(call: Call) -> str:
    """Roll the pending change back at once."""
    return call.shell.router.revert.revert_now()


def configure_revert_timer(call: Call) -> None:
    """Set the revert timer anew."""
    call.shell.router.revert.restart(int(call.args["minutes"]))


def configure_replace(call: Call) -> Talk:
    """Replace the running configuration by a file."""
    router, options = call.shell.router, call.args.get("options", "").split()
    unknown = [word for word in options if word not in ("list", "force", "nolock")]
    if unknown:
        column = call.line.index(unknown[0])
        yield Say(" " * (len(call.shell.prompt) + column) + "^\n% Invalid input detected at '^' marker.\n\n")
        return
    if "force" not in options:
        answer = yield Ask(_REPLACE_WARNING)
        if not str(answer).strip().lower().startswith("y"):
            yield Say("\n")
            return
    try:
        yield Say(router.revert.replace(call.args["url"], listing="list" in options))
    except RefusedByRouterError as refusal:
        yield Say(f"{refusal}\n")


def archive_config(call: Call) -> None:
    """Archive the running configuration."""
    call.shell.router.revert.save()


def show_archive(call: Call) -> str:
    """The archived configurations."""
    archive = call.shell.router.revert
    if archive.settings.path is None:
        return "Archive feature not enabled\n"
    saved = archive.saved
    rows = [
        f"The maximum archive configurations allowed is {archive.settings.maximum}.",
        f"There are currently {len(saved)} archive configurations saved.",
        f"The next archive file will be named {archive.next_name()}",
        " Archive #  Name",
    ]
    rows += [f"   {n:<9}{name}{' <- Most Recent' if name == saved[-1] else ''}" for n, name in enumerate(saved, 1)]
    return "".join(f"{row}\n" for row in rows)


def show_rollback_timer(call: Call) -> str:
    """The pending change, if any."""
    return call.shell.router.revert.rollback_timer()


def show_differences(call: Call) -> str:
    """Contextual differences between two configurations; running against startup when none is named."""
    router = call.shell.router

    first = call.args.get("first", "nvram:startup-config")
    second = call.args.get("second", "system:running-config")
    texts = [router.file(first), router.file(second)]
    for url, found in zip((first, second), texts, strict=True):
        if found is None:
            return f"%Error: {url} could not be opened: No such file or directory\n"
    rows = ["!Contextual Config Diffs:"]
    before, after = ((t or "").splitlines() for t in texts)
    rows += [d[0] + d[2:] for d in difflib.ndiff(before, after) if d[0] in "+-" and d[2:].strip() not in ("", "!")]
    if len(rows) == 1:
        rows.append("!No changes were found")
    return "".join(f"{row}\n" for row in rows)


def _offer_saving(call: Call) -> Talk:
    router = call.shell.router
    if router.running_text != router.startup_text:
        answer = yield Ask("\nSystem configuration has been modified. Save? [yes/no]: ")
        if str(answer).strip().lower().startswith("y"):
            yield Say("Building configuration...\n")
            yield Say(saved(router))


def reload_now(call: Call) -> Talk:
    """Restart."""
    yield from _offer_saving(call)
    if (yield from confirmed("Proceed with reload? ")):
        call.shell.router.reboot("Reload Command")
        yield Drop()


def reload_in(call: Call) -> Talk:
    """Schedule a restart."""
    minutes = int(call.args["minutes"])
    router = call.shell.router
    yield from _offer_saving(call)
    yield Say(f"Reload scheduled in {minutes} minutes by {call.shell.username} on vty{call.shell.line} (127.0.0.1)\n")
    if (yield from confirmed("Proceed with reload? ")):
        router.schedule_reload(minutes)


def reload_cancel(call: Call) -> str:
    """Call the scheduled restart off."""
    if not call.shell.router.cancel_reload():
        return "%No reload is scheduled.\n"
    return "\n\n***\n*** --- SHUTDOWN ABORTED ---\n***\n\n"


def show_reload(call: Call) -> str:
    """Whether a restart is scheduled."""
    left = call.shell.router.reload_due_in()
    if left is None:
        return "No reload is scheduled.\n"
    return f"Reload scheduled in {int(left) // 60} minutes and {int(left) % 60} seconds\n"


COMMANDS = (
    Command("configure terminal", configure_terminal),
    Command("configure terminal revert timer <minutes:1-120>", configure_with_timer),
    Command("configure confirm", configure_confirm),
    Command("configure revert now", configure_revert_now),
    Command("configure revert timer <minutes:1-120>", configure_revert_timer),
    Command("configure replace <url>", configure_replace),
    Command("configure replace <url> <options...>", configure_replace),
    Command("archive config", archive_config),
    Command("show archive", show_archive),
    Command("show archive config rollback timer", show_rollback_timer),
    Command("show archive config differences", show_differences),
    Command("show archive config differences <first>", show_differences),
    Command("show archive config differences <first> <second>", show_differences),
    Command("reload", reload_now),
    Command("reload in <minutes:1-9999>", reload_in),
    Command("reload in <minutes:1-9999> <reason...>", reload_in),
    Command("reload cancel", reload_cancel),
    Command("show reload", show_reload, 1),
)
