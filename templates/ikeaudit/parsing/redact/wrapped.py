"""Commands with pre-shared keys that a terminal wrapped into two lines, and secrets alone on the line below their command."""

from __future__ import annotations

import re
from collections.abc import Callable

from ikeaudit.ios.secrets import OPERAND, OPERANDS
from ikeaudit.ios.tables.names import DATA_ENDS, NEVER_A_HALF
from ikeaudit.parsing.redact.clause import Clause, Cut
from ikeaudit.parsing.redact.forms import FORMS, FORMS_OF, Form
from ikeaudit.parsing.redact.keys import ALONE, FIRST_WORD, rest_alone, shows_keys, worded
from ikeaudit.parsing.redact.places import keywords_at
from ikeaudit.parsing.redact.rules import forms_of, secret_of
from ikeaudit.parsing.redact.spelling import INK, PROMPT
from ikeaudit.parsing.redact.tokens import SECRET
from ikeaudit.parsing.redact.vocabulary import is_keyword, is_shortened

EDGE_OF_SCREEN = 79
"""From how many characters on a line may have been wrapped inside of its last word."""

_COLUMN_0_WORD = re.compile(rf"({INK}+)\s*")
_COMMANDS_OF_ONE_WORD = frozenset({"end", "exit", DATA_ENDS, "!", "^"})

_MESSAGE = re.compile(r"\s*%(?:\s|[A-Z0-9_]+-[0-7]-)|.*: %[A-Z0-9_]+-[0-7]-")
"""What IOS says of the line before, or a log message."""
_NO_KEY = re.compile(rf"{_MESSAGE.pattern}|\s*(?:end|exit|{DATA_ENDS}|\^)\s*\Z|{PROMPT}")
"""That, a command of one word, or a prompt."""

Halves = tuple[str, str]
"""What the two lines become: the first from the telling word on, and the second."""


def continues(following: str) -> bool:
    """Whether ``following`` can be the end of a line that was wrapped inside its last word."""
    word = _COLUMN_0_WORD.fullmatch(following)
    return word is not None and word[1].lower() not in _COMMANDS_OF_ONE_WORD


def unwrapped(clause: Clause, following: str, others: Callable[[str], str]) -> Halves | None:
    """The halves of a key's line that a terminal wrapped; ``others`` redacts what is left of the second.

    None when ``clause`` is complete, or ``following`` does not complete it.
    """
    first = following.split()
    if not first or first[0].lower() in NEVER_A_HALF or first[0].startswith("!"):
        return None
    if (form := _form(clause)) is None:
        return _at_end(clause, following)
    if form.pivot in ALONE and (below := _below(form.pivot, clause, following)):
        return clause.line[clause.start :], below
    if _is_whole(form, clause) or not _is_open(form, clause):
        return None
    for glue in ("", " "):
        whole = clause._replace(line=clause.line + glue + following)
        cut = secret_of(whole) if _is_whole(form, whole) else None
        if cut is None:
            continue
        seam = len(clause.line) + len(glue)
        head, tail = whole.line[clause.start : cut.start], whole.line[cut.end :]
        if cut.start >= seam:
            return clause.line[clause.start :], whole.line[seam : cut.start] + cut.text + others(tail)
        if cut.end <= seam:
            return head + cut.text + clause.line[cut.end :], others(following)
        return head + cut.text, others(tail)
    return _alone(form, clause, following)


def value_below(clause: Clause, following: str, alone: Callable[[str], str]) -> Halves | None:
    """The halves of a command whose line ends right before its secret, though for its encoding; ``alone`` redacts one line.
    Those of pre-shared keys are not asked for here.

    None when the line does not end there, or ``following`` may be a command, or the row of a table below its heading.
    """
    front, value = clause.line.rstrip(), following.strip()
    told, words = front[clause.end :].lower().split(), value.split()
    if (told and told[-1] not in _LAST) or not front[clause.start : clause.end].islower() or _form(clause) is not None:
        return None
    if not is_keyword("".join(_BEFORE_COMMAND.sub("", front, 1).split()[:1])) or shows_keys(clause):
        return None  # in what people write, whatever stands there would be taken for a secret wherever else it stands
    if (
        not words
        or _NO_KEY.match(following)
        or not _HAS_INK.search(words[0])
        or (len(words) > 1 and following[0].isspace())
    ):
        return None
    if is_keyword(words[0]) or is_shortened(words[0]):
        return None
    whole = f"{front} {value}"
    cut = secret_of(clause._replace(line=whole))
    if cut is None:
        return None
    blanks = following[: len(following) - len(following.lstrip())]
    if cut.start < len(front):  # of what it takes for the secret, the line has but a word that may stand before it
        return (clause.line[clause.start :], blanks + SECRET) if front[cut.start :].lower() in BEFORE_SECRETS else None
    clean = alone(whole)
    return (clause.line[clause.start :], blanks + clean[len(front) + 1 :]) if clean.startswith(f"{front} ") else None


