"""A model of which only the sections that changed are read again.

A running-config falls into sections by its top-level lines. Those of keys, profiles, IKEv2 objects, IPsec objects and
interfaces say all about one object of the model and nothing about others, so that an excerpt with the changed ones, read on
its own, gives the objects that are new. Which line belongs to which part is said in the tables of commands
(``Command.belongs``). Line numbers of such objects are those of the excerpt.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from ikeaudit.ios.language import GLOBAL
from ikeaudit.model import Router, UnknownLine

Blocks: TypeAlias = Mapping[str, tuple[str, ...]]
"""The top-level lines of a configuration with the lines below them."""

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


def spliced(old: Router, blocks: Blocks, changed: Iterable[str], read: Callable[[str], Router]) -> Router:
    """``old`` with the ``changed`` sections of ``blocks`` read anew by ``read``.

    Objects stand in the order of the text. Raises :class:`CannotSplice` when a section is of no kind that can be read on its
    own, or an interface is gone.
    """
    touched: dict[tuple[str, str], None] = {}
    for header in changed:
        section = kind_of(header)
        if section is None or (section[0] == "interface" and header not in blocks):
            raise CannotSplice(header)
        touched[section] = None
    kinds = {kind for kind, _ in touched}
    wanted = [header for header in blocks if kind_of(header) in touched] if touched else []
    fresh = read(_excerpt(blocks, wanted)) if wanted else Router(old.name, old.file)
    changes: dict[str, Any] = {"unknown": _unknown(old, fresh, touched)}
    names = {
        kind: list(dict.fromkeys(found[1] for found in map(kind_of, blocks) if found and found[0] == kind))
        for kind in kinds
    }
    for kind, field in _LISTS.items():
        if kind in kinds:
            changes[field] = _merged(getattr(old, field), getattr(fresh, field), names[kind])
    if kinds & set(_IKEV2):
        lists = {
            field: _merged(getattr(old.ikev2, field), getattr(fresh.ikev2, field), names[kind])
            for kind, field in _IKEV2.items()
            if kind in kinds
        }
        changes["ikev2"] = msgspec.structs.replace(old.ikev2, **lists)
    if "isakmp-policy" in kinds:
        numbers = {int(name) for name in names["isakmp-policy"]}
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
    # All under one name: what is read does not depend on it, and routers that are alike are read once (ChangingRouter).
    # Sections need none; a line that stands alone would not be known for a configuration without.
    lines = [] if any(blocks[header] for header in headers) else ["hostname router", "!"]
    for header in headers:
        lines += [header, *blocks[header], "!"]
    return "\n".join([*lines, "end", ""])


def _merged(old: Iterable[Any], fresh: Iterable[Any], names: Iterable[str]) -> tuple[Any, ...]:
    """Objects by name in the order of ``names``; the fresh one where there is one."""
    known = {item.name: item for item in (*old, *fresh)}
    try:
        return tuple(known[name] for name in names)
    except KeyError as error:
        raise CannotSplice(str(error)) from None


def _unknown(old: Router, fresh: Router, touched: Mapping[tuple[str, str], None]) -> tuple[UnknownLine, ...]:
    """The lines that are not understood: those of the sections that were not read again, and what is new."""
    return (*(line for line in old.unknown if (line.kind, line.name.split(" ")[0]) not in touched), *fresh.unknown)
