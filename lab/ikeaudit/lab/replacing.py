"""The commands that lead from one configuration to another, as ``configure replace`` computes them (CHANGE-REVERT).

Lines are compared section by section, without regard to their order: IOS adds and removes, it never moves. New objects come
first, then the changes inside objects that stay, then what goes.
"""

from __future__ import annotations

from ikeaudit.candidate.tree import Line, identity_of

_END = ("end",)


def commands_to(now: Line, target: Line) -> list[str]:
    """Configuration lines that turn the tree ``now`` into the tree ``target``; empty when they say the same."""
    before, wanted = _statements(now), _statements(target)
    new = [line for key, line in wanted.items() if key not in before]
    gone = [line for key, line in before.items() if key not in wanted]
    coming = {identity_of(line): line for line in new}
    first, last = [], []
    for line in gone:
        successor = coming.get(identity_of(line))
        if successor is None:
            last.append(_inverse(line))
        elif not _overwrites(successor):
            first.append(_inverse(line))
    commands = first
    for line in new:
        commands += _written(line)
    for key, line in wanted.items():
        if key in before:
            inner = commands_to(before[key], line)
            commands += [line.text, *inner, "exit"] if inner else []
    return commands + last


def _statements(section: Line) -> dict[str, Line]:
    return {line.raw.lstrip(): line for line in section.statements() if line.text not in _END}


def _overwrites(line: Line) -> bool:
    """Whether typing ``line`` replaces what stands in its place."""
    return line.match is not None and line.match.command.clash == "replace" and line.first is None


def _inverse(line: Line) -> str:
    return line.text[3:] if line.negated else f"no {line.text}"


def _written(line: Line) -> list[str]:
    """A line and all below it, as typed."""
    lines = line.raw.lstrip().split("\n")
    if line.language is None and line.first is None:
        return lines
    for child in line.statements():
        lines += _written(child)
    return [*lines, "exit"]
