"""Several routers in one file, and routers in pieces."""

import pytest
from parsed import configs


def keyring(name: str, peer: str = "10.0.0.2") -> str:
    """A keyring with one key."""
    return f"crypto keyring {name}\n  pre-shared-key address {peer} key x\n"


def found(text: str, file: str = "lab/site.cfg") -> list[tuple[str, list[str], list[int]]]:
    """Host, names of keyrings and their lines, for each router of ``text``."""
    return [
        (parsed.host, [ring.name for ring in parsed.router.keyrings], [ring.line for ring in parsed.router.keyrings])
        for parsed in configs(text, file)
        if parsed.router
    ]


def test_a_second_hostname_begins_a_second_router() -> None:
    text = "hostname R1\n" + keyring("A") + "hostname R2\n" + keyring("B")
    assert found(text) == [("R1", ["A"], [2]), ("R2", ["B"], [5])]


def test_what_stands_before_the_hostname_belongs_to_it() -> None:
    text = (
        "version 15.2\nhostname R1\n"
        + keyring("A")
        + "end\nversion 15.2\nvrf definition X\nhostname R2\n"
        + keyring("B")
    )
    routers = [parsed.router for parsed in configs(text)]
    assert [router.vrfs for router in routers if router] == [(), ("X",)]
    assert [router.first_line for router in routers if router] == [1, 6]


def test_two_running_configs_one_after_the_other() -> None:
    one = "Building configuration...\n\nCurrent configuration : 9 bytes\n!\n{}end\n\n"
    text = one.format("hostname R1\n" + keyring("A")) + one.format("hostname R2\n" + keyring("B"))
    assert found(text) == [("R1", ["A"], [6]), ("R2", ["B"], [15])]


def test_running_configs_without_hostname_are_numbered() -> None:
    one = "Building configuration...\n\n{}end\n\n"
    assert [host for host, _, _ in found(one.format(keyring("A")) + one.format(keyring("B")))] == ["site", "site#2"]


def test_comments_that_name_a_router_switch_between_routers() -> None:
    text = (
        "! HQ\nhostname HQ\n"
        + keyring("A")
        + "! BRANCH\nhostname BRANCH\n"
        + keyring("B")
        + "! HQ\n"
        + keyring("C")
        + "! === BRANCH ===\n"
        + keyring("D")
    )
    assert found(text) == [("HQ", ["A", "C"], [3, 10]), ("BRANCH", ["B", "D"], [7, 13])]


def test_lines_of_other_routers_are_blank_in_a_router_in_pieces() -> None:
    text = "! HQ\nhostname HQ\n" + keyring("A") + "! BR\nhostname BR\n" + keyring("B") + "! HQ\n" + keyring("C")
    first = configs(text)[0].router
    assert first is not None
    assert first.text(3) == "crypto keyring A"
    assert first.text(7) == ""
    assert first.text(10) == "crypto keyring C"


def test_prompts_name_the_router_and_separate_it_from_the_next() -> None:
    text = (
        "R1#show run | section crypto\n"
        + keyring("A")
        + "R1#show run interface Tunnel1\ninterface Tunnel1\n tunnel vrf X\n"
        "R2#show run | section crypto\n" + keyring("B")
    )
    assert found(text) == [("R1", ["A"], [2]), ("R2", ["B"], [8])]
    first = configs(text)[0].router
    assert first is not None
    assert [interface.name for interface in first.interfaces] == ["Tunnel1"]


def test_output_of_other_commands_is_left_out() -> None:
    text = 'R1#show crypto map\nCrypto Map IPv4 "CM" 10 ipsec-isakmp\n\tPeer = 10.0.0.2\nR1#show run\n' + keyring("A")
    assert found(text) == [("R1", ["A"], [5])]


def test_one_host_name_typed_twice_is_one_router() -> None:
    assert found("hostname R1\n" + keyring("A") + "hostname R1\n" + keyring("B")) == [("R1", ["A", "B"], [2, 5])]


@pytest.mark.parametrize("separator", ["! ---- next fenced block of the same page ----\n"])
def test_page_breaks(separator: str) -> None:
    assert [rings for _, rings, _ in found(keyring("A") + "!\n" + separator + "!\n" + keyring("B"))] == [["A"], ["B"]]


def test_asa_beside_ios_is_reported_beside_it() -> None:
    text = (
        "hostname R1\n"
        + keyring("A")
        + "! and the firewall\nhostname FW\ninterface GigabitEthernet0/0\n nameif outside\n"
        " security-level 0\ncrypto ikev1 enable outside\n"
    )
    parsed = configs(text)
    assert [(config.host, config.kind) for config in parsed] == [("R1", "ios"), ("FW", "not-ios")]
    assert parsed[1].reason == "it looks like a Cisco ASA configuration"


def test_host_names_elsewhere_are_no_routers() -> None:
    text = (
        "hostname R1\ncrypto ikev2 keyring V2\n peer A\n  hostname a.example.net\n  address 10.0.0.3\n peer B\n"
        "  hostname b.example.net\nobject-group network SERVERS\n host 10.9.9.1\n host 10.9.9.2\n" + keyring("A")
    )
    (parsed,) = configs(text)
    assert parsed.router is not None
    assert (parsed.host, len(parsed.router.ikev2.keyrings[0].peers)) == ("R1", 2)
