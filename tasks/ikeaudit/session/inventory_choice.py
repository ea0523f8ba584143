"""Which hosts of an inventory are meant: by name, by group, by what the inventory says of them, the first so many."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

from nornir.core import Nornir
from nornir.core.inventory import Host

from ikeaudit.model.errors import InputError

_ATTRIBUTES = ("name", "hostname", "port", "username", "platform")
_SECRET = ("password", "secret")


def pick(
    nornir: Nornir,
    names: Sequence[str] = (),
    *,
    groups: Sequence[str] = (),
    filters: Sequence[str] = (),
    limit: int | None = None,
) -> Nornir:
    """``nornir`` narrowed to the hosts that fit all that is given; all hosts when nothing is.

    A host fits when one of ``names`` is its name or a pattern of it (``*``, ``?``, ``[ab]``), it is in one of ``groups``, at
    once or through other groups, and each of ``filters`` is true of it: ``site=berlin``, ``site!=berlin``,
    ``site__name=ber*``. ``limit`` keeps the first so many, in the order of the inventory.

    :raises InputError: for a name, pattern, group or key that the inventory does not have, with those that come close, for a
        filter that is none, and when no host is left.
    """
    if limit is not None and limit < 1:
        raise InputError("The limit must be at least 1.")
    hosts: dict[str, Host] = dict(nornir.inventory.hosts)
    if names:
        wanted = {match for name in names for match in _named(name, hosts, "host")}
        hosts = {name: host for name, host in hosts.items() if name in wanted}
    if groups:
        within = {match for name in groups for match in _named(name, nornir.inventory.groups, "group")}
        hosts = {name: h for name, h in hosts.items() if within & {g.name for g in h.extended_groups()}}
    for text in filters:
        key, value, wanted_so = _parsed(text)
        found = {name: _looked_up(host, key.split("__")) for name, host in nornir.inventory.hosts.items()}
        if not any(found.values()):
            raise InputError(f"--filter {text}: no host has {key!r}{_suggestion(key, _keys(nornir))}.")
        hosts = {name: h for name, h in hosts.items() if _fits(found[name], value) == wanted_so}
    if not hosts:
        given = [("--host", names), ("--group", groups), ("--filter", filters)]
        options = " ".join(f"{option} {one}" for option, values in given for one in values)
        count = len(nornir.inventory.hosts)
        raise InputError(
            f"No host is chosen: none of the {count} in the inventory fits {options or 'what is asked for'}."
        )
    chosen = set(list(hosts)[:limit])
    return nornir if len(chosen) == len(nornir.inventory.hosts) else nornir.filter(lambda host: host.name in chosen)


def _named(pattern: str, known: Collection[str], what: str) -> list[str]:
    """``pattern`` itself when it is a name, else all names that fit it; InputError when there are none."""
    if pattern in known:
        return [pattern]
    if found := [name for name in known if fnmatchcase(name, pattern)]:
        return found
    raise InputError(f"The inventory has no {what} {pattern!r}{_suggestion(pattern, known, what)}.")


def _suggestion(name: str, known: Collection[str], what: str = "host") -> str:
    lowered = {one.lower(): one for one in known}
    close = [lowered[match] for match in get_close_matches(name.lower(), list(lowered), n=3, cutoff=0.5)]
    if close:
        return f"; did you mean {' or '.join(close)}"
    if not known:
        return f"; it has no {what}s at all"
    return f"; it has {', '.join(list(known)[:5])}{f' and {len(known) - 5} more' if len(known) > 5 else ''}"


def _parsed(text: str) -> tuple[str, str, bool]:
    """Key and value of a filter, and whether the value is wanted."""
    key, equals, value = text.partition("=")
    wanted = not key.endswith("!")
    key = key.removesuffix("!").strip()
    if not equals or not all(key.split("__")):
        raise InputError(f"--filter {text}: a filter is KEY=VALUE or KEY!=VALUE, as in site=berlin.")
    if key.lower().split("__")[-1] in _SECRET:
        raise InputError("--filter: secrets of the inventory are not looked for.")
    return key, value.strip(), wanted


def _looked_up(host: Host, path: Sequence[str]) -> list[Any]:
    """What the inventory says of ``host`` under ``path``, a list of one; empty when it says nothing."""
    if len(path) == 1 and path[0] in _ATTRIBUTES:
        return [getattr(host, path[0])]
    if path == ["groups"]:
        return [[group.name for group in host.extended_groups()]]
    try:
        value: Any = host[path[0]]
    except KeyError:
        return []
    for key in path[1:]:
        if not isinstance(value, Mapping) or key not in value:
            return []
        value = value[key]
    return [value]


def _fits(found: Sequence[Any], pattern: str) -> bool:
    """Whether what was found is ``pattern``, written as in YAML; of a list, whether one of its items is."""
    if not found:
        return False
    values = found[0] if isinstance(found[0], list | tuple) else found
    return any(fnmatchcase(_written(value), pattern) for value in values)


def _written(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _keys(nornir: Nornir) -> list[str]:
    """What can be asked for: the attributes, and the data that any host has."""
    data = {key for host in nornir.inventory.hosts.values() for key in host.keys()}  # noqa: SIM118 - not the host's own
    return [*sorted(str(key) for key in data if str(key) not in _SECRET), *_ATTRIBUTES, "groups"]
