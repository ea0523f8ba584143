"""What configuration mode makes of lines, and what a comparison makes of configurations: one boundary a test."""

from __future__ import annotations

import pytest

from ikeaudit.candidate import Candidate, Comparison, compare, diff
from ikeaudit.candidate.line_tree import read_tree


def after(text: str, *lines: str) -> Candidate:
    candidate = Candidate.from_text(text)
    assert not [reply for reply in candidate.apply(lines) if reply.refused]
    return candidate


class TestRemarks:
    """`` !...`` at the end of a line says nothing to IOS, unless the line runs to its end as text."""

    TEXT = "hostname R\n!\ninterface Ethernet0/0\n ip address 10.0.0.1 255.0.0.0\n no ip redirects !why\n!\nend\n"

    @pytest.mark.parametrize(
        ("typed", "there", "gone"),
        [
            ("ip redirects", (), "\n no ip redirects"),
            ("ip redirects !again", (), "\n no ip redirects"),
            ("no ip address !now", (" no ip address",), "\n ip address"),
            ("no ip address 10.0.0.1 255.0.0.0 !now", (" no ip address",), "\n ip address"),
            ("ip address 10.0.0.2 255.0.0.0 !now", (" ip address 10.0.0.2 255.0.0.0",), "\n ip address 10.0.0.1"),
            ("description one !two", (" description one !two",), " description one\n"),
        ],
    )
    def test_in_a_line(self, typed: str, there: tuple[str, ...], gone: str) -> None:
        text = after(self.TEXT, "interface Ethernet0/0", typed).text()
        assert set(there) <= set(text.splitlines())
        assert gone not in text

    def test_a_no_line_with_one_is_that_without(self) -> None:
        bare = self.TEXT.replace(" !why", "")
        assert after(self.TEXT, "interface Ethernet0/0", "no ip redirects").text() == self.TEXT
        assert compare(Candidate.from_text(self.TEXT), Candidate.from_text(bare)) == Comparison((), ())

    def test_an_interface_is_emptied_with_one(self) -> None:
        assert after(self.TEXT, "default interface Ethernet0/0 !all").text() == (
            "hostname R\n!\ninterface Ethernet0/0\n!\nend\n"
        )


@pytest.mark.parametrize("section", ["", "interface Ethernet0/0", "crypto keyring K", "router ospf 1"])
@pytest.mark.parametrize("word", ["no", "default", " no  ", "default "])
def test_no_and_default_alone_are_incomplete(section: str, word: str) -> None:
    candidate = after(TestRemarks.TEXT, *filter(None, [section]))
    before = candidate.text()
    assert candidate.apply([*filter(None, [section]), word])[-1].output == "% Incomplete command."
    assert candidate.text() == before


