"""Where a tunnel's IKE version is decided: a tunnel interface, or an entry of a crypto map or dynamic map (END-PLACES).

The sections of a running-config as they stand there, too, to be taken away and put back word for word.
"""

import re
from collections.abc import Container
from typing import Literal

import msgspec

from ikeaudit.candidate.line_tree import read_tree
from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.words import key_words, starts
from ikeaudit.model import CryptoMap, CryptoMapEntry, Interface, IpsecProfile, Router
from ikeaudit.selection import Endpoint


class Place(msgspec.Struct, frozen=True, order=True):
    """A tunnel interface by name, or a crypto map entry by the map's name and its sequence number."""

    router: str
    kind: Literal["tunnel", "map", "dynamic-map"]
    name: str
    sequence: int = 0

    @property
    def label(self) -> str:
        """The place in words, without the router."""
        if self.kind == "tunnel":
            return self.name
        return f"crypto {self.kind} {self.name} {self.sequence}"


def place_of(router: Router, end: Endpoint) -> Place:
    """The place at which ``end`` is switched."""
    if end.kind == "tunnel":
        return Place(router.name, "tunnel", end.interface)
    sequence = int(end.interface.rpartition(" ")[2])
    for crypto_map in router.crypto_maps:
        for entry in crypto_map.entries if crypto_map.name == end.crypto_map else ():
            if entry.sequence == sequence and entry.kind == "dynamic":
                inner = next(m for m in router.dynamic_maps if m.name == entry.reference)
                sub = next(sub for sub in inner.entries if sub.line in end.lines)
                return Place(router.name, "dynamic-map", inner.name, sub.sequence)
    return Place(router.name, "map", end.crypto_map or "", sequence)


def interface_at(router: Router, place: Place) -> Interface:
    """The interface of a tunnel's place."""
    return next(interface for interface in router.interfaces if interface.name == place.name)


def entry_at(router: Router, place: Place) -> tuple[CryptoMap, CryptoMapEntry]:
    """The crypto map entry of a place, with its map."""
    maps = router.crypto_maps if place.kind == "map" else router.dynamic_maps
    crypto_map = next(m for m in maps if m.name == place.name)
    return crypto_map, next(entry for entry in crypto_map.entries if entry.sequence == place.sequence)


def ipsec_profile_at(router: Router, place: Place) -> IpsecProfile | None:
    """The IPsec profile that protects a tunnel; None for crypto maps, or when it is not defined."""
    if place.kind != "tunnel":
        return None
    tunnel = interface_at(router, place).tunnel
    assert tunnel is not None and tunnel.protection is not None
    name = tunnel.protection.ipsec_profile
    return next((profile for profile in router.ipsec_profiles if profile.name == name), None)


_REMARK = re.compile(r"\s+!.*$")


_FREE_TEXT = (
    *starts("interface/description"),
    *(f"{words} " for margin in (True, False) for words in key_words(margin=margin)),
)


def bare(line: str) -> str:
    """A line without what somebody remarked behind it (TEXT-PRINTED): sent along, it might become part of a value."""
    line = line.strip()
    return line if line.startswith(_FREE_TEXT) else _REMARK.sub("", line)


def is_one_of(mode: str, line: str, commands: Container[str]) -> bool:
    """Whether a line of a section is one of some commands, or its ``no`` form; they are named by their ids in that mode."""
    found = LANGUAGES[mode].match(line)
    return found is not None and found.row.id.removeprefix(f"{mode}/") in commands


class Sections:
    """The sections of one router, by the line of their header."""

    def __init__(self, router: Router) -> None:
        self._router = router
        tree = read_tree("\n".join(router.lines) + "\n", redacted=True)
        self._below = {
            bare(line.raw): tuple(bare(child.raw) for child in line.statements()) for line in tree.statements()
        }
        self._unread = frozenset(router.text(unknown.line) for unknown in router.unknown)

    def header(self, line: int) -> str:
        """The header at ``line``, or any single line, as it is typed."""
        return bare(self._router.text(line))

    def below(self, line: int) -> tuple[str, ...]:
        """The lines of the section that begins at ``line``."""
        return self._below.get(self.header(line), ())

    def restorable(self, line: int) -> bool:
        """Whether the section can be typed again: nothing in it was cut out as a secret, and all of it is understood."""
        return self.header(line) in self._below and not any(
            "<SECRET>" in text or text in self._unread for text in self.below(line)
        )


class SectionsRead:
    """The sections of routers that are asked for several times; each router is read once."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Router, Sections]] = {}

    def of(self, router: Router) -> Sections:
        """The sections of ``router``; another version under its name is another one."""
        known = self._known.get(router.name)
        if known is None or known[0] is not router:
            known = self._known[router.name] = router, Sections(router)
        return known[1]
