"""Every recipe of DOMAIN 12 runs through the engine: no line refused, the text afterwards as worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from ikeaudit.candidate import Candidate, Comparison, Reply, compare

DATA = Path(__file__).parent / "candidate"

A1 = """\
configure terminal revert timer 10
crypto isakmp profile profile2
! add survivor first (list)
 keyring keyring1
exit
! empty the old keyring before unlisting it: no step hangs on who wins the tie
crypto keyring keyring2
 no pre-shared-key address 192.168.0.2 key cisco
exit
crypto isakmp profile profile2
 no keyring keyring2
exit
no crypto keyring keyring2
end
"""

A1_ROLLBACK = """\
crypto keyring keyring2
 pre-shared-key address 192.168.0.2 key cisco
exit
crypto isakmp profile profile2
 keyring keyring2
 no keyring keyring1
end
"""

A1_AFTER_CRYPTO = """\
crypto keyring keyring1
  pre-shared-key address 192.168.0.2 key cisco
!
crypto isakmp policy 10
 encr 3des
 hash md5
 authentication pre-share
 group 2
crypto isakmp profile profile1
   keyring keyring1
   match identity address 192.168.0.102 255.255.255.255
crypto isakmp profile profile2
   keyring keyring1
   match identity address 192.168.0.2 255.255.255.255
!
"""

A2_BEFORE = """\
hostname SPOKE
!
crypto keyring OLD1
  pre-shared-key address 198.51.100.1 key <PSK:1111111111111111>
crypto keyring OLD2
  pre-shared-key address 198.51.100.2 key <PSK:2222222222222222>
!
crypto isakmp profile P1
   keyring OLD1
   match identity address 198.51.100.1 255.255.255.255
crypto isakmp profile P2
   keyring OLD2
   match identity address 198.51.100.2 255.255.255.255
!
end
"""

A2 = """\
crypto keyring KR-ALL
 description consolidated CHG-1
 pre-shared-key address 198.51.100.1 key <PSK:1111111111111111>
 pre-shared-key address 198.51.100.2 key <PSK:2222222222222222>
 pre-shared-key address 203.0.113.0 255.255.255.0 key <PSK:3333333333333333>
exit
crypto isakmp profile P1
! profile now lists OLD1 and KR-ALL (see U-3)
 keyring KR-ALL
exit
crypto isakmp profile P2
 keyring KR-ALL
exit
! ---- checkpoint: both directions still UP for every peer ----
crypto keyring OLD1
 no pre-shared-key address 198.51.100.1 key <PSK:1111111111111111>
exit
crypto isakmp profile P1
 no keyring OLD1
exit
no crypto keyring OLD1
crypto keyring OLD2
 no pre-shared-key address 198.51.100.2 key <PSK:2222222222222222>
exit
crypto isakmp profile P2
 no keyring OLD2
exit
no crypto keyring OLD2
end
"""

A2_AFTER = """\
hostname SPOKE
!
crypto keyring KR-ALL
  description consolidated CHG-1
  pre-shared-key address 198.51.100.1 key <PSK:1111111111111111>
  pre-shared-key address 198.51.100.2 key <PSK:2222222222222222>
  pre-shared-key address 203.0.113.0 255.255.255.0 key <PSK:3333333333333333>
!
crypto isakmp profile P1
   keyring KR-ALL
   match identity address 198.51.100.1 255.255.255.255
crypto isakmp profile P2
   keyring KR-ALL
   match identity address 198.51.100.2 255.255.255.255
!
end
"""

A2_ROLLBACK = """\
crypto keyring OLD1
 pre-shared-key address 198.51.100.1 key <PSK:1111111111111111>
crypto keyring OLD2
 pre-shared-key address 198.51.100.2 key <PSK:2222222222222222>
crypto isakmp profile P1
 keyring OLD1
crypto isakmp profile P2
 keyring OLD2
crypto keyring KR-ALL
 no pre-shared-key address 198.51.100.1 key <PSK:1111111111111111>
 no pre-shared-key address 198.51.100.2 key <PSK:2222222222222222>
 no pre-shared-key address 203.0.113.0 255.255.255.0 key <PSK:3333333333333333>
crypto isakmp profile P1
 no keyring KR-ALL
