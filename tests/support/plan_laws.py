"""Laws that every plan keeps, whichever strategy made it (DESIGN 3.5, DOMAIN 12.1).

Everything is checked on the text of the plan's files: a fresh candidate takes the lines, the whole text is parsed again and the
whole fleet is replayed. Nothing here asks the proof.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from operator import is_not
from pathlib import Path

import msgspec
from plans import FINGERPRINTER, fleet_in, router_of, running

from ikeaudit.candidate import Candidate, ConfigSession
from ikeaudit.exchange import SEVERITY, Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.model import Router
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation.order_changes import sections
from ikeaudit.remediation.plan import Direction, Plan, Step
from ikeaudit.remediation.planner import PlannedChange
from ikeaudit.snapshot.nat_file import load_nat

Planner = Callable[[Fleet], PlannedChange]
Key = tuple[str, str, str]
"""A direction by its initiator, its interface and the address called."""


def keeps_laws(fleet: Fleet, plan_for: Planner, *, lines: bool = True) -> PlannedChange:
    """Every law on one fleet; with ``lines`` the fleet is replayed after every single line, else after every step."""
    change = plan_for(fleet)
    after = after_fleet(fleet, change)
    refusals_say_why(fleet, change)
    commands_give_after(fleet, change)
    rollback_gives_running(fleet, change)
    every_no_has_its_way_back(change)
    nothing_gets_worse(fleet, after)
    only_what_is_announced_happens(fleet, change, lines=lines)
    going_back_is_safe(fleet, after, change)
    no_key_is_shown(change)
    second_plan_is_empty(after, change, plan_for)
    return change


def fleet_of_case(folder: Path) -> Fleet:
    """The fleet of a case folder, with the translations of its ``nat.yaml``."""
    fleet, nat = fleet_in(folder), folder / "nat.yaml"
    return Fleet(fleet.routers, load_nat(nat)) if nat.exists() else fleet


def after_fleet(fleet: Fleet, change: PlannedChange) -> Fleet:
    """The fleet as the plan predicts it, under the names that it has."""
    folders = {router.name: router.folder for router in change.plan.routers}
    return Fleet(
        (
            renamed(router_of(change.files[f"{folders[r.name]}/after.cfg"], r.file), r.name) if r.name in folders else r
            for r in fleet.routers
        ),
        fleet.translations,
    )


def renamed(router: Router, name: str) -> Router:
    """``router`` under the name that it has in its fleet."""
    return msgspec.structs.replace(router, name=name)


def sent(text: str) -> list[str]:
    """The lines of a command file as ``apply`` sends them."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("!")]


# -- refusals ----------------------------------------------------------------------------------------------------------


def refusals_say_why(fleet: Fleet, change: PlannedChange) -> None:
    """Every refusal names its reason, and the host, file and line behind it, which stand in that file as they are quoted."""
    for refusal in change.plan.refusals:
        assert re.fullmatch(r"\S.*\.", refusal.reason, re.DOTALL), refusal.reason
        assert refusal.subject and fleet.router(refusal.router), refusal.reason
        assert refusal.evidence, refusal.reason
        for evidence in refusal.evidence:
            router = fleet.router(evidence.host)
            assert evidence.file == router.file and evidence.line >= router.first_line
            assert evidence.text and router.text(evidence.line) == evidence.text
        assert any(e.host == refusal.router for e in refusal.evidence), refusal.reason
        assert f"**{refusal.router}, {refusal.subject}**: {refusal.reason}" in change.files["plan.md"]


# -- running + apply = after, after + rollback = running ---------------------------------------------------------------


def commands_give_after(fleet: Fleet, change: PlannedChange) -> None:
    """Running + apply = after, no line is refused, and the parser understands every line of ours."""
    for planned in change.plan.routers:
        router = fleet.router(planned.name)
        candidate = Candidate.from_text(running(router))
        apply = sent(change.files[f"{planned.folder}/apply.cfg"])
        assert tuple(apply) == change.plan.commands_of(planned.name)
        assert not [reply.output for reply in candidate.apply(apply) if reply.refused]
        after = change.files[f"{planned.folder}/after.cfg"]
        assert candidate.text() == after
        assert planned.before_hash == before_hash(running(router)) and planned.after_hash == before_hash(after)
        (parsed,) = parse_configs(after, file="after.cfg", fingerprinter=FINGERPRINTER)
        old = {_told(text) for _, text in _unknown(running(router))}
        assert not [text for _, text in parsed.unknown if _told(text) not in old]


