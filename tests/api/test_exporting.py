"""A pair of routers as a case: the same verdicts, and nothing that says whose they are."""

from __future__ import annotations

import json
import re
import shutil
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikeaudit.api import export_case, load
from ikeaudit.model.errors import IkeauditError, InputError
from ikeaudit.parsing.redact.vocabulary import harmless
from ikeaudit.snapshot.pseudonyms import Pseudonyms
from ikeaudit.witness import Witness

CASES = Path(__file__).parents[1] / "cases"
FOLDERS = sorted(path.parent for path in CASES.rglob("expect.toml"))
ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")


@pytest.fixture(autouse=True)
def _workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "workspace"))


def _pairs(folder: Path) -> list[tuple[str, str]]:
    try:
        fleet = load(folder, create=False).fleet
    except IkeauditError:
        return []
    calls = (*fleet.exchanges, *fleet.client_exchanges)
    return sorted({tuple(sorted((e.initiator, e.responder))) for e in calls if e.responder not in (None, e.initiator)})[
        :2
    ]  # type: ignore[type-var,misc]


@pytest.mark.parametrize(
    "folder",
    [pytest.param(f, marks=[] if not n % 25 else [pytest.mark.full]) for n, f in enumerate(FOLDERS)],
    ids=lambda folder: str(folder.relative_to(CASES)),
)
def test_the_exported_case_has_the_same_verdicts(folder: Path, tmp_path: Path) -> None:
    """What is compared here is compared by hand, too: outcomes and reasons, direction by direction."""
    for number, (a, b) in enumerate(_pairs(folder)):
        out = tmp_path / f"case{number}"
        snapshot = load(folder, create=False)
        export_case(snapshot, a, b, out)
        letters = {a: "A", b: "B"}
        found = {(e.initiator, e.outcome, e.reason, e.confidence) for e in load(out, create=False).fleet.exchanges}
        alone = type(snapshot.fleet)([snapshot.fleet.router(a), snapshot.fleet.router(b)])
        assert found == {(letters[e.initiator], e.outcome, e.reason, e.confidence) for e in alone.exchanges}


def _text(folder: Path) -> str:
    return "\n".join(file.read_text("utf-8") for file in sorted(folder.rglob("*")) if file.is_file())


OWNED = """! Last configuration change at 08:00:00 UTC Sun Nov 29 2026 by jdoe
version 15.7
hostname {name}
ip domain name acme-widgets.example
username jdoe secret 0 Canary-login-77
crypto keyring K-ACME vrf INTERNET-ACME
  description line of ACME Widgets
  pre-shared-key address {peer} key Vq7mT2xWn9RzLd4sHb8Jc6Fk
crypto isakmp policy 10
 encr aes 256
 hash sha256
 authentication pre-share
 group 14
crypto isakmp profile P-ACME
   keyring K-ACME
   self-identity fqdn {name}.acme-widgets.example
   match identity host domain ACME-Widgets.example INTERNET-ACME
   initiate mode main
crypto ipsec transform-set TS-ACME esp-aes 256 esp-sha256-hmac
crypto ipsec profile V-ACME
 set transform-set TS-ACME
 set isakmp-profile P-ACME
interface Tunnel1
 description to {other}, ticket 4711
 ip address 10.99.0.{own} 255.255.255.252
 tunnel source GigabitEthernet0/0
 tunnel destination {peer}
 tunnel vrf INTERNET-ACME
 tunnel protection ipsec profile V-ACME
interface GigabitEthernet0/0
 vrf forwarding INTERNET-ACME
 ip address {local} 255.255.255.0
router bgp 64777
 neighbor 10.99.0.2 remote-as 64778
snmp-server contact Jane Doe, +1 555 0100
ip route 10.0.0.0 255.0.0.0 Tunnel1
end
"""