class TestWhichLineIsMeant:
    ROUTED = (
        "hostname R\n!\ninterface Ethernet0/0\n ip address 10.0.0.1 255.0.0.0\n!\n"
        "ip route 10.9.0.0 255.255.0.0 10.0.0.2\nend\n"
    )

    @pytest.mark.parametrize("line", ["switch 1 priority 5", "mac address-table aging-time 9"])
    def test_a_word_in_full_further_out_is_no_beginning_of_a_word_of_the_section(self, line: str) -> None:
        candidate = after(self.ROUTED, "interface Ethernet0/0", line)
        assert sorted(candidate.text().splitlines()) == sorted([*self.ROUTED.splitlines(), line])
        assert candidate.apply(["interface Ethernet0/0", f"no {line}"])[-1].changed
        assert candidate.text() == self.ROUTED

    def test_a_no_line_of_the_top_is_not_one_of_the_section_it_is_typed_in(self) -> None:
        candidate = Candidate.from_text(self.ROUTED)
        replies = candidate.apply(["interface Ethernet0/0", "no ip route 10.9.0.0 255.255.0.0 10.0.0.2", "shutdown"])
        assert [(reply.changed, reply.refused) for reply in replies] == [(False, False), (True, False), (False, True)]
        assert candidate.text() == self.ROUTED.replace("ip route 10.9.0.0 255.255.0.0 10.0.0.2\n", "")

    @pytest.mark.parametrize("typed", ["no snmp-server", "no logging", "no ip", "no crypto"])
    def test_the_first_word_alone_takes_nothing_away(self, typed: str) -> None:
        text = (
            "hostname R\nsnmp-server community a\nlogging host 10.0.0.1\nip bootp server\ncrypto logging session\nend\n"
        )
        assert not after(text).apply([typed])[-1].changed

    def test_no_with_a_value_takes_no_line_away_that_begins_like_it(self) -> None:
        text = "hostname R\ncrypto ikev2 profile P\n lifetime certificate\n!\nend\n"
        reply = after(text).apply(["crypto ikev2 profile P", "no lifetime 3600"])[-1]
        assert (reply.output, reply.changed) == ("", False)
        pool = (
            "ip local pool A 10.0.0.1 10.0.0.9\nip local pool A 10.1.0.1 10.1.0.9\nip local pool B 10.0.0.1 10.0.0.9\n"
        )
        assert after(pool, "no ip local pool A 10.0.0.1").text() == "".join(pool.splitlines(keepends=True)[1:])

    @pytest.mark.parametrize("typed", ["no vrf forwarding", "no vrf forwarding A", "no ip vrf forwarding A"])
    def test_an_interface_without_vrf_keeps_its_address_when_none_is_taken_away(self, typed: str) -> None:
        candidate = after(self.ROUTED)
        assert not candidate.apply(["interface Ethernet0/0", typed])[-1].changed
        assert candidate.text() == self.ROUTED

    def test_an_indented_comment_goes_with_its_section_one_at_the_margin_stays(self) -> None:
        text = "interface Loopback9\n ip vrf forwarding A\n ! inside\ninterface Ethernet0/0\n! outside\nend\n"
        assert after(text, "no interface Loopback9").text() == "interface Ethernet0/0\n! outside\nend\n"
        deeper = (
            "router bgp 1\n address-family ipv4\n  network 10.0.0.0\n  ! network\n exit-address-family\n bgp x\nend\n"
        )
        assert after(deeper, "router bgp 1", "no address-family ipv4").text() == "router bgp 1\n bgp x\nend\n"

    def test_separators_stand_around_blocks_and_around_the_first_of_a_kind(self) -> None:
        text = "hostname R\ncrypto isakmp policy 10\n hash md5\ncrypto isakmp policy 30\ncrypto keyring K\nend\n"
        assert after(text, "crypto isakmp policy 20").text() == text.replace(
            "crypto isakmp policy 30", "!\ncrypto isakmp policy 20\n!\ncrypto isakmp policy 30"
        )
        assert after(text, "crypto keyring L").text() == text.replace("end", "crypto keyring L\n!\nend")
        assert (
            after("hostname R\nip cef\nend\n", "vrf definition V").text()
            == "hostname R\n!\nvrf definition V\n!\nip cef\nend\n"
        )

    def test_a_default_that_a_file_spells_out_says_what_its_absence_says(self) -> None:
        spelt = self.ROUTED.replace(" ip address", " ip redirects\n ip address")
        assert compare(Candidate.from_text(spelt), Candidate.from_text(self.ROUTED)) == Comparison((), ())
        denied = self.ROUTED.replace(" ip address", " no ip redirects\n ip address")
        assert compare(Candidate.from_text(denied), Candidate.from_text(self.ROUTED)).differences == (
            "only in the first: interface Ethernet0/0 / no ip redirects",
        )


def test_what_stands_in_a_tree_shows_its_length_alone() -> None:
    tree = read_tree("hostname secret\n!\nend\n")
    assert [repr(line) for line in tree.children()] == [
        "<line of 15 characters>", "<filler of 1 characters>", "<line of 3 characters>"
    ]  # fmt: skip


def test_a_banner_on_one_line_is_there_at_once() -> None:
    replies = (candidate := Candidate.from_text("hostname R\nend\n")).apply(
        ["banner motd ^C stay out ^C", "hostname S"]
    )
    assert [(reply.mode, reply.changed) for reply in replies] == [("(config)#", True), ("(config)#", True)]
    assert {"banner motd ^C stay out ^C", "hostname S"} <= set(candidate.text().splitlines())


