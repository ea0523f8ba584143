"""Two configurations compared section by section: what differs in order only, and what differs at all (DOMAIN 8.4)."""

from __future__ import annotations

import re
from collections import Counter

from ikeaudit.parsing.volatile import stable_lines

_SPELLINGS = (
    (re.compile(r"^(pre-shared-key address [\d.]+) 255\.255\.255\.255 (?=key )"), r"\1 "),
    (re.compile(r"^(pre-shared-key address 0\.0\.0\.0) (?=key )"), r"\1 0.0.0.0 "),
    (re.compile(r"^(crypto isakmp key .* address [\d.]+) 255\.255\.255\.255(?= no-xauth$|$)"), r"\1"),
    (re.compile(r"^(crypto isakmp key .* address 0\.0\.0\.0)(?= no-xauth$|$)"), r"\1 0.0.0.0"),
)
"""Lines that mean the same in a shorter spelling, as a file written by hand may have them (DOMAIN 3.1)."""


def spelled(line: str) -> str:
    """``line`` with the mask of its key the way that the commands of a plan have it."""
    line = line.strip()
    for pattern, short in _SPELLINGS:
        line = pattern.sub(short, line)
    return line


def sections(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The top-level lines of a redacted running-config in order, each with the indented lines below it."""
    found: list[tuple[str, list[str]]] = []
    for line in stable_lines(text):
        if line.strip().startswith("!"):
            continue
        if line[0].isspace() and found:
            found[-1][1].append(spelled(line))
        else:
            found.append((spelled(line), []))
    return [(header, tuple(below)) for header, below in found]


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
    inside = dict(old)
    for header, below in new:
        if inside[header] != below:
            sentences.append(f"The lines of '{header}' come back in the order: {'; '.join(below)}.")
    if not sentences and _bare(before) != _bare(after):
        sentences.append(
            "Keys come back in the spelling that IOS prints: a host's mask is left out, that of 0.0.0.0 is not."
        )
    return tuple(sentences)


def _bare(text: str) -> list[str]:
    return [line.strip() for line in stable_lines(text) if not line.strip().startswith("!")]


def _kind(header: str) -> str:
    words = header.split()
    if words[:2] == ["crypto", "keyring"]:
        return "crypto keyring"
    if words[0] == "crypto":
        return " ".join(words[:3])
    return words[0]


def _names(headers: list[str], kind: str) -> str:
    return ", ".join(header[len(kind) :].strip() or header for header in headers)
