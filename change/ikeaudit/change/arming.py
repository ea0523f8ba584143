"""Routers that are given an archive path by a step of the plan, before their revert timer can be armed (CHANGE-WINDOW).

Such a step is sent before the net is up; what it does is taken back by its own lines alone, and when the change is closed.
Where IOS prints the archive's block differs from release to release and means nothing, so it is put where the plan has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from ikeaudit.candidate import Candidate
from ikeaudit.drive.device import RouterText
from ikeaudit.parsing.volatile import before_hash, stable_lines
from ikeaudit.remediation.plan import Plan, Step


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
    candidate = Candidate.from_text(before.text)
    candidate.apply(line for step in steps for line in step.commands)
    text = candidate.text()
    return RouterText(text, before_hash(text), before.vault)


def armed_lines(plan: Plan, name: str, before: Sequence[str]) -> list[str]:
    """The same for the lines that say what is configured."""
    candidate = Candidate.from_text("\n".join(before) + "\n")
    candidate.apply(line for step in arming_steps(plan, name) for line in step.commands)
    return stable_lines(candidate.text())


def disarmed_lines(plan: Plan, name: str, after: Sequence[str]) -> list[str]:
    """What a router runs when the change is closed, by the lines that it runs after the change."""
    candidate = Candidate.from_text("\n".join(after) + "\n")
    candidate.apply(arming_rollback(plan, name))
    return stable_lines(candidate.text())


def placing(plan: Plan) -> Callable[[str, str], str]:
    """A function of a router's name and its redacted configuration, which moves the archive's block to the plan's place."""
    armed = frozenset(step.router for step in plan.steps if step.phase == "arm")
    return partial(_placed, armed)


def _placed(armed: frozenset[str], name: str, text: str) -> str:
    if name not in armed:
        return text
    lines = text.split("\n")
    start = next((at for at, line in enumerate(lines) if line.rstrip() == "archive"), None)
    if start is None:
        return text
    end = next((at for at in range(start + 1, len(lines)) if not lines[at].startswith(" ")), len(lines))
    candidate = Candidate.from_text("\n".join(lines[:start] + lines[end:]))
    candidate.apply(_typed(lines[start:end]))
    return candidate.text()


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