@pytest.mark.parametrize("above", ["", " bgp log-neighbor-changes\n"])
def test_lines_that_a_mode_takes_as_they_come_stand_before_its_sections(above: str) -> None:
    family, line = " address-family ipv4\n  network 10.0.0.0\n exit-address-family\n", "neighbor 10.0.0.1 remote-as 1"
    text = after(f"router bgp 1\n{above}{family}end\n", "router bgp 1", line).text()
    assert text == f"router bgp 1\n{above} {line}\n{family}end\n"


def test_the_first_line_of_all_stands_behind_the_comments_at_the_top() -> None:
    assert after("! of last week\n!\n", "hostname R").text() == "! of last week\n!\nhostname R\n"
    assert after("! of last week\n!\nip cef\n", "version 15.7").text() == "! of last week\n!\nversion 15.7\nip cef\n"
    separated = "! of last week\n!\nvrf definition V\n"
    assert after("! of last week\n!\n", "vrf definition V").text() == separated
    assert after("! of last week\n!\nip cef\n", "vrf definition V").text() == f"{separated}!\nip cef\n"


def test_a_router_without_a_name_is_called_router() -> None:
    candidate = Candidate.from_text("ip cef\nend\n")
    assert candidate.hostname == "Router"
    assert repr(candidate) == "Candidate(hostname='Router')"
    (reply,) = candidate.apply(["nonsense"])
    assert reply.output.splitlines()[0] == " " * len("Router(config)#") + "^"


@pytest.mark.parametrize(
    ("version", "printed"),
    [
        ("", "encr aes"), ("version 15.7\n", "encr aes"), ("version 16.12\n", "encr aes"), ("version 17.9\n", "encr aes"),
        ("version 17.10\n", "encr aes"), ("version 17.11\n", "encryption aes"), ("version 17.12\n", "encryption aes"),
        ("version 18.1\n", "encryption aes"),
    ],
)  # fmt: skip
def test_policies_are_printed_as_the_release_prints_them(version: str, printed: str) -> None:
    text = after(f"{version}hostname R\nend\n", "crypto isakmp policy 10", "encr aes", "hash sha", "group 1").text()
    hidden = printed.startswith("encr ")
    assert f" {printed}\n" in text
    assert (" hash sha\n" not in text, " group 1\n" not in text) == (hidden, hidden)


def test_what_policies_print_outweighs_the_release() -> None:
    old = "version 17.12\ncrypto isakmp policy 5\n encr 3des\nend\n"
    assert " encr aes\n" in after(old, "crypto isakmp policy 10", "encr aes").text()
    new = "version 15.7\ncrypto isakmp policy 5\n encryption 3des\nend\n"
    assert " encryption aes\n" in after(new, "crypto isakmp policy 10", "encr aes").text()
    silent = "version 15.7\ncrypto isakmp policy 5\n hash md5\ncrypto isakmp policy 6\n encryption 3des\nend\n"
    assert " encryption aes\n" in after(silent, "crypto isakmp policy 10", "encr aes").text()


class TestDefault:
    TEXT = "hostname R\ncrypto keyring K\n  description one\ninterface Tunnel1\n mtu 1400\n tunnel key 1\n!\nend\n"

    @pytest.mark.parametrize(
        ("lines", "gone"),
        [
            (["default crypto keyring K"], "crypto keyring K\n  description one\n"),
            (["crypto keyring K", "default description"], "  description one\n"),
            (["interface Tunnel1", "default mtu 1400"], " mtu 1400\n"),
            (["interface Tunnel1", "default tunnel key"], " tunnel key 1\n"),
            (["default interface Tunnel1"], " mtu 1400\n tunnel key 1\n"),
        ],
    )
    def test_takes_away(self, lines: list[str], gone: str) -> None:
        assert after(self.TEXT, *lines).text() == self.TEXT.replace(gone, "")

    def test_of_what_is_not_there_changes_nothing(self) -> None:
        candidate = Candidate.from_text(self.TEXT)
        for lines in (["default interface Loopback9"], ["interface Tunnel1", "default bandwidth 5"]):
            assert not candidate.apply(lines)[-1].changed
        assert candidate.apply(["interface Tunnel1", "default nonsense"])[-1].refused
        assert candidate.text() == self.TEXT


