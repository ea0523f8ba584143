"""``status`` answers for every shape of plan and for every damage of a journal, and one bad change hides no other."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from change_lab import hub_and_spokes, pairs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ikeaudit.change import Journal, parts, progress_of, status_of, window_of
from ikeaudit.change.advice import quoted
from ikeaudit.change.by_hand import write_sheet
from ikeaudit.change.kept import keep
from ikeaudit.cli.main import main
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import audit
from ikeaudit.remediation.fixes.strategy import mending
from ikeaudit.remediation.plan_folder import load_plan, write_plan
from ikeaudit.remediation.planner import make_plan
from ikeaudit.remediation.strategies import STRATEGIES, Strategy, load_own
from ikeaudit.rendering import Templates
from ikeaudit.report import load_schema
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.workspace import Workspace

(SINGLE,) = [s for s in STRATEGIES if s.name == "single-keyring"]
SCHEMA = Draft202012Validator(load_schema("ikeaudit.status/1"))
RESTED = ("nothing is left to be done", "in force for good")


class Case:
    """A plan of one shape, and how the journal of one part of it looks at every moment of an attempt.

    Parts before it are in force; those named ``beside`` are under way at the same time, each at its first line.
    """

    def __init__(self, folder, shape):
        texts = shape.texts()
        snapshot = folder / "snapshot"
        snapshot.mkdir(parents=True)
        for name, text in texts.items():
            (snapshot / f"{name}.cfg").write_text(text)
        self.workspace = Workspace.open(folder / "workspace")
        fleet = load_snapshot(snapshot, self.workspace).fleet()
        strategy, templates = shape.strategy(fleet, folder)
        made = make_plan(
            fleet, strategy, change_id="CHG-1", created=datetime.now(UTC), hosts=shape.hosts, templates=templates
        )
        self.folder = folder / "plan"
        write_plan(self.folder, made.plan, made.files)
        self.whole = load_plan(self.folder)
        keep(self.workspace, self.whole.digest, self.folder)
        every = parts(self.whole)
        assert len(every) > shape.at, (every, self.whole.refusals)
        for part in every[: shape.at]:
            self.open(part)
            if part.change_id in shape.beside:
                lines = self.raw.split(b"\n")[: self.sent]
                self.path.write_bytes(b"\n".join(lines) + b"\n")
        self.open(every[shape.at])
        write_sheet(self.path.parent, self.plan, progress_of(self.entries[: self.sent]), datetime.now(UTC))

    def open(self, part):
        self.part = part
        self.plan = window_of(self.whole, self.part.wave, self.part.group)
        home = self.workspace.folder("changes") / self.part.change_id
        if self.plan is not self.whole:
            for router in self.plan.routers:
                target = home / router.folder / "after.cfg"
                target.parent.mkdir(parents=True)
                target.write_bytes((self.folder / router.folder / "after.cfg").read_bytes())
        self.path = home / "journal.jsonl"
        self.write()
        self.raw = self.path.read_bytes()
        self.sent = [e.event for e in self.entries].index("send") + 1

    def write(self):
        journal = Journal(self.path)
        names = [router.name for router in self.plan.routers]
        journal.record(
            "begin", text="apply", change_id=self.part.change_id, digest=self.whole.digest, plan=str(self.folder),
            wave=self.part.wave, group=self.part.group, routers=names, session="",
        )  # fmt: skip
        for name in names:
            journal.record("backup", name, file=f"flash:pre-{self.part.change_id}.cfg")
            journal.record("arming", name, safety="timer", minutes=10)
            journal.record("armed", name, safety="timer", minutes=10)
        for name in names:
            for step in self.plan.steps_of(name):
                for number, line in enumerate(step.commands, 1):
                    journal.record("send", name, step=step.number, line=line)
                    journal.record("reply", name, step=step.number, last=number == len(step.commands))
            journal.record("arrived", name)
        journal.record("tested", names[0], text="it came up", result="up", direction="a -> b")
        for name in names:
            journal.record("confirming", name)
            journal.record("confirmed", name)
        self.half = len(journal.entries)
        for name in names:
            journal.record("saving", name)
            journal.record("saved", name)
        journal.record("end", result="committed")
        journal.close()
        self.entries = journal.entries

    def status(self, raw=None, later=0.0, wanted=None):
        if raw is not None:
            self.path.write_bytes(raw)
        found = status_of(self.workspace, wanted, datetime.now(UTC) + timedelta(minutes=later))
        SCHEMA.validate(json.loads(msgspec.json.encode(found)))
        return found

    def one(self, raw=None, later=0.0):
        """What is told of the part; whatever became of its journal, of every other part the same is told as before."""
        found = self.status(raw, later)
        (own,) = [change for change in found.changes if change.change_id == self.part.change_id]
        others = {change.change_id: change.state for change in found.changes if change is not own}
        self.others = getattr(self, "others", others)
        assert others == self.others
        return own

    def offsets(self):
        """Where each line ends."""
        found, at = [], 0
        for line in self.raw.split(b"\n")[:-1]:
            at += len(line) + 1
            found.append(at)
        return found


@dataclass(frozen=True)
class Shape:
    """``hosts`` are those that alone are changed, ``at`` which part of the plan is looked at; see :class:`Case`."""

    texts: Callable[[], dict[str, str]]
    hosts: tuple[str, ...] | None = None
    strategy: Callable[[Fleet, Path], tuple[Strategy, Templates | None]] = lambda fleet, folder: (SINGLE, None)
    at: int = 0
    beside: tuple[str, ...] = ()


def misnamed():
    """The first profile of A1 names a keyring that does not exist."""
    texts = {name: re.sub(r"crypto keyring old1\n.*\n", "", text) for name, text in pairs(1).items()}
    texts["A1"] = texts["A1"].replace("   keyring new1\n", "   keyring nwe1\n")
    return texts


def of_the_finding(fleet, folder):
    (finding,) = [finding for finding in audit(fleet) if finding.code == "KR-UNDEF"]
    return mending(fleet, finding), None


def of_one_s_own(fleet, folder):
    """The example of ``docs/strategies/own.md``: no aggressive mode where nothing needs it."""
    page = (Path(__file__).parents[2] / "docs/strategies/own.md").read_text(encoding="utf-8")
    for name, text in re.findall(r"^`(strategies/[\w./-]+)`:\n\n```\w+\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    own = load_own(folder / "strategies", [s.name for s in STRATEGIES])
    return own.strategies[0], Templates(None, own.templates)


def of_ikev2(fleet, folder):
    return next(s for s in STRATEGIES if s.name == "ikev2"), None


SHAPES = {
    "both ends": Shape(lambda: pairs(1)),
    "one end": Shape(lambda: pairs(1), ("A1",)),
    "the hub only": Shape(lambda: hub_and_spokes(2), ("HUB",)),
    "one spoke only": Shape(lambda: hub_and_spokes(2), ("S2",)),
    "several waves": Shape(lambda: pairs(3)),
    "the hub's wave, the last": Shape(lambda: hub_and_spokes(2), at=2),
    "a group of a wave, beside another": Shape(lambda: pairs(3), at=2, beside=("CHG-1-w2-g1",)),
    "IKEv2": Shape(lambda: pairs(1), strategy=of_ikev2),
    "IKEv2, a spoke with the hub": Shape(lambda: hub_and_spokes(2), strategy=of_ikev2, at=1),
    "a finding's": Shape(misnamed, strategy=of_the_finding),
    "a strategy of one's own": Shape(lambda: pairs(1), strategy=of_one_s_own),
}
"""``beside``: the groups of one wave that ran side by side when all ended."""


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    return {name: Case(tmp_path_factory.mktemp("shape"), shape) for name, shape in SHAPES.items()}


@pytest.mark.parametrize(
    "shape",
    [pytest.param(name, marks=[pytest.mark.full] if s.at or "IKEv2" in name else []) for name, s in SHAPES.items()],
)
def test_every_moment_of_every_shape(cases, shape):
    """Cut after each entry: an answer, and until all is saved never the word that nothing is left to be done."""
    case = cases[shape]
    for number, at in enumerate(case.offsets(), 1):
        for later in (0.0, 11.0):
            change = case.one(case.raw[:at], later)
            if number < len(case.entries) - 1:
                assert change.next is not None, (number, change)
                assert change.state in ("interrupted", "state-unknown"), (number, change)
    assert change.state == "committed"


@pytest.mark.parametrize("shape", ["one end", "the hub only", "one spoke only"])
def test_one_end_half_changed_is_told_as_not_known(cases, shape):
    case = cases[shape]
    change = case.one(case.raw[: case.offsets()[case.sent - 1]])
    (name,) = [router.name for router in case.plan.routers]
    assert change.state == "interrupted" and change.routers[0].runs == "between"
    up = [o for o in case.plan.directions if "up" in (o.before.outcome, o.after.outcome)]
    assert up and {b.direction for b in change.broken} == {str(o.direction) for o in up}
    assert {b.outcome for b in change.broken} == {"unknown"}
    assert all(f"{name} runs a part of the change" in b.why for b in change.broken)


def damages(draw, raw):
    """A journal after something happened to it, and whether whole lines of it are as they were."""
    lines = raw.split(b"\n")[:-1]
    kind = draw(st.sampled_from(["cut", "delete", "duplicate", "swap", "byte", "zeros", "garbage"]))
    at = draw(st.integers(0, len(lines) - 1))
    if kind == "cut":
        return kind, raw[: draw(st.integers(0, len(raw)))]
    if kind == "delete":
        del lines[at]
    elif kind == "duplicate":
        lines.insert(at, lines[at])
    elif kind == "swap":
        other = draw(st.integers(0, len(lines) - 1))
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == "byte":
        place = draw(st.integers(0, len(raw) - 1))
        return kind, raw[:place] + bytes([draw(st.integers(0, 255))]) + raw[place + 1 :]
    elif kind == "zeros":
        start = draw(st.integers(0, len(raw)))
        return kind, raw[:start] + b"\0" * (len(raw) - start)
    else:
        lines[at] = draw(st.binary(max_size=60)).replace(b"\n", b" ")
    return kind, b"\n".join(lines) + b"\n"


def test_a_change_is_called_as_its_folder_is(cases):
    """One byte of the id in its journal is another, and all else as it was."""
    case = cases["both ends"]
    half = case.raw[: case.offsets()[case.sent - 1]]
    written = f'"change_id":"{case.part.change_id}"'.encode()
    assert half.count(written) == 1
    change = case.one(half.replace(written, written[:-2] + b'X"'))
    assert change.state == "interrupted"


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_damage_stops_the_answer_or_makes_it_too_good(cases, data):
    """Of an attempt that is cut off with every router changed, nothing that happens to the journal makes it an all-clear."""
    case = cases[data.draw(st.sampled_from(list(SHAPES)))]
    half = case.raw[: case.offsets()[data.draw(st.integers(case.sent, case.half)) - 1]]
    kind, raw = damages(data.draw, half)
    change = case.one(raw, data.draw(st.sampled_from([0.0, 11.0, 1e6])))
    assert change.state in ("interrupted", "state-unknown"), (kind, change)
    assert change.next is not None and not any(words in change.next_why for words in RESTED), (kind, change)
    lines = half.split(b"\n")[:-1]
    seen = b'"event":"arrived"' in raw  # then somebody has looked at a router since
    inside = (
        len(lines) > 1 and raw.split(b"\n")[: len(lines) - 1] != lines[:-1]
    )  # more than its last line is not as it was
    if kind in ("delete", "swap", "garbage") and inside and not seen:
        assert change.state == "state-unknown", (kind, change)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=st.one_of(st.binary(max_size=200), st.just(b""), st.integers(1, 5000).map(bytes), st.just(b'{"a": 1}\n')))
def test_what_is_no_journal_names_the_page_to_type_from(cases, raw):
    case = cases["both ends"]
    (change,) = case.status(raw).changes
    assert change.state == "state-unknown" and change.next == f"ikeaudit rollback {quoted(str(case.folder))}"
    first = next(iter(case.plan.routers)).name
    by_hand = {router.name: router.by_hand for router in change.routers}
    assert by_hand[first][0] == "configure revert now" and change.revert_by_hand is not None
    assert "tells nothing" in change.cause


def test_a_journal_that_lost_its_end_before_the_page_was_written(cases):
    """Only its beginning is left; the page beside it names routers that were armed."""
    case = cases["both ends"]
    (change,) = case.status(case.raw[: case.offsets()[0]]).changes
    assert change.state == "state-unknown" and "lost its end" in change.cause
    assert all(router.by_hand and router.phase == "lost" for router in change.routers)


def test_one_bad_change_hides_no_other(cases, tmp_path, monkeypatch):
    import ikeaudit.change.status as module

    case = cases["both ends"]
    case.path.write_bytes(case.raw)
    changes = case.workspace.path / "changes"
    (changes / "CHG-2").mkdir()
    (changes / "CHG-2/journal.jsonl").mkdir()
    shutil.copytree(case.path.parent, changes / "CHG-3")
    try:
        real = module.broken_now

        def broken(plan, folder, routers, at):
            if broken.calls:
                return real(plan, folder, routers, at)
            broken.calls += 1
            raise KeyError("R9")

        broken.calls = 0
        monkeypatch.setattr(module, "broken_now", broken)
        found = {change.journal: change for change in case.status().changes}
        one, two, three = (found[str(changes / name / "journal.jsonl")] for name in ("CHG-1", "CHG-2", "CHG-3"))
        assert one.state == "state-unknown" and "internal error" in one.cause
        assert two.state == "state-unknown" and "a folder is in its place" in two.cause
        assert three.state == "committed"
    finally:
        shutil.rmtree(changes / "CHG-2")
        shutil.rmtree(changes / "CHG-3")


@pytest.mark.parametrize("how", ["empty", "zeros", "folder", "foreign", "dangling", "gone"])
def test_the_verb_says_it_with_its_exit_code(cases, how, monkeypatch, capsys):
    case = cases["both ends"]
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(case.workspace.path))
    case.path.unlink()
    content = {"empty": b"", "zeros": b"\0" * 900, "foreign": b'{"hello": "world"}\n'}
    try:
        if how == "folder":
            case.path.mkdir()
        elif how == "dangling":
            case.path.symlink_to(case.path.with_name("nowhere"))
        elif how != "gone":
            case.path.write_bytes(content[how])
        assert main(["status"]) == 7
        out = capsys.readouterr().out
        assert "nothing is left to be done" not in out
        assert "A1# configure revert now" in out and f"ikeaudit rollback {quoted(str(case.folder))}\n" in out
    finally:
        case.path.rmdir() if how == "folder" else case.path.unlink(missing_ok=True)
        case.path.write_bytes(case.raw)
    assert main(["status"]) == 0


@pytest.mark.parametrize("place", ["changes", "changes/CHG-1"])
@pytest.mark.parametrize("target", [None, "nowhere", "CHG-1"])
def test_something_else_in_the_place_of_a_folder_is_no_clean_slate(cases, place, target, monkeypatch, capsys):
    """A file, a link to nothing or to itself: what was begun is not known, and is not told as never begun."""
    case = cases["both ends"]
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(case.workspace.path))
    folder = case.workspace.path / place
    aside = folder.rename(case.folder.with_name("aside"))
    try:
        folder.write_text("") if target is None else folder.symlink_to(target)
        assert main(["status"]) == 7
        out, err = capsys.readouterr()
        assert "not known" in out + err and "rollback" in out + err and "No change was ever begun" not in out
    finally:
        folder.unlink()
        aside.rename(folder)


def test_a_damaged_plan_is_told_from_the_copy(cases):
    """The folder of the plan is gone: steps, ways back and broken directions come from the workspace."""
    case = cases["both ends"]
    aside = Path(f"{case.folder}-aside")
    case.folder.rename(aside)
    try:
        (change,) = case.status(case.raw[: case.offsets()[case.sent]]).changes
        assert change.routers[0].steps > 0 and any("clear crypto session" in line for line in change.routers[0].by_hand)
    finally:
        aside.rename(case.folder)
