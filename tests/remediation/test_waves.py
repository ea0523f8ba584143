"""Waves: what is changed together and in which order, on fleets that are given by their tunnels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import combinations

import pytest
from dual_hub import wave_drafts
from hypothesis import given, settings
from hypothesis import strategies as st
from meshes import dual_hubs, mesh
from plans import fleet_of

from ikeaudit.fleet import Fleet
from ikeaudit.remediation.plan import Announcement, Direction, Wave
from ikeaudit.remediation.strategies import Draft
from ikeaudit.remediation.waves import Arrangement, TunnelGraph, arrange, packing


def step(router: str, *announce: Announcement) -> Draft:
    return Draft(router=router, phase="switch", title=router, apply="", rollback="", announce=announce)


def by_router(fleet: Fleet, size: int = 25, only: set[str] | None = None) -> Arrangement:
    """What ``single-keyring`` makes."""
    drafts = [draft for draft in wave_drafts(fleet, "routers") if not only or draft.router in only]
    return arrange(TunnelGraph(fleet), drafts, size=size)


def by_tunnel(fleet: Fleet, size: int = 25) -> Arrangement:
    """What ``ikev2`` makes."""
    return arrange(TunnelGraph(fleet), wave_drafts(fleet, "tunnels"), "tunnels", size=size)


def wave_of(waves: tuple[Wave, ...]) -> dict[str, int]:
    """The wave of every router, for plans in which each has one."""
    assert max(Counter(name for wave in waves for name in wave.routers).values()) == 1
    return {name: wave.number for wave in waves for name in wave.routers}


def order(waves: tuple[Wave, ...]) -> list[list[str]]:
    return [list(wave.routers) for wave in waves]


def assert_whole(arranged: Arrangement, size: int) -> None:
    """Every step is in exactly one wave, in the order of the waves; every router has a reason; no wave is too large."""
    numbers = [number for wave in arranged.waves for number in wave.steps]
    assert numbers == list(range(1, len(arranged.drafts) + 1))
    for wave in arranged.waves:
        assert set(wave.reasons) == set(wave.routers) == {arranged.drafts[n - 1].router for n in wave.steps}
        assert len(wave.routers) <= size or len(wave.groups) == 1
        assert not set(wave.partners) & set(wave.routers)
        assert 15 <= wave.minutes <= max(wave.timer(name) for name in wave.routers) <= 120


# -- the large fleet -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[498, pytest.param(1998, marks=pytest.mark.full)])
def large(request: pytest.FixtureRequest) -> Fleet:
    """Two hubs and so many spokes."""
    spokes: int = request.param
    return mesh(dual_hubs(spokes), default_by={f"S{n:04d}": "HUB1" for n in range(10, spokes, 10)})


def test_a_large_fleet_one_by_one(large: Fleet) -> None:
    arranged, spokes = by_router(large), len(large.routers) - 2
    assert_whole(arranged, 25)
    waves = arranged.waves
    number = wave_of(waves)
    assert number["HUB1"] != number["HUB2"]
    assert max(number[name] for name in number if name.startswith("S")) < min(number["HUB1"], number["HUB2"])
    assert waves[0].routers == ("S0001",) and waves[0].title == "canary"
    assert waves[0].partners == ("HUB1", "HUB2"), "they start the tunnels from the other side"
    assert len(waves) == 1 + -(-(spokes - 1) // 25) + 2
    assert (
        f"apart from HUB2, because S0001, S0002, S0003 and {spokes - 3} more have paths through both"
        in waves[-2].reasons["HUB1"]
    )
    assert "no timer runs longer than 120" in waves[-2].reasons["HUB1"]


def test_a_large_fleet_tunnel_by_tunnel(large: Fleet) -> None:
    arranged = by_tunnel(large)
    assert_whole(arranged, 25)
    switching = [wave for wave in arranged.waves if wave.title != "clean-up"]
    graph = TunnelGraph(large)
    seen = Counter(tunnel for wave in switching for group in wave.groups for tunnel in group.tunnels)
    assert set(seen) == set(graph.ends) and set(seen.values()) == {1}
    alone: list[tuple[int, tuple[str, ...]]] = []
    for wave in switching:
        assert not {"HUB1", "HUB2"} <= set(wave.routers), "no spoke has both hubs at stake"
        for group in wave.groups:
            if not group.tunnels:
                alone.append((wave.number, group.routers))
                continue
            (tunnel,) = group.tunnels
            assert set(graph.ends[tunnel]) == set(group.routers), "both ends of a tunnel in one wave"
            assert 15 <= group.minutes < 20 and set(group.timers) <= set(group.routers), "a timer for one tunnel"
        assert wave.routers[-1].startswith("HUB"), "far ends first"
        assert all(wave.timer(name) > wave.timer(wave.routers[-1]) for name in wave.routers[:-1])
    first = min(wave.number for wave in switching if "HUB2" in wave.routers)
    assert alone == [(first, ("HUB2",))], (
        "what 24 groups rest on does not go back with one of them; HUB1's is the canary's"
    )
    cleaning = [wave for wave in arranged.waves if wave.title == "clean-up"]
    assert min(wave.number for wave in cleaning) > max(wave.number for wave in switching)
    assert not any({"HUB1", "HUB2"} <= set(wave.routers) for wave in cleaning)


@pytest.mark.parametrize("make", [by_router, by_tunnel])
@pytest.mark.parametrize("size", [100, pytest.param(25, marks=pytest.mark.full)])
def test_a_large_fleet_keep_a_path(large: Fleet, make: Callable[[Fleet, int], Arrangement], size: int) -> None:
    """By the fleet's own make: whatever a wave changes, nobody else's two tunnels are concerned, and far ends come first."""
    hubs = {"HUB1", "HUB2"}
    seen: set[str] = set()
    for wave in make(large, size).waves:
        assert not hubs <= set(wave.routers), "every spoke has one tunnel to each hub"
        for hub in hubs & set(wave.routers):
            assert wave.routers[-1] == hub, "far ends first"
        if wave.title == "clean-up":
            continue
        tunnels = Counter(
            name for group in wave.groups for tunnel in group.tunnels for name in tunnel.replace("<>", "").split()
        )
        for group in wave.groups:
            for name in set(group.routers) - hubs:
                if make is by_tunnel:
                    assert tunnels[name] == 1 and len(group.tunnels) == 1, "its other tunnel stays as it is"
                else:
                    assert not hubs & set(wave.routers), "while its own change concerns both, no hub is changed"
        if make is by_router and hubs & set(wave.routers):
            assert seen - hubs == {f"S{n:04d}" for n in range(1, len(large.routers) - 1)}, "all far ends are done"
        seen |= set(wave.routers)
    assert len(seen) == len(large.routers)


def test_steps_keep_their_order_and_the_ends_of_their_announcements(large: Fleet) -> None:
    arranged = by_tunnel(large)
    created: set[str] = set()
    switched: dict[str, int] = {}
    for n, draft in enumerate(arranged.drafts, 1):
        if draft.phase == "additive":
            created.add(draft.router)
        elif draft.phase == "switch":
            assert draft.router in created
            (announced,) = draft.announce
            if announced.until:
                last = arranged.drafts[n - 1 + announced.until]
                assert last.announce[0].text == announced.text and last.router != draft.router
            switched[draft.router] = n
    assert all(n > switched[draft.router] for n, draft in enumerate(arranged.drafts, 1) if draft.phase == "cleanup")


@pytest.mark.full
def test_the_effort_grows_with_the_fleet_and_not_with_its_square(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sites looked at while waves are filled, for 200 and for 800 spokes."""
    looked = 0
    plain = packing.Load._touches

    def counting(load, piece):  # type: ignore[no-untyped-def]
        nonlocal looked
        for found in plain(load, piece):
            looked += 1
            yield found

    monkeypatch.setattr(packing.Load, "_touches", counting)
    counts = []
    for spokes in (200, 800):
        for make in (by_router, by_tunnel):
            looked = 0
            make(mesh(dual_hubs(spokes)))
            counts.append(looked / spokes)
    assert counts[2] < 2 * counts[0], "by router"
    # A hub is in spokes / 24 waves, and each of them looks once at all of its spokes.
    assert counts[3] < 6 * counts[1], "by tunnel"


