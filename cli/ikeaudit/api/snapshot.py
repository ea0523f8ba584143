"""From a path to configurations that were read, and how much of them was understood."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ikeaudit.model import parse_address
from ikeaudit.model.errors import IncompleteError, InputError
from ikeaudit.parsing.gc_pause import gc_paused
from ikeaudit.report import Coverage, CoverageReport, FileCoverage, Line, Problem
from ikeaudit.report.verdict import incompleteness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ikeaudit.api.kept import Audited, Kept
    from ikeaudit.api.parts import Parts
    from ikeaudit.fleet import Fleet, Translation
    from ikeaudit.hazards.facts.release import Release
    from ikeaudit.parsing.fingerprint import Fingerprinter
    from ikeaudit.snapshot import loading
    from ikeaudit.snapshot.travelling import Elsewhere
    from ikeaudit.snapshot.workers import Workers
    from ikeaudit.snapshot.workspace import Workspace


_PSK = re.compile(r"<PSK:([0-9a-f]+)>")


class Snapshot:
    """Configurations as they were read: every key in them is a token.

    ``path`` is what the caller named, ``coverage`` how much was understood, and what is missing.
    """

    def __init__(
        self,
        path: Path,
        read: loading.Snapshot,
        nat: tuple[Translation, ...],
        fingerprinter: Fingerprinter,
        kept: Kept | None = None,
        workers: Workers | None = None,
    ) -> None:
        self.path = path
        self.coverage = coverage_of(read)
        self._read = read
        self._nat = nat
        self._fingerprinter = fingerprinter
        self._kept = kept
        self._workers = workers

    @property
    def elsewhere(self) -> Elsewhere | None:
        """The other machines that may work on it; not public."""
        return None if self._workers is None else self._workers.elsewhere

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names of the routers that could be read, sorted."""
        return tuple(sorted(one.name for one in self._read.names))

    def is_key(self, word: str) -> bool:
        """Whether ``word`` spells a pre-shared key that is configured somewhere in it."""
        return self._fingerprinter.psk(word) in self._keys

    @cached_property
    def _keys(self) -> frozenset[str]:
        """The fingerprints of all keys in it."""
        routers = self._read.made([one.name for one in self._read.names])
        return frozenset(found for router in routers for line in router.lines for found in _PSK.findall(line))

    def audited(self, planned: Mapping[str, Release] | None = None) -> Audited:
        """What an audit says of all routers, unless it is known from before.

        ``planned`` are the releases that routers are to be upgraded to. Raises as :attr:`fleet` does.
        """
        from ikeaudit.api.kept import Audited

        require_ios(self.coverage, self.path)
        kept = self._kept
        key = kept.key(self._read, self._nat, planned) if kept is not None else None
        if kept is not None and key is not None and (known := kept.found(key)) is not None:
            return known
        with gc_paused():
            from ikeaudit.hazards.catalogue import HAZARDS
            from ikeaudit.snapshot.audit_parts import PartAudit

            titles = {hazard.code: hazard.title for hazard in HAZARDS}
            cache = kept.cache if kept is not None else None
            said = Audited(*PartAudit(self._read, self._nat, planned, cache, self._workers).said(), titles)
        if kept is not None and key is not None:
            kept.keep(key, said)
        return said

    @property
    def key_id(self) -> str | None:
        """The key that its fingerprints were made with, by the name that snapshots and plans give it; None if several."""
        return self._read.key_id

    @property
    def report(self) -> CoverageReport:
        """The coverage as a document, for :func:`to_json`."""
        return self.measured()

    def measured(self, min_coverage: float = 0.0, tolerated: int = 0) -> CoverageReport:
        """The coverage as a document that says what is missing of ``min_coverage`` percent and all but ``tolerated`` hosts."""
        gaps = tuple(incompleteness(self.coverage, min_coverage, tolerated))
        return CoverageReport(coverage=self.coverage, gaps=gaps, path=str(self.path))

    @property
    def time(self) -> str:
        """When the newest of the configurations was last known to be the router's, or was written as a file (UTC)."""
        from ikeaudit.snapshot.dated import utc

        if self._read.known:
            return max(self._read.known.values())
        files = [self.path if self.path.is_file() else self.path / entry.file for entry in self._read.accounts]
        written = [file.stat().st_mtime for file in files if file.is_file()]
        return utc(datetime.fromtimestamp(max(written), UTC)) if written else ""

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the routers' names and configurations, without keys (nor the workspace's), time stamps and paths."""
        texts = sorted(f"{one.name}\n{one.text}" for one in self._read.names)
        return sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def fleet(self) -> Fleet:
        """The routers and who talks to whom; not public, and built once.

        Raises InputError when not one configuration is IOS, IncompleteError when that is because hosts could not be read:
        nothing was audited then, and that is no clean result.
        """
        require_ios(self.coverage, self.path)
        return self._read.fleet(self._nat)

    @cached_property
    def told(self) -> Fleet:
        """As :attr:`fleet`, its exchanges telling their steps: what ``explain`` needs and ``check`` does not pay for."""
        require_ios(self.coverage, self.path)
        return self._read.fleet(self._nat, steps=True)

    @cached_property
    def parts(self) -> Parts:
        """What of it has nothing to do with the rest; not public."""
        from ikeaudit.api.parts import Parts

        cache = self._kept.cache if self._kept is not None else None
        return Parts(self._read, self._nat, cache, self._workers)

    def told_between(self, a: str | None, b: str | None) -> Fleet:
        """As :attr:`told`, with all that hangs on what is at ``a``, or between ``a`` and ``b``, and often with no more.

        Who holds an address, and who calls one, is told by what the configurations name. Where more than that may count
        (translations, state, entries of crypto maps with their alternatives, clients), it is their whole part of the fleet.
        """
        from ikeaudit.fleet import Fleet

        if a is None:
            return self.told
        if self._nat or b is None or a == b or not {a, b} <= {*self.hosts}:
            return self.parts.fleet(self._around(a, b), steps=True)
        from ikeaudit.selection import RouterRules

        routers = self._read.around((a, b))
        pair = [RouterRules(router) for router in routers or () if router.name in (a, b)]
        kinds = {end.kind for rules in pair for end in (*rules.endpoints, *rules.unapplied, *rules.clients)}
        if routers is None or not kinds <= {"tunnel"} or any(rules.key_servers for rules in pair):
            return self.parts.fleet(self._around(a, b), steps=True)
        return Fleet(routers, steps=True, of=(a, b))

    def _around(self, a: str, b: str | None) -> Sequence[str]:
        """The routers in the parts of ``a`` and ``b``, or, if ``a`` is an address, of those who have to do with that."""
        address = parse_address(a) if a not in self.hosts and b is None else None
        if address is not None:
            return self.parts.knowing(address)
        asked = {word.casefold() for word in (a, b) if word is not None}
        return self.parts.of(name for name in self.hosts if name.casefold() in asked)


def load(
    path: str | Path,
    *,
    nat: str | Path | Iterable[Translation] = (),
    workspace: str | Path | None = None,
    create: bool = True,
    jobs: int = 1,
    cache: bool = False,
    runner: str | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Snapshot:
    """Read a snapshot: the folder that ``collect`` wrote, a folder of running-configs, or one such file.

    ``nat`` are the address translations between the routers, or the YAML file that lists them. ``workspace`` is the folder
    with the fingerprint key, else ``$IKEAUDIT_WORKSPACE``, else the nearest ``.ikeaudit`` from the current folder upwards, else
    ``ikeaudit`` in the user's data folder. It is made where it is missing; without ``create`` only if it is named, and else
    the fingerprints of configurations that hold keys are this process's own; so they are where one that nobody named cannot be
    used. ``jobs`` processes are used where there is much to
    read (0: as many as there are processors); ``tell`` is told in a sentence of one that died, whose work is then done here.
    ``runner`` is ``dask://HOST:PORT``: the workers of that Dask scheduler read what ``collect`` wrote (docs/many-machines.md).
    With ``cache`` what was worked out is kept in the workspace, if there is a lasting one, and found there the next time.

    Raises InputError, one sentence, when there is nothing at ``path`` that could be a configuration, the workspace that was
    named cannot be used, or ``runner`` cannot work for this workspace. A file or host that
    could not be read raises nothing: it is in ``coverage``, and makes the verdict of :func:`check` incomplete.
    """
    from ikeaudit.api.kept import Kept
    from ikeaudit.snapshot.cache import Cache
    from ikeaudit.snapshot.loading import load_snapshot
    from ikeaudit.snapshot.workers import Workers, all_cores
    from ikeaudit.snapshot.workspace import ENVIRONMENT, Workspace

    place = None if workspace is None else Path(workspace)
    named = place is not None or bool(os.environ.get(ENVIRONMENT))
    opened = Workspace.open(place, required=named, create=create or named)
    workers = Workers(jobs or all_cores(), tell, None if runner is None else _elsewhere(runner, opened, tell))
    kept = Kept(Cache(opened)) if cache else None
    with gc_paused():
        read = load_snapshot(Path(path), opened, kept.cache if kept is not None else None, workers)
    return Snapshot(Path(path), read, _translations(nat), opened.fingerprinter, kept, workers)


def _translations(nat: str | Path | Iterable[Translation]) -> tuple[Translation, ...]:
    """Those that are given, or stand in a file."""
    if not isinstance(nat, (str, Path)):
        return tuple(nat)
    from ikeaudit.snapshot.nat_file import load_nat

    return tuple(load_nat(Path(nat)))


def _elsewhere(runner: str, workspace: Workspace, tell: Callable[[str], None]) -> Elsewhere:
    """The cluster at ``runner``, which is there and has this workspace's fingerprint key."""
    from ikeaudit.collect.cluster.spreading import Cluster

    cluster = Cluster(runner, workspace.fingerprinter, tell)
    if not workspace.lasting:
        raise InputError(
            "Other machines read with the fingerprint key of a workspace, and there is none here; make one, and carry its key "
            "there by `ikeaudit workspace export` and `import`."
        )
    cluster.require()
    return cluster


def coverage_of(snapshot: loading.Snapshot) -> Coverage:
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
                collected=snapshot.known.get(parsed.file),
            )
            for parsed in snapshot.accounts
        ),
        problems=tuple(Problem(p.kind, p.host, p.file, p.text) for p in snapshot.problems),
    )


def require_ios(coverage: Coverage, path: Path) -> None:
    """Raise InputError when not one configuration is IOS: nothing was audited, and that is no clean result.

    Raises IncompleteError instead when the snapshot records hosts that could not be read.
    """
    if coverage.ios:
        return
    looked_at = {entry.file for entry in coverage.hosts}
    if any(problem.file not in looked_at for problem in coverage.unread):
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
    words = [
        f"{subject} {reason}" if reason.startswith("is stale:") else f"{subject} could not be read ({reason})"
        for subject, reason in reasons
    ]
    return words if len(words) <= _NAMED + 1 else [*words[:_NAMED], f"{len(words) - _NAMED} more could not be read"]
