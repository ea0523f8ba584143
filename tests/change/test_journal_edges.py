"""What each entry of a journal changes, by itself: every field of a router, at every edge of what is taken for true."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from ikeaudit.change import journal
from ikeaudit.change.journal import (
    CUT,
    Entry,
    Progress,
    Reading,
    RouterProgress,
    ending,
    line_of,
    progress_of,
    progress_told,
    reading_of,
    unknown,
)


def at(second):
    return f"2025-03-01T02:00:{second:02}Z"


def story(*told):
    """Entries of R1, one a second, from (event, data, step)."""
    entries = []
    for number, (event, *rest) in enumerate(told, 1):
        data, step = (*rest, {}, None)[:2] if len(rest) != 1 else (rest[0], None)
        router = None if event in ("begin", "end") else "R1"
        entries.append(Entry(number=number, at=at(number), event=event, router=router, step=step, data=data))
    return entries


ARRIVED = (
    ("begin", {"routers": ["R1"]}),
    ("compared", {"digest": "b", "after": "a"}),
    ("backup", {"file": "flash:f"}),
    ("arming", {"safety": "timer", "minutes": 10}),
    ("send", {}, 2),
    ("reply", {"last": True}),
    ("arrived",),
)
STATE = {
    "phase": "arrived", "safety": "timer", "armed_at": at(4), "minutes": 10, "step": 2, "whole": True, "sent": 1,
    "backup": "flash:f", "before": "b", "expected": "a", "digest": "a", "seen": at(7),
}  # fmt: skip
BACK = {"phase": "reverted", "safety": None, "step": 0, "sent": 0}
FLAGS = (("confirming",), ("saving",), ("reverting",))


def found(**data):
    """A look at R1; ``step`` is the entry's own."""
    step = data.pop("step", None)
    return ("found", {"runs": "after", "whole": True, "safety": "timer", **data}, step)


SEEN = {"step": 0, "sent": 0}