class TestRouting:
    TEXT = "router bgp 1\n no synchronization\n neighbor 192.0.2.1 remote-as 2\n neighbor 192.0.2.1 weight 9\nend\n"

    def sent(self, *lines: str) -> tuple[list[bool], str]:
        candidate = Candidate.from_text(self.TEXT)
        replies = [candidate.apply(["router bgp 1", line])[-1] for line in lines]
        assert not any(reply.refused for reply in replies)
        return [reply.changed for reply in replies], candidate.text()

    def test_a_line_of_several_words_goes_whatever_the_blanks(self) -> None:
        changed, text = self.sent("no  neighbor 192.0.2.1   weight 9", "no neighbor 192.0.2.1 weight 9")
        assert (changed, text) == ([True, False], self.TEXT.replace(" neighbor 192.0.2.1 weight 9\n", ""))
        changed, text = self.sent("no neighbor 192.0.2.1")
        assert (changed, text) == ([True], "router bgp 1\n no synchronization\nend\n")
        assert self.sent("no neighbor 192.0.2") == ([False], self.TEXT)

    def test_a_printed_no_line_gives_way_to_its_opposite_and_comes_back(self) -> None:
        changed, text = self.sent("no synchronization", "synchronization", "synchronization")
        assert changed == [False, True, False]
        assert sorted(text.splitlines()) == sorted(self.TEXT.replace(" no synch", " synch").splitlines())
        changed, text = self.sent("synchronization", "no synchronization", "no synchronization", "synchronization")
        assert (changed, "no " in text) == ([True, True, False, True], False)


BANNER = "banner motd ^C\nstay out\n^C\n"
CHAIN = (
    "crypto pki certificate chain CA\n certificate 01\n  3082AA01\n  \tquit\n certificate 02\n  3082AA02\n  \tquit\n"
)


def test_verbatim_blocks_are_compared_as_they_stand() -> None:
    text = f"hostname R\n{CHAIN}{BANNER}end\n"
    one = Candidate.from_text(text)
    assert compare(one, Candidate.from_text(text)) == Comparison((), ())
    for old, new in (("stay out", "come in"), ("AA02", "AA03")):
        (difference,) = compare(one, Candidate.from_text(text.replace(old, new))).differences
        assert " against " in difference
    assert [repr(child) for child in read_tree(text).children()][1:3] == [
        "<line of 31 characters>", "<line of 14 characters>"
    ]  # fmt: skip
    chain = next(line for line in read_tree(text).children() if line.text.startswith("crypto"))
    assert [line.raw for line in chain.children()] == [
        " certificate 01\n  3082AA01\n  \tquit", " certificate 02\n  3082AA02\n  \tquit"
    ]  # fmt: skip


def test_a_banner_is_replaced_only_by_another() -> None:
    candidate = Candidate.from_text(f"hostname R\n{BANNER}end\n")
    same = candidate.apply(BANNER.splitlines())
    assert [reply.changed for reply in same] == [False, False, False]
    other = candidate.apply(BANNER.replace("stay", "keep").splitlines())
    assert [reply.changed for reply in other] == [False, False, True]
    assert candidate.text() == f"hostname R\n!\n{BANNER.replace('stay', 'keep')}!\nend\n"
    assert [reply.mode for reply in other] == ["(config)#", "", ""]


