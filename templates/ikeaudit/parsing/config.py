"""From text to routers: :func:`parse_configs`, the front door of this package's configuration half."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePath

import msgspec

from ikeaudit.model import Router, SecretFacts
from ikeaudit.parsing.build.statement import Context
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.gc_pause import gc_paused
from ikeaudit.parsing.ledger import Ledger
from ikeaudit.parsing.lines import split_lines
from ikeaudit.parsing.mess import OPENING, Foreign, RouterText, may_be_unfilled, open_keys, placeholders
from ikeaudit.parsing.parsed import ParsedConfig, Remark
from ikeaudit.parsing.printed_router import read_printed
from ikeaudit.parsing.reader import read_router, taken_back
from ikeaudit.parsing.redact import cut
from ikeaudit.parsing.sections import slice_router


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
    known, cleaned, stem = left.facts, left.found, PurePath(file).stem
    physical = tuple(left.lines)
    if cleaned.page is not None:
        pieces = [
            _router(part, _empty(part, part.name or "", file, physical, left.named), known) for part in cleaned.routers
        ]
        count = sum(piece.modelled + piece.irrelevant + len(piece.unknown) for piece in pieces)
        return (ParsedConfig(None, "not-ios", _OF_NOTES.format(cleaned.page), stem, file, unread=count),)
    if cleaned.reason is not None:
        return (ParsedConfig(None, cleaned.kind, cleaned.reason, stem, file),)
    names: Counter[str] = Counter()
    found: list[ParsedConfig] = []
    for part in cleaned.parts:
        name = part.name or stem
        if isinstance(part, Foreign):
            found.append(ParsedConfig(None, part.kind, part.reason, name, file))
            continue
        names[name] += 1
        host = name if names[name] == 1 else f"{name}#{names[name]}"
        found.append(_as_template(_router(part, _empty(part, host, file, physical, left.named), known), text))
    return tuple(found)


_OF_NOTES = (
    "it is a page of notes ({}) with configuration in it; give each router's configuration as a file of its own,"
    " with its hostname line"
)


def _as_template(parsed: ParsedConfig, raw: str) -> ParsedConfig:
    """``parsed``, named a template where values are not filled in; ``raw`` is the file as it came."""
    first, text = (parsed.router.first_line, parsed.router.lines) if parsed.router else (1, ())
    may_be_open = any(map(raw.__contains__, OPENING))
    keys = [n for n, line in enumerate(text, first) if "<PSK:" in line] if may_be_open else []
    lines = split_lines(raw) if keys or parsed.unknown else []
    missing = sorted({*placeholders(lines, [line for line, _ in parsed.unknown]), *open_keys(lines, keys)})
    if not missing:
        return parsed
    where = f"line{'s' if len(missing) > 1 else ''} {', '.join(map(str, missing[:_SHOWN]))}"
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    reason = f"it has values that are not filled in ({where}{more})"
    return msgspec.structs.replace(parsed, kind="template", reason=reason)


_SHOWN = 4


def _empty(part: RouterText, host: str, file: str, lines: Sequence[str], named: tuple[int, ...]) -> Router:
    """The router as far as its text goes: its name, its lines, those of other routers between them blank, and which of them
    are ``named`` like a key."""
    physical = tuple(lines[part.first - 1 : part.last])
    if part.elsewhere:
        own = list(physical)
        for number in part.elsewhere:
            own[number - part.first] = ""
        physical = tuple(own)
    spelt_out = tuple(number for number in named if part.first <= number <= part.last)
    return Router(host, file, physical, part.first, keys_in_names=spelt_out)


def _router(part: RouterText, empty: Router, facts: Mapping[str, SecretFacts]) -> ParsedConfig:
    ledger, ended, told = Ledger(), True, part.remarks
    router = None
    if part.printed is not None:
        unfilled = may_be_unfilled("\n".join(part.printed))
        router = read_printed(part.printed, empty, Context(ledger, facts, unfilled))
    if router is None:
        lines = part.lines
        blank = {number for number, text in enumerate(empty.lines, empty.first_line) if not text.strip()}
        sliced = slice_router(lines, blank - part.elsewhere)
        ledger = Ledger({line.number: line.also for line in lines if line.also})
        for line in taken_back(sliced):
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