crypto isakmp profile P2
 no keyring KR-ALL
no crypto keyring KR-ALL
end
"""

A3 = """\
crypto isakmp profile P-SITE2
 keyring K-SITE1
exit
crypto keyring K-SITE1
 pre-shared-key address 198.51.100.2 key <PSK:2222222222222222>
exit
crypto keyring K-SITE2
 no pre-shared-key address 198.51.100.2 key <PSK:2222222222222222>
exit
crypto isakmp profile P-SITE2
 no keyring K-SITE2
exit
no crypto keyring K-SITE2
crypto map CM 10 ipsec-isakmp
 set isakmp-profile P-SITE1
end
"""

A3_ROLLBACK = """\
crypto map CM 10 ipsec-isakmp
 no set isakmp-profile P-SITE1
exit
crypto keyring K-SITE2
 pre-shared-key address 198.51.100.2 key <PSK:2222222222222222>
exit
crypto isakmp profile P-SITE2
 keyring K-SITE2
exit
crypto keyring K-SITE1
 no pre-shared-key address 198.51.100.2 key <PSK:2222222222222222>
exit
crypto isakmp profile P-SITE2
 no keyring K-SITE1
end
"""

A5_BEFORE = """\
hostname R1
!
crypto isakmp policy 10
 encr aes 256
 authentication pre-share
 group 14
crypto isakmp key <PSK:aaaaaaaaaaaaaaaa> address 192.168.0.2
crypto isakmp profile P1
   match identity address 192.168.0.2 255.255.255.255
!
end
"""

A5 = """\
crypto keyring KR-ALL
 pre-shared-key address 192.168.0.2 key <PSK:aaaaaaaaaaaaaaaa>
exit
crypto isakmp profile P1
 keyring KR-ALL
 keyring default
exit
no crypto isakmp key <PSK:aaaaaaaaaaaaaaaa> address 192.168.0.2
crypto isakmp profile P1
 no keyring default
end
"""

A5_AFTER = """\
hostname R1
!
crypto keyring KR-ALL
  pre-shared-key address 192.168.0.2 key <PSK:aaaaaaaaaaaaaaaa>
!
crypto isakmp policy 10
 encr aes 256
 authentication pre-share
 group 14
crypto isakmp profile P1
   keyring KR-ALL
   match identity address 192.168.0.2 255.255.255.255
!
end
"""

B1_ADDITIVE = """\
crypto ikev2 proposal V2-PROP
 encryption aes-cbc-256
 integrity sha384
 group 20 19
exit
crypto ikev2 policy V2-POL
 match fvrf any
 proposal V2-PROP
exit
crypto ikev2 keyring V2-KR
 peer R2
  address 192.168.0.2
  pre-shared-key local <PSK:aaaaaaaaaaaaaaaa>
  pre-shared-key remote <PSK:bbbbbbbbbbbbbbbb>
 exit
exit
crypto ikev2 profile V2-R2
 match identity remote address 192.168.0.2 255.255.255.255
 identity local address 192.168.0.1
 authentication remote pre-share
 authentication local pre-share
 keyring local V2-KR
 lifetime 86400
 dpd 10 3 on-demand
exit
crypto ipsec transform-set V2-TS esp-aes 256 esp-sha256-hmac
 mode tunnel
exit
crypto ipsec profile V2-IPSEC
 set transform-set V2-TS
 set pfs group20
 set ikev2-profile V2-R2
end
"""

B1_SWITCH = """\
configure terminal revert timer 15
interface Tunnel1
 tunnel protection ipsec profile V2-IPSEC
end
"""

B1_CLEANUP = """\
no crypto ipsec profile profile1
no crypto isakmp profile profile2
no crypto isakmp profile profile1
no crypto keyring keyring2
no crypto keyring keyring1
end
"""

B1_AFTER_ADDITIVE = """\
hostname R1
!
crypto ikev2 proposal V2-PROP
 encryption aes-cbc-256
 integrity sha384
 group 20 19
!
crypto ikev2 policy V2-POL
 match fvrf any
 proposal V2-PROP
