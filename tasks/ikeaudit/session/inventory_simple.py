"""Nornir's SimpleInventory: hosts, groups and defaults in YAML, read once and checked with clear words."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from nornir.core.inventory import (
    ConnectionOptions,
    Defaults,
    Group,
    Groups,
    Host,
    HostOrGroup,
    Hosts,
    Inventory,
    ParentGroups,
)

from ikeaudit.model.errors import InputError
from ikeaudit.session.inventory_strangers import looks_like, read_inventory, sentence

_TEXT = "a text; put it in quotes"
_LOGIN: dict[str, tuple[type, str]] = {
    "hostname": (str, _TEXT),
    "port": (int, "a number from 1 to 65535"),
    "username": (str, _TEXT),
    "password": (str, _TEXT),
    "platform": (str, _TEXT),
}
_FIELDS: dict[str, tuple[type, str]] = {
    **_LOGIN,
    "groups": (list, "a list of names"),
    "data": (dict, "a mapping"),
    "connection_options": (dict, "a mapping of mappings"),
}
_OPTIONS: dict[str, tuple[type, str]] = {**_LOGIN, "extras": (dict, "a mapping")}
_MEANT = {
    **dict.fromkeys(("host", "ip", "address", "ip_address", "ipaddress", "mgmt_ip", "ansible_host"), "hostname"),
    **dict.fromkeys(("user", "login", "ansible_user"), "username"),
    **dict.fromkeys(("pass", "passwd", "secret", "ansible_password"), "password"),
    **dict.fromkeys(("device_type", "os", "ansible_network_os"), "platform"),
    **dict.fromkeys(("group",), "groups"),
    **dict.fromkeys(("extras", "netmiko"), "connection_options"),
}
"""What other tools call the fields; Nornir would pass over them in silence."""

_NOT_ONLY_AN_ADDRESS = re.compile(r"[\s/@]|^[^:]*:\d+$")


class SimpleInventory:
    """Nornir's plugin of this name, with its options; a second reading by the same object is the same inventory."""

    def __init__(
        self,
        host_file: str = "hosts.yaml",
        group_file: str = "groups.yaml",
        defaults_file: str = "defaults.yaml",
        encoding: str = "utf-8",
    ) -> None:
        self._files = [Path(os.path.expanduser(name)) for name in (host_file, group_file, defaults_file)]  # noqa: PTH111
        self._encoding = encoding

    def load(self) -> Inventory:
        """The inventory; InputError, one sentence, for a file that is none."""
        host_file, group_file, defaults_file = self._files
        content = self._read(defaults_file)
        check_entries(str(defaults_file), {"defaults": content})
        defaults = Defaults(**_login(content), data=content.get("data"), connection_options=_options(content))
        hosts, groups = Hosts(), Groups()
        group_entries, host_entries = self._read(group_file), self._read(host_file, needed=True)
        check_entries(str(group_file), group_entries)
        check_entries(str(host_file), host_entries, hosts=True)
        for name, entry in group_entries.items():
            groups[name] = _element(Group, name, entry, defaults)
        for name, entry in host_entries.items():
            hosts[name] = _element(Host, name, entry, defaults)
        belongs = ((group_file, group_entries, groups), (host_file, host_entries, hosts))
        for file, entries, elements in belongs:
            for name, entry in entries.items():
                elements[name].groups = ParentGroups(_found(entry.get("groups") or (), groups, file, name, group_file))
        _refuse_rings(groups.values(), group_file)
        return Inventory(hosts=hosts, groups=groups, defaults=defaults)

    def _read(self, file: Path, *, needed: bool = False) -> dict[Any, Any]:
        """The mapping in ``file``; empty for one that need not be there or says nothing."""
        if not needed and not file.exists():
            return {}
        text, content = read_inventory(file, self._encoding)
        if not content and content is not False:
            if needed:
                raise InputError(f"{file} names no hosts.")
            return {}
        seems = looks_like(text, content) if needed or not isinstance(content, dict) else None
        if seems is not None or not isinstance(content, dict):
            raise InputError(sentence(file, seems))
        return content


