"""What got worse: sessions, routing neighbours and traffic of all tunnels of the routers touched."""

from __future__ import annotations

import pytest

from ikeaudit.change import read_journal
from ikeaudit.drive.observe import INTERFACES, Observation, lost, observe, one_way
from ikeaudit.lab import Console
from ikeaudit.lab.faults import Happening

EIGRP = """EIGRP-IPv4 Neighbors for AS(100)
H   Address                 Interface              Hold Uptime   SRTT   RTO  Q  Seq
                                                   (sec)         (ms)       Cnt Num
1   10.0.0.2                Tu1                      12 00:01:02    5   100  0  7
0   10.0.5.2                Tu5                      13 1d02h       5   100  0  9
"""
OSPF = """
Neighbor ID     Pri   State           Dead Time   Address         Interface
192.168.200.1     0   FULL/  -        00:00:35    10.0.0.2        Tunnel1
10.9.9.9          1   EXSTART/DR      00:00:31    10.0.7.2        Tunnel7
"""
BGP = """BGP router identifier 1.1.1.1, local AS number 65001
BGP table version is 1, main routing table version 1

Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
10.0.0.2        4        65002       5       5        1    0    0 00:01:02        3
10.0.5.2        4        65005       0       0        1    0    0 never    Idle
"""
VRFS = """  Name                             Default RD            Interfaces
  BLUE                             65000:2               Tu8
                                                         Tu9
  RED                              <not set>             Tu5
"""
EIGRP_BLUE = """EIGRP-IPv4 VR(wan) Address-Family Neighbors for AS(7) VRF(BLUE)
H   Address                 Interface              Hold Uptime   SRTT   RTO  Q  Seq
                                                   (sec)         (ms)       Cnt Num
0   10.0.8.2                Tu8                      12 00:01:02    5   100  0  7
"""
EIGRP_OLD = """IP-EIGRP neighbors for process 9
H   Address                 Interface              Hold Uptime   SRTT   RTO  Q  Seq
0   10.0.9.2                Tu9                      12 00:01:02    5   100  0  7
"""
BGP_VRFS = """BGP router identifier 1.1.1.1, local AS number 65001
BGP table version is 4, main routing table version 4

Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
10.0.0.2        4        65002       5       5        1    0    0 00:01:02        3
*10.0.8.2       4       1.1007       5       5        1    0    0 00:01:02        0
10.0.9.2        4        65009       5       5        1    0    0 00:01:02 Idle (Admin)
"""
PACKETS = """Tunnel1 is up, line protocol is up
     120 packets input, 12000 bytes, 0 no buffer
     95 packets output, 9500 bytes, 0 underruns
     7 packets input, 700 bytes, 0 no buffer
     7 packets output, 700 bytes, 0 underruns
Tunnel5 is up, line protocol is up
     3 packets input, 300 bytes, 0 no buffer
     4 packets output, 400 bytes, 0 underruns
"""
SESSIONS = """Crypto session current status

Interface: Tunnel1
Session status: UP-ACTIVE
Peer: 192.168.0.2 port 500 fvrf: (none) ivrf: (none)
  IPSEC FLOW: permit 47 host 192.168.0.1 host 192.168.0.2
        Active SAs: 2, origin: crypto map
        Inbound:  #pkts dec'ed 50 drop 0 life (KB/Sec) 4607999/3500
        Outbound: #pkts enc'ed 60 drop 0 life (KB/Sec) 4607999/3500

Interface: Tunnel5
Session status: DOWN
Peer: 192.168.5.2 port 500 fvrf: (none) ivrf: (none)
  IPSEC FLOW: permit 47 host 192.168.0.1 host 192.168.5.2
        Active SAs: 0, origin: crypto map
"""


class Asked:
    """A router that answers from a table; what it does not know it refuses."""

    def __init__(self, **answers):
        self.answers = {
            "show crypto session detail": SESSIONS,
            "show ip eigrp neighbors": EIGRP,
            "show ip ospf neighbor": OSPF,
            "show ip bgp summary": BGP,
            "show ip bgp vpnv4 all summary": "",
            "show ip vrf": "",
            INTERFACES: PACKETS,
        } | answers

    def leave_config(self):
        pass

    def run(self, command, *, slow=False):
        return self.answers[command]


def test_everything_is_read():
    seen = observe(Asked())
    assert seen.sessions == {"Tunnel1 -> 192.168.0.2": "UP-ACTIVE", "Tunnel5 -> 192.168.5.2": "DOWN"}
    assert seen.neighbours == {
        "EIGRP 100 neighbour 10.0.0.2 on Tu1": "up",
        "EIGRP 100 neighbour 10.0.5.2 on Tu5": "up",
        "OSPF neighbour 10.0.0.2 on Tunnel1": "FULL",
        "OSPF neighbour 10.0.7.2 on Tunnel7": "EXSTART",
        "BGP neighbour 10.0.0.2 (AS 65002)": "up",
        "BGP neighbour 10.0.5.2 (AS 65005)": "Idle",
    }
    assert seen.traffic == {"Tunnel1": (120, 95), "Tunnel5": (3, 4), "Tunnel1 -> 192.168.0.2": (50, 60)}


