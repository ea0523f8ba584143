"""Which keyrings may be merged: those of one scope, that is one front-door VRF and one local address (DOMAIN 12 A0.1)."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from ikeaudit.model import IPAddress, Key, Keyring, LocalAddress, Prefix, Router, same_key
from ikeaudit.remediation.plan import Refusal
from ikeaudit.remediation.strategies.single_keyring.lines import header, key_line, local_address_line
from ikeaudit.selection import RouterRules

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

    ``local`` are the addresses that ``local-address`` resolves to, None when it is not given.
    """

    vrf: str | None
    local: tuple[IPAddress, ...] | None
    keyrings: tuple[Keyring, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The keyrings' names, in configuration order."""
        return tuple(keyring.name for keyring in self.keyrings)

    def __str__(self) -> str:
        where = "the default VRF" if self.vrf is None else f"VRF {self.vrf}"
        return where if self.local is None else f"{where}, local address {' / '.join(map(str, self.local))}"


def scopes(rules: RouterRules) -> tuple[tuple[Scope, ...], tuple[Refusal, ...]]:
    """The router's keyrings by scope, in configuration order, and those whose scope cannot be told (DOMAIN 12.1).

    A keyring that holds nothing but RSA keys takes no part in the search for pre-shared keys and is left out. A keyring of
    unknown scope is refused only when there is another one in its VRF that it could be merged with.
    """
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
    per_vrf: dict[str | None, int] = {}
    for keyring in rules.router.keyrings:
        per_vrf[keyring.vrf] = per_vrf.get(keyring.vrf, 0) + bool(keyring.keys or not keyring.rsa_keys)
    return (
        tuple(Scope(vrf, local, tuple(keyrings)) for (vrf, local), keyrings in groups.items()),
        tuple(_unresolved(rules.router, keyring) for keyring in unresolved if per_vrf[keyring.vrf] > 1),
    )


def resolve(rules: RouterRules, restriction: LocalAddress) -> tuple[IPAddress, ...]:
    """The addresses behind ``local-address``; empty when the configuration does not say them (DOMAIN 11.A)."""
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
    people to decide (DOMAIN 12 A0.2, 12.1).
    """
    found: dict[EntryId, Entry] = {}
    refusals: list[Refusal] = []
    for keyring in scope.keyrings:
        for key in keyring.keys:
            mine = entry_id(key)
            held = found.setdefault(mine, Entry(mine, key, keyring.name))
            equal = same_key(held.key.secret, key.secret, same_router=True)
            if equal:
                continue
            subject = f"keyrings {held.keyring} and {keyring.name}"
            if equal is None:
                reason = (
                    f"{held.keyring} and {keyring.name} both hold a key for {mine}, at least one of them encrypted (type 6), "
                    "so it cannot be told whether they are the same; enter the key in one keyring only."
                )
            else:
                reason = (
                    f"{held.keyring} and {keyring.name} hold different keys for {mine}; merging would drop one of them. "
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
    """What in the scope's keyrings cannot be moved line by line: unknown lines, odd spellings, trailing blanks, RSA keys."""
    refusals = []
    unknown = {u.name: u.line for u in router.unknown if u.kind == "keyring"}
    for keyring in scope.keyrings:
        lines: list[int] = []
        reason = None
        if keyring.name in unknown:
            lines, reason = [unknown[keyring.name]], "it holds a line that is not understood"
        elif keyring.rsa_keys:
            lines, reason = (
                [rsa.line for rsa in keyring.rsa_keys],
                "it holds RSA public keys as well as pre-shared keys",
            )
        for key in keyring.keys:
            if key.secret.facts is not None and key.secret.facts.trailing_blanks:
                lines, reason = (
                    [key.line],
                    "a key ends in a blank, which does not survive being sent again (DOMAIN 3.1)",
                )
            elif key_line(router, key) is None:
                lines, reason = [key.line], "a key is not written the way IOS prints it"
        if reason is not None:
            refusals.append(
                Refusal(
                    router=router.name,
                    subject=f"keyring {keyring.name}",
                    reason=f"Keyring {header(keyring)} cannot be merged by commands: {reason}.",
                    evidence=router.evidence(keyring.line, *lines),
                )
            )
    return tuple(refusals)
