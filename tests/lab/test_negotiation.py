"""Lab routers that negotiate: the seed's two routers, what is left behind, what survives, what is torn down."""

from __future__ import annotations

import re

import msgspec
import pytest
from manual_clock import ManualClock

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.lab import Console, Lab, LabRouter, by_our_model
from ikeaudit.selection import Endpoint

SUCCESS = "Success rate is 100 percent (5/5)"
FAILURE = "Success rate is 0 percent (0/5)"


class Pair:
    """R1 and R2 with a privileged session on each."""

    def __init__(self, r1: str, r2: str, clock: ManualClock, **options: object) -> None:
        self.lab = Lab([LabRouter("R1", r1), LabRouter("R2", r2)], **options)  # type: ignore[arg-type]
        for router in self.lab.routers.values():
            router.attach(clock)
        self.clock = clock
        self.r1, self.r2 = self.lab.router("R1"), self.lab.router("R2")
        self.on1, self.on2 = Console(self.r1), Console(self.r2)
        for console in (self.on1, self.on2):
            console.send("terminal length 0")


@pytest.fixture
def pair(r1_text: str, r2_text: str, clock: ManualClock) -> Pair:
    return Pair(r1_text, r2_text, clock)


def rows(console: Console) -> list[str]:
    """The rows of ``show crypto isakmp sa``, blanks squeezed: dst src state conn-id status."""
    return [" ".join(line.split()) for line in console.send("show crypto isakmp sa").splitlines() if line[:1].isdigit()]


def test_r1_brings_the_tunnel_up(pair: Pair) -> None:
    printed = pair.on1.send("ping 10.0.0.2 source Tunnel1")
    assert "Packet sent with a source address of 10.0.0.1" in printed
    assert "!!!!!" in printed
    assert SUCCESS in printed
    # dst is the responder, src the initiator, on both routers.
    assert rows(pair.on1) == ["192.168.0.2 192.168.0.1 QM_IDLE 1001 ACTIVE"]
    assert rows(pair.on2) == ["192.168.0.2 192.168.0.1 QM_IDLE 1001 ACTIVE"]
    shown = pair.on1.send("show crypto session remote 192.168.0.2 detail")
    assert "Session status: UP-ACTIVE" in shown
    assert "Profile: profile2" in shown
    assert "Peer: 192.168.0.2 port 500 fvrf: (none) ivrf: (none)" in shown
    assert "IPSEC FLOW: permit 47 host 192.168.0.1 host 192.168.0.2" in shown
    assert "Active SAs: 2, origin: crypto map" in shown
    assert "enc'ed 5" in shown
    assert "Profile: profile1" in pair.on2.send("show crypto session detail")


def test_r2_cannot_and_both_logs_say_why(pair: Pair) -> None:
    assert FAILURE in pair.on2.send("ping 10.0.0.1 source Tunnel1")
    log = pair.on1.send("show logging")
    wanted = (
        "found peer pre-shared key matching 192.168.0.2",
        "peer matches profile2 profile",
        "Found ADDRESS key in keyring keyring2",
        "Key not found in keyrings of profile , aborting exchange",
    )
    places = [log.index(text) for text in wanted]
    assert places == sorted(places)
    # DOMAIN 5: the initiator shows MM_KEY_EXCH and dead attempts, the responder only dead ones.
    assert [row.split(maxsplit=2)[2] for row in rows(pair.on2)] == [
        "MM_NO_STATE 1002 ACTIVE (deleted)",
        "MM_KEY_EXCH 1001 ACTIVE",
    ]
    assert [row.split(maxsplit=2)[2] for row in rows(pair.on1)] == ["MM_NO_STATE 1001 ACTIVE (deleted)"]
    assert "Session status: DOWN-NEGOTIATING" in pair.on2.send("show crypto session")
    pair.clock.advance(61)
    assert rows(pair.on1) == rows(pair.on2) == []


def test_different_keys(r1_text: str, r2_text: str, clock: ManualClock) -> None:
    pair = Pair(
        r1_text.replace("key cisco\ncrypto keyring keyring2", "key other\ncrypto keyring keyring2"), r2_text, clock
    )
    assert FAILURE in pair.on2.send("ping 10.0.0.1")
    log = pair.on1.send("show logging | include CRYPTO-4|reserved")
    assert "reserved not zero on ID payload!" in log
    assert "%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 192.168.0.2" in log


