"""The two YAML files of ``ikev2``: crypto suites and second DMVPN clouds, with a sentence for every mistake."""

from __future__ import annotations

from ipaddress import IPv4Network
from pathlib import Path

import pytest
from ikev2_laws import after_fleet, check, moved
from plans import fleet_in, fleet_of

from ikeaudit.model.errors import InputError
from ikeaudit.remediation.strategies.ikev2 import Cloud, Options, find_suite, load_clouds, load_suites
from ikeaudit.remediation.strategies.ikev2.strategy import IKEV2

CLOUD = Cloud("Tunnel10", "Tunnel20", "Loopback20", IPv4Network("10.20.0.0/24"))
FOLDER = Path(__file__).parent / "ikev2" / "b3-second-cloud"

GOOD = """\
ours:
  title: our own
  ike:
    encryption: [aes-cbc-256]
    integrity: [sha384]
    group: [20]
  esp:
    transforms: [esp-aes 256, esp-sha256-hmac]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_packaged_suites() -> None:
    suites = load_suites()
    assert list(suites) == ["ngfw-compat", "cnsa", "cnsa-gcm", "classic"]
    assert find_suite() == suites["ngfw-compat"]
    assert (suites["cnsa"].encryption, suites["cnsa"].integrity, suites["cnsa"].groups) == (
        ("aes-cbc-256",),
        ("sha384",),
        ("20", "16"),
    )
    assert not [name for name, suite in suites.items() if suite.combined and name != "cnsa-gcm"], "GCM is opt-in"


def test_the_only_suite_of_a_file_needs_no_name(tmp_path: Path) -> None:
    suite = find_suite(None, written(tmp_path, GOOD))
    assert (suite.name, suite.pfs, suite.groups) == ("ours", None, ("20",))


def test_a_suite_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no suite 'nsa'; choose one of: ngfw-compat, cnsa,"):
        find_suite("nsa")
    with pytest.raises(InputError, match=r"There is no suite 'cnsa' in .*file\.yaml; choose one of: ours\."):
        find_suite("cnsa", written(tmp_path, GOOD))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("aes-cbc-256", "aes-256", r"suite ours, encryption: IOS has no 'aes-256' there; choose from .*aes-cbc-256"),
        ("[sha384]", "[sha3]", r"integrity: IOS has no 'sha3' there"),
        ("[20]", "[18]", r"group: IOS has no '18' there"),
        ("esp-aes 256", "aes 256", r"transforms: IOS has no 'aes 256' there\."),
        ("aes-cbc-256", "aes-gcm-256", r"aes-gcm needs a prf and takes no integrity"),
        ("    integrity: [sha384]\n", "", r"an encryption other than aes-gcm needs an integrity"),
        ("aes-cbc-256]", "aes-cbc-256, aes-gcm-256]", r"aes-gcm and other ciphers do not go into one proposal"),
        (
            "    group: [20]\n",
            "",
            r"suite ours, ike: needs the fields encryption, group; integrity, prf may be left out",
        ),
        ("  esp:", "  ipsec:", r"suite ours: needs the fields esp, ike; title may be left out"),
        ("hmac]", "hmac]\n    pfs: group18", r"IOS has no 'set pfs group18'"),
        ("ours:", "our own:", r"a name has letters, digits"),
        (GOOD, "- a\n- b\n", r"must hold suites by name"),
        (GOOD, "a: [b\n", r"is not YAML"),
    ],
)
def test_a_bad_suite_is_named(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError, match=sentence):
        load_suites(written(tmp_path, GOOD.replace(old, new)))


def test_a_suite_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.yaml: cannot be read \(No such file"):
        find_suite("ours", tmp_path / "none.yaml")


CLOUDS = "- tunnel: Tunnel10\n  new-tunnel: Tunnel20\n  source: Loopback20\n  network: 10.20.0.0/24\n"


def test_clouds(tmp_path: Path) -> None:
    assert load_clouds(written(tmp_path, CLOUDS)) == (CLOUD,)
    assert CLOUDS.splitlines()[1].strip() in IKEV2.documentation


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("  source: Loopback20\n", "", r"cloud 1 must have the fields network, new-tunnel, source, tunnel"),
        ("new-tunnel: Tunnel20", "new-tunnel: Tu20", r"cloud 1: new-tunnel is the full name of an interface"),
        ("10.20.0.0/24", "10.20.0.1/24", r"cloud 1: network is an IPv4 network such as 10\.20\.0\.0/24"),
        (CLOUDS, "tunnel: Tunnel10\n", r"must be a list of clouds"),
        (CLOUDS, "- a: [\n", r"is not YAML"),
    ],
)
def test_a_bad_cloud_is_named(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in CLOUDS
    with pytest.raises(InputError, match=sentence):
        load_clouds(written(tmp_path, CLOUDS.replace(old, new)))


def texts() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.cfg"))]


def test_the_old_cloud_is_not_touched() -> None:
    """DOMAIN 12 B3: soft; both clouds are up beside each other, and the rollback takes the new one away."""
    fleet = fleet_in(FOLDER)
    change = check(fleet, Options(clouds=(CLOUD,)))
    assert {step.phase for step in change.plan.steps} == {"additive"}
    assert not [a for step in change.plan.steps for a in step.announce if a.seconds or a.directions]
    after = {(e.initiator, e.initiator_interface): e for e in after_fleet(fleet, change).exchanges}
    for spoke in ("SPOKE1", "SPOKE2"):
        old, new = after[spoke, "Tunnel10"], after[spoke, "Tunnel20"]
        assert (old.ike_version, old.outcome, new.ike_version, new.outcome) == (1, "up", 2, "up")


def test_without_an_address_of_its_own_a_second_cloud_is_refused() -> None:
    hub, one, two = texts()
    lacking = two.replace("interface Loopback20", "interface Loopback21")
    change = moved(fleet_of(hub, one, lacking), Options(clouds=(CLOUD,)))
    (refusal,) = change.plan.refusals
    assert not change.plan.steps
    assert (refusal.router, refusal.subject) == ("SPOKE2", "Tunnel10")
    assert refusal.reason == (
        "SPOKE2 has no Loopback20: a second cloud needs an address of its own on every router, on Loopback20 (PLAN-IKEV2); "
        "without one, move the cloud in place."
    )
    assert refusal.evidence
    assert moved(fleet_of(hub, one, lacking)).plan.steps, "in place it can move"


def test_a_source_in_another_vrf_is_refused() -> None:
    hub, one, two = texts()
    other = two.replace("interface Loopback20\n vrf forwarding INET\n", "interface Loopback20\n")
    (refusal,) = moved(fleet_of(hub, one, other), Options(clouds=(CLOUD,))).plan.refusals
    assert refusal.reason.startswith("Loopback20 of SPOKE2 is not in VRF INET")


def test_an_interface_in_the_way_is_refused() -> None:
    hub, one, two = texts()
    taken = two.replace(
        "interface Tunnel10\n", "interface Tunnel20\n ip address 10.99.0.1 255.255.255.0\n!\ninterface Tunnel10\n"
    )
    (refusal,) = moved(fleet_of(hub, one, taken), Options(clouds=(CLOUD,))).plan.refusals
    assert refusal.reason == "SPOKE2 has an interface Tunnel20 already, but not all routers of the cloud have."


def test_a_network_of_another_mask_is_refused() -> None:
    cloud = Cloud("Tunnel10", "Tunnel20", "Loopback20", IPv4Network("10.20.0.0/25"))
    refusals = moved(fleet_in(FOLDER), Options(clouds=(cloud,))).plan.refusals
    assert {r.reason for r in refusals} == {
        "The mask of Tunnel10 is not that of 10.20.0.0/25, so its address cannot be carried over."
    }


def test_nhrp_authentication_is_said_to_be_missing() -> None:
    marked = [
        t.replace(" ip nhrp network-id 10\n", " ip nhrp authentication sesame\n ip nhrp network-id 10\n")
        for t in texts()
    ]
    change = check(fleet_of(*marked), Options(clouds=(CLOUD,)))
    said = [a.text for step in change.plan.steps for a in step.announce]
    assert len([text for text in said if "The NHRP authentication of the old tunnel is a secret" in text]) == 3
