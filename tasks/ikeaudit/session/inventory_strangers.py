"""What is given as an inventory and is none: what it looks like, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ikeaudit.ios.language import GLOBAL
from ikeaudit.model.errors import InputError
from ikeaudit.session.inventory_yaml import inventory_text, parse_yaml

CONFIG_SECTIONS = ("inventory", "ssh", "logging", "core", "runner", "user_defined")
"""The sections of a Nornir configuration."""

HOSTS_FILES = ("hosts.yaml", "hosts.yml")
PAGE = "see docs/inventory.md"

_ANSIBLE = ("an Ansible inventory", f"give a Nornir configuration with the plugin AnsibleInventory ({PAGE})")
_TABLE = ("a table", f"give a Nornir configuration with the plugin CSVInventory ({PAGE})")
_LIST = (
    "a list of hosts",
    f"it must be a mapping of names to settings, as in R1: {{hostname: 192.0.2.1}} ({PAGE})",
)
_ROUTER = ("a router's configuration", "ikeaudit check reads that without an inventory")
_CONFIG = ("a Nornir configuration", "name that file itself with --inventory")
_SSH = ("an SSH client's configuration", f"the routers' names belong into {HOSTS_FILES[0]} ({PAGE})")
_MARKUP = ("XML or HTML", PAGE)
_DEEP = ("hosts below a heading of their own", "put their names at the beginning of the line, with no key above them")
_SIMPLE = ("the hosts file of a SimpleInventory", "name its folder with --inventory")

_SETTINGS = {"hostname", "port", "username", "password", "platform", "groups", "data", "connection_options"}
_GROUP = re.compile(r"\[[\w.: -]+\]$")


def looks_like(text: str, content: Any) -> tuple[str, str] | None:
    """What ``text`` seems to be and what to do, given what it says as YAML (None: it is none); None for a SimpleInventory."""
    if isinstance(content, dict):
        return _mapping(content)
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", "---"))]
    for is_so, words in _BY_TEXT:
        if lines and is_so(lines):
            return words
    return _LIST if isinstance(content, list) else None


def read_inventory(file: Path, encoding: str = "utf-8") -> tuple[str, Any]:
    """The text of ``file`` and what it says as YAML; InputError, which says what it looks like, when it is none."""
    text = inventory_text(file, encoding)
    try:
        return text, parse_yaml(text, file)
    except InputError:
        seems = looks_like(text, None)
        if seems is None:
            raise
    raise InputError(sentence(file, seems))


def _mapping(content: dict[Any, Any]) -> tuple[str, str] | None:
    entries = [entry for entry in content.values() if isinstance(entry, dict)]
    if is_nornir_config(content):
        return _CONFIG
    if isinstance(content.get("plugin"), str) or any(_is_ansible(entry) for entry in entries):
        return _ANSIBLE
    if any(isinstance(value, list) and value for value in content.values()):
        return _LIST
    deep = [entry for entry in entries if entry and not _SETTINGS & entry.keys()]
    if any(all(isinstance(value, dict) and _SETTINGS & value.keys() for value in entry.values()) for entry in deep):
        return _DEEP
    return None


def is_nornir_config(content: Any) -> bool:
    """Whether ``content`` has sections of a Nornir configuration, and nothing that a host has."""
    if not isinstance(content, dict) or not ("inventory" in content or content.keys() <= set(CONFIG_SECTIONS)):
        return False
    return not any(isinstance(content[key], dict) and _SETTINGS & content[key].keys() for key in content)


def is_hosts(content: Any) -> bool:
    """Whether ``content`` reads like a hosts file of a SimpleInventory."""
    return isinstance(content, dict) and any(
        isinstance(entry, dict) and _SETTINGS & entry.keys() for entry in content.values()
    )


def _is_ansible(entry: dict[Any, Any]) -> bool:
    groups = entry.keys() & {"hosts", "children", "vars"}
    return any(str(key).startswith("ansible_") for key in entry) or (
        bool(groups) and not _SETTINGS & entry.keys() and all(isinstance(entry[key], dict | None) for key in groups)
    )


def _is_ini(lines: list[str]) -> bool:
    return any(_GROUP.match(line) or re.search(r"\bansible_\w+\s*=", line) for line in lines)


def _is_router(lines: list[str]) -> bool:
    """Whether two lines or more are of different commands of IOS."""
    found = (GLOBAL.match(line) for line in lines if " " in line)
    return len({one.row.id for one in found if one is not None}) > 1


def _is_keyed(lines: list[str]) -> bool:
    """Whether a line says ``key: value``, as YAML does."""
    return any(re.match(r"(?:- )?[^\s,;|]+:(?:\s|$)", line) for line in lines)


def _is_table(lines: list[str]) -> bool:
    return not _is_keyed(lines) and any(
        lines[0].count(sign) and all(line.count(sign) >= lines[0].count(sign) for line in lines)
        for sign in (",", ";", "\t", "|", ":")
    )


def _is_list(lines: list[str]) -> bool:
    """One name a line, or an address and names as in a file of hosts."""
    return not _is_keyed(lines) and all(re.fullmatch(r"-?\s*[\w.:-]+(?:\s+[\w.-]+){0,2}", line) for line in lines)


def _is_ssh(lines: list[str]) -> bool:
    return any(re.match(r"Host\s+\S", line) for line in lines) and any(
        re.match(r"(?:HostName|ProxyJump|User|IdentityFile)\s", line, re.IGNORECASE) for line in lines
    )


_BY_TEXT: tuple[tuple[Callable[[list[str]], bool], tuple[str, str]], ...] = (
    (_is_ini, _ANSIBLE),
    (_is_router, _ROUTER),
    (_is_ssh, _SSH),
    (lambda lines: lines[0].startswith("<"), _MARKUP),
    (lambda lines: lines[0][0] not in "[{-" and _is_table(lines), _TABLE),
    (_is_list, _LIST),
)


def folder_looks_like(folder: Path) -> tuple[str, str] | None:
    """The same for a folder without a hosts file; OSError when it cannot be listed."""
    entries = sorted(folder.iterdir())
    names = {entry.name for entry in entries}
    suffixes = {entry.suffix.lower() for entry in entries if entry.is_file()}
    if any((entry / "meta.json").is_file() or (entry / "running-config.txt").is_file() for entry in entries):
        return "a snapshot", "ikeaudit check reads that without an inventory"
    if "plan.json" in names:
        return "a plan", "--inventory names the folder of the routers' addresses"
    config = next((name for name in ("config.yaml", "config.yml", "nornir.yaml", "nornir.yml") if name in names), None)
    if config is not None:
        return _CONFIG[0], f"name the file, --inventory {folder / config}"
    if names & {"group_vars", "host_vars", "ansible.cfg", "hosts", "hosts.ini", "inventory.ini"}:
        return _ANSIBLE
    if suffixes & {".csv", ".xlsx", ".xls"}:
        return _TABLE
    if suffixes & {".cfg", ".conf"}:
        return "a folder of configurations", _ROUTER[1]
    if names & {"groups.yaml", "defaults.yaml", "groups.yml", "defaults.yml"}:
        return "a SimpleInventory without its hosts", f"put the routers into {folder / HOSTS_FILES[0]} ({PAGE})"
    return None


def sentence(path: Path, seems: tuple[str, str] | None) -> str:
    """``PATH is no inventory: it looks like ...; what to do``."""
    what, do = seems or ("", "")
    if not what:
        return f"{path} is no inventory of Nornir: it must be a mapping of names to settings; {PAGE}."
    return f"{path} is no inventory of Nornir: it looks like {what}; {do}."


def hosts_file_given(path: Path) -> str:
    """The sentence for somebody who names the hosts file."""
    return f"{path} is not a folder, and no Nornir configuration: it looks like {_SIMPLE[0]}; {_SIMPLE[1]}."
