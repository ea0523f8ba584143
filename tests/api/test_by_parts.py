"""What ``check`` says is the same whether a fleet is audited at once or part by part, by whom, and whatever is known of it."""

from __future__ import annotations

import json
import re
import sys
import weakref
import zlib
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import msgspec
import pytest
from clouds import dual_hub_cloud
from generated_fleets import cloud_with_faults
from hub_fleets import hub_fleet
from parsed import router as parsed
from parted import at_once, in_parts, moved_away, parts, put_together
from wire import Wire

from ikeaudit.api import check, load, to_json
from ikeaudit.api import snapshot as api
from ikeaudit.fleet import Fleet, Translation
from ikeaudit.fleet.pairing import Directory
from ikeaudit.hazards import HAZARDS, AuditContext, by_parts
from ikeaudit.hazards.by_parts import lighter, whole_said
from ikeaudit.model import IPAddress, Router
from ikeaudit.model.errors import IkeauditError
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import RouterRules
from ikeaudit.snapshot import audit_parts, places
from ikeaudit.snapshot.matter import without_idle_lines

sys.path.append(str(Path(__file__).parents[2] / "bench"))

import fleets

CASES = Path(__file__).parents[1] / "cases"
FOLDERS = sorted({path.parent for path in CASES.rglob("expect.toml")})

pytestmark = pytest.mark.usefixtures("own_threads")


def read(folder: Path, workspace: Path) -> tuple[Sequence[Router], Any] | None:
    """The routers of a folder, and its translations; None where there are none."""
    nat = folder / "nat.yaml"
    try:
        snapshot = load(folder, nat=nat if nat.exists() else (), workspace=workspace)
        return snapshot.fleet.routers, snapshot.fleet.translations
    except IkeauditError:
        return None


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workspace")


@pytest.mark.parametrize("some", [FOLDERS[::25], pytest.param(FOLDERS, marks=pytest.mark.full)], ids=["few", "all"])
def test_of_each_case(some: list[Path], workspace: Path) -> None:
    for folder in some:
        found = read(folder, workspace)
        if found is not None:
            assert in_parts(*found) == at_once(*found), folder


@pytest.mark.parametrize("some", [FOLDERS[2::12], pytest.param(FOLDERS, marks=pytest.mark.full)], ids=["few", "all"])
def test_of_all_cases_together(some: list[Path], tmp_path: Path, workspace: Path) -> None:
    found = read(put_together(some, tmp_path / "fleet"), workspace)
    assert found is not None
    assert len(parts(*found)) > len(some) / 2
    whole, apart = at_once(*found), in_parts(*found)
    for mine, theirs in zip(whole.findings, apart.findings, strict=False):
        assert mine == theirs
    assert whole == apart