@pytest.mark.parametrize(
    "line",
    [
        "", "  ", "!", "! remark", "exit", " exit", "Building configuration...", "Current configuration : 4711 bytes",
        "Using 4711 out of 262136 bytes", " exit-address-family", "exit-vrf", "exit-peer-policy", "exit-peer-session",
        "exit-af-interface", "exit-sf-interface", "exit-service-family",
    ],
)  # fmt: skip
def test_what_says_nothing(line: str) -> None:
    (only,) = read_tree(f"{line}\n").children()
    assert only.filler
    assert after(f"{line.strip()}\nip cef\n", "hostname R").text() == f"{line.strip()}\nhostname R\nip cef\n"
    assert not next(read_tree("exit-strategy\n").children()).filler


def both(one: str, other: str) -> tuple[tuple[str, ...], str]:
    """The differences, and what is shown of them."""
    first, second = Candidate.from_text(one), Candidate.from_text(other)
    return compare(first, second).differences, diff(first, second)


class TestWhatIsCompared:
    KEYS = "crypto keyring K\n  pre-shared-key address 192.0.2.1 key <PSK:{}>\n"

    def test_of_a_key_twice_the_first_counts_of_other_lines_the_last(self) -> None:
        one, two = self.KEYS.format("1" * 16), self.KEYS.format("2" * 16)
        assert both(one + two.split("\n", 1)[1], one) == ((), "")
        assert both(one + two.split("\n", 1)[1], two)[1].splitlines() == [
            " crypto keyring K",
            f"- pre-shared-key address 192.0.2.1 key <PSK:{'1' * 16}>",
            f"+ pre-shared-key address 192.0.2.1 key <PSK:{'2' * 16}>",
        ]
        assert both("hostname A\nhostname B\n", "hostname B\n") == ((), "")

    def test_volatile_lines_and_the_end_do_not_count(self) -> None:
        assert both("hostname A\nntp clock-period 17179738\nend\n", "hostname A\nntp clock-period 9\n") == ((), "")
        assert both("hostname A\nntp server 192.0.2.1\n", "hostname A\n")[1] == "-ntp server 192.0.2.1\n"
        assert both("endless feature\n", "")[1] == "-endless feature\n"

    def test_a_section_of_no_table_that_is_empty_at_one_end(self) -> None:
        full, empty = "some feature\n one\n two\n", "some feature\n"
        assert both(full, empty)[0] == (
            "only in the first: some feature / one",
            "only in the first: some feature / two",
        )
        assert both(empty, full)[0] == (
            "only in the second: some feature / one",
            "only in the second: some feature / two",
        )

    def test_sections_inside_of_sections_are_shown_with_their_headers(self) -> None:
        second = " peer B\n  address 192.0.2.2\n !\n"
        ring = f"crypto ikev2 keyring K\n peer A\n  address 192.0.2.1\n  description {{}}\n !\n{second}!\n"
        differences, shown = both(ring.format("one"), ring.format("two"))
        assert differences == ("crypto ikev2 keyring K / peer A / description one against description two",)
        assert shown == " crypto ikev2 keyring K\n  peer A\n-  description one\n+  description two\n"
        gone = ring.replace(second, "").format("one")
        assert both(ring.format("one"), gone)[1] == " crypto ikev2 keyring K\n- peer B\n-  address 192.0.2.2\n"
        assert both(gone, ring.format("one"))[1] == " crypto ikev2 keyring K\n+ peer B\n+  address 192.0.2.2\n"

    def test_access_lists_by_number_line_by_line(self) -> None:
        lines = ["access-list 10 permit 192.0.2.1\n", "access-list 10 deny any\n", "access-list 20 permit any\n"]
        text, other = "".join(lines), "".join([lines[1], lines[0], lines[2]])
        assert both(text, text) == ((), "")
        assert both(text, "".join([lines[2], *lines[:2]])) == ((), "")
        (difference,) = both(text, other)[0]
        assert difference.startswith(
            "order of access-list 10: access-list 10 permit 192.0.2.1, access-list 10 deny any against"
        )
        assert both("access-list\n", "access-list\n") == ((), "")

    def test_lists_by_name_as_a_whole(self) -> None:
        head, lines = "ip access-list extended A\n", [" permit ip any any\n", " deny udp any any\n"]
        told, order = both(head + "".join(lines), head + "".join(lines[::-1]))
        assert told == (
            "order of ip access-list extended A: lines: permit ip any any, deny udp any any against deny udp any any, "
            "permit ip any any",
        ), order

    def test_an_order_that_decides_is_told_beside_the_lines(self) -> None:
        rings = ["crypto keyring A\n", "crypto keyring B\n"]
        one, other = (Candidate.from_text("".join(order)) for order in (rings, rings[::-1]))
        assert compare(one, other) == Comparison(
            (),
            ("order of crypto keyring: crypto keyring A, crypto keyring B against crypto keyring B, crypto keyring A",),
        )
        assert diff(one, other).startswith("~ order of crypto keyring: ")
        more = Candidate.from_text("".join(["crypto keyring C\n", *rings]))
        assert compare(one, more) == Comparison(("only in the second: crypto keyring C",), ())


