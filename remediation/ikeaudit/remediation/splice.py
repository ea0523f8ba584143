"""A model of which only the sections that changed are read again.

A running-config falls into sections by its top-level lines. Those of keys, profiles, IKEv2 objects, IPsec objects and
interfaces say all about one object of the model and nothing about others, so that an excerpt with the changed ones, read on
its own, gives the objects that are new. Which line belongs to which part is said in the tables of commands
(``Command.belongs``). Line numbers of such objects are those of the excerpt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple, Protocol, TypeAlias

import msgspec

from ikeaudit.ios.language import GLOBAL
from ikeaudit.ios.replies import INCOMPLETE_COMMENT
from ikeaudit.model import Ikev2Keyring, Interface, Keyring, Router, UnknownLine
from ikeaudit.model.grouping import by_key
from ikeaudit.model.versions import differing

Blocks: TypeAlias = Mapping[str, tuple[str, ...]]
"""The top-level lines of a configuration with what stands below them, in pieces of one line or more."""

Read: TypeAlias = Callable[[str], Router]

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


class Sections(Protocol):
    """The sections of a configuration: what stands below each header, and in which order."""

    @property
    def blocks(self) -> Blocks:
        """The headers with what stands below them, in no order."""

    def headers(self, section: tuple[str, str]) -> Sequence[str]:
        """The headers that describe one object, by its kind and name, in the order of the text."""

    def names(self, kind: str) -> Sequence[str]:
        """The objects of a kind in the order of the text."""


def spliced(old: Router, sections: Sections, changed: Iterable[str], excerpts: Excerpts) -> Router:
    """``old`` with the ``changed`` ones of ``sections`` read anew by ``excerpts``; objects stand in the order of the text.

    Raises :class:`CannotSplice` when a section is of no kind that can be read on its own, or an interface is gone.
    """
    touched: dict[tuple[str, str], None] = {}
    for header in changed:
        section = kind_of(header)
        if section is None or (section[0] == "interface" and header not in sections.blocks):
            raise CannotSplice(header)
        touched[section] = None
    own = by_key(touched)
    wanted = [header for section in touched for header in sections.headers(section)]
    fresh = excerpts.read(sections.blocks, wanted) if wanted else Router(old.name, old.file)
    changes: dict[str, Any] = {"unknown": _unknown(old, fresh, touched)}
    for kind, field in _LISTS.items():
        if kind in own:
            changes[field] = _merged(getattr(old, field), getattr(fresh, field), own[kind], sections.names(kind))
    if own.keys() & _IKEV2.keys():
        lists = {
            field: _merged(getattr(old.ikev2, field), getattr(fresh.ikev2, field), own[kind], sections.names(kind))
            for kind, field in _IKEV2.items()
            if kind in own
        }
        changes["ikev2"] = msgspec.structs.replace(old.ikev2, **lists)
    if "isakmp-policy" in own:
        numbers = {int(name) for name in sections.names("isakmp-policy")}
        policies = {policy.number: policy for policy in (*old.isakmp_policies, *fresh.isakmp_policies)}
        if not numbers <= policies.keys():
            raise CannotSplice("isakmp-policy")
        changes["isakmp_policies"] = tuple(policies[number] for number in sorted(numbers))
    if "isakmp-setting" in own:
        changes["isakmp"] = fresh.isakmp
    if "global-key" in own:
        changes["default_keyring"] = fresh.default_keyring
    if "interface" in own:
        changes["interfaces"] = _replaced(old.interfaces, fresh.interfaces)
    return msgspec.structs.replace(old, **changes)


class Excerpts:
    """Reads sections on their own by ``read``; of a long keyring only the keys, or peers, that it has not read before.

    All are read under one name: what is read does not depend on it, and routers that are alike are read once. The text is one
    as IOS prints it, which needs no second look.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._long: dict[str, tuple[tuple[str, ...], tuple[_Part, ...]]] = {}

    def read(self, blocks: Blocks, headers: Sequence[str]) -> Router:
        """A router with nothing but the sections of ``headers``."""
        rings = {header: ring for header in headers if (ring := self._by_parts(header, blocks[header])) is not None}
        rest = [header for header in headers if header not in rings]
        lines = (line for header in rest for line in (header, *blocks[header], "!"))
        fresh = self._read(_text(lines)) if rest else Router("router", "excerpt")
        if not rings:
            return fresh
        found = [ring for ring, _ in rings.values()]
        v2 = (*fresh.ikev2.keyrings, *(ring for ring in found if isinstance(ring, Ikev2Keyring)))
        return msgspec.structs.replace(
            fresh,
            keyrings=(*fresh.keyrings, *(ring for ring in found if isinstance(ring, Keyring))),
            ikev2=msgspec.structs.replace(fresh.ikev2, keyrings=v2),
            unknown=(*fresh.unknown, *(line for _, unknown in rings.values() for line in unknown)),
        )

    def _by_parts(self, header: str, below: tuple[str, ...]) -> tuple[_Ring, tuple[UnknownLine, ...]] | None:
        """A long keyring read key by key or peer by peer; None for anything else, and where that is not sure."""
        section = kind_of(header)
        if section is None or section[0] not in _PARTS or len(below) < _LONG:
            return None
        known, parts = self._long.get(header, ((), ()))
        start, gone, come = differing(known, below)
        read = [_part(section[0], header, text, self._read) for text in come]
        fresh = tuple(part for part in read if part is not None)
        if len(fresh) < len(read):
            return None
        parts = parts[:start] + fresh + parts[start + len(gone) :]
        self._long[header] = below, parts
        whole = _part(section[0], header, "", self._read)
        if whole is None or len({part.margin for part in parts}) > 1:
            return None
        settings = {name: value for part in parts if part.settings for name, value in part.settings.items()}
        inner = {_PARTS[section[0]]: tuple(chain.from_iterable([part.inner for part in parts]))}
        unknown = tuple(chain.from_iterable([part.unknown for part in parts]))
        return msgspec.structs.replace(whole.ring, **settings, **inner), unknown


