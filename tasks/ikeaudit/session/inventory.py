"""The Nornir inventory, of whatever plugin: read once, checked with clear words."""

from __future__ import annotations

import inspect
import io
import logging
import os
import re
import warnings
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

from nornir.core import Nornir
from nornir.core.configuration import Config, CoreConfig, InventoryConfig, LoggingConfig, RunnerConfig, SSHConfig
from nornir.core.inventory import Host, Inventory
from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir.core.plugins.inventory import InventoryPluginRegister, TransformFunctionRegister
from nornir.core.plugins.register import PluginRegister
from nornir.core.plugins.runners import RunnersPluginRegister
from nornir.core.state import GlobalState

from ikeaudit.model.errors import InputError
from ikeaudit.session.inventory_choice import pick
from ikeaudit.session.inventory_simple import SimpleInventory, check_entries
from ikeaudit.session.inventory_strangers import (
    CONFIG_SECTIONS,
    HOSTS_FILES,
    PAGE,
    folder_looks_like,
    hosts_file_given,
    is_hosts,
    is_nornir_config,
    looks_like,
    read_inventory,
    sentence,
)
from ikeaudit.session.quiet import silence_libraries
from ikeaudit.snapshot.plain_files import why

__all__ = ["open_inventory", "pick"]

WORKERS = 50
"""Routers that are read side by side when nobody says another number."""

_SIMPLE = "SimpleInventory"
_INSTALLED_BY = {
    "NetBoxInventory2": "nornir-netbox",
    "NBInventory": "nornir-netbox",
    "NautobotInventory": "nornir-nautobot",
    "AnsibleInventory": "nornir-ansible",
    "CSVInventory": "nornir-table-inventory",
    "ExcelInventory": "nornir-table-inventory",
    "FlatDataInventory": "nornir-table-inventory",
    "YAMLInventory": "nornir-utils",
    "load_credentials": "nornir-utils",
}
_SECTIONS: dict[str, Callable[..., object]] = {
    "inventory": InventoryConfig,
    "ssh": SSHConfig,
    "core": CoreConfig,
    "logging": LoggingConfig,
    "runner": RunnerConfig,
}
_TRUTHS = ("use_keys", "allow_agent", "ssh_strict", "system_host_keys", "alt_host_keys")
"""Arguments of netmiko that are true or false; in a table they are words."""

_PLATFORMS = {"ciscoios": "cisco_ios", "ciscoiosxe": "cisco_xe", "ciscoxe": "cisco_xe"}
"""What sources of truth call IOS (``Cisco IOS``, ``cisco-ios-xe``), blanks and dashes left out, and netmiko's name of it."""

T = TypeVar("T")


def open_inventory(path: Path, *, workers: int | None = None) -> Nornir:
    """Nornir over the inventory at ``path``: the folder of a SimpleInventory, or a Nornir configuration; its logging off.

    ``workers`` beats the number in the configuration; ``WORKERS`` counts when neither says one.

    :raises InputError: one sentence, when ``path`` is no inventory, its plugin does not deliver, or a field is not what it
        should be. No value of a field stands in it.
    """
    if workers is not None and workers < 1:
        raise InputError("The number of workers must be at least 1.")
    silence_libraries()
    config = _config_of(path)
    _plugin(ConnectionPluginRegister, "nornir.plugins.connections", "netmiko", path)
    inventory = _load(config, path)
    runner = _plugin(RunnersPluginRegister, "nornir.plugins.runners", config.runner.plugin, path)
    options = dict(config.runner.options)
    if config.runner.plugin == "threaded":
        number = workers or options.get("num_workers", WORKERS)
        if not isinstance(number, int) or number < 1:
            raise InputError(f"{path}: num_workers of the runner must be a number from 1 on.")
        options["num_workers"] = number
    made = _done(f"{path}: the runner {config.runner.plugin}", lambda: runner(**options))
    return Nornir(inventory=inventory, runner=made, config=config, data=GlobalState())


# -- what is given ---------------------------------------------------------------------------------------------------------


