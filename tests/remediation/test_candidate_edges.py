"""The engine at its edges: sections that no table knows, blocks taken verbatim, interface names, printed separators."""

from __future__ import annotations

import pytest

from ikeaudit.candidate import Candidate, Comparison, compare, diff
from ikeaudit.candidate.reply import Reply
from ikeaudit.ios.names import interface_order, interface_type, interface_words, removable


def after(text: str, *lines: str) -> Candidate:
    candidate = Candidate.from_text(text)
    assert not [reply for reply in candidate.apply(lines) if reply.refused]
    return candidate


class TestSectionsOfNoTable:
    ONE = "hostname R\n!\nsome feature\n first   line\n second line\n!\nend\n"
    OTHER = "hostname R\n!\nsome feature\n second line\n third line\n!\nend\n"

    def test_their_lines_are_compared_as_they_stand(self) -> None:
        one, other = Candidate.from_text(self.ONE), Candidate.from_text(self.OTHER)
        assert compare(one, other) == Comparison(
            differences=(
                "only in the first: some feature / first line",
                "only in the second: some feature / third line",
            ),
            order=(),
        )
        assert compare(one, Candidate.from_text(self.ONE.replace("   ", " "))).differences == ()

    def test_they_are_shown_whole(self) -> None:
        bare = Candidate.from_text("hostname R\n!\nend\n")
        assert diff(bare, Candidate.from_text(self.ONE)) == "+some feature\n+ first line\n+ second line\n"
        assert diff(Candidate.from_text(self.ONE), bare) == "-some feature\n- first line\n- second line\n"

    def test_sections_are_shown_with_the_lines_that_changed_only(self) -> None:
        text = (
            "hostname R\n!\ncrypto keyring K\n  pre-shared-key address 192.0.2.1 key <PSK:0011223344556677>\n!\nend\n"
        )
        more = after(text, "crypto keyring K", "description here", "local-address Loopback0")
        assert (
            diff(Candidate.from_text(text), more)
            == " crypto keyring K\n+ description here\n+ local-address Loopback0\n"
        )
        assert diff(Candidate.from_text(text), after(text, "hostname S")) == "-hostname R\n+hostname S\n"
        assert diff(Candidate.from_text(text), after(text, "no crypto keyring K")) == (
            "-crypto keyring K\n- pre-shared-key address 192.0.2.1 key <PSK:0011223344556677>\n"
        )


class TestInterfaces:
    @pytest.mark.parametrize(
        ("typed", "name"),
        [
            ("Tunnel1", "Tunnel1"), ("tu1", "Tunnel1"), ("TUNNEL12", "Tunnel12"), ("gi0/0", "GigabitEthernet0/0"),
            ("Gi0/0.100", "GigabitEthernet0/0.100"), ("lo0", "Loopback0"), ("e0/1", "Ethernet0/1"),
        ],
    )  # fmt: skip
    def test_a_glued_name(self, typed: str, name: str) -> None:
        assert interface_words([typed, "next"], 0) == (1, name)

    @pytest.mark.parametrize(
        ("words", "name"), [(["tunnel", "1"], "Tunnel1"), (["GigabitEthernet", "0/0/1"], "GigabitEthernet0/0/1")]
    )
    def test_a_name_of_two_words(self, words: list[str], name: str) -> None:
        assert interface_words(words, 0) == (2, name)
        assert interface_words(["x", *words], 1) == (2, name)

    @pytest.mark.parametrize("words", [["tunnel"], ["tunnel", "x"], ["nothing1"], ["nothing", "1"], ["t1"]])
    def test_no_name(self, words: list[str]) -> None:
        assert interface_words(words, 0) is None

    def test_a_type_may_be_cut_short_where_only_one_begins_so(self) -> None:
        assert interface_type("Tunnel") == interface_type("tun") == "Tunnel"
        assert interface_type("t") is None
        usual = "lo0 po1 tu1 vt1 e0 et0 eth0 f0 fa0 g0 gi0 gig0 te0 tw0 twe0 fo0 hu0 s0 se0 di1 vl1 ce0 mu1 nu0"
        full = [
            "Loopback0", "Port-channel1", "Tunnel1", "Virtual-Template1", "Ethernet0", "Ethernet0", "Ethernet0",
            "FastEthernet0", "FastEthernet0", "GigabitEthernet0", "GigabitEthernet0", "GigabitEthernet0",
            "TenGigabitEthernet0", "TwoGigabitEthernet0", "TwentyFiveGigE0", "FortyGigabitEthernet0", "HundredGigE0",
            "Serial0", "Serial0", "Dialer1", "Vlan1", "Cellular0", "Multilink1", "Null0",
        ]  # fmt: skip
        assert [interface_words([typed], 0) for typed in usual.split()] == [(1, name) for name in full]
        assert interface_type("nothing") is None

    def test_the_order_of_a_running_config(self) -> None:
        names = [
            "GigabitEthernet0/10",
            "Tunnel10",
            "GigabitEthernet0/9",
            "Loopback0",
            "Tunnel9",
            "GigabitEthernet0/9.5",
        ]
        assert sorted(names, key=interface_order)[0] == "Loopback0"
        tunnels = [n for n in sorted(names, key=interface_order) if n.startswith("Tun")]
        assert tunnels == ["Tunnel9", "Tunnel10"]
        gigabit = [n for n in sorted(names, key=interface_order) if n.startswith("Gig")]
        assert gigabit == ["GigabitEthernet0/9", "GigabitEthernet0/9.5", "GigabitEthernet0/10"]
        assert interface_order("nothing at all")[1:] == ("nothing at all", ())
        assert interface_order("Unheard7")[1:] == ("Unheard", (7,))
        assert interface_order("Unheard7")[0] == interface_order("nothing at all")[0] > interface_order("Tunnel1")[0]

    @pytest.mark.parametrize(
        ("name", "may_go"),
        [
            ("Tunnel1", True),
            ("Loopback0", True),
            ("GigabitEthernet0/0", False),
            ("GigabitEthernet0/0.10", True),
            ("strange", True),
        ],
    )
    def test_what_no_interface_may_remove(self, name: str, may_go: bool) -> None:
        assert removable(name) is may_go

    def test_moving_into_a_vrf_takes_the_addresses_and_says_so(self) -> None:
        text = "vrf definition V\n!\ninterface Tunnel1\n ip address 192.0.2.1 255.255.255.0\n!\nend\n"
        candidate = Candidate.from_text(text)
        said = [r.output for r in candidate.apply(["interface Tunnel1", "vrf forwarding V", "vrf forwarding V"])]
        assert said == ["", "% Interface Tunnel1 IPv4 disabled and address(es) removed due to enabling VRF V", ""]
        assert "192.0.2.1" not in candidate.text() and " no ip address\n" in candidate.text()

    def test_an_interface_without_addresses_moves_in_silence(self) -> None:
        candidate = Candidate.from_text("vrf definition V\n!\ninterface Tunnel1\n!\nend\n")
        assert [r.output for r in candidate.apply(["interface Tunnel1", "vrf forwarding V"])] == ["", ""]
        assert "no ip address" not in candidate.text()


