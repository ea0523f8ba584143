"""Laws of the journal's room, for runs that are made up: what a crash, a disk or a stranger leaves never says too much."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ikeaudit.change.journal import (
    AT_REST,
    Entry,
    Event,
    Phase,
    ending,
    line_of,
    progress_of,
    progress_told,
    reading_of,
)

LAW = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])  # by laws, not by time
START = datetime(2025, 3, 1, 2, 0, tzinfo=UTC)
NAMES = ("R1", "R2")
CERTAIN = {"arrived", "confirmed", "saved", "reverted", "found"}  # each follows a look at what the router runs

DEEDS: dict[str, st.SearchStrategy[dict[str, object]]] = {
    "compared": st.just({"digest": "b" * 64, "after": "a" * 64}),
    "backup": st.just({"file": "flash:pre-C1.cfg"}),
    "arming": st.fixed_dictionaries({"safety": st.sampled_from(("timer", "reload")), "minutes": st.integers(1, 60)}),
    "armed": st.just({}),
    "renewed": st.fixed_dictionaries({"minutes": st.integers(1, 60)}),
    "send": st.just({}),
    "reply": st.fixed_dictionaries({"last": st.booleans(), "refused": st.booleans()}),
    "arrived": st.just({}),
    "confirming": st.just({}),
    "confirmed": st.just({}),
    "saving": st.just({}),
    "saved": st.just({}),
    "failed": st.just({}),
    "reverting": st.just({}),
    "reverted": st.fixed_dictionaries({"match": st.sampled_from(("same", "reordered", "other"))}),
    "lost": st.just({}),
    "observed": st.just({"moment": "after"}),
    "closed": st.just({"in_force": True}),
    "found": st.fixed_dictionaries(
        {
            "runs": st.sampled_from(("before", "between", "after", "else")),
            "whole": st.booleans(),
            "safety": st.sampled_from(("timer", "reload", None)),
            "saved": st.booleans(),
        }
    ),
}


@st.composite
def runs(draw: st.DrawFn, least: int = 0) -> list[Entry]:
    """The entries of some runs on two routers, the first of which begins the journal."""
    kinds = ["begin", *draw(st.lists(st.sampled_from((*DEEDS, *DEEDS, "begin", "end")), min_size=least, max_size=14))]
    entries: list[Entry] = []
    for number, event in enumerate(kinds, 1):
        at = (START + timedelta(seconds=number)).isoformat().replace("+00:00", "Z")
        router, text, step = None, None, None
        if event == "begin":
            text = draw(st.sampled_from(("apply", "resume", "rollback", "confirm"))) if entries else "apply"
            data: dict[str, object] = {"change_id": "C1", "digest": "d" * 64, "routers": list(NAMES)}
        elif event == "end":
            data = {"result": "failed"}
        else:
            router, data = draw(st.sampled_from(NAMES)), draw(DEEDS[event])
            text = draw(st.sampled_from((None, 'é "quoted" \\ and\nmore', "% Invalid input")))
            step = draw(st.integers(1, 9)) if event in ("send", "reply", "found") else None
        entries.append(Entry(number=number, at=at, event=event, router=router, step=step, text=text, data=data))
    return entries


def written(entries: list[Entry]) -> bytes:
    return b"".join(map(line_of, entries))


def test_every_event_of_a_router_is_made_up_here():
    later = {"renewing", "testing", "tested", "held", "closing"}  # change no router's state by themselves
    assert set(DEEDS) | later | {"begin", "end", "damaged"} == set(get_args(Event))


@LAW
@given(entries=runs())
def test_what_was_written_is_read(entries):
    assert list(reading_of(written(entries)).entries) == entries


@LAW
@given(entries=runs(least=1), data=st.data())
def test_a_crash_at_any_byte_loses_at_most_its_line_and_is_no_damage(entries, data):
    first = len(line_of(entries[0]))
    content = written(entries)
    cut = content[: data.draw(st.integers(first, len(content)))]
    whole = [entry for number, entry in enumerate(entries) if len(written(entries[: number + 1])) - 1 <= len(cut)]
    assert list(reading_of(cut).entries) == whole

    after = Entry(
        number=len(whole) + 1, at=entries[-1].at, event="begin", text="rollback", data={"routers": list(NAMES)}
    )
    again = cut + ending(cut.rpartition(b"\n")[2]) + line_of(after)
    assert list(reading_of(again).entries) == [*whole, after]


@LAW
@given(
    entries=runs(least=1), data=st.data(), junk=st.sampled_from((None, b"\0" * 9, b"}{", b"\xff\xfe", b'{"number":1}'))
)
def test_after_a_line_that_is_gone_only_a_look_makes_a_router_certain(entries, data, junk):
    at = data.draw(st.integers(0, len(entries) - 2))  # that the last one is missing, nobody can tell
    lines = [line_of(entry) for entry in entries]
    lines[at : at + 1] = [] if junk is None else [junk + b"\n"]
    progress = progress_told(reading_of(b"".join(lines)))
    looked_at = {entry.router for entry in entries[at + 1 :] if entry.event in CERTAIN}
    for name in NAMES:
        router = progress.routers.get(name)
        doubtful = progress.blind if router is None else router.doubtful
        assert doubtful == (name not in looked_at) or (progress.blind and router is None)
        assert not doubtful or (progress.open and (router is None or (router.phase == "lost" and router.touched)))


def test_who_was_looked_at_stays_certain_when_another_run_begins():
    """The first line is gone, R1 was seen to run what it ran before, and the next run begins; nobody has looked at R2."""
    at = "2025-03-01T02:00:00Z"
    back = Entry(number=2, at=at, event="reverted", router="R1", data={"match": "same"})
    again = Entry(number=3, at=at, event="begin", text="apply", data={"change_id": "C1", "routers": list(NAMES)})
    routers = progress_told(reading_of(line_of(back) + line_of(again))).routers
    assert not routers["R1"].doubtful and routers["R2"].doubtful


@LAW
@given(entries=runs(), name=st.sampled_from(NAMES))
def test_a_line_that_may_have_been_sent_leaves_the_change_open(entries, name):
    sent = Entry(number=len(entries) + 1, at=entries[-1].at, event="send", router=name, step=1, line="x")
    progress = progress_of([*entries, sent])
    router = progress.routers[name]
    assert router.touched and router.phase not in AT_REST and not router.whole and router.step >= 1
    assert progress.open and name in progress.half_way and not progress.in_force and not progress.done


@LAW
@given(entries=runs(), name=st.sampled_from(NAMES))
def test_what_was_taken_back_and_looked_at_is_at_rest(entries, name):
    back = Entry(number=len(entries) + 1, at=entries[-1].at, event="reverted", router=name, data={"match": "same"})
    router = progress_of([*entries, back]).routers[name]
    assert not router.touched and (router.safety, router.acts_at, router.sent, router.step) == (None, None, 0, 0)
    assert not (router.confirming or router.reverting or router.saved or router.doubtful)


@LAW
@given(entries=runs())
def test_a_router_is_told_of_by_its_own_lines_alone(entries):
    together = progress_of(entries)
    for name in NAMES:
        alone = progress_of(entry for entry in entries if entry.router in (None, name))
        assert alone.routers[name] == together.routers[name]


@LAW
@given(entries=runs())
def test_reading_changes_nothing(entries):
    before = msgspec.json.encode(entries)
    assert progress_of(entries) == progress_of(iter(entries))
    assert msgspec.json.encode(entries) == before


@LAW
@given(entries=runs())
def test_a_net_that_acts_is_told_with_its_moment(entries):
    for router in progress_of(entries).routers.values():
        armed = [e for e in entries if e.router == router.name and e.event in ("arming", "renewed")]
        if router.acts_at is not None:
            assert router.safety is not None and router.phase not in AT_REST
            assert router.acts_at == datetime.fromisoformat(armed[-1].at) + timedelta(minutes=armed[-1].data["minutes"])


@LAW
@given(entries=runs())
def test_what_could_not_be_written_at_the_end_leaves_every_router_in_doubt(entries):
    progress = progress_told(reading_of(written(entries), incomplete=True))
    assert (
        {router.phase for router in progress.routers.values()} == {"lost"} and progress.open and progress.result is None
    )


WORDS = st.text(alphabet='aé"\\ 0-\n', max_size=6)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
FIELDS = (
    "routers",
    "minutes",
    "safety",
    "file",
    "match",
    "digest",
    "after",
    "wave",
    "selection",
    "runs",
    "result",
    "saved",
)


@st.composite
def strange(draw: st.DrawFn) -> bytes:
    """A line that has the outline of an entry and anything in its places."""
    made = {
        "number": draw(st.integers(1, 4) | ANYTHING),
        "at": draw(st.sampled_from(("2025-03-01T02:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "now"))),
        "event": draw(st.sampled_from(get_args(Event))),
        "router": draw(st.sampled_from(("R1", None)) | ANYTHING),
        "step": draw(st.sampled_from((None, 1)) | ANYTHING),
        "data": draw(st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=3)),
    }
    return msgspec.json.encode(made)


@LAW
@given(lines=st.lists(strange() | st.binary(max_size=30), max_size=5))
def test_whatever_stands_there_is_no_crash(lines):
    progress = progress_told(reading_of(b"\n".join(lines)))
    for router in progress.routers.values():
        assert router.phase in get_args(Phase)
        assert router.acts_at is None or router.acts_at.tzinfo is not None
    assert progress.open in (True, False) and progress.half_way is not None
