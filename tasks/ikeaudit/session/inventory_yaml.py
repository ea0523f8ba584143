"""YAML as Nornir reads it, in a tenth of the time, and without a value of the file in any error.

Nornir reads by ruamel.yaml in Python. What is read here comes from libyaml's events; a plain word that is more than text
(a number, a truth, a date) is left to ruamel.yaml, so that each means the same. What is out of the ordinary (tags, a second
document, a key that stands twice, an error) is left to it whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.resolver import implicit_resolvers

from ikeaudit.model.errors import InputError
from ikeaudit.snapshot.plain_files import LARGEST_BY_HAND, read_plain, why
from ikeaudit.snapshot.yaml_files import parsed_yaml

_MERGE = "<<"
_MARKED = "a value that begins with *, &, !, %, @ or ` must stand in quotes"


class _UnusualError(Exception):
    """Something that ruamel.yaml shall decide."""


def inventory_text(file: Path, encoding: str = "utf-8") -> str:
    """The text of ``file``; InputError when it cannot be read."""
    text, reason = "\0", ""
    try:
        text = read_plain(file, LARGEST_BY_HAND).decode(encoding)
    except (UnicodeDecodeError, LookupError):  # the error holds what is in the file
        pass
    except OSError as error:
        reason = f" ({why(error)})"
    if "\0" in text:
        raise InputError(f"{file} cannot be read as text{reason}.")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def parse_yaml(text: str, file: Path) -> Any:
    """What ``text`` says, which came from ``file``; InputError, which names the line and no value, when it is no YAML."""
    if hasattr(yaml, "CSafeLoader"):
        try:
            return _Reader(text).document()
        except (_UnusualError, yaml.YAMLError, RecursionError):
            pass
    problem = ""
    try:
        return parsed_yaml(text, pure=True)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = f", line {mark.line + 1}" if mark is not None else ""
        words = _without_values(error.problem or "")
        problem += f": {words}" if words else ""
    except YAMLError:
        pass
    raise InputError(f"{file} is not valid YAML{problem}.")


def _without_values(problem: str) -> str:
    """ruamel's word for what is wrong, up to the first value that it quotes; empty when that says nothing."""
    words = " ".join(re.split(r"['\"]", problem, maxsplit=1)[0].split())
    if "\\t" in problem:
        return "a tab cannot stand there; indent with blanks"
    if words.startswith(("found undefined alias", "could not determine a constructor", "found character")):
        return _MARKED
    if words.startswith("found duplicate"):
        return "a key stands twice"
    return "" if words.startswith("expected") else words.removeprefix("but ")


class _Reader:
    """One document from libyaml's events."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._anchors: dict[str, Any] = {}

    def document(self) -> Any:
        value = None
        for event in self._events:
            kind = type(event)
            if kind is yaml.DocumentStartEvent:
                if event.version or event.tags:
                    raise _UnusualError
                value = self._value(next(self._events))
            elif kind is yaml.DocumentEndEvent:
                break
        if type(next(self._events, None)) is yaml.DocumentStartEvent:
            raise _UnusualError
        return value

    def _value(self, event: Any) -> Any:
        kind = type(event)
        if kind is yaml.AliasEvent:
            if event.anchor not in self._anchors:
                raise _UnusualError
            return self._anchors[event.anchor]
        if event.tag is not None:
            raise _UnusualError
        if kind is yaml.ScalarEvent:
            value: Any = plain(event.value) if event.implicit[0] else event.value
        elif kind is yaml.MappingStartEvent:
            value = self._mapping(event.anchor)
        else:
            value = self._sequence(event.anchor)
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        return value

    def _sequence(self, anchor: str | None) -> list[Any]:
        if anchor is not None:
            self._anchors.pop(anchor, None)  # an alias within itself
        values = []
        while type(event := next(self._events)) is not yaml.SequenceEndEvent:
            values.append(self._value(event))
        return values

    def _mapping(self, anchor: str | None) -> dict[Any, Any]:
        if anchor is not None:
            self._anchors.pop(anchor, None)
        values: dict[Any, Any] = {}
        merged: list[dict[Any, Any]] = []
        while type(event := next(self._events)) is not yaml.MappingEndEvent:
            if type(event) is not yaml.ScalarEvent:
                raise _UnusualError
            merges = event.implicit[0] and event.value == _MERGE
            key = self._value(event)
            value = self._value(next(self._events))
            if merges:
                merged += value if isinstance(value, list) else [value]
            elif key in values:
                raise _UnusualError
            else:
                values[key] = value
        if not merged:
            return values
        if not all(isinstance(one, dict) for one in merged):
            raise _UnusualError
        together: dict[Any, Any] = {}
        for one in reversed(merged):  # the first that is merged counts
            together |= one
        return together | values


def _by_first_sign() -> dict[str, list[re.Pattern[str]]]:
    found: dict[str, list[re.Pattern[str]]] = {}
    for versions, _, pattern, signs in implicit_resolvers:
        if (1, 2) in versions:
            for sign in signs:
                found.setdefault(sign, []).append(re.compile(pattern.pattern, pattern.flags))
    return found


_MORE_THAN_TEXT = _by_first_sign()
_KNOWN: dict[str, Any] = {}


def plain(word: str) -> Any:
    """What a word without quotes means in YAML 1.2: mostly itself."""
    for pattern in _MORE_THAN_TEXT.get(word[:1], ()):
        if pattern.match(word):
            break
    else:
        return word
    if word not in _KNOWN:
        if len(_KNOWN) > 100_000:
            _KNOWN.clear()
        try:
            _KNOWN[word] = word if word == _MERGE else parsed_yaml(word, pure=True)
        except YAMLError:
            raise _UnusualError from None
    return _KNOWN[word]
