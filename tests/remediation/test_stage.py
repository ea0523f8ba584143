"""What the stage of a proof leaves out: words nobody reads, and negotiations whose end is known. The verdicts are the same."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from plan_laws import fleet_of_case

from ikeaudit.fleet import Fleet
from ikeaudit.remediation.proof_record import ProvenExchange
from ikeaudit.remediation.scene import Scene, key_of

CASES = Path(__file__).parents[1] / "cases"
EVERY = sorted({path.parent for path in CASES.glob("**/*.cfg")})
SHARDS = 4
FIRST = [0, *(pytest.param(shard, marks=pytest.mark.full) for shard in range(1, SHARDS))]


@pytest.mark.parametrize("shard", FIRST)
def test_a_replay_without_words_has_the_same_verdict_and_no_words(shard: int) -> None:
    talkative = 0
    for folder in EVERY[shard::SHARDS]:
        fleet = fleet_of_case(folder)
        names = [router.name for router in fleet.routers]
        scene = Scene(fleet, names)
        whole, bare = (scene.replay({}, names, words=words) for words in (True, False))
        waiting = scene.unstarted.keys()
        assert [*map(ProvenExchange.of, whole)] == [*map(ProvenExchange.of, bare)], folder
        for one, other in zip(whole, bare, strict=True):
            assert msgspec.structs.replace(one, transcript=(), cited=other.cited, renewal=other.renewal) == other or (
                key_of(one) in waiting
            ), folder
            if key_of(one) not in waiting:
                assert (other.transcript, other.evidence) == ((), ())
                talkative += bool(one.transcript) and bool(one.evidence)
    assert talkative > 20


@pytest.mark.parametrize("shard", FIRST)
def test_what_no_end_calls_is_known_without_replaying_what_ends_call(shard: int) -> None:
    waited = 0
    for folder in EVERY[shard::SHARDS]:
        fleet = fleet_of_case(folder)
        called = {(e.router, e.interface, str(e.peer or e.peer_name)) for e in fleet.endpoints if not e.accepts_any}
        known = [exchange for exchange in fleet.exchanges if key_of(exchange) not in called]
        fresh = Fleet(fleet.routers, fleet.translations)
        assert [e for e in fresh.uncalled if key_of(e) not in called] == known, folder
        assert "exchanges" not in vars(fresh)
        scene = Scene(fresh, [router.name for router in fleet.routers])
        tunnels = {key_of(e): e.tunnel for e in fleet.exchanges}
        for exchange in scene.replay({}, [router.name for router in fleet.routers]):
            assert exchange.tunnel == tunnels.get(key_of(exchange), exchange.tunnel), folder
        beside = {(e.router, e.interface, str(e.peer or e.peer_name)) for e in fleet.further_ends}
        assert scene.beside_tunnels == beside - tunnels.keys(), folder
        waited += len(known)
    assert waited
