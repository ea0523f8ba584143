"""Small phrases that messages are made of."""

import re
from collections.abc import Iterable

SHOWN = 4
"""How many names a message lists before it only counts."""


def listing(items: Iterable[object], shown: int = SHOWN) -> str:
    """``a, b and c``; past ``shown`` items ``a, b, c, d and 796 more``. Duplicates are named once."""
    names = list(dict.fromkeys(str(item) for item in items))
    if len(names) > shown + 1:
        return f"{', '.join(names[:shown])} and {len(names) - shown} more"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def each(noun: str, names: Iterable[object]) -> str:
    """``keyring A``, ``keyrings A and B``."""
    names = list(dict.fromkeys(str(name) for name in names))
    return f"{noun}{'' if len(names) == 1 else 's'} {listing(names)}"


def counted(number: int, singular: str, plural: str = "") -> str:
    """``1 key``, ``3 keys``."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def verb(subjects: Iterable[object], singular: str, plural: str) -> str:
    """The form of a verb that agrees with its subjects."""
    return singular if len({str(subject) for subject in subjects}) == 1 else plural


def place(fvrf: str | None) -> str:
    """``the default VRF`` or ``VRF INET``."""
    return "the default VRF" if fvrf is None else f"VRF {fvrf}"


def natural(word: str) -> list[tuple[int, str]]:
    """A key for sorting that puts P2 before P10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", word)]
