"""Names for new objects: readable, free, and the same every time."""

from __future__ import annotations

import re
from collections.abc import Iterable


class Names:
    """The names that objects of one kind have; those that differ in case only count as the same."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {name.lower() for name in taken}

    def free(self, wanted: str) -> str:
        """``wanted``, or with the first number behind it that makes it free; it is taken from then on."""
        wanted = re.sub(r"[^A-Za-z0-9._-]", "-", wanted).strip("-") or "PEER"
        name, number = wanted, 1
        while name.lower() in self._taken:
            number += 1
            name = f"{wanted}-{number}"
        self._taken.add(name.lower())
        return name
