"""What can go wrong, as a tree; each error's text is one sentence for the user, and never holds a key.

::

    IkeauditError                 exit code
    ├── InputError                2   the arguments or the files given cannot be used
    ├── IncompleteError           3   a host did not answer, or too much was not understood
    ├── RefusedError              5   a stale, unapproved or unproven plan; a lock held; a refusal of the strategy
    └── StateUnknownError         7   the change failed and a router's state is not known
"""

from __future__ import annotations


class IkeauditError(Exception):
    """Base of all errors that end a verb; ``exit_code`` is DESIGN section 4's."""

    exit_code = 4


class InputError(IkeauditError):
    """The arguments or files given cannot be used."""

    exit_code = 2


class IncompleteError(IkeauditError):
    """A host did not answer, or too little was understood to vouch for the rest."""

    exit_code = 3


class RefusedError(IkeauditError):
    """What was asked for is not safe to do."""

    exit_code = 5


class StateUnknownError(IkeauditError):
    """A change failed, and at least one router's state is not known."""

    exit_code = 7
