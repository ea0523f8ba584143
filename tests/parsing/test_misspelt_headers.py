"""A global command that matters, misspelt in one word, is unknown, with what stands below it; others stay of no interest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from parsed import FINGERPRINTER, config

from ikeaudit.parsing.redact import cut

HEAD = "version 15.9\nhostname R1\n!\ninterface Tunnel0\n ip address 10.0.0.1 255.255.255.0\n!\n"
NAT = "source list 1 interface Loopback0 overload"


def both(text: str) -> list[list[int]]:
    """The unknown lines, below ``HEAD``, of a printed and of a typed text, as collected and as read again from the disk."""
    found = []
    for front in ("", "R1#show running-config\n"):
        whole = f"{front}{HEAD}{text}\n!\nend\n"
        skipped = (front + HEAD).count("\n")
        stored = (whole, cut(whole, FINGERPRINTER).text)
        found += [[line - skipped for line, _ in config(one).unknown] for one in stored]
    return found


@pytest.mark.parametrize(
    "text",
    [
        "ipv6 access-lst X\n permit ipv6 any any",
        "vrf definiton V\n rd 1:1",
        "vfr definition V\n rd 1:1",
        "ip vfr V\n rd 1:1",
        "route-mpa NAT permit 10\n match ip address 1",
        "iterface Tunnel1\n tunnel source Loopback0",
        "ip acces-list extended A\n permit gre any any",
        "ip acess-lst extended A\n permit gre any any",
    ],
)
def test_a_section_with_a_misspelt_header_is_unknown(text: str) -> None:
    assert both(text) == [[1, 2]] * 4


@pytest.mark.parametrize(
    "text",
    [
        f"ip nat insde {NAT}",
        f"ip nta inside {NAT}",
        f"ip nat inside suorce {NAT[7:]}",
        "ip rout 10.0.0.0 255.0.0.0 Tunnel0",
        "ip rou 10.0.0.0 255.0.0.0 Tunnel0",
        "ip ruote 10.0.0.0 255.0.0.0 Tunnel0",
        "no ip ruote 10.0.0.0 255.0.0.0 Tunnel0",
        "ipv6 ruote 2001:db8::/32 Tunnel0",
        "ip hots R2 192.0.2.1",
        "access-lst 101 permit ip any any",
        "ip domian name example.org",
        f"ipp nat inside {NAT}",
        f"pi nat inside {NAT}",
        f"p nat inside {NAT}",
        "pi route 10.0.0.0 255.0.0.0 10.1.1.1",
        "iip route 10.0.0.0 255.0.0.0 10.1.1.1",
        "ipp host R2 192.0.2.1",
        "ip nat sorce list 1 interface Gi0/0 overload",
        "ip nat inside source lsit 1 interface Gi0/0 overload",
        "ip nat inside source sttaic 10.0.0.1 192.0.2.1",
        "ip ant inside source list 1 interface Gi0/0 overload",
        "crypto pki trusstpoint TP",
        "crypto ca certifcate map M 10",
    ],
)
def test_a_misspelt_command_is_unknown(text: str) -> None:
    assert both(text) == [[1]] * 4


@pytest.mark.parametrize(
    "text",
    [
        "ip http server",
        "ip domain name example.org",
        "ip domain-list example.org",
        "ip mroute 192.0.2.0 255.255.255.0 Null0",
        "ipv6 unicast-routing",
        "ipv6 router ospf 1",
        "ipx routing",
        "vrf upgrade-cli multi-af-mode common-policies",
        "route-tag notation dotted-decimal",
        "ip nat log translations syslog",
        "interfaces:",
        "ip acc ext A\nip host hots 192.0.2.1",
        "ipx route 10 20 30.0000.0c00.0001",
        "ip nat source list 1 interface Loopback0 overload",
        "ip nat inside so stat 10.0.0.1 192.0.2.1",
        "ip nat inside source static tcp 10.0.0.1 80 192.0.2.1 80 extendable",
        "no ip nat inside source list 1 interface Loopback0 overload",
        "ip nat service list 10 ftp tcp port 21",
        "crypto pki token default removal timeout 0",
    ],
)
def test_what_is_genuine_or_only_cut_short_is_not(text: str) -> None:
    assert both(text) == [[]] * 4


@pytest.mark.parametrize(
    "child",
    [
        "ip nta outside",
        "ipp nat outside",
        "ip nat inisde",
        "ip access-gropu 101 in",
        "ip access-group 101 inn",
        "ip vrf fowarding V",
        "vfr forwarding V",
        "ipv6 crypot map M",
        "dialer ool 1",
        "dailer pool 1",
        "vrpr 1 ip 10.0.0.2",
        "ip ospf netwrok point-to-multipoint",
    ],
)
def test_a_misspelt_command_of_an_interface_is_unknown(child: str) -> None:
    assert both(f"interface GigabitEthernet0/1\n {child}") == [[2]] * 4


@pytest.mark.parametrize(
    "child",
    [
        "ip nbar protocol-discovery",
        "ip acc 101 in",
        "ip rip send version 2",
        "ip ospf net point-to-point",
        "ip ospf cost 10",
        "ip mtu 1400",
        "ipx network 10",
        "ip vrf receive V",
        "dialer-group 1",
        "dialer idle-timeout 0",
        "vtp",
    ],
)
def test_a_genuine_command_of_an_interface_is_not(child: str) -> None:
    assert both(f"interface GigabitEthernet0/1\n {child}") == [[]] * 4


def test_no_more_of_a_misspelt_command_is_kept_than_is_harmless() -> None:
    text = HEAD + "ip ruote 10.0.0.0 255.0.0.0 Null0 name crypto map\nip acces-list extended S3cret\nip vfx9 S3cret\n"
    text += "ip nat sorce list S3cret pool S3cret\ncrypto pki trusstpoint 12 aes\ninterface Loopback0\n ip nta S3cret\n"
    assert cut(text, FINGERPRINTER).lines[9:13] == [
        f"ip nat sorce list {FINGERPRINTER.cut('S3cret pool S3cret')}",
        f"crypto pki trusstpoint {FINGERPRINTER.cut('12 aes')}",
        "interface Loopback0",
        f" ip nta {FINGERPRINTER.cut('S3cret')}",
    ]
    assert cut(text, FINGERPRINTER).lines[6:9] == [
        f"ip ruote 10.0.0.0 255.0.0.0 Null0 {FINGERPRINTER.cut('name crypto map')}",
        f"ip acces-list extended {FINGERPRINTER.cut('S3cret')}",
        f"ip {FINGERPRINTER.cut('vfx9 S3cret')}",
    ]


@pytest.mark.parametrize("front", ["NO ", "No ", "DEFAULT ", "no ", ""])
@pytest.mark.parametrize(
    "text", ["IP ACESS-LIST EXTENDED A", "Ip Acess-list Extended A", "IP RUOTE 10.0.0.0 255.0.0.0 Tunnel0"]
)
def test_a_misspelt_command_in_capitals_is_unknown(front: str, text: str) -> None:
    assert both(f"{front}{text}") == [[1]] * 4


@pytest.mark.parametrize("typed", [str.lower, str.upper, str.title])
@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("ip route 10.0.0.0 255.0.0.0", [1]),
        ("ip route 10.0.0.0 255.0.0.0 192.0.2.1", []),
        ("crypto isakmp policy 10\n no hsh md5", [2]),
        ("interface Tunnel1\n no tunnel protction ipsec profile P", [2]),
    ],
)
def test_capitals_change_nothing_behind_an_interface(
    typed: Callable[[str], str], text: str, unknown: list[int]
) -> None:
    assert both(typed(text)) == [unknown] * 4


def test_a_route_in_capitals_behind_an_interface_is_no_command_of_it() -> None:
    text = "hostname R1\ninterface Tunnel0\n ip address 10.0.0.1 255.255.255.0\n{}\nend\n"
    lower, upper = (
        config(text.format(line)) for line in ("ip route 10.0.0.0 255.0.0.0 Null0", "IP ROUTE 10.0.0.0 255.0.0.0 Null0")
    )
    assert [route.interface for route in upper.router.static_routes] == ["Null0"]
    assert upper.router.interfaces == lower.router.interfaces
