"""What holds of every row of the tables, whatever its command is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from ikeaudit.ios import command as shapes
from ikeaudit.ios.command import Command, Mode
from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.names import _SHORT, INTERFACE_TYPES
from ikeaudit.ios.notation import secrets, sequences
from ikeaudit.ios.syntax import ARGUMENTS, Match
from ikeaudit.ios.tables.names import FREE_TEXT, LABELS, NAMES, NAMES_BESIDE_SECRETS, PROSE
from ikeaudit.ios.tables.secrets import USER_OPTIONS

ROWS = [(mode, row) for mode, language in LANGUAGES.items() for row in language.mode.commands]


def fits(value: object, hint: Any) -> bool:
    """Whether a field holds what its type says; what is callable, or of a class, is left to mypy."""
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if get_origin(hint) in (Union, type(int | str)):
        return any(fits(value, one) for one in get_args(hint))
    if get_origin(hint) is tuple:
        return isinstance(value, tuple) and all(fits(one, get_args(hint)[0]) for one in value)
    return isinstance(value, hint) if isinstance(hint, type) else callable(value)


@pytest.mark.parametrize(
    ("shape", "values"), [(Command, [row for _, row in ROWS]), (Mode, [x.mode for x in LANGUAGES.values()])]
)
def test_every_field_holds_what_its_type_says(shape: type, values: list[object]) -> None:
    hints = get_type_hints(shape, vars(shapes))
    wrong = [
        (name, getattr(one, name))
        for one in values
        for name, hint in hints.items()
        if not fits(getattr(one, name), hint)
    ]
    assert wrong == []


def keywords(*syntaxes: str) -> Iterator[str]:
    for syntax in syntaxes:
        for tokens in sequences(syntax):
            yield from (token.word for token in tokens if token.word)


def test_keywords_are_lower_case_as_they_are_looked_up() -> None:
    for mode, row in ROWS:
        said = [
            *keywords(*row.spellings, *row.no, *row.hides),
            *(row.told_by or ()),
            *row.defaults,
            *row.classic_defaults,
        ]
        said += [
            row.slot,
            row.id,
            row.rank,
            row.part,
            row.effect,
            row.captures,
            row.classic_word,
            *row.closing,
            *row.excludes,
        ]
        said += [
            row.title if row.title.isidentifier() else row.title.partition("*")[0],
            row.opens or "",
            row.defines or "",
        ]
        assert [word for word in said if word != word.lower()] == [], f"{mode}: {row.syntax}"
    others = [*NAMES, *NAMES_BESIDE_SECRETS, *PROSE, *FREE_TEXT, *LABELS]
    assert [word for word in (*keywords(*others), *" ".join(USER_OPTIONS).split()) if word != word.lower()] == []


def test_every_placeholder_is_of_a_known_type() -> None:
    every = [*NAMES, *NAMES_BESIDE_SECRETS, *PROSE, *FREE_TEXT]
    every += [syntax for _, row in ROWS for syntax in (*row.spellings, *row.no, *row.hides)]
    assert {token.type for syntax in every for tokens in sequences(syntax) for token in tokens if token.type} <= set(
        ARGUMENTS
    )


def test_what_is_a_default_is_a_line_of_its_row() -> None:
    for mode, row in ROWS:
        for line in (*row.defaults, *row.classic_defaults):
            found = LANGUAGES[mode].read(line)
            assert isinstance(found, Match) and found.command is row, f"{mode}: {line}"


def test_a_row_is_told_by_words_that_only_it_begins_with() -> None:
    for mode, row in ROWS:
        for words in row.told_by or ():
            first = {next(keywords(syntax), words.split()[0]) for syntax in row.spellings}
            assert words.split()[0] in first or words == "no", f"{mode}: {words}"


def test_whatever_a_row_names_is_an_argument_of_it() -> None:
    for mode, row in ROWS:
        forms = [one for where, one in ROWS if (where, one.slot) == (mode, row.slot)] if row.refers else [row]
        syntaxes = [syntax for one in forms for syntax in one.spellings]
        given = {token.name for syntax in syntaxes for tokens in sequences(syntax) for token in tokens}
        named = {*row.key, *(reference.arg for reference in row.refers), *(["name"] if row.defines else [])}
        assert named <= given, f"{mode}: {row.syntax}"


def test_every_mode_that_is_opened_exists_and_every_mode_is_opened() -> None:
    assert {row.opens for _, row in ROWS if row.opens} == set(LANGUAGES) - {"global"}


def test_prompts_look_like_prompts() -> None:
    assert all(language.mode.prompt[0] == "(" and language.mode.prompt[-2:] == ")#" for language in LANGUAGES.values())


def test_whatever_is_referred_to_is_defined_somewhere() -> None:
    referred = {reference.kind for _, row in ROWS for reference in row.refers}
    assert referred <= {row.defines for _, row in ROWS if row.defines}
    assert {"crypto keyring", "crypto isakmp profile", "crypto ikev2 keyring", "crypto ipsec profile"} <= referred


def test_what_an_interface_is_cut_short_to_is_a_type() -> None:
    assert set(_SHORT.values()) <= set(INTERFACE_TYPES)


def test_the_order_of_lines_is_the_meaning_of_access_lists_alone() -> None:
    ordered = {name for name, language in LANGUAGES.items() if language.mode.ordered}
    assert ordered == {name for name in LANGUAGES if name.startswith("acl-")}


def test_what_tells_a_line_from_its_siblings_is_its_slot_and_the_words_of_its_key() -> None:
    for _, row in ROWS:
        if row.key_of is None:
            assert row.identity({}) == (row.slot, *[""] * len(row.key))
            assert row.identity_start({}) == (row.slot,)
            full = {name: f" a  {number} " for number, name in enumerate(row.key)}
            assert (
                row.identity(full) == row.identity_start(full) == (row.slot, *(f"a {n}" for n in range(len(row.key))))
            )
            # With one argument of the key a line behind ``no`` is one line, and no other that shares that argument.
            for name in row.key:
                assert row.identity_start({name: "x"}) == row.identity({name: "x"})
            assert not row.psk or row.identity_start({row.psk: "x"}) == row.identity({})


def test_a_shorter_spelling_behind_no_gives_the_whole_key_or_nothing_of_it() -> None:
    for _, row in ROWS:
        for syntax in row.no:
            given = {token.name for tokens in sequences(syntax) for token in tokens}
            assert not row.key or set(row.key) <= given or not given & set(row.key), row.syntax


def test_what_is_answered_to_a_second_key_names_no_key() -> None:
    for _, row in ROWS:
        assert not any(f"{{{name}" in row.clash_reply for name, _ in secrets(row.syntax))
