"""Layouts of show output for IPv6, for negotiations that are going on, and for routers that have nothing to show."""

import pytest

from ikeaudit.model import parse_address
from ikeaudit.parsing.shows import parse_dmvpn, parse_isakmp_sa, parse_shows


def test_isakmp_associations_over_ipv6() -> None:
    found = parse_isakmp_sa(
        "IPv4 Crypto ISAKMP SA\ndst             src             state          conn-id status\n\n"
        "IPv6 Crypto ISAKMP SA\n\n dst: 2001:DB8:1::1\n src: 2001:DB8:2::1\n"
        " state: QM_IDLE         conn-id:   1001 status: ACTIVE\n\n dst: 2001:DB8:1::1\n src: 2001:DB8:3::1\n"
        " state: MM_NO_STATE     conn-id:      0 status: ACTIVE (deleted)\n"
    )
    assert found is not None
    assert [(str(sa.destination), str(sa.source), sa.state, sa.status, sa.conn_id) for sa in found] == [
        ("2001:db8:1::1", "2001:db8:2::1", "QM_IDLE", "ACTIVE", 1001),
        ("2001:db8:1::1", "2001:db8:3::1", "MM_NO_STATE", "ACTIVE (deleted)", 0),
    ]


def test_detailed_isakmp_associations_of_all_kinds() -> None:
    found = parse_isakmp_sa(
        "IPv4 Crypto ISAKMP SA\nC-id  Local           Remote          I-VRF  Status Encr Hash   Auth DH Lifetime Cap.\n"
        "0     10.0.0.1        10.0.0.3               ACTIVE                  psk  0  0         (deleted)\n"
        "1004  10.0.0.1        10.0.0.4        CUST   ACTIVE aes  sha256 rsig 14 23:59:40 CDNX\n"
        "       Engine-id:Conn-id =  SW:4\nIPv6 Crypto ISAKMP SA\ndst: 2001:DB8::2\nsrc: 2001:DB8::1\n"
        "conn-id: 1005 I-VRF: Status: ACTIVE Encr: des Hash: sha Auth:\npsk\n"
        "DH: 1 Lifetime: 23:45:00 Cap: D Engine-id:Conn-id = SW:5\n"
    )
    assert found is not None
    assert [(str(sa.destination), str(sa.source), sa.status, sa.conn_id) for sa in found] == [
        ("10.0.0.3", "10.0.0.1", "ACTIVE (deleted)", 0),
        ("10.0.0.4", "10.0.0.1", "ACTIVE", 1004),
        ("2001:db8::2", "2001:db8::1", "ACTIVE", 1005),
    ]


def test_dmvpn_peers_not_yet_known_and_over_ipv6() -> None:
    found = parse_dmvpn(
        "Interface: Tunnel0, IPv4 NHRP Details\n # Ent  Peer NBMA Addr Peer Tunnel Add State  UpDn Tm Attrb\n"
        "     1 UNKNOWN                10.0.0.4  NHRP    never    IX\n"
        "     1 my-hub.example.com     10.0.0.9   IKE    never     S\n"
        "Interface: Tunnel1, IPv6 NHRP Details\n    1.Peer NBMA Address: 2001:DB8::7\n"
        "        Tunnel IPv6 Address: 2001:DB8:F::7\n        IPv6 Target Network: 2001:DB8:F::/64\n"
        "        # Ent: 2, Status: UP, UpDn Time: 00:00:53, Cache Attrib: S\n"
    )
    assert found is not None
    assert [(peer.interface, peer.nbma, peer.tunnel, peer.state, peer.attributes) for peer in found] == [
        ("Tunnel0", "UNKNOWN", parse_address("10.0.0.4"), "NHRP", "IX"),
        ("Tunnel0", "my-hub.example.com", parse_address("10.0.0.9"), "IKE", "S"),
        ("Tunnel1", "2001:DB8::7", parse_address("2001:db8:f::7"), "UP", "S"),
    ]


@pytest.mark.parametrize(
    ("command", "text", "field"),
    [
        ("show dmvpn", "No DMVPN peers found.\n", "dmvpn_peers"),
        ("show crypto ikev2 sa", "There are no IKEv2 SAs\n", "ikev2_sas"),
        ("show crypto session", "R1#show crypto session\nNo Sessions\nR1#\n", "sessions"),
    ],
)
def test_a_router_that_has_none(command: str, text: str, field: str) -> None:
    parsed = parse_shows({command: text})
    assert (getattr(parsed.outputs, field), parsed.problems) == ((), {})


def test_other_output_is_still_a_problem() -> None:
    parsed = parse_shows({"show dmvpn": "Interface              IP-Address\n"})
    assert parsed.outputs.dmvpn_peers is None
    assert parsed.problems == {"show dmvpn": "the output is not understood"}


def test_what_earlier_versions_collected_is_no_problem_and_an_unknown_command_is() -> None:
    parsed = parse_shows(
        {
            "show crypto isakmp profile": "ISAKMP PROFILE P1\n",
            "show crypto isakmp policy": "Global IKE policy\n",
            "show crypto map": "No crypto maps found.\n",
            "show ip route": "Gateway of last resort is not set\n",
        }
    )
    assert parsed.problems == {"show ip route": "no reader for this command"}
