"""How much of a configuration line is known to be harmless: told by the tables, line by line, and remembered.

A line that a row of the tables describes is kept as far as its operands are described: names, addresses, numbers, choices.
What people write (``FREE_TEXT``) is cut behind its command. An operand that a table takes as it comes is kept when the model
needs it, else as far as its words are harmless (:mod:`.vocabulary`). Of a line that no row describes the leading words stay
that stand in the tables' dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import NamedTuple

import msgspec

from ikeaudit.ios import fast
from ikeaudit.ios.command import Command, Mode
from ikeaudit.ios.fast import Found
from ikeaudit.ios.language import GLOBAL, LANGUAGES, Language
from ikeaudit.ios.notation import placeholders, sequences
from ikeaudit.ios.syntax import GROUPS
from ikeaudit.ios.tables.names import CRYPTO, DATA_ENDS, FREE_TEXT, LABELS
from ikeaudit.ios.words import before_text
from ikeaudit.parsing.fingerprint import CUT_TOKEN, PSK_TOKEN
from ikeaudit.parsing.redact.headers import MIXED, misspelt
from ikeaudit.parsing.redact.open_operands import goes_on, words_from
from ikeaudit.parsing.redact.tokens import MASKED_PSK, SECRET, TOKEN
from ikeaudit.parsing.redact.vocabulary import (
    harmless,
    is_keyword,
    is_leading,
    keywords,
    on_disk,
)

WHOLE = -1
"""Nothing of the line is cut."""

_WORD = re.compile(r"\S+")
_ONLY_TOKENS = re.compile(rf"(?:{TOKEN.pattern}|[!@]|\s)+")
_ONLY_CUTS = re.compile(rf"(?:\^C)?(?:{CUT_TOKEN.pattern}|!|\s)+(?:\^C)?")
_CUT_MARKS = ("<CUT:", SECRET)
_HEX = re.compile(rf"[0-9A-Fa-f ]+(?:{SECRET})?|{DATA_ENDS}")
_TAKEN_BACK = ("no", "default")
_OPEN_ENDED = frozenset({"text", "line", "words", "operands"})
_SECRETS = frozenset({"psk", "psktext", "pskword", "secret", "secretword", "secrettag"})
_MEMORY = 1 << 13
_AT_ONCE = 1 << 12
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_NO_OCTET = r"(?:0\d|[3-9]\d\d|2[6-9]\d|25[6-9])"
_NO_QUAD = re.compile(rf"\.(?:{_NO_OCTET}|(?<=(?<!\d)0\d\.)|(?<=(?<!\d)(?:0\d\d|[3-9]\d\d|2[6-9]\d|25[6-9])\.))")
"""A dot beside a number that is no octet."""
_VALUES_OF = {"transforms": ("256",), "groups": GROUPS}
"""By the type of an operand its values, where what looks like one of them may be none: those that are no keywords. One size of
keys stands for all, which have as many digits."""


class Verdict(NamedTuple):
    """How many characters of a line are ``kept`` (``WHOLE`` of them); whether the rest is text that people write, and whether
    the tables know the command; the mode of the section that it opens, and the name of the object that this is, or how much of
    the line's end this is."""

    kept: int
    prose: bool = False
    known: bool = True
    opens: str | None = None
    name: str | int = ""

    def named(self, line: str) -> str:
        """The name of the object in ``line``."""
        return self.name if isinstance(self.name, str) else line[-self.name :]


_FREE, _LABELS = (
    fast.steps(Command(syntax=f"{syntax} <rest:text>", slot="free") for syntax in some) for some in (FREE_TEXT, LABELS)
)
_FREE_ALONE = frozenset(one for one in FREE_TEXT if one.isalpha() and f"{one} name" not in FREE_TEXT)
_FREE_WORDS = before_text()


def _family(mode: Mode) -> Iterator[Language]:
    """A mode, and those of the sections inside of it."""
    yield LANGUAGES[mode.name]
    for row in mode.commands:
        if row.opens is not None and mode.name != GLOBAL.mode.name:
            yield from _family(LANGUAGES[row.opens].mode)