@pytest.mark.parametrize(
    ("then", "changed"),
    [
        ([], {}),
        ([("armed",), ("testing",), ("tested",), ("held",), ("observed",), ("failed",), ("closing",)], {}),
        ([("compared", {})], {"before": None, "expected": None}),
        ([("arming", {"safety": "reload", "minutes": 7})],
         {"phase": "armed", "safety": "reload", "armed_at": at(8), "minutes": 7}),
        ([*FLAGS, ("arming", {})], {"phase": "armed", "armed_at": at(11), "minutes": 0}),
        ([("confirmed",), ("arming", {})], {"phase": "armed", "safety": "timer", "armed_at": at(9), "minutes": 0}),
        ([("renewed", {"minutes": 20})], {"armed_at": at(8), "minutes": 20}),
        ([("renewed", {})], {"armed_at": at(8), "minutes": 0}),
        ([("send", {}, 3)], {"phase": "changed", "whole": False, "step": 3, "sent": 2}),
        ([("send", {}, 1)], {"phase": "changed", "whole": False, "sent": 2}),
        ([("send",)], {"phase": "changed", "whole": False, "sent": 2}),
        ([("reply", {"last": False})], {"whole": False}),
        ([("reply", {})], {"whole": False}),
        ([("reply", {"last": True, "refused": True})], {"whole": False}),
        ([("arrived", {"digest": "c"})], {"digest": "c", "seen": at(8)}),
        ([("confirming",)], {"confirming": True}),
        ([("confirmed",)], {"phase": "confirmed", "safety": None}),
        ([("saving",)], {"saved": True}),
        ([("saved",)], {"phase": "saved", "saved": True}),
        ([("reverting",)], {"phase": "changed", "reverting": True}),
        ([("confirmed",), ("reverting",)], {"phase": "changed", "safety": None, "reverting": True}),
        ([("saved",), ("reverting",)], {"phase": "changed", "saved": True, "reverting": True}),
        ([("lost",), ("reverting",)], {"phase": "lost", "reverting": True}),
        ([("arming", {"minutes": 10}), ("reverting",)], {"phase": "armed", "armed_at": at(8), "reverting": True}),
        ([*FLAGS, ("send",), ("reverted", {"match": "same", "digest": "d"})], {**BACK, "digest": "d", "seen": at(12)}),
        ([("reverted", {"match": "reordered", "digest": "d"})], {**BACK, "digest": "d", "seen": at(8)}),
        ([("reverted", {"match": "other", "digest": "d"})], {**BACK, "digest": None, "seen": at(8)}),
        ([("reverted", {"digest": "d"})], {**BACK, "digest": None, "seen": at(8)}),
        ([("lost",)], {"phase": "lost"}),
        ([("closed",)], {"phase": "closed", "backup": None}),
        ([("closed", {"in_force": False})], {"backup": None}),
        ([found()], SEEN),
        ([found(step=1, saved=True)], {"step": 1, "saved": True}),
        ([found(step=9, whole=False)], {"step": 9, "whole": False}),
        ([*FLAGS, found(file="flash:g", digest="x")], {**SEEN, "backup": "flash:g", "digest": "x", "seen": at(11)}),
        ([found(safety="reload")], {**SEEN, "safety": "reload", "armed_at": None, "minutes": 0}),
        ([found(safety=None)], {**SEEN, "phase": "confirmed", "safety": None, "armed_at": None, "minutes": 0}),
        ([("confirmed",), found(safety=None)], {**SEEN, "phase": "confirmed", "safety": None}),
        ([("confirmed",), found(safety=None, saved=True)], {**SEEN, "phase": "saved", "safety": None, "saved": True}),
        ([found(runs="before")], {**SEEN, "phase": "armed"}),
        ([found(runs="before", step=1)], {"phase": "armed", "step": 1}),
        ([("confirmed",), found(runs="before", safety=None)], {**SEEN, "phase": "untouched", "safety": None}),
        ([("confirmed",), found(runs="before", safety=None, step=1)], {"phase": "changed", "safety": None, "step": 1}),
        ([found(runs="between", step=2)], {"phase": "changed"}),
        ([("confirmed",), found(runs="between", safety=None)], {**SEEN, "phase": "changed", "safety": None}),
        ([found(runs="else")], {**SEEN, "phase": "lost"}),
    ],
)  # fmt: skip
def test_what_an_entry_changes_and_what_it_leaves(then, changed):
    expected = msgspec.convert({"name": "R1", **STATE, **changed}, RouterProgress)
    assert progress_of(story(*ARRIVED, *then)).routers == {"R1": expected}


def test_what_is_taken_for_true_before_anything_is_told():
    router = RouterProgress(name="R1")
    assert progress_of(story(("begin", {"routers": ["R1"]}))).routers == {"R1": router}
    assert msgspec.to_builtins(router) == {
        "name": "R1", "phase": "untouched", "safety": None, "armed_at": None, "minutes": 0, "confirming": False, "step": 0,
        "whole": True, "sent": 0, "backup": None, "saved": False, "reverting": False, "before": None, "expected": None,
        "digest": None, "seen": "", "unlike": "", "doubtful": False,
    }  # fmt: skip
    assert msgspec.to_builtins(Progress()) == {
        "verb": "", "wave": None, "group": None, "alone": False, "selection": "", "cause": None, "tested": {}, "change_id": "",
        "digest": "", "plan": "", "inventory": "", "since": "", "session": "", "session_told": False, "applying": "",
        "started": None, "applied": "", "result": None, "routers": {}, "damaged": (), "problem": "", "blind": False,
        "asked": {},
    }  # fmt: skip


def test_what_is_said_to_be_public_is_there():
    assert all(hasattr(journal, name) for name in journal.__all__)


# -- the state of a change -------------------------------------------------------------------------------------------------


def of(*phases, **words):
    """A change of routers in these phases, R1 first; ``seen`` is that of those that are untouched."""
    seen = words.pop("seen", "")
    routers = {
        f"R{n}": RouterProgress(name=f"R{n}", phase=phase, seen=seen if phase == "untouched" else "")
        for n, phase in enumerate(phases, 1)
    }
    return Progress(routers=routers, **words)


