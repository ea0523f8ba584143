"""What a ``no`` line takes away and what it must leave, and what it answers: one boundary a row, worked out by hand."""

from __future__ import annotations

import pytest

from ikeaudit.candidate import Candidate, Comparison, compare
from ikeaudit.ios.replies import IN_USE, INCOMPLETE, KEY_MISSING, OTHER_VALUE, UNDEFINED

EITHER = pytest.mark.parametrize("strict", [True, False], ids=["strict", "lax"])


def config(header: str, *lines: str) -> str:
    """One section with its lines, the headers of sections in sections separated by `` / ``."""
    headers = header.split(" / ") if header else []
    above = [f"{' ' * depth}{text}\n" for depth, text in enumerate(headers)]
    return "".join([*above, *(f"{' ' * len(headers)}{line}\n" for line in lines), "end\n"])


def last(text: str, header: str, *typed: str, strict: bool = True) -> tuple[str, bool, str]:
    """The answer to the last of some lines typed in a section, whether it changed anything, and the text afterwards."""
    candidate = Candidate.from_text(text, strict_references=strict)
    reply = candidate.apply([*filter(None, header.split(" / ")), *typed])[-1]
    return reply.output, reply.changed, candidate.text()


ALIKE = {
    "crypto isakmp profile P": (
        "match identity address 10.0.0.1 255.255.255.255",
        "match identity address 10.0.0.1 255.255.255.255 V",
        "match identity address ipv6 2001:db8::/32",
        "match identity address ipv6 2001:db8::/32 V",
        "match identity host a.example",
        "match identity host a.example V",
        "match identity host b.example",
        "match identity host domain a.example",
        "match identity user a.example",
        "match identity user domain a.example",
        "match identity group a.example",
    ),
    "crypto ikev2 profile P": (
        "match identity remote address 10.0.0.1 255.255.255.255",
        "match identity remote address 10.0.0.2 255.255.255.255",
        "match identity remote fqdn a.example",
        "match identity remote fqdn b.example",
        "match identity remote fqdn domain a.example",
        "match identity remote email a.example",
        "match identity remote email domain a.example",
        "match identity remote key-id a.example",
    ),
    "crypto ikev2 keyring K / peer X": ("address 10.0.0.1", "pre-shared-key local abc", "pre-shared-key remote abc"),
    "": (
        "crypto isakmp peer address 10.0.0.1",
        "crypto isakmp peer address 10.0.0.1 vrf V",
        "crypto map M 10 ipsec-isakmp",
        "crypto map M 100 ipsec-isakmp",
        "ip nat inside source list A interface Ethernet0/0 overload",
        "ip nat inside source static 10.0.0.1 192.0.2.1",
        "ip nat outside source list A pool P",
        "ip nat outside source static 192.0.2.9 10.0.0.9",
        "ip nat source list A pool P",
        "ip nat source static 10.0.0.1 192.0.2.1",
        "ip nat pool P 192.0.2.1 192.0.2.9 netmask 255.255.255.0",
        "ip nat pool Q 192.0.2.1 192.0.2.9 netmask 255.255.255.0",
        "ip route 10.1.0.0 255.255.0.0 192.0.2.1",
        "ip route 10.2.0.0 255.255.0.0 192.0.2.1",
        "logging host 10.0.0.1",
        "logging host 10.0.0.2",
        "ntp server 10.0.0.1",
        "ntp server 10.0.0.2",
    ),
}


class TestOneOfManyAlike:
    """A whole line behind ``no`` means itself: what it leaves out is absent, and no wild card."""

    @pytest.mark.parametrize("header", ALIKE)
    def test_typed_one_after_the_other_all_are_there(self, header: str) -> None:
        typed = [*filter(None, header.split(" / ")), *ALIKE[header]]
        candidate = Candidate.from_text("end\n", strict_references=False)
        replies = [reply for reply in candidate.apply(typed) if not reply.changed or reply.refused]
        assert (replies, {*typed} - {line.strip() for line in candidate.text().splitlines()}) == ([], set())

    @pytest.mark.parametrize("strict", [True, False], ids=["strict", "lax"])
    @pytest.mark.parametrize(("header", "line"), [(header, line) for header, lines in ALIKE.items() for line in lines])
    def test_only_the_line_itself_is_taken_away(self, header: str, line: str, strict: bool) -> None:
        others = [one for one in ALIKE[header] if one != line]
        assert last(config(header, *ALIKE[header]), header, f"no {line}", strict=strict) == (
            "", True, config(header, *others)
        )  # fmt: skip
        assert last(config(header, *others), header, f"no {line}", strict=strict) == (
            "",
            False,
            config(header, *others),
        )


PEER, PROFILE, POLICY, RING = (
    "crypto ikev2 keyring K / peer X", "crypto isakmp profile P", "crypto isakmp policy 10", "crypto keyring K"
)  # fmt: skip


