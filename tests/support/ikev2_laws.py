"""Laws that every plan of the strategy ikev2 keeps (DESIGN 3.5, DOMAIN 12 B, 12.1)."""

from __future__ import annotations

import tomllib
from ipaddress import IPv4Network
from pathlib import Path

import msgspec
from plans import FINGERPRINTER, WHEN, router_of, running

from ikeaudit.fleet import Fleet
from ikeaudit.model import Router
from ikeaudit.parsing import parse_configs
from ikeaudit.remediation import sections
from ikeaudit.remediation.candidate import Candidate
from ikeaudit.remediation.plan import Direction, Plan, Step
from ikeaudit.remediation.planner import PlannedChange, make_plan
from ikeaudit.remediation.strategies.ikev2 import Cloud, Options, find_suite, ikev2_strategy


def moved(fleet: Fleet, options: Options | None = None, **more: object) -> PlannedChange:
    """A plan for ``fleet`` as ``ikeaudit plan --strategy ikev2 --change-id CHG-1`` makes it."""
    strategy = ikev2_strategy(options)
    return make_plan(fleet, strategy, change_id="CHG-1", created=WHEN, **more)  # type: ignore[arg-type]


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
    return msgspec.structs.replace(router, name=name)


def check(fleet: Fleet, options: Options | None = None) -> PlannedChange:
    """Every law on one fleet."""
    change = moved(fleet, options)
    after = after_fleet(fleet, change)
    commands_give_after(fleet, change)
    rollback_gives_running(fleet, change)
    moved_is_up_by_ikev2(fleet, change, after)
    nothing_gets_worse(fleet, after)
    losses_are_announced(fleet, change)
    pairs_move_together(fleet, change, after)
    every_no_has_its_way_back(change)
    refusals_say_why(fleet, change)
    second_plan_is_empty(after, change, options)
    return change


