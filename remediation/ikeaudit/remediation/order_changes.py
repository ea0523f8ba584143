"""Two configurations compared section by section: what differs in order only, and what differs at all (CHANGE-APPENDS)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from ikeaudit.candidate import Candidate
from ikeaudit.candidate.differences import says
from ikeaudit.candidate.index import index_of
from ikeaudit.candidate.line_effects import is_default
from ikeaudit.candidate.line_tree import printed
from ikeaudit.candidate.tree import Line, describe
from ikeaudit.candidate.way import lost
from ikeaudit.ios.fast import Found
from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.ios.spelling import address_and_mask
from ikeaudit.ios.tables.names import CRYPTO
from ikeaudit.ios.words import prose, starts
from ikeaudit.model.grouping import by_key
from ikeaudit.parsing.volatile import before_hash, stable_lines

_REMARK = re.compile(r"\s+!.*$")


_FREE_TEXT = (*(f"{word} " for word in prose()), *starts("ikev2-peer/pre-shared-key", "tacacs/key"))
"""Lines in which an exclamation mark is part of what they say, and not the beginning of somebody's remark (TEXT-PRINTED)."""


def _key(line: str) -> Found | None:
    """What the tables say of a key's line; None for any other."""
    for language in (GLOBAL, LANGUAGES["keyring"]):
        found = language.match(line)
        if found is not None and found.row.psk and not found.negated:
            return found
    return None


@lru_cache(maxsize=8192)
def spelled(line: str) -> str:
    """``line`` the way that the commands of a plan have it: the mask of its key, and no remark behind it.

    A file written by hand may have the mask of a host, and none behind 0.0.0.0, which mean the same (KEY-FORMS).
    """
    line = line.strip()
    found = _key(line)
    if found is None and not line.startswith(_FREE_TEXT):
        line = _REMARK.sub("", line)
        found = _key(line)
    if found is None or found.row.spell is None or "address" not in found.args:
        return line
    address, mask = address_and_mask(found.args)
    return found.row.spell({**found.args, "address": address, "mask": mask})


def sections(text: str, *, defaults: bool = True) -> list[tuple[str, tuple[str, ...]]]:
    """The top-level lines of a redacted running-config in order, each with the lines below it, whatever their indentation.

    Without ``defaults`` lines are left out that say no more than the default: IOS takes them, and does not print them.
    """
    candidate = Candidate.from_text("\n".join(stable_lines(text)) + "\n", redacted=True)
    root, classic = candidate.root, candidate.engine.classic
    index_of(root, GLOBAL)

    def counts(line: Line) -> bool:
        return defaults or line.match is None or line.negated or not is_default(line.match, classic=classic)

    return [
        (_said(line), tuple(_said(below) for below in _below(line) if counts(below)))
        for line in root.statements()
        if counts(line)
    ]


def _said(line: Line) -> str:
    return spelled(says(line, classic=True))


def _below(line: Line) -> Iterator[Line]:
    if line.language is not None:
        index_of(line, line.language)
    for child in line.statements():
        yield child
        yield from _below(child)


def same(one: str, other: str) -> bool:
    """Whether two configurations say the same in the same order; comments and separators do not count."""
    return sections(one) == sections(other)


_NOT_BACK = (
    "may not come back: IOS need not take it once it is gone (U-10). A roll-back puts back the router's own copy, and its "
    "report says whether the line is there."
)


def may_not_come_back(sentences: Iterable[str]) -> tuple[str, ...]:
    """The lines of which sentences of :func:`order_changes` say that a router may not take them any more."""
    return tuple(words[1 : -len(_NOT_BACK) - 2] for words in sentences if words.endswith(f"' {_NOT_BACK}"))