def test_neighbours_in_vrfs():
    """Asked VRF by VRF; BGP's table of all VRFs may have an address twice (here 10.0.0.2, which is in the default one too)."""
    seen = observe(
        Asked(
            **{
                "show ip vrf": VRFS,
                "show ip eigrp vrf BLUE neighbors": EIGRP_BLUE,
                "show ip eigrp vrf RED neighbors": EIGRP_OLD,
                "show ip bgp vpnv4 all summary": BGP_VRFS,
            }
        )
    )
    assert {name: state for name, state in seen.neighbours.items() if name not in observe(Asked()).neighbours} == {
        "EIGRP 7 neighbour 10.0.8.2 on Tu8": "up",
        "EIGRP 9 neighbour 10.0.9.2 on Tu9": "up",
        "BGP neighbour 10.0.0.2 (AS 65002), number 2": "up",
        "BGP neighbour 10.0.8.2 (AS 1.1007)": "up",
        "BGP neighbour 10.0.9.2 (AS 65009)": "(Admin)",
    }
    assert lost(seen, observe(Asked())) == [
        "EIGRP 7 neighbour 10.0.8.2 on Tu8 was up and is gone",
        "EIGRP 9 neighbour 10.0.9.2 on Tu9 was up and is gone",
        "BGP neighbour 10.0.0.2 (AS 65002), number 2 was up and is gone",
        "BGP neighbour 10.0.8.2 (AS 1.1007) was up and is gone",
    ]


def test_a_router_without_the_protocols():
    no = "          ^\n% Invalid input detected at '^' marker.\n"
    seen = observe(
        Asked(**{"show ip eigrp neighbors": no, "show ip ospf neighbor": "", "show ip bgp summary": "% BGP not active"})
    )
    assert seen.neighbours == {} and seen.sessions


def test_what_is_lost():
    before = observe(Asked())
    assert lost(before, before) == []
    after = Observation(
        sessions={"Tunnel1 -> 192.168.0.2": "DOWN-NEGOTIATING"},
        neighbours={
            "EIGRP 100 neighbour 10.0.5.2 on Tu5": "up",
            "OSPF neighbour 10.0.0.2 on Tunnel1": "INIT",
            "BGP neighbour 10.0.0.2 (AS 65002)": "Active",
        },
    )
    assert lost(before, after) == [
        "session Tunnel1 -> 192.168.0.2 was UP-ACTIVE and is DOWN-NEGOTIATING",
        "EIGRP 100 neighbour 10.0.0.2 on Tu1 was up and is gone",
        "OSPF neighbour 10.0.0.2 on Tunnel1 was FULL and is INIT",
        "BGP neighbour 10.0.0.2 (AS 65002) was up and is Active",
    ]


def test_traffic_that_goes_one_way():
    def seen(**traffic):
        return Observation(traffic=traffic)

    before = Observation(traffic={"Tunnel1": (10, 10), "Tunnel1 -> 192.0.2.1": (4, 4), "Tunnel2": (0, 9)})
    after = Observation(traffic={"Tunnel1": (10, 15), "Tunnel1 -> 192.0.2.1": (0, 5), "Tunnel2": (0, 12)})
    assert one_way(before, after) == [
        "Tunnel1 has sent 5 packets since the change and received none",
        "session Tunnel1 -> 192.0.2.1 has sent 5 packets since the change and received none",
    ]
    assert one_way(before, before) == []
    assert one_way(seen(Tunnel1=(9, 9)), seen(Tunnel1=(2, 3))) == []  # a restart set the counters back
    assert one_way(seen(Tunnel1=(9, 9)), seen(Tunnel1=(0, 3)))


ROUTING = """router eigrp 100
 network 10.0.0.0 0.0.0.255
!
router ospf 1
 network 10.0.0.0 0.0.0.255 area 0
!
"""


def up(window):
    """Bring the tunnel up from R1, the end that works before the change."""
    window.lab.do(lambda: Console(window.router("R1"), privilege=15).send("ping 10.0.0.2 source Tunnel1"))


@pytest.mark.ssh
def test_a_change_that_keeps_the_neighbours(window):
    w = window(routing=ROUTING)
    up(w)
    report = w.apply()
    assert report.result == "committed" and report.worse == (), w.said
    seen = [e for e in read_journal(w.setting.journal_path) if e.event == "observed"]
    assert sorted((e.data["moment"], e.router) for e in seen) == [
        ("after", "R1"),
        ("after", "R2"),
        ("before", "R1"),
        ("before", "R2"),
    ]
    before = next(e for e in seen if e.router == "R1")
    assert before.data["neighbours"] == {
        "EIGRP 100 neighbour 10.0.0.2 on Tu1": "up",
        "OSPF neighbour 10.0.0.2 on Tunnel1": "FULL",
    }
    assert before.data["traffic"]["Tunnel1"] == [5, 5]


@pytest.mark.ssh
def test_a_lost_neighbour_takes_the_change_back_and_is_named(window):
    """Somebody makes R2's tunnel passive while the tests run: R1 loses its neighbour, though the tunnel itself is up."""
    w = window(routing=ROUTING)
    up(w)

    def passive(_):
        w.router("R2").operator(["router eigrp 100", "passive-interface Tunnel1"])

    w.fault("R2", Happening(on="^ping", action=passive))
    report = w.apply()
    assert report.exit_code in (6, 7)
    assert "R1: EIGRP 100 neighbour 10.0.0.2 on Tu1 was up and is gone" in report.cause
    assert any("worse than before: EIGRP 100 neighbour" in line for line in w.said)
    assert w.is_before("R1")
