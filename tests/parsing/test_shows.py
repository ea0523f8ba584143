"""Show output -> model, in classic and IOS-XE layouts; expected values read off the text by hand (DOMAIN 9)."""

from __future__ import annotations

from ipaddress import ip_address

import msgspec
import pytest

from ikeaudit.model import (
    CryptoSession,
    DmvpnPeer,
    IsakmpSa,
    Prefix,
    SecretFacts,
)
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import redact
from ikeaudit.parsing.shows import (
    parse_dmvpn,
    parse_ikev2_sa,
    parse_isakmp_key,
    parse_isakmp_sa,
    parse_session,
    parse_shows,
    parse_version,
)

FINGERPRINTER = Fingerprinter(b"a test key of sufficient length.")

KEYS = """\
R1#show crypto isakmp key
Keyring      Hostname/Address                            Preshared Key

default      0.0.0.0        [0.0.0.0        ]            glob
keyring1     192.168.0.0    [255.255.0.0    ]            one
keyring2     192.168.0.2                                 two
KR-X (INET)  10.0.0.2                                    three
KR6          2001:DB8::/64                               four
KR-NAME      R2.example.net                              five
R1#
"""


def prefix(address: str, length: int) -> Prefix:
    return Prefix.of(ip_address(address), length)


def test_isakmp_key() -> None:
    clean = redact(KEYS, FINGERPRINTER)
    rows = parse_isakmp_key(clean.text, clean.facts)
    assert rows is not None
    assert [(row.line, row.keyring, row.vrf, row.prefix, row.hostname) for row in rows] == [
        (4, "default", None, prefix("0.0.0.0", 0), None),
        (5, "keyring1", None, prefix("192.168.0.0", 16), None),
        (6, "keyring2", None, prefix("192.168.0.2", 32), None),
        (7, "KR-X", "INET", prefix("10.0.0.2", 32), None),
        (8, "KR6", None, prefix("2001:db8::", 64), None),
        (9, "KR-NAME", None, None, "R2.example.net"),
    ]
    assert [row.secret.fingerprint for row in rows] == [
        FINGERPRINTER.psk(key) for key in ("glob", "one", "two", "three", "four", "five")
    ]
    assert rows[0].secret.facts == SecretFacts(length=4, sample=False, classes=1, distinct=4)


def test_isakmp_key_without_rows_is_an_empty_answer_and_other_output_is_none() -> None:
    assert parse_isakmp_key("Keyring      Hostname/Address                            Preshared Key\n") == ()
    assert parse_isakmp_key("IPv4 Crypto ISAKMP SA\n") is None


def test_isakmp_key_with_masks_after_a_slash_and_keyrings_on_their_own_line() -> None:
    text = (
        "Keyring      Hostname/Address                            Preshared Key\n\n"
        "default      \n             10.0.12.2                                   a\n"
        "keyring1     10.0.0.0/255.255.255.0                      b\n"
    )
    rows = parse_isakmp_key(redact(text, FINGERPRINTER).text)
    assert rows is not None
    assert [(row.keyring, row.prefix) for row in rows] == [
        ("default", prefix("10.0.12.2", 32)),
        ("keyring1", prefix("10.0.0.0", 24)),
    ]


def test_isakmp_sa() -> None:
    text = """\
IPv4 Crypto ISAKMP SA
dst             src             state          conn-id status
192.168.0.2     192.168.0.1     QM_IDLE           1012 ACTIVE
10.0.0.2        10.0.0.1        MM_NO_STATE          0 ACTIVE (deleted)

IPv6 Crypto ISAKMP SA
"""
    assert parse_isakmp_sa(text) == (
        IsakmpSa(ip_address("192.168.0.2"), ip_address("192.168.0.1"), "QM_IDLE", "ACTIVE", 1012),
        IsakmpSa(ip_address("10.0.0.2"), ip_address("10.0.0.1"), "MM_NO_STATE", "ACTIVE (deleted)", 0),
    )


