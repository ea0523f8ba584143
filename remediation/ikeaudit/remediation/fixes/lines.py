"""Lines of fixes, in the words of the configuration that they change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.ios.writing import command
from ikeaudit.model import (
    DEFAULT_KEYRING,
    CryptoMapEntry,
    Interface,
    IPAddress,
    IpsecProfile,
    Key,
    Keyring,
    Prefix,
    Router,
    Secret,
    TransformSet,
    parse_address,
)
from ikeaudit.remediation.fixes.case import Side
from ikeaudit.remediation.fixes.contract import Block
from ikeaudit.selection import Endpoint


def no(text: str) -> str:
    """What takes a line back."""
    return text.removeprefix("no ") if text.startswith("no ") else f"no {text}"


def header_of(router: Router, line: int) -> str | None:
    """The line that opens the section in which ``line`` stands; None for one of global mode."""
    at = line - router.first_line
    if not 0 <= at < len(router.lines) or not router.lines[at][:1].isspace():
        return None
    above = (text for text in reversed(router.lines[:at]) if text[:1] not in ("", " ", "!"))
    return next(above, None)


def row_id(router: Router, line: int) -> str:
    """What the tables call a line; empty for one that they do not know."""
    header, text = header_of(router, line), router.text(line)
    opened = GLOBAL.match(header) if header is not None else None
    language = GLOBAL if header is None else LANGUAGES.get((opened.row.opens if opened is not None else None) or "")
    found = language.match(text) if language is not None else None
    return found.row.id if found is not None else ""


def typed(router: Router, line: int, *texts: str) -> Block:
    """``texts`` typed where ``line`` stands."""
    header = header_of(router, line)
    return texts if header is None else (header.strip(), *texts)


def dropped(router: Router, line: int) -> Block:
    """The block that takes ``line`` out."""
    return typed(router, line, no(router.text(line)))


def replaced(router: Router, line: int, text: str) -> Block:
    """The block that puts ``text`` in the place of ``line``."""
    return typed(router, line, no(router.text(line)), text)


def encoded(secret: Secret) -> str:
    """A key as it stands in a line, with the digit of its encoding."""
    return f"{secret.type} <PSK:{secret.fingerprint}>" if secret.type else f"<PSK:{secret.fingerprint}>"


def with_address(text: str, old: IPAddress, new: IPAddress | None) -> str:
    """A line with another address, however the old one is written; a length behind it stays."""
    words = []
    for word in text.split():
        address, slash, length = word.partition("/")
        words.append(f"{new}{slash}{length}" if parse_address(address) == old else word)
    return " ".join(words)


def masked(prefix: Prefix) -> str:
    """An address with its mask, apart by a blank; IPv6 as prefix and length."""
    return prefix.dotted().replace(",", " ") if prefix.version == 4 else f"{prefix.address}/{prefix.length}"


def ring_key(ring: Keyring, router: Router, prefix: Prefix, secret: Secret) -> Block:
    """A key for ``prefix`` in a keyring; in place of the one that the very prefix has there."""
    own = [key for key in ring.keys if key.prefix is not None and key.prefix.network == prefix.network]
    peer = str(prefix.address) if prefix.version == 4 and prefix.is_host else masked(prefix)
    if ring.name == DEFAULT_KEYRING:
        row = "global/crypto-isakmp-key-address" if prefix.version == 4 else "global/crypto-isakmp-key-ipv6"
        return (command(row, encoded(secret), peer),)
    row = "keyring/pre-shared-key-address" if prefix.version == 4 else "keyring/pre-shared-key-address-ipv6"
    line = command(row, peer, encoded(secret))
    return (router.text(ring.line), *(no(router.text(key.line)) for key in own), line)


def without_key(router: Router, key: Key) -> Block:
    """The block that takes a key out of its keyring."""
    return dropped(router, key.line)


def match_line(prefix: Prefix, vrf: str | None) -> str:
    """The match of an ISAKMP profile on an address."""
    row = "isakmp-profile/match" if prefix.version == 4 else "isakmp-profile/match-identity-ipv6"
    return command(row, masked(prefix), vrf or None)


def transform_set(name: str, like: TransformSet) -> Block:
    """A transform set as another one is, under a name."""
    header = command("global/crypto-ipsec-transform-set", name, *like.transforms)
    return header, command("transform-set/mode", like.mode)


def ipsec_profile(side: Side) -> IpsecProfile | None:
    """The IPsec profile of a tunnel's end."""
    return next((p for p in side.router.ipsec_profiles if p.name == side.end.ipsec_profile), None)


def map_entry(router: Router, end: Endpoint) -> CryptoMapEntry | None:
    """The entry of a crypto map, or of a dynamic map, that an end is made of."""
    entries = [e for m in (*router.dynamic_maps, *router.crypto_maps) for e in m.entries if e.kind != "dynamic"]
    return next((e for e in entries if e.line in end.lines), None)


def binder(side: Side) -> tuple[str, CryptoMapEntry | IpsecProfile] | None:
    """Where an end's transform sets, PFS and profiles are set: the line that opens it, and what it says."""
    found = map_entry(side.router, side.end) if side.end.kind == "crypto-map" else ipsec_profile(side)
    return (side.router.text(found.line), found) if found is not None and found.line else None


def interface_of(side: Side) -> Interface | None:
    """The tunnel interface that an end is."""
    return next((i for i in side.router.interfaces if i.name == side.end.interface), None)


def free(name: str, taken: Iterable[str]) -> str:
    """``name``, or with a number behind it where it is taken."""
    names = set(taken)
    return next(one for one in (name, *(f"{name}-{n}" for n in range(2, 1000))) if one not in names)


def own_address(side: Side) -> IPAddress | None:
    """The address by which the other end has to call this one."""
    return side.end.local.address


def section(router: Router, header: int) -> Iterator[tuple[int, str]]:
    """The lines of a section, with their numbers."""
    for number in range(header + 1, router.first_line + len(router.lines)):
        text = router.lines[number - router.first_line]
        if not text[:1].isspace():
            if text[:1] == "!" or not text:
                continue
            return
        if text.strip() and not text.strip().startswith("!"):
            yield number, text.strip()
