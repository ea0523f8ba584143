"""A model of which only the sections that changed are read again.

A running-config falls into sections by its top-level lines. Those of keys, profiles, IKEv2 objects, IPsec objects and
interfaces say all about one object of the model and nothing about others, so that an excerpt with the changed ones, read on
its own, gives the objects that are new. Which line belongs to which part is said in the tables of commands
(``Command.belongs``). Line numbers of such objects are those of the excerpt.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from ikeaudit.ios.language import GLOBAL
from ikeaudit.model import Ikev2Keyring, Keyring, Router, UnknownLine

Blocks: TypeAlias = Mapping[str, tuple[str, ...]]
"""The top-level lines of a configuration with the lines below them."""

Read: TypeAlias = Callable[[str], Router]

Order: TypeAlias = Callable[[tuple[str, str]], Sequence[str]]

EVERYTHING = frozenset({"isakmp-policy", "isakmp-setting"})
"""Kinds that every negotiation by IKEv1 depends on."""

BINDING = frozenset({"ipsec-profile", "crypto-map", "dynamic-map", "interface"})
"""Kinds that say which tunnel ends there are and what those are bound to."""

_IKEV2 = {
    "ikev2-proposal": "proposals",
    "ikev2-policy": "policies",
    "ikev2-keyring": "keyrings",
    "ikev2-profile": "profiles",
}
_LISTS = {
    "keyring": "keyrings",
    "isakmp-profile": "isakmp_profiles",
    "transform-set": "transform_sets",
    "ipsec-profile": "ipsec_profiles",
    "crypto-map": "crypto_maps",
    "dynamic-map": "dynamic_maps",
}


class CannotSplice(Exception):  # noqa: N818 - a finding, not an accident
    """Something changed that only the whole configuration tells."""


def blocks_of(text: str) -> dict[str, tuple[str, ...]]:
    """The sections of a configuration; separators do not count."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if not line or line[0] == "!":
            continue
        if line[0].isspace():
            current.append(line)
        else:
            current = found.setdefault(line, [])
    return {header: tuple(lines) for header, lines in found.items()}


def changed_headers(before: Blocks, after: Blocks) -> list[str]:
    """The headers of sections that are new, gone or different, in the order of ``after``, gone ones last."""
    found = [header for header, lines in after.items() if before.get(header) != lines]
    return found + [header for header in before if header not in after]


@lru_cache(maxsize=65536)
def kind_of(header: str) -> tuple[str, str] | None:
    """What kind of object a section of a redacted text describes, and its name; None for anything else."""
    found = GLOBAL.known(header)
    if found is None or (found.negated and found.row.opens):
        return None
    return found.row.belongs(found.args)


def spliced(old: Router, blocks: Blocks, changed: Iterable[str], read: Read, order: Order | None = None) -> Router:
    """``old`` with the ``changed`` sections of ``blocks`` read anew by ``read``.

    Objects stand in the order of the text: with ``order``, which gives the headers of an object, as they did before. Raises
    :class:`CannotSplice` when a section is of no kind that can be read on its own, or an interface is gone.
    """
    touched: dict[tuple[str, str], None] = {}
    for header in changed:
        section = kind_of(header)
        if section is None or (section[0] == "interface" and header not in blocks):
            raise CannotSplice(header)
        touched[section] = None
    kinds = {kind for kind, _ in touched}
    if order is not None:
        wanted = [header for section in touched for header in order(section)]
    else:
        wanted = [header for header in blocks if kind_of(header) in touched] if touched else []
    fresh = _read(blocks, wanted, read) if wanted else Router(old.name, old.file)
    changes: dict[str, Any] = {"unknown": _unknown(old, fresh, touched)}
    names: dict[str, list[str]] = {}
    if order is None:
        names = {kind: [] for kind in kinds}
        for kind, name in dict.fromkeys(found for found in map(kind_of, blocks) if found is not None):
            if kind in names:
                names[kind].append(name)
    for kind, field in _LISTS.items():
        if kind in kinds:
            changes[field] = _merged(getattr(old, field), getattr(fresh, field), names.get(kind))
    if kinds & set(_IKEV2):
        lists = {
            field: _merged(getattr(old.ikev2, field), getattr(fresh.ikev2, field), names.get(kind))
            for kind, field in _IKEV2.items()
            if kind in kinds
        }
        changes["ikev2"] = msgspec.structs.replace(old.ikev2, **lists)
    if "isakmp-policy" in kinds:
        listed = names.get("isakmp-policy")
        numbers = {p.number for p in old.isakmp_policies} if listed is None else {int(name) for name in listed}
        policies = {policy.number: policy for policy in (*old.isakmp_policies, *fresh.isakmp_policies)}
        if not numbers <= policies.keys():
            raise CannotSplice("isakmp-policy")
        changes["isakmp_policies"] = tuple(policies[number] for number in sorted(numbers))
    if "isakmp-setting" in kinds:
        changes["isakmp"] = fresh.isakmp
    if "global-key" in kinds:
        changes["default_keyring"] = fresh.default_keyring
    if "interface" in kinds:
        known = {interface.name: interface for interface in fresh.interfaces}
        kept = [known.pop(interface.name, interface) for interface in old.interfaces]
        changes["interfaces"] = (*kept, *known.values())
    return msgspec.structs.replace(old, **changes)


