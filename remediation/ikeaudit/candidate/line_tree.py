"""Text -> tree: sections by indent, verbatim blocks kept whole, nothing dropped (TEXT-PRINTED)."""

import re

from ikeaudit.candidate.tree import Line, describe, look_up
from ikeaudit.ios.language import GLOBAL
from ikeaudit.ios.syntax import Match
from ikeaudit.ios.tables.names import DATA_ENDS
from ikeaudit.ios.words import delimited, slot, starts

_BANNER = re.compile(rf"(?:{'|'.join(delimited('banner'))})\s*(?P<mark>\^C|\S)")
_OPENS_BANNER, _CERTIFICATE = starts("global/banner", "certificate-chain/certificate")
_KEY_STRING = slot("rsa-pubkey/key-string")
_HEX = re.compile(r"[0-9A-Fa-f ]+$")
_INDENT = " \t\u00a0\u3000"


def banner_mark(text: str) -> str | None:
    """The delimiter of a banner command whose text does not end on the same line; None when it does, or is no banner."""
    found = _BANNER.match(text)
    if found is None:
        return None
    mark = found["mark"]
    return None if mark in text[found.end() :] else mark


def _known_by(match: Match) -> int:
    """By how many of its words a line is known: ``ip tcp adjust-mss N`` by three, as ``ip tcp <rest>`` by two."""
    syntax = match.command.syntax.split("[")[0]
    return 0 if match.command.plain else sum(not word.startswith("<") for word in syntax.split())


def _is_flat(section: Line) -> bool:
    """Whether no line of a section is indented."""
    return all(child.indent == 0 for child in section.children())


class _Reader:
    """Builds the tree line by line."""

    def __init__(self, *, redacted: bool) -> None:
        self._redacted = redacted
        self.root = Line("", "", -1, redacted=redacted)
        self.root.language = GLOBAL
        self._open: list[Line] = [self.root]
        self._headers: list[Line] = []
        self._verbatim: list[str] = []
        self._line = self.root
        self._until = ""

    def feed(self, raw: str) -> None:
        """Take the next line."""
        if self._until:
            if not self._ends_verbatim(raw):
                self._verbatim.append(raw)
                return
            if self._until == DATA_ENDS and raw.strip() != DATA_ENDS:
                self._close_verbatim()  # the block was cut off: this line is a statement again
            else:
                self._verbatim.append(raw)
                self._close_verbatim()
                return
        text = raw.lstrip()
        indent = len(raw) - len(raw.lstrip(_INDENT))
        line = Line(raw, text, indent, redacted=self._redacted)
        if line.filler:
            self._filler(line)
        else:
            self._statement(line)

    def _filler(self, line: Line) -> None:
        self._append(next(section for section in reversed(self._open) if section.indent < line.indent), line)

    def _statement(self, line: Line) -> None:
        while self._open[-1].indent >= line.indent:
            self._open.pop()
        parent = self._open[-1]
        if parent is self.root:
            describe(line, GLOBAL)
            parent = self._strayed_from(line) or self.root
            if parent is self.root and not self._may_belong(line):
                self._headers = [line]
        self._append(parent, line)
        if line.indent > parent.indent:
            self._open.append(line)
        self._open_verbatim(line)

    def _append(self, parent: Line, line: Line) -> None:
        """Put ``line`` last in ``parent``; separators that stood behind that section move into it, so order is kept."""
        path: list[tuple[Line, Line]] = []
        section = parent
        while section is not self.root:
            assert section.parent is not None
            path.append((section.parent, section))
            section = section.parent
        for outer, section in reversed(path):
            while section.next is not None:
                between = section.next
                outer.remove(between)
                section.append(between)
        parent.append(line)

    def _strayed_from(self, line: Line) -> Line | None:
        """The section that a line at the margin belongs to, as in text that lost its indent; None when it is no child.

        A line that is also a global command belongs to a section only when the section knows it better and holds no
        indented lines.
        """
        bare = line.text.removeprefix("no ")
        for at in range(len(self._headers) - 1, -1, -1):
            header = self._headers[at]
            language = header.language
            found = look_up(language, bare, behind_no=False, redacted=line.redacted) if language is not None else None
            if not isinstance(found, Match) or (
                line.match is not None and not self._is_better(found, line.match, header)
            ):
                continue
            assert language is not None
            describe(line, language)
            self._headers[at + 1 :] = [line]
            return header
        return None

    @staticmethod
    def _is_better(found: Match, known: Match, header: Line) -> bool:
        """Whether what ``header`` makes of a line is better than what is known of it outside."""
        return _known_by(found) > _known_by(known) and _is_flat(header)

    def _may_belong(self, line: Line) -> bool:
        """Whether a line at the margin that no section knows may stand inside one all the same: a later line will tell.

        :meth:`_append` moves what stands between two lines of a section into it.
        """
        return (
            (line.match is None or line.match.command.plain)
            and bool(self._headers)
            and _is_flat(self._headers[0])
            and self._headers[0].last is not None
        )

    def _open_verbatim(self, line: Line) -> None:
        text = line.text
        if text.startswith(_OPENS_BANNER):
            mark = banner_mark(text)
            if mark is not None:
                self._start(line, mark)
        elif text.startswith(_CERTIFICATE) or text.rstrip() == _KEY_STRING:
            self._start(line, "quit")

    def _start(self, line: Line, until: str) -> None:
        self._until, self._verbatim, self._line = until, [line.raw], line

    def _ends_verbatim(self, raw: str) -> bool:
        if self._until != "quit":
            return self._until in raw
        stripped = raw.strip()
        return stripped == "quit" or bool(raw and not raw[0].isspace() and not _HEX.match(stripped))

    def _close_verbatim(self) -> None:
        self._line.raw = "\n".join(self._verbatim)
        self._until = ""

    def finish(self) -> Line:
        """The root, with a block that never ended taken as far as it goes."""
        if self._until:
            self._close_verbatim()
        return self.root


def read_tree(text: str, *, redacted: bool = False) -> Line:
    """The tree of a configuration text; line ends are normalised, every other byte is kept.

    ``redacted``: no clear secret is in it, so that what is found out about its lines may be remembered.
    """
    reader = _Reader(redacted=redacted)
    for raw in text.replace("\r", "").removesuffix("\n").split("\n"):
        reader.feed(raw)
    return reader.finish()


def write_tree(root: Line) -> str:
    """The text of a tree, ended by a line end."""
    return "\n".join(map(printed, root.children())) + "\n"


def printed(top: Line) -> str:
    """The text of a line directly below the root with all below it, kept until it becomes another."""
    if top.printed is None:
        out = [top.raw]
        for child in top.children():
            if child.printed is None:
                lines: list[str] = []
                child.write(lines)
                child.printed = "\n".join(lines)
            out.append(child.printed)
        top.printed = "\n".join(out)
    return top.printed
