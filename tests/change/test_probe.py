"""A direction is proven by the router that started it, and by nothing else."""

from __future__ import annotations

import pytest

from ikeaudit.change.as_planned import differences, matches
from ikeaudit.drive.device import RouterText
from ikeaudit.drive.keys import KeyVault
from ikeaudit.drive.probe import Pace, force, probe_of
from ikeaudit.fleet import Fleet
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation.plan import Direction
from ikeaudit.session import SessionError

ROUTER = """hostname {name}
crypto keyring K
  pre-shared-key address 0.0.0.0 0.0.0.0 key x
crypto isakmp profile P
   keyring K
   match identity address 0.0.0.0
crypto ipsec transform-set TS esp-aes esp-sha256-hmac
crypto ipsec profile IP
 set transform-set TS
 {binding}
interface Tunnel1
 {vrf}ip address {inner}
 tunnel source Ethernet0/0
 tunnel destination {peer}
 {front}tunnel protection ipsec profile IP
interface Ethernet0/0
 {outer_vrf}ip address {outer} 255.255.255.0
end
"""
SEED = {"binding": "set isakmp-profile P", "vrf": "", "front": "", "outer_vrf": ""}
R1 = SEED | {"name": "R1", "inner": "10.0.0.1 255.255.255.0", "outer": "192.168.0.1", "peer": "192.168.0.2"}
R2 = SEED | {"name": "R2", "inner": "10.0.0.2 255.255.255.0", "outer": "192.168.0.2", "peer": "192.168.0.1"}
WAY = Direction("R1", "Tunnel1", "192.168.0.2", "R2", "Tunnel1")


def fleet(*texts):
    found = []
    for text in texts:
        parsed = parse_configs(text, file="x.cfg", fingerprinter=Fingerprinter(bytes(range(32))))
        found += [p.router for p in parsed if p.router is not None]
    return Fleet(found)


def seed(**changes):
    """The probe for R1 -> R2, with changes to R1."""
    return probe_of(WAY, fleet(ROUTER.format(**(R1 | changes)), ROUTER.format(**R2)))


def test_the_seeds_probe():
    probe = seed()
    assert probe.clear == "clear crypto session remote 192.168.0.2"
    assert probe.ping == "ping 10.0.0.2 source Tunnel1"
    assert (str(probe.local), str(probe.peer)) == ("192.168.0.1", "192.168.0.2")


def test_vrfs_on_both_sides_of_the_tunnel():
    probe = seed(vrf="vrf forwarding RED\n ", front="tunnel vrf INET\n ", outer_vrf="vrf forwarding INET\n ")
    assert probe.clear == "clear crypto session remote 192.168.0.2 fvrf INET"
    assert probe.ping == "ping vrf RED 10.0.0.2 source Tunnel1"


@pytest.mark.parametrize(
    ("inner", "called"),
    [
        ("10.0.0.1 255.255.255.252", "10.0.0.2"),
        ("10.0.0.2 255.255.255.252", "10.0.0.1"),
        ("10.0.0.1 255.255.255.254", "10.0.0.0"),
        ("10.0.0.7 255.255.255.0", "10.0.0.1"),
    ],
)
def test_whoever_is_called_in_the_tunnels_net_the_packet_goes_into_the_tunnel(inner, called):
    near = ROUTER.format(**(R1 | {"inner": inner}))
    probe = probe_of(Direction("R1", "Tunnel1", "192.168.0.2"), fleet(near))
    assert probe.ping == f"ping {called} source Tunnel1"


def test_an_address_that_is_not_in_the_tunnels_net_may_not_be_routed_into_it():
    """A virtual template has the address of a loopback."""
    far = ROUTER.format(**(R2 | {"inner": "10.99.0.1 255.255.255.255"}))
    assert probe_of(WAY, fleet(ROUTER.format(**R1), far)).ping == "ping 10.0.0.2 source Tunnel1"


@pytest.mark.parametrize(
    ("direction", "words"),
    [
        (Direction("R9", "Tunnel1", "192.168.0.2"), "R9 is not known"),
        (Direction("R1", "Tunnel1", "192.168.0.77"), "does not call 192.168.0.77"),
    ],
)
def test_what_cannot_be_forced(direction, words):
    assert words in probe_of(direction, fleet(ROUTER.format(**R1)))


def test_a_tunnel_without_addresses_cannot_be_forced():
    near = ROUTER.format(**(R1 | {"inner": "192.0.2.1 255.255.255.255"}))
    assert "no address is known" in probe_of(Direction("R1", "Tunnel1", "192.168.0.2"), fleet(near))


CRYPTO_MAP = """hostname {0}
crypto isakmp key x address {2}
crypto ipsec transform-set TS esp-aes esp-sha256-hmac
crypto map CM 10 ipsec-isakmp
 set peer {2}
 set transform-set TS
 match address ACL
interface Ethernet0/0
 ip address {1} 255.255.255.0
 crypto map CM
interface Loopback0
 ip address {3} 255.255.255.255
ip access-list extended ACL
 permit ip host {3} host {4}
end
"""