@cache
def _steps(language: Language) -> fast.Step:
    """The look-up of lines of a mode, those with secrets as far as the tables describe them."""
    rows = (msgspec.structs.replace(row, also=(*row.hides, *row.also)) for row in language.mode.commands)
    return fast.steps(rows, shorter=True)


def shapes(lines: Sequence[str]) -> Iterator[bytes]:
    """Each of ``lines`` with a zero for every digit, and one token for all keys."""
    for at in range(0, len(lines), _AT_ONCE):
        text = "\n".join(lines[at : at + _AT_ONCE])
        text = PSK_TOKEN.sub(MASKED_PSK, text) if "<PSK:" in text else text
        yield from text.encode("utf-8", "surrogatepass").translate(_DIGITS).split(b"\n")


class Verdicts(dict[str, Verdict]):
    """Of the lines of one mode and of the sections inside of it, as they stand; ``languages`` is empty for one that no table
    knows."""

    def __init__(self, languages: Collection[Language]) -> None:
        super().__init__()
        self.name = next((one.mode.name for one in languages), "")
        self._languages = tuple(languages)
        rows = [row for one in self._languages for row in one.mode.commands]
        firsts = {row: {tokens[0].word for syntax in row.spellings for tokens in sequences(syntax)} for row in rows}
        opening = {word for row in rows if row.opens is not None for word in firsts[row]}
        self._cut: dict[int, Verdict] = {}
        self.alike: dict[bytes, Verdict] = {}
        """Of all lines of a shape."""
        self.settled = {b"", b"!", b" !"}
        """Shapes of indented lines of which there is nothing to say but that they are kept whole."""
        self._addressed: dict[bytes, Verdict] = {}
        self._firsts = {word for words in firsts.values() for word in words} - opening
        self._free = _FREE_ALONE - opening
        self._data = any(row.captures == DATA_ENDS for one in self._languages for row in one.mode.commands)

    def command(self, front: str) -> str:
        """What owners call the command that free text follows, ``front`` being the line up to there."""
        words = [word for word in front.split() if word in keywords() and word not in _TAKEN_BACK]
        name = "" if self is GLOBALS else "access-list" if self.name.startswith("acl") else self.name
        return " ".join([name, *words]).strip()

    def is_modelled(self, line: str) -> bool:
        """Whether a line is one that a builder reads."""
        found = (one.match(line) for one in self._languages)
        return any(one is not None and one.row.bears == "modelled" for one in found)

    def __missing__(self, line: str) -> Verdict:
        (shape,) = shapes((line,))
        return self.alike.get(shape) or self._first_seen(line, shape)

    def of(self, line: str, shape: bytes) -> Verdict:
        """Of a line whose ``shape`` is not among those that are ``alike``."""
        return self.get(line) or self._first_seen(line, shape)

    def _first_seen(self, line: str, shape: bytes) -> Verdict:
        verdict = self._addressed.get(shape)
        if verdict is not None and not _is_no_address(line):
            return verdict
        verdict = self._cut.get(key := hash(line))  # of what is cut the text is not kept here either
        if verdict is None:
            verdict = self._of(line)
            if verdict.kept != WHOLE:
                if len(self._cut) < _MEMORY:
                    self._cut[key] = verdict
            elif len(self) + len(self.alike) + len(self._addressed) < _MEMORY:
                self._remember(shape, line, verdict)
        return verdict

    def _remember(self, shape: bytes, line: str, verdict: Verdict) -> None:
        """Notes what is said of ``line``, for all lines of its shape if that may be; else of those with true addresses."""
        name, text = verdict.named(line), shape.decode("utf-8", "surrogatepass")
        if (
            not verdict.known
            or not self._telling.isdisjoint(text.lower().split())
            or _is_no_address(line)
            or (name and not line.endswith(f" {name}"))
        ):
            self[line] = verdict
            return
        zeros = self._of(text)
        memory = self.alike if zeros.kept == WHOLE and zeros.opens == verdict.opens else self._addressed
        memory[shape] = verdict._replace(name=len(name) or "")
        if memory is self.alike and verdict.opens is None and shape[:1] == b" ":
            self.settled.add(shape)

    @cached_property
    def _telling(self) -> frozenset[str]:
        """The words whose digits tell something, in full and cut short, with a zero for each digit."""
        rows = [row for one in self._languages for row in one.mode.commands]
        syntaxes = {syntax for row in rows for syntax in (*row.spellings, *row.hides, *row.no)}
        told = {word for word in keywords() if not word.isdigit()}
        for syntax in syntaxes:
            told.update(token.word.lower() for tokens in sequences(syntax) for token in tokens)
            told.update(value for part in placeholders(syntax) for value in _VALUES_OF.get(part.type, ()))
        beginnings = [word[:size] for word in told for size in range(1, len(word) + 1)]
        return frozenset(shape.decode() for shape in shapes(beginnings) if b"0" in shape)

    def _of(self, line: str) -> Verdict:
        text = line.strip()
        start = len(line) - len(line.lstrip())
        words = text.split()
        bare = words[1:] if words and words[0] in _TAKEN_BACK else words
        free = not _FREE_WORDS.isdisjoint(bare)
        if not bare or (self._data and _HEX.fullmatch(text)):
            return _KEPT
        if (self.name in MIXED or (self.name and not self.is_modelled(text))) and (
            at := misspelt(text, self.name)
        ) is not None:
            rest = (
                word
                for word in [*_WORD.finditer(text)][at + 1 :]
                if bare[0] == CRYPTO or word[0] in _FREE_WORDS or not harmless(word[0])
            )
            return Verdict(_all_or(start, text, next((word.start() for word in rest), len(text))), known=False)
        if not free and (was_cut := CUT_TOKEN.search(text)) and _is_left(text[: was_cut.end()].split()):
            if was_cut.end() < len(text):
                return Verdict(start + was_cut.start(), known=False)
            told = self._told(text, start, free=free)
            return _KEPT if told is None or told.opens is None else told._replace(kept=WHOLE)
        if bare[0] in self._free and len(bare) > 1:
            return _prose(start, text, text.index(bare[1], text.index(bare[0]) + len(bare[0])))
        if not free and (bare[0] in self._firsts or bare[0].isdigit()) and all(map(harmless, bare)):
            return _KEPT
        return (
            (self._told(text, start, free=free) if "  " not in text else self._as(" ".join(words), text, start))
            or self._spelt(text, start)
            or Verdict(_all_or(start, text, _known_words(text)), known=False)
        )

    def _told(self, text: str, start: int, *, free: bool) -> Verdict | None:
        """What the tables say of a line spelt as IOS prints it; None when they do not know it."""
        taken = next((word for word in _TAKEN_BACK if text.startswith(f"{word} ")), "")
        rest = text[len(taken) :].lstrip()
        known = [
            found
            for one in self._languages
            if (found := fast.look_up(_steps(one), rest, negated=bool(taken))) is not None
        ]
        first = next((found for found in known if found.row.opens is not None), None)
        if first is not None:
            kept = _all_or(start, text, _described(first, text))
            name = first.args.get("name", "") if first.row.section else ""
            return Verdict(kept, opens=first.row.opens, name=name)
        if free and (said := fast.look_up(_FREE, rest)) is not None:
            return _prose(start, text, len(text) - len(said.args["rest"]))
        if not known:
            return None
        kept = _described(known[0], text)
        if free and (said := fast.look_up(_LABELS, rest)) is not None:
            return _prose(start, text, min(kept, len(text) - len(said.args["rest"])))
        return Verdict(_all_or(start, text, kept))

    def _spelt(self, text: str, start: int) -> Verdict | None:
        """As :meth:`_told`, of a line typed by hand; the words that are kept of it spelt out are kept as they stand."""
        for one in self._languages:
            spelt, known, _ = one.spell(text)
            if not known or spelt == text:
                continue
            if (told := self._as(spelt, text, start)) is not None:
                return told
        return None

    def _as(self, spelt: str, text: str, start: int) -> Verdict | None:
        """As :meth:`_told`, of ``text``, word by word the same as ``spelt``."""
        told = self._told(spelt, 0, free=not _FREE_WORDS.isdisjoint(spelt.split()))
        if told is None or told.kept == WHOLE:
            return told
        words = [found.start() for found in _WORD.finditer(text)]
        return told._replace(kept=start + words[len(spelt[: told.kept].split())])


