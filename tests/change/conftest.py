"""A change window on the seed's two routers, in the lab: plan made from their configurations, applied over SSH."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from verbs import Verbs

from ikeaudit.change import ChangeReport, Options, Pace, Setting, apply_change
from ikeaudit.lab import Lab, LabRouter
from ikeaudit.remediation.plan_folder import approve, load_plan, write_plan
from ikeaudit.remediation.planner import make_plan
from ikeaudit.remediation.strategies import STRATEGIES, Strategy
from ikeaudit.session import Credentials, Keychain, Limits, open_inventory
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.workspace import Workspace

PSK = "Canary-psk-4Wd1-long-enough"
ARCHIVE = "archive\n path flash:chg-\n!\n"

CONFIG = """version 15.7
hostname {name}
!
enable secret Canary-enable-4Wd2
username admin privilege 15 password 0 Canary-user-4Wd3
snmp-server community Canary-snmp-4Wd4 RO
tacacs-server host 192.0.2.9 key Canary-tacacs-4Wd5
!
crypto keyring keyring1
  pre-shared-key address {peer} key {psk}
crypto keyring keyring2
  pre-shared-key address {peer} key {psk}
!
crypto isakmp policy 10
 encr aes 256
 hash sha256
 authentication pre-share
 group 14
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
{archive}interface Tunnel1
 ip address {inner} 255.255.255.0
 tunnel source Ethernet0/0
 tunnel destination {peer}
 tunnel protection ipsec profile profile1
!
interface Ethernet0/0
 ip address {outer} 255.255.255.0
!
{routing}end
"""
"""DOMAIN 12 A1 and the seed: R1 binds its second keyring, R2 its first; both keyrings hold the same key."""


def config_text(name: str, *, archive: str = ARCHIVE, routing: str = "") -> str:
    """The seed's R1 or R2."""
    one = name == "R1"
    peer = "192.168.0.2" if one else "192.168.0.1"
    nobody = "192.168.0.102" if one else "192.168.0.101"
    return CONFIG.format(
        name=name,
        psk=PSK,
        peer=peer,
        first=nobody if one else peer,
        second=peer if one else nobody,
        bound="profile2" if one else "profile1",
        inner="10.0.0.1" if one else "10.0.0.2",
        outer="192.168.0.1" if one else "192.168.0.2",
        archive=archive,
        routing=routing,
    )


OPTIONS = Options(minutes=10, pace=Pace(settle=1.0, look=0.1, routing=2.0), patience=6.0, pause=0.2, minute=2.0)


@dataclass
class Window:
    """A lab, a plan for it, and what was said while it was carried out."""

    lab: Lab
    setting: Setting
    said: list[str] = field(default_factory=list)
    archive: str = ARCHIVE
    routing: str = ""

    @property
    def options(self) -> Options:
        return OPTIONS

    def apply(self, options: Options = OPTIONS) -> ChangeReport:
        return apply_change(self.setting, options, self.said.append)

    def router(self, name: str) -> LabRouter:
        return self.lab.router(name)

    def running(self, name: str) -> str:
        return self.lab.do(lambda: self.lab.router(name).running_text)

    def config(self, name: str) -> str:
        """The configuration that a router was booted with."""
        return config_text(name, archive=self.archive, routing=self.routing)

    def is_before(self, name: str) -> bool:
        return squeezed(self.running(name)) == squeezed(self.config(name))

    def is_after(self, name: str) -> bool:
        return "keyring2" not in self.running(name)

    def fault(self, name: str, *faults: object) -> None:
        self.lab.do(lambda: self.lab.router(name).faults.add(*faults))


def squeezed(text: str) -> list[str]:
    """The lines of a configuration without separators."""
    return [line.rstrip() for line in text.splitlines() if line.strip() not in ("", "!")]


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Callable[[object, str], None]:
    """Keeps how a case of the fault matrix ended, when a run of all of it is recorded (``--record``)."""
    path = request.config.getoption("--record")

    def keep(case: object, result: str) -> None:
        if path is not None:
            with path.open("a", encoding="utf-8") as stream:
                stream.write(f"{case}: {result}\n")

    return keep


@pytest.fixture
def seed_config() -> Callable[[str], str]:
    """The text of R1 or R2."""
    return config_text


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Callable[..., Window]]:
    """Boots R1 and R2 and plans single keyrings for them; ``archive=""`` leaves them without a revert timer,
    unless ``arm`` lets the plan give them an archive path."""
    with ExitStack() as stack:

        def open_window(
            *,
            archive: str = ARCHIVE,
            minute_seconds: float = 2.0,
            hosts: tuple[str, ...] | None = None,
            routing: str = "",
            strategy: Strategy | None = None,
            arm: bool = False,
        ) -> Window:
            texts = {name: config_text(name, archive=archive, routing=routing) for name in ("R1", "R2")}
            routers = [
                LabRouter(name, text, username="lab", password="Canary-login-4Wd6") for name, text in texts.items()
            ]
            lab = stack.enter_context(Lab(routers, minute_seconds=minute_seconds))
            snapshot = tmp_path / "snapshot"
            snapshot.mkdir()
            for name, text in texts.items():
                (snapshot / f"{name}.cfg").write_text(text)
            workspace = Workspace.open(tmp_path / "workspace")
            fleet = load_snapshot(snapshot, workspace).fleet()
            (single,) = [s for s in STRATEGIES if s.name == "single-keyring"]
            made = make_plan(
                fleet, strategy or single, change_id="CHG-1", created=datetime.now(UTC), hosts=hosts, archive=arm
            )
            write_plan(tmp_path / "plan", made.plan, made.files)
            for file in snapshot.iterdir():
                file.unlink()
            setting = Setting(
                load_plan(tmp_path / "plan"),
                tmp_path / "plan",
                workspace,
                open_inventory(lab.write_inventory(tmp_path / "inventory")),
                Keychain(Credentials("lab", "Canary-login-4Wd6", "Canary-enable-4Wd2")),
                Limits(connect=3.0, idle=4.0, total=20.0),
            )
            return Window(lab, setting, archive=archive, routing=routing)

        yield open_window


@pytest.fixture
def verbs(tmp_path: Path, window: Callable[..., Window]) -> Verbs:
    """Verbs as a user types them, beside an approved plan and the lab that it is for."""
    verbs = Verbs(tmp_path, window())
    approve(tmp_path / "plan", verbs.window.setting.plan, by="the tests", at=datetime.now(UTC))
    return verbs
