"""The Nornir inventory: read once, checked with clear words, narrowed to the hosts that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from nornir import InitNornir
from nornir.core import Nornir
from nornir.core.filter import F
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from ikeaudit.model.errors import InputError
from ikeaudit.session.quiet import silence_libraries
from ikeaudit.snapshot.plain_files import LARGEST_BY_HAND, read_plain_text, why

HOSTS, GROUPS, DEFAULTS = "hosts.yaml", "groups.yaml", "defaults.yaml"


def open_inventory(folder: Path, *, workers: int = 50) -> Nornir:
    """Nornir over the SimpleInventory in ``folder``, its own logging off.

    :raises InputError: when the folder or its ``hosts.yaml`` is missing, is not YAML, or does not say what it should.
    """
    if workers < 1:
        raise InputError("The number of workers must be at least 1.")
    hosts = _hosts_file(folder)
    for file in (folder / DEFAULTS, folder / GROUPS, hosts):
        if file.exists():
            _check(file)
    _check_groups(folder)
    silence_libraries()
    return InitNornir(
        logging={"enabled": False},
        core={"raise_on_error": False},
        runner={"plugin": "threaded", "options": {"num_workers": workers}},
        inventory={
            "plugin": "SimpleInventory",
            "options": {
                "host_file": str(hosts),
                "group_file": str(folder / GROUPS),
                "defaults_file": str(folder / DEFAULTS),
            },
        },
    )


def pick(nornir: Nornir, names: Sequence[str]) -> Nornir:
    """``nornir`` narrowed to ``names``; all hosts when there are none.

    :raises InputError: for a name that the inventory does not have, with the names that come close.
    """
    known = list(nornir.inventory.hosts)
    if not names:
        return nornir
    for name in names:
        if name not in known:
            raise InputError(f"The inventory has no host {name!r}{_suggestion(name, known)}.")
    return nornir.filter(F(name__any=list(names)))


def _suggestion(name: str, known: list[str]) -> str:
    lowered = {host.lower(): host for host in known}
    close = [lowered[match] for match in get_close_matches(name.lower(), list(lowered), n=3, cutoff=0.5)]
    if close:
        return f"; did you mean {' or '.join(close)}"
    return (
        f"; it has {', '.join(known[:5])}{', ...' if len(known) > 5 else ''}" if known else "; it has no hosts at all"
    )


def _hosts_file(folder: Path) -> Path:
    if not folder.exists():
        raise InputError(f"There is no inventory at {folder}; name its folder with --inventory.")
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder; an inventory is a folder with {HOSTS} in it.")
    hosts = folder / HOSTS
    if not hosts.is_file():
        raise InputError(f"The inventory {folder} has no {HOSTS}.")
    return hosts


def _load(file: Path) -> Any:
    problem = ""
    try:
        return YAML(typ="safe").load(read_plain_text(file, LARGEST_BY_HAND))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = f", line {mark.line + 1}" if mark is not None else ""
        problem += f": {error.problem}" if error.problem else ""
    except YAMLError:
        pass
    except UnicodeDecodeError:
        raise InputError(f"{file} cannot be read as text.") from None
    except OSError as error:
        raise InputError(f"{file} cannot be read as text ({why(error)}).") from None
    raise InputError(f"{file} is not valid YAML{problem}.")


def _check(file: Path) -> None:
    """The shape that Nornir takes for granted: a mapping of mappings, names fit for a folder, a numeric port."""
    content = _load(file)
    if not content and file.name != HOSTS:
        return
    if not content:
        raise InputError(f"{file} names no hosts.")
    if not isinstance(content, dict):
        raise InputError(f"{file} must be a mapping of names to settings.")
    entries = {"defaults": content} if file.name == DEFAULTS else content
    for name, entry in entries.items():
        if not isinstance(name, str) or not name.strip():
            raise InputError(f"{file}: {name!r} is not a name; put it in quotes.")
        if file.name == HOSTS and (name.startswith(".") or any(sign in name for sign in "/\\\0")):
            raise InputError(f"{file}: the host name {name!r} cannot be the name of a folder.")
        if not isinstance(entry, dict):
            raise InputError(f"{file}: {name} must be a mapping of settings.")
        if not isinstance(entry.get("port"), int | None):
            raise InputError(f"{file}: the port of {name} must be a number.")
        if not isinstance(entry.get("groups"), list | None):
            raise InputError(f"{file}: the groups of {name} must be a list.")
        options = entry.get("connection_options", {})
        if not isinstance(options, dict) or not all(isinstance(option, dict) for option in options.values()):
            raise InputError(f"{file}: the connection_options of {name} must be a mapping of mappings.")


def _check_groups(folder: Path) -> None:
    groups = (_load(folder / GROUPS) if (folder / GROUPS).exists() else None) or {}
    for file, entries in ((folder / HOSTS, _load(folder / HOSTS)), (folder / GROUPS, groups)):
        for name, entry in entries.items():
            for group in entry.get("groups") or ():
                if group not in groups:
                    raise InputError(
                        f"{file}: {name} is in the group {group!r}, which {folder / GROUPS} does not have."
                    )
