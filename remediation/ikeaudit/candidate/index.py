"""Look-ups over the lines of one section: which line is it, and where does a new one go."""

from bisect import bisect_right

from ikeaudit.candidate.tree import Line, describe, identity_of
from ikeaudit.ios.command import Identity, Placed
from ikeaudit.ios.language import GLOBAL, Language


class _Family:
    """Lines that IOS sorts among themselves, with the keys that they are sorted by."""

    __slots__ = ("keys", "lines", "rank")

    def __init__(self, rank: int) -> None:
        self.rank = rank
        self.keys: list[tuple[int, ...]] = []
        self.lines: list[Line] = []

    def add(self, line: Line, key: tuple[int, ...]) -> None:
        at = bisect_right(self.keys, key)
        self.keys.insert(at, key)
        self.lines.insert(at, line)

    def drop(self, line: Line) -> None:
        at = self.lines.index(line)
        del self.lines[at], self.keys[at]

    def lower(self, key: tuple[int, ...]) -> Line | None:
        """The last line whose key is not above ``key``."""
        at = bisect_right(self.keys, key)
        return self.lines[at - 1] if at else None


def _placed(line: Line) -> Placed | None:
    if line.match is None or line.match.command.placed is None:
        return None
    return line.match.command.placed(line.match.args)


def _statement_before(line: Line) -> Line | None:
    earlier = line.prev
    while earlier is not None and earlier.filler:
        earlier = earlier.prev
    return earlier


class Index:
    """The statements of one section by identity and, in the order of the text, by rank."""

    def __init__(self, section: Line, language: Language) -> None:
        self.language = language
        self._by_identity: dict[Identity, list[Line]] = {}
        self._by_rank: dict[int, list[Line]] = {}
        self._families: dict[tuple[int, str], _Family] = {}
        for line in section.statements():
            if line.match is None:
                describe(line, language)
            self._enter(line, None)

    def find(self, identity: Identity) -> Line | None:
        """The line with this identity; the first one when a file holds it twice."""
        lines = self._by_identity.get(identity)
        return lines[0] if lines else None

    def starting(self, start: Identity) -> list[Line]:
        """The lines whose identity begins with ``start``."""
        exact = self._by_identity.get(start)
        if exact:
            return list(exact)
        size = len(start)
        return [line for identity, lines in self._by_identity.items() if identity[:size] == start for line in lines]

    def items(self) -> dict[Identity, list[Line]]:
        """All statements by identity, in the order in which the identities first came up."""
        return self._by_identity

    def place(self, line: Line) -> Line | None:
        """The statement behind which ``line`` belongs; None means before all others.

        Last of its kind; in order where IOS sorts; behind what the table lists earlier when it is the first of its kind.
        """
        assert line.rank is not None
        placed = _placed(line)
        same = self._by_rank.get(line.rank)
        if placed is None or same is None:
            return self._last_up_to(line.rank)
        family = self._families.get((line.rank, placed.family))
        if family is not None:
            return family.lower(placed.key) or _statement_before(family.lines[0])
        return self._after_family(line.rank, placed.rank, same)

    def _after_family(self, rank: int, family_rank: int, same: list[Line]) -> Line | None:
        earlier = [f for (r, _), f in self._families.items() if r == rank and f.rank <= family_rank]
        if not earlier:
            return _statement_before(same[0])
        last = {id(family.lines[-1]) for family in earlier}
        return next(line for line in reversed(same) if id(line) in last)

    def _last_up_to(self, rank: int) -> Line | None:
        ranks = [r for r in self._by_rank if r <= rank]
        return self._by_rank[max(ranks)][-1] if ranks else None

    def _enter(self, line: Line, before: Line | None) -> None:
        self._by_identity.setdefault(identity_of(line), []).append(line)
        if line.rank is None:
            return
        lines = self._by_rank.setdefault(line.rank, [])
        lines.insert(lines.index(before) if before is not None else len(lines), line)
        placed = _placed(line)
        if placed is not None:
            self._families.setdefault((line.rank, placed.family), _Family(placed.rank)).add(line, placed.key)

    def add(self, line: Line) -> None:
        """Enter a line that has just been put into the chain."""
        following = line.next
        while following is not None and following.filler:
            following = following.next
        self._enter(line, following if following is not None and following.rank == line.rank else None)

    def drop(self, line: Line) -> None:
        """Forget a line that is about to leave the chain."""
        identity = identity_of(line)
        lines = self._by_identity[identity]
        lines.remove(line)
        if not lines:
            del self._by_identity[identity]
        if line.rank is None:
            return
        self._by_rank[line.rank].remove(line)
        if not self._by_rank[line.rank]:
            del self._by_rank[line.rank]
        placed = _placed(line)
        if placed is not None:
            family = self._families[line.rank, placed.family]
            family.drop(line)
            if not family.lines:
                del self._families[line.rank, placed.family]


def index_of(section: Line, language: Language) -> Index:
    """The index of ``section``, built on first use."""
    index = section.index
    if not isinstance(index, Index):
        index = section.index = Index(section, language)
    return index


def hostname_of(root: Line) -> str:
    """The host name that is configured below ``root``; ``Router`` without one."""
    line = index_of(root, GLOBAL).find(("hostname",))
    match = line.match if line is not None else None
    return match.args["name"] if match is not None else "Router"