def test_a_crypto_map_is_forced_by_what_its_list_permits():
    routers = fleet(
        CRYPTO_MAP.format("R1", "192.168.0.1", "192.168.0.2", "10.1.1.1", "10.2.2.2"),
        CRYPTO_MAP.format("R2", "192.168.0.2", "192.168.0.1", "10.2.2.2", "10.1.1.1"),
    )
    way = Direction("R1", "Ethernet0/0 CM 10", "192.168.0.2", "R2", "Ethernet0/0 CM 10")
    assert probe_of(way, routers).ping == "ping 10.2.2.2 source 10.1.1.1"


@pytest.mark.parametrize(
    ("peers", "first"),
    [
        (("192.168.0.2", "192.168.0.3"), "192.168.0.2"),
        (("192.168.0.3", "192.168.0.2"), "192.168.0.3"),
        (("192.168.0.2", "192.168.0.3 default"), "192.168.0.3"),
    ],
)
def test_of_the_peers_of_an_entry_only_that_called_first_can_be_forced(peers, first):
    """END-MAP-ADDRESS: they are alternatives; the others are called while the first does not answer."""
    near = CRYPTO_MAP.format("R1", "192.168.0.1", "192.168.0.2", "10.1.1.1", "10.2.2.2")
    near = near.replace(" set peer 192.168.0.2\n", "".join(f" set peer {peer}\n" for peer in peers))
    far = CRYPTO_MAP.format("R2", "192.168.0.2", "192.168.0.1", "10.2.2.2", "10.1.1.1")
    found = probe_of(Direction("R1", "Ethernet0/0 CM 10", "192.168.0.2", "R2", "Ethernet0/0 CM 10"), fleet(near, far))
    if first == "192.168.0.2":
        assert found.ping == "ping 10.2.2.2 source 10.1.1.1"
    else:
        assert found == f"Ethernet0/0 CM 10 calls 192.168.0.2 only while {first} does not answer"


class FakeDevice:
    """A router that shows one association after each clear, then the next."""

    name = "R1"

    def __init__(self, *rows, ipsec=2, refuse=""):
        self.rows, self.ipsec, self.refuse, self.typed = list(rows), ipsec, refuse, []

    def leave_config(self):
        """Never in it."""

    def run(self, command):
        self.typed.append(command)
        if command.startswith("clear"):
            self.shown = self.rows.pop(0) if len(self.rows) > 1 else self.rows[0]
            return self.refuse
        if command == "show crypto isakmp sa":
            return (
                f"IPv4 Crypto ISAKMP SA\ndst             src             state          conn-id status\n{self.shown}\n"
            )
        if command == "show crypto ikev2 sa detailed":
            return self.shown
        if command == "show crypto session detail":
            return (
                "Crypto session current status\n\nInterface: Tunnel1\nSession status: UP-ACTIVE\n"
                f"Peer: 192.168.0.2 port 500 fvrf: (none) ivrf: (none)\n  IPSEC FLOW: permit 47 host a host b\n"
                f"        Active SAs: {self.ipsec}, origin: crypto map\n"
            )
        return ""


OURS = "192.168.0.2     192.168.0.1     QM_IDLE           1001 ACTIVE"
THEIRS = "192.168.0.1     192.168.0.2     QM_IDLE           1002 ACTIVE"
FAILED = "192.168.0.2     192.168.0.1     MM_KEY_EXCH       1003 ACTIVE"
DEAD = "192.168.0.2     192.168.0.1     MM_NO_STATE          0 ACTIVE (deleted)"
OTHER = "192.168.0.9     192.168.0.1     QM_IDLE           1004 ACTIVE"
PACE = Pace(attempts=3, settle=0.0, look=0.0)


def result(*rows, probe=None, **settings):
    device = FakeDevice(*rows, **settings)
    return force(device, WAY, probe or seed(), pace=PACE), device


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ([OURS], "up"),
        ([f"{DEAD}\n{OURS}"], "up"),
        ([f"{THEIRS}\n{OURS}"], "up"),  # both started at once; ours stands
        ([FAILED], "down"),
        ([DEAD], "down"),
        ([OTHER], "down"),
        ([""], "down"),
        ([THEIRS], "not-proven"),
        ([THEIRS, THEIRS, OURS], "up"),
    ],
)
def test_who_started_it(rows, outcome):
    tested, _ = result(*rows)
    assert tested.result == outcome
    assert (tested.direction, tested.initiator, tested.peer) == ("R1 Tunnel1 -> R2", "R1", "192.168.0.2")


def test_the_failing_state_is_told():
    assert "MM_KEY_EXCH" in result(FAILED)[0].detail


def test_the_other_side_gets_three_chances_to_let_us_win():
    tested, device = result(THEIRS)
    assert device.typed.count("clear crypto session remote 192.168.0.2") == 3 and "3 times" in tested.detail