def _excerpt(blocks: Blocks, headers: Sequence[str]) -> str:
    # All under one name: what is read does not depend on it, and routers that are alike are read once (ChangingRouter). The
    # text is one as IOS prints it, which needs no second look.
    return _text(line for header in headers for line in (header, *blocks[header], "!"))


def _text(lines: Iterable[str]) -> str:
    return "\n".join([*_HEAD, *lines, "end", ""])


_HEAD = ("version 15.9", "!", "hostname router", "!")

_PARTS = {"keyring": ("keyrings", "keys"), "ikev2-keyring": ("keyrings", "peers")}
"""Kinds of section that hold much of one thing: where a router has them, and what they have much of."""

_Ring: TypeAlias = Keyring | Ikev2Keyring


def _by_parts(
    kind: str, header: str, lines: tuple[str, ...], read: Read
) -> tuple[_Ring, tuple[UnknownLine, ...]] | None:
    """A long keyring read key by key or peer by peer, most of which were read before; None where that is not sure."""
    if len(lines) < _LONG:
        return None
    whole = _part(kind, header, "", read)
    if whole is None:
        return None
    inner, found, unknown = _PARTS[kind][1], list[Any](), list[UnknownLine]()
    settings: dict[str, Any] = {}
    for text in _blocks_below(lines):
        part = _part(kind, header, text, read)
        if part is None:
            return None
        found += getattr(part[0], inner)
        unknown += part[1]
        for field in part[0].__struct_fields__:
            value = getattr(part[0], field)
            if field != inner and value != getattr(whole[0], field):
                settings[field] = value
    return msgspec.structs.replace(whole[0], **settings, **{inner: tuple(found)}), tuple(unknown)


_LONG = 8


def _blocks_below(lines: tuple[str, ...]) -> Iterator[str]:
    """The lines of a section that stand for themselves, each with those below it; separators do not count."""
    margin = min(len(line) - len(line.lstrip()) for line in lines)
    block: list[str] = []
    for line in lines:
        below = line[: margin + 1].isspace()
        if not below and block:
            yield "\n".join(block)
            block = []
        if below or line.strip() != "!":
            block.append(line)
    if block:
        yield "\n".join(block)


@lru_cache(maxsize=32768)
def _part(kind: str, header: str, text: str, read: Read) -> tuple[_Ring, tuple[UnknownLine, ...]] | None:
    router = read(_text((header, *((text,) if text else ()), "!")))
    rings: tuple[_Ring, ...] = router.keyrings if kind == "keyring" else router.ikev2.keyrings
    return (rings[0], router.unknown) if len(rings) == 1 else None


def _read(blocks: Blocks, headers: Sequence[str], read: Read) -> Router:
    """The sections of ``headers``, long keyrings part by part."""
    parts: dict[str, tuple[_Ring, tuple[UnknownLine, ...]]] = {}
    for header in headers:
        kind = kind_of(header)
        if kind is not None and kind[0] in _PARTS:
            found = _by_parts(kind[0], header, blocks[header], read)
            if found is not None:
                parts[header] = found
    rest = [header for header in headers if header not in parts]
    fresh = read(_excerpt(blocks, rest)) if rest else Router("router", "excerpt")
    if not parts:
        return fresh
    rings = [ring for ring, _ in parts.values()]
    return msgspec.structs.replace(
        fresh,
        keyrings=(*fresh.keyrings, *(ring for ring in rings if isinstance(ring, Keyring))),
        ikev2=msgspec.structs.replace(
            fresh.ikev2,
            keyrings=(*fresh.ikev2.keyrings, *(ring for ring in rings if isinstance(ring, Ikev2Keyring))),
        ),
        unknown=(*fresh.unknown, *(line for _, unknown in parts.values() for line in unknown)),
    )


def _merged(old: Iterable[Any], fresh: Iterable[Any], names: Iterable[str] | None) -> tuple[Any, ...]:
    """Objects by name in the order of ``names``, those of ``old`` without; the fresh one where there is one."""
    if names is None:
        later = {item.name: item for item in fresh}
        found = tuple(later.pop(item.name, item) for item in old)
        if later:
            raise CannotSplice(next(iter(later)))
        return found
    known = {item.name: item for item in (*old, *fresh)}
    try:
        return tuple(known[name] for name in names)
    except KeyError as error:
        raise CannotSplice(str(error)) from None


def _unknown(old: Router, fresh: Router, touched: Mapping[tuple[str, str], None]) -> tuple[UnknownLine, ...]:
    """The lines that are not understood: those of the sections that were not read again, and what is new."""
    return (*(line for line in old.unknown if (line.kind, line.name.split(" ")[0]) not in touched), *fresh.unknown)
