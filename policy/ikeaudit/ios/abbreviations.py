"""Commands as a human types them, spelt out: ``cry isa prof X`` becomes ``crypto isakmp profile X``.

IOS accepts any unambiguous beginning of a word on input, and never prints one (TEXT-PRINTED). The words that matter are
derived from the tables (:func:`ikeaudit.ios.notation.skeletons`), one trie for each mode. More forgiving than
configuration mode (:mod:`ikeaudit.ios.syntax`): operands may be missing or damaged, the line is told by its keywords.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

OPERAND = "*"
"""In a declared syntax: any one word, kept as it is."""

_SHORTEST = 2
_NO_NAME = 3


class Node:
    """One word position of a mode's commands."""

    __slots__ = ("cache", "children", "operand", "terminal")

    def __init__(self) -> None:
        self.children: dict[str, Node] = {}
        self.operand: Node | None = None
        self.terminal = False
        self.cache: dict[str, str | None] = {}

    def add(self, words: Sequence[str]) -> None:
        """Declare one command, word by word."""
        node = self
        for word in words:
            if word == OPERAND:
                node.operand = node.operand or Node()
                node = node.operand
            else:
                node = node.children.setdefault(word, Node())
        node.terminal = True

    def spell(self, word: str) -> str | None:
        """The declared word that ``word`` abbreviates; None when there is none or more than one.

        Where an operand may stand, a name must not be taken for the beginning of a keyword.
        """
        if word in self.children:
            return word
        if not self.children or ((self.terminal or self.operand is not None) and len(word) < _NO_NAME):
            return None
        if word not in self.cache:
            if len(self.cache) > 4096:
                self.cache.clear()
            self.cache[word] = self._search(word.lower())
        return self.cache[word]

    def _search(self, word: str) -> str | None:
        if word in self.children:
            return word
        if len(word) < _SHORTEST:
            return None
        found = [candidate for candidate in self.children if candidate.startswith(word)]
        if not found:
            return None
        shortest = min(found, key=len)
        return shortest if all(candidate.startswith(shortest) for candidate in found) else None


class Spelt(NamedTuple):
    """A line with its command words spelt out: whether it is a command of the mode, and whether nothing was abbreviated;
    capitals are no abbreviation."""

    text: str
    known: bool
    exact: bool


class Grammar:
    """The commands of one mode: spells abbreviations out, and tells whether a line is one of them."""

    def __init__(self, syntaxes: Iterable[str]) -> None:
        self._root = Node()
        for syntax in syntaxes:
            self._root.add(syntax.split())

    def words(self) -> Iterator[str]:
        """Every keyword, as often as it stands in the trie."""
        waiting = [self._root]
        while waiting:
            node = waiting.pop()
            yield from node.children
            waiting += node.children.values()
            if node.operand is not None:
                waiting.append(node.operand)

    def spell(self, text: str) -> Spelt:
        """``text`` with its command words spelt out."""
        words = text.split()
        front = words[0].lower() if len(words) > 1 else ""
        start = 1 if front in ("no", "default", "do") else 0
        node = self._root
        known, exact, changed = False, True, bool(start) and front != words[0]
        if changed:
            words[0] = front
        for position in range(start, len(words)):
            word = words[position]
            spelt = node.spell(word)
            if spelt is not None:
                if spelt != word:
                    words[position] = spelt
                    changed = True
                    exact = exact and spelt == word.lower()
                node = node.children[spelt]
            elif node.operand is not None:
                node = node.operand
            else:
                break
            known = known or node.terminal
        return Spelt(" ".join(words) if changed else text, known, exact)

    def depth(self, text: str) -> int:
        """How many words of ``text``, a leading ``no`` apart, are words of one command of the mode."""
        words = text.split()
        node, depth = self._root, 0
        for word in words[1:] if words and words[0].lower() in ("no", "default") else words:
            spelt = node.spell(word)
            if spelt is not None:
                node, depth = node.children[spelt], depth + 1
            elif node.operand is not None:
                node = node.operand
            else:
                break
        return depth
