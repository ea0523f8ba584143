"""Pairs of routers, and a hub with spokes, in the lab with a plan for them: for tests of waves and groups over SSH."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from ikeaudit.change import ChangeReport, Options, Pace, Setting, apply_change
from ikeaudit.lab import Lab, LabRouter
from ikeaudit.remediation.plan_folder import approve, load_plan, write_plan
from ikeaudit.remediation.planner import make_plan
from ikeaudit.remediation.strategies import Strategy
from ikeaudit.session import Credentials, Keychain, Limits, open_inventory
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.workspace import Workspace

PSK = "Canary-psk-7Kd1-long-enough"
OPTIONS = Options(minutes=10, pace=Pace(settle=1.0, look=0.1, routing=2.0), patience=6.0, pause=0.2, minute=2.0)

_HEAD = """version 15.7
hostname {name}
!
"""
_POLICY = """!
crypto isakmp policy 10
 encr aes 256
 hash sha256
 authentication pre-share
 group 14
"""
_REST = """!
crypto ipsec transform-set TS esp-aes esp-sha256-hmac
 mode tunnel
!
archive
 path flash:chg-
!
"""


def router(name: str, outer: str, tunnels: Mapping[str, tuple[str, str]]) -> str:
    """A router with two keyrings for every peer, whose second one its tunnel's profile lists.

    ``tunnels``: own inner address and the peer's outer one by tunnel name.
    """
    rings, profiles, ipsec, interfaces = "", "", "", ""
    for n, (tunnel, (inner, peer)) in enumerate(tunnels.items(), 1):
        rings += f"crypto keyring old{n}\n  pre-shared-key address {peer} key {PSK}\n"
        rings += f"crypto keyring new{n}\n  pre-shared-key address {peer} key {PSK}\n"
        profiles += f"crypto isakmp profile P{n}\n   keyring new{n}\n   match identity address {peer} 255.255.255.255\n"
        ipsec += f"crypto ipsec profile IP{n}\n set transform-set TS\n set isakmp-profile P{n}\n!\n"
        interfaces += (
            f"interface {tunnel}\n ip address {inner} 255.255.255.0\n tunnel source Ethernet0/0\n"
            f" tunnel mode ipsec ipv4\n tunnel destination {peer}\n tunnel protection ipsec profile IP{n}\n!\n"
        )
    outside = f"interface Ethernet0/0\n ip address {outer} 255.255.255.0\n!\n"
    text = _HEAD.format(name=name) + rings + _POLICY + profiles + _REST.replace("archive\n", ipsec + "archive\n", 1)
    return text + interfaces + outside + "end\n"


def pairs(count: int) -> dict[str, str]:
    """``A1`` and ``B1``, ``A2`` and ``B2`` ...: each with one tunnel to the other and none to anybody else."""
    texts = {}
    for n in range(1, count + 1):
        texts[f"A{n}"] = router(f"A{n}", f"192.168.{n}.1", {"Tunnel1": (f"10.0.{n}.1", f"192.168.{n}.2")})
        texts[f"B{n}"] = router(f"B{n}", f"192.168.{n}.2", {"Tunnel1": (f"10.0.{n}.2", f"192.168.{n}.1")})
    return texts


def hub_and_spokes(count: int) -> dict[str, str]:
    """``HUB`` with a tunnel to each of ``S1``, ``S2`` ..."""
    own = {f"Tunnel{n}": (f"10.0.{n}.1", f"192.168.{n}.2") for n in range(1, count + 1)}
    texts = {"HUB": router("HUB", "192.168.0.1", own)}
    for n in range(1, count + 1):
        texts[f"S{n}"] = router(f"S{n}", f"192.168.{n}.2", {"Tunnel1": (f"10.0.{n}.2", "192.168.0.1")})
    return texts


@dataclass
class Night:
    """A lab, an approved plan for its routers, and what was said while it was carried out."""

    lab: Lab
    setting: Setting
    texts: dict[str, str]
    said: list[str] = field(default_factory=list)

    def apply(self, options: Options = OPTIONS, **which: object) -> ChangeReport:
        """The plan's next wave, or the one named."""
        return apply_change(self.setting, options, self.said.append, **which)  # type: ignore[arg-type]

    def fault(self, name: str, *faults: object) -> None:
        """Let something go wrong on a router."""
        self.lab.do(lambda: self.lab.router(name).faults.add(*faults))

    def running(self, name: str) -> list[str]:
        """What a router runs, without separators."""
        text = self.lab.do(lambda: self.lab.router(name).running_text)
        return [line.rstrip() for line in text.splitlines() if line.strip() not in ("", "!")]

    def is_before(self, name: str) -> bool:
        """Whether a router runs the lines that it was booted with, in whichever order objects stand."""
        booted = [line.rstrip() for line in self.texts[name].splitlines() if line.strip() not in ("", "!")]
        return sorted(self.running(name)) == sorted(booted)

    def replan(self, change_id: str, strategy: Strategy, **how: int) -> None:
        """Go on with a new plan, made of what the routers run by now."""
        texts = {name: self.lab.do(lambda name=name: self.lab.router(name).running_text) for name in self.texts}  # type: ignore[misc]
        plan = _planned(self.setting.folder.parent, texts, self.setting.workspace, strategy, change_id, **how)
        self.setting = replace(self.setting, plan=load_plan(plan), folder=plan)

    def quiet(self) -> bool:
        """Whether no timer runs anywhere, and what every router runs is saved."""
        for name in self.texts:
            one = self.lab.router(name)
            if one.revert.pending is not None or one.reload_due_in() is not None or one.failures:
                return False
            if one.startup_text != one.running_text:
                return False
        return True


@contextmanager
def night(
    folder: Path,
    texts: dict[str, str],
    strategy: Strategy,
    *,
    minute_seconds: float = 2.0,
    change_id: str = "CHG-7",
    **how: int,
) -> Iterator[Night]:
    """Boot ``texts``, plan ``strategy`` for them in ``folder``, and approve the plan; ``how`` the plan is made."""
    routers = [LabRouter(name, text, username="lab", password="Canary-login-7Kd2") for name, text in texts.items()]
    with Lab(routers, minute_seconds=minute_seconds) as lab:
        workspace = Workspace.open(folder / "workspace")
        plan = _planned(folder, texts, workspace, strategy, change_id, **how)
        setting = Setting(
            load_plan(plan),
            plan,
            workspace,
            open_inventory(lab.write_inventory(folder / "inventory")),
            Keychain(Credentials("lab", "Canary-login-7Kd2")),
            Limits(connect=3.0, idle=4.0, total=20.0),
        )
        yield Night(lab, setting, texts)


def _planned(
    folder: Path, texts: Mapping[str, str], workspace: Workspace, strategy: Strategy, change_id: str, **how: int
) -> Path:
    """The folder of an approved plan for routers that run ``texts``: ``plan``, or ``plan-2`` and so on."""
    snapshot = folder / "snapshot"
    snapshot.mkdir(exist_ok=True)
    for name, text in texts.items():
        (snapshot / f"{name}.cfg").write_text(text)
    fleet = load_snapshot(snapshot, workspace).fleet()
    made = make_plan(fleet, strategy, change_id=change_id, created=datetime.now(UTC), **how)  # type: ignore[arg-type]
    plan = folder / "plan"
    while plan.exists():
        plan = plan.with_name(f"plan-{int(plan.name.removeprefix('plan').removeprefix('-') or 1) + 1}")
    write_plan(plan, made.plan, made.files)
    approve(plan, made.plan, by="the tests", at=datetime.now(UTC))
    for file in snapshot.iterdir():
        file.unlink()
    return plan
