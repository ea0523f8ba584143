"""Object-groups in access lists: what each form of member stands for (ACL-GROUPS)."""

import pytest

from ikeaudit.model import AclEntry
from ikeaudit.parsing.config import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact.cut import cut

FINGERPRINTER = Fingerprinter(b"a test key of sufficient length.")
USE = """crypto map M 10 ipsec-isakmp
 set peer 198.51.100.1
 match address X
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 crypto map M
ip access-list extended X
"""


def entries(groups: str, line: str) -> list[AclEntry]:
    [parsed] = parse_configs(f"hostname A\n{groups}{USE} {line}\nend\n", file="a", fingerprinter=FINGERPRINTER)
    assert parsed.router is not None
    return list(parsed.router.acls[0].entries)


def networks(members: str) -> list[str] | None:
    group = "object-group network G\n" + "".join(f" {member}\n" for member in members.split("; "))
    found = entries(group, "permit ip object-group G any")
    return [str(entry.source) for entry in found] if found[0].source is not None else None


@pytest.mark.parametrize(
    ("members", "prefixes"),
    [
        ("host 10.1.1.1", ["10.1.1.1"]),
        ("10.2.0.0 255.255.0.0", ["10.2.0.0/16"]),
        ("10.2.3.4 255.255.0.0", ["10.2.0.0/16"]),
        ("10.9.0.0 /16", ["10.9.0.0/16"]),
        ("any", ["0.0.0.0/0"]),
        ("range 10.3.0.1 10.3.0.2", ["10.3.0.1", "10.3.0.2"]),
        ("range 10.3.0.0 10.3.1.255", ["10.3.0.0/23"]),
        ("description said; host 10.1.1.1; host 10.1.1.1", ["10.1.1.1"]),
        ("range 10.3.0.2 10.3.0.1", None),
        ("10.2.0.0 0.0.255.255", None),
        ("10.2.0.0 /33", None),
        ("group-object G", None),
        ("group-object H", None),
        ("host 10.1.1.1; hots 10.1.1.2", None),
        ("description said", None),
    ],
)
def test_what_a_member_of_a_network_group_stands_for(members: str, prefixes: list[str] | None) -> None:
    assert networks(members) == prefixes


@pytest.mark.parametrize(
    ("member", "service"),
    [
        ("ip", [("ip", "", "")]),
        ("esp", [("esp", "", "")]),
        ("50", [("50", "", "")]),
        ("icmp echo", [("icmp", "", "echo")]),
        ("tcp", [("tcp", "", "")]),
        ("tcp eq www", [("tcp", "", "eq www")]),
        ("tcp 443", [("tcp", "", "eq 443")]),
        ("udp range 4500 4600", [("udp", "", "range 4500 4600")]),
        ("tcp source gt 1023 eq www", [("tcp", "gt 1023", "eq www")]),
        ("tcp source range 1 2", [("tcp", "range 1 2", "")]),
        ("tcp-udp eq 53", [("tcp", "", "eq 53"), ("udp", "", "eq 53")]),
        ("tcp eq", [("object-group S", "", "")]),
        ("tcp eq www eq 443", [("object-group S", "", "")]),
        ("group-object S", [("object-group S", "", "")]),
    ],
)
def test_what_a_member_of_a_service_group_stands_for(member: str, service: list[tuple[str, str, str]]) -> None:
    found = entries(f"object-group service S\n {member}\n", "permit object-group S any any")
    assert [(one.protocol, one.source_ports, one.destination_ports) for one in found] == service
    assert all(one.grouped and str(one.source) == "0.0.0.0/0" for one in found) or service[0][0] == "object-group S"


def test_a_line_stands_for_every_member_with_every_other() -> None:
    groups = "object-group network G\n host 10.1.1.1\n group-object H\nobject-group network H\n host 10.1.1.2\n"
    found = entries(groups, "deny ip object-group G addrgroup H")
    assert [(e.action, str(e.source), str(e.destination), e.grouped) for e in found] == [
        ("deny", "10.1.1.1", "10.1.1.2", True),
        ("deny", "10.1.1.2", "10.1.1.2", True),
    ]
    assert len({e.line for e in found}) == 1


def test_too_many_pairs_are_not_told_apart() -> None:
    groups = "object-group network G\n" + "".join(f" host 10.1.{n // 200}.{n % 200}\n" for n in range(65))
    assert len(entries(groups, "permit ip object-group G object-group G")) == 1, "65 times 65 is more than 4,096"
    groups = groups.replace(" host 10.1.0.64\n", "")
    assert len(entries(groups, "permit ip object-group G object-group G")) == 4096


def test_an_ipv6_group() -> None:
    group = "object-group v6-network G\n 2001:DB8::/32\n host 2001:DB8:1::1\n"
    use = USE.replace("crypto map M\n", "ipv6 crypto map M\n", 1).replace("ip access-list extended", "ipv6 access-list")
    [parsed] = parse_configs(
        f"hostname A\n{group}{use} permit ipv6 object-group G any\nend\n", file="a", fingerprinter=FINGERPRINTER
    )
    assert parsed.router is not None
    assert [str(e.source) for e in parsed.router.acls[0].entries] == ["2001:db8::/32", "2001:db8:1::1"]


def test_what_a_group_holds_is_kept_and_what_people_say_in_it_is_not() -> None:
    text = "object-group network G\n description the head office\n host 10.1.1.1\n 10.2.0.0 255.255.0.0\n group-object OTHERS\n"
    clean = cut(f"hostname A\n{text}{USE} permit ip object-group G any\nend\n", FINGERPRINTER).text
    assert "head office" not in clean
    assert clean.splitlines()[3:6] == text.splitlines()[2:5]
