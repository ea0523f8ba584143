"""How far an operand that a table leaves open is known to be harmless, word by word."""

from __future__ import annotations

import re
from functools import cache

from ikeaudit.ios.command import Command
from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.tables.names import FAMILIES, NAMING, NAMING_NEEDED
from ikeaudit.parsing.redact.vocabulary import harmless, is_interface, is_shortened

_WORD = re.compile(r"\S+")
_SHORTEST = 3
"""Letters from which a word is taken for a keyword cut short."""
_NUMBERS = re.compile(r"/?\d{1,5}(?:[-,/:.]\d{1,5})*\.?")
"""Numbers, and lists and ranges of them."""
_RATE = re.compile(r"\d{6,8}")
"""A larger number, as rates are."""
_PRINTED = re.compile(r"[A-Z][a-z]+(?:\d\d[A-Z][a-z]+)?(?:-[A-Za-z]+)*(?:\d[\d/.:]*)?|[xX]")
"""An interface of a type that the tables do not list, as IOS prints it; a number that was left open."""
_TRANSFORM = re.compile(r"(?:esp|ah|comp)(?:-[a-z0-9]+)+")
"""What is spelt as transforms are, of whatever release."""


def words_from(row: Command, name: str, kind: str, text: str, at: int, end: int) -> int | None:
    """Where in ``text[at:end]``, the operand ``name`` of a ``kind``, the first word begins of which nothing says that it is
    harmless: it is none of the dictionary, and no name where one is expected.

    In a header that opens a section there may be one, but of interfaces, and where the name of the section is an operand of
    its own; where the model needs the operand, one may begin it.
    """
    if any(one.many for one in row.refers):
        return None
    opens, modelled = row.opens is not None, row.bears == "modelled"
    needed = modelled or kind == "operands"
    begins = 2 if text[at:end].partition(" ")[0] in NAMING else 0
    interface = row.section == "interface"
    named = interface or (opens and row.defines is not None and name not in row.key)
    before = "" if opens else text[:at].rpartition(" ")[0].rpartition(" ")[2]
    for number, found in enumerate(_WORD.finditer(text, at, end)):
        word = found[0]
        if not (
            harmless(word)
            or before in NAMING
            or goes_on(before, word)
            or ((opens or needed) and (before in NAMING_NEEDED or is_shortened(word)))
            or (needed and ((number > 1 and before == "name") or _NUMBERS.fullmatch(word)))
            or (modelled and (is_interface(word) or (interface and _PRINTED.fullmatch(word))))
            or (modelled and _TRANSFORM.fullmatch(word))
        ):
            if named or not (opens or (number == begins and (modelled or (needed and _RATE.fullmatch(word))))):
                return found.start()
            named = True
        before = word
    return None


def goes_on(family: str, word: str) -> bool:
    """Whether commands of a ``family`` go on with a keyword that begins with ``word``, of which so much is left that it is
    no name."""
    return (
        family in FAMILIES and len(word) >= _SHORTEST and any(key.startswith(word.lower()) for key in _second(family))
    )


@cache
def _second(family: str) -> frozenset[str]:
    """The keywords behind the first of a ``family`` of commands, in all modes."""
    return frozenset(word for one in LANGUAGES.values() if (step := one.steps.next.get(family)) for word in step.next)