!
crypto ikev2 keyring V2-KR
 peer R2
  address 192.168.0.2
  pre-shared-key local <PSK:aaaaaaaaaaaaaaaa>
  pre-shared-key remote <PSK:bbbbbbbbbbbbbbbb>
 !
!
crypto ikev2 profile V2-R2
 match identity remote address 192.168.0.2 255.255.255.255
 identity local address 192.168.0.1
 authentication remote pre-share
 authentication local pre-share
 keyring local V2-KR
 dpd 10 3 on-demand
!
crypto keyring keyring1
"""

B2 = """\
crypto map CM 10 ipsec-isakmp
! if present
 no set isakmp-profile P-SITE1
 set ikev2-profile V2-SITE1
 set transform-set V2-TS
 set pfs group20
end
clear crypto session remote 198.51.100.1
"""

B2_ADDITIVE = """\
crypto ikev2 keyring V2-KR
 peer SITE1
  address 198.51.100.1
  pre-shared-key <PSK:cccccccccccccccc>
crypto ikev2 profile V2-SITE1
 match identity remote address 198.51.100.1
 authentication remote pre-share
 authentication local pre-share
 keyring local V2-KR
crypto ipsec transform-set V2-TS esp-gcm 256
 mode tunnel
"""

B2_ROLLBACK = """\
crypto map CM 10 ipsec-isakmp
 no set ikev2-profile V2-SITE1
 set isakmp-profile P-SITE1
 set transform-set TS
 no set pfs