def sent(text: str) -> list[str]:
    """The lines of a command file as ``apply`` sends them."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("!")]


def commands_give_after(fleet: Fleet, change: PlannedChange) -> None:
    """Running + apply = after, without one ``%``, and every line is understood."""
    for planned_router in change.plan.routers:
        router = fleet.router(planned_router.name)
        candidate = Candidate.from_text(running(router))
        apply = sent(change.files[f"{planned_router.folder}/apply.cfg"])
        assert not [r.output for r in candidate.apply(apply) if r.output.startswith("%") and r.refused]
        after = change.files[f"{planned_router.folder}/after.cfg"]
        assert candidate.text() == after
        assert tuple(apply) == change.plan.commands_of(router.name)
        (parsed,) = parse_configs(after, file="after.cfg", fingerprinter=FINGERPRINTER)
        assert len(parsed.unknown) <= len(router.unknown), parsed.unknown


def rollback_gives_running(fleet: Fleet, change: PlannedChange) -> None:
    """After + rollback = running; where only the order is another, the plan says so."""
    for planned_router in change.plan.routers:
        router = fleet.router(planned_router.name)
        candidate = Candidate.from_text(change.files[f"{planned_router.folder}/after.cfg"])
        replies = candidate.apply(sent(change.files[f"{planned_router.folder}/rollback.cfg"]))
        assert not [reply.output for reply in replies if reply.refused]
        differences = sections.order_changes(one_spelling(running(router)), one_spelling(candidate.text()))
        assert differences == planned_router.order_changes


def one_spelling(text: str) -> str:
    """ISAKMP policies the classic way: once the last is gone, nothing in a text tells how its router spells them."""
    return text.replace("\n encryption ", "\n encr ").replace("\n hash sha\n", "\n")


def moved_is_up_by_ikev2(fleet: Fleet, change: PlannedChange, after: Fleet) -> None:
    """Whatever a step switches is up by IKEv2 in every direction that can be started."""
    switched = {(s.router, word) for s in change.plan.steps if s.phase == "switch" for word in _places(s)}
    found = {Direction.of(e): e for e in after.exchanges}
    for exchange in fleet.exchanges:
        words = exchange.initiator_interface.split()
        place = words[0] if len(words) == 1 else " ".join(words[1:])
        if (exchange.initiator, place) in switched and exchange.outcome != "not-initiated":
            later = found[Direction.of(exchange)]
            assert (later.ike_version, later.outcome) == (2, "up"), Direction.of(exchange)


def _places(step: Step) -> list[str]:
    found = []
    for line in step.commands:
        if line.startswith("interface "):
            found.append(line.removeprefix("interface "))
        elif line.startswith("crypto map "):
            found.append(" ".join(line.split()[2:4]))
    return found


def nothing_gets_worse(fleet: Fleet, after: Fleet) -> None:
    later = {(e.initiator, e.initiator_interface, e.peer): e for e in after.exchanges}
    for exchange in fleet.exchanges:
        if exchange.outcome == "up":
            assert later[exchange.initiator, exchange.initiator_interface, exchange.peer].outcome == "up"


def losses_are_announced(fleet: Fleet, change: PlannedChange) -> None:
    """Replayed by hand, step by step: a direction that was up is up, or the announcements in force name it."""
    texts = {router.name: Candidate.from_text(running(router)) for router in fleet.routers}
    up = {Direction.of(e) for e in fleet.exchanges if e.outcome == "up"}
    changed = {step.router for step in change.plan.steps}
    for step in change.plan.steps:
        texts[step.router].apply(step.commands)
        routers = [
            renamed(router_of(texts[r.name].text(), r.file), r.name) if r.name in changed else r for r in fleet.routers
        ]
        down = {Direction.of(e) for e in Fleet(routers, fleet.translations).exchanges if e.outcome != "up"}
        assert down & up <= announced(change.plan, step.number), step.title


def announced(plan: Plan, number: int) -> set[Direction]:
    """The directions that may be down once step ``number`` has been sent."""
    return {
        direction
        for step in plan.steps[:number]
        for announcement in step.announce
        if announcement.until > number
        for direction in announcement.directions
    }


def pairs_move_together(fleet: Fleet, change: PlannedChange, after: Fleet) -> None:
    """No tunnel speaks two versions that did not before."""
    before = {Direction.of(e) for e in fleet.exchanges if e.reason == "ike-version-mismatch"}
    now = {Direction.of(e) for e in after.exchanges if e.reason == "ike-version-mismatch"}
    assert now <= before


def every_no_has_its_way_back(change: PlannedChange) -> None:
    for step in change.plan.steps:
        back = "\n".join(step.rollback)
        if back.startswith("no interface "):
            continue  # the whole interface is new, with all its lines
        for line in step.commands:
            if line.startswith("no ") and line != "no crypto isakmp default policy":
                assert line.removeprefix("no ") in back, (step.number, line)


def refusals_say_why(fleet: Fleet, change: PlannedChange) -> None:
    for refusal in change.plan.refusals:
        assert refusal.reason.endswith("."), refusal.reason
        assert refusal.evidence, refusal.reason
        for evidence in refusal.evidence:
            assert fleet.router(evidence.host).text(evidence.line) == evidence.text


def second_plan_is_empty(after: Fleet, change: PlannedChange, options: Options | None) -> None:
    assert not moved(after, options).plan.steps


def options_in(folder: Path) -> Options:
    """The options of a case: ``options.toml`` with the words of the command line."""
    file = folder / "options.toml"
    given = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    suites = folder / given["suites"] if "suites" in given else None
    clouds = tuple(
        Cloud(c["tunnel"], c["new-tunnel"], c["source"], IPv4Network(c["network"])) for c in given.get("cloud", ())
    )
    return Options(
        suite=find_suite(given.get("suite"), suites),
        new_keys=given.get("new_keys", False),
        cleanup=given.get("cleanup", "now"),
        clouds=clouds,
    )