@pytest.mark.parametrize(
    ("phase", "force", "done", "rest"),
    [
        ("untouched", False, False, True),
        ("armed", False, False, False),
        ("changed", False, False, False),
        ("arrived", True, False, False),
        ("confirmed", True, False, False),
        ("saved", True, True, True),
        ("reverted", False, False, True),
        ("lost", False, False, False),
        ("closed", True, True, True),
    ],
)
def test_what_a_phase_means_for_the_change(phase, force, done, rest):
    alone, beside = of(phase), of("closed", phase)
    assert (alone.in_force, alone.done, alone.open) == (force, done, not rest)
    assert (beside.in_force, beside.done) == (force, done)
    assert alone.closed is (phase == "closed") and beside.closed
    assert alone.half_way == (() if rest else ("R1",)) and not alone.going_back
    assert of("closed", phase).half_way == (() if rest else ("R2",))
    back = of(phase, verb="rollback")
    assert back.going_back is (not rest or phase == "saved")
    assert (back.in_force, back.done) == (force and phase == "closed", phase == "closed")
    assert of(phase, verb="rollback", result="rolled-back").going_back is not rest
    assert of(phase, verb="confirm").going_back is False
    armed = RouterProgress(name="R1", phase=phase, safety="timer", armed_at=at(1), minutes=10)
    assert armed.acts_at == (None if rest else datetime(2025, 3, 1, 2, 10, 1, tzinfo=UTC))
    assert msgspec.structs.replace(armed, safety=None).acts_at is None
    assert msgspec.structs.replace(armed, armed_at=None).acts_at is None
    assert armed.touched is (phase not in ("untouched", "reverted"))


def test_no_router_is_no_change_in_force():
    nothing = Progress()
    assert not (nothing.in_force or nothing.done or nothing.closed or nothing.open or nothing.uncertain)
    assert of("arrived", "confirmed", "saved", "closed").in_force


@pytest.mark.parametrize(
    ("phases", "seen", "verb", "result", "half_way"),
    [
        (("saved", "reverted"), "", "apply", "committed", ("R1",)),
        (("saved", "untouched"), "", "apply", "committed", ()),
        (("saved", "untouched"), at(1), "apply", "committed", ("R1",)),
        (("saved", "closed"), "", "rollback", None, ("R1",)),
        (("saved", "closed"), "", "rollback", "refused", ()),
        (("saved", "closed"), "", "confirm", None, ()),
        (("closed", "reverted"), "", "rollback", None, ()),
    ],
)
def test_what_is_in_force_beside_what_is_back(phases, seen, verb, result, half_way):
    assert of(*phases, seen=seen, verb=verb, result=result).half_way == half_way


def test_what_makes_a_change_uncertain():
    sure, doubtful = RouterProgress(name="R1"), RouterProgress(name="R2", doubtful=True)
    assert Progress(routers={"R1": sure, "R2": doubtful}).uncertain
    assert Progress(problem="it is empty").open and Progress(blind=True).open
    assert not Progress(routers={"R1": sure}).open


def test_the_nets_that_are_up():
    nets = {
        "R1": {"safety": "timer", "armed_at": at(1), "phase": "changed"},
        "R2": {"safety": "timer", "armed_at": at(1), "phase": "changed", "confirming": True},
        "R3": {"phase": "changed"},
        "R4": {"phase": "changed", "confirming": True},
    }
    progress = Progress(routers={name: RouterProgress(name=name, **words) for name, words in nets.items()})
    assert [router.name for router in progress.nets_up] == ["R1"]


def test_where_none_is_and_where_nothing_is_told():
    assert progress_told(Reading(there=False, problem="it is not there")) == Progress()
    assert progress_told(Reading(problem="it is empty")) == Progress(problem="it is empty", blind=True)


def test_routers_that_no_line_tells_of():
    known = RouterProgress(name="R1", phase="saved")
    progress = Progress(routers={"R1": known})
    assert unknown(progress, ("R1", "R2")) is progress
    lost = RouterProgress(name="R2", phase="lost", whole=False, saved=True, doubtful=True)
    assert progress.routers == {"R1": known, "R2": lost}


# -- runs one after another ------------------------------------------------------------------------------------------------


BEGIN = {
    "change_id": "C1", "digest": "d", "plan": "/p", "wave": 2, "group": 3, "alone": True, "selection": "--wave 2",
    "routers": ["R1", "R2", "R1"],
}  # fmt: skip


