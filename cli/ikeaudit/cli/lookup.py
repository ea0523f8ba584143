"""Finding what the user named; when it is not there, saying what comes close."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from ikeaudit.model.errors import InputError

LISTED = 6


def close_to(asked: str, known: Sequence[str]) -> str:
    """``; did you mean R1 or R2?`` or, when nothing is close, a few of the names there are."""
    by_fold = {name.casefold(): name for name in reversed(known)}
    close = [by_fold[fold] for fold in get_close_matches(asked.casefold(), by_fold, n=3, cutoff=0.5)]
    if close:
        return f"; did you mean {' or '.join(close)}?"
    if not known:
        return "; there is none."
    more = f" and {len(known) - LISTED} more" if len(known) > LISTED else ""
    return f"; there {'is' if len(known) == 1 else 'are'} {', '.join(known[:LISTED])}{more}."


def one_named(asked: str, known: Iterable[str], *, what: str) -> str:
    """The name among ``known`` that ``asked`` means: itself, or the only one that differs in case alone.

    Raises InputError with close matches; ``what`` says what was looked for (``router``).
    """
    names = tuple(known)
    if asked in names:
        return asked
    folded = [name for name in names if name.casefold() == asked.casefold()]
    if len(folded) == 1:
        return folded[0]
    twins = [name for name in names if name.casefold().startswith(f"{asked.casefold()}@")]
    if twins:
        raise InputError(f"{asked} is the name of several {what}s; say which: {', '.join(twins)}.")
    raise InputError(f"There is no {what} {asked!r}{close_to(asked, names)}")
