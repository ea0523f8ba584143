"""One router that is driven: its session, opened again when it was lost, and what the router says of itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ikeaudit.collect import read_running_config
from ikeaudit.collect.apart import printed_apart
from ikeaudit.collect.reading import has_end
from ikeaudit.drive.keys import KeyVault
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import KnownSecrets, cut
from ikeaudit.parsing.volatile import before_hash, stable_lines
from ikeaudit.session import Keychain, Limits, SessionError, Terminal, session, where

if TYPE_CHECKING:
    from nornir.core.configuration import Config
    from nornir.core.inventory import Host

STARTUP_CONFIG = "show startup-config"
_SLOW = 120.0


@dataclass(frozen=True, slots=True)
class RouterText:
    """A configuration read from a router: redacted text, its before-hash, and its keys in a vault."""

    text: str
    digest: str
    vault: KeyVault

    @property
    def lines(self) -> list[str]:
        """The redacted lines that say what is configured."""
        return stable_lines(self.text)


class Device:
    """A router that is talked to for longer than one command; not for use by two threads at once.

    ``name`` is what its user calls it. The session is opened on first use and kept until :meth:`close`. ``say`` is told what
    the router warns of unasked.
    """

    def __init__(
        self,
        name: str,
        host: Host,
        config: Config,
        keys: Keychain,
        fingerprinter: Fingerprinter,
        limits: Limits,
        *,
        tokens: bool = False,
    ) -> None:
        self.name = name
        self.where = where(host)
        self.limits = limits
        self.say: Callable[[str], None] = lambda line: None
        self._open: Callable[[], AbstractContextManager[Terminal]] = lambda: session(
            host, config, keys.of(host), limits
        )
        self._fingerprinter = fingerprinter
        self._known = KnownSecrets()  # what a step takes away is still removed from what is read afterwards
        self._tokens = tokens
        self._context: AbstractContextManager[Terminal] | None = None
        self._terminal: Terminal | None = None

    def __repr__(self) -> str:
        return f"Device({self.name})"

    @property
    def connected(self) -> bool:
        """Whether a session is open, as far as is known."""
        return self._terminal is not None

    @property
    def terminal(self) -> Terminal:
        """The open session; opened when there is none.

        :raises SessionError: when it cannot be opened.
        """
        if self._terminal is None:
            context = self._open()
            self._terminal = context.__enter__()
            for notice in self._terminal.notices:
                self.say(f"{self.name}: {notice}")
            self._terminal.on_warning = lambda warning: self.say(f"{self.name} warns: {warning}")
            self._context = context
        return self._terminal

    def close(self) -> None:
        """End the session, if any; never raises."""
        context, self._context, self._terminal = self._context, None, None
        if context is not None:
            with suppress(Exception):  # the session is over either way
                context.__exit__(None, None, None)

    def reach(self, patience: float, pause: float = 1.0) -> None:
        """A working session in EXEC mode, tried anew for ``patience`` seconds when the router does not answer.

        :raises SessionError: of the last attempt.
        """
        until = time.monotonic() + patience
        while True:
            failure: SessionError | None = None
            try:
                self.leave_config()
                self.run("")
            except SessionError as error:
                failure = error
            if failure is None:
                return
            self.close()
            if time.monotonic() + pause >= until or failure.reason in (
                "bad-password",
                "enable-secret",
                "privilege",
                "host-key",
                "not-ios",
            ):
                raise failure
            time.sleep(pause)

    def run(self, command: str, *, label: str | None = None, slow: bool = False) -> str:
        """The reply to one line; ``slow`` for commands that a router may think about for long before it says a word.

        :raises SessionError: after which the session is closed, because nobody knows what it would answer next.
        """
        return self._said(lambda terminal: terminal.run(command, label=label, idle=self._idle(slow)))

    def converse(self, command: str, answers: list[tuple[str, str]]) -> str:
        """What was said after ``command``, its questions answered.

        :raises SessionError: after which the session is closed.
        """
        return self._said(lambda terminal: terminal.converse(command, answers, idle=self._idle(slow=True)))

    def _said(self, ask: Callable[[Terminal], str]) -> str:
        failure: SessionError | None = None
        try:
            return ask(self.terminal)
        except SessionError as error:
            failure = error
        self.close()
        raise failure

    def _file(self, command: str, *, slow: bool = False) -> RouterText | None:
        """The configuration that ``command`` shows; None when it shows none that is whole."""
        self.leave_config()
        text = self._said(lambda terminal: terminal.read(command, apart=printed_apart, idle=self._idle(slow)))
        return self._read(text) if has_end(text) else None

    @property
    def mode(self) -> str:
        """The mode of the last prompt: ``#``, ``(config)#``."""
        return self._terminal.mode if self._terminal is not None else ""

    def leave_config(self) -> None:
        """Make sure that the next line goes to EXEC mode.

        :raises SessionError: when the router does not answer.
        """
        if self.terminal.mode != "#":
            self.run("end")

    def running(self) -> RouterText:
        """The running-config, read whole.

        :raises SessionError: with the reason when that fails.
        """
        self.leave_config()
        return self._read(self._said(lambda terminal: read_running_config(terminal, idle=self._idle(slow=True))))

    def startup(self) -> RouterText | None:
        """The startup-config; None when there is none, or none that is whole."""
        return self._file(STARTUP_CONFIG, slow=True)

    def saved_keys(self, url: str) -> KeyVault:
        """The keys in a configuration on the router's own flash; an empty vault when it cannot be read.

        :raises SessionError: when the router does not answer.
        """
        found = self.saved(url)
        return found.vault if found is not None else KeyVault()

    def saved(self, url: str) -> RouterText | None:
        """A configuration on the router's own flash; None when it is not there, or not whole.

        :raises SessionError: when the router does not answer.
        """
        return self._file(f"more {url}")

    def _idle(self, slow: bool) -> float:
        return max(self.limits.idle, _SLOW) if slow else self.limits.idle

    def _read(self, clear: str) -> RouterText:
        self._learn(clear, self._known)
        masked = self._named(clear, cut(clear, self._fingerprinter, self._known).text)
        vault = KeyVault.of(clear, masked, tokens=self._tokens)
        masked = self._placed(masked)
        return RouterText(masked, before_hash(masked), vault)

    # What somebody who knows more of this router makes of its configuration; nothing, unless he says otherwise.

    def _learn(self, clear: str, known: KnownSecrets) -> None:
        """Tell ``known`` keys in ``clear`` that redaction cannot find by itself."""

    def _named(self, clear: str, masked: str) -> str:
        """``masked``, made of ``clear``, with keys called by other names than their fingerprints."""
        return masked

    def _placed(self, masked: str) -> str:
        """``masked`` with its lines where they are compared; the keys were taken out of it before."""
        return masked
