"""How a typed line is read word by word: which reading is taken, how far a wrong one came, and what may still follow."""

from __future__ import annotations

import pytest
from rich.pretty import pretty_repr

from ikeaudit.ios.command import Command, single
from ikeaudit.ios.fast import leads_on, steps
from ikeaudit.ios.language import GLOBAL, LANGUAGES, language_of
from ikeaudit.ios.syntax import Branch, Failure, Match, Typed, add_syntax, begin, read


def tree(*syntaxes: str) -> Branch:
    root = Branch()
    for syntax in syntaxes:
        add_syntax(root, syntax, Command(syntax=syntax, slot=syntax, plain="[<rest" in syntax))
    return root


@pytest.mark.parametrize(
    ("typed", "words", "exact"),
    [
        ("alpha beta one", ("alpha", "beta", "one"), True),
        ("alpha be one", ("alpha", "beta", "one"), False),
        ("al beta one", ("alpha", "beta", "one"), False),
        ("alpha beta two", ("alpha", "beta", "two"), True),
        ("alpha be two", ("alpha", "be", "two"), True),
        ("al be two", ("alpha", "be", "two"), False),
        ("ALPHA Beta one", ("alpha", "beta", "one"), True),
    ],
)
def test_what_was_cut_short_on_a_way_that_led_nowhere_does_not_count(
    typed: str, words: tuple[str, ...], exact: bool
) -> None:
    found = read(tree("alpha beta one", "alpha <name> two"), Typed.of(typed))
    assert isinstance(found, Match) and (found.words, found.exact) == (words, exact)


@pytest.mark.parametrize(
    ("one", "other", "better"),
    [
        (Failure("invalid", 0, 2), Failure("invalid", 0, 1), True),
        (Failure("invalid", 0, 1), Failure("invalid", 0, 2), False),
        (Failure("invalid", 0, 1), Failure("invalid", 0, 1), False),
        (Failure("incomplete", 0, 1), Failure("invalid", 0, 1), True),
        (Failure("ambiguous", 0, 1), Failure("invalid", 0, 1), True),
        (Failure("invalid", 0, 1), Failure("incomplete", 0, 1), False),
        (Failure("ambiguous", 0, 1), Failure("incomplete", 0, 1), False),
        (Failure("incomplete", 0, 1), Failure("invalid", 0, 2), False),
    ],
)
def test_which_of_two_failures_came_further(one: Failure, other: Failure, better: bool) -> None:
    assert one.better_than(other) is better


@pytest.mark.parametrize(
    ("typed", "failure"),
    [
        ("alpha", Failure("incomplete", 5, 1)),
        ("alpha beta", Failure("incomplete", 10, 2)),
        ("alpha  beta x", Failure("invalid", 12, 2)),
        ("a", Failure("ambiguous", 0, 0)),
        ("ax", Failure("invalid", 0, 0)),
        ("alpha beta one more", Failure("invalid", 15, 3)),
        ("", Failure("incomplete", 0, 0)),
        ("alpha be", Failure("incomplete", 8, 2)),
        ("avoid n 1", Failure("invalid", 8, 2)),
        ("avoid n o", Failure("ambiguous", 8, 2)),
    ],
)
def test_where_and_why_a_line_is_wrong(typed: str, failure: Failure) -> None:
    root = tree("alpha beta one", "alpha beta <a:ip>", "avoid <name> {x:odd|other}")
    assert read(root, Typed.of(typed)) == failure


def test_of_two_readings_that_come_as_far_that_by_keywords_is_told() -> None:
    root = tree("alpha beta two", "alpha <name> odd", "alpha <name> other")
    assert read(root, Typed.of("alpha beta o")) == Failure("invalid", 11, 2)
    assert read(root, Typed.of("alpha x o")) == Failure("ambiguous", 8, 2)
    found = read(root, Typed.of("alpha beta odd"))
    assert isinstance(found, Match) and (found.command.slot, found.args) == ("alpha <name> odd", {"name": "beta"})
    further = tree("alpha beta <x> one", "alpha <name> odd", "alpha <name> other")
    assert read(further, Typed.of("alpha beta o two")) == Failure("invalid", 13, 3)


def test_what_the_tree_of_a_mode_does_not_take() -> None:
    root, one, other = Branch(), Command(syntax="a <x> [b]", slot="a"), Command(syntax="a <x>", slot="other")
    add_syntax(root, one.syntax, one)
    add_syntax(root, "a <x>", one)
    for syntax, command in (("a <x>", other), ("a <y>", one)):
        with pytest.raises(ValueError, match="spelled twice"):
            add_syntax(root, syntax, command)
    with pytest.raises(ValueError, match="no such argument type: colour"):
        add_syntax(root, "c <x:colour>", one)


def test_whether_every_word_is_a_keyword_of_one_command() -> None:
    root = steps([Command(syntax="alpha beta <x> gamma", slot="a"), Command(syntax="alpha delta", slot="b")])
    for text in ("", "alpha", "alpha beta", "alpha delta"):
        assert leads_on(root, text), text
    for text in ("beta", "alpha x", "alpha beta gamma", "alpha delta x", "x alpha", "alpha x delta"):
        assert not leads_on(root, text), text