@EITHER
@pytest.mark.parametrize(
    ("header", "line", "typed", "taken", "refusal"),
    [
        # Another value, or half a word of it, is what U-10 leaves open; whole words that it begins with are not, nor the same
        # said otherwise.
        (POLICY, "lifetime 3600", "no lifetime 360", True, OTHER_VALUE),
        (POLICY, "lifetime 3600", "no lifetime 3600", True, ""),
        (POLICY, "encr aes", "no encryption aes 128", True, ""),
        (POLICY, "encr aes", "no encryption aes 256", True, OTHER_VALUE),
        (RING, "pre-shared-key address 10.0.0.1 key abc", "no pre-shared-key address 10.0.0.1 key abd", True, OTHER_VALUE),
        (RING, "pre-shared-key address 10.0.0.1 key abc", "no pre-shared-key address 10.0.0.1 key abc  ", True, ""),
        (RING, "pre-shared-key address 10.0.0.1 key abc", "no pre-shared-key address 10.0.0.1", True, ""),
        (PEER, "pre-shared-key abc", "no pre-shared-key abd", True, OTHER_VALUE),
        (PEER, "pre-shared-key abc", "no pre-shared-key", True, ""),
        (PEER, "pre-shared-key local abc", "no pre-shared-key", True, ""),
        ("interface Tunnel1", "tunnel protection ipsec profile X", "no tunnel protection psk abc", True, OTHER_VALUE),
        (PROFILE, "keepalive 10 retry 2", "no keepalive 10", True, ""),
        (PROFILE, "keepalive 10 retry 2", "no keepalive 1", True, OTHER_VALUE),
        # Another line that begins with the same words is another line.
        (PEER, "pre-shared-key local abc", "no pre-shared-key abc", False, ""),
        (PEER, "address 2001:db8::1/128", "no address 10.0.0.1", False, ""),
        ("crypto ikev2 profile P", "lifetime certificate", "no lifetime 3600", False, ""),
    ],
)  # fmt: skip
def test_another_value(header: str, line: str, typed: str, taken: bool, refusal: str, strict: bool) -> None:
    text = config(header, line)
    taken = taken and not (strict and refusal)
    output, changed, left = last(text, header, typed, strict=strict)
    assert (output, changed, line in left) == (refusal if strict else "", taken, not taken)


@EITHER
@pytest.mark.parametrize(
    ("header", "lines", "typed", "answer"),
    [
        (
            "crypto isakmp peer address 10.0.0.1",
            ("set aggressive-mode password abc", "set aggressive-mode client-endpoint fqdn a.example"),
            "no set aggressive-mode",
            INCOMPLETE,
        ),
        (RING, ("local-address 10.0.0.9",), "no pre-shared-key address 10.0.0.1", KEY_MISSING),
        (RING, ("local-address 10.0.0.9",), "no pre-shared-key address 10.0.0.1 key abc", KEY_MISSING),
        (PEER, ("address 10.0.0.1",), "no pre-shared-key abc", ""),
        (PROFILE, ("no keepalive 10 retry 2",), "no keepalive", ""),
        ("", ("no service timestamps debug uptime",), "no service timestamps debug", ""),
        ("", ("hostname R",), "no  !why", INCOMPLETE),
    ],
)
def test_what_takes_nothing_away(header: str, lines: tuple[str, ...], typed: str, answer: str, strict: bool) -> None:
    output, _, left = last(text := config(header, *lines), header, typed, strict=strict)
    assert output == answer
    assert set(text.splitlines()) <= set(left.splitlines())


class TestPrintedNo:
    """A ``no`` line in a running-config: it is no object and no use of one, and comes back where it once was printed."""

    def test_it_defines_nothing(self) -> None:
        text = "no crypto isakmp profile P\ncrypto ipsec profile X\nend\n"
        answer = UNDEFINED.format(kind="crypto isakmp profile", name="P")
        assert last(text, "crypto ipsec profile X", "set isakmp-profile P") == (answer, False, text)

    def test_it_uses_nothing(self) -> None:
        used = "crypto keyring K\ncrypto isakmp profile P\n   keyring K\n   match identity host a\nend\n"
        answer = IN_USE.format(kind="crypto keyring", name="K", user="crypto isakmp profile P")
        assert last(used, "", "no crypto keyring K") == (answer, False, used)
        unused = used.replace("keyring K\n   m", "no keyring K\n   m")
        assert last(unused, "", "no crypto keyring K") == ("", True, unused.replace("crypto keyring K\n", ""))

    def test_its_place_among_objects_counts_for_nothing(self) -> None:
        one, other = "no crypto keyring A\ncrypto keyring B\nend\n", "crypto keyring B\nno crypto keyring A\nend\n"
        assert compare(Candidate.from_text(one), Candidate.from_text(other)) == Comparison((), ())

    @pytest.mark.parametrize("line", ["cdp enable", "ip ospf authentication", "ip redirects"])
    def test_it_comes_back(self, line: str) -> None:
        text = f"interface Ethernet0/0\n ip address 10.0.0.1 255.0.0.0\n no {line}\nend\n"
        candidate = Candidate.from_text(text)
        replies = candidate.apply(["interface Ethernet0/0", line, f"no {line}", f"no {line}"])
        assert [(reply.output, reply.changed) for reply in replies[1:]] == [("", True), ("", True), ("", False)]
        assert candidate.text() == text

    def test_it_comes_back_in_a_section_of_a_section(self) -> None:
        text = "router bgp 1\n address-family ipv4\n  no synchronization\n exit-address-family\n!\nend\n"
        bare = text.replace("  no synchronization\n", "  synchronization\n")
        assert last(text, "router bgp 1 / address-family ipv4", "synchronization") == ("", True, bare)
        assert last(text, "router bgp 1 / address-family ipv4", "synchronization", "no synchronization") == (
            "",
            True,
            text,
        )

    @pytest.mark.parametrize("line", ["cdp enable", "ip ospf authentication"])
    def test_what_was_never_printed_does_not_come(self, line: str) -> None:
        text = f"interface Ethernet0/0\n ip address 10.0.0.1 255.0.0.0\n {line}\nend\n"
        bare = text.replace(f" {line}\n", "")
        assert last(text, "interface Ethernet0/0", f"no {line}") == ("", True, bare)

    def test_an_interface_says_that_it_has_no_address(self) -> None:
        text = "interface Ethernet0/0\n shutdown\nend\n"
        first = last(text, "interface Ethernet0/0", "no ip address")
        assert first == ("", True, "interface Ethernet0/0\n no ip address\n shutdown\nend\n")
        assert last(first[2], "interface Ethernet0/0", "no ip address") == ("", False, first[2])