def _told(text: str) -> str:
    """An unread line without the names behind what was cut of it: only those of objects that are there are kept."""
    return re.sub(r"(<CUT:[0-9a-f]+>).*", r"\1", text)


def _unknown(text: str) -> tuple[tuple[int, str], ...]:
    (parsed,) = parse_configs(text, file="before.cfg", fingerprinter=FINGERPRINTER)
    return parsed.unknown


def rollback_gives_running(fleet: Fleet, change: PlannedChange) -> None:
    """After + rollback = running, order included; where IOS makes that impossible, the plan says what comes back how."""
    for planned in change.plan.routers:
        router = fleet.router(planned.name)
        candidate = Candidate.from_text(change.files[f"{planned.folder}/after.cfg"])
        back = sent(change.files[f"{planned.folder}/rollback.cfg"])
        assert tuple(back) == change.plan.rollback_of(planned.name)
        assert not [reply.output for reply in candidate.apply(back) if reply.refused]
        was, now = _one_spelling(running(router)), _one_spelling(candidate.text())
        assert _regardless_of_order(now) == _regardless_of_order(was)
        if not planned.order_changes:
            assert sections(now) == sections(was)
            assert planned.rolled_back_hash == planned.before_hash
        else:
            assert planned.rolled_back_hash != planned.before_hash
            for header in _moved(was, now):
                assert any(header in sentence for sentence in planned.order_changes), (header, planned.order_changes)


def _one_spelling(text: str) -> str:
    """ISAKMP policies the classic way: once the last is gone, nothing in a text tells how its router spells them."""
    return text.replace("\n encryption ", "\n encr ").replace("\n hash sha\n", "\n")


def _regardless_of_order(text: str) -> list[tuple[str, list[str]]]:
    return sorted((header, sorted(below)) for header, below in sections(text, defaults=False))


def _moved(before: str, after: str) -> Iterator[str]:
    """What the sentences on the order must name: sections whose lines moved, and the kinds whose objects did."""
    old, new = sections(before, defaults=False), sections(after, defaults=False)
    bodies: dict[str, list[object]] = {}
    for header, below in old:
        bodies.setdefault(header, []).append(below)
    yield from (header for header, below in new if bodies[header].pop(0) != below)
    kinds = {
        " ".join(h.split()[: 2 if h.startswith("crypto keyring") else 3]) for h, _ in old if h.startswith("crypto ")
    }
    for kind in sorted(kinds):
        if [h for h, _ in old if h.startswith(f"{kind} ")] != [h for h, _ in new if h.startswith(f"{kind} ")]:
            yield kind


def every_no_has_its_way_back(change: PlannedChange) -> None:
    """DOMAIN 12.1: every emitted ``no`` line has a line in the rollback that adds the same again."""
    for step in change.plan.steps:
        back = "\n".join(step.rollback)
        if back.startswith("no interface "):
            continue  # the whole interface is new, with all its lines
        for line in step.commands:
            if line.startswith("no ") and line != "no crypto isakmp default policy":
                assert line.removeprefix("no ") in back, (step.number, line)


# -- nothing happens that is not announced -----------------------------------------------------------------------------


def nothing_gets_worse(fleet: Fleet, after: Fleet) -> None:
    """What was up is up in the end, and what was up in every reading is so in the end."""
    later = {key_of(exchange): exchange for exchange in after.exchanges}
    for exchange in fleet.exchanges:
        now = later.get(key_of(exchange))
        if exchange.outcome == "up":
            assert now is not None and now.outcome == "up", key_of(exchange)
        if exchange.worst == "up":
            assert now is not None and now.worst == "up", key_of(exchange)


def key_of(direction: Direction | Exchange) -> Key:
    """A direction by what stays the same while configurations change."""
    return direction.initiator, direction.initiator_interface, direction.peer