def _form(clause: Clause) -> Form | None:
    """The form of a command with a key that begins with the word, whatever follows it."""
    typed = clause.line[clause.start : clause.end].lower()
    if typed not in _PIVOTS:
        return None
    found = next((form for form in forms_of(clause, typed) if form.peer), None)
    if found is not None:
        return None if shows_keys(clause) else found
    return next((form for form in FORMS_OF[typed] if form.pivot in ALONE), None)


def _is_whole(form: Form, clause: Clause) -> bool:
    """Whether the line names peer and key."""
    if form.peer:
        return worded(form, clause) is not None
    return form.right.match(clause.line, clause.end) is not None


def _is_open(form: Form, clause: Clause) -> bool:
    """Whether the line ends before its peer or its key does, as lines wrapped at the edge of a terminal do."""
    if form.peer:
        return True
    assert form.unfinished is not None
    return bool(clause.line[clause.end :].strip()) and form.unfinished.match(clause.line, clause.end) is not None


def _below(command: str, clause: Clause, following: str) -> str | None:
    """The key that is all of ``following``, redacted; its command stands alone on the line before, or with options only."""
    words = following.split()
    if (
        not FIRST_WORD.match(clause.left)
        or _NO_KEY.match(following)
        or (len(words) > 1 and words[0].lower() in keywords_at(()))
    ):
        return None
    front = clause.line.rstrip() + " "
    # What is no key of that command is learnt all the same: below a line that is damaged it may well be one.
    cut = rest_alone(clause._replace(line=front + following.lstrip()), command)
    if cut is None or cut.start < len(front):
        return None
    return following[: len(following) - len(following.lstrip())] + cut.text


def _alone(form: Form, clause: Clause, following: str) -> Halves | None:
    """A key of one word that begins the next line, its peer on the one behind that: the line ended right behind ``key``."""
    if not form.peer or clause.line[clause.end :].strip() not in _ENCODINGS or _MESSAGE.match(following):
        return None
    for peer in ("address 192.0.2.1", "192.0.2.1"):
        whole = clause._replace(line=f"{clause.line} {following.strip()} {peer}")
        if worded(form, whole) and (cut := secret_of(whole)):
            return clause.line[clause.start :], _put(cut, len(clause.line) + 1, following)
    return None


def _at_end(clause: Clause, following: str) -> Halves | None:
    """A key that is all of ``following``, where the line ended right before it, though for its encoding."""
    front = clause.line.rstrip()
    typed = front[clause.start : clause.end].lower()
    for form in forms_of(clause, typed) if typed in _PIVOTS else ():
        found = form.right.match(f"{front} x", clause.end) if form.key else None
        if found is None or front[found.end() :].strip() not in _ENCODINGS:
            continue
        if _NO_KEY.match(following) or following.split()[0].lower() in keywords_at(()):
            return None
        cut = secret_of(clause._replace(line=f"{front} {following.lstrip()}"))
        if cut is not None:
            return clause.line[clause.start :], _put(cut, len(front) + 1, following)
    return None


def _put(cut: Cut, seam: int, following: str) -> str:
    """``following`` with the cut in it, of a line in which it began at ``seam``, without the blanks before it."""
    blanks = len(following) - len(following.lstrip())
    start, end = cut.start - seam + blanks, cut.end - seam + blanks
    return following[:start] + cut.text + following[end:].rstrip()


_ENCODINGS = frozenset({"", "0", "6", "7"})
BEFORE_SECRETS = frozenset({"", *map(str, range(10)), "md5", "sha", "text", "hex"})
"""What may stand at the end of a line between a telling word and a secret that is left for the next one."""
_LAST = BEFORE_SECRETS | {way[-1] for form in FORMS for way in form.ways if way and way[-1] not in (OPERAND, OPERANDS)}
"""That, or the last keyword of a command with a secret whose telling word stands before it."""
_BEFORE_COMMAND = re.compile(rf"\A{PROMPT}?\s*(?:(?:no|default|do)\s+)?")
_HAS_INK = re.compile(r"[^\W_]|[$<]")
_PIVOTS = frozenset(typed for typed, forms in FORMS_OF.items() if any(form.unfinished for form in forms))
