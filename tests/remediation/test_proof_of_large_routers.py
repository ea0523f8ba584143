"""Of a router with many directions a step replays what it can concern, and lists what it leaves otherwise: the same proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from ikev2_laws import moved, options_in
from plans import fleet_in, planned

from ikeaudit.exchange import Exchange
from ikeaudit.model import Interface, Router, parse_address
from ikeaudit.model.grouping import by_key
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation import proof, proof_record, proof_state, proven_parts, scene
from ikeaudit.remediation.changing_router import ChangingRouter
from ikeaudit.remediation.planner import PlannedChange
from ikeaudit.remediation.proof_record import Proof, ProvenExchange
from ikeaudit.remediation.splice import blocks_of, kind_of
from ikeaudit.remediation.text_seen import joined
from ikeaudit.remediation.touched import Touched
from ikeaudit.selection import Identity, LocalEnd, RouterRules, routing, traffic
from ikeaudit.selection.ikev2 import Ikev2Rules
from ikeaudit.selection.profiles import ProfileTable
from ikeaudit.selection.proxies import Proxy
from ikeaudit.selection.rules import _WORKED_OUT_OF
from ikeaudit.selection.traffic import _First

HERE = Path(__file__).parent
CASES = ["plans/a2-many-keyrings", "plans/a5-global-keys", "ikev2/b1-seed", "ikev2/b3-in-place", "ikev2/b2-dynamic-map"]


def made(case: str) -> PlannedChange:
    folder = HERE / case
    if case.startswith("plans/"):
        return planned(fleet_in(folder))
    return moved(fleet_in(folder), options_in(folder))


@pytest.mark.parametrize("case", CASES)
def test_what_a_step_cannot_concern_need_not_be_replayed(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything replayed after each step, and every call asked: every file of the plan is the same, word for word."""
    files = made(case).files
    monkeypatch.setattr(proven_parts, "prove", partial(proof.prove, whole=True))
    monkeypatch.setattr(scene, "_FEW", 10**9)
    assert made(case).files == files


