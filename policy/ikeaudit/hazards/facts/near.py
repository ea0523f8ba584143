"""What somebody may have meant: names and addresses that one slip of the finger apart would have found."""

from __future__ import annotations

from collections.abc import Iterable

from ikeaudit.hazards.facts.one_slip import near as near
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.model import IPAddress
from ikeaudit.selection import KeyPick


def names_meant(missing: str, unused: Iterable[str]) -> list[str]:
    """The names nobody uses that a name which is not defined may stand for; of single letters no other one."""
    return [
        name
        for name in unused
        if near(missing, name) and (min(len(missing), len(name)) > 1 or len(missing) != len(name))
    ]


def keys_meant(facts: RouterFacts, address: IPAddress) -> list[KeyPick]:
    """The host keys of no peer that one slip apart would have been for ``address``."""
    return [facts.idle_host_keys[place] for place in facts.lookalikes.of(str(address))]
