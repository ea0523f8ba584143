"""YAML that a person wrote, read so that nothing in it ends in anything but one kind of error, which repeats no value."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ikeaudit.model.errors import InputError
from ikeaudit.snapshot.plain_files import LARGEST_BY_HAND, read_plain_text


def parsed_yaml(text: str, *, pure: bool = False) -> Any:
    """What ``text`` says, with ``pure`` as Nornir reads it; YAMLError, with its place where that is known, for what is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an anchor that stands twice, with the lines
            return YAML(typ="safe", pure=pure).load(text)
    except (ValueError, LookupError, RecursionError):  # a date, a number or a truth that is none; thousands of brackets
        raise YAMLError from None


def read_yaml(path: Path, *, of: str = "", write: str) -> Any:
    """What the file ``path`` says; InputError, which says to ``write`` something, when it cannot be read or is no YAML.

    ``of`` is what such a file holds, fit to stand behind "an existing YAML file".
    """
    try:
        return parsed_yaml(read_plain_text(path, LARGEST_BY_HAND))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give an existing YAML file{of}.") from None
    except (YAMLError, UnicodeDecodeError):
        raise InputError(f"{path}: is not YAML; write {write}.") from None