# -- small ones ------------------------------------------------------------------------------------------------------


def test_two_routers_that_only_talk_to_each_other_change_together() -> None:
    fleet = mesh([("R1", "R2"), ("R1", "R2")])
    (wave,) = by_router(fleet).waves
    assert wave.routers == ("R1", "R2") and wave.title == "all at once" and not wave.timers and wave.minutes == 15
    assert wave.groups[0].routers == ("R1", "R2")
    assert wave.reasons["R1"] == "place 1 of 2; together with R2, the other end of all its 2 tunnels"


def test_two_tunnels_between_two_routers_move_in_two_waves() -> None:
    waves = by_tunnel(mesh([("R1", "R2"), ("R1", "R2")])).waves
    assert [len({t for g in wave.groups for t in g.tunnels}) for wave in waves] == [1, 1, 2]
    assert [wave.title for wave in waves] == ["canary", "far ends", "clean-up"]


def test_a_canary_is_what_has_least_at_stake() -> None:
    fleet = mesh([*dual_hubs(30), ("X1", "X2")])
    waves = by_router(fleet).waves
    assert waves[0].routers == ("X1", "X2"), "a pair of its own, with one tunnel"
    assert "canary: with 1 tunnel" in waves[0].reasons["X1"]


def test_the_hub_of_spokes_without_backup_comes_last() -> None:
    fleet = mesh([(f"S{n}", "HUB") for n in range(6)])
    assert order(by_router(fleet).waves) == [["S0"], ["S1", "S2", "S3", "S4", "S5", "HUB"]]
    assert by_router(fleet).waves[1].timers == {f"S{n}": 25 for n in range(1, 6)}, "far ends have the longer timer"
    assert order(by_router(fleet, size=2).waves) == [["S0"], ["S1", "S2"], ["S3", "S4"], ["S5", "HUB"]]