def test_a_remark_at_the_end_is_no_part_of_a_line_that_is_known_without_it() -> None:
    root = tree("alpha one", "plain [<rest:text>]", "plain odd <x>", "text <rest:text>")
    for typed, words in (
        ("alpha one !two", ("alpha", "one")),
        ("plain !two", ("plain", "!two")),
        ("plain odd x !two", ("plain", "odd", "x")),
        ("text one !two", ("text", "one !two")),
    ):
        found = read(root, Typed.of(typed))
        assert isinstance(found, Match) and found.words == words, typed
    assert read(root, Typed.of("alpha one!two")) == Failure("invalid", 6, 1)
    assert read(root, Typed.of("beta !two")) == Failure("invalid", 0, 0)


def test_what_a_line_may_become() -> None:
    root = tree("alpha beta one", "alpha beta two", "alpha <a:ip>", "gamma")
    assert read(root, Typed.of("gamma")) is not None
    beginnings = {
        "alpha": {"alpha beta one", "alpha beta two", "alpha <a:ip>"},
        "al be !remark": {"alpha beta one", "alpha beta two"},
        "": {"alpha beta one", "alpha beta two", "alpha <a:ip>", "gamma"},
    }
    for typed, slots in beginnings.items():
        found = begin(root, Typed.of(typed))
        assert found is not None and {command.slot for command in found.commands} == slots, typed
    partial = begin(root, Typed.of("al be"))
    assert partial is not None and partial.words == ("alpha", "beta")
    for typed in ("delta", "alpha x", "gamma", "gamma x"):
        assert begin(root, Typed.of(typed)) is None, typed


@pytest.mark.parametrize("front", ["", "no ", "default "])
def test_whether_an_unknown_line_concerns_tunnels(front: str) -> None:
    assert LANGUAGES["global"].concerns(f"{front}crypto isakmp xyzzy")
    assert not LANGUAGES["global"].concerns(f"{front}ip xyzzy")
    assert not LANGUAGES["global"].concerns(f"not {front}crypto isakmp xyzzy")


def test_the_language_of_a_section() -> None:
    header = next(row for row in LANGUAGES["global"].mode.commands if row.slot == "crypto keyring")
    assert language_of(header) is LANGUAGES["keyring"]
    assert language_of(single("hostname <name>")) is None
    assert language_of(None) is None


@pytest.mark.parametrize(
    ("line", "args"),
    [
        ("ip address 10.0.0.1 255.0.0.0", {"address": "10.0.0.1", "mask": "255.0.0.0"}),
        ("ip address 300.0.0.1 255.0.0.0", {"value": "300.0.0.1 255.0.0.0"}),
        ("ip address  10.0.0.1 255.0.0.0", None),
    ],
)
def test_what_is_no_operand_of_one_way_to_spell_a_command_may_be_that_of_another(
    line: str, args: dict[str, str] | None
) -> None:
    found = LANGUAGES["interface"].match(line)
    assert (found.args if found is not None else None) == args


def test_a_word_behind_an_operand_is_no_keyword_cut_short() -> None:
    """A static route of that name; ``ip route static`` is another command."""
    found = GLOBAL.match("ip route 10.0.0.0 255.0.0.0 192.0.2.1 name stat")
    assert found is not None and found.row.id == "global/ip-route"
    assert GLOBAL.match("ip route stat") is None


def test_what_only_looks_like_an_address_of_ipv6() -> None:
    line = "pre-shared-key address ipv6 {} key k"
    for prefix, is_one in (
        ("2001:DB8::/32", True),
        ("1:2:3:4:5:6:7:8:9/64", False),
        ("2001:DB8::/129", False),
        (":", False),
    ):
        assert (LANGUAGES["keyring"].match(line.format(prefix)) is not None) is is_one, prefix


def test_nothing_of_a_line_is_shown_on_a_console() -> None:
    for value in (Typed.of("key sesame"), read(tree("key <x>"), Typed.of("key sesame"))):
        assert repr(value) == f"{type(value).__name__}(...)"
        assert pretty_repr(value) == f"{type(value).__name__}()"


def test_a_remark_is_all_of_a_line() -> None:
    for text, words in ((" !one", ()), ("a !one", ("a",)), ("a!one", ("a!one",)), ("!one", ("!one",))):
        assert Typed.of(text).bare.words == words, text


def test_two_blanks_hide_no_keyword() -> None:
    """``ins`` may be ``inside``, which is not for lines as IOS prints them."""
    assert GLOBAL.match("ip nat  ins") is None


def test_what_is_behind_the_address_of_a_key_that_goes() -> None:
    """``no`` needs no key where an address tells which it is (KEY-DUPLICATE)."""
    assert isinstance(GLOBAL.read_no("crypto isakmp key address 192.0.2.1"), Match)
    assert GLOBAL.match("no crypto isakmp key address 192.0.2.1 255.255.255.0") is not None


def test_two_letters_are_a_name_where_one_may_stand() -> None:
    """A crypto map may be called ``ip``; ``ipv`` is the beginning of ``ipv6``."""
    found = GLOBAL.match("crypto map ip 10 ipsec-isakmp")
    assert found is not None and found.args["name"] == "ip"
    assert GLOBAL.match("crypto map ipv M 10 ipsec-isakmp") is None
