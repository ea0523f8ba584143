"""From the path that the user names to a snapshot and how much of it was understood."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ikeaudit.cli.endings import printable
from ikeaudit.model.errors import IncompleteError, InputError
from ikeaudit.report import Coverage, FileCoverage, Line, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ikeaudit.fleet import Fleet
    from ikeaudit.parsing.snapshot import Snapshot


def load(path: Path) -> tuple[Snapshot, Coverage]:
    """The snapshot at ``path`` and its coverage.

    Raises InputError, one sentence, when there is nothing at ``path`` that could be a configuration.
    """
    from ikeaudit.parsing.snapshot import load_snapshot
    from ikeaudit.parsing.workspace import Workspace

    snapshot = load_snapshot(path, Workspace.open(required=False))
    return snapshot, coverage_of(snapshot)


def fleet_of(snapshot: Snapshot, nat: Path | None) -> Fleet:
    """The routers of ``snapshot``, with the address translations in the file ``nat``."""
    if nat is None:
        return snapshot.fleet()
    from ikeaudit.parsing.nat_file import load_nat

    return snapshot.fleet(load_nat(nat))


def coverage_of(snapshot: Snapshot) -> Coverage:
    """The ledger of every file of ``snapshot``."""
    return Coverage(
        hosts=tuple(
            FileCoverage(
                host=parsed.host,
                file=parsed.file,
                kind=parsed.kind,
                reason=parsed.reason,
                modelled=parsed.modelled,
                irrelevant=parsed.irrelevant,
                unknown=tuple(Line(line, text) for line, text in parsed.unknown),
                remarks=tuple(Line(remark.line, remark.text) for remark in parsed.remarks),
                unread=parsed.unread,
            )
            for parsed in snapshot.files
        ),
        problems=tuple(Problem(p.kind, p.host, p.file, p.text) for p in snapshot.problems),
    )


def require_ios(coverage: Coverage, path: Path) -> None:
    """Raise InputError when not one configuration is IOS: nothing was audited, and that is no clean result.

    Raises IncompleteError instead when the snapshot records hosts that could not be read.
    """
    if coverage.ios:
        return
    if coverage.unread:
        first = coverage.unread[0]
        more = f", and {len(coverage.unread) - 1} more" if len(coverage.unread) > 1 else ""
        raise IncompleteError(f"No host of {path} could be read ({first.subject}: {first.reason}{more}).")
    if len(coverage.not_ios) == 1:
        only = coverage.not_ios[0]
        raise InputError(f"{only.file} is not an IOS configuration ({only.reason}), so there is nothing to audit.")
    if coverage.not_ios:
        example = coverage.not_ios[0]
        raise InputError(
            f"None of the {len(coverage.not_ios)} files in {path} is an IOS configuration "
            f"(the first, {example.file}: {example.reason}), so there is nothing to audit."
        )
    raise InputError(f"{path} holds no configuration that could be read, so there is nothing to audit.")


_NAMED = 5


def unread_words(coverage: Coverage) -> list[str]:
    """``r3.cfg could not be read (is compressed ...)``, an entry for each host or file of which there is no configuration."""
    reasons = [
        (problem.subject, re.sub(r"cannot be read \((.*)\)$", r"\1", problem.reason.rstrip(".")))
        for problem in coverage.unread
    ]
    words = [f"{subject} could not be read ({reason})" for subject, reason in reasons]
    return words if len(words) <= _NAMED + 1 else [*words[:_NAMED], f"{len(words) - _NAMED} more could not be read"]


def warn(gaps: Sequence[str]) -> None:
    """Say on stderr what the printed result cannot say, or nobody would see there; nothing when there is nothing to say."""
    if gaps:
        typer.echo(f"ikeaudit: {printable('; '.join(gaps))} (see ikeaudit coverage).", err=True)