def test_phase_1_alone_is_not_up():
    tested, _ = result(OURS, ipsec=0)
    assert tested.result == "down" and "no IPsec association" in tested.detail


def test_a_refused_clear_proves_nothing():
    tested, device = result(OURS, refuse="% Invalid input detected at '^' marker.")
    assert tested.result == "not-proven" and not any(line.startswith("ping") for line in device.typed)


def test_every_line_is_told_before_it_is_typed():
    device, told = FakeDevice(OURS), []
    force(device, WAY, seed(), pace=PACE, before=lambda line: told.append((line, len(device.typed))))
    assert told == [("clear crypto session remote 192.168.0.2", 0), ("ping 10.0.0.2 source Tunnel1", 1)]


IKEV2 = """ IPv4 Crypto IKEv2  SA

Tunnel-id Local                 Remote                fvrf/ivrf            Status
1         192.168.0.1/500       192.168.0.9/500       none/none            READY
      Initiator of SA : Yes
Tunnel-id Local                 Remote                fvrf/ivrf            Status
2         192.168.0.1/500       192.168.0.2/500       none/none            {state}
      Encr: AES-CBC, keysize: 256, PRF: SHA384, Hash: SHA384, DH Grp:20, Auth sign: PSK, Auth verify: PSK
      Initiator of SA : {role}
"""
V2 = """crypto ikev2 keyring KR
 peer R2
  address 192.168.0.2
  pre-shared-key x
crypto ikev2 profile F
 match identity remote address 192.168.0.2 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local KR
"""


@pytest.mark.parametrize(
    ("state", "role", "outcome"), [("READY", "Yes", "up"), ("READY", "No", "not-proven"), ("IN-NEG", "Yes", "down")]
)
def test_ikev2_says_who_it_was(state, role, outcome):
    text = V2 + ROUTER.format(**(R1 | {"binding": "set ikev2-profile F"}))
    near = "hostname R1\n" + text.replace("hostname R1\n", "")
    probe = probe_of(WAY, fleet(near, ROUTER.format(**R2)))
    assert result(IKEV2.format(state=state, role=role), probe=probe)[0].result == outcome


def test_a_lost_session_is_not_a_verdict():
    class Lost(FakeDevice):
        def run(self, command):
            raise SessionError("closed", "R1 closed the session.")

    with pytest.raises(SessionError):
        force(Lost(OURS), WAY, seed(), pace=PACE)


def text_of(*lines):
    text = "\n".join(lines)
    return RouterText(text, before_hash(text), KeyVault())


A = ["hostname R1", "crypto keyring K1", "  pre-shared-key address 10.0.0.1 key <PSK:1>", "crypto keyring K2", "end"]
B = ["hostname R1", "crypto keyring K2", "crypto keyring K1", "  pre-shared-key address 10.0.0.1 key <PSK:1>", "end"]
C = ["hostname R1", "crypto keyring K1", "crypto keyring K2", "  pre-shared-key address 10.0.0.1 key <PSK:1>", "end"]


def test_same_reordered_different():
    known = [text_of(*A).digest]
    assert matches(text_of(*A), known, A) == "same"
    assert matches(text_of(*A, "!", ""), known, A) == "same"
    assert matches(text_of(*B), known, A) == "reordered"
    assert matches(text_of(*C), known, A) == "different"  # the key moved to another keyring
    assert matches(text_of(*A[:-1]), known, A) == "different"


def test_what_a_policy_says_by_default_makes_no_difference():
    """U-13: some releases print the defaults of a policy, others do not; `hash sha256` is no default anywhere."""
    short = ["hostname R1", "crypto isakmp policy 10", " encr aes 256", " authentication pre-share", "end"]
    printed = [
        *short[:2],
        " encryption aes 256",
        " hash sha",
        " authentication pre-share",
        " group 1",
        " lifetime 86400",
        "end",
    ]
    known = [text_of(*short).digest]
    assert matches(text_of(*printed), known, short) == "reordered" and not differences(short, printed)
    other = [line.replace("hash sha", "hash sha256") for line in printed]
    assert matches(text_of(*other), known, short) == "different"
    assert differences(short, other) == ["+ crypto isakmp policy 10 / hash sha256"]
    elsewhere = ["hostname R1", "crypto ikev2 proposal P", " group 1", "end"]
    assert differences(elsewhere, elsewhere[:2]) != []


def test_differences_name_the_section():
    assert differences(A, C) == [
        "- crypto keyring K1 / pre-shared-key address 10.0.0.1 key <PSK:1>",
        "+ crypto keyring K2 / pre-shared-key address 10.0.0.1 key <PSK:1>",
    ]
    assert differences(A, A) == []
    assert differences([], [f"line {n}" for n in range(30)], limit=3) == [
        "+ line 0",
        "+ line 1",
        "+ line 2",
        "... and 27 more",
    ]
