"""Fleets in good order give no alarm; with one fault they give the right one, and only what follows from it.

The fleets are those of ``tests/cases/healthy``. Every fault changes one line, or adds one; the codes that it must lead to were
worked out from DOMAIN 11, the first is the one cause that is told, and no other may come with it above ``medium``.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from told import told

from ikeaudit.hazards import RANK, Finding, audit
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.workspace import Workspace

HEALTHY = Path(__file__).parents[1] / "cases" / "healthy"

JUSTIFIED = {
    "soft-migration": {"FL-MIXED-VERSION"},
}
"""What may be said of a fleet beside that its keys are in clear: a migration that goes on."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tmp_path_factory.mktemp("workspace"))


def findings(folder: Path, workspace: Workspace) -> tuple[Finding, ...]:
    snapshot = load_snapshot(folder, workspace)
    assert not [file.unknown for file in snapshot.files if file.unknown]
    return audit(snapshot.fleet())


@pytest.mark.parametrize("name", sorted(path.name for path in HEALTHY.iterdir()))
def test_a_healthy_fleet_gives_no_alarm(name: str, workspace: Workspace) -> None:
    found = findings(HEALTHY / name, workspace)
    assert not [one for one in found if RANK[one.severity] >= RANK["high"]]
    assert {one.code for one in found} - {"KR-PLAINTEXT"} == JUSTIFIED.get(name, set())


NEW = "kR7vTq2mZx9WnB4dLs8HjC6fPy3GtX5a"

FAULTS: dict[str, tuple[str, str, str, str, Sequence[str]]] = {
    "a keyring that nobody asked for comes first": (
        "hub-and-spokes",
        "hub",
        "crypto keyring KR\n",
        "crypto keyring OLD\n  pre-shared-key address 198.51.100.11 key {KEY}\ncrypto keyring KR\n",
        ("KR-DUP-ADDR", "KR-ORPHAN", "PW-ONEWAY"),
    ),
    "a global key for everybody": (
        "hub-and-spokes",
        "hub",
        "crypto keyring KR\n",
        f"crypto isakmp key {NEW} address 0.0.0.0\ncrypto keyring KR\n",
        ("KR-DEFAULT-SHADOW", "KR-WILDCARD", "PW-PSK-DIFF", "PW-ONEWAY", "FL-PSK-REUSE"),
    ),
    "a wide profile before the others": (
        "hub-and-spokes",
        "hub",
        "crypto isakmp profile P0\n",
        "crypto isakmp profile WIDE\n   keyring KR\n   match identity address 198.51.100.0 255.255.255.0\n"
        "crypto isakmp profile P0\n",
        ("PF-OVERLAP-ID", "PW-ONEWAY"),
    ),
    "PFS forgotten at one end": (
        "hub-and-spokes",
        "sp2",
        " set pfs group20\n",
        "",
        ("PW-PFS", "PW-ONEWAY"),
    ),
    "another group in phase 1": (
        "hub-and-spokes",
        "sp1",
        " group 20\n",
        " group 14\n",
        ("PW-PH1-NONE", "PW-BOTHFAIL"),
    ),
    "a host name for an identity": (
        "hub-and-spokes",
        "sp3",
        "crypto isakmp keepalive",
        "crypto isakmp identity hostname\ncrypto isakmp keepalive",
        ("PF-SELFID", "PF-BOUND-NOMATCH", "PW-ID", "PW-ONEWAY"),
    ),
    "a match line without its VRF": (
        "front-door-vrf",
        "v1",
        "255.255.255.255 INET\n",
        "255.255.255.255\n",
        ("PF-FVRF-MATCH", "PW-ONEWAY"),
    ),
    "a keyring without its VRF": (
        "front-door-vrf",
        "v1",
        "crypto keyring KR vrf INET\n",
        "crypto keyring KR\n",
        ("KR-FVRF-MISS", "KR-NOKEY", "PW-NOKEY-R", "PW-BOTHFAIL"),
    ),
    "the second peer of an entry is not matched": (
        "crypto-map-two-hubs",
        "site",
        "   match identity address 203.0.113.2 255.255.255.255\n",
        "",
        ("PF-BOUND-NOMATCH", "CM-MULTIPEER-SPLIT", "PW-ID", "PW-ONEWAY"),
    ),
    "the hub's keyring is for another address": (
        "dynamic-crypto-map",
        "dyn",
        "crypto keyring KR\n",
        "interface Loopback5\n ip address 10.99.99.99 255.255.255.255\ncrypto keyring KR\n  local-address Loopback5\n",
        ("KR-LOCALADDR-MISS", "PW-NOKEY-R", "PW-BOTHFAIL"),
    ),
    "the hub's uplink went into a VRF": (
        "dynamic-crypto-map",
        "dyn",
        "interface GigabitEthernet0/0/0\n",
        "vrf definition INET\ninterface GigabitEthernet0/0/0\n vrf forwarding INET\n",
        ("KR-FVRF-MISS", "PF-FVRF-MATCH", "PW-NOKEY-R", "PW-BOTHFAIL"),
    ),
    "a name is misspelt": (
        "flexvpn",
        "s1",
        "identity local fqdn s1.example.net",
        "identity local fqdn s1.exmaple.net",
        ("V2-IDLOCAL", "PW-V2-NOPROFILE", "PW-BOTHFAIL"),
    ),
    "migrated at one end only": (
        "soft-migration",
        "m2",
        " set ikev2-profile F\n",
        "",
        ("V2-UNBOUND", "PW-IKEVER", "PW-BOTHFAIL", "KR-NOKEY"),
    ),
    "a local-address on the wrong uplink": (
        "two-uplinks",
        "u1",
        "crypto keyring K0\n  local-address 203.0.113.1\n",
        "crypto keyring K0\n  local-address 192.0.2.1\n",
        ("KR-LOCALADDR-MISS", "KR-NOKEY", "PW-NOKEY-R", "PW-BOTHFAIL"),
    ),
    "an IKEv2 profile without its VRF": (
        "ikev2-ipv6-asymmetric",
        "x1",
        " match fvrf INET\n",
        "",
        ("V2-FVRF", "PW-V2-NOPROFILE", "PW-ONEWAY", "PW-V2-HALFOPEN"),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_gives_its_own_alarm_and_what_follows(fault: str, workspace: Workspace, tmp_path: Path) -> None:
    name, host, before, after, codes = FAULTS[fault]
    folder = tmp_path / name
    shutil.copytree(HEALTHY / name, folder)
    file = folder / f"{host}.cfg"
    text = file.read_text(encoding="utf-8")
    assert before in text
    key = text.partition("198.51.100.11 key ")[2].partition("\n")[0]
    file.write_text(text.replace(before, after.replace("{KEY}", key), 1), encoding="utf-8")
    found = findings(folder, workspace)
    assert {one.code for one in told(found) if RANK[one.severity] >= RANK["high"]} == set(codes)
    causes = [one.code for one in found if one.category in ("connectivity", "selection")]
    assert causes == [codes[0]]
