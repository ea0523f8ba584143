"""The engine at its edges: sections that no table knows, blocks taken verbatim, interface names, printed separators."""

from __future__ import annotations

import pytest

from ikeaudit.candidate import Candidate, Comparison, compare, diff
from ikeaudit.candidate.session import Reply


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


class TestSectionsThatTakeAnyLine:
    GROUP = "hostname R\n!\ncrypto isakmp client configuration group G\n dns 192.0.2.53\n no save-password\n!\nend\n"
    HEADER = "crypto isakmp client configuration group G"

    def test_a_line_and_its_no_form_take_turns(self) -> None:
        candidate = Candidate.from_text(self.GROUP)
        assert candidate.apply([self.HEADER, "save-password"])[-1].changed
        assert " save-password\n" in candidate.text() and "no save-password" not in candidate.text()
        assert not candidate.apply([self.HEADER, "save-password"])[-1].changed
        assert candidate.apply([self.HEADER, "no save-password"])[-1].changed
        assert candidate.text().count("save-password") == candidate.text().count(" no save-password\n") == 1

    def test_no_takes_a_line_by_its_beginning(self) -> None:
        candidate = Candidate.from_text(self.GROUP)
        assert candidate.apply([self.HEADER, "no dns"])[-1].changed
        assert "dns" not in candidate.text()
        assert not candidate.apply([self.HEADER, "no dns"])[-1].changed

    def test_a_word_known_above_stays_a_command_known_above_leaves(self) -> None:
        candidate = Candidate.from_text(self.GROUP)
        candidate.apply(
            [self.HEADER, "banner-less   word", "key <PSK:0123456789abcdef>", "crypto keyring K", "description x"]
        )
        text = candidate.text()
        assert " banner-less word\n" in text and " key <PSK:0123456789abcdef>\n" in text
        assert "\ncrypto keyring K\n" in text and "  description x\n" in text


class TestConfigurationMode:
    def test_control_z_ends_it(self) -> None:
        session = Candidate.from_text("hostname R\n!\nend\n").session()
        session.send("interface Tunnel1")
        assert session.prompt_suffix == "(config-if)#"
        session.send("\x1a")
        assert session.ended
        assert not session.send("hostname S").changed

    @pytest.mark.parametrize("line", ["no", "no ", "  no"])
    def test_a_bare_no(self, line: str) -> None:
        reply = Candidate.from_text("hostname R\n!\nend\n").apply([line])[-1]
        assert reply.refused and not reply.changed

    @pytest.mark.parametrize("line", ["", "   ", "!", "! no hostname R", "do show run", "!remark"])
    def test_what_does_nothing(self, line: str) -> None:
        candidate = Candidate.from_text("hostname R\n!\nend\n")
        (reply,) = candidate.apply([line])
        assert (reply.output, reply.changed) == ("", False)
        assert candidate.text() == "hostname R\n!\nend\n"

    def test_exit_goes_one_up_end_leaves(self) -> None:
        session = Candidate.from_text("crypto ikev2 keyring V\n peer A\n !\n!\nend\n").session()
        prompts = []
        for line in ("crypto ikev2 keyring V", "peer A", "exit", "exit", "crypto ikev2 keyring V", "quit", "end"):
            session.send(line)
            prompts.append(session.prompt_suffix if not session.ended else "ended")
        assert prompts == [
            "(config-ikev2-keyring)#", "(config-ikev2-keyring-peer)#", "(config-ikev2-keyring)#", "(config)#",
            "(config-ikev2-keyring)#", "(config)#", "ended",
        ]  # fmt: skip

    def test_the_place_of_a_mistake(self) -> None:
        candidate = Candidate.from_text("hostname R\n!\nend\n")
        columns = [
            candidate.apply([line])[-1].column
            for line in ("crypto nonsense", "  crypto nonsense", "no crypto nonsense")
        ]
        assert columns == [7, 9, 10]