end
clear crypto session remote 198.51.100.1
"""


def seed() -> Candidate:
    return Candidate.from_text((DATA / "seed_r1.cfg").read_text())


def crypto_map() -> Candidate:
    return Candidate.from_text((DATA / "crypto_map.cfg").read_text())


def run(candidate: Candidate, commands: str) -> list[Reply]:
    """Apply and insist that no answer holds a per cent sign or a refusal."""
    replies = candidate.apply(commands.splitlines())
    assert [r.output for r in replies if "%" in r.output or r.refused] == []
    return replies


def test_a1_gives_the_text_of_the_recipe() -> None:
    candidate = seed()
    before = candidate.text()
    run(candidate, A1)
    start, end = before.index("crypto keyring keyring1"), before.index("crypto ipsec transform-set")
    assert candidate.text() == before[:start] + A1_AFTER_CRYPTO + before[end:]


def test_a1_changes_exactly_four_lines() -> None:
    replies = run(seed(), A1)
    assert [r.command.strip() for r in replies if r.changed] == [
        "keyring keyring1",
        "no pre-shared-key address 192.168.0.2 key cisco",
        "no keyring keyring2",
        "no crypto keyring keyring2",
    ]


def test_a1_rollback_puts_keyring2_behind_keyring1_again() -> None:
    candidate = seed()
    before = candidate.text()
    run(candidate, A1)
    run(candidate, A1_ROLLBACK)
    assert candidate.text() == before


def test_rollback_of_the_first_keyring_cannot_restore_the_order() -> None:
    candidate = seed()
    before = candidate.copy()
    run(
        candidate,
        "crypto isakmp profile profile1\n keyring keyring2\n no keyring keyring1\nno crypto keyring keyring1\n"
        "crypto keyring keyring1\n pre-shared-key address 192.168.0.2 key cisco\n"
        "crypto isakmp profile profile1\n keyring keyring1\n no keyring keyring2\nend",
    )
    found = compare(before, candidate)
    assert found.differences == ()
    assert found.order == ("order of crypto keyring: crypto keyring keyring1, crypto keyring keyring2 against "
                           "crypto keyring keyring2, crypto keyring keyring1",)  # fmt: skip


def test_a2_and_its_rollback() -> None:
    candidate = Candidate.from_text(A2_BEFORE)
    run(candidate, A2)
    assert candidate.text() == A2_AFTER
    run(candidate, A2_ROLLBACK)
    assert candidate.text() == A2_BEFORE


def test_a3_and_its_rollback() -> None:
    candidate = crypto_map()
    before = candidate.text()
    run(candidate, A3)
    after = candidate.text()
    assert "K-SITE2" not in after
    assert (
        "crypto keyring K-SITE1\n  pre-shared-key address 198.51.100.1 key <PSK:1111111111111111>\n"
        "  pre-shared-key address 198.51.100.2 key <PSK:2222222222222222>\n!\n" in after
    )
    assert (
        "crypto map CM 10 ipsec-isakmp\n set peer 198.51.100.1\n set transform-set TS\n"
        " set isakmp-profile P-SITE1\n match address ACL1\n" in after
    )
    run(candidate, A3_ROLLBACK)
    assert candidate.text() == before


def test_a4_keyring_and_profile_of_a_front_door_vrf() -> None:
    candidate = Candidate.from_text(
        "hostname R\n!\nvrf definition INET\n!\ninterface Tunnel1\n tunnel source Loopback0\n!\nend\n"
    )
    replies = candidate.apply(
        [
            "crypto keyring KR-INET vrf INET",
            " pre-shared-key address 198.51.100.1 key <PSK:1111111111111111>",
            "crypto isakmp profile P1",
            " keyring KR-INET",
            " match identity address 198.51.100.1 255.255.255.255 INET",
            "interface Tunnel1",
            " tunnel vrf INET",
        ]
    )
    assert [r.output for r in replies if r.output] == [
        "% A profile is deemed incomplete until it has match identity statements"
    ]
    assert not any(r.refused for r in replies)
    assert (
        "crypto keyring KR-INET vrf INET\n  pre-shared-key address 198.51.100.1 key <PSK:1111111111111111>\n!\n"
        "crypto isakmp profile P1\n   keyring KR-INET\n   match identity address 198.51.100.1 255.255.255.255 INET\n!\n"
        "interface Tunnel1\n tunnel source Loopback0\n tunnel vrf INET\n!\nend\n" in candidate.text()
    )


def test_a5_global_key_into_a_keyring() -> None:
    candidate = Candidate.from_text(A5_BEFORE)
    run(candidate, A5)
    assert candidate.text() == A5_AFTER
    run(
        candidate,
        "crypto isakmp key <PSK:aaaaaaaaaaaaaaaa> address 192.168.0.2\ncrypto isakmp profile P1\n keyring default\nend",
    )
    assert (
        " group 14\ncrypto isakmp key <PSK:aaaaaaaaaaaaaaaa> address 192.168.0.2\ncrypto isakmp profile P1"
        in candidate.text()
    )


def test_b1_switch_rollback_and_cleanup() -> None:
    candidate = seed()
    before = candidate.copy()
    run(candidate, B1_ADDITIVE)
    assert B1_AFTER_ADDITIVE in candidate.text()
    assert (
        "crypto ipsec profile profile1\n set transform-set TS\n set isakmp-profile profile2\n!\n"
        "crypto ipsec profile V2-IPSEC\n set transform-set V2-TS\n set pfs group20\n set ikev2-profile V2-R2\n!\n"
        in candidate.text()
    )
    run(candidate, B1_SWITCH)
    assert " tunnel destination 192.168.0.2\n tunnel protection ipsec profile V2-IPSEC\n!" in candidate.text()
    run(
        candidate,
        "interface Tunnel1\n tunnel protection ipsec profile profile1\nend\nclear crypto session remote 192.168.0.2",
    )
    added = compare(before, candidate).differences
    assert len(added) == 6
    assert all(line.startswith("only in the second: crypto i") for line in added)
    run(candidate, B1_SWITCH)
    run(candidate, B1_CLEANUP)
    text = candidate.text()
    assert "keyring1" not in text
    assert "crypto isakmp profile" not in text
    assert "crypto isakmp policy 10" in text


def test_b2_crypto_map_and_its_rollback() -> None:
    candidate = crypto_map()
    run(candidate, "crypto map CM 10 ipsec-isakmp\n set isakmp-profile P-SITE1\nend")
    run(candidate, B2_ADDITIVE)
    before = candidate.text()
    run(candidate, B2)
    assert (
        "crypto map CM 10 ipsec-isakmp\n set peer 198.51.100.1\n set transform-set V2-TS\n set pfs group20\n"
        " set ikev2-profile V2-SITE1\n match address ACL1\n" in candidate.text()
    )
    run(candidate, B2_ROLLBACK)
    assert candidate.text() == before


def test_b3_second_cloud() -> None:
    candidate = Candidate.from_text(
        "hostname HUB\n!\nvrf definition INET\n!\ncrypto ipsec transform-set TS-TRANSPORT esp-aes\n mode transport\n!\n"
        "crypto ipsec profile DMVPN\n set transform-set TS-TRANSPORT\n!\n"
        "interface Tunnel10\n tunnel protection ipsec profile DMVPN\n!\n"
        "interface GigabitEthernet0/0/0\n ip address 203.0.113.1 255.255.255.0\n!\nend\n"
    )
    run(
        candidate,
        """\
