"""A DMVPN cloud with two hubs moved to IKEv2 over SSH: beside the old one, and in place; and all the way back."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from change_lab import OPTIONS, PSK, night
from clouds import SECOND, dual_hub_cloud

from ikeaudit.change import roll_back
from ikeaudit.lab.routing import path
from ikeaudit.parsing.config import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.remediation.strategies.ikev2 import Options, ikev2_strategy
from ikeaudit.selection import RouterRules


def test_a_packet_goes_to_the_hub_that_nhrp_names():
    """Two servers on one interface: the next hop says which of them is called."""
    text = dual_hub_cloud(1)["S01"]
    (parsed,) = parse_configs(text, file="S01.cfg", fingerprinter=Fingerprinter(bytes(32)))
    rules = RouterRules(parsed.router)
    for number in (1, 2):
        way = path(rules, None, ip_address(f"10.10.0.{number}"))
        assert [str(end.peer) for end in way.endpoints] == [f"192.0.2.{number}"]


@pytest.mark.ssh
@pytest.mark.parametrize(("clouds", "tunnel"), [((SECOND,), "Tunnel20"), ((), "Tunnel10")])
def test_a_cloud_with_two_hubs(tmp_path, clouds, tunnel):
    with night(tmp_path, dual_hub_cloud(3, PSK), ikev2_strategy(Options(clouds=clouds))) as n:
        report = n.apply(go_on=True)
        assert report.result == "committed" and report.next is None, (report, n.said)
        tested = {test.direction for test in report.directions if test.result == "up" and "READY" in test.detail}
        assert tested == {f"S{s:02} {tunnel} -> HUB{hub}" for s in (1, 2, 3) for hub in (1, 2)}
        for name in n.texts:
            assert ("crypto keyring DMVPN" in n.running(name)) is bool(clouds), (
                "the old cloud goes on, or is cleaned up"
            )
        assert n.quiet()
        assert roll_back(n.setting, OPTIONS, n.said.append, everything=True).result == "rolled-back", n.said[-10:]
        assert all(n.is_before(name) for name in n.texts) and n.quiet()