class TestOrder:
    MAPS = (
        "crypto map B 20 ipsec-isakmp\n set peer 192.0.2.2\ncrypto map B 30 ipsec-isakmp\n set peer 192.0.2.3\n!\nend\n"
    )

    @pytest.mark.parametrize(
        ("header", "order"),
        [
            ("crypto map B 10 ipsec-isakmp", ["B 10", "B 20", "B 30"]),
            ("crypto map B 25 ipsec-isakmp", ["B 20", "B 25", "B 30"]),
            ("crypto map B 40 ipsec-isakmp", ["B 20", "B 30", "B 40"]),
            ("crypto map A 99 ipsec-isakmp", ["B 20", "B 30", "A 99"]),
        ],
    )
    def test_map_entries_stand_by_number(self, header: str, order: list[str]) -> None:
        candidate = after(self.MAPS, header)
        found = [
            line.split(" ipsec")[0].removeprefix("crypto map ")
            for line in candidate.text().splitlines()
            if "crypto map" in line
        ]
        assert found == order

    @pytest.mark.parametrize(
        ("name", "order"),
        [
            ("Tunnel5", ["Loopback0", "Tunnel1", "Tunnel5", "Tunnel10", "GigabitEthernet0/0"]),
            ("Tunnel11", ["Loopback0", "Tunnel1", "Tunnel10", "Tunnel11", "GigabitEthernet0/0"]),
            ("Loopback1", ["Loopback0", "Loopback1", "Tunnel1", "Tunnel10", "GigabitEthernet0/0"]),
        ],
    )
    def test_interfaces_stand_by_type_and_number(self, name: str, order: list[str]) -> None:
        text = "".join(
            f"interface {n}\n no ip address\n!\n" for n in ("Loopback0", "Tunnel1", "Tunnel10", "GigabitEthernet0/0")
        )
        candidate = after(text + "end\n", f"interface {name}")
        assert [line[10:] for line in candidate.text().splitlines() if line.startswith("interface")] == order

    def test_policies_stand_by_number_and_apart(self) -> None:
        text = "hostname R\n!\ncrypto isakmp policy 20\n encr aes\n!\nend\n"
        candidate = after(text, "crypto isakmp policy 10", "group 14")
        assert candidate.text() == (
            "hostname R\n!\ncrypto isakmp policy 10\n group 14\n!\ncrypto isakmp policy 20\n encr aes\n!\nend\n"
        )
        assert after(candidate.text(), "no crypto isakmp policy 10").text() == text

    def test_the_first_keyring_stands_before_the_policies(self) -> None:
        text = "hostname R\n!\ncrypto isakmp policy 20\n encr aes\n!\nend\n"
        candidate = after(text, "crypto keyring K", "pre-shared-key address 192.0.2.1 key <PSK:0123456789abcdef>")
        at = [candidate.text().index(word) for word in ("hostname", "crypto keyring", "crypto isakmp policy")]
        assert at == sorted(at)
        assert "crypto keyring K\n  pre-shared-key address" in candidate.text()


