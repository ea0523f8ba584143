"""One line of a journal: what is about to happen, or has happened, to one router or to the change."""

from typing import Any, Literal

import msgspec

Event = Literal[
    "begin",
    "compared",
    "backup",
    "arming",
    "armed",
    "renewing",
    "renewed",
    "send",
    "reply",
    "arrived",
    "testing",
    "tested",
    "held",
    "confirming",
    "confirmed",
    "saving",
    "saved",
    "failed",
    "reverting",
    "reverted",
    "lost",
    "observed",
    "closing",
    "closed",
    "end",
    "found",
    "damaged",
]
"""``arming``, ``renewing``, ``send``, ``testing``, ``confirming``, ``saving``, ``reverting`` and ``closing`` come before the
deed, the others after.

``renewed``: the net acts later than it would have; ``arrived``: the router runs what the plan predicts; ``reverted``: it runs
what it ran before; ``lost``: that could not be established; ``observed``: sessions, routing neighbours and counters then;
``closed``: the copy of its earlier configuration is gone from the router; ``end`` carries the result of the run; ``found``:
what the router was seen to run when the journal could not tell; ``damaged``: a line that may have been anything, or is missing.
"""


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the journal. ``line`` is the command with tokens in place of keys, ``step`` the plan's step number."""

    number: int
    at: str
    event: Event
    router: str | None = None
    step: int | None = None
    line: str | None = None
    text: str | None = None
    data: dict[str, Any] = {}


def line_of(entry: Entry) -> bytes:
    """The entry as it stands in the journal, with the end of its line."""
    return msgspec.json.encode(entry) + b"\n"
