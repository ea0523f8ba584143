"""From a running configuration to the model, by the project's own parser and under a key that nobody keeps."""

from __future__ import annotations

import secrets

import msgspec

from ikeaudit.model import Router
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter


class Reader:
    """Parses the configurations of one lab, each text once."""

    def __init__(self) -> None:
        self._fingerprinter = Fingerprinter(secrets.token_bytes(32))
        self._known: dict[str, tuple[str, Router | None]] = {}

    def router(self, hostname: str, text: str) -> Router | None:
        """The model of lab router ``hostname``, under that name; None when the text is no IOS configuration."""
        known = self._known.get(hostname)
        if known is not None and known[0] == text:
            return known[1]
        parsed = parse_configs(text, file=f"{hostname}.cfg", fingerprinter=self._fingerprinter)
        found = next((config.router for config in parsed if config.router is not None), None)
        router = msgspec.structs.replace(found, name=hostname) if found is not None else None
        self._known[hostname] = (text, router)
        return router