class TestInterfaceAndVrf:
    TEXT = "vrf definition V\n!\ninterface Tunnel1\n mystery setting\n no ip address\n!\nend\n"

    def test_an_interface_without_address_moves_in_silence_and_keeps_what_it_says(self) -> None:
        candidate = Candidate.from_text(self.TEXT)
        assert [r.output for r in candidate.apply(["interface Tunnel1", "vrf forwarding V"])] == ["", ""]
        assert candidate.text() == self.TEXT.replace(" mystery", " vrf forwarding V\n mystery")

    def test_leaving_a_vrf_takes_the_address_away_as_entering_one_does(self) -> None:
        bound = self.TEXT.replace(" no ip address", " vrf forwarding V\n ip address 10.0.0.1 255.0.0.0")
        candidate = Candidate.from_text(bound)
        said = candidate.apply(["interface Tunnel1", "no vrf forwarding V"])[-1]
        assert said.output == "% Interface Tunnel1 IPv4 disabled and address(es) removed due to disabling VRF V"
        assert said.changed and not said.refused
        assert sorted(candidate.text().splitlines()) == sorted(self.TEXT.splitlines())


class TestWhereALineIsTyped:
    TEXT = "hostname R\n!\ninterface Tunnel1\n mtu 1400\n!\ncrypto ikev2 keyring K\n peer A\n !\n!\nend\n"

    @pytest.mark.parametrize(
        "left", ["exit", "quit", "exit-vrf", "exit-address-family", "exit-peer-policy", "exit-peer-session", "EXIT"]
    )
    def test_one_section_is_left(self, left: str) -> None:
        replies = Candidate.from_text(self.TEXT).apply(["crypto ikev2 keyring K", "peer A", left, "peer B", "!"])
        assert [reply.mode for reply in replies[2:]] == [
            "(config-ikev2-keyring-peer)#", "(config-ikev2-keyring)#", "(config-ikev2-keyring-peer)#"
        ]  # fmt: skip

    @pytest.mark.parametrize("left", ["end", "\x1a", "END"])
    def test_all_are_left(self, left: str) -> None:
        replies = Candidate.from_text(self.TEXT).apply(["interface Tunnel1", left, "mtu 1500", "hostname S"])
        assert [reply.mode for reply in replies] == ["(config)#", "(config-if)#", "#", "#"]
        assert not any(reply.changed for reply in replies)

    def test_the_innermost_section_that_knows_a_line_gets_it(self) -> None:
        text = after(self.TEXT, "crypto ikev2 keyring K", "peer A", "description inner").text()
        assert " peer A\n  description inner\n" in text

    @pytest.mark.parametrize(
        "typed", ["logging buffered 10000", "no crypto isakmp keepalive 10", "no crypto isakmp keepalive", "no ip cef"]
    )
    def test_a_line_of_the_top_leads_back_there(self, typed: str) -> None:
        replies = Candidate.from_text(self.TEXT).apply(["crypto ikev2 keyring K", "peer A", typed, "description x"])
        assert not replies[-2].refused
        assert (replies[-1].mode, replies[-1].refused) == ("(config)#", True)

    @pytest.mark.parametrize("typed", ["logging buff 10000", "logging buffered 10000", "no logging buff 20000"])
    def test_a_line_known_better_at_the_top_is_one_of_the_top_cut_short_or_not(self, typed: str) -> None:
        base = self.TEXT.replace("!\n", "!\nlogging buffered 20000\n!\n", 1)
        candidate = Candidate.from_text(base, strict_references=False)
        replies = candidate.apply(["interface Tunnel1", typed, "!"])
        assert (replies[1].changed, replies[2].mode) == (True, "(config)#")
        assert ("logging buffered 10000\n" in candidate.text()) is not typed.startswith("no")
        assert "20000" not in candidate.text() and " logging" not in candidate.text()

    def test_exec_commands_and_remarks_change_nothing(self) -> None:
        candidate = Candidate.from_text(self.TEXT)
        replies = candidate.apply(
            ["interface Tunnel1", "do show running-config", "!", "! mtu 1500", "", "  ", "mtu 1401"]
        )
        assert [reply.changed for reply in replies] == [False] * 6 + [True]
        assert {reply.mode for reply in replies[1:]} == {"(config-if)#"}

    @pytest.mark.parametrize(
        "typed", ["no crypto", "no crypto isakmp", "no crypto map", "crypto map M 10", "interface"]
    )
    def test_the_beginning_of_several_lines_is_incomplete(self, typed: str) -> None:
        assert Candidate.from_text(self.TEXT).apply([typed])[-1].output == "% Incomplete command."

    def test_an_entry_of_a_map_that_is_denied_is_not_there(self) -> None:
        text = "no crypto map M 10 ipsec-isakmp\nend\n"
        assert Candidate.from_text(text).apply(["crypto map M 10"])[-1].output == "% Incomplete command."


