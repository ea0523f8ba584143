"""IKEv2: the initiator by name, the age that is printed, and sessions that are older than their SA."""

from __future__ import annotations

from pathlib import Path

import pytest
from witnessed import ADDRESS, CLOCK, pair

from ikeaudit.exchange.result import Observed
from ikeaudit.snapshot.workspace import Workspace
from ikeaudit.witness import Witness


def _config(name: str) -> str:
    other = "R2" if name == "R1" else "R1"
    return (
        f"! Last configuration change at 08:00:00 UTC Sun Nov 29 2026\nversion 16.9\nhostname {name}\n"
        "crypto ikev2 proposal PR\n encryption aes-cbc-256\n integrity sha256\n group 19\n"
        "crypto ikev2 policy PO\n proposal PR\n"
        f"crypto ikev2 keyring K\n peer X\n  address {ADDRESS[other]}\n  pre-shared-key Vq7mT2xWn9RzLd4sHb8Jc6Fk\n"
        f"crypto ikev2 profile P\n match identity remote address {ADDRESS[other]} 255.255.255.255\n"
        " authentication remote pre-share\n authentication local pre-share\n keyring local K\n"
        "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n"
        "crypto ipsec profile V\n set transform-set TS\n set ikev2-profile P\n"
        f"interface Tunnel1\n ip address 10.0.0.{name[1]} 255.255.255.0\n tunnel source GigabitEthernet0/0\n"
        f" tunnel mode ipsec ipv4\n tunnel destination {ADDRESS[other]}\n tunnel protection ipsec profile V\n"
        f"interface GigabitEthernet0/0\n ip address {ADDRESS[name]} 255.255.255.0\nend\n"
    )


def _state(
    *, active: int = 7200, uptime: str = "02:00:00", started: str = "Yes", suite: str = "Hash: SHA256, DH Grp:19"
) -> dict[str, str]:
    """R1's state."""
    return {
        "show clock": CLOCK,
        "show crypto isakmp sa": "",
        "show crypto session detail": (
            "Crypto session current status\n\nInterface: Tunnel1\nProfile: P\n"
            f"Uptime: {uptime}\nSession status: UP-ACTIVE\nPeer: 192.0.2.2 port 500 fvrf: (none) ivrf: (none)\n"
            "  IKEv2 SA: local 192.0.2.1/500 remote 192.0.2.2/500 Active\n"
            "          Capabilities:U connid:1 lifetime:22:00:00\n"
            "  IPSEC FLOW: permit ip 0.0.0.0/0.0.0.0 0.0.0.0/0.0.0.0\n        Active SAs: 2, origin: crypto map\n"
        ),
        "show crypto ikev2 sa detailed": (
            " IPv4 Crypto IKEv2  SA\n\nTunnel-id Local                 Remote                fvrf/ivrf            Status\n"
            "1         192.0.2.1/500         192.0.2.2/500         none/none            READY\n"
            f"      Encr: AES-CBC, keysize: 256, PRF: SHA256, {suite}, Auth sign: PSK, Auth verify: PSK\n"
            f"      Life/Active Time: 86400/{active} sec\n      Initiator of SA : {started}\n"
        ),
    }


def _seen(folder: Path, workspace: Workspace, shows: dict[str, str], initiator: str = "R1") -> Observed | None:
    fleet = pair(folder, workspace, shows, configs={name: _config(name) for name in ADDRESS})
    (exchange,) = [e for e in fleet.exchanges if e.initiator == initiator]
    assert (exchange.outcome, exchange.ike_version) == ("up", 2)
    return Witness(fleet).observed(exchange)


def test_the_initiator_says_so_itself(tmp_path: Path, workspace: Workspace) -> None:
    found = _seen(tmp_path / "yes", workspace, _state())
    assert found is not None
    assert (found.standing, found.age, found.profile) == ("observed", 7200, "P")
    assert _seen(tmp_path / "no", workspace, _state(started="No")) is None
    other = _seen(tmp_path / "other", workspace, _state(started="No"), "R2")
    assert other is not None and other.at == ("R1",)


def test_a_renewed_association_is_as_old_as_its_session(tmp_path: Path, workspace: Workspace) -> None:
    """Ten minutes old, in a session of five hours: the ends proved themselves five hours ago, before the change."""
    found = _seen(tmp_path, workspace, _state(active=600, uptime="05:00:00"))
    assert found is not None
    assert (found.standing, found.age, found.older_than) == ("before-change", 18000, ("R1", "R2"))


def test_what_an_uptime_leaves_out_counts(tmp_path: Path, workspace: Workspace) -> None:
    """``1d22h`` may be an hour more, less a second."""
    found = _seen(tmp_path, workspace, _state(active=600, uptime="1d22h"))
    assert found is not None and found.age == (46 + 1) * 3600


@pytest.mark.parametrize(
    ("suite", "differs"),
    [
        ("Hash: SHA256, DH Grp:19", ()),
        ("Hash: SHA512, DH Grp:19", ("it agreed on AES-CBC-256, SHA512, PSK, group 19, not on IKEv2 proposal PR of R2",)),
        ("Hash: SHA256, DH Grp:14", ("it agreed on AES-CBC-256, SHA256, PSK, group 14, not on IKEv2 proposal PR of R2",)),
    ],
)  # fmt: skip
def test_another_proposal_is_a_disagreement(
    suite: str, differs: tuple[str, ...], tmp_path: Path, workspace: Workspace
) -> None:
    found = _seen(tmp_path, workspace, _state(suite=suite))
    assert found is not None
    assert (found.differs, found.standing) == (differs, "contradicted" if differs else "observed")


def test_without_detail_nobody_is_the_initiator(tmp_path: Path, workspace: Workspace) -> None:
    shows = _state()
    shows["show crypto ikev2 sa detailed"] = shows["show crypto ikev2 sa detailed"].partition("      Initiator")[0]
    assert _seen(tmp_path, workspace, shows) is None
