"""The seed's own two routers, and the same two with crypto maps, moved to IKEv2 by the verbs, clean-up included."""

from __future__ import annotations

import json
import re

import pytest

from ikeaudit.cli.main import main
from ikeaudit.lab import Console, Lab, LabRouter
from ikeaudit.lab.scenarios import SEED

pytestmark = [pytest.mark.ssh, pytest.mark.timeout(300)]

BOTH = ("R1", "R2")
PEERS = {"R1": "192.168.0.2", "R2": "192.168.0.1"}
IKEV1 = ("crypto keyring", "crypto isakmp profile", "crypto isakmp policy", "crypto isakmp key", "set isakmp-profile")


def as_written(name):
    return (SEED / f"{name}.cfg").read_text(encoding="utf-8")


def with_crypto_map(name):
    """The seed's tunnel as a crypto map on Ethernet0/0: the same keyrings and profiles, traffic between the loopbacks."""
    text = as_written(name)
    (profile,) = re.findall(r"set isakmp-profile (\S+)", text)
    (transforms,) = re.findall(r"set transform-set (\S+)", text)
    text = re.sub(r"(?m)^crypto ipsec profile .*\n(?: .*\n)+", "", text)
    text = re.sub(r"(?m)^interface Tunnel.*\n(?: .*\n)+!\n", "", text)
    own, other = ("10.1.1.1", "10.2.2.2") if name == "R1" else ("10.2.2.2", "10.1.1.1")
    text = text.replace(
        "interface Ethernet0/0\n",
        f"crypto map CM 10 ipsec-isakmp\n set peer {PEERS[name]}\n set transform-set {transforms}\n"
        f" set isakmp-profile {profile}\n match address VPN\n!\n"
        f"interface Loopback1\n ip address {own} 255.255.255.255\n!\ninterface Ethernet0/0\n crypto map CM\n",
    )
    route = f"ip route {other} 255.255.255.255 {PEERS[name]}\n"
    route += f"ip access-list extended VPN\n permit ip host {own} host {other}\n!\n"
    text = text.replace("\nend", f"\n{route}end")
    assert "Tunnel" not in text and text.count("crypto map CM") == 2
    return text


FORMS = {"tunnel": as_written, "crypto map": with_crypto_map}


@pytest.fixture
def verb(tmp_path, monkeypatch):
    """Runs a verb in an empty folder and wants the exit code 0."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("IKEAUDIT_USERNAME", "lab")
    monkeypatch.setenv("IKEAUDIT_PASSWORD", "lab")

    def run(*arguments):
        assert main(arguments) == 0, arguments

    return run


@pytest.mark.parametrize("form", FORMS)
def test_the_move(form, verb, tmp_path):
    with Lab([LabRouter(name, FORMS[form](name)) for name in BOTH], minute_seconds=5.0) as lab:

        def type_(name, line):
            return lab.do(lambda: Console(lab.router(name), privilege=15).send(line))

        lab.write_inventory(tmp_path / "inventory")
        verb("collect", "--out", "before")
        verb("plan", "before", "--strategy", "ikev2", "--out", "plan", "--change-id", "MOVE")
        verb("approve", "plan", "--by", "the tests")
        waves = json.loads((tmp_path / "plan/plan.json").read_bytes())["waves"]
        assert len(waves) >= 2
        for wave in waves:
            verb("apply", "plan", "--commit", "--wave", str(wave["number"]))
        verb("verify", "plan", "--force")
        for name in BOTH:
            running = lab.router(name).running_text
            assert not [line for line in IKEV1 if line in running], running
            assert lab.router(name).startup_text == running
            assert re.search(r"^crypto ikev2 profile ", running, re.M)
        for name in BOTH:
            for router in BOTH:
                type_(router, "clear crypto session")
            said = type_(name, ping(form, name, lab))
            assert "100 percent" in said, (name, said)
            shown = type_(name, "show crypto ikev2 sa detailed")
            assert "READY" in shown and "Initiator of SA : Yes" in shown
            assert PEERS[name] not in type_(name, "show crypto isakmp sa")
        verb("confirm", "plan", "--close")
        assert not [file for name in BOTH for file in lab.router(name).flash.names if file.startswith("pre-")]


def ping(form, name, lab):
    """The traffic that starts the tunnel from ``name``."""
    if form == "crypto map":
        return {"R1": "ping 10.2.2.2 source Loopback1", "R2": "ping 10.1.1.1 source Loopback1"}[name]
    other = lab.router("R2" if name == "R1" else "R1").running_text
    pattern = r"(?m)^interface (Tunnel\d+)\n(?: .*\n)*? ip address (\S+) "
    (tunnel, _), (_, there) = (
        re.search(pattern, lab.router(name).running_text).groups(),
        re.search(pattern, other).groups(),
    )
    return f"ping {there} source {tunnel}"
