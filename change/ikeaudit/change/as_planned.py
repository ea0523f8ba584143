"""Whether a router runs what it should, and in which lines it does not.

A router may be given an archive path by a step of the plan, before its revert timer can be armed (CHANGE-WINDOW). Such a step
is sent before the net is up; what it does is taken back by its own lines alone, and when the change is closed. Where IOS prints
the archive's block differs from release to release and means nothing, so it is put where the plan has it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path
from typing import Literal

from ikeaudit.candidate import after_commands
from ikeaudit.drive.device import RouterText
from ikeaudit.ios.language import COMMANDS, LANGUAGES
from ikeaudit.ios.words import slot
from ikeaudit.parsing.volatile import before_hash, stable_lines
from ikeaudit.remediation.plan import Plan, PlannedRouter, Step
from ikeaudit.remediation.plan_folder import predicted

_ENCRYPTION = COMMANDS["isakmp-policy/encryption"][0]
_MODERN, _CLASSIC = f"{_ENCRYPTION.slot} ", f"{_ENCRYPTION.classic_word} "
_ARCHIVE = slot("global/archive")
_POLICY = f"{slot('global/crypto-isakmp-policy')} "
_IMPLIED = frozenset(
    text for row in LANGUAGES["isakmp-policy"].mode.commands for text in (*row.defaults, *row.classic_defaults)
)

Match = Literal["same", "reordered", "different"]
"""``reordered``: the same lines in the same sections, but objects stand in another order (CHANGE-APPENDS, CHANGE-REVERT)."""


def planned_after(folder: Path, router: PlannedRouter) -> list[str]:
    """The redacted lines that the plan predicts for after the change; none when they cannot be read any more."""
    return stable_lines(_text(folder, router))


def planned_before(folder: Path, plan: Plan, router: PlannedRouter) -> list[str]:
    """The redacted lines that the plan was made for: its prediction with its own rollback applied.

    Their order may differ from what the router had, where a rollback cannot bring the order back. None when the prediction
    cannot be read any more: then only the plan's hashes tell.
    """
    text = _text(folder, router)
    return stable_lines(after_commands(text, plan.rollback_of(router.name))) if text else []


def _text(folder: Path, router: PlannedRouter) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return predicted(folder, router)
    return ""


def matches(found: RouterText, digests: Iterable[str], lines: list[str]) -> Match:
    """How ``found`` compares with a configuration known by its digests and its lines."""
    if found.digest in set(digests):
        return "same"
    return "reordered" if content(found.lines) == content(lines) else "different"


def differences(expected: list[str], found: list[str], limit: int = 20) -> list[str]:
    """Lines that are missing (``-``) or came in addition (``+``), each under its section; at most ``limit`` and a count."""
    old, new = _saying(expected), _saying(found)
    rows: list[str] = []
    for operation, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation != "equal":
            rows += [f"- {shown(entry)}" for entry in old[a:b]] + [f"+ {shown(entry)}" for entry in new[c:d]]
    if len(rows) > limit:
        rows[limit:] = [f"... and {len(rows) - limit} more"]
    return rows


def content(lines: Iterable[str]) -> Counter[tuple[str, str]]:
    """How often each line stands in which section (empty for a line of the first level)."""
    return Counter(_saying(lines))


def _saying(lines: Iterable[str]) -> list[tuple[str, str]]:
    """:func:`sectioned` without the defaults of a policy, which some releases print and others do not (U-13)."""
    return [
        (section, line) for section, line in sectioned(lines) if line not in _IMPLIED or not section.startswith(_POLICY)
    ]


def sectioned(lines: Iterable[str]) -> list[tuple[str, str]]:
    """Each line with the section that it stands in, empty for a line of the first level.

    A policy's encryption is printed as ``encr`` by some releases and as ``encryption`` by others; a plan cannot know which.
    """
    section = ""
    found: list[tuple[str, str]] = []
    for line in lines:
        if line[:1].isspace():
            line = line.strip()
            policy = section.startswith(_POLICY)
            found.append(
                (section, line.replace(_CLASSIC, _MODERN, 1) if policy and line.startswith(_CLASSIC) else line)
            )
        else:
            section = line
            found.append(("", line))
    return found


def shown(entry: tuple[str, str]) -> str:
    """A line with its section, as it is told."""
    section, line = entry
    return f"{section} / {line}" if section else line


def arming_steps(plan: Plan, name: str) -> tuple[Step, ...]:
    """The steps of a router that make a revert timer possible; most routers have none."""
    return tuple(step for step in plan.steps if step.router == name and step.phase == "arm")


def arming_rollback(plan: Plan, name: str) -> tuple[str, ...]:
    """The lines that take those steps back."""
    return tuple(line for step in reversed(arming_steps(plan, name)) for line in step.rollback)


def with_archive(plan: Plan, name: str, before: RouterText) -> RouterText:
    """What a router runs once those steps are sent, given what it ran before them."""
    steps = arming_steps(plan, name)
    if not steps:
        return before
    text = after_commands(before.text, (line for step in steps for line in step.commands))
    return RouterText(text, before_hash(text), before.vault)


def armed_lines(plan: Plan, name: str, before: Sequence[str]) -> list[str]:
    """The same for the lines that say what is configured."""
    lines = (line for step in arming_steps(plan, name) for line in step.commands)
    return stable_lines(after_commands("\n".join(before) + "\n", lines))


def disarmed_lines(plan: Plan, name: str, after: Sequence[str]) -> list[str]:
    """What a router runs when the change is closed, by the lines that it runs after the change."""
    return stable_lines(after_commands("\n".join(after) + "\n", arming_rollback(plan, name)))


def placing(plan: Plan) -> Callable[[str, str], str]:
    """A function of a router's name and its redacted configuration, which moves the archive's block to the plan's place."""
    armed = frozenset(step.router for step in plan.steps if step.phase == "arm")
    return partial(_placed, armed)


def _placed(armed: frozenset[str], name: str, text: str) -> str:
    if name not in armed:
        return text
    lines = text.split("\n")
    start = next((at for at, line in enumerate(lines) if line.rstrip() == _ARCHIVE), None)
    if start is None:
        return text
    end = next((at for at in range(start + 1, len(lines)) if not lines[at].startswith(" ")), len(lines))
    return after_commands("\n".join(lines[:start] + lines[end:]), _typed(lines[start:end]))


def _typed(block: Sequence[str]) -> list[str]:
    """The lines that configure a block, each sub-mode left before the next line above it."""
    typed: list[str] = []
    depth = 0
    for line in block:
        indent = len(line) - len(line.lstrip())
        typed += ["exit"] * (depth - indent if indent < depth else 0)
        typed.append(line.strip())
        depth = indent
    return [*typed, *["exit"] * (depth or 1)]