def run(number, text, **data):
    return Entry(number=number, at=at(number), event="begin", text=text, data=data)


def event(number, kind, router=None, **data):
    return Entry(number=number, at=at(number), event=kind, router=router, text=data.pop("text", None), data=data)


def test_the_beginning_of_a_run():
    routers = {name: RouterProgress(name=name) for name in ("R1", "R2")}
    assert progress_of([run(1, "apply", **BEGIN)]) == Progress(
        verb="apply", wave=2, group=3, alone=True, change_id="C1", digest="d", plan="/p", started=at(1), applied=at(1),
        routers=routers,
    )  # fmt: skip
    backed, kept = event(2, "backup", "R1", file="f"), RouterProgress(name="R1", backup="f")
    began = {"change_id": "C1", "digest": "d", "plan": "/p", "started": at(3)}
    assert progress_of([run(1, "apply", **BEGIN), backed, run(3, "rollback", routers=["R3"], selection="--all")]) == Progress(
        verb="rollback", alone=True, selection="--all", applied=at(1), **began,
        routers={"R3": RouterProgress(name="R3"), "R1": kept},
    )  # fmt: skip
    assert progress_of([run(1, "apply", **BEGIN), backed, run(3, "resume")]) == Progress(
        verb="resume", alone=True, applied=at(3), **began, routers={"R1": kept}
    )
    again = progress_of([run(1, "apply", **BEGIN), backed, run(3, "apply", change_id="C2", digest="e", plan="/q")])
    assert (again.alone, again.change_id, again.digest, again.plan, again.verb) == (False, "C2", "e", "/q", "apply")
    first = progress_of([Entry(number=1, at=at(1), event="begin")])
    assert first == Progress(started=at(1))


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        ("--all", True),
        ("--wave 2", True),
        ("--wave 12 --group 34", True),
        ("--group 1", True),
        ("--all --wave 2", False),
        ("--wave x", False),
        ("--group 1; reload", False),
        (7, False),
        (None, False),
    ],
)
def test_what_is_typed_again_is_nothing_else_than_options(told, taken):
    assert progress_of([run(1, "rollback", selection=told)]).selection == (told if taken else "")
    assert progress_of([run(1, "confirm", selection=told)]).selection == ""


def test_who_is_carried_into_the_next_run():
    """Touched, with a copy on its flash, or doubtful; who is back without a copy begins afresh."""
    touched, closed = event(2, "send", "R1"), event(3, "reverted", "R2", match="same", digest="x")
    names = {"routers": ["R1", "R2"]}
    progress = progress_of([run(1, "apply", **names), touched, closed, run(4, "apply", **names)])
    assert progress.routers == {
        "R1": RouterProgress(name="R1", phase="changed", whole=False, sent=1),
        "R2": RouterProgress(name="R2"),
    }
    assert list(progress_of([run(1, "apply", **names), run(2, "apply", routers=["R9"])]).routers) == ["R9"]


def test_a_line_that_may_have_been_anything():
    names = {"routers": ["R1", "R2"]}
    first = [run(1, "apply", **names), event(2, "end", result="held"), event(3, "damaged", text="line 3")]
    progress = progress_of(first)
    lost = {n: RouterProgress(name=n, phase="lost", whole=False, saved=True, doubtful=True) for n in ("R1", "R2")}
    assert (progress.routers, progress.result, progress.damaged) == (lost, None, ("line 3",))
    assert not progress.blind
    again = [*first, event(4, "damaged"), run(5, "rollback", routers=["R1"]), event(6, "reverted", "R1", match="same")]
    progress = progress_of(again)
    assert progress.damaged == ("line 3", "a line cannot be read") and progress.routers["R2"] == lost["R2"]
    assert progress.routers["R1"].phase == "reverted" and not progress.routers["R1"].doubtful
    sure = progress_of([*again, event(7, "found", "R2", runs="before"), run(8, "apply", **names)])
    assert sure.damaged == () and not sure.uncertain


