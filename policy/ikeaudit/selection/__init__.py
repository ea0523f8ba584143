"""Which key and which profile IOS picks, and why: one router at a time, by the rules of :mod:`ikeaudit.rulebook`."""

from ikeaudit.selection.endpoint import Endpoint
from ikeaudit.selection.keys import KeyPick, KeySearch, KeyTable
from ikeaudit.selection.local import Addresses, LocalEnd
from ikeaudit.selection.policies import EffectivePolicy, effective_policies
from ikeaudit.selection.profiles import Identity, ProfilePick, ProfileSearch
from ikeaudit.selection.rules import RouterRules
from ikeaudit.selection.unread import unprotected_end, unread_of_calls

__all__ = [
    "Addresses",
    "EffectivePolicy",
    "Endpoint",
    "Identity",
    "KeyPick",
    "KeySearch",
    "KeyTable",
    "LocalEnd",
    "ProfilePick",
    "ProfileSearch",
    "RouterRules",
    "effective_policies",
    "unprotected_end",
    "unread_of_calls",
]