def _text(lines: Iterable[str]) -> str:
    """An excerpt of ``lines``; what IOS remarks on a profile is left out, as a text with remarks takes longer to read."""
    return "\n".join([*_HEAD, *("!" if line.strip() == INCOMPLETE_COMMENT else line for line in lines), "end", ""])


_HEAD = ("version 15.9", "!", "hostname router", "!")

_PARTS = {"keyring": "keys", "ikev2-keyring": "peers"}
"""Kinds of section that hold much of one thing, and what that is."""

_Ring: TypeAlias = Keyring | Ikev2Keyring

_LONG = 8


class _Part(NamedTuple):
    """What one line of a keyring says with those below it: keys or peers, and what it sets; ``margin`` is its indent."""

    ring: _Ring
    inner: tuple[Any, ...]
    unknown: tuple[UnknownLine, ...]
    settings: dict[str, Any]
    margin: int


@lru_cache(maxsize=32768)
def _part(kind: str, header: str, text: str, read: Read) -> _Part | None:
    """One part of a keyring, or with an empty ``text`` what it is without any; None where that is not sure."""
    router = read(_text((header, *((text,) if text else ()), "!")))
    rings: tuple[_Ring, ...] = router.keyrings if kind == "keyring" else router.ikev2.keyrings
    indents = [len(line) - len(line.lstrip()) for line in text.split("\n")]
    if len(rings) != 1 or any(indent <= indents[0] for indent in indents[1:]):
        return None
    whole = _part(kind, header, "", read) if text else None
    settings = {
        field: value
        for field in rings[0].__struct_fields__
        if whole is not None and (value := getattr(rings[0], field)) != getattr(whole.ring, field)
    }
    inner = settings.pop(_PARTS[kind], ())
    return _Part(rings[0], inner, router.unknown, settings, indents[0])


def _merged(
    old: tuple[Any, ...], fresh: tuple[Any, ...], touched: Sequence[str], names: Sequence[str]
) -> tuple[Any, ...]:
    """Objects by name in the order of ``names``; of those ``touched`` the fresh ones, where there are any."""
    if len(touched) == 1 and len(fresh) <= 1:
        found = _with_one(old, fresh, touched[0], names)
        if found is not None:
            return found
    known = {item.name: item for item in (*old, *fresh)}
    try:
        return tuple(known[name] for name in names)
    except KeyError as error:
        raise CannotSplice(str(error)) from None


def _with_one(old: tuple[Any, ...], fresh: tuple[Any, ...], name: str, names: Sequence[str]) -> tuple[Any, ...] | None:
    """The same where one object is another, has come or is gone, without a look at the rest; None where that is not sure."""
    if name not in names:
        kept = tuple([item for item in old if item.name != name])
        return kept if len(kept) == len(names) and not fresh else None
    if not fresh or fresh[0].name != name:
        return None
    at = names.index(name)
    rest = at + 1 + len(old) - len(names)  # it stood here before, or it is new
    if rest not in (at, at + 1) or (rest > at and old[at].name != name):
        return None
    found = (*old[:at], *fresh, *old[rest:])
    beside = [place for place in (at - 1, at + 1) if 0 <= place < len(names)]
    return found if all(found[place].name == names[place] for place in beside) else None


def _replaced(old: tuple[Interface, ...], fresh: tuple[Interface, ...]) -> tuple[Interface, ...]:
    """Interfaces with the fresh ones in place of their namesakes, new ones last."""
    known = {interface.name: interface for interface in fresh}
    found = list(old)
    for at, interface in enumerate(old):
        if interface.name in known:
            found[at] = known.pop(interface.name)
            if not known:
                break
    return (*found, *known.values())


def _unknown(old: Router, fresh: Router, touched: Mapping[tuple[str, str], None]) -> tuple[UnknownLine, ...]:
    """The lines that are not understood: those of the sections that were not read again, and what is new."""
    return (*(line for line in old.unknown if (line.kind, line.name.split(" ")[0]) not in touched), *fresh.unknown)