def test_the_way_may_lead_over_a_static_route(pair: Pair) -> None:
    assert SUCCESS in pair.on1.send("ping 192.168.200.1 source Loopback0")
    assert "Success rate is 100 percent (2/2)" in pair.on1.send("ping 192.168.200.1 source lo0 repeat 2")
    assert "enc'ed 7" in pair.on1.send("show crypto session detail")


def test_outside_the_tunnel_nothing_is_negotiated(pair: Pair) -> None:
    assert SUCCESS in pair.on1.send("ping 192.168.0.2")
    assert FAILURE in pair.on1.send("ping 192.168.0.77")
    assert rows(pair.on1) == []


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        ("ping 10.0.0.2 source Loopback7", "% Invalid source interface"),
        ("ping 10.0.0.2 source 1.2.3.4", "% Invalid source address"),
        ("ping nowhere", "% Unrecognized host or address"),
        ("ping 10.0.0.2 sauce lo0", "% Invalid input detected at '^' marker."),
        ("ping 10.0.0.2 source", "% Incomplete command."),
    ],
)
def test_wrong_pings(pair: Pair, command: str, reply: str) -> None:
    assert reply in pair.on1.send(command)


def test_a_clear_lets_the_other_side_start(pair: Pair) -> None:
    pair.on1.send("ping 10.0.0.2")
    pair.on2.send("clear crypto session remote 192.0.2.99")
    assert rows(pair.on2) != []
    pair.on2.send("clear crypto session remote 192.168.0.1")
    # The delete notification reaches the far end.
    assert rows(pair.on1) == rows(pair.on2) == []
    assert FAILURE in pair.on2.send("ping 10.0.0.1")


def test_sas_survive_changes_of_keys_until_they_are_cleared(pair: Pair) -> None:
    # DOMAIN 8.1
    pair.on1.send("ping 10.0.0.2")
    pair.on1.send_all(
        "configure terminal",
        "crypto keyring keyring2",
        "no pre-shared-key address 192.168.0.2 key cisco",
        "pre-shared-key address 192.168.0.2 key changed",
        "end",
    )
    assert SUCCESS in pair.on1.send("ping 10.0.0.2")
    assert rows(pair.on1) == ["192.168.0.2 192.168.0.1 QM_IDLE 1001 ACTIVE"]
    pair.on1.send("clear crypto session remote 192.168.0.2")
    assert FAILURE in pair.on1.send("ping 10.0.0.2")


def test_removing_the_protection_tears_the_sas_down(pair: Pair) -> None:
    # DOMAIN 8.2
    pair.on1.send("ping 10.0.0.2")
    pair.on1.send_all("configure terminal", "interface Tunnel1", "no tunnel protection ipsec profile profile1", "end")
    assert "Crypto tunnel is DOWN" in pair.on1.send("show logging")
    assert rows(pair.on1) == ["192.168.0.2 192.168.0.1 MM_NO_STATE 1001 ACTIVE (deleted)"]
    assert rows(pair.on2) == []
    # Protection on one end only: what arrives in the clear is dropped (DOMAIN 5).
    assert FAILURE in pair.on1.send("ping 10.0.0.2")
    assert "%CRYPTO-4-RECVD_PKT_NOT_IPSEC" in pair.on2.send("show logging")
    pair.on2.send_all("configure terminal", "interface Tunnel1", "no tunnel protection ipsec profile profile1", "end")
    assert SUCCESS in pair.on1.send("ping 10.0.0.2")
    pair.clock.advance(61)
    assert rows(pair.on1) == []


def test_an_unrelated_change_leaves_the_sas_alone(pair: Pair) -> None:
    pair.on1.send("ping 10.0.0.2")
    pair.on1.send_all("configure terminal", "interface Tunnel1", "description x", "interface Loopback5", "end")
    assert len(rows(pair.on1)) == 1


def test_a_profile_is_held_by_its_sa(pair: Pair) -> None:
    # DOMAIN 8.3, 10.2 U-10
    pair.on1.send("ping 10.0.0.2")
    pair.on1.send_all("configure terminal", "crypto ipsec profile profile1", "no set isakmp-profile profile2", "exit")
    assert pair.on1.send("no crypto isakmp profile profile2").startswith("%")
    assert "crypto isakmp profile profile2" in pair.r1.running_text
    pair.on1.send_all("end", "clear crypto session remote 192.168.0.2", "configure terminal")
    assert pair.on1.send("no crypto isakmp profile profile2") == ""
    assert "crypto isakmp profile profile2" not in pair.r1.running_text


