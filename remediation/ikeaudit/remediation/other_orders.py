"""The lines of one step in other orders: what breaks between two of them is refused only where an order avoids it."""

from collections.abc import Iterator, Sequence
from itertools import permutations

from ikeaudit.candidate import Candidate

_ALL = 4
"""Of up to so many parts every order is tried."""
_MOVED = 12
"""Of up to so many parts each one is tried first and last as well."""

_Part = tuple[str, ...]


def other_orders(text: str, commands: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """``commands`` in other orders, each once; ``text`` is the configuration that they are sent to.

    Whether the router accepts an order, and whether it comes to the same, is for the caller to find out.
    """
    parts = _parts(text, commands)
    seen = {tuple(parts)}
    for order in _orders(parts):
        if order not in seen:
            seen.add(order)
            yield tuple(line for part in order for line in part)


def _orders(parts: list[_Part]) -> Iterator[tuple[_Part, ...]]:
    if len(parts) <= _ALL:
        yield from permutations(parts)
        return
    adding = [part for part in parts if not any(line.startswith("no ") for line in part)]
    removing = [part for part in parts if part not in adding]
    yield tuple(reversed(parts))
    yield (*adding, *removing)
    yield (*adding, *reversed(removing))
    for part in parts if len(parts) <= _MOVED else ():
        rest = [other for other in parts if other is not part]
        yield (part, *rest)
        yield (*rest, part)


def _parts(text: str, commands: Sequence[str]) -> list[_Part]:
    """What can be sent apart: a line of global mode, or one of a section with the lines that enter and leave it."""
    session = Candidate.from_text(text, redacted=True).session()
    top = session.prompt_suffix
    found: list[_Part] = []
    waiting: list[str] = []
    header, inside, empty = "", top, True
    for line in commands:
        at = session.prompt_suffix
        session.send(line)
        now = session.prompt_suffix
        if at == top:
            header, inside, waiting, empty = line, now, [], True
            if now == top:
                found.append((line,))
        elif now == top:
            if waiting or empty:
                found.append((header, *waiting, line))
        else:
            waiting.append(line)
            if now == inside:
                found.append((header, *waiting, "exit"))
                waiting, empty = [], False
    return found