def test_one_spoke_with_two_hubs() -> None:
    fleet = mesh([("SPOKE", "HUB1"), ("SPOKE", "HUB2")])
    waves = by_router(fleet).waves
    number = wave_of(waves)
    assert len({number["HUB1"], number["HUB2"], number["SPOKE"]}) == 3
    waves = by_tunnel(fleet).waves
    assert [len(wave.groups) for wave in waves if wave.title != "clean-up"] == [1, 1]


def test_two_hubs_of_few_spokes_are_no_sites_with_a_backup() -> None:
    assert order(by_router(mesh(dual_hubs(4))).waves) == [["S0001"], ["S0002", "S0003", "S0004"], ["HUB1"], ["HUB2"]]


def test_a_site_between_two_regions_keeps_one_of_them() -> None:
    """A lies inwards of its hubs B and C, which have a spoke each."""
    number = wave_of(by_router(mesh([("A", "B"), ("A", "C"), ("B", "D"), ("C", "E")])).waves)
    assert number["B"] != number["C"]


def test_routers_on_one_lan_are_one_site() -> None:
    edges = [("A", "HUB1"), ("B", "HUB2"), *dual_hubs(10)]
    apart = by_router(mesh(edges, lans={"A": "10.1.1.2/24", "B": "10.1.1.3/24"})).waves
    number = wave_of(apart)
    assert number["A"] != number["B"] and number["A"] != number["HUB2"]
    for other in ("10.1.2.3/24", "10.1.1.2/24"):  # another network, or the same plan used twice
        number = wave_of(by_router(mesh(edges, lans={"A": "10.1.1.2/24", "B": other})).waves[1:])
        assert {number.get("A"), number.get("B")} & {2}