crypto ikev2 keyring V2-DMVPN-KR
 peer SPOKES
  address 0.0.0.0 0.0.0.0
  pre-shared-key <PSK:dddddddddddddddd>
crypto ikev2 profile V2-DMVPN
 match fvrf INET
 match identity remote address 0.0.0.0
 authentication remote pre-share
 authentication local pre-share
 keyring local V2-DMVPN-KR
 dpd 30 5 on-demand
crypto ipsec transform-set V2-DTS esp-aes 256 esp-sha256-hmac
 mode transport
crypto ipsec profile V2-DMVPN-IPSEC
 set transform-set V2-DTS
 set ikev2-profile V2-DMVPN
interface Tunnel20
 ip address 10.20.0.1 255.255.255.0
 no ip redirects
 ip nhrp network-id 20
 ip nhrp map multicast dynamic
 ip nhrp nhs 10.20.0.1 nbma 203.0.113.9 multicast
 tunnel source Loopback20
 tunnel mode gre multipoint
 tunnel key 20
 tunnel vrf INET
 tunnel protection ipsec profile V2-DMVPN-IPSEC
""",
    )
    assert (
        "interface Tunnel10\n tunnel protection ipsec profile DMVPN\n!\n"
        "interface Tunnel20\n ip address 10.20.0.1 255.255.255.0\n no ip redirects\n ip nhrp map multicast dynamic\n"
        " ip nhrp network-id 20\n ip nhrp nhs 10.20.0.1 nbma 203.0.113.9 multicast\n"
        " tunnel source Loopback20\n tunnel mode gre multipoint\n tunnel key 20\n tunnel vrf INET\n"
        " tunnel protection ipsec profile V2-DMVPN-IPSEC\n!\ninterface GigabitEthernet0/0/0\n" in candidate.text()
    )
    assert " match identity remote address 0.0.0.0\n" in candidate.text()
    run(candidate, "interface Tunnel20\n shutdown\nend")
    assert " shutdown\n tunnel source Loopback20\n" in candidate.text()


def test_b4_hardening_and_back() -> None:
    candidate = seed()
    before = candidate.copy()
    run(candidate, "crypto isakmp aggressive-mode disable\nno crypto isakmp default policy\nend")
    assert "no crypto isakmp default policy\n" in candidate.text()
    assert "crypto isakmp aggressive-mode disable\n" in candidate.text()
    run(candidate, "no crypto isakmp aggressive-mode disable\ncrypto isakmp default policy\nend")
    assert compare(before, candidate) == Comparison(differences=(), order=())


def test_wrapper_of_the_change_window() -> None:
    candidate = seed()
    run(
        candidate,
        """\
conf t
 archive
! flash: on classic IOS
  path bootflash:chg-
  maximum 14
  log config
   logging enable
   hidekeys
 end
archive config
copy running-config bootflash:pre-CHG-1.cfg
configure terminal revert timer 15
""",
    )
    assert (
        "archive\n log config\n  logging enable\n  hidekeys\n path bootflash:chg-\n maximum 14\n!\n" in candidate.text()
    )


@pytest.mark.parametrize("strict", [True, False])
def test_deleting_an_object_in_use_is_refused_only_when_strict(strict: bool) -> None:
    candidate = seed()
    candidate.strict_references = strict
    for line, user in (
        ("no crypto keyring keyring2", "crypto isakmp profile profile2"),
        ("no crypto isakmp profile profile2", "crypto ipsec profile profile1"),
        ("no crypto ipsec profile profile1", "interface Tunnel1"),
    ):
        (reply,) = candidate.apply([line])
        assert reply.refused is strict
        assert reply.changed is not strict
        assert (user in reply.output) is strict
