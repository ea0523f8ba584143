"""One mistake is one cause: nothing that only tells which directions fail stands beside what explains them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults import faults
from hypothesis import HealthCheck, given, seed, settings
from parsed import FINGERPRINTER
from plan_pairs import plan_pairs
from proved import fleet_of
from real_routers import corpus

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import AuditContext, audit, hazard
from ikeaudit.hazards.explaining import ends_of
from ikeaudit.hazards.finding import OUTCOMES, RANK, Finding
from ikeaudit.hazards.ranking import broken_by
from ikeaudit.parsing import parse_configs
from ikeaudit.snapshot.workspace import Workspace

TESTS = Path(__file__).resolve().parents[1]
CASES = TESTS / "cases"
FIELD = TESTS.parent.parent / "shared" / "field"
QUICK = ("fuzz", "findings")
FOLDERS = sorted(path.name for path in CASES.iterdir() if path.is_dir())

TWO_MISTAKES: dict[tuple[str, str], str] = {
    ("CM-ACL-ORDER", "KR-NOKEY"): "an entry that gets no traffic, and no key for its peer if it did",
    (
        "KR-FVRF-MISS",
        "KR-PROFILE-LACKS-PEER",
    ): "the own key of a peer in another VRF, and a general one that the profile lacks",
    ("KR-GLOBAL-IN-VRF", "KR-PROFILE-LACKS-PEER"): "the own key of a peer is a global one, and a general one as above",
    ("KR-DUP-ADDR", "PF-OVERLAP-ID"): "two keyrings for one address, and two profiles for it",
    ("KR-LPM-STEAL", "PF-UNBOUND"): "a longer mask elsewhere, which matters because nothing is bound",
    ("PF-OVERLAP-ID", "PF-UNBOUND"): "two profiles for one address, which matters because nothing is bound",
    ("PW-AUTH", "PW-PSK-DIFF"): "another key for one direction, another method for the other",
}
"""What is wrong twice at one end, so that it is told twice: mending the one leaves the other."""


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tmp_path_factory.mktemp("workspace"))


def causes_of(fleet: Fleet) -> list[Finding]:
    return [f for f in audit(fleet) if f.category in ("connectivity", "selection")]


def beside(fleet: Fleet) -> Iterator[str]:
    """What only tells which directions fail, with the cause at the same ends inside which it should be."""
    context, causes = AuditContext(fleet), causes_of(fleet)
    for told in causes:
        if told.code in OUTCOMES:
            places = {end for member in told.members for end in ends_of(member, context)}
            reasons = {member.reason for member in told.members}
            for other in causes if len(reasons) == 1 else ():  # what fails for two reasons may be two mistakes
                led = told.code in hazard(other.code).explains or (
                    told.code != "PW-NOSTART" and other.code not in OUTCOMES and reasons <= {*hazard(other.code).breaks}
                )
                if led and not places.isdisjoint(end for m in other.members for end in ends_of(m, context)):
                    yield f"{told.code} beside {other.code}: {told.message}"


def doubled(fleet: Fleet) -> Iterator[tuple[str, str]]:
    """Codes of two causes of one router that break the very same directions."""
    context, causes = AuditContext(fleet), causes_of(fleet)
    broken: list[tuple[Finding, frozenset[Exchange]]] = [
        (f, frozenset(broken_by(f, hazard(f.code), context))) for f in causes
    ]
    for n, (one, own) in enumerate(broken):
        for other, theirs in broken[n + 1 :]:
            if own and own == theirs and one.code != other.code and not set(one.hosts).isdisjoint(other.hosts):
                first, second = sorted((one.code, other.code))
                yield first, second


def parsed_fleet(texts: tuple[str, ...]) -> Fleet:
    found = [p.router for t in texts for p in parse_configs(t, file="x.cfg", fingerprinter=FINGERPRINTER)]
    return Fleet(router for router in found if router is not None)


def test_a_profile_bound_to_another_one_is_one_cause(workspace: Workspace) -> None:
    """B's tunnel is bound to OTHER, which does not match A; F does (IKEV2-PROFILE): both directions fail by that alone."""
    causes = causes_of(fleet_of(CASES / "fuzz" / "ikev2-other-profile-bound", workspace))
    assert [(f.code, f.effect, f.tunnels) for f in causes] == [("V2-IDLOCAL", "down", 1)]
    assert {one.code for one in causes[0].follows} == {"PW-BOTHFAIL", "PW-V2-HALFOPEN", "V2-UNBOUND"}
    assert causes[0].fix == "If F is meant, which matches it, bind Tunnel1 of B to IKEv2 profile F."


