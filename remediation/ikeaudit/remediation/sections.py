"""Two configurations compared section by section: what differs in order only, and what differs at all (CHANGE-APPENDS)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ikeaudit.candidate import Candidate
from ikeaudit.candidate.catalogue import GLOBAL
from ikeaudit.candidate.index import index_of
from ikeaudit.candidate.tree import Line
from ikeaudit.candidate.view import says
from ikeaudit.parsing.volatile import before_hash, stable_lines

_SPELLINGS = (
    (re.compile(r"^(pre-shared-key address [\d.]+) 255\.255\.255\.255 (?=key )"), r"\1 "),
    (re.compile(r"^(pre-shared-key address 0\.0\.0\.0) (?=key )"), r"\1 0.0.0.0 "),
    (re.compile(r"^(crypto isakmp key .* address [\d.]+) 255\.255\.255\.255(?= no-xauth$|$)"), r"\1"),
    (re.compile(r"^(crypto isakmp key .* address 0\.0\.0\.0)(?= no-xauth$|$)"), r"\1 0.0.0.0"),
)
"""Lines that mean the same in a shorter spelling, as a file written by hand may have them (KEY-FORMS)."""


_REMARK = re.compile(r"\s+!.*$")
_FREE_TEXT = ("description ", "remark ", "banner ", "pre-shared-key ", "crypto isakmp key ", "key ")
"""Lines in which an exclamation mark is part of what they say, and not the beginning of somebody's remark (TEXT-PRINTED)."""


def spelled(line: str) -> str:
    """``line`` the way that the commands of a plan have it: the mask of its key, and no remark behind it."""
    line = line.strip()
    if not line.startswith(_FREE_TEXT):
        line = _REMARK.sub("", line)
    for pattern, short in _SPELLINGS:
        line = pattern.sub(short, line)
    return line


def sections(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The top-level lines of a redacted running-config in order, each with the lines below it, whatever their indentation."""
    root = Candidate.from_text("\n".join(stable_lines(text)) + "\n").root
    index_of(root, GLOBAL)
    return [(_said(line), tuple(_said(below) for below in _below(line))) for line in root.statements()]


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


def order_changes(before: str, after: str) -> tuple[str, ...] | None:
    """Sentences on what stands in another order or spelling in ``after``; None when the two differ in more than that."""
    old, new = sections(before), sections(after)
    if Counter((h, tuple(sorted(b))) for h, b in old) != Counter((h, tuple(sorted(b))) for h, b in new):
        return None
    sentences = []
    kinds = dict.fromkeys(_kind(header) for header, _ in old)
    for kind in kinds:
        was = [header for header, _ in old if _kind(header) == kind]
        comes = [header for header, _ in new if _kind(header) == kind]
        if was != comes:
            sentences.append(
                f"'{kind}' objects come back in the order {_names(comes, kind)}; before they stood as {_names(was, kind)}."
            )
    inside: dict[str, list[tuple[str, ...]]] = {}
    for header, below in old:
        inside.setdefault(header, []).append(below)
    for header, below in new:
        if inside[header].pop(0) != below:
            sentences.append(f"The lines of '{header}' come back in the order: {'; '.join(below)}.")
    if not sentences and before_hash(before) != before_hash(after):
        sentences.append(
            "Lines come back in the spelling that IOS prints: without remarks and indented; of a key, a host's mask is left "
            "out, that of 0.0.0.0 is not."
        )
    return tuple(sentences)


def _kind(header: str) -> str:
    words = header.split()
    if words[:2] == ["crypto", "keyring"]:
        return "crypto keyring"
    if words[0] == "crypto":
        return " ".join(words[:3])
    return words[0]


def _names(headers: list[str], kind: str) -> str:
    return ", ".join(header[len(kind) :].strip() or header for header in headers)