class TestSeparators:
    def test_those_inside_of_a_section_stay(self) -> None:
        text = "router bgp 1\n !\n bgp one\n !\n bgp two\nend\n"
        assert after(text, "router bgp 1", "no bgp one").text() == text.replace(" bgp one\n", "")

    def test_one_goes_with_the_line_between_two_or_at_the_end(self) -> None:
        text = "ip cef\n!\nsnmp-server location here\n!\nntp server 192.0.2.1\n"
        assert after(text, "no snmp-server location here").text() == "ip cef\n!\nntp server 192.0.2.1\n"
        assert after(text, "no ntp server 192.0.2.1").text() == "ip cef\n!\nsnmp-server location here\n"
        assert after("ntp server 192.0.2.1\n!\nip cef\n", "no ntp server 192.0.2.1").text() == "!\nip cef\n"
        assert after("! remark\nntp server 192.0.2.1\n", "no ntp server 192.0.2.1").text() == "! remark\n"


class TestProfiles:
    TEXT = "crypto keyring K\ncrypto isakmp profile P\n   mystery\n   keyring K\n   match identity address 192.0.2.1\nend\n"
    REMARK = "   ! This profile is incomplete (no match identity statement)\n"

    def test_what_a_profile_names_behind_a_line_that_nobody_knows_is_in_use(self) -> None:
        said = Candidate.from_text(self.TEXT).apply(["no crypto keyring K"])[-1].output
        assert said == "% crypto keyring K is in use by crypto isakmp profile P; remove the reference first"

    def test_the_remark_comes_with_the_last_match_line_and_goes_with_the_first(self) -> None:
        bare = after(self.TEXT, "crypto isakmp profile P", "no match identity address 192.0.2.1")
        assert bare.text().count(self.REMARK) == 1
        assert after(bare.text(), "crypto isakmp profile P", "description x").text().count(self.REMARK) == 1
        again = after(bare.text(), "crypto isakmp profile P", "match identity address 192.0.2.1")
        assert self.REMARK not in again.text()
        assert self.REMARK not in after(again.text(), "crypto isakmp profile P", "description x").text()


def test_trailing_blanks_make_no_other_banner() -> None:
    candidate = Candidate.from_text("banner motd ^C\ncall FAX\n^C\nend\n")
    assert not any(reply.changed for reply in candidate.apply(["banner motd ^C  ", "call FAX\r\n", "^C"]))
    assert "call FAX\n" in after("end\n", "banner motd ^C", "call FAX\r\n", "^C").text()