def check_entries(source: str, entries: Mapping[Any, Any], *, hosts: bool = False) -> None:
    """Raise InputError for what Nornir or a session would stumble over; no value of a field stands in the sentence.

    ``hosts``: these are the hosts that a person wrote, whose names become those of folders. What a source of truth has beside
    routers may be called anything.
    """
    for name, entry in entries.items():
        if not isinstance(name, str) or not name.strip():
            raise InputError(f"{source}: {name!r} is not a name; put it in quotes.")
        if hosts and (name.startswith(".") or any(sign in name for sign in "/\\\0\r\n")):
            raise InputError(f"{source}: the host name {name!r} cannot be the name of a folder.")
        if not isinstance(entry, dict):
            raise InputError(f"{source}: {name} must be a mapping of settings, as in {name}: {{hostname: 192.0.2.1}}.")
        _check_fields(source, name, entry, _FIELDS, strict=hosts)
        if not all(isinstance(group, str) for group in entry.get("groups") or ()):
            raise InputError(f"{source}: the groups of {name} must be a list of names; put numbers in quotes.")
        for plugin, options in (entry.get("connection_options") or {}).items():
            if not isinstance(options, dict):
                raise InputError(f"{source}: the connection_options of {name} must be a mapping of mappings.")
            _check_fields(source, f"{name}, connection_options of {plugin},", options, _OPTIONS, strict=hosts)


def _check_fields(
    source: str, name: str, entry: Mapping[Any, Any], fields: Mapping[str, tuple[type, str]], *, strict: bool
) -> None:
    for field, value in entry.items():
        if field not in fields:
            close = get_close_matches(str(field).lower(), fields, n=1, cutoff=0.8)
            meant = close[0] if close else _MEANT.get(str(field).lower().removeprefix("ansible_"))
            if meant in fields and (close or field in _MEANT):
                raise InputError(f"{source}: {name} has a field {field!r}, which Nornir does not know; write {meant}.")
            continue
        kind, words = fields[field]
        if value is None:
            continue
        good = isinstance(value, kind) and not isinstance(value, bool)
        if not good or (field == "port" and not 0 < value < 65536):
            raise InputError(f"{source}: the {field} of {name} must be {words}.")
        if strict and field == "hostname" and _NOT_ONLY_AN_ADDRESS.search(value):
            raise InputError(
                f"{source}: the hostname of {name} must be an address or a name alone; a port or user has its own field."
            )


def _login(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {field: entry.get(field) for field in _LOGIN}


def _options(entry: Mapping[str, Any]) -> dict[str, ConnectionOptions]:
    given = entry.get("connection_options") or {}
    return {name: ConnectionOptions(**_login(one), extras=one.get("extras")) for name, one in given.items()}


def _element(kind: type[HostOrGroup], name: str, entry: Mapping[str, Any], defaults: Defaults) -> HostOrGroup:
    return kind(
        name=name,
        **_login(entry),
        data=entry.get("data"),
        defaults=defaults,
        connection_options=_options(entry),
    )


def _found(names: Iterable[str], groups: Groups, file: Path, member: str, group_file: Path) -> list[Group]:
    for name in names:
        if name not in groups:
            raise InputError(f"{file}: {member} is in the group {name!r}, which {group_file} does not have.")
    return [groups[name] for name in names]


def _refuse_rings(groups: Iterable[Group], file: Path) -> None:
    """Nornir would follow a group that belongs to itself for ever."""
    done: set[str] = set()

    def visit(group: Group, path: tuple[str, ...]) -> None:
        if group.name in path:
            raise InputError(f"{file}: the groups {' and '.join(dict.fromkeys(path))} belong to each other in a ring.")
        if group.name not in done:
            for parent in group.groups:
                visit(parent, (*path, group.name))
            done.add(group.name)

    for group in groups:
        visit(group, ())
