"""Which keyrings may be merged: those of one scope, that is one front-door VRF and one local address (PLAN-KEYRING).

Keys and keyrings stand here as configuration lines, exactly as the router shows them; whatever is not plain is not touched.
"""

import re
from ipaddress import IPv4Address
from typing import TypeAlias

import msgspec

from ikeaudit.ios.command import Args
from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.writing import command
from ikeaudit.model import DEFAULT_KEYRING, IPAddress, Key, Keyring, LocalAddress, Prefix, Router, same_key
from ikeaudit.remediation.plan import Refusal
from ikeaudit.selection import RouterRules

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
        row, peer = "hostname", said["host"]
    elif "prefix" in said:
        row, peer = "address-ipv6", said["prefix"]
    else:
        mask = (
            said.get("mask", "") if key.prefix is None else "" if key.prefix.is_host else IPv4Address(key.prefix.mask)
        )
        row, peer = "address", f"{said['address']} {mask}"
    return command(f"keyring/pre-shared-key-{row}", peer, said.get("encoding"), said["secret"])


def local_address_line(router: Router, keyring: Keyring) -> str | None:
    """The keyring's ``local-address`` line as it stands, or None when it has none."""
    return " ".join(router.text(keyring.local_address.line).split()) if keyring.local_address is not None else None


def setup_lines(router: Router, keyring: Keyring) -> tuple[str, ...]:
    """The lines that make an empty keyring what this one is: its description and its ``local-address``."""
    lines = []
    if keyring.description is not None:
        lines.append(command("keyring/description", keyring.description))
    local = local_address_line(router, keyring)
    if local is not None:
        lines.append(local)
    return tuple(lines)


EntryId: TypeAlias = Prefix | str
"""What a key is for: a network (host bits cleared), or a host name."""


def entry_id(key: Key) -> EntryId:
    """What ``key`` is for; two keys with one id in one scope compete."""
    return key.prefix.network if key.prefix is not None else (key.hostname or "")


class Entry(msgspec.Struct, frozen=True):
    """A key that the scope needs, as it stands in the first keyring that has it."""

    id: EntryId
    key: Key
    keyring: str