def order_changes(before: str, after: str) -> tuple[str, ...] | None:
    """Sentences on what stands in another order or spelling in ``after``; None when the two differ in more than that.

    What both begin and end with in the same words is looked at for the order of objects alone, and neither is read where all
    that says something is the same, word for word: most roll-backs end so.
    """
    if stable_lines(before) == stable_lines(after):
        return ()
    old, new = _Text(before), _Text(after)
    first, last = _common(old, new)
    was, now = old.between(first, last), new.between(first, last)
    unprinted = _unprinted(was, now)
    if len(unprinted) > 1:  # which of them is told first is for the whole to say
        unprinted = _unprinted(old.between(0, 0), new.between(0, 0))
    sentences = [
        f"'{line}' of '{section}' does not come back as a line: it is the default, which IOS does not print."
        for section, line in unprinted
    ]
    shown, comes = _printed(was), _printed(now)
    if not _alike(shown, comes):
        gone = lost(*(Candidate.from_text(text, redacted=True) for text in (before, after)))
        return None if gone is None else (*sentences, *(f"'{line}' {_NOT_BACK}" for line in gone))
    earlier, later = (by_key((_kind(header), header) for header in text.headers()) for text in (old, new))
    for kind, headers in earlier.items():
        if headers != later.get(kind):
            sentences.append(
                f"'{kind}' objects come back in the order {_names(later.get(kind, []), kind)}; before they stood as "
                f"{_names(headers, kind)}."
            )
    inside = by_key((header, below) for header, below in shown)
    for header, below in comes:
        if inside[header].pop(0) != below:
            sentences.append(f"The lines of '{header}' come back in the order: {'; '.join(below)}.")
    if not sentences and before_hash(before) != before_hash(after):
        sentences.append(
            "Lines come back in the spelling that IOS prints: without remarks and indented; of a key, a host's mask is left "
            "out, that of 0.0.0.0 is not."
        )
    return tuple(sentences)


class _Said(NamedTuple):
    """A line as IOS prints it, and whether it says no more than the default: then it is not printed."""

    text: str
    default: bool


_Section: TypeAlias = tuple[_Said, tuple[_Said, ...]]


class _Text:
    """A running-config by its top-level lines."""

    def __init__(self, text: str) -> None:
        candidate = Candidate.from_text("\n".join(stable_lines(text)) + "\n", redacted=True)
        self.classic = candidate.engine.classic
        self.lines = tuple(candidate.root.statements())

    def headers(self) -> Iterator[str]:
        """The top-level lines that are printed."""
        said = (_top(line.raw, line.text, self.classic) for line in self.lines)
        return (one.text for one in said if not one.default)

    def between(self, first: int, last: int) -> list[_Section]:
        """The sections, without so many at the beginning and at the end."""
        return [
            (_top(line.raw, line.text, self.classic), tuple(_told(below, self.classic) for below in _under(line)))
            for line in self.lines[first : len(self.lines) - last]
        ]


def _under(line: Line) -> Iterator[Line]:
    if line.match is None:
        describe(line, GLOBAL)
    return _below(line)


@lru_cache(maxsize=8192)
def _top(raw: str, text: str, classic: bool) -> _Said:
    """A top-level line; routers of a fleet have many in common, and each is met before and after."""
    line = Line(raw, text, 0)
    describe(line, GLOBAL)
    return _told(line, classic)


def _told(line: Line, classic: bool) -> _Said:
    default = line.match is not None and not line.negated and is_default(line.match, classic=classic)
    return _Said(_said(line), default)


def _common(old: _Text, new: _Text) -> tuple[int, int]:
    """How many sections both begin with, and end with, word for word."""
    if old.classic != new.classic:
        return 0, 0
    one, other = [printed(line) for line in old.lines], [printed(line) for line in new.lines]
    shorter = min(len(one), len(other))
    first = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    last = next((n for n in range(shorter - first) if one[-1 - n] != other[-1 - n]), shorter - first)
    return first, last


def _printed(found: Iterable[_Section]) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (header.text, tuple(one.text for one in below if not one.default))
        for header, below in found
        if not header.default
    ]


def _unprinted(was: Iterable[_Section], now: Iterable[_Section]) -> list[tuple[str, str]]:
    """The lines of ``was``, with their sections, that are missing in ``now`` and say no more than the default."""
    before, after = (Counter(_flat(found)) for found in (was, now))
    return list(before - after)


def _flat(found: Iterable[_Section]) -> Iterator[tuple[str, str]]:
    """The lines that are not printed, with their sections; below a section that is not printed none is."""
    for header, below in found:
        if header.default:
            yield "", header.text
        yield from ((header.text, one.text) for one in below if header.default or one.default)


def _alike(old: list[tuple[str, tuple[str, ...]]], new: list[tuple[str, tuple[str, ...]]]) -> bool:
    """Whether both have the same sections with the same lines, in whatever order."""
    return Counter((h, tuple(sorted(b))) for h, b in old) == Counter((h, tuple(sorted(b))) for h, b in new)


@lru_cache(maxsize=8192)
def _kind(header: str) -> str:
    words = header.split()
    found = GLOBAL.match(header)
    if found is not None and found.row.defines and found.row.placed is None:
        return found.row.defines
    if words[0] == CRYPTO:
        return " ".join(words[:3])
    return words[0]


def _names(headers: list[str], kind: str) -> str:
    return ", ".join(header[len(kind) :].strip() or header for header in headers)