class Shelf:
    """The fleet's configurations as text that takes commands, read as a whole whenever somebody looks."""

    def __init__(self, fleet: Fleet, names: set[str]) -> None:
        self._fleet = fleet
        self._texts = {name: Candidate.from_text(running(fleet.router(name))) for name in names}
        self._sessions: dict[str, ConfigSession] = {name: text.session() for name, text in self._texts.items()}
        self._read: dict[str, tuple[str, Router]] = {}
        self._last: tuple[list[Router], tuple[Exchange, ...]] | None = None

    def send(self, name: str, line: str) -> None:
        """One line, in whatever mode the last one has left."""
        assert not self._sessions[name].send(line).refused, line

    def exchanges(self) -> tuple[Exchange, ...]:
        """Everything replayed."""
        routers = [self._router(r) if r.name in self._texts else r for r in self._fleet.routers]
        if self._last is None or any(map(is_not, routers, self._last[0])):
            self._last = routers, Fleet(routers, self._fleet.translations).exchanges
        return self._last[1]

    def _router(self, router: Router) -> Router:
        text = self._texts[router.name].text()
        known = self._read.get(router.name)
        if known is None or known[0] != text:
            known = (text, renamed(router_of(text, router.file), router.name))
            self._read[router.name] = known
        return known[1]


def only_what_is_announced_happens(fleet: Fleet, change: PlannedChange, *, lines: bool) -> None:
    """After every line: what was up is up, or a step announces it, with a number that has not passed.

    Steps that are not a switch must not touch traffic at all (DOMAIN 12.1).
    """
    shelf = Shelf(fleet, {step.router for step in change.plan.steps})
    before = {key_of(e): e for e in fleet.exchanges}
    for step in change.plan.steps:
        if step.phase != "switch":
            assert not [a for a in step.announce if a.seconds or a.directions], step.title
        for number, line in enumerate(step.commands, 1):
            shelf.send(step.router, line)
            last = number == len(step.commands)
            if last or lines:
                _nothing_unannounced(before, shelf.exchanges(), change.plan, step, done=last)


def _nothing_unannounced(
    before: dict[Key, Exchange], now: tuple[Exchange, ...], plan: Plan, step: Step, *, done: bool
) -> None:
    allowed = announced(plan, step.number, done=done)
    found = {key_of(exchange): exchange for exchange in now}
    for key, was in before.items():
        later = found.get(key)
        if key in allowed or was.outcome not in ("up", "unknown"):
            continue
        assert later is not None, (step.number, key)
        assert SEVERITY[later.outcome] <= SEVERITY[was.outcome], (step.number, key, later.reason)
        assert was.worst != "up" or later.worst == "up", (step.number, key)


def announced(plan: Plan, number: int, *, done: bool = True) -> set[Key]:
    """The directions that may be worse while step ``number`` is sent, or once it is ``done``."""
    return {
        key_of(direction)
        for step in plan.steps[:number]
        for announcement in step.announce
        if announcement.until >= number + done
        for direction in announcement.directions
    }


def going_back_is_safe(fleet: Fleet, after: Fleet, change: PlannedChange) -> None:
    """Undone step by step, what is up before and after the change stays up, but for what the steps announce."""
    shelf = Shelf(fleet, {step.router for step in change.plan.steps})
    for step in change.plan.steps:
        for line in step.commands:
            shelf.send(step.router, line)
    later = {key_of(e) for e in after.exchanges if e.outcome == "up"}
    named = {key_of(d) for step in change.plan.steps for a in step.announce for d in a.directions}
    up = {key_of(e) for e in fleet.exchanges if e.outcome == "up"} & later - named
    for step in reversed(change.plan.steps):
        for line in step.rollback:
            shelf.send(step.router, line)
        found = {key_of(e): e.outcome for e in shelf.exchanges()}
        assert not {key for key in up if found.get(key) != "up"}, step.title
    worst = {key_of(e): e.worst for e in shelf.exchanges()}
    assert not {key_of(e) for e in fleet.exchanges if e.worst == "up" and worst[key_of(e)] != "up"}


# -- keys, and the second plan -----------------------------------------------------------------------------------------


def no_key_is_shown(change: PlannedChange) -> None:
    """Keys stand as tokens wherever a line has one."""
    for name, text in change.files.items():
        assert "sample-key" not in text, name
        for line in text.splitlines():
            if re.match(r"\s*(no )?(pre-shared-key|crypto isakmp key) ", line):
                assert re.search(r"<PSK:[0-9a-f]{16}>", line), f"{name}: a key line without its token"


def second_plan_is_empty(after: Fleet, change: PlannedChange, plan_for: Planner) -> None:
    """Planned once more, what was changed is left alone, and nothing new is found to change."""
    again = plan_for(after)
    assert not again.plan.steps, again.plan.steps[0].title