def test_nothing_says_whose_it_is(tmp_path: Path) -> None:
    for name, own in (("ber-acme-01", 1), ("muc-acme-02", 2)):
        other = "muc-acme-02" if own == 1 else "ber-acme-01"
        local, peer = ("203.0.113.7", "203.0.113.9")[:: 1 if own == 1 else -1]
        (tmp_path / "fleet").mkdir(exist_ok=True)
        text = OWNED.format(name=name, other=other, own=own, local=local, peer=peer)
        (tmp_path / "fleet" / f"{name}.cfg").write_text(text, encoding="utf-8")
    snapshot = load(tmp_path / "fleet")
    assert {e.outcome for e in snapshot.fleet.exchanges} == {"up"}
    export_case(snapshot, "ber-acme-01", "muc-acme-02", tmp_path / "case")
    text = _text(tmp_path / "case")
    for word in re.split(r"[\s{}.,]+", OWNED.partition("\n")[2]):
        if word.lower() not in ("n1", "a", "b") and not harmless(word) and not word.isdigit() and len(word) > 3:
            assert word.lower() not in text.lower(), word
    assert not re.search("acme|jdoe|widgets|64777|64778|203.0.113|10.99.0|INTERNET", text, re.IGNORECASE)
    assert {e.outcome for e in load(tmp_path / "case").fleet.exchanges} == {"up"}
    assert "hostname A" in text and "hostname B" in text
    first = text
    export_case(snapshot, "ber-acme-01", "muc-acme-02", tmp_path / "again")
    assert _text(tmp_path / "again") != first, "what stands in for what is drawn anew each time"


def test_the_state_goes_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.token_bytes", lambda size: b"s" * size)  # one lot in 256 keeps the third octet
    snapshot = load(CASES / "hazards" / "MODEL-DISAGREES" / "fires", create=False)
    done = export_case(snapshot, "R1", "R2", tmp_path / "case")
    assert done.directions == 2
    fleet = load(tmp_path / "case", create=False).fleet
    witness = Witness(fleet)
    found = {e.initiator: witness.observed(e) for e in fleet.exchanges}
    assert found["A"] is not None and found["A"].standing == "contradicted" and found["B"] is None
    assert not re.search(r"192\.0\.2\.|\bR[12]\b", _text(tmp_path / "case"))


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    """A snapshot with state, to be spoilt."""
    folder = tmp_path / "snapshot"
    shutil.copytree(CASES / "hazards" / "MODEL-DISAGREES" / "fires", folder)
    return folder


def _meta(host: Path, **commands: str) -> None:
    file = host / "meta.json"
    meta = json.loads(file.read_text())
    meta["commands"] |= {command.replace("_", " "): name for command, name in commands.items()}
    file.write_text(json.dumps(meta))


def test_of_show_output_only_what_the_commands_print_goes_along(collected: Path, tmp_path: Path) -> None:
    """A file that is not what its command prints, and lines that somebody wrote below it."""
    strange = "remember Zx81-widgets for acme\nQr55-gadgets\nAcme IOS gizmo Version 15.7 of acme\n"
    strange += "! Last configuration change at the acme site by jdoe\n"
    host = collected / "R1"
    (host / "show-clock.txt").write_text(strange)
    (host / "show-version.txt").write_text(f"Cisco IOS Software, gizmo (X), Version 15.3(3)M5, by acme\n{strange}")
    (host / "show-crypto-isakmp-policy.txt").write_text(strange)
    for file in host.glob("show-[0-9].txt"):
        file.write_text(file.read_text().rstrip("\n") + "\n" + strange)
    _meta(
        host,
        show_clock="show-clock.txt",
        show_version="show-version.txt",
        show_crypto_isakmp_policy="show-crypto-isakmp-policy.txt",
    )
    before = load(collected, create=False).fleet
    export_case(load(collected, create=False), "R1", "R2", tmp_path / "case")
    assert not re.search("zx81|widgets|acme|qr55|gadgets|gizmo|jdoe|remember", _text(tmp_path / "case"), re.IGNORECASE)
    after = load(tmp_path / "case", create=False).fleet
    assert after.router("A").shows.version == before.router("R1").shows.version == "15.3(3)M5"
    assert len(after.router("A").shows.isakmp_sas or ()) == len(before.router("R1").shows.isakmp_sas or ())