def test_a_beginning_that_cannot_be_read_is_blind_and_the_next_run_doubts():
    """A router that only later lines name is doubtful until it is looked at; so are those of a run on an unknown state."""
    unread = [event(1, "damaged"), event(2, "send", "R1"), event(3, "arrived", "R2")]
    progress = progress_of(unread)
    assert progress.blind and progress.routers["R1"].phase == "lost" and progress.routers["R2"].phase == "arrived"
    assert progress_of([*unread, event(4, "damaged")]).blind
    later = progress_of([*unread, run(4, "rollback", routers=["R3"])])
    assert later.routers["R3"].doubtful and not later.blind
    assert progress_of([run(1, "rollback", routers=["R1"], unknown=True)]).routers["R1"].doubtful
    assert not progress_of([run(1, "rollback", routers=["R1"])]).routers["R1"].doubtful


def test_how_a_run_went():
    names = run(1, "apply", routers=["R1"])
    told = [
        event(2, "testing", "R9", direction="a -> b"),
        event(3, "tested", "R9", direction="a -> b", result="down"),
        event(4, "tested", "R1", direction="b -> a", result="up"),
        event(5, "observed", "R8"),
        event(6, "failed", "R1", text="of a router"),
        event(7, "failed", text="of the change"),
        event(8, "end", result="refused"),
    ]
    progress = progress_of([names, *told])
    assert progress.tested == {"a -> b": "down", "b -> a": "up"} and list(progress.routers) == ["R1"]
    assert (progress.cause, progress.result) == ("of the change", "refused")
    assert progress_of([names, *told[:6]]).result is None and progress_of([names, *told[:5]]).cause is None
    assert list(progress_of([names, event(2, "backup", "R2", file="f")]).routers) == ["R1", "R2"]


# -- lines -----------------------------------------------------------------------------------------------------------------


def line(number=1, event="begin", router=None, moment="2025-03-01T02:00:00Z", **data):
    told = {"number": number, "at": moment, "event": event, "router": router, "data": data}
    return msgspec.json.encode(told) + b"\n"


@pytest.mark.parametrize(
    ("raw", "sound"),
    [
        (line(), True),
        (line(0), False),
        (line(-1), False),
        (line(moment="1970-01-01T00:00:00Z"), True),
        (line(moment="1969-12-31T23:59:59Z"), False),
        (line(moment="8999-12-31T23:59:59Z"), True),
        (line(moment="9000-01-01T00:00:00Z"), False),
        (line(moment="2025-03-01T02:00:00"), False),
        (line(moment="yesterday"), False),
        (line(minutes=0), True),
        (line(minutes=999_999), True),
        (line(minutes=1_000_000), False),
        (line(minutes=-1), False),
        (line(minutes=True), False),
        (line(minutes=None), False),
        (line(safety="timer"), True),
        (line(safety="reload"), True),
        (line(safety=None), True),
        (line(safety="rope"), False),
        (line(wave=1, group=2), True),
        (line(wave=None, group=None), True),
        (line(wave="1"), False),
        (line(group=True), False),
        *((line(**{name: value}), ok) for name in ("change_id", "digest", "plan", "file", "after", "match", "result")
          for value, ok in (("x", True), (None, True), (7, False))),
        (line(routers=[]), True),
        (line(routers="R1"), False),
        (line(event="end"), True),
        (line(event="failed"), True),
        (line(event="damaged"), True),
        (line(event="send"), False),
        (line(event="send", router="R1"), True),
        (b"[" * 100_000 + b"\n", False),
        (b"\xff\n", False),
    ],
)  # fmt: skip
def test_what_can_be_an_entry(raw, sound):
    """Between two that are: it is one of three entries, or the damage is named at its place."""
    number = msgspec.json.decode(raw)["number"] if sound else 1
    content = line(number) + raw.replace(b'"number":1', b'"number":2') + line(3)
    entries = reading_of(content).entries
    assert [e.event == "damaged" for e in entries] == [False, not sound or b'"damaged"' in raw, False]


def damage(content, **words):
    entries = reading_of(content, **words).entries
    assert all(entry.at == "" for entry in entries if entry.event == "damaged"), "nobody knows when"
    return [(e.number, e.text) if e.event == "damaged" else e.number for e in entries]


def test_damage_that_was_written_down_is_read_again():
    told = Entry(number=2, at=at(2), event="damaged", text="it could not be written")
    assert reading_of(line(1) + line_of(told) + line(3)).entries[1] == told


