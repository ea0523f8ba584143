"""A router's lines as its plan has them: keys that a change took from it, and text that was cut, known by their fingerprints.

While a router has a key configured, redaction finds it wherever else it stands. Afterwards the plan's prediction still says
where: a line with a token, in the place of which the router shows a value with that fingerprint. What the plan cut, in whatever
version of this program, is cut in the same places again, and what it says in clear is no secret of its routers: so neither the
text that a plan writes itself nor tables that know more than those it was made with make it stale.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ikeaudit.change.made_keys import AFTER_FILE
from ikeaudit.parsing.fingerprint import CUT_TOKEN, PSK_TOKEN, Fingerprinter
from ikeaudit.parsing.redact import SECRET, KnownSecrets
from ikeaudit.remediation.plan import Plan
from ikeaudit.snapshot.plain_files import read_plain_text


class Recalled:
    """The lines of a router's predicted configuration, and those that its plan takes away."""

    def __init__(self, lines: Sequence[str], fingerprinter: Fingerprinter) -> None:
        self._fingerprinter = fingerprinter
        self._said = frozenset(map(str.strip, lines))
        self._cut: dict[str, list[tuple[str, str]]] = {}
        for line in self._said:
            if found := CUT_TOKEN.search(line):
                front = line[: found.start()]
                self._cut.setdefault(_first_word(front), []).append((front, line))
        self._places: dict[str, list[tuple[re.Pattern[str], list[str]]]] = {}
        for line in dict.fromkeys(line.rstrip() for line in lines if "<PSK:" in line):
            pattern = "(.+?)".join(
                ".+?".join(map(re.escape, part.split(SECRET))) for part in PSK_TOKEN.split(line)[::2]
            )
            self._places.setdefault(_first_word(line), []).append((re.compile(pattern), PSK_TOKEN.findall(line)))

    @classmethod
    def of(cls, plan: Plan, folder: Path, name: str, fingerprinter: Fingerprinter) -> Recalled | None:
        """Those of router ``name`` in the plan in ``folder``; None for a router that it does not change, or cannot tell of."""
        for router in plan.routers:
            if router.name == name:
                with suppress(OSError, UnicodeDecodeError):
                    after = read_plain_text(folder / router.folder / AFTER_FILE).splitlines()
                    return cls([*after, *plan.rollback_of(name)], fingerprinter)
        return None

    def learn(self, clear: str, known: KnownSecrets) -> bool:
        """Tell ``known`` the keys that stand in ``clear``, a router's configuration as it is; whether there was one."""
        found = False
        for line in clear.splitlines() if self._places else ():
            for pattern, fingerprints in self._places.get(_first_word(line), ()):
                match = pattern.fullmatch(line.rstrip())
                for value, fingerprint in zip(match.groups() if match else (), fingerprints, strict=False):
                    if self._fingerprinter.psk(value) == fingerprint:
                        known.learn_key(value, value, f"<PSK:{fingerprint}>")
                        found = True
        return found

    def as_planned(self, clear: str, masked: str) -> str:
        """``masked``, made of ``clear``, with every line that the plan has as the plan has it."""
        lines = zip(clear.split("\n"), masked.split("\n"), strict=True)
        return "\n".join(cut if cut.strip() in self._said else self._planned(line, cut) for line, cut in lines)

    def _planned(self, line: str, cut: str) -> str:
        text = line.strip()
        if text in self._said:
            return line
        for front, planned in (*self._cut.get(_first_word(text), ()), *self._cut.get("", ())):
            if text.startswith(front) and self._fingerprinter.cut(text[len(front) :]) in planned:
                return f"{line[: line.index(text)]}{planned}"
        return cut


def _first_word(line: str) -> str:
    return line.split(None, 1)[0] if line.strip() else ""
