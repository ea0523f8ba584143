"""Keys that a change took from a router and that people wrote down in its free text: known again by their fingerprints.

While a router has a key configured, redaction finds it wherever else it stands. Afterwards the plan's prediction still says
where: a line with a token, in the place of which the router shows a value with that fingerprint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ikeaudit.change.made_keys import AFTER_FILE
from ikeaudit.parsing.fingerprint import PSK_TOKEN, Fingerprinter
from ikeaudit.parsing.redact import SECRET, KnownSecrets
from ikeaudit.remediation.plan import Plan
from ikeaudit.snapshot.plain_files import read_plain_text


class Recalled:
    """The lines of a router's predicted configuration that hold tokens."""

    def __init__(self, lines: Iterable[str], fingerprinter: Fingerprinter) -> None:
        self._fingerprinter = fingerprinter
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
                    return cls(read_plain_text(folder / router.folder / AFTER_FILE).splitlines(), fingerprinter)
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


def _first_word(line: str) -> str:
    return line.split(None, 1)[0] if line.strip() else ""
