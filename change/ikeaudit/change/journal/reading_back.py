"""Bytes in, entries out: what was written of a journal, with the damage named where a line may have said anything.

A line that cannot be read stands among the entries as ``damaged``: what it said is not known, and nobody may go on as if it had
said nothing. Only a line that a crash cut off is passed over, because what it announced had not been done.
"""

from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

import msgspec

from ikeaudit.change.journal.entry import Entry

CUT = b" <cut>"
"""What ends a line that a crash cut off in the middle, once the next process has found it."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A journal as it was found: ``problem`` says in words why nothing can be told from it, empty when something can."""

    entries: tuple[Entry, ...] = ()
    problem: str = ""
    there: bool = True


def reading_of(content: bytes, *, incomplete: bool = False) -> Reading:
    """What the bytes of a journal tell; never raises. ``incomplete``: more happened after them, which could not be written."""
    if not content.strip(b"\0\r\n\t "):
        return Reading(problem="it holds nothing but zeros" if content.strip() else "it is empty")
    entries = list(_entries(content))
    if all(entry.event == "damaged" for entry in entries):
        return Reading(problem="it holds something else than the entries of a journal")
    if incomplete:
        entries.append(
            Entry(number=entries[-1].number, at="", event="damaged", text="it could not be written any more")
        )
    return Reading(entries=tuple(entries))


def ending(tail: bytes) -> bytes:
    """What a journal lacks before another line can follow ``tail``, what stands after the end of its last whole line.

    A line that a crash cut off is marked as that.
    """
    if not tail:
        return b""
    return CUT + b"\n" if _entry(tail) is None and _cut_off(tail) else b"\n"


def entries_in(part: bytes) -> Iterator[Entry]:
    """The entries of which ``part``, a piece of a journal, holds whole lines."""
    lines = part.split(b"\n")[:-1]
    yield from (entry for entry in map(_entry, lines) if entry is not None)


def _entries(content: bytes) -> Iterator[Entry]:
    lines = content.split(b"\n")
    last = passed = 0
    for number, raw in enumerate(lines, 1):
        if not raw.strip() or raw.endswith(CUT):
            continue
        entry = _entry(raw)
        if entry is None and number == len(lines) and _cut_off(raw):
            continue
        if entry is None:
            passed += 1
            yield Entry(number=last + passed, at="", event="damaged", text=f"line {number} cannot be read")
            continue
        if entry.number != last + passed + 1 and last + passed:
            yield Entry(number=last, at="", event="damaged", text=f"line {number} is not the one that should follow")
        elif entry.number != last + passed + 1:
            yield Entry(number=last, at="", event="damaged", text="its beginning is missing")
        last, passed = max(last, entry.number), 0
        yield entry


def _entry(raw: bytes) -> Entry | None:
    """One line, when it is an entry whose values can be what they stand for."""
    try:
        entry = msgspec.json.decode(raw, type=Entry)
        at = datetime.fromisoformat(entry.at)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    data = entry.data
    minutes = data.get("minutes", 0)
    sound = (
        entry.number > 0
        and at.tzinfo is not None
        and 1970 <= at.year < 9000
        and type(minutes) is int
        and 0 <= minutes < 1_000_000
        and data.get("safety") in ("timer", "reload", None)
        and all(type(data.get(name)) in (int, type(None)) for name in ("wave", "group"))
        and all(type(data.get(name, "")) in (str, type(None)) for name in _TEXTS)
        and isinstance(data.get("routers", []), list)
        and (entry.router is not None or entry.event in _OF_THE_CHANGE)
    )
    return entry if sound else None


_TEXTS = ("change_id", "digest", "plan", "inventory", "file", "after", "match", "result")
_OF_THE_CHANGE = ("begin", "end", "failed", "damaged")


def _cut_off(raw: bytes) -> bool:
    """Whether the last line of a file, which has no end, is the beginning of an entry."""
    start = b'{"number":'
    if raw[: len(start)] != start[: len(raw)] or b"\0" in raw:
        return False
    with suppress(UnicodeDecodeError):
        getincrementaldecoder("utf-8")().decode(raw)  # which may end in the middle of a character
        return True
    return False