class TestReading:
    def test_line_ends_are_normalised_every_other_byte_is_kept(self) -> None:
        assert (
            Candidate.from_text("hostname R\r\n!\r\n  strange \t line\r\nend").text()
            == "hostname R\n!\n  strange \t line\nend\n"
        )

    def test_negated_lines_are_known_by_their_words(self) -> None:
        text = "interface Tunnel1\n no ip address\n no ip redirects\n shutdown\n!\nend\n"
        candidate = after(
            text, "interface Tunnel1", "ip address 192.0.2.1 255.255.255.0", "ip redirects", "no shutdown"
        )
        assert candidate.text() == "interface Tunnel1\n ip address 192.0.2.1 255.255.255.0\n!\nend\n"

    def test_a_name_used_below_a_negated_line_is_let_go_with_its_section(self) -> None:
        text = (
            "crypto ipsec profile I\n!\ninterface Tunnel1\n no ip address\n tunnel protection ipsec profile I\n!\nend\n"
        )
        candidate = Candidate.from_text(text)
        assert candidate.apply(["no crypto ipsec profile I"])[-1].refused
        assert not candidate.apply(["no interface Tunnel1"])[-1].refused
        assert not candidate.apply(["no crypto ipsec profile I"])[-1].refused

    def test_a_section_that_only_one_side_fills(self) -> None:
        bare, filled = (
            Candidate.from_text(f"hostname R\n!\nsome feature\n{below}!\nend\n") for below in ("", " a line\n")
        )
        assert compare(bare, filled).differences == ("only in the second: some feature / a line",)
        assert compare(filled, bare).differences == ("only in the first: some feature / a line",)

    @pytest.mark.parametrize(
        ("release", "word"),
        [("15.7", "encr"), ("17.10", "encr"), ("17.11", "encryption"), ("17.12", "encryption"), ("18.1", "encryption")],
    )
    def test_the_release_tells_how_policies_are_printed(self, release: str, word: str) -> None:
        candidate = after(f"version {release}\nhostname R\n!\nend\n", "crypto isakmp policy 10", "encryption aes 256")
        assert f" {word} aes 256\n" in candidate.text()

    def test_what_is_printed_tells_more_than_the_release(self) -> None:
        for word, other in (("encr", "17.12"), ("encryption", "15.7")):
            text = f"version {other}\nhostname R\n!\ncrypto isakmp policy 5\n {word} aes\n!\nend\n"
            assert f" {word} aes 256\n" in after(text, "crypto isakmp policy 10", "encryption aes 256").text()


class TestTwoSpellings:
    """A configuration of a newer release against an older one: both are told in the words of the first (POLICY-DEFAULTS)."""

    OLD = "hostname R\n!\ncrypto isakmp policy 10\n encr aes\n authentication pre-share\n group 2\n!\nend\n"
    NEW = OLD.replace(" encr aes\n", " encryption aes\n hash sha\n")

    def test_what_an_older_release_hides_is_no_difference_to_it(self) -> None:
        old, new = Candidate.from_text(self.OLD), Candidate.from_text(self.NEW)
        assert (old.engine.classic, new.engine.classic) == (True, False)
        assert compare(old, new) == Comparison((), ())

    def test_what_a_newer_one_prints_is_a_difference_to_it(self) -> None:
        old, new = Candidate.from_text(self.OLD), Candidate.from_text(self.NEW)
        assert compare(new, old).differences == ("only in the first: crypto isakmp policy 10 / hash sha",)
        stronger = Candidate.from_text(self.NEW.replace("encryption aes\n", "encryption aes 256\n"))
        assert compare(old, stronger).differences == ("crypto isakmp policy 10 / encr aes against encr aes 256",)


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0", "\u3000"])
def test_whatever_indents_a_line_puts_it_into_its_section(blank: str) -> None:
    text = f"crypto keyring K\n{blank}pre-shared-key address 192.0.2.1 key <PSK:0011223344556677>\nXbox\n! x\nend\n"
    root = Candidate.from_text(text).engine.root
    assert [line.text for line in root.children()] == ["crypto keyring K", "Xbox", "! x", "end"]
    assert [line.indent for line in root.children()] == [0] * 4
    assert [line.indent for line in next(iter(root.children())).children()] == [1]


@pytest.mark.parametrize("strict", [True, False])
def test_blanks_at_the_end_of_a_line_that_is_taken_back_do_not_count(strict: bool) -> None:
    text = "hostname R\n!\ninterface Tunnel1\n description far end\n!\nend\n"
    candidate = Candidate.from_text(text, strict_references=strict)
    replies = candidate.apply(["interface Tunnel1", "no description far end  "])
    assert [(reply.output, reply.refused) for reply in replies] == [("", False)] * 2
    assert " description" not in candidate.text()


def test_a_new_line_of_a_section_that_lost_its_indent_is_printed_as_ios_does() -> None:
    """Lines at the margin are no measure for it."""
    key = "pre-shared-key address 192.0.2.1 key <PSK:0011223344556677>\n"
    for flat, indent in ((f"crypto keyring K\n{key}end\n", "  "), (f"crypto keyring K\n    {key}end\n", "    ")):
        changed = after(flat, "crypto keyring K", "description here")
        assert f"\n{indent}description here\n" in changed.text()
