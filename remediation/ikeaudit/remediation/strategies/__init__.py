"""The strategies, one explicit tuple; a new one is a module of its own and a line here."""

from ikeaudit.model.errors import InputError
from ikeaudit.remediation.strategies.ikev2 import IKEV2
from ikeaudit.remediation.strategies.interface import Draft, Proposal, Request, Strategy, command_lines
from ikeaudit.remediation.strategies.single_keyring import SINGLE_KEYRING

STRATEGIES: tuple[Strategy, ...] = (SINGLE_KEYRING, IKEV2)

__all__ = ["STRATEGIES", "Draft", "Proposal", "Request", "Strategy", "command_lines", "find_strategy"]


def find_strategy(name: str) -> Strategy:
    """The strategy called ``name``; raises :class:`InputError` with the names there are."""
    for strategy in STRATEGIES:
        if strategy.name == name:
            return strategy
    known = ", ".join(strategy.name for strategy in STRATEGIES)
    raise InputError(f"There is no strategy '{name}'; choose one of: {known}.")