def test_a_peer_block_behind_other_lines_of_its_keyring_owns_its_address_all_the_same() -> None:
    text = "crypto ikev2 keyring K\n description x\n mystery\n peer A\n  address 192.0.2.1\n !\n!\nend\n"
    said = Candidate.from_text(text).apply(["crypto ikev2 keyring K", "peer B", "address 192.0.2.1"])[-1].output
    assert said == "% address 192.0.2.1 is already configured in peer A"


def test_a_no_line_inside_of_a_section_of_a_section_is_learnt() -> None:
    text = "router bgp 1\n address-family ipv4\n  no synchronization\n exit-address-family\n !\nend\n"
    into = ["router bgp 1", "address-family ipv4"]
    there = after(text, *into, "synchronization")
    assert "  synchronization\n" in there.text() and "no synch" not in there.text()
    assert not there.apply([*into, "no synchronization"])[-1].refused
    assert "  no synchronization\n" in there.text()


def test_a_line_of_a_section_that_takes_any_is_not_that_of_the_top() -> None:
    text = "aaa one\nrouter bgp 1\n aaa one\nend\n"
    assert after(text, "router bgp 1", "no aaa one").text() == "aaa one\nrouter bgp 1\nend\n"
    assert after(text, "no aaa one").text() == "router bgp 1\n aaa one\nend\n"


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("interface Tunnel1\nmtu 1400\nmystery\nbandwidth 9\nend\n", ["mtu 1400", "mystery", "bandwidth 9"]),
        ("interface Tunnel1\nmystery\nmtu 1400\nend\n", []),
        ("interface Tunnel1\ncrypto engine accelerator\nend\n", []),
        ("interface Tunnel1\n mtu 1400\nmystery\nbandwidth 9\nend\n", ["mtu 1400"]),
        ("interface Tunnel1\nmtu 1400\nip cef\nbandwidth 9\nend\n", ["mtu 1400"]),
        ("interface Tunnel1\nmtu 1400 !why\nno ip redirects !so\nend\n", ["mtu 1400 !why", "no ip redirects !so"]),
    ],
)
def test_which_lines_at_the_margin_belong_to_a_section(text: str, inside: list[str]) -> None:
    root = read_tree(text)
    header = next(line for line in root.children() if line.text.startswith("interface"))
    assert [line.text for line in header.children()] == inside
    assert Candidate.from_text(text).text() == text


def test_a_keyring_of_peers_that_lost_its_indent_is_put_together() -> None:
    text = "crypto ikev2 keyring K\npeer A\naddress 192.0.2.1\npeer B\naddress 192.0.2.2\nip cef\nend\n"
    ring = next(read_tree(text).children())
    assert [(peer.text, [line.text for line in peer.children()]) for peer in ring.children()] == [
        ("peer A", ["address 192.0.2.1"]),
        ("peer B", ["address 192.0.2.2"]),
    ]


@pytest.mark.parametrize("behind", ["!", "! remark", "ip cef", "interface Tunnel1"])
def test_a_certificate_that_is_cut_off_ends_at_the_margin(behind: str) -> None:
    text = f"crypto pki certificate chain CA\n certificate 01\n  3082AA01 AABB\nCCDD\n{behind}\nhostname R\n"
    tops = [line.raw for line in read_tree(text).children()]
    assert tops == ["crypto pki certificate chain CA", behind, "hostname R"]
    assert Candidate.from_text(text).text() == text


def test_a_public_key_is_one_block_up_to_its_quit() -> None:
    key = "   key-string\n    00302017 4A7D385B\nDD2D1FF0\n   quit\n"
    text = (
        f"crypto keyring K\n  rsa-pubkey address 192.0.2.1\n{key}  pre-shared-key address 192.0.2.1 key sesame\nend\n"
    )
    ring = next(read_tree(text).children())
    peer, line = ring.children()
    assert [child.raw for child in peer.children()] == [key.rstrip("\n")]
    assert line.text.startswith("pre-shared-key")
