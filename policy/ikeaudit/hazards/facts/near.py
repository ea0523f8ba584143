"""What somebody may have meant: names and addresses that one slip of the finger apart would have found."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest

from ikeaudit.hazards.facts.router_view import RouterView
from ikeaudit.model import IPAddress
from ikeaudit.selection import KeyPick


def near(one: str, other: str) -> bool:
    """Whether two words are one letter too many, too few or another apart, or two neighbours swapped; capitals do not count."""
    one, other = one.lower(), other.lower()
    if one == other or abs(len(one) - len(other)) > 1:
        return one == other
    differ = [n for n, (a, b) in enumerate(zip_longest(one, other)) if a != b]
    first, last = differ[0], differ[-1]
    if len(one) != len(other):
        longer, shorter = sorted((one, other), key=len, reverse=True)
        return longer[:first] + longer[first + 1 :] == shorter
    swapped = last == first + 1 and (one[first], one[last]) == (other[last], other[first])
    return first == last or swapped


def names_meant(missing: str, unused: Iterable[str]) -> list[str]:
    """The names nobody uses that a name which is not defined may stand for; of single letters no other one."""
    return [
        name
        for name in unused
        if near(missing, name) and (min(len(missing), len(name)) > 1 or len(missing) != len(name))
    ]


def keys_meant(facts: RouterView, address: IPAddress) -> list[KeyPick]:
    """The host keys of no known peer that one slip apart would have been for ``address``."""
    known = {peer.address for peer in (*facts.peers, *facts.members)}
    return [
        pick
        for pick in facts.picks
        if pick.key.prefix is not None
        and pick.key.prefix.is_host
        and pick.key.prefix.address not in known
        and near(str(address), str(pick.key.prefix.address))
    ]
