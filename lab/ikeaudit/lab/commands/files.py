"""Commands about files: ``dir``, ``more``, ``delete``, ``copy``, ``write memory``."""

from ikeaudit.lab.command_table import Command
from ikeaudit.lab.lab_router import LabRouter
from ikeaudit.lab.memory import DiskFullError, file_name
from ikeaudit.lab.shell import Call
from ikeaudit.lab.talk import Ask, Question, Say, Talk

YES = frozenset({"", "\r", "\n", "y", "Y"})
"""Keys that answer a ``[confirm]`` with yes."""


def confirmed(prompt: str) -> Question:
    """Ask ``prompt`` with ``[confirm]``; the talk returns whether the answer was yes."""
    key = yield Ask(f"{prompt}[confirm]", key=True)
    yield Say("\n")
    return str(key) in YES


def write_memory(call: Call) -> Talk:
    """Save the running configuration."""
    yield Say("Building configuration...\n")
    yield Say(saved(call.shell.router))


def copy_to_startup(call: Call) -> Talk:
    """``copy running-config startup-config``, with its file name prompt."""
    if not _quiet(call.shell.router):
        yield Ask("Destination filename [startup-config]? ")
    yield Say("Building configuration...\n")
    yield Say(saved(call.shell.router))


def copy_to_flash(call: Call) -> Talk:
    """``copy running-config flash:NAME``, with its file name prompt unless ``file prompt quiet``."""
    router, url = call.shell.router, call.args["url"]
    if ":" in url and url.partition(":")[0] not in ("flash", "bootflash", "disk0"):
        yield Say(f"%Error opening {url} (No such device)\n")
        return
    name = file_name(url)
    if not _quiet(router):
        typed = yield Ask(f"Destination filename [{name}]? ")
        name = str(typed).strip() or name
        if router.flash.read(name) is not None:
            yield Say("%Warning:There is a file already existing with this name \n")
            if not (yield from confirmed("Do you want to over write? ")):
                return
    text = router.running_text
    try:
        router.flash.write(name, text)
    except DiskFullError:
        yield Say(f"%Error writing {router.file_system}:{name} (No space left on device)\n")
        return
    yield Say(f"{len(text.encode())} bytes copied in 0.012 secs ({len(text.encode()) * 80} bytes/sec)\n")


def copy_to_running(call: Call) -> Talk:
    """``copy flash:NAME running-config``: the lines of the file are typed in, nothing is taken away."""
    router, url = call.shell.router, call.args["url"]
    text = router.file(url)
    if text is None:
        yield Say(f"%Error opening {url} (No such file or directory)\n")
        return
    if not _quiet(router):
        yield Ask("Destination filename [running-config]? ")
    mode = router.configuration.session()
    for line in text.splitlines():
        reply = router.configure(mode, line)
        if reply.output:
            yield Say(f"{reply.output}\n")
    yield Say(f"{len(text.encode())} bytes copied in 0.012 secs ({len(text.encode()) * 80} bytes/sec)\n")


def directory(call: Call) -> str:
    """The files of the flash."""
    flash, disk = call.shell.router.flash, call.shell.router.file_system
    rows = [f"Directory of {disk}:/\n"]
    for number, name in enumerate(flash.names, 1):
        size = len((flash.read(name) or "").encode())
        rows.append(f"{number:>5}  -rw-  {size:>12}   Mar 1 2025 02:00:00 +00:00  {name}")
    return "\n".join(rows) + f"\n\n{flash.capacity} bytes total ({flash.free} bytes free)\n"


def more(call: Call) -> str:
    """The text of a file."""
    url = call.args["url"]
    text = call.shell.router.file(url)
    return f"%Error opening {url} (No such file or directory)\n" if text is None else text


def delete(call: Call) -> Talk:
    """Delete a file, after asking twice unless ``/force``."""
    router, name = call.shell.router, file_name(call.args["url"])
    url = f"{router.file_system}:{name}"
    if "/force" not in call.words:
        typed = yield Ask(f"Delete filename [{name}]? ")
        name = str(typed).strip() or name
        url = f"{router.file_system}:{name}"
        if not (yield from confirmed(f"Delete {url}? ")):
            yield Say(f"Delete of {url} aborted!\n")
            return
    if not router.flash.delete(name):
        yield Say(f"%Error deleting {url} (No such file or directory)\n")


def saved(router: LabRouter) -> str:
    """Save the running configuration; what IOS prints."""
    try:
        router.save()
    except DiskFullError:
        return "startup-config file open failed (Not enough space)\n"
    return "[OK]\n"


def _quiet(router: LabRouter) -> bool:
    return router.file_prompt_quiet or "\nfile prompt quiet\n" in router.running_text


COMMANDS = (
    Command("write memory", write_memory),
    Command("write", write_memory),
    Command("copy running-config startup-config", copy_to_startup),
    Command("copy running-config <url>", copy_to_flash),
    Command("copy <url> running-config", copy_to_running),
    Command("dir", directory, 1),
    Command("dir <filesystem>", directory, 1),
    Command("more <url>", more),
    Command("delete <url>", delete),
    Command("delete /force <url>", delete),
)
