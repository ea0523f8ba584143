"""From text to routers: :func:`parse_configs`, the front door of this package's configuration half."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Literal, NamedTuple

import msgspec

from ikeaudit.model import Router, SecretFacts
from ikeaudit.parsing.build.statement import Context
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.gc_pause import gc_paused
from ikeaudit.parsing.ledger import Ledger
from ikeaudit.parsing.lines import Line
from ikeaudit.parsing.mess import Foreign, RouterText
from ikeaudit.parsing.printed_router import read_printed
from ikeaudit.parsing.reader import read_router, taken_back
from ikeaudit.parsing.redact import cut
from ikeaudit.parsing.sections import Sliced, slice_router


class Remark(NamedTuple):
    """Something about a line that a reader of the coverage should know."""

    line: int
    text: str


class ParsedConfig(msgspec.Struct, frozen=True):
    """What became of one router's text, or of a text that is no router's.

    ``modelled`` and ``irrelevant`` count crypto-relevant lines; ``unknown`` lists those that were not understood, keys masked.
    ``unread`` counts those of a page of notes, which is not read as routers.
    """

    router: Router | None
    kind: Literal["ios", "not-ios"]
    reason: str | None
    host: str
    file: str
    modelled: int = 0
    irrelevant: int = 0
    unknown: tuple[tuple[int, str], ...] = ()
    remarks: tuple[Remark, ...] = ()
    unread: int = 0


def parse_configs(
    text: str, *, file: str, fingerprinter: Fingerprinter, facts: Mapping[str, SecretFacts] | None = None
) -> tuple[ParsedConfig, ...]:
    """Every router in ``text``, the contents of ``file``; redacts first, so that no key is kept anywhere.

    ``facts`` are those recorded when the text was collected (a token tells nothing about its key); facts found in this
    text take precedence. A text that is no IOS configuration gives one entry of kind ``not-ios`` with the reason.
    """
    with gc_paused():
        return _parse(text, file, fingerprinter, facts or {})


def _parse(
    text: str, file: str, fingerprinter: Fingerprinter, facts: Mapping[str, SecretFacts]
) -> tuple[ParsedConfig, ...]:
    left = cut(text, fingerprinter, facts=facts)
    known, cleaned = left.facts, left.found
    source = _Source(file=file, stem=PurePath(file).stem, lines=tuple(left.lines), facts=known, named=left.named)
    if cleaned.page is not None:
        pieces = [_router(part, _empty(part, part.name or "", source), known) for part in cleaned.routers]
        count = sum(piece.modelled + piece.irrelevant + len(piece.unknown) for piece in pieces)
        return (ParsedConfig(None, "not-ios", _OF_NOTES.format(cleaned.page), source.stem, file, unread=count),)
    if cleaned.reason is not None:
        return (ParsedConfig(None, "not-ios", cleaned.reason, source.stem, file),)
    names: dict[str, int] = {}
    return tuple(_parsed(part, source, names) for part in cleaned.parts)


_OF_NOTES = (
    "it is a page of notes ({}) with configuration in it; give each router's configuration as a file of its own,"
    " with its hostname line"
)


class _Source(NamedTuple):
    """A file: its name, its lines as they were left, what is known of its keys, and the lines whose names spell one out."""

    file: str
    stem: str
    lines: Sequence[str]
    facts: Mapping[str, SecretFacts]
    named: tuple[int, ...]


def _parsed(part: RouterText | Foreign, source: _Source, names: dict[str, int]) -> ParsedConfig:
    """What became of one part of a file; ``names`` counts the routers of each name."""
    if isinstance(part, Foreign):
        return ParsedConfig(None, "not-ios", part.reason, part.name or source.stem, source.file)
    host = _unique(part.name or source.stem, names)
    return _router(part, _empty(part, host, source), source.facts)


def _empty(part: RouterText, host: str, source: _Source) -> Router:
    """The router as far as its text goes: its name, and its lines; those of other routers between them are blank."""
    physical = tuple(source.lines[part.first - 1 : part.last])
    if part.elsewhere:
        physical = tuple("" if n in part.elsewhere else text for n, text in enumerate(physical, part.first))
    named = tuple(number for number in source.named if part.first <= number <= part.last)
    return Router(host, source.file, physical, part.first, keys_in_names=named)


def _unique(name: str, taken: dict[str, int]) -> str:
    taken[name] = taken.get(name, 0) + 1
    return name if taken[name] == 1 else f"{name}#{taken[name]}"


def _router(part: RouterText, empty: Router, facts: Mapping[str, SecretFacts]) -> ParsedConfig:
    ledger, ended, told = Ledger(), True, part.remarks
    router = None if part.printed is None else read_printed(part.printed, empty, Context(ledger, facts))
    if router is None:
        ledger, sliced, lost = _sliced(part)
        for line in lost:
            ledger.use(line.number)
        router = read_router(sliced, empty, Context(ledger, facts))
        ended, told = sliced.ended, [*part.remarks, *sliced.remarks]
    unknown = ledger.unknown()
    router = msgspec.structs.replace(router, unknown=unknown, truncated=part.full and not ended)
    remarks = sorted({**dict(told), **ledger.remarks}.items())
    if router.truncated:
        remarks.append((part.last_told, "a running-config without its final 'end': the file is cut short"))
    return ParsedConfig(
        router,
        "ios",
        None,
        empty.name,
        empty.file,
        ledger.modelled,
        ledger.irrelevant,
        tuple((entry.line, router.text(entry.line)) for entry in unknown),
        tuple(Remark(line, text) for line, text in remarks),
    )


def _sliced(part: RouterText) -> tuple[Ledger, Sliced, list[Line]]:
    """A router's text cut up, a ledger for it, and the lines that others took back."""
    lines = part.lines
    sliced = slice_router(lines)
    return Ledger({line.number: line.also for line in lines if line.also}), sliced, taken_back(sliced)
