"""Text typed or pasted without indents: what stands at the margin belongs to the section that knows it better."""

from __future__ import annotations

import pytest

from ikeaudit.candidate import Candidate
from ikeaudit.candidate.line_tree import read_tree
from ikeaudit.candidate.tree import Line

FLAT = """\
hostname SPOKE
!
crypto ipsec profile P
set transform-set T
!
interface Tunnel0
ip address 172.16.0.2 255.255.255.0
no ip split-horizon eigrp 1
ip tcp adjust-mss 1360
tunnel source GigabitEthernet0/0
tunnel mode gre multipoint
tunnel protection ipsec profile P
interface GigabitEthernet0/0
ip address 192.0.2.2 255.255.255.0
!
ip tcp synwait-time 5
ip route 0.0.0.0 0.0.0.0 192.0.2.1
"""


def children(text: str, header: str) -> list[str]:
    section = next(line for line in read_tree(text).children() if line.text == header)
    return [line.text for line in section.children()]


def test_every_line_of_a_flat_interface_belongs_to_it() -> None:
    assert children(FLAT, "interface Tunnel0") == [
        "ip address 172.16.0.2 255.255.255.0",
        "no ip split-horizon eigrp 1",
        "ip tcp adjust-mss 1360",
        "tunnel source GigabitEthernet0/0",
        "tunnel mode gre multipoint",
        "tunnel protection ipsec profile P",
    ]
    assert children(FLAT, "interface GigabitEthernet0/0") == ["ip address 192.0.2.2 255.255.255.0"]


def test_a_line_is_taken_out_of_a_flat_interface() -> None:
    candidate = Candidate.from_text(FLAT)
    replies = candidate.apply(["interface Tunnel0", "no tunnel protection ipsec profile P", "exit"])
    assert replies[1].changed
    assert candidate.text() == FLAT.replace("tunnel protection ipsec profile P\n", "")


def test_a_global_line_behind_an_indented_interface_stays_global() -> None:
    text = "interface Tunnel0\n ip mtu 1400\nip pim rp-address 192.0.2.9\nip tcp adjust-mss 1360\n"
    assert children(text, "interface Tunnel0") == ["ip mtu 1400"]


def test_one_line_that_lost_its_indent_comes_back_to_its_section() -> None:
    text = "interface Tunnel0\n ip mtu 1400\ntunnel source Loopback0\nip route 10.0.0.0 255.0.0.0 Null0\n"
    assert children(text, "interface Tunnel0") == ["ip mtu 1400", "tunnel source Loopback0"]


Tree = list[tuple[str, "Tree"]]


def tree(text: str) -> Tree:
    """Every line with those below it."""

    def below(line: Line) -> Tree:
        return [(child.text, below(child)) for child in line.children()]

    return below(read_tree(text))


NESTED = (
    "crypto ikev2 keyring K\npeer A\naddress 192.0.2.1\npre-shared-key one\npeer B\naddress 192.0.2.2\nhostname R\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Sections in sections, as they would stand with their indents.
        (NESTED, [("crypto ikev2 keyring K", [("peer A", [("address 192.0.2.1", []), ("pre-shared-key one", [])]),
                                              ("peer B", [("address 192.0.2.2", [])])]), ("hostname R", [])]),
        # What stands between two lines of a section stands in it; what comes behind the last one does not.
        ("interface Tunnel0\nip mtu 1400\n!\nfoo bar\ntunnel source Lo0\nfoo baz\n!\n",
         [("interface Tunnel0", [("ip mtu 1400", []), ("!", []), ("foo bar", []), ("tunnel source Lo0", [])]),
          ("foo baz", []), ("!", [])]),
        # A global command ends it.
        ("interface Tunnel0\nip mtu 1400\nhostname R\ntunnel source Lo0\n",
         [("interface Tunnel0", [("ip mtu 1400", [])]), ("hostname R", []), ("tunnel source Lo0", [])]),
        # One that kept its indent behind one that lost it stands beside it, in the same section.
        ("crypto isakmp profile P\nmatch identity host a.example\n   keyring K\nhostname R\n",
         [("crypto isakmp profile P", [("match identity host a.example", []), ("keyring K", [])]), ("hostname R", [])]),
        # A global command that is known by its first word only gives way to a section that knows the line.
        ("policy-map P\nclass A\nclass B\nhostname R\n",
         [("policy-map P", [("class A", []), ("class B", [])]), ("hostname R", [])]),
        # So does one that is known by fewer of its keywords.
        ("interface Tunnel0\nip mtu 1400\nip nat inside\nip nat inside source list A interface Tunnel0 overload\n",
         [("interface Tunnel0", [("ip mtu 1400", []), ("ip nat inside", [])]),
          ("ip nat inside source list A interface Tunnel0 overload", [])]),
        # A section in a section ends with the next line of the outer one.
        ("archive\nlog config\nlogging enable\npath flash:x\nhidekeys\n",
         [("archive", [("log config", [("logging enable", [])]), ("path flash:x", [])]), ("hidekeys", [])]),
        # Separators by their indent.
        ("crypto ikev2 keyring K\n peer A\n  address 192.0.2.1\n !\n peer B\n  address 192.0.2.2\n  !\n!\nend\n",
         [("crypto ikev2 keyring K", [("peer A", [("address 192.0.2.1", [])]), ("!", []),
                                      ("peer B", [("address 192.0.2.2", []), ("!", [])])]), ("!", []), ("end", [])]),
        ("  ! deep\n hostname R\n", [("! deep", []), ("hostname R", [])]),
    ],
)  # fmt: skip
def test_which_line_stands_in_which_section(text: str, expected: Tree) -> None:
    assert tree(text) == expected


