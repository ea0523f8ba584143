"""A configuration of which only that is left which is known to be harmless: what is not is cut, line by line.

Every cut leaves a keyed fingerprint of what stood there, taken before anything was replaced in it: a change is still seen,
and a text that was cut once stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ikeaudit.ios.language import GLOBAL
from ikeaudit.ios.replies import INCOMPLETE_COMMENT
from ikeaudit.ios.tables.names import DATA_ENDS
from ikeaudit.ios.words import slot
from ikeaudit.model.secret import SecretFacts
from ikeaudit.parsing.fingerprint import CUT_TOKEN, Fingerprinter
from ikeaudit.parsing.lines import Line, split_lines
from ikeaudit.parsing.mess import Cleaned, RouterText, banner_of, clean, opens_text
from ikeaudit.parsing.redact.engine import redact
from ikeaudit.parsing.redact.finder import INSIDE_WORDS
from ikeaudit.parsing.redact.headers import misspelt
from ikeaudit.parsing.redact.known import KnownSecrets
from ikeaudit.parsing.redact.tokens import SECRET, TOKEN
from ikeaudit.parsing.redact.verdicts import GLOBALS, WHOLE, Verdict, Verdicts, inside, shapes

_HEADER = re.compile(
    r"Building configuration\.\.\.|Current configuration ?: ?\d+ bytes|Using \d+ out of \d+ bytes"
    r"|! (?:Last configuration change|NVRAM config last updated|No configuration change since last restart)"
    r"(?: at [\d:. ]*(?:\w{0,5}|[+-]\d{2,4}) \w{3} \w{3} +\d+ \d{4}(?: by \S+)?)?",
)
"""What IOS itself says of a configuration."""
_PROMPT = re.compile(r"(\S{1,100})[#>](?:\s*sho?w? run(?:ning-config)?)?")
_COMMENT = re.compile(r"\s*!\s*")
_DATA = re.compile(rf"[0-9A-Fa-f ]+(?:{SECRET})?|{DATA_ENDS}")
_BEFORE_DATA = re.compile(
    rf"\s*(?:{slot('certificate-chain/certificate')} |{slot('rsa-pubkey/key-string')}|[0-9A-Fa-f ]+(?:{SECRET})?$)"
)
_ONLY_TOKENS = re.compile(rf"(?:{TOKEN.pattern}|[\s!*#=~_+|.<>@/-]|\^C)*")
"""Nothing but tokens and what people rule lines with."""
_LEAVING = ("cr", "int")
"""What begins a section wherever it stands."""
_MARK = "! "
_CUT_BEFORE = re.compile(rf"{CUT_TOKEN.pattern}$")
"""How the part of a line ends that is kept, where what follows it was cut already."""
_ROUNDS = 4


class CutText(NamedTuple):
    """A text of which only that is left which is known to be harmless: its ``lines``, the ``facts`` of the keys met in it,
    what it was ``found`` to be, the free text of its commands cut, and the numbers of lines that give an object a name which
    spells a key out (``named``)."""

    lines: list[str]
    facts: Mapping[str, SecretFacts]
    found: Cleaned
    named: tuple[int, ...]

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def cut(
    text: str,
    fingerprinter: Fingerprinter,
    known: KnownSecrets | None = None,
    facts: Mapping[str, SecretFacts] | None = None,
) -> CutText:
    """``text``, a configuration or what is taken for one, without keys and without what is not known to be harmless.

    As :func:`~.engine.redact`, and then more; ``facts`` are those known before. Text that was cut stays as it is: a damaged one
    is cut until that is so.
    """
    left = _once(text, fingerprinter, known, facts)
    if all(part.printed is None for part in left.found.routers):
        lines = left.lines
        for _ in range(_ROUNDS):
            again = _once("\n".join(lines), fingerprinter, None, left.facts).lines
            if again == lines:
                break
            lines = again
        left = left._replace(lines=lines)
    return left


def _once(
    text: str, fingerprinter: Fingerprinter, known: KnownSecrets | None, facts: Mapping[str, SecretFacts] | None
) -> CutText:
    """:func:`cut`, where what is left may look like something else than what it was left of."""
    redacted = redact(text, fingerprinter, known)
    measured = {**(facts or {}), **redacted.facts}
    lines = _physical(redacted.text)
    found = clean(redacted.text, {key for key, fact in measured.items() if fact.masked}, text, lines=lines)
    cutter = _Cutter(lines, _physical(text), fingerprinter)
    found = cutter.cut(found)
    return CutText(cutter.out, measured, found, tuple(sorted(cutter.named(measured))))


def _physical(text: str) -> list[str]:
    """The lines of a file as its user counts them."""
    lines = split_lines(text)
    return [line.rstrip("\r") for line in lines] if "\r" in text else lines


class _Cutter:
    """Cuts the ``lines`` of one text, redacted before, whose ``raw`` lines are the same ones as they came."""

    def __init__(self, lines: Sequence[str], raw: Sequence[str], fingerprinter: Fingerprinter) -> None:
        self._lines = lines
        self._raw = raw if len(raw) == len(lines) else lines
        self._fingerprinter = fingerprinter
        self._keep = fingerprinter.keep
        self._hosts: set[str | None] = set()
        self._names: dict[str, int] = {}
        self._unknown: list[tuple[int, str]] = []
        self.out = [""] * len(lines)
        """The lines as they are left: nothing of one of which nobody says what may stay."""

    def cut(self, cleaned: Cleaned) -> Cleaned:
        """What was found in the text, its free text cut; so is ``out`` then, whole."""
        self._hosts = {part.name for part in cleaned.routers}
        first = cleaned.parts[0] if len(cleaned.parts) == 1 else None
        if isinstance(first, RouterText) and first.printed is not None:
            cleaned = cleaned._replace(parts=(first._replace(printed=self._printed(first.printed)),))
        else:
            cleaned = self._mended(cleaned)
        for at, front in self._unknown:
            self.out[at] = self._with_names(at, front)
        return cleaned

    def named(self, facts: Mapping[str, SecretFacts]) -> Iterator[int]:
        """The lines of objects whose name is a key that ``facts`` are known of, or holds one."""
        sizes = {fact.length for fact in facts.values()}
        for name, number in self._names.items():
            for size in sizes:
                starts = range(len(name) - size + 1) if size >= INSIDE_WORDS else range(len(name) == size)
                if any(self._fingerprinter.psk(name[at : at + size]) in facts for at in starts):
                    yield number
                    break

    def _with_names(self, at: int, front: str) -> str:
        """A line of which no table knows all, with the names of this configuration's objects that stand in it: what nobody
        understands may need them."""
        line, begun = self._lines[at], front.strip()
        rest = line.strip().removeprefix(begun).strip()
        names = [word for word in rest.split() if word in self._names]
        if _CUT_BEFORE.search(begun) and names == rest.split():
            return " ".join([line[: line.index(begun) + len(begun)], *dict.fromkeys(names)])
        if was_cut := CUT_TOKEN.match(rest):
            return " ".join([line[: line.index(was_cut[0])] + was_cut[0], *dict.fromkeys(names)])
        return " ".join([self.out[at], *dict.fromkeys(names)])

    def _printed(self, commands: Sequence[str]) -> list[str]:
        """``commands``, the text just as IOS prints it with nothing where free text stands, cut; so is ``out`` then."""
        cut, self.out = list(commands), list(self._lines)
        section = inside("")
        settled = section.settled
        rest: list[int] = []
        for at, (line, shape) in enumerate(zip(commands, shapes(commands), strict=True)):
            if shape in settled:
                if not shape:
                    rest.append(at)
                continue
            if line[0] == " ":
                verdict = section.alike.get(shape) or section.of(line, shape)
            elif line[0] == "!":
                rest.append(at)
                continue
            else:
                verdict = GLOBALS.alike.get(shape) or GLOBALS.of(line, shape)
                section = inside(verdict.opens or "")
                settled = section.settled
            if verdict.kept != WHOLE:
                self.out[at] = self._line(at, line, verdict, section if line[0] == " " else GLOBALS)
                if verdict.opens is not None or not _may_look_damaged(verdict, section):
                    cut[at] = self.out[at]
            elif verdict.name:
                self._names.setdefault(verdict.named(line), at + 1)
        self._rest(rest)
        return cut

    def _mended(self, cleaned: Cleaned) -> Cleaned:
        """The routers in a text that is not just as IOS prints it, the free text of their commands cut; so is ``out`` then."""
        told: set[int] = set()
        parts = [
            part._replace(cleaned=list(self._of_router(part.lines, told)), printed=None)
            if isinstance(part, RouterText)
            else part
            for part in cleaned.parts
        ]
        self._rest(at for at in range(len(self._lines)) if at not in told)
        return cleaned._replace(parts=tuple(parts))

    def _of_router(self, lines: Iterable[Line], told: set[int]) -> Iterator[Line]:
        section, indent, aside = inside(""), 0, None
        for line in lines:
            at = line.number - 1
            for number in (line.number, *line.also):
                told.add(number - 1)
                self.out[number - 1] = self._lines[number - 1]
            if aside is not None and line.indent <= aside:
                aside = None
            here = section if aside is None else inside("")
            top, own = GLOBALS[line.text], here[line.text]
            leaving = line.indent <= indent or line.text.lower().startswith(_LEAVING)
            verdict = own
            better = top.known or misspelt(line.text) is not None
            opening = top.opens is not None and line.indent <= indent and top.kept == WHOLE
            if leaving and (opening or not own.known or (own.kept != WHOLE and better)):
                verdict = top
                if top.opens is not None:
                    section, indent, aside = inside(top.opens), line.indent, None
                elif _may_hold_lines(line.text):
                    aside = line.indent
            if verdict.kept == WHOLE:
                self._remark(at, line)
                if verdict.name:
                    self._names.setdefault(verdict.named(line.text), line.number)
                yield line
                continue
            text = self._line(at, line.text, verdict, here if verdict is own else GLOBALS)
            if text != line.text:
                self.out[at] = " " * line.indent + text
                for number in line.also:
                    self.out[number - 1] = ""
            yield line if verdict.opens is None and _may_look_damaged(verdict, here) else line._replace(text=text)

    def _remark(self, at: int, line: Line) -> None:
        """Cuts what stands around a command that is kept; one that was wrapped is put into one line for that."""
        said = self._lines[at].strip()
        if said == line.text:
            return
        whole = "".join(line.text.split())
        if line.also:
            numbers = (at, *(number - 1 for number in line.also))
            if not all("".join(self._lines[number].split()) in whole for number in numbers):
                self.out[at] = " " * line.indent + line.text
                for number in numbers[1:]:
                    self.out[number] = ""
            return
        found = re.search(r"\s+".join(map(re.escape, line.text.split())), self._lines[at])
        front, rest = " " * line.indent + line.text, said
        if found is not None:
            rest = self._lines[at][found.end() :]
            if line.host is not None or not self._lines[at][: found.start()].strip():
                front = self._lines[at][: found.end()]
        self.out[at] = front + (
            rest if _ONLY_TOKENS.fullmatch(rest) else f" {_MARK}{self._fingerprinter.cut(rest.strip())}"
        )

    def _line(self, at: int, line: str, verdict: Verdict, mode: Verdicts) -> str:
        """A command of a mode as far as it is kept."""
        front = line[: verdict.kept]
        if not verdict.prose:
            self._unknown.append((at, front))
        elif self._keep and mode.command(front) in self._keep:
            return line
        elif banner := banner_of(line.strip()):
            return self._banner(front, line, banner)
        return front + self._fingerprint(at, front)

    def _banner(self, front: str, line: str, banner: re.Match[str]) -> str:
        """The first line of a text between two delimiters."""
        mark, rest = banner["delimiter"], banner["rest"]
        if mark.isalnum():
            return front + self._fingerprinter.cut(line[len(front) :])
        front = line[: len(line.rstrip()) - len(rest.rstrip())] if rest.strip() else line.rstrip()
        said, closing, _ = rest.partition(mark)
        return front + self._said(said) + closing

    def _fingerprint(self, at: int, front: str) -> str:
        """What stands in for all of a line behind ``front``."""
        raw, begun = self._raw[at].rstrip(), front.strip()
        found = raw.find(begun)
        return self._fingerprinter.cut(raw[found + len(begun) :].strip() if found >= 0 else raw.strip())

    def _rest(self, numbers: Iterable[int]) -> None:
        """Cuts the lines that are no commands: comments, banners, what is not IOS."""
        last, mark = -1, ""
        for at in numbers:
            if not mark or at != last + 1:
                mark = opens_text(self._lines[at - 1].strip()) if at else ""
            last = at
            line = self._lines[at].strip()
            self.out[at] = self._lines[at]
            if mark:
                said, end, _ = line.partition(mark)
                self.out[at] = self._said(said) + end
                mark = "" if end else mark
            elif not self._harmless(at, line):
                front = found[0] if (found := _COMMENT.match(self._lines[at])) else ""
                self.out[at] = (front or _MARK) + self._fingerprint(at, front)

    def _harmless(self, at: int, line: str) -> bool:
        """Whether a line that is no command is nobody's text: a separator, a header, a prompt, data of a certificate."""
        if _ONLY_TOKENS.fullmatch(line) or _HEADER.fullmatch(line) or line == INCOMPLETE_COMMENT:
            return True
        if (prompt := _PROMPT.fullmatch(line)) is not None and prompt[1] in self._hosts:
            return True
        before = self.out[at - 1 : at]
        return bool(before and _DATA.fullmatch(line) and _BEFORE_DATA.match(before[0]))

    def _said(self, text: str) -> str:
        """What stands in for ``text`` that people wrote."""
        return text if _ONLY_TOKENS.fullmatch(text) else self._fingerprinter.cut(text)


def _may_hold_lines(text: str) -> bool:
    """Whether a global command that opens no section that is known may stand above lines of its own all the same."""
    found = GLOBAL.match(text)
    return found is None or found.row.plain


def _may_look_damaged(verdict: Verdict, section: Verdicts) -> bool:
    """Whether the reader has to see a command by itself, to tell whether it was one that matters: what no table knows, and in
    interfaces what is known by its first word alone."""
    return not verdict.known or (section is inside("interface") and not verdict.prose)