CLOUD = """\
hostname {name}
crypto isakmp key sample-key address 0.0.0.0
crypto isakmp policy 10
 encr aes 256
 authentication pre-share
 group 14
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
 mode transport
crypto ipsec profile DMVPN
 set transform-set TS
interface Tunnel10
 ip address 10.10.0.{number} 255.255.255.0
 ip nhrp network-id 10
{nhs} tunnel source GigabitEthernet0/0
 tunnel mode gre multipoint
 tunnel protection ipsec profile DMVPN
interface GigabitEthernet0/0
 ip address 192.0.2.{number} 255.255.255.0
end
"""
NHS = " ip nhrp nhs 10.10.0.{0} nbma 192.0.2.{0} multicast\n"


def test_a_cloud_with_two_hubs() -> None:
    """Hubs wait for callers and are no sites with a backup; spokes wait too, but they also call."""
    texts = [CLOUD.format(name=f"HUB{n}", number=n, nhs="") for n in (1, 2)]
    texts += [CLOUD.format(name=f"S{n}", number=n, nhs=NHS.format(1) + NHS.format(2)) for n in range(3, 6)]
    fleet = fleet_of(*texts)
    graph = TunnelGraph(fleet)
    assert {site: len(paths) for site, paths in graph.paths.items()} == {"S3": 2, "S4": 2, "S5": 2}
    assert order(by_router(fleet).waves) == [["S3"], ["S4", "S5"], ["HUB1"], ["HUB2"]]


def test_one_spoke_of_a_cloud_with_two_hubs() -> None:
    texts = [CLOUD.format(name=f"HUB{n}", number=n, nhs="") for n in (1, 2)]
    fleet = fleet_of(*texts, CLOUD.format(name="S3", number=3, nhs=NHS.format(1) + NHS.format(2)))
    number = wave_of(by_router(fleet).waves)
    assert number["HUB1"] != number["HUB2"]


def test_a_network_of_many_routers_is_no_site() -> None:
    lans = {f"S{n:04d}": f"10.9.0.{n}/16" for n in range(1, 21)}
    assert len(by_router(mesh(dual_hubs(20), lans=lans)).waves) == 4


def test_whoever_is_managed_through_a_tunnel_comes_before_its_other_end() -> None:
    """The hub's default route leaves by the tunnel to S3: it is reached through S3, so S3 is the near end."""
    edges = [(f"S{n}", "HUB") for n in range(6)]
    waves = by_router(mesh(edges, default_by={"HUB": "S3"})).waves
    number = wave_of(waves)
    assert number["HUB"] < number["S3"] or waves[number["S3"] - 1].routers[-1] == "S3"
    place = [name for wave in waves for name in wave.routers]
    assert place.index("HUB") < place.index("S3")
    wave = waves[number["HUB"] - 1]
    assert "managed through its tunnel to S3" in wave.reasons["HUB"]
    assert wave.timer("HUB") == wave.minutes + 10


def test_routers_managed_through_each_other_do_no_harm() -> None:
    waves = by_router(mesh([("A", "B"), ("B", "C"), ("C", "A")], default_by={"A": "B", "B": "C", "C": "A"})).waves
    assert sorted(name for wave in waves for name in wave.routers) == ["A", "B", "C"]


def test_two_layers_of_hubs_from_the_outside_in() -> None:
    edges = [(f"S{n}", hub) for n in range(8) for hub in ("R1", "R2")]
    edges += [(region, core) for region in ("R1", "R2") for core in ("C1", "C2")]
    edges += [("C1", "C2"), *((f"T{n}", core) for n in range(8) for core in ("C1", "C2"))]
    number = wave_of(by_router(mesh(edges)).waves)
    spokes = max(number[f"S{n}"] for n in range(8))
    assert spokes <= min(number["R1"], number["R2"]) and max(number["R1"], number["R2"]) <= min(
        number["C1"], number["C2"]
    )
    assert number["R1"] != number["R2"] and number["C1"] != number["C2"]