def test_clear_by_phase(pair: Pair) -> None:
    pair.on1.send("ping 10.0.0.2")
    pair.on1.send("clear crypto isakmp")
    assert rows(pair.on1) == []
    assert "Session status: UP-NO-IKE" in pair.on1.send("show crypto session")
    assert SUCCESS in pair.on1.send("ping 10.0.0.2")
    pair.on1.send("clear crypto session")
    pair.on1.send("ping 10.0.0.2")
    pair.on1.send("clear crypto sa peer 192.168.0.2")
    assert "Session status: UP-IDLE" in pair.on1.send("show crypto session")
    assert SUCCESS in pair.on1.send("ping 10.0.0.2")


def test_clear_one_connection(pair: Pair) -> None:
    pair.on1.send("ping 10.0.0.2")
    pair.on1.send("clear crypto isakmp 9")
    assert len(rows(pair.on1)) == 1
    pair.on1.send("clear crypto isakmp 1001")
    assert rows(pair.on1) == []


def test_a_restart_leaves_the_far_end_in_the_dark(pair: Pair) -> None:
    # DOMAIN 8.5: no delete notification, the stale end's packets are not understood until it is cleared.
    pair.on1.send("ping 10.0.0.2")
    pair.r1.reboot(down_for=0)
    assert rows(pair.on1) == []
    assert len(rows(pair.on2)) == 1
    assert FAILURE in pair.on2.send("ping 10.0.0.1")
    assert "%CRYPTO-4-RECVD_PKT_INV_SPI" in pair.on1.send("show logging")
    assert SUCCESS in pair.on1.send("ping 10.0.0.2")
    assert len(rows(pair.on2)) == 1


def test_a_router_that_is_down_does_not_answer(pair: Pair) -> None:
    pair.r2.reboot(down_for=600)
    assert FAILURE in pair.on1.send("ping 10.0.0.2")
    assert [row.split()[2] for row in rows(pair.on1)] == ["MM_NO_STATE"]
    pair.clock.advance(601)
    assert SUCCESS in pair.on1.send("ping 10.0.0.2")


def test_consolidation_makes_both_directions_work(pair: Pair) -> None:
    # DOMAIN 12 A1, on both routers.
    for console, peer, bound in ((pair.on1, "192.168.0.2", "profile2"), (pair.on2, "192.168.0.1", "profile2")):
        replies = console.send_all(
            "configure terminal",
            f"crypto isakmp profile {bound}",
            "keyring keyring1",
            "exit",
            "crypto keyring keyring2",
            f"no pre-shared-key address {peer} key cisco",
            "exit",
            f"crypto isakmp profile {bound}",
            "no keyring keyring2",
            "exit",
            "no crypto keyring keyring2",
            "end",
        )
        assert replies == "Enter configuration commands, one per line.  End with CNTL/Z.\n"
    for console, target in ((pair.on1, "10.0.0.2"), (pair.on2, "10.0.0.1")):
        console.send("clear crypto session")
        assert SUCCESS in console.send(f"ping {target}")


def test_a_reverted_keyring_comes_back_at_the_end(pair: Pair) -> None:
    # DOMAIN 8.4 and 8.6: re-created objects go to the end, here keyring1 behind keyring2.
    pair.on1.send("configure terminal revert timer 5")
    pair.on1.send_all(
        "crypto isakmp profile profile1", "no keyring keyring1", "exit", "no crypto keyring keyring1", "end"
    )
    printed = pair.on1.send("configure revert now")
    assert "Rollback Done" in printed
    names = re.findall(r"^crypto keyring (\S+)", pair.r1.running_text, re.M)
    assert names == ["keyring2", "keyring1"]


