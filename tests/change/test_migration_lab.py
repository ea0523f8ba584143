"""A hub and five spokes move to IKEv2 in three waves and two of clean-up, while other people go on working on the routers."""

from __future__ import annotations

import pytest
from change_lab import OPTIONS, hub_and_spokes, night

from ikeaudit.change import close_change, roll_back, verify_change
from ikeaudit.lab import Console
from ikeaudit.remediation.strategies.ikev2 import ikev2_strategy

pytestmark = pytest.mark.ssh

BETWEEN = {
    1: ["snmp-server location rack 1"],
    2: ["snmp-server location rack 2", "snmp-server contact the night shift"],
    3: ["ntp server 203.0.113.9", "no ip http server"],
    4: ["interface Ethernet0/0", "description moved to the new provider"],
    5: ["no ntp server 203.0.113.9", "access-list 77 permit 10.9.9.0 0.0.0.255"],
}
"""What is typed on every router before each wave; none of it has to do with a tunnel."""


def test_a_migration_is_carried_through_to_the_clean_up(tmp_path):
    with night(tmp_path, hub_and_spokes(5), ikev2_strategy(), wave_size=3) as n:
        waves = n.setting.plan.waves
        assert [wave.title for wave in waves] == ["canary", "far ends", "far ends", "clean-up", "clean-up"]
        for wave in waves:
            for name in n.texts:
                n.lab.do(lambda name=name, typed=BETWEEN[wave.number]: n.lab.router(name).operator(typed))
            report = n.apply(wave=wave.number)
            assert report.result == "committed", (wave.number, report, n.said[-20:])
            if wave.number == 2:  # one wave is taken back and carried out again, on what the routers run by then
                assert roll_back(n.setting, OPTIONS, n.said.append, wave=2).result == "rolled-back"
                assert n.apply(wave=2).result == "committed", n.said[-20:]
        states = {r.name: r.state for r in verify_change(n.setting, OPTIONS, n.said.append).routers}
        assert {states[name] for name in waves[-1].routers} == {"changed"}, "nobody typed anything there since"
        for name in n.texts:
            lines = n.running(name)
            assert not [
                x for x in lines if x.startswith(("crypto keyring", "crypto isakmp profile", "crypto isakmp policy"))
            ]
            assert {"snmp-server location rack 2", " description moved to the new provider"} <= set(lines)
            if name != "HUB":
                command = f"ping 10.0.{name[1]}.1 source Tunnel1"
                said = n.lab.do(lambda name=name, c=command: Console(n.lab.router(name), privilege=15).send(c))
                shown = n.lab.do(
                    lambda name=name: Console(n.lab.router(name), privilege=15).send("show crypto ikev2 sa")
                )
                assert "100 percent" in said and "READY" in shown
        assert close_change(n.setting, n.said.append).result == "closed"


def test_a_new_plan_halfway_carries_the_clean_up_of_the_first_through(tmp_path):
    """After the first wave somebody changes a tunnel of the second; a new plan goes on, and cleans up after both."""
    with night(tmp_path, hub_and_spokes(3), ikev2_strategy(), wave_size=2) as n:
        assert n.apply(wave=1).result == "committed", n.said[-20:]
        n.lab.do(lambda: n.lab.router("S2").operator(["interface Tunnel1", "ip mtu 1400"]))
        n.replan("CHG-8", ikev2_strategy(), wave_size=2)
        plan = n.setting.plan
        switched = {line for s in plan.steps_of("HUB") if s.phase == "switch" for line in s.commands}
        assert "interface Tunnel1" not in switched and {"interface Tunnel2", "interface Tunnel3"} <= switched
        assert plan.steps_of("S1") and {step.phase for step in plan.steps_of("S1")} == {"cleanup"}
        report = n.apply(go_on=True)
        assert report.result == "committed" and report.next is None, (report, n.said[-20:])
        old = ("crypto keyring", "crypto isakmp profile", "crypto isakmp policy", "crypto ipsec profile IP")
        for name in n.texts:
            assert not [line for line in n.running(name) if line.startswith((*old, "crypto ipsec transform-set TS"))]
        assert n.quiet()
        assert close_change(n.setting, n.said.append).result == "closed"
