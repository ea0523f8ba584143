"""Two configurations compared section by section: what differs in order only, and what differs at all (CHANGE-APPENDS)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from ikeaudit.candidate import Candidate
from ikeaudit.candidate.differences import says
from ikeaudit.candidate.index import index_of
from ikeaudit.candidate.line_effects import is_default
from ikeaudit.candidate.tree import Line
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


_Section: TypeAlias = tuple[str, tuple[str, ...]]


def sections(text: str, *, defaults: bool = True) -> list[_Section]:
    """The top-level lines of a redacted running-config in order, each with the lines below it, whatever their indentation.

    Without ``defaults`` lines are left out that say no more than the default: IOS takes them, and does not print them.
    """
    return _sections(text)[0 if defaults else 1]


def _sections(text: str) -> tuple[list[_Section], list[_Section]]:
    """All sections, and those that are left without the lines that say no more than the default."""
    candidate = Candidate.from_text("\n".join(stable_lines(text)) + "\n")
    root, classic = candidate.root, candidate.engine.classic
    index_of(root, GLOBAL)
    every, printed = [], []
    for line in root.statements():
        below = [(_said(one), _counts(one, classic)) for one in _below(line)]
        header = _said(line)
        every.append((header, tuple([said for said, _ in below])))
        if _counts(line, classic):
            printed.append((header, tuple([said for said, counts in below if counts])))
    return every, printed


def _counts(line: Line, classic: bool) -> bool:
    """Whether a line says more than the default."""
    return line.match is None or line.negated or not is_default(line.match, classic=classic)


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
    """Sentences on what stands in another order or spelling in ``after``; None when the two differ in more than that."""
    if before == after:
        return ()
    (every, old), (all_later, new) = _sections(before), _sections(after)
    sentences = [
        f"'{line}' of '{section}' does not come back as a line: it is the default, which IOS does not print."
        for section, line in _unprinted(every, old, all_later, new)
    ]
    if not _alike(old, new):
        gone = lost(Candidate.from_text(before), Candidate.from_text(after))
        return None if gone is None else (*sentences, *(f"'{line}' {_NOT_BACK}" for line in gone))
    kinds, later = (by_key((_kind(header), header) for header, _ in side) for side in (old, new))
    for kind, was in kinds.items():
        comes = later.get(kind, [])
        if was != comes:
            sentences.append(
                f"'{kind}' objects come back in the order {_names(comes, kind)}; before they stood as {_names(was, kind)}."
            )
    inside = by_key((header, below) for header, below in old)
    for header, below in new:
        if inside[header].pop(0) != below:
            sentences.append(f"The lines of '{header}' come back in the order: {'; '.join(below)}.")
    if not sentences and before_hash(before) != before_hash(after):
        sentences.append(
            "Lines come back in the spelling that IOS prints: without remarks and indented; of a key, a host's mask is left "
            "out, that of 0.0.0.0 is not."
        )
    return tuple(sentences)


def _unprinted(
    before: list[_Section], printed: list[_Section], after: list[_Section], later: list[_Section]
) -> list[tuple[str, str]]:
    """The lines of ``before``, with their sections, that are missing in ``after`` and say no more than the default.

    ``printed`` and ``later`` are what is left of them without such lines.
    """
    was, now = (Counter(_flat(every)) - Counter(_flat(left)) for every, left in ((before, printed), (after, later)))
    return list(was - now)


def _flat(found: list[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, str]]:
    for header, below in found:
        yield "", header
        yield from ((header, line) for line in below)


def _alike(old: list[tuple[str, tuple[str, ...]]], new: list[tuple[str, tuple[str, ...]]]) -> bool:
    """Whether both have the same sections with the same lines, in whatever order."""
    return Counter((h, tuple(sorted(b))) for h, b in old) == Counter((h, tuple(sorted(b))) for h, b in new)


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
