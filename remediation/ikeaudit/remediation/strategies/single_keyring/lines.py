"""Keys and keyrings as configuration lines, exactly as the router shows them; whatever is not plain is not touched."""

from __future__ import annotations

import re
from ipaddress import IPv4Address

from ikeaudit.model import Key, Keyring, Router

_MASKED = r"(?:[067] )?<PSK:[0-9a-f]{16}>"
_RING_KEY = re.compile(rf"pre-shared-key (?:address (?:ipv6 \S+|\S+(?: \S+)?)|hostname \S+) key {_MASKED}")
_GLOBAL_KEY = re.compile(
    rf"crypto isakmp key (?P<masked>{_MASKED}) (?P<peer>address (?:ipv6 \S+|\S+(?: [\d.]+)?)|hostname \S+)(?P<flag> no-xauth)?"
)


def header(keyring: Keyring) -> str:
    """What follows ``crypto keyring``: the name, and the front-door VRF when there is one (KEY-FVRF)."""
    return keyring.name if keyring.vrf is None else f"{keyring.name} vrf {keyring.vrf}"


def key_line(router: Router, key: Key) -> str | None:
    """The line of a keyring's key as it stands, or None when it is not written the way IOS prints it."""
    line = " ".join(router.text(key.line).split())
    return line if _RING_KEY.fullmatch(line) else None


def global_key_line(router: Router, key: Key) -> str | None:
    """The ``crypto isakmp key`` line as it stands, or None when it is not written the way IOS prints it."""
    line = " ".join(router.text(key.line).split())
    return line if _GLOBAL_KEY.fullmatch(line) else None


def as_ring_line(router: Router, key: Key) -> str | None:
    """A global key as a keyring's line (PLAN-KEYRING); ``no-xauth`` has no counterpart there and is left out.

    The mask is written out where leaving it out would not mean the same: ``0.0.0.0`` alone is everything (KEY-FORMS).
    """
    line = global_key_line(router, key)
    match = _GLOBAL_KEY.fullmatch(line) if line is not None else None
    if match is None:
        return None
    peer = match["peer"]
    if key.prefix is not None and key.prefix.version == 4:
        mask = "" if key.prefix.is_host else f" {IPv4Address(key.prefix.mask)}"
        peer = f"address {key.prefix.address}{mask}"
    return f"pre-shared-key {peer} key {match['masked']}"


def local_address_line(router: Router, keyring: Keyring) -> str | None:
    """The keyring's ``local-address`` line as it stands, or None when it has none."""
    return " ".join(router.text(keyring.local_address.line).split()) if keyring.local_address is not None else None


def setup_lines(router: Router, keyring: Keyring) -> tuple[str, ...]:
    """The lines that make an empty keyring what this one is: its description and its ``local-address``."""
    lines = []
    if keyring.description is not None:
        lines.append(f"description {keyring.description}")
    local = local_address_line(router, keyring)
    if local is not None:
        lines.append(local)
    return tuple(lines)
