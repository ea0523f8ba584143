"""The strategies, one explicit tuple; a new one is a module of its own and a line here.

Users keep theirs in a folder of their own (:mod:`ikeaudit.remediation.strategies.own`); what such a module needs is exported
here.
"""

from collections.abc import Sequence

from ikeaudit.model.errors import InputError
from ikeaudit.remediation.plan import Announcement, Direction, Refusal
from ikeaudit.remediation.strategies.contract import Draft, Proposal, Request, Strategy, command_lines
from ikeaudit.remediation.strategies.ikev2 import IKEV2
from ikeaudit.remediation.strategies.own import OwnStrategies, load_own
from ikeaudit.remediation.strategies.single_keyring import SINGLE_KEYRING

STRATEGIES: tuple[Strategy, ...] = (SINGLE_KEYRING, IKEV2)

__all__ = [
    "STRATEGIES",
    "Announcement",
    "Direction",
    "Draft",
    "OwnStrategies",
    "Proposal",
    "Refusal",
    "Request",
    "Strategy",
    "command_lines",
    "find_strategy",
    "load_own",
]


def find_strategy(name: str, own: Sequence[Strategy] = ()) -> Strategy:
    """The strategy called ``name``, the package's or one of the user's ``own``; raises :class:`InputError` with the names."""
    known = (*STRATEGIES, *own)
    for strategy in known:
        if strategy.name == name:
            return strategy
    names = ", ".join(strategy.name for strategy in known)
    raise InputError(f"There is no strategy '{name}'; choose one of: {names}.")
