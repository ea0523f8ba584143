"""The two routers of the worked example, as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from ikeaudit.cli.main import main

CANARY = "Canary-PSK-92d1"

ROUTER = """\
version 15.3
hostname {name}
!
crypto keyring keyring1
  pre-shared-key address {peer} key {key}
crypto keyring keyring2
  pre-shared-key address {peer} key {key}
!
crypto isakmp policy 10
 encr 3des
 hash md5
 authentication pre-share
 group 2
!
crypto isakmp profile profile1
   keyring keyring1
   match identity address {first} 255.255.255.255
crypto isakmp profile profile2
   keyring keyring2
   match identity address {second} 255.255.255.255
!
crypto ipsec transform-set TS esp-aes esp-sha256-hmac
 mode tunnel
!
crypto ipsec profile profile1
 set transform-set TS
 set isakmp-profile {bound}
!
interface Tunnel1
 ip address 10.0.0.{n} 255.255.255.0
 tunnel source Ethernet0/0
 tunnel destination {peer}
 tunnel protection ipsec profile profile1
!
interface Ethernet0/0
 ip address 192.168.0.{n} 255.255.255.0
!
end
"""

R1 = ROUTER.format(
    name="R1", n=1, peer="192.168.0.2", first="192.168.0.102", second="192.168.0.2", bound="profile2", key=CANARY
)
R2 = ROUTER.format(
    name="R2", n=2, peer="192.168.0.1", first="192.168.0.1", second="192.168.0.100", bound="profile1", key=CANARY
)

JUNOS = """\
set version 20.4R3
set system host-name fw
set security ike proposal P1 authentication-method pre-shared-keys
set security ike gateway G1 address 192.0.2.1
set security ipsec vpn V1 ike gateway G1
"""


@pytest.fixture(autouse=True)
def workspace(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a workspace of its own, never that of whoever runs it."""
    folder = tmp_path_factory.mktemp("workspace") / "ws"
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(folder))
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    """A folder with R1 and R2 of the worked example."""
    folder = tmp_path / "seed"
    folder.mkdir()
    (folder / "r1.cfg").write_text(R1)
    (folder / "r2.cfg").write_text(R2)
    return folder


@pytest.fixture(scope="session")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An approved ``plan`` for them and the ``workspace`` it was made in, to be copied."""
    made = tmp_path_factory.mktemp("approved")
    (made / "seed").mkdir()
    for name, text in (("r1.cfg", R1), ("r2.cfg", R2)):
        (made / "seed" / name).write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IKEAUDIT_WORKSPACE", str(made / "workspace"))
        assert main(["plan", str(made / "seed"), "--strategy", "single-keyring", "--out", str(made / "plan")]) == 0
        assert main(["approve", str(made / "plan"), "--by", "me"]) == 0
    return made


@pytest.fixture
def canary() -> str:
    """The pre-shared key that R1 and R2 share, and that nobody may see."""
    return CANARY


@pytest.fixture
def r1() -> str:
    """R1's configuration."""
    return R1


@pytest.fixture
def junos() -> str:
    """A configuration of another vendor."""
    return JUNOS