def _config_of(path: Path) -> Config:
    try:
        if not path.exists():
            raise InputError(f"There is no inventory at {path}; name its folder with --inventory.")
        content = _folder_config(path) if path.is_dir() else _file_config(path)
    except OSError as error:
        raise InputError(f"The inventory {path} cannot be read ({why(error)}).") from None
    content |= {"logging": {"enabled": False}, "core": {"raise_on_error": False}}
    for name, section in _SECTIONS.items():
        good = True
        try:
            section(**content.get(name, {}))
        except (TypeError, ValueError, SyntaxError):
            good = False
        if not good:  # said here, so that the error's text, which may hold a value, goes no further
            raise InputError(
                f"{path}: the section {name}, or a variable NORNIR_{name.upper()}_..., has a key or a type of value that "
                "Nornir does not know."
            )
    return Config.from_dict(**content)


def _folder_config(folder: Path) -> dict[str, Any]:
    files: list[Path] = []
    for stem in ("hosts", "groups", "defaults"):
        found = [file for file in (folder / f"{stem}.yaml", folder / f"{stem}.yml") if file.is_file()]
        if len(found) > 1:
            raise InputError(f"The inventory {folder} has both {found[0].name} and {found[1].name}; keep one.")
        files.append(found[0] if found else folder / f"{stem}.yaml")
    if not files[0].is_file():
        seems = folder_looks_like(folder)
        more = f": it looks like {seems[0]}; {seems[1]}" if seems else f"; {PAGE}"
        raise InputError(f"The inventory {folder} has no {HOSTS_FILES[0]}{more}.")
    options = dict(zip(("host_file", "group_file", "defaults_file"), map(str, files), strict=True))
    return {"inventory": {"plugin": _SIMPLE, "options": options}}


def _file_config(file: Path) -> dict[str, Any]:
    """The sections of a Nornir configuration."""
    text, content = read_inventory(file)
    if not content:
        raise InputError(f"{file} is empty; a Nornir configuration has a section inventory ({PAGE}).")
    if not is_nornir_config(content):
        if is_hosts(content) and looks_like(text, content) is None:
            raise InputError(hosts_file_given(file))
        raise InputError(sentence(file, looks_like(text, content)))
    for name in CONFIG_SECTIONS:
        if not isinstance(content.get(name), dict | None):
            raise InputError(f"{file}: the section {name} must be a mapping.")
    inventory = content.get("inventory") or {}
    if not inventory and not {"NORNIR_INVENTORY_PLUGIN", "NORNIR_INVENTORY_OPTIONS"} & os.environ.keys():
        raise InputError(f"{file} is a Nornir configuration without an inventory; add a section inventory ({PAGE}).")
    known = ("plugin", "options", "transform_function", "transform_function_options")
    if wrong := [key for key in inventory if key not in known]:
        raise InputError(f"{file}: the section inventory has {wrong[0]!r}; Nornir knows {', '.join(known)}.")
    return {name: content[name] or {} for name in CONFIG_SECTIONS if name in content}


# -- what plugins deliver --------------------------------------------------------------------------------------------------


def _load(config: Config, path: Path) -> Inventory:
    """What the plugin delivers, transformed and checked."""
    name, ours = config.inventory.plugin, config.inventory.plugin == _SIMPLE
    at = "" if path.is_dir() else f"{path}: "
    options = config.inventory.options if path.is_dir() else _found_files(config, path)
    make: Any = SimpleInventory if ours else _plugin(InventoryPluginRegister, "nornir.plugins.inventory", name, path)
    try:
        inspect.signature(make).bind(**options)
    except TypeError as error:
        raise InputError(f"{at}the options of the inventory plugin {name} do not fit ({error}).") from None
    except ValueError:  # a plugin that does not tell its options
        pass
    if ours:
        inventory: Any = make(**options).load()
    else:
        inventory = _done(f"{at}the inventory plugin {name}", lambda: make(**options).load(), options)
    if not isinstance(inventory, Inventory) or not inventory.hosts:
        raise InputError(f"{at}the inventory plugin {name} delivers no hosts; look at its options.")
    if config.inventory.transform_function:
        function = config.inventory.transform_function
        transform: Any = _plugin(TransformFunctionRegister, "nornir.plugins.transform_function", function, path)
        own = config.inventory.transform_function_options
        hosts = inventory.hosts.values()
        _done(f"{at}the transform function {function}", lambda: [transform(host, **own) for host in hosts])
    if not ours or config.inventory.transform_function:
        for host in inventory.hosts.values():
            _settle(host)
        entries = {key: host.dict() for key, host in inventory.hosts.items()}
        check_entries(f"What {name} delivers for {path}", entries, hosts=ours)
    return inventory


