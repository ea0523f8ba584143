"""A router of a plan, which is read with what the plan knows of its configuration."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ikeaudit.change.made_keys import MadeKeys
from ikeaudit.change.recalled import Recalled
from ikeaudit.drive.device import Device
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import KnownSecrets
from ikeaudit.session import Keychain, Limits

if TYPE_CHECKING:
    from nornir.core.configuration import Config
    from nornir.core.inventory import Host


class PlannedDevice(Device):
    """``made`` are the keys that are made for the change, shared by all devices of a run."""

    def __init__(
        self,
        name: str,
        host: Host,
        config: Config,
        keys: Keychain,
        fingerprinter: Fingerprinter,
        limits: Limits,
        *,
        tokens: bool,
        made: MadeKeys,
        placed: Callable[[str, str], str],
        recalled: Recalled | None,
    ) -> None:
        super().__init__(name, host, config, keys, fingerprinter, limits, tokens=tokens)
        self.made = made
        self._places = placed
        self._recalled = recalled

    def _learn(self, clear: str, known: KnownSecrets) -> None:
        if self._recalled is not None:
            self._recalled.learn(clear, known)

    def _named(self, clear: str, masked: str) -> str:
        if self._recalled is not None:
            masked = self._recalled.as_planned(clear, masked)
        return self.made.named(self.name, masked)

    def _placed(self, masked: str) -> str:
        return self._places(self.name, masked)
