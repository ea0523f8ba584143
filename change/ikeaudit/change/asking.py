"""Asking a router how far a change has come there, where no journal tells: what it runs decides.

Its configuration is compared with what the plan was made for, with what it predicts, and with every state between: after each
single line of the steps, and of the way back. In another workspace keys have other fingerprints; they are recognised by the
places in which they stand, one for one, and are called by the plan's names from then on.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from ikeaudit.candidate import Candidate
from ikeaudit.change.as_planned import differences, matches, planned_after, planned_before, sectioned
from ikeaudit.change.journal import Entry, RouterProgress, progress_of
from ikeaudit.change.journal_file import Journal, now
from ikeaudit.change.plan_parts import parts
from ikeaudit.change.planned_device import MadeKeys
from ikeaudit.drive import safety
from ikeaudit.drive.device import Device, RouterText
from ikeaudit.drive.replies import complaint
from ikeaudit.model.grouping import by_key
from ikeaudit.parsing.fingerprint import ANY_TOKEN
from ikeaudit.parsing.volatile import stable_lines
from ikeaudit.remediation.plan import Plan, PlannedRouter
from ikeaudit.remediation.plan_folder import predicted

Seen = Literal["before", "between", "after", "else"]
"""``else``: a configuration that this plan leads to nowhere on its way."""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What a router was seen to run: ``step`` is the last one of which lines are there, ``whole`` when all of them are.

    ``safety`` is the net that is up, ``file`` the copy of its earlier configuration on its flash, ``saved`` says that the
    startup configuration is not the one from before, ``settled`` that it is what the router
    runs; ``rows`` are the lines by which it differs, when it runs something else.
    """

    name: str
    runs: Seen
    step: int
    whole: bool
    safety: Literal["timer", "reload"] | None
    file: str | None
    saved: bool
    digest: str | None
    rows: tuple[str, ...] = ()
    settled: bool = False

    def note(self, journal: Journal) -> None:
        """Put it into the journal, where it counts from then on."""
        journal.record("found", self.name, step=self.step, text=self.words, **self._data())

    def progress(self) -> RouterProgress:
        """The same as the progress of a router of which no journal tells."""
        entry = Entry(number=1, at=now(), event="found", router=self.name, step=self.step, data=self._data())
        return progress_of([entry]).routers[self.name]

    def _data(self) -> dict[str, Any]:
        return {
            "runs": self.runs,
            "whole": self.whole,
            "safety": self.safety,
            "file": self.file,
            "saved": self.saved,
            "digest": self.digest,
        }

    @property
    def words(self) -> str:
        """A sentence without its end."""
        found = {
            "before": "runs what it ran before the change",
            "after": "runs what the plan predicts for after the change",
            "between": f"runs a part of the change, {'all' if self.whole else 'some'} of step {self.step}",
            "else": f"runs neither what it ran before nor a state of this change: {'; '.join(self.rows)}",
        }[self.runs]
        if self.safety is not None:
            found += ", and goes back by itself" if self.safety == "timer" else ", and a restart of it is scheduled"
        if self.runs == "before" and self.saved:
            found += ", but its startup configuration is another one"
        return found + (f"; {self.file} is there" if self.file else "")


class _State(NamedTuple):
    runs: Seen
    step: int
    whole: bool
    lines: list[str]


def look_at(plan: Plan, folder: Path, device: Device, made: MadeKeys, known: RouterProgress | None = None) -> Look:
    """Read a router and tell where it is; ``known`` is what a journal tells of it, ``made`` learns how keys are called there.

    :raises SessionError: when it does not answer.
    """
    planned = plan.router(device.name)
    file = _copy(device, f"pre-{plan.change_id}.cfg") or (known.backup if known is not None else None)
    found = device.running()
    state = _same(plan, folder, planned, found)
    if state is None and _by_places(plan, folder, planned, device, made, found, file):
        found = device.running()
        state = _same(plan, folder, planned, found)
    net = safety.net_of(device)
    startup = device.startup()
    before = planned_before(folder, plan, planned)
    digests = (planned.before_hash, planned.rolled_back_hash)
    saved = startup is None or matches(startup, digests, before) == "different"
    if state is None:
        steps = plan.steps_of(device.name)
        rows = _rows(found, before, planned_after(folder, planned))
        return Look(
            name=device.name,
            runs="else",
            step=steps[-1].number if steps else 0,
            whole=False,
            safety=net,
            file=file,
            saved=True,
            digest=None,
            rows=rows,
        )
    if state.runs == "after" and startup is not None:
        saved = startup.digest == found.digest
    step = state.step
    if state.runs == "before" and saved and net is None:  # there is a startup configuration to be written
        step = max((s.number for s in plan.steps_of(device.name)), default=0)
    ours = found.digest if state.runs in ("before", "after") else None
    settled = startup is not None and startup.digest == found.digest
    return Look(
        name=device.name,
        runs=state.runs,
        step=step,
        whole=state.whole,
        safety=net,
        file=file,
        saved=saved,
        digest=ours,
        settled=settled,
    )


