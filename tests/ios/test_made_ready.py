"""A table made ready: what is typed, what is printed, what stands behind ``no``, and in which order, on one made up."""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec
import pytest

from ikeaudit.ios import language
from ikeaudit.ios.command import Command, Mode, kept, kept_words, plain_words, single
from ikeaudit.ios.language import LANGUAGES, Language
from ikeaudit.ios.syntax import Failure, Match

MODE = Mode(
    name="made-up",
    prompt="(config-made)#",
    bears="modelled",
    commands=(
        single("first <name>", key=("name",), no=("first",), also=("primary <name>",), seen=("erst <name>",)),
        single("pair <one> [<two>]", "pair one", rank="pairs"),
        single("other pair <one:num>", rank="pairs", bears="irrelevant"),
        *kept("unclear", "read only [<rest:text>]"),
        single("flag", id="the-flag", negative=True),
        single("first of all"),
        single("(odd|even) number", "parity"),
        single("near [<address:ip> [<mask:mask>]] <rest:text>", "near"),
        *plain_words("plain", bears="other"),
    ),
)
MADE = Language(MODE)
ROWS = {row.slot: row for row in MADE.mode.commands}


def test_each_row_has_an_id_and_says_what_it_has_to_do_with_tunnels() -> None:
    assert [(row.id, row.bears) for row in MADE.mode.commands] == [
        ("made-up/first", "modelled"), ("made-up/pair-one", "modelled"), ("made-up/other-pair", "irrelevant"),
        ("made-up/read-only", "unclear"), ("made-up/the-flag", "modelled"), ("made-up/first-of-all", "modelled"),
        ("made-up/parity", "modelled"),
        ("made-up/near", "modelled"),
        ("made-up/plain", "other"),
    ]  # fmt: skip


def test_the_order_is_that_of_the_table_and_shared_by_those_of_one_rank() -> None:
    assert [MADE.ranks.get(row) for row in MADE.mode.commands] == [0, 1, 1, None, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("line", "printed", "typed", "behind_no"),
    [
        ("first X", "first", "first", "first"), ("primary X", "first", "first", "first"), ("erst X", "first", None, None),
        ("first", None, None, "first"), ("read only x", "read only", None, None), ("flag", "flag", "flag", "flag"),
        ("first of all", "first of all", "first of all", "first of all"), ("plain x y", "~plain", "~plain", "~plain"),
        ("pair a b", "pair one", "pair one", "pair one"), ("pair", None, None, None), ("unheard", None, None, None),
        ("erst", None, None, None), ("odd number", "parity", "parity", "parity"), ("even number", "parity", "parity", "parity"),
        ("odd", None, None, None), ("number", None, None, None), ("evennumber", None, None, None),
    ],
)  # fmt: skip
def test_what_is_printed_what_is_typed_and_what_stands_behind_no(
    line: str, printed: str | None, typed: str | None, behind_no: str | None
) -> None:
    def slot(found: Match | Failure) -> str | None:
        return found.command.slot if isinstance(found, Match) else None

    found, negated = MADE.match(line), MADE.match(f"no {line}")
    assert (found.row.slot if found else None) == printed and (found is None or not found.negated)
    assert (slot(MADE.read(line)), slot(MADE.read_no(line))) == (typed, behind_no)
    if negated is not None:
        assert negated.negated and negated.row.slot == (printed or behind_no)
    assert (negated is not None) is ((printed or behind_no) is not None)


@pytest.mark.parametrize(
    ("line", "args"),
    [
        ("near 192.0.2.1 255.0.0.0 x", {"address": "192.0.2.1", "mask": "255.0.0.0", "rest": "x"}),
        ("near 192.0.2.1 255.0.0.300 x", {"address": "192.0.2.1", "rest": "255.0.0.300 x"}),
        ("near 192.0.2.300 x", {"rest": "192.0.2.300 x"}),
        ("near 192.0.2.300 255.0.0.0 x", {"rest": "192.0.2.300 255.0.0.0 x"}),
    ],
)
def test_what_only_looks_like_an_address_may_be_another_operand(line: str, args: dict[str, str]) -> None:
    found = MADE.match(line)
    assert found is not None and found.args == args


def test_where_the_numbered_entries_of_a_list_are_known() -> None:
    for mode in ("acl-extended", "acl-standard", "acl-ipv6"):
        for word in ("permit any", "deny any", "remark one"):
            found = LANGUAGES[mode].match(f"10 {word}")
            assert found is not None and found.row.bears == "modelled"


def test_of_several_rows_that_fit_the_one_with_more_keywords_is_it() -> None:
    found = MADE.match("first of")
    assert found is not None and found.row is ROWS["first"] and found.args == {"name": "of"}
    assert MADE.match("fir X") is None and MADE.match("First X") is None


def test_what_is_remembered_is_forgotten_when_it_is_too_much() -> None:
    fresh = Language(MODE)
    for number in range(language._MEMORY + 2):
        found = fresh.known(f"first N{number}")
        assert found is not None and found.args == {"name": f"N{number}"}
    assert 0 < len(fresh.remembered) <= language._MEMORY


def test_two_rows_that_are_spelt_alike_are_an_error_when_they_are_asked_for() -> None:
    twice = msgspec.structs.replace(MODE, commands=(single("a <b>"), single("a <c> [d]", "a")))
    with pytest.raises(ValueError, match="spelled twice"):
        Language(twice).read("a x")


@dataclass
class Tables:
    """What the name of the grammar is made of."""

    rows: tuple[Command, ...] = (single("a <b>", bears="other"),)
    names: tuple[str, ...] = ("n",)
    free: tuple[str, ...] = ("f",)
    labels: tuple[str, ...] = ("l",)

    def named(self, monkeypatch: pytest.MonkeyPatch) -> str:
        mode = Mode(name="m", prompt="(m)#", commands=self.rows)
        for name, value in {
            "LANGUAGES": {"m": Language(mode)}, "NAMES": self.names, "FREE_TEXT": self.free, "LABELS": self.labels
        }.items():  # fmt: skip
            monkeypatch.setattr(language, name, value)
        return language.grammar.__wrapped__()


def test_another_table_has_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        (single("a <b>", bears="modelled"),), (single("a <b>", id="other", bears="other"),), (single("a <c>", bears="other"),),
        (single("a <b>", bears="other", hides=("a <secret:secret>",)),),
        (single("a <b>", bears="other"), single("d", bears="other")),
    ]  # fmt: skip
    others = [Tables(rows=one) for one in rows] + [
        Tables(names=("x",)),
        Tables(free=("x",)),
        Tables(labels=("x",)),
        Tables(),
    ]
    found = [one.named(monkeypatch) for one in others]
    assert len(set(found)) == len(others) and found[-1] == Tables().named(monkeypatch)
    assert all(re.fullmatch(r"[0-9a-f]{12}", name) for name in found)


def test_lines_that_are_taken_as_they_come_are_known_by_their_first_words() -> None:
    assert [(row.syntax, row.slot, row.key, row.plain) for row in plain_words("one two", kind="operands")] == [
        ("one [<rest:operands>]", "~one", ("rest",), True), ("two [<rest:operands>]", "~two", ("rest",), True)
    ]  # fmt: skip
    (one, two) = kept_words("irrelevant", "a b; c")
    assert (one.syntax, one.slot, one.kept, one.bears) == ("a b [<rest:text>]", "a b", True, "irrelevant")
    assert (two.syntax, two.slot, two.plain) == ("c [<rest:text>]", "c", False)