class TestIntoAVrf:
    """An interface that moves into a VRF loses its IPv4 addresses, and prints that it has none: secondary ones stand first."""

    @pytest.mark.parametrize("primary", ["ip address 10.0.0.1 255.0.0.0", "ip address dhcp"])
    @pytest.mark.parametrize("secondary", ["", " ip address 10.1.0.1 255.0.0.0 secondary\n"])
    def test_addresses_go(self, primary: str, secondary: str) -> None:
        text = f"vrf definition V\n!\ninterface Ethernet0/0\n{secondary} {primary}\nend\n"
        assert last(text, "interface Ethernet0/0", "vrf forwarding V") == (
            "% Interface Ethernet0/0 IPv4 disabled and address(es) removed due to enabling VRF V",
            True,
            "vrf definition V\n!\ninterface Ethernet0/0\n vrf forwarding V\n no ip address\nend\n",
        )


@pytest.mark.parametrize("learnt", ["ip address dhcp", "ip address dhcp hostname R1", "ip address negotiated"])
def test_a_learnt_address_goes_as_it_was_typed(learnt: str) -> None:
    text = config("interface Ethernet0/0", learnt)
    after = config("interface Ethernet0/0", "no ip address")
    assert last(text, "interface Ethernet0/0", f"no {learnt}") == ("", True, after)
    assert last(after, "interface Ethernet0/0", learnt) == ("", True, text)


class TestInUse:
    """Who names what is known line by line: through a line that is replaced, and through a section that goes."""

    TEXT = (
        "crypto ipsec profile A\n!\ncrypto ipsec profile B\n!\n"
        "interface Tunnel1\n frobnicate\n tunnel protection ipsec profile A\nend\n"
    )
    TYPED = ("interface Tunnel1", "tunnel protection ipsec profile B", "exit")

    def test_a_replaced_line_names_the_new_object_alone(self) -> None:
        answer = IN_USE.format(kind="crypto ipsec profile", name="B", user="interface Tunnel1")
        assert last(self.TEXT, "", *self.TYPED, "no crypto ipsec profile B")[:2] == (answer, False)
        assert last(self.TEXT, "", *self.TYPED, "no crypto ipsec profile A")[:2] == ("", True)

    def test_a_section_that_goes_names_nothing_any_more(self) -> None:
        assert last(self.TEXT, "", *self.TYPED, "no interface Tunnel1", "no crypto ipsec profile B") == (
            "", True, "crypto ipsec profile A\n!\nend\n"
        )  # fmt: skip


class TestIncompleteProfile:
    """A profile without any match line prints a remark; each form of match line takes it away, and brings it back."""

    REMARK = "! This profile is incomplete (no match identity statement)"

    @pytest.mark.parametrize(
        "line", [*(line for line in ALIKE["crypto isakmp profile P"] if "group" not in line), "match certificate M"]
    )
    def test_the_last_match_line(self, line: str) -> None:
        bare = f"crypto isakmp profile P\n   {self.REMARK}\nend\n"
        candidate = Candidate.from_text(bare, strict_references=False)
        candidate.apply(["crypto isakmp profile P", line])
        assert self.REMARK not in candidate.text()
        candidate.apply(["crypto isakmp profile P", f"no {line}"])
        assert candidate.text() == bare


@pytest.mark.parametrize(("lines", "changed"), [((), False), (("shutdown",), True), (("no ip redirects",), True)])
def test_an_empty_interface_cannot_be_emptied(lines: tuple[str, ...], changed: bool) -> None:
    text = config("interface Ethernet0/0", *lines)
    assert last(text, "", "default interface Ethernet0/0") == ("", changed, config("interface Ethernet0/0"))
