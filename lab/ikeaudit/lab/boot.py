"""From configurations on disk to lab routers: what the verb ``lab`` and a rehearsal start from."""

import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ikeaudit.lab.lab import Lab
from ikeaudit.lab.lab_router import LabRouter
from ikeaudit.lab.world import Negotiator, by_our_model
from ikeaudit.model.errors import InputError
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.snapshot.text_files import NotTextError, read_text

SUFFIXES = frozenset({".cfg", ".conf", ".txt"})
"""Files of a folder that are taken for configurations."""

_RUNNING = "running-config.txt"


def boot_from_folder(
    path: Path,
    *,
    username: str = "lab",
    password: str,
    enable_secret: str | None = None,
    minute_seconds: float = 60.0,
    negotiator: Negotiator = by_our_model,
    ports: Mapping[str, int] | None = None,
    host_key: Path | None = None,
    **options: Any,
) -> Lab:
    """A lab with one router for each configuration under ``path``; start it with ``with`` or ``start``.

    ``path`` is a snapshot, a folder of configurations or one file. ``options`` go to each LabRouter. Raises InputError when
    nothing in there is an IOS configuration.
    """
    texts = configurations(path)
    routers = [
        LabRouter(name, text, username=username, password=password, enable_secret=enable_secret, **options)
        for name, text in texts.items()
    ]
    return Lab(routers, minute_seconds=minute_seconds, negotiator=negotiator, ports=ports, host_key=host_key)


def configurations(path: Path) -> Mapping[str, str]:
    """The configurations under ``path`` as they stand there, by host name. Raises InputError."""
    fingerprinter = Fingerprinter(secrets.token_bytes(32))
    found: dict[str, str] = {}
    for file, stem in _files(path):
        try:
            text = read_text(file)
        except NotTextError as problem:
            raise InputError(f"{file}: {problem}") from None
        lines = text.split("\n")
        for parsed in parse_configs(text, file=f"{stem}.cfg", fingerprinter=fingerprinter):
            router = parsed.router
            if router is None:
                continue
            name = router.name if router.name not in found else f"{router.name}@{stem}"
            if name in found:
                raise InputError(f"{file}: {name} is in the folder twice; remove one of the two files")
            start = router.first_line - 1
            found[name] = "\n".join(lines[start : start + len(router.lines)]) + "\n"
    if not found:
        raise InputError(f"{path}: no IOS configuration in it to boot a router from")
    return found


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    if path.is_file():
        yield path, path.stem
        return
    if not path.is_dir():
        raise InputError(f"{path}: no such file or folder; give a snapshot or a folder of configurations")
    for entry in sorted(path.iterdir()):
        if entry.is_dir() and os.path.lexists(entry / _RUNNING):
            yield entry / _RUNNING, entry.name
        elif entry.suffix in SUFFIXES and not entry.name.startswith("."):
            yield entry, entry.stem