_KEPT = Verdict(WHOLE)


def _is_left(words: Sequence[str]) -> bool:
    """Whether a line up to a token may be what was left of one: words of the dictionary, names behind them."""
    return all(harmless(word) or any(map(is_keyword, words[max(0, at - 2) : at])) for at, word in enumerate(words))


def _is_no_address(line: str) -> bool:
    """Whether a line holds what is no IPv4 address, though it has the shape of one."""
    return _NO_QUAD.search(line) is not None or line.count(":") > 1


def _all_or(start: int, text: str, kept: int) -> int:
    """How much of a line is kept, of whose ``text`` so much is: all of it where only tokens are left."""
    return WHOLE if kept == len(text) or _ONLY_TOKENS.fullmatch(text, kept) else start + kept


def _prose(start: int, text: str, kept: int) -> Verdict:
    """Of a command with free text behind ``text[:kept]``."""
    return Verdict(WHOLE if _ONLY_CUTS.fullmatch(text, kept) else start + kept, prose=True)


def _known_words(text: str) -> int:
    """How far the leading words of ``text`` stand in the dictionary, or cut short behind that of a family of commands."""
    before = ""
    for found in _WORD.finditer(text):
        if not is_leading(found[0]) and not goes_on(before, found[0]):
            return found.start()
        before = found[0]
    return len(text)


