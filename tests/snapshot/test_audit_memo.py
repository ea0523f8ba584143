"""What an audit knows from before is what it would find out again, whatever changed in the meantime."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import growing_hubs
import msgspec
import pytest
from parsed import router as parsed_router

from ikeaudit.api import load
from ikeaudit.exchange import Exchange, Initiator, Responder
from ikeaudit.exchange.citations import Citations
from ikeaudit.fleet import Fleet, fleet
from ikeaudit.fleet.memo import KeptExchange, kept
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, ToldOfRouter, speaking_of
from ikeaudit.model import Evidence, Router, parse_address
from ikeaudit.snapshot.audit_memo import AGAIN, AuditMemo
from ikeaudit.snapshot.audit_parts import audited_part
from ikeaudit.snapshot.cache import Cache
from ikeaudit.snapshot.matter import matter_of, without_idle_lines
from ikeaudit.snapshot.nat_file import load_nat
from ikeaudit.snapshot.packing import Unpacker, packed
from ikeaudit.snapshot.workspace import Workspace

T = TypeVar("T")
CASES = Path(__file__).parents[1] / "cases"


class Shelf:
    """A memo in memory over routers that come and go: what was kept once stays, as in a cache."""

    def __init__(self) -> None:
        self.kept: dict[bytes, bytes] = {}
        self.asked = 0
        self.known = 0
        self._matter: dict[str, str | None] = {}
        self._still: dict[str, str | None] = {}

    def over(self, routers: Iterable[Router]) -> Shelf:
        """The same, asked about these routers."""
        self._matter = {router.name: matter_of(router) for router in routers}
        self._still = {router.name: matter_of(at_rest(router)) for router in routers}
        self.asked = self.known = 0
        return self

    def place(self, kind: str, routers: Sequence[str], *values: object) -> bytes | None:
        known = self._still if kind == "exchange" else self._matter
        return sha256(repr((kind, [(n, known[n]) for n in routers], packed(values))).encode()).digest()

    def found(self, place: bytes, type_: type[T]) -> T | None:
        self.asked += 1
        self.known += place in self.kept
        return Unpacker(type_).unpacked(self.kept[place]) if place in self.kept else None

    def keep(self, place: bytes, answer: object) -> None:
        content = packed(answer)
        assert content is not None
        self.kept[place] = content


def at_rest(router: Router) -> Router:
    return msgspec.structs.replace(router, shows=router.shows.without_state())


def said(routers: Sequence[Router], shelf: Shelf | None = None) -> object:
    return audited_part(routers, memo=shelf.over(routers) if shelf is not None else None)


DESIGNS: dict[str, Callable[[], list[Router]]] = {
    "ikev1": lambda: growing_hubs.ikev1(3),
    "ikev2": lambda: growing_hubs.ikev2(3, other=1),
    "crypto map": lambda: growing_hubs.crypto_map(3),
    "aggressive": lambda: growing_hubs.aggressive(2),
    "astray": lambda: growing_hubs.ikev1(3, astray=True),
    "left over": lambda: growing_hubs.idle(2),
}


@pytest.mark.parametrize("design", DESIGNS)
def test_a_second_audit_says_the_same_and_works_nothing_out(design: str, monkeypatch: pytest.MonkeyPatch) -> None:
    routers, shelf = DESIGNS[design](), Shelf()
    first = said(routers)
    assert said(routers, shelf) == first
    assert shelf.known == 0 and len(shelf.kept) >= len(routers)

    def again(*_: object, **__: object) -> None:
        raise AssertionError("it is known")

    monkeypatch.setattr(fleet, "replay", again)
    assert said(routers, shelf) == first
    assert shelf.known == shelf.asked > 0


def test_a_router_of_which_nothing_was_found_is_not_asked_again() -> None:
    """The one with an answer is, as answers are not kept; what hazards for one router said stays beside it."""
    routers, shelf = growing_hubs.ikev1(2), Shelf()
    asked: list[str] = []

    told = Finding(code="OF-ONE", severity="low", hosts=("S0001",), message="Something.", symptom="None.", fix="None.")

    def ask(facts: RouterFacts) -> list[Finding]:
        asked.append(facts.name)
        return [told] if facts.name == "S0001" else []

    def night(changed: Sequence[Router], *codes: str) -> list[str]:
        """The names of those that were asked."""
        asked.clear()
        context = AuditContext(Fleet(changed, memo=shelf.over(changed)))
        for code in codes:
            if code == "OF-ONE":
                assert [*context.told_before.of_all(context.routers, code, ask, ToldOfRouter)] == [told]
            else:
                found = [(facts.name, said) for facts, said in speaking_of(context, code, ask)]
                assert found == [("S0001", [told])]
        context.told_before.keep(ToldOfRouter)
        return [*asked]

    names = ["HUB", "S0000", "S0001"]
    assert sorted(router.name for router in routers) == names
    assert night(routers, "SOME") == names
    assert night(routers, "SOME") == ["S0001"]
    assert night(routers, "OF-ONE") == names, "of another code nothing is known"
    assert night(routers, "SOME", "OF-ONE") == ["S0001"], "and both are kept"
    one = next(router for router in routers if router.name == "S0000")
    other = parsed_router("\n".join(one.lines).replace("lifetime", "! lifetime") + "\ncrypto isakmp keepalive 10\n")
    assert night([other if router is one else router for router in routers], "SOME") == [*names[:2], "S0001"]
    bare = AuditContext(Fleet(routers))
    assert [facts.name for facts, _ in speaking_of(bare, "SOME", ask)] == ["S0001"], "without a memo all are asked"


def lines_left_out(routers: list[Router], of: str) -> Iterator[list[Router]]:
    """The fleet, without one line of a router after the other."""
    own = next(router for router in routers if router.name == of)
    for place, line in enumerate(own.lines):
        if line not in ("!", "end") and not line.startswith("hostname"):
            text = "\n".join(own.lines[:place] + own.lines[place + 1 :])
            other = parsed_router(text + "\n")
            yield [other if router is own else router for router in routers]


@pytest.mark.parametrize(
    "design", ["ikev1", *(pytest.param(one, marks=pytest.mark.full) for one in ("ikev2", "crypto map", "aggressive"))]
)
@pytest.mark.parametrize("of", ["HUB", "S0000"])
def test_after_any_line_was_taken_out_it_says_what_it_says_without_a_memo(design: str, of: str) -> None:
    routers, shelf = DESIGNS[design](), Shelf()
    said(routers, shelf)
    changed = 0
    for others in lines_left_out(routers, of):
        assert said(others, shelf) == said(others)
        changed += 1
    assert changed > 15
    assert said(routers, shelf) == said(routers)


def others(value: Any) -> Iterator[Any]:
    """Values that differ from one in a single place, at any depth."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from (msgspec.structs.replace(value, **{name: one}) for one in others(getattr(value, name)))
    elif isinstance(value, tuple):
        yield from ((*value[:n], one, *value[n + 1 :]) for n, own in enumerate(value) for one in others(own))
        yield value[:-1] if value else ("more",)
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, str):
        yield f"{value}x"
    elif value is None:
        yield "something"
    else:
        yield parse_address("192.0.2.250")


