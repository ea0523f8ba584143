"""What show commands say of the age, the traffic and the algorithms of associations; layouts of the corpus, values by hand."""

from __future__ import annotations

import pytest

from ikeaudit.model import IsakmpDetail, ShownLine, parse_address
from ikeaudit.parsing.shows import parse_clock, parse_ikev2_sa, parse_isakmp_detail, parse_session, parse_shows
from ikeaudit.parsing.shows.times import seconds

SESSION = """Crypto session current status

Interface: Tunnel0
Profile: nil_ike_prof
Uptime: 3d18h
Session status: UP-ACTIVE
Peer: 10.1.1.3 port 500 fvrf: (none) ivrf: (none)
      Phase1_id: 10.1.1.3
  IKEv1 SA: local 10.1.1.4/500 remote 10.1.1.3/500 Active
          Capabilities:(none) connid:1003 lifetime:22:03:24
  IKEv1 SA: local 10.1.1.4/500 remote 10.1.1.3/500 Inactive
          Capabilities:(none) connid:1002 lifetime:0
  IPSEC FLOW: permit 47 host 10.1.1.4 host 10.1.1.3
        Active SAs: 0, origin: crypto map
        Inbound:  #pkts dec'ed 3 drop 0 life (KB/Sec) 0/0
        Outbound: #pkts enc'ed 5 drop 0 life (KB/Sec) 0/0
  IPSEC FLOW: permit ip host 10.1.1.4 host 10.1.1.3
        Active SAs: 4, origin: crypto map
        Inbound:  #pkts dec'ed 40 drop 0 life (KB/Sec) 4605665/2949
        Outbound: #pkts enc'ed 44 drop 1 life (KB/Sec) 4605665/2949
"""


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("05:50:03", 21003),
        ("3d18h", 324000),
        ("7w0d", 4233600),
        ("1y2w", 32745600),
        ("0", 0),
        ("never", None),
        ("1:2", None),
        (None, None),
    ],
)
def test_times(text: str | None, wanted: int | None) -> None:
    assert seconds(text) == wanted


def test_a_detailed_session_tells_its_age_its_packets_and_its_ike_associations() -> None:
    (session,) = parse_session(SESSION) or ()
    assert (session.uptime, session.encaps, session.decaps, session.active_sas) == (324000, 49, 43, 4)
    assert [(c.ike_version, str(c.local), c.state, c.conn_id, c.remaining) for c in session.connections] == [
        (1, "10.1.1.4", "Active", 1003, 79404),
        (1, "10.1.1.4", "Inactive", 1002, 0),
    ]


def test_a_short_session_tells_none_of_them() -> None:
    (session,) = (
        parse_session(
            "Crypto session current status\n\nInterface: Tunnel0\nSession status: UP-ACTIVE\nPeer: 10.1.1.3 port 500 \n"
            "  IKEv2 SA: local 10.1.1.4/500 remote 10.1.1.3/500 Active \n"
            "  IPSEC FLOW: permit 47 host 10.1.1.4 host 10.1.1.3\n        Active SAs: 2, origin: crypto map\n"
        )
        or ()
    )
    assert (session.uptime, session.encaps, session.decaps) == (None, None, None)
    assert [(c.ike_version, c.conn_id, c.remaining) for c in session.connections] == [(2, None, None)]


def test_what_isakmp_associations_agreed_on() -> None:
    found = parse_isakmp_detail(
        "C-id  Local           Remote          I-VRF  Status Encr Hash   Auth DH Lifetime Cap.\n"
        "29609 100.0.10.2      100.13.220.2     RED      ACTIVE aes  sha    psk  16 00:01:47 D  \n"
        "       Engine-id:Conn-id =  SW:12609\n"
        "0     10.0.0.1        10.0.0.3               ACTIVE                  psk  0  0         (deleted)\n"
        "1004  10.0.0.1        10.0.0.4               ACTIVE aes  sha256 rsig 14 23:59:40 CDNX (deleted)\n"
    )
    one, other = parse_address("100.0.10.2"), parse_address("100.13.220.2")
    assert one is not None and other is not None
    assert found == (IsakmpDetail(29609, one, other, "aes", "sha", "psk", "16", 107),)


def test_an_ikev2_association_tells_how_long_it_has_been_up() -> None:
    (sa,) = (
        parse_ikev2_sa(
            " IPv4 Crypto IKEv2  SA \n\nTunnel-id Local                 Remote                fvrf/ivrf            Status\n"
            "1         66.66.66.1/500        66.66.66.2/500        none/none            READY\n"
            "      Life/Active Time: 86400/735 sec\n      Initiator of SA : Yes\n"
        )
        or ()
    )
    assert (sa.lifetime, sa.active, sa.initiator) == (86400, 735, True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("R1#show clock\n*10:41:31.911 UTC Sat Mar 1 2025\n", "*10:41:31.911 UTC Sat Mar 1 2025"),
        ("23:18:24 MSK Tue Dec 10 2024\nR1#\n", "23:18:24 MSK Tue Dec 10 2024"),
        (".10:41:31 +04 Sat Mar  1 2025\n", ".10:41:31 +04 Sat Mar  1 2025"),
        ("% Invalid input detected at '^' marker.\n", None),
    ],
)
def test_the_clock(text: str, wanted: str | None) -> None:
    assert parse_clock(text) == wanted


CHANGE = "! Last configuration change at 12:54:48 UTC Wed Jan 15 2025"
LAST = "show running-config | include Last configuration change"


@pytest.mark.parametrize(
    ("text", "wanted", "problems"),
    [
        (f"R1#\n{CHANGE}\n", CHANGE, []),
        ("", "", []),
        ("% Invalid input detected at '^' marker.\n", None, [LAST]),
    ],
)
def test_the_last_change(text: str, wanted: str | None, problems: list[str]) -> None:
    found = parse_shows({LAST: text})
    assert (found.outputs.last_change, list(found.problems)) == (wanted, problems)


def test_rows_know_where_they_stand() -> None:
    """Two associations with one peer are two lines."""
    text = (
        "IPv4 Crypto ISAKMP SA\ndst             src             state          conn-id status\n"
        "10.0.0.2        10.0.0.1        QM_IDLE           1002 ACTIVE\n"
        "10.0.0.2        10.0.0.1        QM_IDLE           1001 ACTIVE\n"
    )
    rows = parse_shows({"show crypto isakmp sa": text}).outputs.isakmp_sas or ()
    command = "show crypto isakmp sa"
    assert [row.at for row in rows] == [
        ShownLine(command, 3, "10.0.0.2        10.0.0.1        QM_IDLE           1002 ACTIVE"),
        ShownLine(command, 4, "10.0.0.2        10.0.0.1        QM_IDLE           1001 ACTIVE"),
    ]
    (session,) = parse_shows({"show crypto session detail": SESSION}).outputs.sessions or ()
    assert session.at is not None and session.at.number == 7