@pytest.mark.parametrize("case", CASES)
def test_an_index_leaves_out_no_call_that_a_change_concerns(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all calls looked up in an index, however few they are: every file of the plan is the same, word for word."""
    files = made(case).files
    monkeypatch.setattr(scene, "_FEW", 0)
    assert made(case).files == files


@pytest.mark.parametrize("case", CASES)
def test_what_is_taken_over_from_line_to_line_is_what_would_be_worked_out(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each line the sections and the text are those of the configuration, and the ends those of the router."""
    step, rules = ChangingRouter.step, RouterRules
    looks = []
    answers: list[list[object]] = []

    def looked(self: ChangingRouter) -> tuple[Router, Touched]:
        found = step(self)
        blocks, sections = blocks_of(self.text), self._sections
        assert {header: "\n".join(lines) for header, lines in sections.blocks.items()} == {
            header: "\n".join(lines) for header, lines in blocks.items()
        }
        of_object = by_key((kind_of(header), header) for header in blocks)
        of_kind = by_key(known for known in of_object if known is not None)
        assert {known: sections.headers(known) for known in of_object if known is not None} == {
            known: headers for known, headers in of_object.items() if known is not None
        }
        assert {kind: [*sections.names(kind)] for kind in of_kind} == of_kind
        assert joined(self.pages) == self.text and self.hash() == before_hash(self.text)
        return found

    def taken(router: Router, earlier: RouterRules | None = None) -> RouterRules:
        made, fresh = rules(router, earlier), rules(router)
        assert made.endpoints == fresh.endpoints and made.clients == fresh.clients
        assert made.addresses.all() == fresh.addresses.all()
        assert made.addresses.interfaces == fresh.addresses.interfaces
        answers.append([_answers(one) for one in (made, fresh)])
        looks.append(earlier is not None)
        return made

    monkeypatch.setattr(ChangingRouter, "step", looked)
    monkeypatch.setattr(proof, "RouterRules", taken)
    made(case)
    assert any(looks)
    assert all(one == other for one, other in answers)


def _answers(rules: RouterRules) -> list[object]:
    """What IKEv2 rules say of every address and name that the router mentions."""
    own, router = rules.ikev2, rules.router
    known = [match for profile in router.ikev2.profiles for match in profile.matches]
    known += [block.identity for ring in router.ikev2.keyrings for block in ring.peers if block.identity is not None]
    identities = [
        Identity("address", match.prefix.address)
        if match.prefix is not None
        else Identity("fqdn", value=match.value or "")
        for match in known
    ]
    peers = [end.peer for end in rules.endpoints]
    return [
        own.presented,
        [own.matching(identity) for identity in identities],
        [own.responder_candidates(p, i, peer) for p in router.ikev2.profiles for i in identities for peer in peers[:3]],
        [own.initiator_candidates(p, peer) for p in router.ikev2.profiles for peer in peers if peer is not None],
        [own.expects(p, i) for p in router.ikev2.profiles for i in identities],
    ]


@pytest.mark.parametrize("name", sorted(_WORKED_OUT_OF))
def test_a_rule_reads_no_other_parts_of_a_router_than_it_says(name: str) -> None:
    """What is taken over while other parts of a router change must not have been worked out of them."""
    read: set[str] = set()

    class Recorded:
        def __init__(self, router: Router) -> None:
            self._router = router

        def __getattr__(self, part: str) -> object:
            read.add(part)
            return getattr(self._router, part)

    for case in CASES:
        for router in fleet_in(HERE / case).routers:
            recorded = Recorded(router)
            rules = RouterRules(recorded)  # type: ignore[arg-type]
            end = LocalEnd(None)
            read.clear()
            found = getattr(rules, name)
            if isinstance(found, ProfileTable):
                found.search(Identity("fqdn", value="a.b"), end)
            if isinstance(found, Ikev2Rules):
                found.profiles_for(Identity("fqdn", value="a.b"), end)
                for profile in router.ikev2.profiles:
                    found.initiator_candidates(profile, parse_address("192.0.2.1"))
            assert read - {"name"} <= {*_WORKED_OUT_OF[name]}


class _Reading:
    """Stands for a router, or for its addresses, and notes what is read of it: of addresses, that interfaces are."""

    def __init__(self, about: object, read: set[str], part: str | None = None) -> None:
        self._about, self._read, self._part = about, read, part

    def __getattr__(self, name: str) -> object:
        self._read.add(self._part or name)
        return getattr(self._about, name)


def _traffic_of(rules: RouterRules) -> Iterator[tuple[Interface, Proxy]]:
    """The interfaces of crypto map entries, with the traffic that these are for."""
    for end in rules.endpoints:
        interface = rules.addresses.interface(end.interface.split()[0])
        if end.kind == "crypto-map" and interface is not None:
            yield from ((interface, proxy) for proxy in rules.proxies(end).entries)


_FILLED: dict[str, Callable[[Any, RouterRules], object]] = {
    "_by_source": lambda on, rules: [[*on.entries_for(acl, parse_address("192.0.2.1"))] for acl in rules.router.acls],
    "_known": lambda on, rules: [on._told(one, one.vrf, proxy) for one, proxy in _traffic_of(rules)],
    "_first": lambda on, rules: [_First(on._router, one.name) for one in rules.router.crypto_maps],
    "_nearby": lambda on, rules: [on._near(one, one.vrf) for one in rules.router.interfaces],
    "_denied": lambda on, rules: [on._denying(acl.name) for acl in rules.router.acls],
}
"""What is filled little by little, as somebody asks: how it is asked for all of it."""


@pytest.mark.parametrize(
    ("room", "name"), [(room, name) for room in (routing, traffic) for name in sorted(room._WORKED_OUT_OF)]
)
def test_routes_and_traffic_read_no_other_parts_of_a_router_than_they_say(room: Any, name: str) -> None:
    kept: list[object] = []
    for case in (*CASES, "plans/a3-crypto-map"):
        for router in fleet_in(HERE / case).routers:
            read = set[str]()
            rules = RouterRules(router)
            recorded = _Reading(router, read), _Reading(rules.addresses, read, "interfaces")
            on: Any = (routing.Routing if room is routing else traffic.Traffic)(*recorded)  # type: ignore[arg-type]
            read.clear()
            kept.append(_FILLED[name](on, rules) if name in _FILLED else getattr(on, name))
            assert read <= {*room._WORKED_OUT_OF[name]}
    assert name not in _FILLED or any(kept)


@pytest.mark.parametrize("case", ["plans/a2-many-keyrings", "ikev2/b3-in-place"])
def test_a_brief_proof_says_all_that_the_long_one_does(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever follows the steps knows every direction of a step's router after it."""
    long = msgspec.json.decode(made(case).files["proof.json"], type=Proof)
    monkeypatch.setattr(proof_record, "LISTED", 0)
    brief = msgspec.json.decode(made(case).files["proof.json"], type=Proof)
    assert len(msgspec.json.encode(brief)) < len(msgspec.json.encode(long))
    said: dict[object, ProvenExchange] = {record.direction: record for record in brief.before}
    for step, whole in zip(brief.steps, long.steps, strict=True):
        said.update((record.direction, record) for record in step.exchanges)
        assert len(step.exchanges) + step.unchanged == len(whole.exchanges)
        assert {said[record.direction] for record in whole.exchanges} == set(whole.exchanges)
    assert any(step.unchanged for step in brief.steps)


def test_a_replay_of_the_whole_that_says_something_else_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept in mind from line to line is compared with a replay of everything in the end."""
    take = proof_state.State.take

    def forgetful(self: proof_state.State, replayed: tuple[Exchange, ...]) -> dict[proof_state.Key, None]:
        return take(self, [msgspec.structs.replace(e, responder_keyring="ANOTHER") for e in replayed])

    monkeypatch.setattr(proof_state.State, "take", forgetful)
    change = made("plans/a1-seed")
    assert change.plan.empty
    assert {refusal.router for refusal in change.plan.refusals} == {"R1", "R2"}
    assert "replayed as a whole, R1 Tunnel1 -> R2 is not what it was line by line" in change.plan.refusals[0].reason