class TestBlocksTakenAsTheyStand:
    CHAIN = (
        "crypto pki certificate chain CA\n certificate 01\n  3082 0336\n  quit\n certificate 02\n  3082\n{}hostname R\n"
    )

    def raws(self, text: str) -> list[str]:
        return [line.raw for section in read_tree(text).children() for line in (section, *section.children())]

    def test_a_certificate_ends_with_quit(self) -> None:
        assert self.raws(self.CHAIN.format("  \tquit\n")) == [
            "crypto pki certificate chain CA", " certificate 01\n  3082 0336\n  quit", " certificate 02\n  3082\n  \tquit",
            "hostname R",
        ]  # fmt: skip

    def test_or_where_it_is_cut_off(self) -> None:
        assert self.raws(self.CHAIN.format("")) == [
            "crypto pki certificate chain CA", " certificate 01\n  3082 0336\n  quit", " certificate 02\n  3082", "hostname R"
        ]  # fmt: skip
        at_margin = "crypto pki certificate chain CA\n certificate 01\nAB 12\n\nquit\nhostname R\n"
        assert self.raws(at_margin)[1:] == [" certificate 01\nAB 12\n\nquit", "hostname R"]
        assert self.raws("crypto pki certificate chain CA\n certificate 01\n  3082\n")[1:] == [
            " certificate 01\n  3082"
        ]

    def test_an_indented_line_is_part_of_it_whatever_it_says(self) -> None:
        text = "crypto pki certificate chain CA\n certificate 01\n  not hex\n  quit\nhostname R\n"
        assert self.raws(text)[1:] == [" certificate 01\n  not hex\n  quit", "hostname R"]

    def test_blanks_behind_the_word_that_opens_a_block(self) -> None:
        text = "crypto key pubkey-chain rsa\n addressed-key 192.0.2.1\n  key-string \t\n   3082\n   quit\nhostname R\n"
        (key,) = next(read_tree(text).children()).children()
        assert [line.raw for line in key.children()] == ["  key-string \t\n   3082\n   quit"]
        assert tree(text)[1:] == [("hostname R", [])]

    def test_a_certificate_that_is_no_block(self) -> None:
        assert self.raws("certificate 01\nhostname R\n") == ["certificate 01", "hostname R"]

    @pytest.mark.parametrize(
        ("banner", "block"),
        [
            ("banner motd ^C\nhostname X\n! x\n^C\n", 1), ("banner motd ^C text ^C\n", 0), ("banner login # one\ntwo #\n", 1),
            ("banner exec ^Cone\ntwo^C more\n", 1), ("banner\nmotd\n", 0), ("banner # one\nhostname X\n #\n", 1),
            ("banner incoming #\nhostname X\n#\n", 1), ("banner prompt-timeout #\nhostname X\n#\n", 1),
            ("banner slip-ppp #\nhostname X\n#\n", 1),
        ],
    )  # fmt: skip
    def test_a_banner_ends_with_its_mark(self, banner: str, block: int) -> None:
        lines = self.raws(f"{banner}hostname R\n")
        assert lines[-1] == "hostname R"
        assert lines[:-1] == ([banner.rstrip("\n")] if block or banner.count("\n") == 1 else banner.splitlines())
