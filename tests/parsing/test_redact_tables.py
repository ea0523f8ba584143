"""Every secret that the tables of IOS name is cut, in every spelling of its command (DESIGN 3.6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.notation import Token, secrets, sequences
from ikeaudit.ios.secrets import SECRETS
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import engine, mask_line, redact
from ikeaudit.parsing.redact.finder import lines_with
from ikeaudit.parsing.redact.places import holds_no_secret, is_name

FINGERPRINTER = Fingerprinter(b"a test key of sufficient length.")
VALUE = "Zq9s3cretXw3"
SEVEN = "0822455D0A16"

OPERANDS = {
    "ip": "192.0.2.1",
    "mask": "255.255.255.0",
    "ipv6": "2001:DB8::1/128",
    "num": "5",
    "interface": "GigabitEthernet0/1",
    "words": "privilege 15",
}
"""What stands in place of operands, by type; else a name."""


class Line(NamedTuple):
    """A way to spell a command that holds a secret: the headers of its section, its words, and the kind of the secret."""

    mode: str
    headers: tuple[str, ...]
    tokens: tuple[Token, ...]
    secret: str
    row: str

    @property
    def label(self) -> str:
        return f"{self.mode}: {' '.join(token.word or f'<{token.name}>' for token in self.tokens)}"


def operand(token: Token) -> str:
    return OPERANDS.get(token.type, "name1")


def _headers(mode: str) -> tuple[str, ...]:
    """Lines that lead into a mode, as IOS prints them."""
    waiting: list[tuple[str, tuple[str, ...]]] = [("global", ())]
    seen = set()
    while waiting:
        here, path = waiting.pop(0)
        if here == mode:
            return path
        for row in LANGUAGES[here].mode.commands:
            if row.opens and row.opens not in seen:
                seen.add(row.opens)
                words = (token.word or operand(token) for token in sequences(row.syntax)[-1])
                waiting.append((row.opens, (*path, " " * len(path) + " ".join(words))))
    raise AssertionError(f"nothing opens {mode}")


def _lines() -> Iterator[Line]:
    for mode, language in LANGUAGES.items():
        for row in language.mode.commands:
            for syntax in (*row.spellings, *row.hides):
                for name, _ in secrets(syntax):
                    for tokens in sequences(syntax):
                        if any(token.name == name for token in tokens):
                            yield Line(mode, _headers(mode), tuple(tokens), name, row.id)


LINES = list({line.label: line for line in _lines()}.values())


def written(line: Line, value: str, spelt: Callable[[Line, int], str] | None = None, digit: str = "0") -> str:
    """``line`` below its headers; ``spelt`` gives the keywords their form, ``digit`` says how the secret is encoded."""
    words = []
    for at, token in enumerate(line.tokens):
        if token.word:
            words.append(spelt(line, at) if spelt else token.word)
        elif token.name == line.secret:
            words.append(value)
        elif token.type in ("encoding", "digit"):
            words.append(digit)
        elif token.type != "text":
            words.append(operand(token))
    return "\n".join((*line.headers, " " * len(line.headers) + " ".join(words)))


def cut_short(line: Line, at: int) -> str:
    """A keyword as short as no other one of its place begins, and never less than three letters."""
    word = line.tokens[at].word
    path = [token.word or "*" for token in line.tokens[:at]]
    others = {
        other[at].word
        for row in LANGUAGES[line.mode].mode.commands
        for syntax in (*row.spellings, *row.hides)
        for other in sequences(syntax)
        if len(other) > at and [token.word or "*" for token in other[:at]] == path
    } | ALSO.get(" ".join(path), set())
    return next(
        (
            word[:end]
            for end in range(3, len(word))
            if not any(o != word and o.startswith(word[:end]) for o in others if o)
        ),
        word,
    )


ALSO = {
    "ip ospf": {"authentication"},
    "ntp": {"authenticate"},
    "enable": {"secrets-are-no-seconds"},
    "username *": {"secrets-are-no-seconds"},
}
"""Keywords of IOS that no table has, and that a shorter form would be taken for."""


def test_there_are_lines_to_try() -> None:
    assert len({line.row for line in LINES}) > 40
    assert len({line.mode for line in LINES}) > 12


def gone(text: str, value: str = VALUE) -> None:
    clean = redact(text, FINGERPRINTER).text
    assert value not in clean, clean
    assert clean.count("\n") == text.count("\n")
    assert redact(clean, FINGERPRINTER).text == clean


@pytest.mark.parametrize("line", LINES, ids=[line.label for line in LINES])
def test_a_secret_of_the_tables_is_cut_in_every_spelling(line: Line) -> None:
    full = written(line, VALUE)
    gone(full)
    last = full.rpartition("\n")[2]
    assert VALUE not in mask_line(last), "without its section, too"
    clean = redact(full, FINGERPRINTER).text
    assert clean.split("\n")[: len(line.headers)] == list(line.headers), "nothing else is taken away"
    for spelt in (cut_short, lambda line, at: line.tokens[at].word.upper()):
        gone(written(line, VALUE, spelt))
    for change in (
        lambda text: f"no {text.strip()}",
        lambda text: f"R1(config)#{text.strip()}",
        lambda text: text.replace(" ", "  "),
        lambda text: text.replace(" ", "\t"),
        lambda text: f"{text} ! note",
        lambda text: f"{text} // {VALUE}",
        lambda text: f"{text}\r",
        lambda text: rf"x\n{text.strip()}",
        lambda text: f"*Mar 1 00:01:02: %PARSER-5-CFGLOG_LOGGEDCMD: User:bob  logged command:{text.strip()}",
    ):
        head, newline, command = full.rpartition("\n")
        gone(f"{head}{newline}{change(command)}")
    gone(written(line, f'"{VALUE}"'))
    if any(token.type in ("encoding", "digit") for token in line.tokens):
        gone(written(line, VALUE, digit="6"))
        gone(written(line, SEVEN, digit="7"), SEVEN)
    gone(f"{full}\n! it is {VALUE}\n")


FEWEST = 3
"""Letters of a keyword that tell of what follows it, whatever else IOS calls by them."""


def keywords_cut_short(line: Line) -> Iterator[tuple[int, str]]:
    """Every beginning of every keyword in front of the secret, and where it stands."""
    secret = next(at for at, token in enumerate(line.tokens) if token.name == line.secret)
    for at, token in enumerate(line.tokens[:secret]):
        yield from ((at, token.word[:end]) for end in range(FEWEST, len(token.word)))


def test_some_keywords_cut_short_are_others() -> None:
    short = {typed for line in LINES for _, typed in keywords_cut_short(line)}
    words = {token.word for line in LINES for token in line.tokens}
    assert {"authentication", "pre-share"} <= short and {"message-digest", "session", "key"} <= short
    assert len(short & words) > 2


@pytest.mark.parametrize("line", LINES, ids=[line.label for line in LINES])
def test_a_keyword_cut_short_anywhere_leads_to_its_secret(line: Line) -> None:
    for place, typed in keywords_cut_short(line):
        for form in (typed, typed.upper()):
            text = written(line, VALUE, lambda line, at, w=form, p=place: w if at == p else line.tokens[at].word)
            for shown in (text, text.rpartition("\n")[2]):
                assert VALUE not in redact(shown, FINGERPRINTER).text, shown
    for end in range(FEWEST, max(len(token.word) for token in line.tokens)):
        text = written(line, VALUE, lambda line, at, n=end: line.tokens[at].word[:n])
        assert VALUE not in redact(text, FINGERPRINTER).text, text


@pytest.mark.parametrize("line", LINES, ids=[line.label for line in LINES])
def test_what_is_found_as_printed_is_what_the_rules_find(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    forms = [None, lambda line, at: line.tokens[at].word if not at else cut_short(line, at)]
    forms += [lambda line, at, n=n: line.tokens[at].word[: n if at else None] for n in (1, 2, 4)]
    forms += [lambda line, at: line.tokens[at].word[: 3 if at else None].title()]
    texts = [written(line, VALUE, spelt) for spelt in forms]
    quick = [redact(text, FINGERPRINTER) for text in texts]
    monkeypatch.setattr(engine._Scan, "printed", lambda *_: None)
    assert [redact(text, FINGERPRINTER) for text in texts] == quick


def test_no_place_of_a_secret_is_one_of_a_name_or_a_harmless_word() -> None:
    for secret in SECRETS:
        before = " ".join("name1" if word[0] == "*" else word for word in secret.before)
        left, _, word = before.rpartition(" ")
        assert not holds_no_secret(f"{left} ", word, "s3cret", ""), before
        if secret.key and secret.whole:
            assert not is_name(f"{before} "), before


PIECES = st.sampled_from(
    sorted({word for line in LINES for token in line.tokens for word in (token.word, operand(token)) if word})
)
GARBLED = st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=9).flatmap(
    lambda words: st.lists(
        st.sampled_from([" ", " ", "  ", "", "\t", "-", "        "]), min_size=len(words), max_size=len(words)
    ).map(lambda blanks: "".join(part for pair in zip(blanks, words, strict=True) for part in pair))
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(GARBLED, st.sampled_from(LINES).map(lambda line: written(line, VALUE))), max_size=5))
def test_the_screen_hides_nothing_from_the_rules(lines: list[str]) -> None:
    text = "\n".join(lines)
    clean = redact(text, FINGERPRINTER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "SCREEN", re.compile(r"[\s\S]"))
        patch.setattr(engine, "SCREEN_OF_QUOTES", re.compile(r"[\s\S]"))
        assert redact(text, FINGERPRINTER) == clean


HOSTILE = {
    "first hop": "standby ",
    "first hop, unfinished": "standby 1 authen ",
    "crypto": "crypto isakmp ",
    "keys": "authentication local pre-share ",
    "names": "username a privilege ",
    "spi": "ipsec spi ",
    "snmp": "snmp-server host a vrf ",
    "harmless": "crypto key generate ",
}


@pytest.mark.full
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_time_in_proportion(name: str) -> None:
    piece = HOSTILE[name]
    assert redact(piece * (200_000 // len(piece)), FINGERPRINTER).text


WORD = st.text("abAB01.-_ä", min_size=1, max_size=12)


def stands_in(value: str, line: str) -> bool:
    """Whether ``value`` is a word of ``line``, or in any place of it when it has eight characters."""
    edge = re.compile("[A-Za-z0-9_]")
    for at in range(len(line)):
        if line.startswith(value, at):
            before, after = line[at - 1 : at] if at else "", line[at + len(value) :][:1]
            glued = (edge.match(before) and edge.match(value)) or (edge.match(after) and edge.match(value[-1]))
            if len(value) >= 8 or not glued:
                return True
    return False


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.lists(WORD, max_size=5).map(" ".join), max_size=8), st.lists(WORD, min_size=1, max_size=8), st.data()
)
def test_many_values_are_found_where_few_are(lines: list[str], values: list[str], data: st.DataObject) -> None:
    lines = [
        f"{line} {data.draw(st.sampled_from(['', 'x', '-']))}{data.draw(st.sampled_from(values))}" for line in lines
    ]
    expected = {at for at, line in enumerate(lines) if any(stands_in(value, line) for value in values)}
    others = [f"q{number}q{end}" for number in range(60) for end in ("", "-longer-value")]
    for known in (values, [*values, *others]):
        assert expected <= set(lines_with(dict.fromkeys(known), "\n".join(lines), "\n"))
    assert not lines_with(dict.fromkeys(others), "\n".join(lines), "\n")
