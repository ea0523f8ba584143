"""What may be told of an exception that nobody expected: its type and where it was raised, never its text or a value.

Tracebacks and the texts of such exceptions can quote a router's configuration, and so a key.
"""

from __future__ import annotations

from traceback import walk_tb
from types import TracebackType


def described(error: BaseException) -> str:
    """The type of an exception and where it was raised: ``KeyError at ikeaudit/parsing/ledger.py:88``."""
    places = _places(error.__traceback__)
    ours = [place for place in places if place.startswith("ikeaudit/")]
    shown = list(dict.fromkeys([*ours[-1:], *places[-1:]]))
    return type(error).__name__ + (f" at {' in '.join(reversed(shown))}" if shown else "")


def trail(error: BaseException) -> str:
    """The types of an exception and of those behind it, each with all the places that it came through, for a debug log."""
    told: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        told.append(f"{type(one).__name__} through {' > '.join(_places(one.__traceback__)) or 'nowhere'}")
        one = one.__cause__ or one.__context__
    return "; behind it ".join(told)


def _places(traceback: TracebackType | None) -> list[str]:
    places = []
    for frame, line in walk_tb(traceback):
        parts = frame.f_code.co_filename.replace("\\", "/").split("/")
        start = next((n for n in reversed(range(len(parts))) if parts[n] == "ikeaudit"), max(0, len(parts) - 2))
        places.append(f"{'/'.join(parts[start:])}:{line}")
    return places