@pytest.mark.parametrize("some", [FOLDERS[5::12], pytest.param(FOLDERS, marks=pytest.mark.full)], ids=["few", "all"])
def test_no_audit_of_a_part_asks_who_holds_an_address_that_a_router_elsewhere_does(
    some: list[Path], tmp_path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = read(put_together(some, tmp_path / "fleet"), workspace)
    assert found is not None
    routers, nat = found
    by_name = {router.name: router for router in routers}
    held = [(address, name) for name, one in by_name.items() for address in RouterRules(one).addresses.all()]
    holding = by_key(held)
    asked: set[IPAddress] = set()
    was = Directory.owners
    monkeypatch.setattr(Directory, "owners", lambda self, address: asked.add(address) or was(self, address))  # type: ignore[func-returns-value]
    answered = 0
    for part in parts(routers, nat):
        asked.clear()
        audit_parts.audited_part([by_name[name] for name in part], nat)
        for address in asked:
            assert {*holding.get(address, ())} <= {*part}, (part, address)
            answered += address in holding
    assert answered > len(some)


@pytest.mark.parametrize("some", [FOLDERS[5::25], pytest.param(FOLDERS, marks=pytest.mark.full)], ids=["few", "all"])
def test_of_parts_that_travel(
    some: list[Path], tmp_path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another machine says of each part is what is said of it here; keys stay tokens on the way."""
    folder = put_together(some, tmp_path / "fleet")
    monkeypatch.setattr(audit_parts, "batches", lambda parts: [tuple(part) for part in parts])
    monkeypatch.setattr(audit_parts, "WORTH_IT", 0)
    how: dict[str, Any] = {"nat": folder / "nat.yaml" if (folder / "nat.yaml").exists() else (), "workspace": workspace}
    releases = ["17.12", "R1*=15.2"]
    alone = to_json(check(load(folder, **how), target_releases=releases))
    wire = Wire()
    monkeypatch.setattr(api, "_elsewhere", lambda *_: wire)
    there = to_json(check(load(folder, runner="there", **how), target_releases=releases))
    assert there == alone
    assert len(wire.sent) > len(some) / 2
    files = "".join(file.read_text("utf-8", "replace") for file in folder.rglob("*") if file.is_file())
    keys = {*re.findall(r"^ *(?:crypto isakmp key|pre-shared-key .*key) (\S{9,}) ", files, re.MULTILINE)}
    assert keys
    models = b"".join(
        zlib.decompress(place) for sent in wire.sent for place in msgspec.msgpack.decode(sent, strict=False)[0]
    )
    assert {key for key in keys if key.encode() in models} <= {"Branch-2-2019"}, "but for KR-KEY-IN-NAME: names stay"


def test_what_is_no_answer_of_a_part_is_audited_here(
    tmp_path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = put_together(FOLDERS[5::90], tmp_path / "fleet")
    monkeypatch.setattr(audit_parts, "batches", lambda parts: [tuple(part) for part in parts])
    monkeypatch.setattr(audit_parts, "WORTH_IT", 0)
    alone = to_json(check(load(folder, workspace=workspace)))
    answers: list[bytes] = []
    really = audit_parts.audited_there

    def mixed(content: bytes) -> bytes:
        """The answer to another question, one that is cut short, none, and another thing."""
        answers.append(really(content))
        return (answers[0], answers[-1][:-9], b"", zlib.compress(b"{}"))[(len(answers) + 1) % 4]

    monkeypatch.setattr(audit_parts, "audited_there", mixed)
    monkeypatch.setattr(api, "_elsewhere", lambda *_: Wire())
    assert to_json(check(load(folder, workspace=workspace, runner="there"))) == alone
    assert len(answers) > 4


def beside(*fleets: dict[str, str]) -> dict[str, str]:
    """Fleets beside each other, each in ranges of its own."""
    return {f"{n}{name}": moved_away(text, n) for n, some in enumerate(fleets) for name, text in some.items()}


def written(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.cfg").write_text(text)
    return folder


def made(kind: str, routers: int, region: int) -> dict[str, str]:
    return {one.name: one.text for one in fleets.fleet(routers, seed=3, kind=kind, faults=0.4, region=region)}


def strewn(texts: dict[str, str]) -> dict[str, str]:
    """A fleet of regions with what is common to routers of several: a key, a word of documentation, another content under one
    name, an old release, two routers with one address; and routers by themselves."""
    names = sorted(texts)
    few = names[1::7]
    for number, name in enumerate(few):
        text = texts[name]
        text += f"crypto isakmp key cisco123 address 203.0.113.{number}\n"
        text += f"crypto isakmp key the-same-sample-key address 203.0.113.{100 + number % 3}\n"
        shared = f"crypto ipsec profile SHARED\n set pfs group{14 + 5 * (number % 2)}\n"
        if number % 2:
            texts[name] = text.replace("version 15", "version 12").replace("\nend\n", f"\n{shared}end\n")
        else:  # what cannot be read withholds what is said of the name
            texts[name] = text.replace("\nend\n", f"\n{shared} set unheard-of thing\nend\n")
    return {
        **texts,
        "AA-ALONE": "hostname AA-ALONE\ninterface Loopback0\n no ip address\nend\n",
    }


FLEETS = {
    "hubs": lambda: beside(
        hub_fleet(16, hubs=2, each=2), hub_fleet(12, hubs=2, each=1, seed=5), hub_fleet(14, hubs=1, each=1)
    ),
    "clouds": lambda: beside(dual_hub_cloud(4), cloud_with_faults(20), cloud_with_faults(19), dual_hub_cloud(9)),
    **{kind: lambda kind=kind: strewn(made(kind, 42, 6)) for kind in fleets.KINDS},
}
QUICK = ("clouds", "mix")


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.full) for name in FLEETS]
)
def test_of_fleets(name: str) -> None:
    routers = [msgspec.structs.replace(parsed(text), name=own) for own, text in FLEETS[name]().items()]
    several = parts(routers)
    assert len(several) > 2
    whole = at_once(routers)
    assert name not in fleets.KINDS or any(router.unknown for router in routers)
    assert in_parts(routers) == whole
    assert in_parts(routers, of=several[::-1]) == whole, "in whatever order"
    assert in_parts(routers, of=[tuple(n for part in several[::2] for n in part), *several[1::2]]) == whole, (
        "or put together"
    )


def test_what_hazards_compare_is_gathered_in_the_order_in_which_it_is_told(workspace: Path) -> None:
    for folder in FOLDERS[::9]:
        found = read(folder, workspace)
        if found is None:
            continue
        context = AuditContext(Fleet(*found))
        for hazard in HAZARDS:
            if hazard.gather is not None:
                orders = [fact.order for fact in hazard.gather(context)]
                assert orders == sorted(orders), (folder, hazard.code)


def test_what_a_part_says_may_be_compressed(workspace: Path) -> None:
    found = [read(folder, workspace) for folder in FOLDERS[4::40]]
    compressed = 0
    for routers, nat in filter(None, found):
        whole, part = at_once(routers, nat), audit_parts.audited_part(routers, nat)
        doubtful = {
            name: RouterRules(without_idle_lines(one)) for one in routers if (name := one.name) in part.doubtful
        }
        small = lighter(part)
        assert whole_said([small], HAZARDS, doubtful) == whole == whole_said([lighter(small)], HAZARDS, doubtful)
        compressed += sum(isinstance(some, bytes) for some in small.facts.values())
    assert compressed


def test_half_a_character_is_no_obstacle(workspace: Path) -> None:
    texts = made("spoke2", 12, 6)
    routers = [msgspec.structs.replace(parsed(text), name=own) for own, text in texts.items()]
    odd = [
        msgspec.structs.replace(
            one, lines=tuple(line.replace("pre-shared-key", "pre-shared-\udc80") for line in one.lines)
        )
        for one in routers
    ]
    small = lighter(audit_parts.audited_part(odd))
    assert {type(some) for some in small.facts.values()} == {bytes, tuple}
    assert whole_said([small], HAZARDS, {}) == at_once(odd)


def said(folder: Path, workspace: Path, **how: Any) -> str:
    """The document without its time."""
    return re.sub(r'"time": "[^"]*"', '"time": ""', to_json(check(load(folder, workspace=workspace, **how))))


@pytest.fixture
def unbatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every part is audited by itself, and work spread over processes however little it is."""
    monkeypatch.setattr(audit_parts, "batches", lambda parts: parts)
    monkeypatch.setattr(audit_parts, "WORTH_IT", 2)


@pytest.mark.usefixtures("unbatched")
@pytest.mark.full
@pytest.mark.parametrize("kind", ["dmvpn", "mix"])
def test_whoever_does_it_and_whatever_is_known(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = written(tmp_path / "fleet", strewn(made(kind, 42, 6)))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(audit_parts, "parts_of", lambda cards, nat: [tuple(sorted(cards))])
        whole = said(folder, tmp_path / "ws")
    assert json.loads(whole)["findings"]
    assert said(folder, tmp_path / "ws") == whole
    routers = load(folder, workspace=tmp_path / "ws").fleet.routers
    assert any(router.unknown for router in routers)
    assert check(load(folder, workspace=tmp_path / "ws")).findings == at_once(routers).findings
    assert said(folder, tmp_path / "ws", jobs=2) == whole
    assert said(folder, tmp_path / "ws", jobs=2, cache=True) == whole
    assert said(folder, tmp_path / "ws", cache=True) == whole


@pytest.mark.usefixtures("unbatched")
def test_what_is_kept_is_kept_for_translations_and_planned_releases(tmp_path: Path) -> None:
    texts = {name: text.replace("group 14", "group 2") for name, text in made("spoke2", 18, 6).items()}
    folder = written(
        tmp_path / "fleet", {name: re.sub("version 1.*", "version 17.3", text) for name, text in texts.items()}
    )
    inside = Translation(IPv4Address("25.0.0.2"), IPv4Address("203.0.113.9"))

    def told(*releases: str, nat: tuple[Translation, ...] = (), cache: bool = False) -> str:
        snapshot = load(folder, nat=nat, workspace=tmp_path / "ws", cache=cache)
        return re.sub(r'"time": "[^"]*"', '"time": ""', to_json(check(snapshot, target_releases=releases)))

    plain, later, hidden = told(), told("17.15"), told(nat=(inside,))
    assert len({plain, later, hidden}) == 3
    for _ in range(2):
        assert told(cache=True) == plain
        assert told("17.15", cache=True) == later
        assert told(nat=(inside,), cache=True) == hidden


def test_things_keep_the_order_of_their_part() -> None:
    assert by_parts._in_turn([("C3", "A1", "D"), ("B2", "C2")], lambda word: word[0]) == ["B2", "C3", "A1", "C2", "D"]


@pytest.mark.usefixtures("unbatched")
def test_a_part_where_nothing_changed_is_not_audited_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = written(tmp_path / "fleet", made("mix", 18, 6))
    audited: list[tuple[str, ...]] = []
    was = audit_parts.audited_part

    def counted(routers: Iterator[Router], *more: Any) -> audit_parts.PartSaid:
        some = [*routers]
        audited.append(tuple(router.name for router in some))
        return was(some, *more)

    monkeypatch.setattr(audit_parts, "audited_part", counted)
    said(folder, tmp_path / "ws", cache=True)
    assert sorted(map(len, audited)) == [6, 6, 6]
    audited.clear()
    file = sorted(folder.glob("BR*.cfg"))[0]
    file.write_text(file.read_text().replace("crypto isakmp policy 10\n", "crypto isakmp policy 10\n lifetime 3601\n"))
    again = said(folder, tmp_path / "ws", cache=True)
    assert len(audited) == 1
    assert file.stem in audited[0]
    audited.clear()
    assert again == said(folder, tmp_path / "ws")
    assert len(audited) == 3
    assert again == said(folder, tmp_path / "ws", cache=True)
    assert len(audited) == 3


@pytest.mark.usefixtures("unbatched")
def test_the_first_process_has_no_more_routers_than_one_part_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path / "fleet", made("mix", 24, 6))
    plain = said(folder, tmp_path / "ws")
    monkeypatch.setattr(places, "FEW", 23)
    there: list[int] = []
    rules: list[weakref.ref[RouterRules]] = []
    was = audit_parts.part_said

    def counted(context: AuditContext, *more: Any) -> audit_parts.PartSaid:
        there.append(sum(one() is not None for one in rules))
        rules.extend(weakref.ref(context.fleet.rules(router.name)) for router in context.fleet.routers)
        return was(context, *more)

    monkeypatch.setattr(audit_parts, "part_said", counted)
    snapshot = load(folder, workspace=tmp_path / "ws")
    assert re.sub(r'"time": "[^"]*"', '"time": ""', to_json(check(snapshot))) == plain
    assert len(rules) == 24
    assert there == [0, 0, 0, 0], "of the parts before nothing is there, though nobody collects garbage meanwhile"
    assert all(one.held._found is None for one in snapshot._read._loaded)
