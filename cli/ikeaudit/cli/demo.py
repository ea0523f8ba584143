"""``ikeaudit demo``: the whole way on two live (virtual) routers, with the commands that a user would type."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from ikeaudit.lab import Lab

_MARK = ".ikeaudit-demo"
_CHANGE = "DEMO-1"


def demo(
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where the artefacts go; an earlier demo is replaced.")
    ] = Path("demo-output"),
) -> int:
    """Boot two virtual routers, find the one-way tunnel, plan, prove, apply, verify.

    Everything happens on this machine; each step shows the command to do it yourself.

    Exit code: 0 the tunnel comes up from both ends now, 2 the folder cannot be used, 4 the demo did not end as it should.
    """
    import secrets

    from ikeaudit.lab import boot_from_folder
    from ikeaudit.lab.scenarios import SEED
    from ikeaudit.report.screen import screen

    folder = _fresh(out)
    password = secrets.token_urlsafe(12)
    console = screen()
    with _environment(folder, password), boot_from_folder(SEED, password=password, minute_seconds=6.0) as lab:
        inventory = lab.write_inventory(folder / "inventory")
        console.print(
            "Two virtual routers answer SSH on loopback: "
            + ", ".join(f"{name} at port {lab.port(name)}" for name in lab.routers)
            + ". They are the lab's; how real IOS selects keys is the model's word, not theirs."
        )
        done = _walk(console, lab, folder, inventory)
    _farewell(console, folder, done)
    return 0 if done else 4


def _walk(console: Console, lab: Lab, folder: Path, inventory: Path) -> bool:
    """The steps in order; False as soon as one does not end as it should."""
    before, after, plan = folder / "before", folder / "after", folder / "plan"
    steps: tuple[tuple[str, tuple[str, ...], tuple[int, ...]], ...] = (
        ("Read both routers over SSH", ("collect", "--inventory", str(inventory), "--out", str(before)), (0,)),
        ("What is wrong with them", ("check", str(before)), (1,)),
        ("Why the tunnel does not come up when R2 calls", ("explain", str(before), "R2", "R1"), (0, 1)),
    )
    if not all(_step(console, *step) for step in steps):
        return False
    if not _ping(console, lab, {"R1": True, "R2": False}):
        return False
    steps = (
        (
            "Plan one keyring for each router, and prove it",
            ("plan", str(before), "--strategy", "single-keyring", "--change-id", _CHANGE, "--out", str(plan)),
            (0,),
        ),
        ("Look at the lines without sending them", ("apply", str(plan), "--inventory", str(inventory)), (0,)),
        ("Approve it, which names the plan and the person", ("approve", str(plan), "--by", "demo"), (0,)),
        ("Apply it", ("apply", str(plan), "--inventory", str(inventory), "--commit"), (0,)),
        ("Read both routers again", ("collect", "--inventory", str(inventory), "--out", str(after)), (0,)),
        ("What is left", ("check", str(after), "--code", "KR-DUP*", "--code", "KR-ORDER-DEP", "--code", "PW-*"), (0,)),
        ("Both directions", ("explain", str(after)), (0,)),
    )
    return all(_step(console, *step) for step in steps) and _ping(console, lab, {"R1": True, "R2": True})


def _fresh(out: Path) -> Path:
    """An empty folder for the demo; only an earlier demo's folder is replaced."""
    import shutil

    from ikeaudit.model.errors import InputError
    from ikeaudit.snapshot.private_files import make_folder, write_private

    if os.path.lexists(out):
        if not (out / _MARK).is_file():
            raise InputError(f"{out} exists and is no earlier demo; name another folder with --out.")
        shutil.rmtree(out)
    make_folder(out)
    write_private(out / _MARK, b"")
    return out


@contextmanager
def _environment(folder: Path, password: str) -> Iterator[None]:
    """Credentials and workspace of the demo in the environment, and the former values back afterwards."""
    from ikeaudit.lab import ENABLE_VARIABLE, PASSWORD_VARIABLE, USERNAME_VARIABLE

    ours: dict[str, str | None] = {
        USERNAME_VARIABLE: "lab",
        PASSWORD_VARIABLE: password,
        ENABLE_VARIABLE: None,
        "IKEAUDIT_WORKSPACE": str(folder / "workspace"),
    }
    theirs = {name: os.environ.get(name) for name in ours}
    try:
        _export(ours)
        yield
    finally:
        _export(theirs)


def _export(values: dict[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _step(console: Console, title: str, arguments: tuple[str, ...], expected: tuple[int, ...]) -> bool:
    from ikeaudit.cli.main import main

    _heading(console, title)
    _say(console, f"$ ikeaudit {' '.join(arguments)}", "bold cyan", soft_wrap=True)
    code = main(arguments)
    if code not in expected:
        _say(console, f"This step ended with exit code {code}, not {' or '.join(map(str, expected))}.", "bold red")
    return code in expected


def _heading(console: Console, title: str) -> None:
    from rich.text import Text

    console.print()
    console.rule(Text(title, "bold"), align="left")


def _say(console: Console, words: str, style: str, *, soft_wrap: bool = False) -> None:
    from rich.text import Text

    console.print(Text(words, style), soft_wrap=soft_wrap)


def _ping(console: Console, lab: Lab, expected: dict[str, bool]) -> bool:
    """Make each router start the tunnel by traffic, as in the seed, and compare with what the model said."""
    from functools import partial

    from ikeaudit.lab import Console as LabConsole

    _heading(console, "The same on the routers: who can start the tunnel?")
    good = True
    for name, wanted in expected.items():
        destination = "192.168.200.1" if name == "R1" else "192.168.100.1"
        ping = f"ping {destination} source Loopback0 repeat 3"
        for router in lab.routers.values():
            lab.do(partial(LabConsole(router, privilege=15).send, "clear crypto session"))
        reply = lab.do(partial(LabConsole(lab.router(name), privilege=15).send, ping))
        up = "!" in reply
        good = good and up == wanted
        _say(console, f"{name}# {ping}", "bold cyan")
        last = next(line for line in reversed(reply.splitlines()) if "Success rate" in line)
        _say(console, last, "green" if up else "red")
    return good


def _farewell(console: Console, folder: Path, done: bool) -> None:
    _heading(console, "Artefacts")
    for name, what in (
        ("before", "snapshot before the change, keys as fingerprints"),
        ("plan", "the plan: plan.md to read, plan.json and proof.json for machines, the lines for each router"),
        ("after", "snapshot after the change"),
        ("workspace", "fingerprint key and the change's journal"),
    ):
        if (folder / name).exists():
            _say(console, f"  {folder / name}  {what}", "", soft_wrap=True)
    if done:
        _say(console, "The tunnel came up from one end only; now it comes up from both.", "bold green")
    else:
        _say(console, "The demo did not end as it should; the lines above say where.", "bold red")
