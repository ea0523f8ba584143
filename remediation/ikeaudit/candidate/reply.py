"""The answer to one line that was sent to a configuration session."""

from __future__ import annotations

import msgspec

from ikeaudit.ios.replies import refused


class Reply(msgspec.Struct, frozen=True):
    """The answer to one line: ``mode`` is the prompt it was typed at, ``column`` the place of an error in the line.

    ``command`` may hold a key: neither ``repr`` nor ``str`` shows it.
    """

    command: str
    mode: str
    output: str = ""
    changed: bool = False
    column: int | None = None

    @property
    def refused(self) -> bool:
        """Whether the line was not accepted."""
        return refused(self.output)

    def __repr__(self) -> str:
        return f"Reply(mode={self.mode!r}, output={self.output!r}, changed={self.changed})"

    def __str__(self) -> str:
        return repr(self)

    def __rich_repr__(self) -> list[tuple[str, object]]:
        return [("mode", self.mode), ("output", self.output), ("changed", self.changed)]