class TestVerbatim:
    def test_a_banner_is_taken_as_it_is_typed(self) -> None:
        candidate = Candidate.from_text("hostname R\n!\nend\n")
        replies = candidate.apply(["banner motd ^", "  two  blanks  ", "no hostname R", "^", "hostname S"])
        assert [r.changed for r in replies] == [False, False, False, True, True]
        assert "banner motd ^\n  two  blanks  \nno hostname R\n^\n" in candidate.text()
        assert candidate.hostname == "S"

    def test_the_same_again_changes_nothing_another_replaces_it(self) -> None:
        candidate = after("hostname R\n!\nend\n", "banner motd ^", "one", "^")
        text = candidate.text()
        assert not any(r.changed for r in candidate.apply(["banner motd ^", "one", "^"]))
        assert candidate.text() == text
        assert candidate.apply(["banner motd ^", "two", "^"])[-1].changed
        assert "two" in candidate.text() and "one" not in candidate.text()


def test_a_reply_shows_everything_but_the_command() -> None:
    reply = Reply("crypto isakmp key secret address 192.0.2.1", "(config)#", "said", True)
    assert repr(reply) == str(reply) == "Reply(mode='(config)#', output='said', changed=True)"
    assert reply.__rich_repr__() == [("mode", "(config)#"), ("output", "said"), ("changed", True)]


class TestUniqueLines:
    """An address of one peer block is free again when the block lets it go."""

    TEXT = "crypto ikev2 keyring V\n peer ONE\n  address 192.0.2.1\n !\n peer TWO\n !\n!\nend\n"

    @pytest.mark.parametrize(
        "first",
        [
            ("peer ONE", "no address 192.0.2.1"),
            ("no peer ONE",),
            ("peer ONE", "address 192.0.2.9"),
        ],
    )
    def test_given_up(self, first: tuple[str, ...]) -> None:
        candidate = Candidate.from_text(self.TEXT)
        asked = ["crypto ikev2 keyring V", "peer TWO", "address 192.0.2.1"]
        assert candidate.apply(asked)[-1].refused
        assert not candidate.apply(["crypto ikev2 keyring V", *first])[-1].refused
        assert not candidate.apply(asked)[-1].refused

    def test_taken_meanwhile(self) -> None:
        candidate = Candidate.from_text(self.TEXT)
        assert not candidate.apply(["crypto ikev2 keyring V", "peer TWO", "address 192.0.2.2"])[-1].refused
        assert candidate.apply(["crypto ikev2 keyring V", "peer ONE", "address 192.0.2.2"])[-1].output == (
            "% address 192.0.2.2 is already configured in peer TWO"
        )
        assert not candidate.apply(["crypto ikev2 keyring V", "peer TWO", "address 192.0.2.3"])[-1].refused
        assert not candidate.apply(["crypto ikev2 keyring V", "peer ONE", "address 192.0.2.2"])[-1].refused


class TestDeletedObjects:
    TEXT = (
        "crypto keyring K\n!\ncrypto keyring L\n!\ncrypto isakmp profile P\n   keyring K\n"
        "   match identity address 192.0.2.1 255.255.255.255\n!\nend\n"
    )

    def test_in_use_until_the_last_user_lets_go(self) -> None:
        candidate = Candidate.from_text(self.TEXT)
        assert candidate.apply(["no crypto keyring K"])[-1].output == (
            "% crypto keyring K is in use by crypto isakmp profile P; remove the reference first"
        )
        assert not candidate.apply(["no crypto keyring L"])[-1].refused
        assert not candidate.apply(["crypto isakmp profile P", "no keyring K", "no crypto keyring K"])[-1].refused

    def test_named_again_by_a_section_that_came_later(self) -> None:
        candidate = Candidate.from_text(self.TEXT)
        candidate.apply(["crypto isakmp profile Q", "keyring L"])
        assert "profile Q" in candidate.apply(["no crypto keyring L"])[-1].output
        assert not candidate.apply(["no crypto isakmp profile Q"])[-1].refused
        assert not candidate.apply(["no crypto keyring L"])[-1].refused
        assert (
            candidate.apply(["crypto isakmp profile P", "keyring L"])[-1].output == "% crypto keyring L is not defined"
        )
