"""Why a change stops, in a sentence that holds no key."""

from __future__ import annotations

import logging

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