@pytest.mark.parametrize("name", ["../../outside.txt", "/etc/hostname", "show-../../outside.txt", "show-1.txt\0"])
def test_a_file_outside_of_the_snapshot_stays_there(collected: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "outside.txt").write_text("*10:41:31.911 UTC Sat Mar 1 2025\n")
    _meta(collected / "R1", show_clock=name)
    snapshot = load(collected, create=False)
    assert any("names a file that is not in its folder" in problem.reason for problem in snapshot.coverage.problems)
    with pytest.raises(InputError, match=r"R1/meta\.json is damaged: it names a file that is not in its folder"):
        export_case(snapshot, "R1", "R2", tmp_path / "case")
    assert not (tmp_path / "case").exists()


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("meta.json", b"{", r"R2/meta\.json is damaged, so no case was written"),
        ("show-clock.txt", bytes(range(256)) * 9, r"R2/show-clock\.txt is binary, not text, so no case"),
        ("show-clock.txt", None, r"R2/show-clock\.txt cannot be read \(no such file or directory\), so no case"),
    ],
)
def test_the_file_that_cannot_be_read_is_named(
    collected: Path, tmp_path: Path, file: str, content: bytes | None, words: str
) -> None:
    _meta(collected / "R2", show_clock="show-clock.txt")
    if content is not None:
        (collected / "R2" / file).write_bytes(content)
    with pytest.raises(InputError, match=words):
        export_case(load(collected, create=False), "R1", "R2", tmp_path / "case")
    assert not (tmp_path / "case").exists()


def test_bad_input(tmp_path: Path) -> None:
    snapshot = load(CASES / "hazards" / "MODEL-DISAGREES" / "fires", create=False)
    (tmp_path / "there").mkdir()
    for a, b, out, words in (
        ("R1", "R2", "there", "exists"),
        ("R1", "R9", "new", "no router"),
        ("R1", "R1", "new", "two routers"),
    ):
        with pytest.raises(InputError, match=words):
            export_case(snapshot, a, b, tmp_path / out)
    assert not (tmp_path / "new").exists()


@given(st.ip_addresses(v=4), st.ip_addresses(v=4), st.binary(min_size=16, max_size=16))
def test_prefixes_stay_prefixes(one, other, seed) -> None:
    names = Pseudonyms(seed, {})

    def common(a, b) -> int:
        return a.max_prefixlen - (int(a) ^ int(b)).bit_length()

    assert common(names.address(one), names.address(other)) == common(one, other)


@given(st.ip_addresses(v=6), st.binary(min_size=16, max_size=16))
def test_an_ipv6_address_stays_of_its_kind(address, seed) -> None:
    assert int(Pseudonyms(seed, {}).address(address)) >> 112 == int(address) >> 112


@pytest.mark.parametrize(
    "text",
    [
        *(
            "10.0.0.0",
            "10.255.255.255",
            "172.15.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "172.32.0.0",
            "192.167.255.255",
        ),
        *(
            "192.168.0.0",
            "192.169.0.0",
            "100.63.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "100.128.0.0",
            "169.254.1.1",
        ),
        *("9.255.255.255", "11.0.0.0", "8.8.8.8"),
    ],
)
def test_private_stays_private_and_public_public(text: str) -> None:
    address = ip_address(text)
    shared = ip_address("100.64.0.0"), ip_address("100.127.255.255")
    for seed in range(20):
        new = Pseudonyms(bytes([seed]) * 16, {}).address(address)
        assert new.is_private == address.is_private or "192.0" in text
        assert (shared[0] <= new <= shared[1]) == (shared[0] <= address <= shared[1])


@pytest.mark.parametrize("mask", ["255.255.255.0", "0.0.0.255", "0.0.0.0", "255.255.255.255", "224.0.0.5", "127.0.0.1"])
def test_masks_and_what_is_no_host_stay(mask: str) -> None:
    assert str(Pseudonyms(b"x" * 16, {}).address(ip_address(mask))) == mask


def test_networks_stay_networks() -> None:
    """The host bits of a network are zero before and after, whichever way its mask is written."""
    names = Pseudonyms(b"seed" * 4, {})
    lines = [
        "10.20.30.0 255.255.255.0",
        "10.20.30.0 0.0.0.255",
        "10.20.30.0/24",
        "static network 10.20.30.0 8.8.8.0 /24",
    ]
    networks = {ADDRESS.findall(names.line(line))[0] for line in lines}
    assert len(networks) == 1 and networks.pop().endswith(".0")
    host = ADDRESS.findall(names.line("10.20.30.7 255.255.255.0"))[0]
    assert host.rpartition(".")[0] == ADDRESS.findall(names.line(lines[0]))[0].rpartition(".")[0]
