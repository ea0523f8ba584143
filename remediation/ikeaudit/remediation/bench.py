"""A router on the bench: its configuration takes commands, and is read again as a model whenever that is asked for."""

from __future__ import annotations

import msgspec

from ikeaudit.model import Router
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.remediation.candidate import Candidate, Reply

_NO_KEYS = Fingerprinter(bytes(32))
"""The text on the bench is redacted: tokens stand for themselves and nothing is left to fingerprint."""


class Bench:
    """One router's redacted configuration under change; the router given stays as it is."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._candidate = Candidate.from_text("\n".join(router.lines) + "\n")
        self._session = self._candidate.session()
        self.unknown = len(router.unknown)

    @property
    def text(self) -> str:
        """The configuration as the router would show it."""
        return self._candidate.text()

    def send(self, line: str) -> Reply:
        """Carry out one line; modes are kept from line to line."""
        return self._session.send(line)

    def model(self) -> Router:
        """The configuration read again, under the router's own name."""
        (parsed,) = parse_configs(self.text, file=self._router.file, fingerprinter=_NO_KEYS)
        assert parsed.router is not None, "a configuration does not stop being one by a few commands"
        return msgspec.structs.replace(parsed.router, name=self._router.name, shows=self._router.shows)