def _states(plan: Plan, folder: Path, planned: PlannedRouter) -> Iterator[_State]:
    """Every configuration on the way there and back, the two ends first."""
    steps = plan.steps_of(planned.name)
    last = steps[-1].number if steps else 0
    yield _State("before", 0, True, planned_before(folder, plan, planned))
    yield _State("after", last, True, planned_after(folder, planned))
    if not planned_after(folder, planned):
        return
    candidate = _after(folder, planned)
    candidate.apply(plan.rollback_of(planned.name))
    for step in steps:
        session = candidate.session()
        for number, line in enumerate(step.commands, 1):
            session.send(line)
            yield _State("between", step.number, number == len(step.commands), stable_lines(candidate.text()))
    candidate = _after(folder, planned)
    for step in reversed(steps):
        session = candidate.session()
        for line in step.rollback:
            session.send(line)
            yield _State("between", step.number, False, stable_lines(candidate.text()))


def _after(folder: Path, planned: PlannedRouter) -> Candidate:
    return Candidate.from_text(predicted(folder, planned))


def _same(plan: Plan, folder: Path, planned: PlannedRouter, found: RouterText) -> _State | None:
    """The state that a router is in, when its keys are called by the plan's names; None when it is in none.

    A step counts as whole when the lines of it that are missing would change nothing.
    """
    digests = {"before": (planned.before_hash, planned.rolled_back_hash), "after": (planned.after_hash,)}
    part: _State | None = None
    for state in _states(plan, folder, planned):
        if matches(found, digests.get(state.runs, ()), state.lines) == "different":
            if part is not None:
                return part
        elif state.whole:
            return state
        else:
            part = part or state
    return part


# -- keys by their places ----------------------------------------------------------------------------------------------


def _by_places(
    plan: Plan,
    folder: Path,
    planned: PlannedRouter,
    device: Device,
    made: MadeKeys,
    found: RouterText,
    file: str | None,
) -> bool:
    """Learn how the plan's keys are called here: from the copy on the router's flash, then from what it runs.

    Of a plan of several parts it is the copy of the part that came first there. What it runs is taken only when it can be read
    in one way: two states may differ in nothing but a key.
    """
    learned = False
    for name in [file] if file is not None else _copies(device, plan):
        copy = device.saved(name)
        names = names_of(planned_before(folder, plan, planned), copy.lines) if copy is not None else None
        if names:
            learned = made.learn(names)
            break
    ways = [names for state in _states(plan, folder, planned) if (names := names_of(state.lines, found.lines))]
    ways = [names for number, names in enumerate(ways) if names not in ways[:number] and made.agrees(names)]
    return (len(ways) == 1 and made.learn(ways[0])) or learned


def names_of(planned: list[str], found: list[str]) -> dict[str, str] | None:
    """The fingerprints of ``found`` by those of ``planned``, when both are the same lines but for them, one for one.

    Objects may stand in another order, as a roll-back leaves them; lines that differ in nothing but keys may not.
    """
    theirs, ours = _keys_by_place(planned), _keys_by_place(found)
    if {place: len(keys) for place, keys in theirs.items()} != {place: len(keys) for place, keys in ours.items()}:
        return None
    names: dict[str, str] = {}
    for place, lines in theirs.items():
        for line, other in zip(lines, ours[place], strict=True):
            for name, actual in zip(line, other, strict=True):
                if names.setdefault(name, actual) != actual:
                    return None
    return names if len(set(names.values())) == len(names) else None


def _keys_by_place(lines: list[str]) -> dict[tuple[str, str], list[list[str]]]:
    """The fingerprints in each line, by its section and what it says beside them."""
    return by_key(((_blind(section), _blind(line)), ANY_TOKEN.findall(line)) for section, line in sectioned(lines))


def _blind(line: str) -> str:
    return ANY_TOKEN.sub("", line)


def _rows(found: RouterText, before: list[str], after: list[str]) -> tuple[str, ...]:
    """The lines by which a router differs from the nearer of the two; keys do not count where all are called otherwise."""
    lines = found.lines
    known = set(ANY_TOKEN.findall("\n".join([*before, *after])))
    if known.isdisjoint(ANY_TOKEN.findall("\n".join(lines))):
        lines, before, after = ([_blind(line) for line in text] for text in (lines, before, after))
    both = (differences(before, lines, limit=10_000), differences(after, lines, limit=10_000))
    rows = min(both, key=len)
    if len(rows) > 6:
        rows[6:] = [f"... and {len(rows) - 6} more"]
    return tuple(re.sub(" +", " ", row) for row in rows)


def _copies(device: Device, plan: Plan) -> Iterator[str]:
    """The files on the router's flash that parts of the plan have copied its configuration into, in the order of the parts."""
    for part in parts(plan):
        file = _copy(device, f"pre-{part.change_id}.cfg")
        if file is not None:
            yield file


def _copy(device: Device, name: str) -> str | None:
    """The file on the router's flash that the change has copied its earlier configuration into; None when it is not there."""
    device.leave_config()
    listing = device.run("dir")
    if complaint(listing) is not None or not re.search(rf"(?m)\s{re.escape(name)}\s*$", listing):
        return None
    disk = re.search(r"Directory of (\w+:)", listing)
    return f"{disk[1] if disk else 'flash:'}{name}"
