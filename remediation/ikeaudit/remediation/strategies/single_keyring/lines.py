"""Keys and keyrings as configuration lines, exactly as the router shows them; whatever is not plain is not touched."""

from __future__ import annotations

import re
from ipaddress import IPv4Address

from ikeaudit.ios.command import Args
from ikeaudit.ios.language import LANGUAGES
from ikeaudit.model import Key, Keyring, Router

_MASKED = re.compile(r"<PSK:[0-9a-f]{16}>")


def header(keyring: Keyring) -> str:
    """What follows ``crypto keyring``: the name, and the front-door VRF when there is one (KEY-FVRF)."""
    return keyring.name if keyring.vrf is None else f"{keyring.name} vrf {keyring.vrf}"


def key_line(router: Router, key: Key) -> str | None:
    """The line of a keyring's key as it stands, or None when it is not written the way IOS prints it."""
    line = " ".join(router.text(key.line).split())
    return line if _key("keyring", line) else None


def global_key_line(router: Router, key: Key) -> str | None:
    """The ``crypto isakmp key`` line as it stands, or None when it is not written the way IOS prints it."""
    line = " ".join(router.text(key.line).split())
    return line if _key("global", line) else None


def _key(mode: str, line: str) -> Args | None:
    """What a line says of a key; None when it is no line of one, or the key is not masked."""
    found = LANGUAGES[mode].match(line)
    plain = found is not None and not found.negated and found.row.psk and _MASKED.fullmatch(found.args[found.row.psk])
    return found.args if found is not None and plain else None


def as_ring_line(router: Router, key: Key) -> str | None:
    """A global key as a keyring's line (PLAN-KEYRING); ``no-xauth`` has no counterpart there and is left out.

    The mask is written out where leaving it out would not mean the same: ``0.0.0.0`` alone is everything (KEY-FORMS).
    """
    said = _key("global", global_key_line(router, key) or "")
    if said is None:
        return None
    if "host" in said:
        peer = f"hostname {said['host']}"
    elif "prefix" in said:
        peer = f"address ipv6 {said['prefix']}"
    else:
        mask = (
            said.get("mask", "") if key.prefix is None else "" if key.prefix.is_host else IPv4Address(key.prefix.mask)
        )
        peer = f"address {said['address']} {mask}".rstrip()
    encoding = f"{said['encoding']} " if "encoding" in said else ""
    return f"pre-shared-key {peer} key {encoding}{said['secret']}"


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