def test_isakmp_sa_of_a_redundant_pair_and_in_detail() -> None:
    slot = "dst             src             state          conn-id slot status\n10.1.1.3   10.1.1.2 QM_IDLE     5    0 STDBY\n"
    assert parse_isakmp_sa(slot) == (IsakmpSa(ip_address("10.1.1.3"), ip_address("10.1.1.2"), "QM_IDLE", "STDBY", 5),)
    detail = """\
C-id  Local           Remote          I-VRF  Status Encr Hash   Auth DH Lifetime Cap.

1002  10.0.0.1        10.0.0.2        RED    ACTIVE aes  sha    psk  14 23:59:10 D
       Engine-id:Conn-id =  SW:2
1003  10.0.0.1        10.0.0.3               ACTIVE aes  sha256 psk  14 00:01:12
"""
    rows = parse_isakmp_sa(redact(detail, FINGERPRINTER).text)
    assert rows is not None
    assert [(str(row.destination), row.status, row.conn_id) for row in rows] == [
        ("10.0.0.2", "ACTIVE", 1002),
        ("10.0.0.3", "ACTIVE", 1003),
    ]


def test_isakmp_sa_empty_or_not_at_all() -> None:
    assert (
        parse_isakmp_sa("IPv4 Crypto ISAKMP SA\ndst             src             state          conn-id status\n") == ()
    )
    assert parse_isakmp_sa("interface Tunnel1\n") is None


def test_session_detail() -> None:
    text = """\
R1#show crypto session detail
Crypto session current status

Code: C - IKE Configuration mode, D - Dead Peer Detection
K - Keepalives, N - NAT-traversal, T - cTCP encapsulation

Interface: Tunnel1
Profile: profile:2
Uptime: 00:01:02
Session status: UP-ACTIVE
Peer: 10.0.0.2 port 500 fvrf: INET ivrf: (none)
      Phase1_id: 10.0.0.2
      Desc: (none)
  Session ID: 0
  IKEv1 SA: local 10.0.0.1/500 remote 10.0.0.2/500 Active
          Capabilities:D connid:1042 lifetime:05:50:03
  IPSEC FLOW: permit 47 host 10.0.0.1 host 10.0.0.2
        Active SAs: 2, origin: crypto map
        Inbound:  #pkts dec'ed 4 drop 0 life (KB/Sec) KB Vol Rekey Disabled/3060
Peer: 10.0.0.3 port 500 fvrf: (none) ivrf: (none)
  IPSEC FLOW: permit 47 host 10.0.0.1 host 10.0.0.3
        Active SAs: 0, origin: crypto map

Interface: Tunnel2
Session status: DOWN
Peer: 2001:DB8::2 port 500 fvrf: (none) ivrf: (none)
  IKEv2 SA: local 2001:DB8::1/500
          remote 2001:DB8::2/500 Inactive
"""
    assert _without_state(parse_session(text)) == (
        CryptoSession(
            "Tunnel1", "UP-ACTIVE", ip_address("10.0.0.2"), ip_address("10.0.0.1"), "INET", "profile:2", 1, 2
        ),
        CryptoSession("Tunnel1", "UP-ACTIVE", ip_address("10.0.0.3"), None, None, "profile:2", None, 0),
        CryptoSession("Tunnel2", "DOWN", ip_address("2001:db8::2"), ip_address("2001:db8::1"), None, None, 2, 0),
    )


def _without_state(found: tuple[CryptoSession, ...] | None) -> tuple[CryptoSession, ...]:
    """Times, packets and IKE associations are in test_shows_state.py."""
    plain = {"uptime": None, "encaps": None, "decaps": None, "connections": ()}
    return tuple(msgspec.structs.replace(session, **plain) for session in found or ())


def test_session_of_an_old_release_and_of_a_router_without_any() -> None:
    text = "Interface: Tunnel0\nSession status: UP-IDLE\nPeer: 10.0.0.2 port 500\n"
    text += "  IKE SA: local 10.0.0.1/500 remote 10.0.0.2/500 Active\n"
    assert _without_state(parse_session(text)) == (
        CryptoSession("Tunnel0", "UP-IDLE", ip_address("10.0.0.2"), ip_address("10.0.0.1"), ike_version=1),
    )
    assert parse_session("Crypto session current status\n\n") == ()
    assert parse_session("interface: Tunnel102\n    Crypto map tag: Tunnel102-head-0\n") is None