def _described(found: Found, text: str) -> int:
    """How far the operands of ``text``, a command of the tables, are known to be harmless."""
    row, args, _ = found
    types = _types(row)
    at = 0
    for number, (name, value) in enumerate(args.items(), 1):
        kind = types[name]
        at = len(text) - len(value) if number == len(args) and kind in _OPEN_ENDED else text.index(value, at)
        if kind in _OPEN_ENDED and (end := words_from(row, name, kind, text, at, at + len(value))) is not None:
            return end
        if (kind in _SECRETS and not _ONLY_TOKENS.fullmatch(value)) or (kind == "url" and not on_disk(value)):
            return at
        at += len(value)
    return len(text)


@cache
def _types(row: Command) -> Mapping[str, str]:
    """The types of a command's operands by name."""
    return {part.name: part.type for syntax in (*row.spellings, *row.hides, *row.no) for part in placeholders(syntax)}


def keepable() -> frozenset[str]:
    """The commands whose free text an owner may keep, as he calls them, behind the kind of their section."""
    said = {
        " ".join(token.word for token in tokens if token.word) for syntax in FREE_TEXT for tokens in sequences(syntax)
    }
    kinds = {"access-list" if name.startswith("acl-") else name for name in LANGUAGES} - {GLOBAL.mode.name}
    return frozenset(said | {f"{kind} {words}" for kind in kinds for words in said})


@cache
def inside(mode: str) -> Verdicts:
    """Of the sections of a mode; the empty string is one that no table knows."""
    return Verdicts(tuple(_family(LANGUAGES[mode].mode)) if mode else ())


GLOBALS = Verdicts((GLOBAL,))
"""Of the lines outside of sections."""


def is_accounted(mode: str, text: str) -> bool:
    """Whether every word of a line of a mode is accounted for, those apart that people write."""
    verdict = (GLOBALS if mode == GLOBALS.name else inside(mode))[text]
    return verdict.prose or (verdict.kept == WHOLE and not _ends_cut(text))


def _ends_cut(text: str) -> bool:
    """Whether a line was cut already, and not behind a keyword that text of people follows."""
    at = next((found for mark in _CUT_MARKS if (found := text.find(mark)) >= 0), -1)
    return at >= 0 and _FREE_WORDS.isdisjoint(text[:at].split()[-1:])


def kept_of(mode: str, line: str) -> str:
    """A line of a mode as far as a model may hold it: a last gate. What becomes part of no model is left to be judged."""
    of = GLOBALS if mode == GLOBALS.name else inside(mode)
    verdict = of[line]
    if verdict.kept == WHOLE or not (verdict.opens is not None or of.is_modelled(line)):
        return line
    return f"{line[: verdict.kept]}{SECRET}"
