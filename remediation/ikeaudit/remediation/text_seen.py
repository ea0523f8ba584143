"""The text of a configuration under change, page by page: only pages that commands have touched are written again."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from typing import TypeAlias

from ikeaudit.candidate.line_tree import printed
from ikeaudit.candidate.tree import Line
from ikeaudit.parsing.volatile import stable_lines

Pages: TypeAlias = tuple[str, ...]
"""A text in pieces, which many versions of it share."""

_LINES = 16
"""Lines at the margin, with all below them, on one page."""


class _Page:
    """Some neighbours among the lines at the margin; their text, and what of it counts, once that was asked for."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self._text: str | None = None
        self._stable: str | None = None

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = "\n".join(map(printed, self.lines))
        return self._text

    @property
    def stable(self) -> str:
        """What :func:`stable_lines` leaves of the text, each line with its end."""
        if self._stable is None:
            self._stable = "".join(f"{line}\n" for line in stable_lines(self.text))
        return self._stable

    def changed(self) -> None:
        self._text = self._stable = None


class TextSeen:
    """What a configuration said at the last :meth:`follow`; ``root`` is the line that all others stand below."""

    def __init__(self, root: Line) -> None:
        self._root = root
        self._begin()

    def _begin(self) -> None:
        lines = [*self._root.children()]
        self._pages = [_Page(lines[at : at + _LINES]) for at in range(0, len(lines), _LINES)]
        self._page_of = {line: page for page in self._pages for line in page.lines}

    def follow(self, touched: Collection[Line]) -> None:
        """Take in what has become of the lines ``touched``: all at the margin that came, went, or have other lines below."""
        new = []
        for line in touched:
            page = self._page_of.get(line)
            if line.parent is not self._root:
                if page is not None:
                    self._drop(line, page)
            elif page is None:
                new.append(line)
            else:
                page.changed()
        while new:
            waiting = [line for line in new if not self._insert(line)]
            if len(waiting) == len(new):
                self._begin()
                return
            new = waiting

    def _drop(self, line: Line, page: _Page) -> None:
        page.lines.remove(line)
        page.changed()
        del self._page_of[line]
        if not page.lines:
            self._pages.remove(page)

    def _insert(self, line: Line) -> bool:
        """Put a line behind the one before it; whether that is known."""
        page = self._page_of.get(line.prev) if line.prev is not None else None
        if page is None:
            return False
        assert line.prev is not None
        page.lines.insert(page.lines.index(line.prev) + 1, line)
        page.changed()
        self._page_of[line] = page
        if len(page.lines) > 2 * _LINES:
            half = _Page(page.lines[_LINES:])
            del page.lines[_LINES:]
            self._pages.insert(self._pages.index(page) + 1, half)
            self._page_of.update(dict.fromkeys(half.lines, half))
        return True

    def pages(self) -> Pages:
        """The text, to be put together by :func:`joined`."""
        return tuple([page.text for page in self._pages])

    def hash(self) -> str:
        """The same as :func:`ikeaudit.parsing.volatile.before_hash` of the text."""
        return sha256("".join([page.stable for page in self._pages])[:-1].encode("utf-8", "surrogatepass")).hexdigest()


def joined(pages: Pages) -> str:
    """The text of ``pages``."""
    return "\n".join(pages) + "\n"
