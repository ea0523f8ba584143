"""The door to this package: text in, each router's commands out, with remarks on what was mended, left out or foreign."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from ikeaudit.model import FileKind
from ikeaudit.parsing.lines import Line, printed_lines, read_lines
from ikeaudit.parsing.mess.devices import Device, split_devices
from ikeaudit.parsing.mess.notes import page_of_notes, pieces
from ikeaudit.parsing.mess.plain import plain_lines
from ikeaudit.parsing.mess.printed import Printed, as_printed
from ikeaudit.parsing.mess.recognise import NOT_RECOGNISED, recognise

_SHOW_OUTPUT = "it holds output of show commands, but no IOS configuration"


class RouterText(NamedTuple):
    """One router's commands, with the numbers that their lines have in the file; no blank lines, no comments, no free text.

    ``name`` is that of its ``hostname`` line, else of a prompt; ``remarks`` are (line, text). ``first`` and ``last`` are the
    numbers of its first and last physical line, ``elsewhere`` those between them that are not its own, ``last_told`` that of
    the last line that is not blank. ``full`` says that the text is a whole running-config, which has to end with ``end``.
    ``printed`` are the lines of the file as they stand, where it needed nothing; ``lines`` are then made when they are asked
    for.
    """

    name: str | None
    cleaned: list[Line]
    remarks: list[tuple[int, str]]
    full: bool
    first: int
    last: int
    last_told: int
    elsewhere: frozenset[int]
    printed: Sequence[str] | None = None

    @property
    def lines(self) -> list[Line]:
        """The commands line by line."""
        return self.cleaned if self.printed is None else printed_lines(self.printed)


class Foreign(NamedTuple):
    """The configuration of another system among routers: its host name, if it has one, and what it looks like."""

    name: str | None
    reason: str
    kind: FileKind = "not-ios"


class Cleaned(NamedTuple):
    """What is in a file, in its order.

    ``reason`` says why no router is in it and ``kind`` what is, None and ``ios`` when there is one. ``page`` is the kind of a
    page of notes that has configuration in it: ``parts`` are then pieces of no one router, to be counted and not to be used.
    """

    parts: tuple[RouterText | Foreign, ...]
    reason: str | None = None
    page: str | None = None
    kind: FileKind = "ios"

    @property
    def routers(self) -> tuple[RouterText, ...]:
        """The parts that are IOS configurations."""
        return tuple(part for part in self.parts if isinstance(part, RouterText))


def clean(
    text: str, masked: Container[str] = (), raw: str | None = None, *, lines: Sequence[str] | None = None
) -> Cleaned:
    """The routers in the redacted text of a file; ``masked`` are the fingerprints of keys that a tool had masked before.

    ``raw`` is the text before redaction, looked at only to say what a text is that holds no router, and never kept;
    ``lines`` is ``text`` cut at line feeds, if that was done already.
    Nothing is repaired that could be meant otherwise: what looks like a command with a typing error stays as it is.
    """
    if (printed := as_printed(text, lines)) is not None:
        return Cleaned((_as_it_is(printed),))
    return clean_thoroughly(text, masked, raw)


def _as_it_is(printed: Printed) -> RouterText:
    """A router whose text needs nothing."""
    lines, headers = printed.lines, printed.headers
    last = last_told = len(lines)
    first = next(number for number in range(1, last + 1) if number not in headers)
    full = bool(headers) or "boot-start-marker" in lines
    elsewhere = frozenset(number for number in headers if number > first)
    while not lines[last_told - 1].strip():
        last_told -= 1
    return RouterText(printed.name, [], [], full, first, last, last_told, elsewhere, lines)


def clean_thoroughly(text: str, masked: Container[str] = (), raw: str | None = None) -> Cleaned:
    """What all the passes make of a text."""
    lines = read_lines(text)
    if (page := page_of_notes(lines)) is not None:
        parts = tuple(part for piece in pieces(lines) for part in _parts(split_devices(piece), masked))
        if any(isinstance(part, RouterText) for part in parts):
            return Cleaned(parts, page=page)
    devices = split_devices(lines)
    parts = tuple(_parts(devices, masked))
    if any(isinstance(part, RouterText) for part in parts):
        return Cleaned(parts)
    reason, kind = _reason(lines, text if raw is None else raw, devices)
    return Cleaned((), reason=reason, kind=kind)


def _parts(devices: list[Device], masked: Container[str]) -> Iterator[RouterText | Foreign]:
    """The routers among ``devices``; another system's configuration is told of where it is not the only one."""
    for device in devices:
        verdict = recognise(device.lines)
        if verdict.reason is None:
            yield _router(device, masked)
        elif verdict.vendor and len(devices) > 1:
            yield Foreign(device.hostname, verdict.reason, verdict.kind)


def _router(device: Device, masked: Container[str]) -> RouterText:
    numbers = {line.number for line in device.lines}
    first, last = min(numbers), max(numbers)
    lines, remarks = plain_lines(device.lines, masked)
    elsewhere = frozenset(range(first, last + 1)) - numbers if len(numbers) <= last - first else frozenset()
    return RouterText(
        device.hostname or device.prompt, lines, remarks, device.full, first, last, device.last_line, elsewhere
    )


def _reason(lines: list[Line], text: str, devices: list[Device]) -> tuple[str, FileKind]:
    """Why a file without a router is none: what it looks like as a whole, else what its first device does."""
    found = next((verdict for device in devices if (verdict := recognise(device.lines)).reason), None)
    whole = recognise(lines, text)
    if whole.reason is None:
        whole = found or whole
    if whole.reason is None or (whole.reason == NOT_RECOGNISED and found is None):
        return _SHOW_OUTPUT, "not-ios"
    return whole.reason, whole.kind