def _found_files(config: Config, file: Path) -> dict[str, Any]:
    """The plugin's options, paths in them as Nornir takes them: from where one stands; else from beside the configuration."""
    options = dict(config.inventory.options)
    if config.inventory.plugin == _SIMPLE:
        options = {"host_file": "hosts.yaml", "group_file": "groups.yaml", "defaults_file": "defaults.yaml"} | options
    names = {key: value for key, value in options.items() if isinstance(value, str) and value}
    # not by pathlib: an option may be a token, and its errors would quote that
    here = {key for key, name in names.items() if os.path.exists(os.path.expanduser(name))}  # noqa: PTH110, PTH111
    beside = {key: file.parent / name for key, name in names.items() if os.path.isfile(file.parent / name)}  # noqa: PTH113
    if config.inventory.plugin == _SIMPLE:  # its files belong together
        if "host_file" not in here | beside.keys():
            raise InputError(f"{file}: there is no {options['host_file']} here, nor beside {file.name}.")
        here = set(names) if "host_file" in here else set()
    return options | {key: str(found) for key, found in beside.items() if key not in here}


def _plugin(register: PluginRegister[T], group: str, name: str, path: Path) -> T:
    """The plugin called ``name``; of what is installed only that one is loaded, so that no other is in its way."""
    entry = next(iter(metadata.entry_points(group=group, name=name)), None)
    if name not in register.available and entry is not None:
        register.register(name, _done(f"{path}: the plugin {name}", entry.load))
    if name in register.available:
        return register.available[name]
    what = group.rpartition(".")[2].replace("_", " ").removesuffix("s")
    package = _INSTALLED_BY.get(name)
    last = name.rpartition(".")[2]
    do = f"install {package or 'the package that has it'} where ikeaudit is installed ({PAGE})"
    if "." in name:
        do = f"Nornir 3 knows plugins by their names: write {last}"
    raise InputError(f"{path}: there is no {what} plugin {name!r}; {do}.")


def _done(what: str, action: Callable[[], T], options: Mapping[str, Any] | None = None) -> T:
    """What ``action``, somebody else's code, returns.

    What it logs or prints is dropped, and how it fails is told by kind, because both may hold a secret.
    """
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            return action()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a plugin may even leave by sys.exit
        failure = _kind(error)
    finally:
        logging.disable(before)
    raise InputError(f"{what} failed: {failure}{_asked(options or {})}.")


def _kind(error: BaseException) -> str:
    if isinstance(error, FileNotFoundError) and isinstance(error.filename, str):
        return f"there is no {error.filename} here"
    name = type(error).__name__
    if isinstance(error, ImportError):
        return f"it cannot be loaded ({name}); install it again"
    if "timeout" in name.lower():
        return f"no answer in time ({name})"
    if isinstance(error, OSError) and "connect" in name.lower():
        return f"no connection ({name})"
    return f"it ended with {name}"


def _asked(options: Mapping[str, Any]) -> str:
    """The servers that the options name, without user or password; what to look at."""
    urls = [value.partition("://") for value in options.values() if isinstance(value, str) and "://" in value]
    servers = [
        f"{scheme}://{re.split('[/?#]', rest.rpartition('@')[2])[0]}" for scheme, _, rest in urls if scheme.isalpha()
    ]
    at = f"{' and '.join(servers)}, at its token, and at " if servers else ""
    return f"; look at {at}the options in its section"


def _settle(host: Host) -> None:
    """Numbers and truths that a table or another tool writes as words, and platforms as people spell them."""
    platform = _PLATFORMS.get(re.sub(r"[\s_-]+", "", str(host.platform).lower()))
    if platform is not None:
        host.platform = platform
    options = host.connection_options.get("netmiko")
    for element in (host, options) if options else (host,):
        port: object = object.__getattribute__(element, "port")
        if isinstance(port, str) and (port.isdecimal() or not port.strip()):
            element.port = int(port) if port.isdecimal() else None
    extras = (options.extras if options else None) or {}
    for name in _TRUTHS:
        if str(extras.get(name)).lower() in {"true", "false"}:
            extras[name] = str(extras[name]).lower() == "true"
