"""Lines as they are typed, written by the id of their row: what is written is spelt as the table spells it.

    command("crypto-map/set-peer", "192.0.2.1")                     # set peer 192.0.2.1
    command("interface/tunnel-protection", "IP1", "shared")         # tunnel protection ipsec profile IP1 shared
    no("ipsec-profile/set-pfs")                                     # no set pfs

The id says in which mode the line is typed, and the operands follow as they stand in it; keywords that the syntax leaves
to choose (``shared``) are operands, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile
from typing import NamedTuple

from ikeaudit.ios.language import COMMANDS
from ikeaudit.ios.notation import Token, sequences
from ikeaudit.ios.syntax import ARGUMENTS, Typed


def command(row: str, *operands: object) -> str:
    """The command whose row has the id ``row``; operands that are None are left out, several words in one count as such.

    The form that comes first in the table is taken, unless the operands are of the types that another one has. A text at the
    end of the line stays as it is, blanks included.

    :raises ValueError: when no form of the command has such operands, or they do not tell which form is meant.
    """
    return _written(row, _typed(operands), negated=False)


def no(row: str, *operands: object) -> str:
    """What takes such a line back, by any form that ``no`` accepts; raises as :func:`command`.

    Without operands, the words before the first one are enough.
    """
    return f"no {_written(row, _typed(operands), negated=True)}"


def _typed(operands: Sequence[object]) -> Typed:
    return Typed.of(" ".join(str(operand) for operand in operands if operand is not None))


def _written(row: str, typed: Typed, *, negated: bool) -> str:
    fits = [
        (rank, line)
        for form, ways in enumerate(_forms(row, negated))
        for way in ways
        for fit, line in _filled(way, typed)
        if line
        for rank in [(fit.odd, -fit.chosen, form, fit.run_together, len(line))]
    ]
    if not fits:
        raise ValueError(f"no form of {row} has {len(typed.words)} operands like these")
    best = min(fits)
    if any(rank == best[0] and line != best[1] for rank, line in fits):
        raise ValueError(f"the operands do not tell which form of {row} is meant")
    return " ".join(best[1])


@cache
def _forms(row: str, negated: bool) -> tuple[list[list[Token]], ...]:
    """The ways to spell each form of a command, as configuration mode takes it."""
    forms = COMMANDS[row]
    syntaxes = [syntax for form in forms for syntax in (form.syntax, *form.also, *(form.no if negated else ()))]
    found = [sequences(syntax) for syntax in syntaxes]
    short = [[*takewhile(lambda token: not token.name, ways[0])] for ways in found] if negated else []
    return (*found, short)


class _Fit(NamedTuple):
    """How operands fit a way: how many are of another type, are keywords of it, and are taken together with the one before."""

    odd: int
    chosen: int
    run_together: int


def _filled(way: Sequence[Token], typed: Typed) -> Iterator[tuple[_Fit, list[str]]]:
    """How the operands fit a way, and the line.

    Nothing where the words are not as many as the way needs, or a keyword that is to be chosen is another one. A value of
    another type is left to configuration mode, which says what is wrong with it.
    """
    odd = chosen = run_together = at = 0
    line: list[str] = []
    for token in way:
        if not token.name:
            line.append(token.word)
            continue
        if at == len(typed.words):
            return
        same = token.word == typed.words[at]
        if token.word and not token.value and not same:
            return
        taken = ARGUMENTS[token.type](typed, at) if token.type else None
        chosen += same
        odd += not same and taken is None
        count, value = taken if taken is not None else (1, typed.words[at])
        line.append(value)
        run_together += count - 1
        at += count
    if at == len(typed.words):
        yield _Fit(odd, chosen, run_together), line
