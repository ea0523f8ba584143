"""The sections of a configuration under change, of which only those are written again that commands have touched."""

from __future__ import annotations

from ikeaudit.candidate import Candidate
from ikeaudit.candidate.line_tree import printed
from ikeaudit.candidate.tree import Line
from ikeaudit.remediation.splice import blocks_of, changed_headers, kind_of


class SectionsSeen:
    """The sections of a candidate as they were at the last look, by their first line, in the order of the text.

    A section that lies in the tree as it does in the text is followed by itself. Where the text is cut into sections otherwise
    (lines that lost their indent, the same header twice) the whole is written and cut again at every look.
    """

    def __init__(self, candidate: Candidate) -> None:
        self._candidate = candidate
        self._root = candidate.root
        self.reset()

    def reset(self) -> None:
        """Write and cut the whole."""
        self._root.changed = {}
        self._lines: dict[Line, dict[str, tuple[str, ...]]] = {}
        self._simple = True
        for top in self._root.children():
            self._lines[top] = _written(top)
        self.blocks: dict[str, tuple[str, ...]] = {}
        self._arrange()
        whole = blocks_of(self._candidate.text())
        if self.blocks != whole or [*self.blocks] != [*whole]:
            self._simple, self.blocks = False, whole
        self._by_section = _by_section(self.blocks)

    def look(self) -> tuple[list[str], bool]:
        """The headers of sections that are new, gone or different since the last look, in their order, gone ones last.

        Besides whether they still stand in the same order, none new and none gone.
        """
        touched = self._root.changed or {}
        self._root.changed = {}
        before = self.blocks
        if not self._simple:
            self.blocks = blocks_of(self._candidate.text())
            return self._told(before)
        same_order = True
        found: dict[str, tuple[str, ...]] = {}
        for top in touched:
            was = self._lines.get(top)
            now = _written(top) if top.parent is self._root else None
            if was == now:
                continue
            same_order = same_order and was is not None and now is not None and [*was] == [*now]
            if now is None:
                del self._lines[top]
            else:
                self._lines[top] = now
                found.update(now)
        if not same_order:
            self._arrange()
            if not self._simple:
                self.blocks = blocks_of(self._candidate.text())
            return self._told(before)
        changed = [header for header, lines in found.items() if before[header] != lines]
        if len(changed) > 1:
            changed = [header for header in before if header in set(changed)]
        if changed:
            self.blocks = before
            for header in changed:
                before[header] = found[header]
        return changed, True

    def headers(self, section: tuple[str, str]) -> list[str]:
        """The headers that describe one object, by its kind and name, in the order of the text."""
        return self._by_section.get(section, [])

    def _told(self, before: dict[str, tuple[str, ...]]) -> tuple[list[str], bool]:
        self._by_section = _by_section(self.blocks)
        changed = changed_headers(before, self.blocks)
        return changed, not changed

    def _arrange(self) -> None:
        """The sections in the order of the text; not simple where two places have one header, or a line stands below none."""
        self.blocks = {}
        count = 0
        for top in self._root.children():
            for header, lines in self._lines[top].items():
                self.blocks[header] = lines
                count += 1
        self._simple = self._simple and count == len(self.blocks) and "" not in self.blocks


def _written(top: Line) -> dict[str, tuple[str, ...]]:
    """The sections that a line at the margin makes with all below it; under an empty header what belongs to none."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in printed(top).splitlines():
        if not line or line[0] == "!":
            continue
        if line[0].isspace():
            if current is None:
                current = found.setdefault("", [])
            current.append(line)
        else:
            current = found.setdefault(line, [])
    return {header: tuple(lines) for header, lines in found.items()}


def _by_section(blocks: dict[str, tuple[str, ...]]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for header in blocks:
        section = kind_of(header)
        if section is not None:
            found.setdefault(section, []).append(header)
    return found
