"""The result of a change, for the screen and for programs; and why one stops, in a sentence that holds no key."""

import logging
from typing import Literal

import msgspec

from ikeaudit.drive.probe import Tested
from ikeaudit.drive.safety import SafetyError
from ikeaudit.model.errors import IkeauditError
from ikeaudit.model.unexpected import described, trail

INTERRUPTED = "It was interrupted."
"""The cause of a change that was stopped by its user."""


class ChangeStopError(Exception):
    """The change cannot go on; the text is one sentence, keys as tokens."""


def cause_of(error: BaseException) -> str:
    """Why a change stopped; of an error that nobody expected only its type and place, because its text may quote a router."""
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, (SafetyError, ChangeStopError, IkeauditError)):
        return str(error)
    logging.getLogger(__name__).debug("internal error: %s", trail(error))
    return f"An internal error happened ({described(error)})."


SCHEMA = "ikeaudit.change/1"


Result = Literal[
    "dry-run",
    "committed",
    "in-part",
    "held",
    "unsaved",
    "rolled-back",
    "state-unknown",
    "verified",
    "not-verified",
    "closed",
    "nothing-to-do",
]
"""``dry-run``: nothing was sent, ``lines`` says what would be; ``nothing-to-do``: there is nothing to take back, no line was
sent; ``in-part``: some groups are in force, and those that failed are
taken back, which is verified; ``held``: changed and tested, timers still running;
``unsaved``: in force, but some startup-config is the old one;
``closed``: in force for good, the copies of the earlier configurations are removed."""


PartResult = Literal[Result, "refused", "not-begun"]
"""``refused``: nothing was changed, because something forbade it."""


EXIT_CODES: dict[Result, int] = {
    "dry-run": 0,
    "committed": 0,
    "held": 0,
    "verified": 0,
    "closed": 0,
    "nothing-to-do": 0,
    "unsaved": 3,
    "not-verified": 1,
    "in-part": 6,
    "rolled-back": 6,
    "state-unknown": 7,
}


class RouterResult(msgspec.Struct, frozen=True, kw_only=True):
    """One router at the end: ``state`` in a word, ``detail`` in a sentence.

    ``by_hand`` are the commands that bring its earlier configuration back, when that is still to be done.
    """

    name: str
    state: Literal["changed", "held", "saved", "reverted", "untouched", "unknown", "closed"]
    detail: str = ""
    by_hand: tuple[str, ...] = ()


class GroupResult(msgspec.Struct, frozen=True, kw_only=True):
    """One group of a wave, with the result of its change."""

    wave: int | None
    group: int | None
    routers: tuple[str, ...]
    result: PartResult
    cause: str | None = None
    journal: str = ""


class ChangeReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a run of ``apply``, ``confirm``, ``rollback`` or ``verify`` came to; ``cause`` is why it failed, None when not.

    ``worse`` names what does less than before the change: sessions, routing neighbours and traffic of all tunnels of the
    routers touched. ``groups`` are the parts of a plan that were carried out, or left, one after the other; ``next`` is what to
    type next, with the reason.
    """

    schema: str = SCHEMA
    change_id: str
    digest: str
    result: Result
    cause: str | None = None
    routers: tuple[RouterResult, ...] = ()
    directions: tuple[Tested, ...] = ()
    worse: tuple[str, ...] = ()
    journal: str = ""
    lines: tuple[str, ...] = ()
    groups: tuple[GroupResult, ...] = ()
    next: str | None = None

    @property
    def exit_code(self) -> int:
        """The exit code that ``ikeaudit --help`` lists."""
        return EXIT_CODES[self.result]