def test_where_the_damage_is_said_to_be():
    junk = b"}{\n"
    assert damage(line(1) + line(2)) == [1, 2]
    assert damage(b"\n \n" + line(1) + b"\n" + line(2)) == [1, 2]
    assert damage(line(1) + junk + junk + line(4)) == [1, (2, "line 2 cannot be read"), (3, "line 3 cannot be read"), 4]
    assert damage(junk + line(2)) == [(1, "line 1 cannot be read"), 2]
    gone = "is not the one that should follow"
    assert damage(line(1) + line(3) + line(4)) == [1, (1, f"line 2 {gone}"), 3, 4]
    assert damage(line(1) + line(1) + line(2)) == [1, (1, f"line 2 {gone}"), 1, 2]
    assert damage(line(1) + line(3) + line(2) + line(4)) == [1, (1, f"line 2 {gone}"), 3, (3, f"line 3 {gone}"), 2, 4]
    assert damage(line(1) + junk + line(2)) == [1, (2, "line 2 cannot be read"), (1, f"line 3 {gone}"), 2]
    assert damage(line(5) + line(6)) == [(0, "its beginning is missing"), 5, 6]
    assert damage(line(1) + line(2), incomplete=True) == [1, 2, (2, "it could not be written any more")]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "it is empty"),
        (b"\r\n\t ", "it is empty"),
        (b"\0", "it holds nothing but zeros"),
        (b"\n\0 \0", "it holds nothing but zeros"),
        (b"}{\n", "it holds something else than the entries of a journal"),
        (b'{"numb', "it holds something else than the entries of a journal"),
    ],
)
def test_what_tells_nothing(content, problem):
    reading = reading_of(content)
    assert reading == Reading(problem=problem) and reading.there


CUT_OFF = (b"{", b'{"number":', b'{"number":2,"at"', '{"number":2,"text":"é'.encode()[:-1], b'{"number":0}')
DAMAGED = (
    b"}",
    b'{"numbeR":',
    b'{"number":2,"\0',
    b'{"number":2,"text":"\xff"',
    b" {",
    line(1, "send").rstrip(b"}\n") + b"\xff",
)


@pytest.mark.parametrize("tail", CUT_OFF)
def test_a_last_line_that_a_crash_cut_off_says_nothing(tail):
    assert damage(line(1) + tail) == [1]
    assert ending(tail) == CUT + b"\n" == b" <cut>\n"
    assert damage(line(1) + tail + ending(tail) + line(2)) == [1, 2]
    assert damage(line(1) + tail + b"\n" + line(3)) == [1, (2, "line 2 cannot be read"), 3], "it was not the last one"


@pytest.mark.parametrize("tail", DAMAGED)
def test_a_last_line_that_is_no_beginning_of_one_may_have_been_anything(tail):
    assert damage(line(1) + tail) == [1, (2, "line 2 cannot be read")]
    assert ending(tail) == b"\n"


def test_a_last_line_that_lacks_its_end_only_is_one():
    whole = line(2).rstrip(b"\n")
    assert damage(line(1) + whole) == [1, 2] and ending(whole) == b"\n" and ending(b"") == b""
    entry = Entry(number=1, at=at(1), event="send", router="R1", step=2, line="x <PSK:1>")
    assert line_of(entry) == (
        b'{"number":1,"at":"2025-03-01T02:00:01Z","event":"send","router":"R1","step":2,"line":"x <PSK:1>"}\n'
    )


@pytest.mark.parametrize(
    ("calls", "inventory", "since"),
    [
        ("apply:A", "A", ""),
        ("apply:A resume:A", "A", ""),
        ("apply:A resume:B", "A", "B"),
        ("apply:A resume:B confirm:", "A", "B"),
        ("apply:A resume:", "A", ""),
        ("apply:A resume:B rollback:C", "A", "C"),
        ("apply:A resume:B resume:A", "A", ""),
        ("apply:A resume:B apply:C", "C", ""),
        ("apply:A resume:B apply:", "A", ""),
        ("apply: resume:B", "B", ""),
        ("apply: resume:B resume:C", "B", "C"),
    ],
)
def test_the_inventory_that_a_change_was_begun_with_and_that_it_was_gone_on_with(calls, inventory, since):
    told = [call.split(":") for call in calls.split()]
    entries = [
        run(number, verb, **({"inventory": name} if name else {})) for number, (verb, name) in enumerate(told, 1)
    ]
    progress = progress_of([*entries, event(len(entries) + 1, "end", result="held")])
    assert (progress.inventory, progress.since) == (inventory, since)
    assert (progress.typed.inventory, progress.typed.since) == (inventory, since)