@pytest.mark.parametrize("design", ["ikev1", "ikev2", "crypto map", "aggressive"])
def test_whatever_differs_in_a_router_its_matter_does(design: str) -> None:
    """Every field of the far router that a replay or a hazard may read is in the place of the answer."""
    for own in DESIGNS[design]()[:2]:
        matter, fields = matter_of(own), 0
        for other in others(own):
            described = any(one.description is not None for one in other.interfaces)
            if described or other.lines == own.lines[:-1]:
                continue  # descriptions are idle, and so is the line `end`
            assert matter_of(other) != matter, other
            fields += 1
        assert fields > 200


def test_an_answer_hangs_on_every_value_that_was_looked_at(tmp_path: Path) -> None:
    cache = Cache(Workspace.open(tmp_path / "w"))
    memo = AuditMemo(cache, {"A": "a", "B": "b", "C": None}.get)
    places = [
        memo.place("exchange", ("A", "B"), 1, "x"),
        memo.place("router", ("A", "B"), 1, "x"),
        memo.place("exchange", ("B", "A"), 1, "x"),
        memo.place("exchange", ("A",), 1, "x"),
        memo.place("exchange", ("A", "B"), 2, "x"),
        memo.place("exchange", ("A", "B"), 1, "y"),
        memo.place("exchange", ("A", "B"), 1),
        AuditMemo(cache, {"A": "a", "B": "other"}.get).place("exchange", ("A", "B"), 1, "x"),
    ]
    assert None not in places and len({*places}) == len(places)
    assert memo.place("exchange", ("A", "C"), 1) is None, "of one of them nothing is known"
    assert memo.place("exchange", ("A",), object()) is None, "a value that has no form"
    assert AuditMemo(Cache(None), {"A": "a"}.get).place("exchange", ("A",), 1) is None
    assert memo.place("exchange", ("A", "B"), 1, "x") == places[0]


def test_what_is_no_answer_is_not_taken_for_one(tmp_path: Path) -> None:
    cache = Cache(Workspace.open(tmp_path / "w"))
    memo = AuditMemo(cache, {"A": "a"}.get)
    place = memo.place("router", ("A",))
    assert place is not None and memo.found(place, ToldOfRouter) is None
    memo.keep(place, ToldOfRouter(("X",), {}))
    assert memo.found(place, ToldOfRouter) is None, "not before it is put into the cache"
    cache.keep(memo.fresh)
    (row,) = memo.fresh

    def later(type_: type[T]) -> T | None:
        memo = AuditMemo(cache.again(), {"A": "a"}.get)
        assert memo.place("router", ("A",)) == place
        return memo.found(place, type_)

    assert later(ToldOfRouter) == ToldOfRouter(("X",), {})
    assert later(KeptExchange) is None
    for wrong in (b"", b"[", b"null", b'[["X"],{"X":1}]'):
        cache.keep({row: msgspec.msgpack.encode({place: wrong})})
        assert later(ToldOfRouter) is None
    for no_row in (b"", b"\x81", msgspec.msgpack.encode([1]), msgspec.msgpack.encode({place: 1})):
        cache.keep({row: no_row})
        assert later(ToldOfRouter) is None


