"""Reading one section: its header begins an object, each line is read into it or accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ikeaudit.ios.command import Args, Command
from ikeaudit.ios.fast import Found
from ikeaudit.ios.language import LANGUAGES, Language
from ikeaudit.ios.tables.names import DATA_ENDS
from ikeaudit.parsing.bound import (
    DENIED,
    HEADERS,
    INSIDES,
    NEGATED,
    NOTHING,
    STATEMENTS,
    TAKING,
    bare,
    is_doubted,
    is_known_negation,
    leaves,
    taken,
)
from ikeaudit.parsing.build.drafts import Drafts
from ikeaudit.parsing.build.statement import Begin, Context
from ikeaudit.parsing.kinds import Header, Kind, is_cut
from ikeaudit.parsing.mess import is_damaged_child, is_unfilled
from ikeaudit.parsing.redact.headers import misspelt

_LEAVING = ("exit", DATA_ENDS)
_HEX = re.compile(r"[0-9A-Fa-f ]+")


class NotPrintedError(Exception):
    """A line is none that IOS prints where it stands."""


class SectionReader:
    """Reads sections one after the other into the drafts of one router.

    ``printed`` says that lines come as IOS printed them: NotPrintedError, then, where one looks like another section's.
    """

    def __init__(self, drafts: Drafts, context: Context, *, printed: bool) -> None:
        self._drafts = drafts
        self._context = context
        self._printed = printed
        self._draft: Any = None
        self._inner: Any = None
        self._captured = ""
        self._denied: list[str] = []

    def read(self, header: Header, number: int, begin: Begin | None, lines: Iterable[tuple[int, str]]) -> list[str]:
        """The section that ``header`` on line ``number`` opens; what its ``no`` lines may take back."""
        kind, context = header.kind, self._context
        ledger = context.ledger
        also = ledger.also
        inner = begin(self._drafts, header.said, number, context) if begin is not None and header.whole else None
        used, unfilled = 0, context.unfilled
        if (
            inner is not None
            and number not in ledger.doubted
            and not (unfilled and is_unfilled(header.text, header.said))
        ):
            used = 1 + len(also.get(number, ()))
        elif header.row.bears == "irrelevant":
            ledger.harmless(number)
        else:
            ledger.miss(number, kind.unknown, header.name)
        self._header = header
        self._draft = self._inner = inner
        self._denied = denied = list[str]()
        self._captured = captured = ""
        self._language = kind.language
        self._known = known = INSIDES[kind.language.mode.name]
        for at, raw in lines:
            if captured:
                taken_in, captured = self._is_captured(at, raw), self._captured
                if taken_in:
                    continue
            read, args, found = known[raw]
            if unfilled and read is not None and is_unfilled(raw, args):
                read = found = None
            if read is not None:
                if inner is None or not read(inner, args, at, context):
                    ledger.miss(at, kind.unknown, header.name)
                else:
                    used += 1 + len(also[at]) if at in also else 1
            elif found is DENIED:
                denied.append(args["taken"])
            elif found is not NOTHING:
                self._other(at, bare(raw), found)
                known, inner, captured = self._known, self._inner, self._captured
        ledger.modelled += used
        return denied

    def _enter(self, language: Language) -> None:
        self._language = language
        self._known = INSIDES[language.mode.name]

    def _is_captured(self, number: int, raw: str) -> bool:
        """Whether a line belongs to the data that are open (certificates, public keys)."""
        text = bare(raw)
        ends = text == self._captured
        captured = ends or not text or _HEX.fullmatch(text) is not None
        if captured and text:
            self._context.ledger.harmless(number)
        if ends or not captured:
            self._captured = ""
        return captured

    def _other(self, number: int, text: str, found: Found | None) -> None:
        """A line that is not simply read, or has not to be."""
        kind, ledger = self._header.kind, self._context.ledger
        if text.startswith(TAKING):
            self._denied.append(taken(text))
        if found is None:
            found = self._outside(text)
            if found is None:
                self._unmatched(number, text)
                return
        row, args, negated = found
        if negated:
            self._negated(number, row, args, text)
        elif row.bears == "irrelevant":
            ledger.harmless(number)
            self._captured = row.captures
        elif row.bears == "modelled":
            if not is_doubted(self._language, row, args, text) and self._reads(number, row, args):
                ledger.use(number)
            else:
                self._miss(number)
        elif (
            row.bears != "other"
            or (row.plain and is_cut(self._language, text))
            or _is_damaged(kind, text, plain=row.plain)
        ):
            self._miss(number)
        if row.opens is not None and not negated:
            self._enter(LANGUAGES[row.opens])

    def _miss(self, number: int) -> None:
        self._context.ledger.miss(number, self._header.kind.unknown, self._header.name)

    def _reads(self, number: int, row: Command, args: Args) -> bool:
        """Whether a command is understood, be it one that begins an object inside of this one."""
        if self._draft is None:
            return False
        read = STATEMENTS.get(row.id)
        if read is not None:
            return self._inner is not None and read(self._inner, args, number, self._context)
        self._inner = HEADERS[row.id](self._draft, args, number, self._context)
        return self._inner is not None

    def _outside(self, text: str) -> Found | None:
        """The command of the section itself that a line is, where one inside of it was open; that is left then."""
        language = self._header.kind.language
        if self._language is language:
            return None
        found = language.match(text)
        if found is not None:
            self._enter(language)
            self._inner = self._draft
        return found

    def _negated(self, number: int, row: Command, args: Args, text: str) -> None:
        mode = self._language.mode.name
        if misspelt(text, mode) is not None or (
            row.bears == "modelled" and is_doubted(self._language, row, args, text)
        ):
            self._miss(number)
            return
        read = NEGATED.get(row.id)
        if read is not None and self._draft is not None:
            read(self._inner, args, number, self._context)
        if row.bears != "other":
            self._context.ledger.use(number)

    def _unmatched(self, number: int, text: str) -> None:
        """What no command describes: another spelling, ``no`` with another value, or nothing that is known."""
        if self._printed and leaves(text):
            raise NotPrintedError
        kind, ledger = self._header.kind, self._context.ledger
        if kind.unknown == "interface" and not (
            text == "exit" or self._language.concerns(text) or _is_damaged(kind, text, plain=True)
        ):
            return
        if text not in _LEAVING and misspelt(text, self._language.mode.name) is not None:
            self._miss(number)
        elif text in _LEAVING or self._language.mode.rest == "irrelevant":
            ledger.harmless(number)
        elif (
            is_known_negation(kind.language, text)
            or is_known_negation(self._language, text)
            or _takes_harmless(kind, text)
        ):
            ledger.use(number)
        elif _is_harmless(kind, text):
            ledger.harmless(number)
        else:
            self._miss(number)


def _is_damaged(kind: Kind, text: str, *, plain: bool) -> bool:
    """Whether a line of an interface, not relevant as it stands, was probably meant to be; ``plain`` says that no more than
    its first word is known."""
    if kind.name != "interface":
        return False
    return misspelt(text, kind.name) is not None or (
        plain and is_damaged_child("interface", text.removeprefix("default "))
    )


def _takes_harmless(kind: Kind, text: str) -> bool:
    """Whether a line takes away a command that is known not to matter."""
    word, _, taken = text.partition(" ")
    return word in ("no", "default") and taken != "" and _is_harmless(kind, taken)


def _is_harmless(kind: Kind, text: str) -> bool:
    """Whether a line, its words spelt out, is known not to matter."""
    spelt = kind.grammar.spell(text)
    found = kind.language.match(spelt.text if spelt.known else text)
    return found is not None and found.row.bears == "irrelevant"