@pytest.mark.parametrize(
    ("text", "release", "platform"),
    [
        (
            "Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.3(3)M5, RELEASE SOFTWARE (fc3)\n"
            "Cisco CISCO2911/K9 (revision 1.0) with 487424K/36864K bytes of memory.\n",
            "15.3(3)M5",
            "CISCO2911/K9",
        ),
        (
            "Cisco IOS XE Software, Version 17.09.05a\n"
            "Cisco IOS Software [Cupertino], ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M), Version 17.9.5a, RELEASE\n"
            "cisco ISR4431/K9 (1RU) processor with 1684579K/6147K bytes of memory.\n",
            "17.09.05a",
            "ISR4431/K9",
        ),
        (
            "Cisco IOS XE Software, Version 03.16.04b.S - Extended Support Release\n"
            "Cisco IOS Software, ASR1000 Software (PPC_LINUX_IOSD-ADVENTERPRISEK9-M), Version 15.5(3)S4b, RELEASE\n"
            "cisco ASR1001 (1RU) processor with 3755961K/6147K bytes of memory.\n",
            "15.5(3)S4b",
            "ASR1001",
        ),
        (
            "Cisco IOS Software, 7200 Software (C7200-ADVENTERPRISEK9-M), Version 15.2(4)S7, RELEASE SOFTWARE (fc4)\n"
            "Cisco 7206VXR (NPE400) processor (revision A) with 491520K/32768K bytes of memory.\n",
            "15.2(4)S7",
            "7206VXR",
        ),
        (
            "Cisco IOS Software, Linux Software (I86BI_LINUX-ADVENTERPRISEK9-M), Version 15.4(1)T, DEVELOPMENT TEST SOFTWARE\n"
            "Linux Unix (Intel-x86) processor with 124582K bytes of memory.\n",
            "15.4(1)T",
            None,
        ),
        (
            "Cisco Internetwork Operating System Software\n"
            "IOS (tm) 3600 Software (C3640-IK9O3S-M), Version 12.3(26), RELEASE SOFTWARE (fc2)\n"
            "cisco 3640 (R4700) processor (revision 0x00) with 124928K/6144K bytes of memory.\n",
            "12.3(26)",
            "3640",
        ),
    ],
)
def test_version(text: str, release: str, platform: str | None) -> None:
    assert parse_version(text) == (release, platform)


def test_version_of_something_else() -> None:
    assert parse_version("Cisco Adaptive Security Appliance Software Version 9.8(2)\n") is None


def test_ikev2_sa_detailed() -> None:
    text = """\
 IPv4 Crypto IKEv2  SA

Tunnel-id Local                 Remote                fvrf/ivrf            Status
1         10.0.0.1/4500         10.0.0.2/4500         INET/none            READY
      Encr: AES-CBC, keysize: 256, PRF: SHA384, Hash: SHA384, DH Grp:20, Auth sign: PSK, Auth verify: PSK
      Life/Active Time: 86400/735 sec
      Local id: R1.example.net
      Remote id: 10.0.0.2
      Initiator of SA : Yes

 IPv6 Crypto IKEv2  SA
"""
    found = parse_ikev2_sa(redact(text, FINGERPRINTER).text)
    assert found is not None
    (sa,) = found
    assert (sa.tunnel_id, str(sa.local), sa.local_port, str(sa.remote), sa.remote_port) == (
        1,
        "10.0.0.1",
        4500,
        "10.0.0.2",
        4500,
    )
    assert (sa.fvrf, sa.ivrf, sa.status, sa.initiator) == ("INET", None, "READY", True)
    assert (sa.encryption, sa.integrity, sa.prf, sa.group, sa.sign, sa.verify) == (
        "AES-CBC-256",
        "SHA384",
        "SHA384",
        "20",
        "PSK",
        "PSK",
    )
    assert (sa.local_id, sa.remote_id) == ("R1.example.net", "10.0.0.2")


