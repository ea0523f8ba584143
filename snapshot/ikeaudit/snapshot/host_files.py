"""The files of one host of a snapshot: as they lie in its folder, or as they were carried to another machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import quote

from ikeaudit.model.errors import InputError
from ikeaudit.snapshot.host_meta import CONFIG_FILE, META_FILE
from ikeaudit.snapshot.plain_files import read_plain


class HostFiles(Protocol):
    """What reading a host asks for."""

    @property
    def name(self) -> str:
        """The name of the host's folder."""

    def content(self, file: str) -> bytes:
        """What is in a file; OSError where it cannot be read, FileNotFoundError where it is not there."""

    def has(self, file: str) -> bool:
        """Whether anything is there by that name."""

    def shows(self) -> list[str]:
        """The names of the files of show commands, sorted."""


class Lying(NamedTuple):
    """Those of the folder ``path``."""

    path: Path

    @property
    def name(self) -> str:
        """The name of the host's folder."""
        return self.path.name

    def content(self, file: str) -> bytes:
        """What is in a file."""
        return read_plain(self.path / file)

    def has(self, file: str) -> bool:
        """Whether anything is there by that name."""
        return os.path.lexists(self.path / file)

    def shows(self) -> list[str]:
        """The names of the files of show commands, sorted."""
        return sorted(file.name for file in self.path.iterdir() if is_show(file.name))


class Carried(NamedTuple):
    """Those of a folder called ``name`` whose ``files`` are here, all of them."""

    name: str
    files: Mapping[str, bytes]

    def content(self, file: str) -> bytes:
        """What is in a file."""
        if file not in self.files:
            raise FileNotFoundError(2, "No such file or directory", file)
        return self.files[file]

    def has(self, file: str) -> bool:
        """Whether anything is there by that name."""
        return file in self.files

    def shows(self) -> list[str]:
        """The names of the files of show commands, sorted."""
        return sorted(filter(is_show, self.files))


def is_show(file: str) -> bool:
    """Whether a file in a host's folder is called like one with the output of a show command."""
    return fnmatchcase(file, "show-*.txt")


def counts(file: str) -> bool:
    """Whether a file in a host's folder is one that reading it goes by."""
    return file in (CONFIG_FILE, META_FILE) or is_show(file)


_LONGEST_NAME = 200


def host_folder_name(host: str) -> str:
    """The name of the sub-folder of ``host``: its own, characters that a file name must not have written as ``%2F``.

    InputError when nothing is left to name a folder with, or too much.
    """
    name = quote(host, safe=" @+,=()~", errors="backslashreplace")
    if name.startswith("."):
        name = f"%2E{name[1:]}"
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise InputError(
            f"the inventory's host name {host[:40]!r} cannot name a folder: use 1 to {_LONGEST_NAME} characters"
        )
    return name