class Scope(msgspec.Struct, frozen=True):
    """Keyrings that compete for the same callers, in configuration order.

    ``local`` are the addresses that ``local-address`` resolves to, None when it is not given. ``globals`` are the global keys
    of addresses, which take part in the search of the default VRF, before all keyrings.
    """

    vrf: str | None
    local: tuple[IPAddress, ...] | None
    keyrings: tuple[Keyring, ...]
    globals: tuple[Key, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The keyrings' names in the order of the search, ``default`` first when there are global keys."""
        return ((DEFAULT_KEYRING,) if self.globals else ()) + tuple(keyring.name for keyring in self.keyrings)

    @property
    def scattered(self) -> bool:
        """Whether the keys stand in more places than one."""
        return len(self.keyrings) > 1 or bool(self.globals)

    def __str__(self) -> str:
        where = "the default VRF" if self.vrf is None else f"VRF {self.vrf}"
        return where if self.local is None else f"{where}, local address {' / '.join(map(str, self.local))}"


def scopes(rules: RouterRules) -> tuple[tuple[Scope, ...], tuple[Refusal, ...]]:
    """The router's keyrings by scope, in configuration order, and those whose scope cannot be told (PLAN-REFUSED).

    A keyring that holds nothing but RSA keys takes no part in the search for pre-shared keys and is left out. Global keys count
    where the default VRF has keyrings beside them. A keyring of unknown scope is refused only when there is another one in
    its VRF that it could be merged with.
    """
    global_keys = tuple(key for key in rules.router.default_keyring.keys if key.prefix is not None)
    groups: dict[tuple[str | None, tuple[IPAddress, ...] | None], list[Keyring]] = {}
    unresolved: list[Keyring] = []
    for keyring in rules.router.keyrings:
        if keyring.rsa_keys and not keyring.keys:
            continue
        local = None if keyring.local_address is None else resolve(rules, keyring.local_address)
        if local == ():
            unresolved.append(keyring)
        else:
            groups.setdefault((keyring.vrf, local), []).append(keyring)
    if global_keys and any(vrf is None for vrf, _ in groups):
        groups.setdefault((None, None), [])
    else:
        global_keys = ()
    per_vrf: dict[str | None, int] = {}
    for keyring in rules.router.keyrings:
        per_vrf[keyring.vrf] = per_vrf.get(keyring.vrf, 0) + bool(keyring.keys or not keyring.rsa_keys)
    return (
        tuple(
            Scope(vrf, local, tuple(keyrings), global_keys if (vrf, local) == (None, None) else ())
            for (vrf, local), keyrings in groups.items()
        ),
        tuple(_unresolved(rules.router, keyring) for keyring in unresolved if per_vrf[keyring.vrf] > 1),
    )


def resolve(rules: RouterRules, restriction: LocalAddress) -> tuple[IPAddress, ...]:
    """The addresses behind ``local-address``; empty when the configuration does not say them."""
    if restriction.address is not None:
        return (restriction.address,)
    name = restriction.interface or ""
    interface = rules.addresses.interface(name)
    if interface is None or interface.addressing in ("dhcp", "negotiated"):
        return ()
    own = (rules.addresses.primary(name, version) for version in (4, 6))
    return tuple(address for address in own if address is not None)


def _unresolved(router: Router, keyring: Keyring) -> Refusal:
    restriction = keyring.local_address
    assert restriction is not None
    return Refusal(
        router=router.name,
        subject=f"keyring {keyring.name}",
        reason=f"The configuration does not say which address '{local_address_line(router, keyring)}' stands for, so it is "
        f"not known which keyrings {keyring.name} competes with; give the interface a static address or name the address.",
        evidence=router.evidence(keyring.line, restriction.line),
    )


def entries(router: Router, scope: Scope) -> tuple[tuple[Entry, ...], tuple[Refusal, ...]]:
    """The keys of a scope without repetition, in configuration order; the refusals say why they cannot be merged.

    Same id and same key: the first stands for all. Different keys, or a type 6 key that would have to be compared, are for
    people to decide (PLAN-KEYRING, PLAN-REFUSED).
    """
    found: dict[EntryId, Entry] = {}
    refusals: list[Refusal] = []
    places = [(DEFAULT_KEYRING, scope.globals), *((keyring.name, keyring.keys) for keyring in scope.keyrings)]
    for name, keys in places:
        for key in keys:
            mine = entry_id(key)
            held = found.setdefault(mine, Entry(mine, key, name))
            equal = same_key(held.key.secret, key.secret, same_router=True)
            if equal:
                continue
            subject = f"keyrings {held.keyring} and {name}"
            if equal is None:
                reason = (
                    f"{held.keyring} and {name} both hold a key for {mine}, at least one of them encrypted (type 6), "
                    "so it cannot be told whether they are the same; enter the key in one keyring only."
                )
            else:
                reason = (
                    f"{held.keyring} and {name} hold different keys for {mine}; merging would drop one of them. "
                    "Agree on one key with the peer, or separate them by local-address or VRF, or move to IKEv2."
                )
            refusals.append(
                Refusal(
                    router=router.name,
                    subject=subject,
                    reason=reason,
                    evidence=router.evidence(held.key.line, key.line),
                )
            )
    return tuple(found.values()), tuple(refusals)


def unmovable(router: Router, scope: Scope) -> tuple[Refusal, ...]:
    """What cannot be moved line by line: keyrings with unknown lines, odd spellings of keys, trailing blanks, XAUTH flags."""
    refusals = []
    unknown = {u.name: u.line for u in router.unknown if u.kind == "keyring"}
    for keyring in scope.keyrings:
        line, reason = unknown.get(keyring.name, 0), "it holds a line that is not understood"
        for key in keyring.keys:
            if key.secret.facts is not None and key.secret.facts.trailing_blanks:
                line, reason = key.line, "a key ends in a blank, which does not survive being sent again (KEY-BLANKS)"
            elif key_line(router, key) is None:
                line, reason = key.line, "a key is not written the way IOS prints it"
        if line:
            text = f"Keyring {header(keyring)} cannot be merged by commands: {reason}."
            refusals.append(_stuck(router, f"keyring {keyring.name}", text, keyring.line, line))
    xauth = [line for line in (m.client_authentication for m in router.crypto_maps) if line is not None]
    for key in scope.globals:
        if global_key_line(router, key) is None:
            text = "The global key cannot be moved by commands: it is not written the way IOS prints it."
            refusals.append(_stuck(router, "global keys", text, key.line))
        elif key.no_xauth and xauth:
            text = (
                f"The global key of {entry_id(key)} says no-xauth, which a keyring cannot say, and crypto map clients are "
                "asked for XAUTH here; bind that peer to a profile without client authentication first."
            )
            refusals.append(_stuck(router, "global keys", text, key.line, *(line.line for line in xauth)))
    return tuple(refusals)


def _stuck(router: Router, subject: str, reason: str, *lines: int) -> Refusal:
    return Refusal(router=router.name, subject=subject, reason=reason, evidence=router.evidence(*lines))