def test_answers_of_one_router_lie_together_each_found_by_its_own_place(tmp_path: Path) -> None:
    """A changed neighbour adds an answer; that of the night before is found again when the change is taken back."""
    cache = Cache(Workspace.open(tmp_path / "w"))
    nights = {"A": "a", "B": "b"}, {"A": "a", "B": "other"}, {"A": "changed", "B": "b"}
    for night, matters in enumerate(nights):
        memo = AuditMemo(cache, matters.get)
        place = memo.place("router", ("A", "B"))
        assert place is not None and memo.found(place, ToldOfRouter) is None
        memo.keep(place, ToldOfRouter((str(night),), {}))
        assert len(memo.fresh) == 1
        cache.keep(memo.fresh)
    for night, matters in enumerate(nights):
        memo = AuditMemo(cache, matters.get)
        place = memo.place("router", ("A", "B"))
        assert place is not None and memo.found(place, ToldOfRouter) == ToldOfRouter((str(night),), {})
        assert memo.fresh == {}


def test_answers_of_long_ago_make_room(tmp_path: Path) -> None:
    cache = Cache(Workspace.open(tmp_path / "w"))
    for night in range(AGAIN + 1):
        memo = AuditMemo(cache, {"A": "a", "B": str(night)}.get)
        place = memo.place("router", ("A", "B"))
        assert place is not None
        memo.keep(place, ToldOfRouter((str(night),), {}))
        (row,) = memo.fresh.items()
        cache.keep(dict([row]))
        assert len(msgspec.msgpack.decode(row[1])) == min(night + 1, AGAIN)
    assert place in msgspec.msgpack.decode(row[1]), "what was of use last stays"


def one_exchange() -> tuple[Exchange, Initiator, Responder]:
    made = Fleet(growing_hubs.ikev2(2))
    end = made.ends_of("HUB")[0]
    (responder,) = made.responders(end)
    return made.replay(end), Initiator(made.rules("HUB"), end), responder


def test_an_exchange_comes_back_as_it_was_and_names_a_hubs_statements_once() -> None:
    exchange, initiator, responder = one_exchange()
    one = kept(exchange, initiator, responder)
    assert one is not None
    (profile,) = initiator.router.ikev2.profiles
    assert (True, (profile.line,), profile.name) in one.cited
    cited = [line for ours, lines, name in one.cited if ours and not name for line in lines]
    assert not {match.line for match in profile.matches} & {*cited}


def test_an_exchange_that_would_come_back_otherwise_is_not_kept() -> None:
    exchange, initiator, responder = one_exchange()
    for strange in (Evidence("ELSEWHERE", "x.cfg", 1, "text"), Evidence("HUB", "x.cfg", 1, "text")):
        other = msgspec.structs.replace(exchange, cited=Citations([(strange,)]))
        assert kept(other, initiator, responder) is None


def test_what_is_kept_of_an_exchange_is_all_of_it() -> None:
    names = {one.name for one in msgspec.structs.fields(Exchange)}
    fields = {one.name for one in msgspec.structs.fields(msgspec.structs.fields(KeptExchange)[0].type)}
    assert names - fields == {"transcript", "cited", "steps", "observed"}


class Unseen:
    """What a router shows, where nobody may look."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"{name} of what the router shows was read")


@pytest.mark.parametrize("design", DESIGNS)
def test_no_exchange_depends_on_what_routers_show(design: str) -> None:
    """So that an exchange is known still when only the routers' state is another."""
    routers = DESIGNS[design]()
    blind = [msgspec.structs.replace(router, shows=Unseen()) for router in routers]
    seen = [Fleet(some) for some in (routers, blind)]
    for name in ("exchanges", "client_exchanges", "spoke_exchanges", "unread_exchanges"):
        assert getattr(seen[0], name) == getattr(seen[1], name)


def test_another_state_is_another_matter_and_the_same_router_at_rest(tmp_path: Path) -> None:
    cache = Cache(Workspace.open(tmp_path / "w"))
    memo, later = (AuditMemo(cache, {"A": matter}.get, {"A": "at rest"}.get) for matter in ("a", "b"))
    assert memo.place("exchange", ("A",)) == later.place("exchange", ("A",))
    assert memo.place("router", ("A",)) != later.place("router", ("A",))


@pytest.mark.full
def test_of_every_case_a_second_audit_says_the_same(tmp_path: Path) -> None:
    folders = {file.parent for file in CASES.rglob("*.cfg")}
    known = 0
    for folder in sorted(folders):
        routers = [without_idle_lines(one) for one in load(folder, workspace=tmp_path)._read.routers]
        nat = load_nat(folder / "nat.yaml") if (folder / "nat.yaml").exists() else ()
        plain, shelf = audited_part(routers, nat), Shelf()
        for _ in range(2):
            assert audited_part(routers, nat, memo=shelf.over(routers)) == plain, folder
        assert shelf.known == shelf.asked
        known += shelf.known
    assert known > 1000