@pytest.mark.parametrize(
    ("folder", "code", "inside"),
    [
        # FILTER-IN: IKE never arrives, so that nothing of the configuration is incomplete.
        ("hazards/PW-FILTERED/fires-ike", "PW-FILTERED", {"PW-BOTHFAIL"}),
        ("field/v2-no-nat-traversal", "PW-NATT-OFF", {"PW-BOTHFAIL"}),  # NAT-TRAVERSAL
        # END-MAP-ADDRESS: the peer names another address than the map's; that neither finds the other follows.
        ("hazards/CM-LOCALADDR/fires", "CM-LOCALADDR", {"PW-BOTHFAIL", "PW-NOKEY-R", "PW-PEERADDR"}),
        ("fuzz/certificates-with-a-trust-point-at-one-end", "PH1-MIXEDAUTH", {"PW-BOTHFAIL"}),  # POLICY-AGREE
        # ROUTE-WAY: no interface is shut down; the tunnel goes down because its route leads into itself.
        ("hazards/PW-ROUTE/fires", "PW-ROUTE", set()),
        # KEY-DEFAULT-FIRST: the global key and the keyring's are one address in two places, told once.
        ("hazards/KR-DUP-ADDR/fires-global", "KR-DEFAULT-SHADOW", {"KR-DUP-ADDR", "FL-KEYRING-SPRAWL"}),
        # IKEV2-HALF-OPEN is about identities: keys and methods that differ have hazards of their own.
        ("fuzz/ikev2-one-half-differs", "PW-V2-ASYM", {"PW-BOTHFAIL"}),
        ("fuzz/ikev2-answer-by-a-method-not-accepted", "PW-AUTH", {"PW-BOTHFAIL"}),
        ("fuzz/ikev2-initiator-with-half-a-key", "V2-HALF-PSK", {"PW-BOTHFAIL", "PW-NOKEY-R"}),
    ],
)
def test_one_cause_with_what_follows(folder: str, code: str, inside: set[str], workspace: Workspace) -> None:
    causes = [f for f in causes_of(fleet_of(CASES / folder, workspace)) if RANK[f.severity] > RANK["low"]]
    assert [f.code for f in causes] == [code]
    assert {one.code for one in causes[0].follows} == inside


@pytest.mark.parametrize("folder", ["fuzz/encrypted-key-in-a-weaker-reading", "fuzz/tie-with-encrypted-key"])
def test_keys_that_nobody_can_compare_are_not_said_to_differ(folder: str, workspace: Workspace) -> None:
    """KEY-TYPE6: that two type 6 keys may differ is no finding (U-17)."""
    told = audit(fleet_of(CASES / folder, workspace))
    assert "PW-PSK-DIFF" not in {one.code for f in told for one in (f, *f.follows)}


@pytest.mark.parametrize(
    "group", [pytest.param(g, marks=() if g in QUICK else pytest.mark.full) for g in FOLDERS if g != "hazards"]
)
def test_over_the_cases(group: str, workspace: Workspace) -> None:
    for path in sorted((CASES / group).rglob("expect.toml")):
        fleet = fleet_of(path.parent, workspace)
        assert not list(beside(fleet)), path.parent
        assert set(doubled(fleet)) <= TWO_MISTAKES.keys(), path.parent


@pytest.mark.full
@pytest.mark.parametrize("root", [CASES / "hazards", FIELD], ids=["hazards", "field"])
def test_over_hazards_and_the_field(root: Path, workspace: Workspace) -> None:
    if not root.is_dir():
        pytest.skip("no field cases beside the project")
    for folder in sorted({path.parent for path in root.rglob("*.cfg")}):
        fleet = fleet_of(folder, workspace)
        assert not list(beside(fleet)), folder
        assert set(doubled(fleet)) <= TWO_MISTAKES.keys(), folder


@pytest.mark.full
@pytest.mark.corpus
def test_over_the_corpus() -> None:
    assert not list(beside(Fleet(corpus().values())))


@pytest.mark.parametrize(
    ("shard", "examples"), [(0, 10), *(pytest.param(n, 60, marks=pytest.mark.full) for n in (1, 2))]
)
def test_over_generated_pairs_with_a_fault(shard: int, examples: int) -> None:
    explained: Counter[str] = Counter()

    @seed(shard)
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(faults(plan_pairs()))
    def some(pair: tuple[str, ...]) -> None:
        fleet = parsed_fleet(pair)
        assert not list(beside(fleet))
        explained.update(one.code for cause in causes_of(fleet) for one in cause.follows)

    some()
    assert explained["PW-BOTHFAIL"] and explained["PW-ONEWAY"], "nothing was explained: nothing was shown"