def test_the_negotiator_can_be_injected(r1_text: str, r2_text: str, clock: ManualClock) -> None:
    asked: list[str] = []

    def always_up(fleet: Fleet, endpoint: Endpoint) -> Exchange:
        asked.append(f"{endpoint.router} {endpoint.interface}")
        exchange = by_our_model(fleet, endpoint)
        return msgspec.structs.replace(
            exchange, outcome="up", failed_at=None, reason=None, ike_version=2, transcript=()
        )

    pair = Pair(r1_text, r2_text, clock, negotiator=always_up)
    assert SUCCESS in pair.on2.send("ping 10.0.0.1")
    assert asked == ["R2 Tunnel1"]
    shown = pair.on2.send("show crypto ikev2 sa detailed")
    assert "READY" in shown
    assert "Initiator of SA : Yes" in shown
    assert "Initiator of SA : No" in pair.on1.send("show crypto ikev2 sa detailed")
    assert rows(pair.on2) == []
    pair.on2.send("clear crypto ikev2 sa remote 192.168.0.1")
    assert pair.on1.send("show crypto ikev2 sa") == ""


def test_what_the_model_cannot_tell_does_not_come_up(r1_text: str, r2_text: str, clock: ManualClock) -> None:
    def unknown(fleet: Fleet, endpoint: Endpoint) -> Exchange:
        return msgspec.structs.replace(by_our_model(fleet, endpoint), outcome="unknown", confidence="unknown")

    pair = Pair(r1_text, r2_text, clock, negotiator=unknown)
    assert FAILURE in pair.on1.send("ping 10.0.0.2")
    assert "%LAB-4-UNKNOWN" in pair.on1.send("show logging")


CRYPTO_MAP = """\
hostname {name}
crypto isakmp policy 10
 encr aes
 authentication pre-share
 group 14
crypto isakmp key same address {peer}
crypto ipsec transform-set TS esp-aes esp-sha-hmac
crypto map CM 10 ipsec-isakmp
 set peer {peer}
 set transform-set TS
 match address VPN
interface Loopback0
 ip address {inner} 255.255.255.0
interface GigabitEthernet0/0
 ip address {outer} 255.255.255.0
 crypto map CM
ip route 0.0.0.0 0.0.0.0 203.0.113.254
ip access-list extended VPN
 permit ip {net} 0.0.0.255 {far} 0.0.0.255
end
"""


def test_crypto_map(clock: ManualClock) -> None:
    one = CRYPTO_MAP.format(
        name="R1", peer="203.0.113.2", inner="10.1.1.1", outer="203.0.113.1", net="10.1.1.0", far="10.2.2.0"
    )
    two = CRYPTO_MAP.format(
        name="R2", peer="203.0.113.1", inner="10.2.2.1", outer="203.0.113.2", net="10.2.2.0", far="10.1.1.0"
    )
    pair = Pair(one, two, clock)
    # Not from the protected network: in the clear, nobody there has 10.2.2.9.
    assert FAILURE in pair.on1.send("ping 10.2.2.9")
    assert rows(pair.on1) == []
    assert SUCCESS in pair.on1.send("ping 10.2.2.1 source Loopback0")
    shown = pair.on1.send("show crypto session detail")
    assert "Interface: GigabitEthernet0/0" in shown
    assert "permit ip 10.1.1.0/255.255.255.0 10.2.2.0/255.255.255.0" in shown
    pair.on1.send_all("configure terminal", "interface GigabitEthernet0/0", "no crypto map CM", "end")
    assert "Crypto tunnel is DOWN" in pair.on1.send("show logging")


def test_what_a_session_is_cleared_by_combines(pair: Pair) -> None:
    """DOMAIN 8: local, remote, fvrf and ivrf together; what fits one of them alone stays."""
    pair.on1.send("ping 10.0.0.2 source Tunnel1")
    sa = next(iter(pair.r1.sas))
    sa.fvrf = "INET"
    for wrong in (
        "remote 192.168.0.2 fvrf OTHER",
        "fvrf OTHER",
        "remote 192.0.2.9 fvrf INET",
        "local 192.0.2.9 remote 192.168.0.2",
    ):
        assert "Invalid" not in pair.on1.send(f"clear crypto session {wrong}")
        assert list(pair.r1.sas)
    assert "Invalid" not in pair.on1.send("clear crypto session local 192.168.0.1 remote 192.168.0.2 fvrf INET")
    assert not [one for one in pair.r1.sas if one.ike and not one.deleted]
    assert "Invalid" in pair.on1.send("clear crypto session fvrf INET remote 192.168.0.2")  # in this order