def test_ikev2_session_counts_children_and_reads_the_ipv6_layout() -> None:
    text = """\
 IPv6 Crypto IKEv2 Session

Session-id:3, Status:UP-ACTIVE, IKE count:1, CHILD count:1

Tunnel-id    fvrf/ivrf              Status
1          none/none             READY
Local  2001:DB8::1/500
Remote  2001:DB8::2/500
      Encr: AES-GCM, keysize: 256, PRF: SHA512, Hash: None, DH Grp:21, Auth sign: PSK, Auth verify: PSK
Child sa: local selector  2001:DB8::1/0 - 2001:DB8::1/65535
          remote selector 2001:DB8::2/0 - 2001:DB8::2/65535
"""
    found = parse_ikev2_sa(text)
    assert found is not None
    assert [(str(sa.local), str(sa.remote), sa.children, sa.initiator) for sa in found] == [
        ("2001:db8::1", "2001:db8::2", 1, None)
    ]


def test_dmvpn() -> None:
    text = """\
Legend: Attrb --> S - Static, D - Dynamic, I - Incomplete
        N - NATed, L - Local, X - No Socket
        # Ent --> Number of NHRP entries with same NBMA peer

Interface: Tunnel301, IPv4 NHRP Details
Type:Hub, NHRP Peers:3,

 # Ent  Peer NBMA Addr Peer Tunnel Add State  UpDn Tm Attrb
 ----- --------------- --------------- ----- -------- -----
     2     202.100.1.3    20.169.169.1    UP 00:11:25     D
                          20.169.169.9    UP 00:11:25    DX
     1     202.100.1.4    20.169.169.2   IKE    never     S
"""
    assert parse_dmvpn(text) == (
        DmvpnPeer("Tunnel301", "202.100.1.3", ip_address("20.169.169.1"), "UP", "D"),
        DmvpnPeer("Tunnel301", "202.100.1.3", ip_address("20.169.169.9"), "UP", "DX"),
        DmvpnPeer("Tunnel301", "202.100.1.4", ip_address("20.169.169.2"), "IKE", "S"),
    )
    assert parse_dmvpn("Legend: Attrb --> S - Static, D - Dynamic, I - Incomplete\n") == ()
    assert parse_dmvpn("router eigrp 1\n") is None


def test_the_line_of_a_dmvpn_peer_is_known() -> None:
    """The server's address stands in a line about it before, too."""
    text = (
        "Interface Tunnel0 is up/up, Addr. is 10.0.0.2\nIPv4 NHS:\n10.0.0.1  RE priority = 0 cluster = 0\n"
        "Interface: Tunnel0, IPv4 NHRP Details\n # Ent  Peer NBMA Addr Peer Tunnel Add State  UpDn Tm Attrb\n"
        "     1       192.0.2.1        10.0.0.1   IKE    never     S\n"
    )
    (peer,) = parse_shows({"show dmvpn detail": text}).outputs.dmvpn_peers or ()
    assert peer.at is not None
    assert (peer.at.number, peer.at.text.split()[2:4]) == (6, ["10.0.0.1", "IKE"])


def test_what_is_not_understood_is_a_problem_and_never_an_error() -> None:
    shows = parse_shows(
        {
            "show crypto isakmp key": "complete nonsense\n",
            "show crypto isakmp sa": "              ^\n% Invalid input detected at '^' marker.\n",
            "show crypto session detail": "Crypto session current status\n",
            "show crypto ikev2 sa detailed": "\n",
            "show archive": "The maximum archive configurations allowed is 10.\n",
        }
    )
    assert shows.outputs.keys is None
    assert shows.outputs.isakmp_sas is None
    assert shows.outputs.sessions == ()
    assert shows.outputs.ikev2_sas == ()
    assert shows.problems == {
        "show crypto isakmp key": "the output is not understood",
        "show crypto isakmp sa": "the router did not accept the command",
    }
