"""Other names, addresses and keys for a router's text, the same for the same everywhere (``export-case``)."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import blake2b
from ipaddress import IPv4Address, IPv6Address

from ikeaudit.model import IPAddress, parse_address
from ikeaudit.parsing.fingerprint import ANY_TOKEN
from ikeaudit.parsing.redact.tokens import TOKEN
from ikeaudit.parsing.redact.vocabulary import harmless
from ikeaudit.parsing.shows import is_printed

_WORD = re.compile(r"[^\s,;()\[\]]+")
_NUMBER = re.compile(r"0x[0-9a-fA-F]{1,8}|\d{1,10}|/\d{1,3}|\d{1,5}(?:[:/-]\d{1,10})+")
_ADDRESS = re.compile(r"([0-9A-Fa-f.:]*[.:][0-9A-Fa-f.:]*)(/\d{1,5})?")
_LABELS = re.compile(r"([@.:])")
_TWO_OCTETS = frozenset({100, 169, 172, 192})
"""First octets of which a part is private, or no network's: the second one stays, too, so that it is as private as before."""


class Pseudonyms:
    """What stands in for each address, name and fingerprint; made from ``seed``, which nobody keeps.

    Addresses keep their first octet (two where a part of that is private; 16 bits of IPv6), and as many leading bits in common
    as they had. Names are numbered as they come up, label by label: ``r1.example.com`` stays below ``example.com``.
    """

    def __init__(self, seed: bytes, given: dict[str, str]) -> None:
        """``given`` are the names that are chosen: those of the two routers."""
        self._seed = seed
        self._names = {name.lower(): letter for name, letter in given.items()} | given

    def address(self, address: IPAddress) -> IPAddress:
        """The address that stands in for one: prefix-preserving, one to one; masks and what is no host's stay as they are."""
        if isinstance(address, IPv4Address):
            first = int(address) >> 24
            if first in (0, 127) or first >= 224:
                return address
            return IPv4Address(self._mixed(int(address), 32, 16 if first in _TWO_OCTETS else 8))
        return IPv6Address(self._mixed(int(address), 128, 16)) if int(address) >> 112 else address

    def _mixed(self, value: int, width: int, kept: int) -> int:
        """Each bit behind the first ``kept`` is turned over or not, by those before it and the seed."""
        mixed = value
        for place in range(width - kept - 1, -1, -1):
            before = value >> (place + 1)
            digest = blake2b(f"{width}:{place}:{before}".encode(), key=self._seed, digest_size=1).digest()
            mixed ^= (digest[0] & 1) << place
        return mixed

    def fingerprint(self, old: str) -> str:
        """The fingerprint that stands in for one."""
        return blake2b(b"key" + old.encode(), key=self._seed, digest_size=8).hexdigest()

    def name(self, name: str) -> str:
        """The name that stands in for one; its labels (``a@b.c``) each for itself, words of IOS as they are."""
        if not name or harmless(name) or _NUMBER.fullmatch(name):
            return name
        if name in self._names:
            return self._names[name]
        parts = _LABELS.split(name)
        if len(parts) > 1:
            # identities are compared whatever their case; names of objects are not
            return "".join(part if part in "@.:" else self._label(part.lower()) for part in parts)
        return self._names.setdefault(name, f"n{len(self._names) + 1}")

    def _label(self, label: str) -> str:
        return self._names.get(label) or self.name(label)

    def line(self, line: str) -> str:
        """A line of configuration with everything replaced that is no word of IOS, no number and no mask."""
        return self._replaced(line, self.name)

    def shown(self, line: str) -> str:
        """A line of show output with everything replaced that the command does not print by itself."""
        return self._replaced(
            line, lambda word: word if harmless(word) else self._names.get(word) or self._of_somebody(word)
        )

    def _of_somebody(self, word: str) -> str:
        return word if is_printed(word) else self.name(word)

    def _replaced(self, line: str, name: Callable[[str], str]) -> str:
        words = [*_WORD.finditer(line)]
        texts = [match[0] for match in words]
        out, end = [], 0
        for at, match in enumerate(words):
            out.append(line[end : match.start()])
            behind = [text for text in texts[at + 1 : at + 3] if text.startswith("/")]  # ... network A B /24
            following = behind[0] if behind else texts[at + 1] if at + 1 < len(texts) else ""
            out.append(self._word(match[0], following) or name(match[0]))
            end = match.end()
        return "".join((*out, line[end:]))

    def _word(self, word: str, following: str) -> str | None:
        """What stands in for a token, or for an address with the mask behind it; None for a name."""
        if TOKEN.search(word):
            return ANY_TOKEN.sub(lambda found: self.fingerprint(found[0]), word)
        found = _ADDRESS.fullmatch(word)
        address = parse_address(found[1]) if found is not None else None
        if address is None or found is None:
            return None
        length = found[2] or ""
        wild = _kept_bits(address, length, following)
        new = int(self.address(address))
        if wild is not None and not int(address) & ~wild & (1 << address.max_prefixlen) - 1:
            new &= wild
        return f"{IPv4Address(new) if address.version == 4 else IPv6Address(new)}{length}"


def _kept_bits(address: IPAddress, length: str, following: str) -> int | None:
    """The bits of an address that its mask says are the network's; None without a mask."""
    width, whole = address.max_prefixlen, (1 << address.max_prefixlen) - 1
    if length:
        size = int(length[1:])
        return whole >> (width - size) << (width - size) if size <= width else None
    if re.fullmatch(r"/\d{1,2}", following):
        return _kept_bits(address, following, "")
    mask = parse_address(following) if address.version == 4 else None
    if not isinstance(mask, IPv4Address):
        return None
    first = int(mask) >> 24
    if first == 255:
        return int(mask)
    return whole & ~int(mask) if first == 0 else None
