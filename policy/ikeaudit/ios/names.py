"""Names as IOS prints them: interfaces in full, masks left out where IOS leaves them out (TEXT-PRINTED)."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SPLIT = re.compile(r"^([A-Za-z][A-Za-z-]*?)(\d[\d/.:]*)$")
_NUMBER = re.compile(r"^\d[\d/.:]*$")

_TYPES = """
Loopback Port-channel Tunnel Virtual-Template Virtual-Access Multilink Dialer Async ATM BRI Cellular Ethernet FastEthernet
GigabitEthernet TwoGigabitEthernet TenGigabitEthernet TwentyFiveGigE FortyGigabitEthernet HundredGigE Serial POS Service-Engine
AppGigabitEthernet AppNav-Compress VirtualPortGroup Embedded-Service-Engine Null NVI nve pseudowire BDI BVI Vlan
"""
INTERFACE_TYPES = tuple(_TYPES.split())
"""Interface types in the order in which a running-config lists them."""

_LOGICAL = "Loopback Port-channel Tunnel Virtual-Template Multilink Dialer VirtualPortGroup nve pseudowire BDI BVI Vlan"
LOGICAL_TYPES = frozenset(_LOGICAL.split())
"""Types that ``no interface`` can remove; the others are hardware."""

_SHORT = {
    "e": "Ethernet", "f": "FastEthernet", "po": "Port-channel", "s": "Serial", "se": "Serial", "tw": "TwoGigabitEthernet",
    "vt": "Virtual-Template",
}  # fmt: skip
"""What is said of a type although several begin so, or none does; any other beginning names the one type that has it."""


def interface_type(text: str) -> str | None:
    """The full type that ``text`` abbreviates, ``Gi`` -> ``GigabitEthernet``; None when it abbreviates none or several."""
    low = text.lower()
    if low in _SHORT:
        return _SHORT[low]
    fits = [name for name in INTERFACE_TYPES if name.lower().startswith(low)]
    return fits[0] if len(fits) == 1 else None


def interface_words(words: Sequence[str], at: int) -> tuple[int, str] | None:
    """How many words from ``at`` name an interface, and its full name; None when they name none.

    ``Tunnel1``, ``tu1`` and ``tunnel 1`` are all ``Tunnel1``.
    """
    glued = _SPLIT.match(words[at])
    if glued is not None:
        kind = interface_type(glued[1])
        return (1, f"{kind}{glued[2]}") if kind else None
    if at + 1 < len(words) and _NUMBER.match(words[at + 1]):
        kind = interface_type(words[at])
        return (2, f"{kind}{words[at + 1]}") if kind else None
    return None


def interface_order(name: str) -> tuple[int, str, tuple[int, ...]]:
    """Where an interface stands among others: rank of its type, the type, its numbers."""
    split = _SPLIT.match(name)
    if split is None:
        return len(INTERFACE_TYPES), name, ()
    rank = INTERFACE_TYPES.index(split[1]) if split[1] in INTERFACE_TYPES else len(INTERFACE_TYPES)
    return rank, split[1], tuple(int(n) for n in re.findall(r"\d+", split[2]))


def removable(name: str) -> bool:
    """Whether ``no interface`` may remove this interface: logical ones and sub-interfaces."""
    split = _SPLIT.match(name)
    return split is None or split[1] in LOGICAL_TYPES or "." in split[2]


HOST_MASK = "255.255.255.255"
ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - an address to print, nothing is bound to it
