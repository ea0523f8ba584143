"""The sections of a configuration under change, of which only those are written again that commands have touched."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from ikeaudit.candidate import Candidate
from ikeaudit.candidate.line_tree import printed
from ikeaudit.candidate.tree import Line
from ikeaudit.remediation.splice import blocks_of, changed_headers, kind_of
from ikeaudit.remediation.text_seen import TextSeen

_Written: TypeAlias = dict[str, tuple[str, ...]]
Said: TypeAlias = tuple[_Written, ...]


class SectionsSeen:
    """The sections of a candidate as they were at the last look, by their first line; ``text`` is what all of it said.

    A section has what stands directly below its first line, each with what is below that. One that lies in the tree as it does
    in the text is followed by itself. Where the text is cut into sections otherwise (lines that lost their indent, the same
    header twice) the whole is written and cut again at every look. ``blocks`` are in no order: :meth:`headers` and
    :meth:`names` tell it.
    """

    def __init__(self, candidate: Candidate) -> None:
        self._candidate = candidate
        self._root = candidate.root
        self.reset()

    def reset(self) -> None:
        """Write and cut the whole."""
        self._root.changed = {}
        self.text = TextSeen(self._root)
        self._lines: dict[Line, _Written] = {top: _written(top) for top in self._root.children()}
        self._simple = True
        self.blocks: _Written = {}
        self._arrange()
        whole = blocks_of(self._candidate.text())
        if self._simple:
            cut = _flat(self.blocks)
            self._simple = cut == whole and [*cut] == [*whole]
        if not self._simple:
            self.blocks = whole
        self._list()

    def look(self) -> list[str]:
        """The headers of sections that are new, gone or different since the last look, in their order, gone ones last."""
        touched = self._root.changed or {}
        self._root.changed = {}
        self.text.follow(touched)
        before = self.blocks
        if self._simple:
            changes = []
            for top in touched:
                was, now = self._lines.get(top, {}), _written(top) if top.parent is self._root else {}
                if top.parent is self._root:
                    self._lines[top] = now
                else:
                    self._lines.pop(top, None)
                changes += [(top, was, now)] if was != now else []
            if not changes:
                return []
            followed = self._followed(*changes[0]) if len(changes) == 1 else None
            if followed is not None:
                return [followed]
            self._arrange()
            if self._simple:
                return self._told(before)
            before = _flat(before)
        self.blocks = blocks_of(self._candidate.text())
        return self._told(before)

    def said(self) -> Said | None:
        """All sections with what they say, in order, at the last look; None where more than sections tells what is meant."""
        if not self._simple:
            return None
        return tuple([written for top in self._root.children() if (written := self._lines[top])])

    def says(self, said: Said) -> bool:
        """Whether the sections say that, and in that order; separators between them do not count."""
        return self.said() == said

    def headers(self, section: tuple[str, str]) -> list[str]:
        """The headers that describe one object, by its kind and name, in the order of the text."""
        return self._by_section.get(section, [])

    def names(self, kind: str) -> list[str]:
        """The objects of a kind in the order of the text, that of their first headers."""
        return self._by_kind.get(kind, [])

    # -- one section alone -----------------------------------------------------------------------------------------

    def _followed(self, top: Line, was: _Written, now: _Written) -> str | None:
        """Take in what has become of one line at the margin; its header, or None when more has to be looked at."""
        if len(was) > 1 or len(now) > 1 or "" in now or (was and now and [*was] != [*now]):
            return None
        if not now:
            (header,) = was
            return header if self._left_out(header) else None
        ((header, lines),) = now.items()
        if not was and (header in self.blocks or not self._put_in(top, header)):
            return None
        self.blocks[header] = lines
        return header

    def _left_out(self, header: str) -> bool:
        """Forget a section; whether what is known of the others' order holds."""
        section = kind_of(header)
        if section is not None:
            headers, names = self._by_section[section], self._by_kind[section[0]]
            if len(headers) > 1 and len(names) > 1:
                return False
            headers.remove(header)
            if not headers:
                del self._by_section[section]
                names.remove(section[1])
        del self.blocks[header]
        return True

    def _put_in(self, top: Line, header: str) -> bool:
        """Give a new section its place among those of its kind; whether that is known."""
        section = kind_of(header)
        if section is None:
            return True
        names = self._by_kind.setdefault(section[0], [])
        earlier = self._earlier(top, section[0]) if names else None
        known = self._by_section.get(section)
        if known is not None:
            if earlier not in known:
                return False
            known.insert(known.index(earlier) + 1, header)
            return True
        at = 0
        if earlier is not None:
            other = kind_of(earlier)
            assert other is not None
            if len(self._by_section[other]) > 1:
                return False
            at = names.index(other[1]) + 1
        names.insert(at, section[1])
        self._by_section[section] = [header]
        return True

    def _earlier(self, top: Line, kind: str) -> str | None:
        """The last header before ``top`` of a section of that kind."""
        line = top.prev
        while line is not None:
            for header in self._lines[line]:
                found = kind_of(header)
                if found is not None and found[0] == kind:
                    return header
            line = line.prev
        return None

    # -- all of them -----------------------------------------------------------------------------------------------

    def _told(self, before: _Written) -> list[str]:
        self._list()
        return changed_headers(before, self.blocks)

    def _list(self) -> None:
        """The sections of each object, and the objects of each kind."""
        self._by_section: dict[tuple[str, str], list[str]] = {}
        for header in self.blocks:
            section = kind_of(header)
            if section is not None:
                self._by_section.setdefault(section, []).append(header)
        self._by_kind: dict[str, list[str]] = {}
        for kind, name in self._by_section:
            self._by_kind.setdefault(kind, []).append(name)

    def _arrange(self) -> None:
        """The sections in the order of the text; not simple where two places have one header, or a line stands below none."""
        self.blocks = {}
        count = 0
        for top in self._root.children():
            for header, lines in self._lines[top].items():
                self.blocks[header] = lines
                count += 1
        self._simple = self._simple and count == len(self.blocks) and "" not in self.blocks


def _written(top: Line) -> _Written:
    """The sections that a line at the margin makes with all below it; under an empty header what belongs to none."""
    text = printed(top)
    if top.raw and not top.raw[0].isspace() and top.raw[0] != "!" and len(top.raw.splitlines()) == 1:
        below = [_said(child.printed or "") for child in top.children()]
        if None not in below:
            return {top.raw: tuple(text for text in below if text)}
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text.splitlines():
        if not line or line[0] == "!":
            continue
        if line[0].isspace():
            if current is None:
                current = found.setdefault("", [])
            current.append(line)
        else:
            current = found.setdefault(line, [])
    return {header: tuple(lines) for header, lines in found.items()}


@lru_cache(maxsize=65536)
def _said(text: str) -> str | None:
    """What a line below a header says with all below it, without separators; None when some of it stands at the margin."""
    lines = text.splitlines()
    if len(lines) == 1 and text[0].isspace():
        return text
    kept = [line for line in lines if line and line[0] != "!"]
    return "\n".join(kept) if all(line[0].isspace() for line in kept) else None


def _flat(blocks: _Written) -> _Written:
    """Sections line by line."""
    return {header: tuple(line for part in below for line in part.split("\n")) for header, below in blocks.items()}