def test_a_full_mesh_keeps_half_of_every_router() -> None:
    names = [f"M{n:02d}" for n in range(12)]
    waves = by_router(mesh(combinations(names, 2))).waves
    assert 1 + 2 <= len(waves) <= 5
    assert all(len(wave.routers) <= 11 // 2 + 1 for wave in waves)


def test_what_can_only_be_switched_together_is_one_group_whatever_the_size() -> None:
    fleet = mesh([(f"S{n}", "HUB") for n in range(6)])
    everything = Announcement(text="cloud", directions=tuple(Direction.of(e) for e in fleet.exchanges))
    drafts = [step(router.name, everything) for router in fleet.routers]
    (wave,) = arrange(TunnelGraph(fleet), drafts, "tunnels", size=3).waves
    assert len(wave.groups) == 1 and wave.routers[-1] == "HUB" and len(wave.groups[0].tunnels) == 6


def test_routers_outside_the_plan_count_as_paths_all_the_same() -> None:
    fleet = mesh(dual_hubs(5))
    waves = by_router(fleet, only={"S0001", "HUB1", "HUB2"}).waves
    assert order(waves) == [["S0001"], ["HUB1"], ["HUB2"]]
    assert waves[1].partners == ("S0001", "S0002", "S0003", "S0004", "S0005")


def test_peers_that_nobody_knows_are_paths_too() -> None:
    """S1 has a second tunnel, to an address outside the fleet; its hub is known."""
    fleet = mesh([("S1", "HUB"), ("S1", "GONE"), ("S2", "HUB"), ("S3", "HUB"), ("S4", "HUB"), ("S5", "HUB")])
    known = Fleet(router for router in fleet.routers if router.name != "GONE")
    number = wave_of(by_router(known).waves)
    assert number["S1"] != number["HUB"]


def test_a_router_without_tunnels_is_planned_too() -> None:
    (wave,) = arrange(TunnelGraph(Fleet([])), [step("R1")]).waves
    assert wave.routers == ("R1",) and wave.reasons["R1"] == "place 1 of 1; no tunnel of it is known"


def test_nothing_makes_no_wave() -> None:
    assert arrange(TunnelGraph(Fleet([])), []) == Arrangement((), ())


def spoke_of(graph: TunnelGraph, name: str, hub: str) -> bool:
    """Whether ``name`` has ``hub`` and another one, and nobody behind it: not where ``hub`` could look for a way out."""
    return graph.rank(name) == 0 < graph.rank(hub) and len(graph.neighbours(name)) > 1


NAMES = st.sampled_from("ABCDEFGH")
EDGES = st.lists(st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=14)


@given(EDGES, st.integers(2, 6))
@settings(max_examples=150, deadline=None)
def test_laws_of_any_graph(edges: list[tuple[str, str]], size: int) -> None:
    """No small site has two paths at stake by what others do; far ends never follow; nothing is lost."""
    fleet = mesh(edges)
    graph = TunnelGraph(fleet)
    for arranged in (by_router(fleet, size), by_tunnel(fleet, size)):
        assert_whole(arranged, size)
        for wave in arranged.waves:
            ranks = [graph.rank(name) for name in wave.routers]
            assert ranks == sorted(ranks)
            for name in (router.name for router in fleet.routers):
                near = [n for n in graph.neighbours(name) if not spoke_of(graph, n, name)]
                others = set(near) & set(wave.routers)
                if not 2 <= len(graph.tunnels_of(name)) <= 4:
                    continue
                if name not in wave.routers:
                    alone = any(others <= set(group.routers) for group in wave.groups)
                    assert len(others) <= 1 or alone, "two parts of the wave are the other ends of its paths"
                touching = [group for group in wave.groups if graph.tunnels_of(name) & set(group.tunnels)]
                if len(near) == len(graph.neighbours(name)):
                    assert len(touching) <= 1, "two parts of the wave concern it"
    number = wave_of(by_router(fleet, size).waves)
    for one, other in edges:
        low, high = sorted((one, other), key=graph.rank)
        assert graph.rank(low) == graph.rank(high) or number[low] <= number[high]