def test_after_a_line_that_cannot_be_read_nobody_knows_all_options():
    begun = [run(1, "apply", session="", plan="plans/p", applying="--minutes 5", inventory="A")]
    known, doubtful = progress_of(begun), progress_of([*begun, event(2, "damaged")])
    assert (known.session_told, doubtful.session_told) == (True, False)
    called = {"plan": "plans/p", "inventory": "A", "since": "", "session": "", "applying": "--minutes 5"}
    assert msgspec.to_builtins(known.typed) == msgspec.to_builtins(doubtful.typed) == called


@pytest.mark.parametrize(
    ("calls", "session", "told"),
    [
        ("apply:--timeout 5", "--timeout 5", True),
        ("apply:", "", True),
        ("apply", "", False),
        ("apply:--timeout x", "", False),
        ("apply:--timeout 5|resume", "--timeout 5", False),
        ("apply:--timeout 5|resume:--timeout 9", "--timeout 5", True),
        ("apply:--timeout 5|apply:--timeout 9", "--timeout 9", True),
        ("apply:--timeout 5|apply", "--timeout 5", False),
        ("apply:--timeout 5|resume:--strict-host-keys", "--timeout 5 --strict-host-keys", True),
        ("apply:--timeout 5 --strict-host-keys|resume:", "--timeout 5 --strict-host-keys", True),
        ("apply:--timeout 5 --strict-host-keys|apply:--timeout 9", "--timeout 9 --strict-host-keys", True),
        ("apply|resume:--timeout 5", "--timeout 5", False),
        ("apply:|resume:--timeout 5", "", True),
        ("apply:--timeout 5|resume|resume:--timeout 9", "--timeout 5", False),
        ("resume:--timeout 5", "--timeout 5", True),
        ("damaged|resume:--timeout 5", "--timeout 5", False),
    ],
)
def test_the_session_of_the_run_that_began_a_change_strict_once_any_was(calls, session, told):
    entries = []
    for number, call in enumerate(calls.split("|"), 1):
        verb, given, options = call.partition(":")
        called = {"session": options} if given else {}
        entries.append(event(number, verb) if verb == "damaged" else run(number, verb, **called))
    progress = progress_of(entries)
    assert (progress.session, progress.typed.session, progress.session_told) == (session, session, told)


@pytest.mark.parametrize(
    ("calls", "applying"),
    [
        (["--minutes 5 --parallel 2"], "--minutes 5 --parallel 2"),
        (["--minutes 5", None], "--minutes 5"),
        (["--minutes 5", "--minutes 9"], "--minutes 9"),
        (["--minutes 5", "--minutes x"], "--minutes 5"),
        (["--accept-unproven --max-failures 1"], "--accept-unproven --max-failures 1"),
    ],
)
def test_the_options_of_apply(calls, applying):
    entries = [
        run(number, "apply", **({} if told is None else {"applying": told})) for number, told in enumerate(calls, 1)
    ]
    assert progress_of(entries).applying == progress_of(entries).typed.applying == applying


@pytest.mark.parametrize(
    ("told", "selection"),
    [
        ("--all", "--all"), ("--group 3", "--group 3"), ("--wave 1", "--wave 1"),
        ("--wave 1 --group 2", "--wave 1 --group 2"), ("--group 2 --wave 1", ""), ("--wave", ""), ("--all x", ""), (3, ""),
    ],
)  # fmt: skip
def test_what_a_rollback_takes_back(told, selection):
    begun = run(1, "apply", routers=["R1"])
    assert progress_of([begun, run(2, "rollback", selection=told)]).selection == selection
    assert progress_of([begun, run(2, "resume", selection=told)]).selection == ""
