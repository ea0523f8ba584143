"""Where a new line is printed and what surrounds it: indent, ``!`` between blocks, the end of a block (TEXT-PRINTED)."""

from ikeaudit.candidate.tree import UNRANKED, Line
from ikeaudit.ios.command import Command
from ikeaudit.ios.language import Language, language_of
from ikeaudit.ios.syntax import Match


def _indent(section: Line, language: Language) -> int:
    """Blanks before a new line of ``section``: those of its other lines, else what IOS prints for this kind."""
    if section.parent is None:
        return 0
    first = next(section.statements(), None)
    return (
        first.indent if first is not None and first.indent > section.indent else section.indent + language.mode.indent
    )


def new_line(section: Line, language: Language, match: Match | None, text: str) -> Line:
    """A line for ``section``, not yet part of it."""
    indent = _indent(section, language)
    line = Line(" " * indent + text, text, indent)
    line.match = match
    line.negated = text.startswith("no ")
    line.rank = UNRANKED if match is None else language.ranks[match.command]
    line.language = None if match is None else language_of(match.command)
    return line


def _filler(indent: int, text: str = "!") -> Line:
    return Line(" " * indent + text, text, indent)


def insert_statement(section: Line, line: Line, after: Line | None, command: Command | None) -> None:
    """Put ``line`` behind ``after`` (None: before all other statements), with the separators that IOS prints."""
    section.insert(line, after if after is not None else _before_first(section))
    if command is None:
        return
    if section.parent is None:
        _separate(section, line, command)
    anchor = line
    for closing in command.closing:
        filler = _filler(line.indent, closing)
        section.insert(filler, anchor)
        anchor = filler


def _before_first(section: Line) -> Line | None:
    """The last filler before the first statement: a new first line follows the comments at the top of the text."""
    last = None
    if section.parent is not None:
        return None
    for child in section.children():
        if not child.filler:
            return last
        last = child
    return last


def _separate(section: Line, line: Line, command: Command) -> None:
    """Print ``!`` around the blocks of kinds that IOS prints apart, and around the first line of its kind."""
    apart = command.separated
    if not apart and not command.opens:
        return
    before, behind = line.prev, line.next
    if before is not None and not before.filler and (apart or before.rank != line.rank):
        section.insert(_filler(0), before)
    if behind is not None and not behind.filler and (apart or behind.rank != line.rank):
        section.insert(_filler(0), line)


def take_out(section: Line, line: Line) -> None:
    """Remove ``line`` with the printed end of its block, and one of two separators that would stand side by side."""
    closing = line.match.command.closing if line.match is not None else ()
    for text in closing:
        if line.next is not None and line.next.text.strip() == text:
            section.remove(line.next)
    before, behind = line.prev, line.next
    section.remove(line)
    if section.parent is None and before is not None and before.text == "!" and (behind is None or behind.filler):
        section.remove(before)
