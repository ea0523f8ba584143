"""Commands whose telling word is misspelt: they look like one that holds a secret, and no command is spelt so."""

from __future__ import annotations

from collections.abc import Mapping

from ikeaudit.ios.secrets import OPERAND
from ikeaudit.ios.tables.secrets import USER_OPTIONS
from ikeaudit.parsing.redact.clause import Clause, Cut, psk_word, secret_rest
from ikeaudit.parsing.redact.forms import FORMS, TELLS, Form
from ikeaudit.parsing.redact.places import keywords_at
from ikeaudit.parsing.redact.spelling import PROMPT, Pattern, pattern

_SHORTEST = 3
_SHORTEST_NAMING = 5
_LINE_BEGINS = Pattern(rf"{PROMPT}?[\s!+-]*(?:no\s+)?")
_WORD = pattern(r"~(@)")
_OPTION = pattern(r"~(@)(?=~(@))")
VALUED, _KNOWN = (frozenset(words.split()) for words in USER_OPTIONS)


def _prefixes(word: str, shortest: int) -> list[str]:
    return [word[:end] for end in range(min(shortest, len(word)), len(word) + 1)]


_LONG_KEYS = [form for form in FORMS if form.key and form.left and (form.peer or form.before[-2] in TELLS)]

BEFORE_KEYS: Mapping[str, Form] = {
    typed: form for form in _LONG_KEYS for typed in _prefixes(form.before[-2], _SHORTEST)
}
"""The words behind which the word is expected that tells of a key, in full or cut short."""

NAMING: Mapping[str, int] = {
    typed: form.before.count(OPERAND)
    for form in reversed(FORMS)
    if form.pivot == "secret"
    for typed in _prefixes(form.before[0], _SHORTEST_NAMING)
}
"""Commands of users, and how many names stand between them and the word that tells of a secret."""

_WITHOUT_PEER = {form.peer: pattern(rf"~@~(?:[067]~(?=@~{form.peer}))?(@)~{form.peer}") for form in FORMS}


def misspelt_key(clause: Clause, typed: str) -> Cut | None:
    """``crypto isakmp kye KEY address ...``, ``authentication local pre-share kye KEY``."""
    for form in (form for form in _LONG_KEYS if form.before[-2].startswith(typed)):
        assert form.left is not None
        word = _WORD.match(clause.line, clause.end)
        if word is None or not form.left.search(f"{clause.left}{typed} "):
            continue
        low = word[1].lower()
        if any(known.startswith(low) for known in (form.pivot, *keywords_at(form.before[:-1]))):
            continue
        if not form.peer:
            return secret_rest(clause)
        if found := _WITHOUT_PEER[form.peer].match(clause.line, clause.end):
            return psk_word(clause, found.start(1), found.end(1), None)
    return None


def misspelt_secret(clause: Clause, names: int) -> Cut | None:
    """``username NAME pasword SECRET``, ``enable sceret SECRET``: a word that the command does not know, and a value."""
    line, at = clause.line, clause.end
    if not _LINE_BEGINS.fullmatch(clause.left) or not (names or line[clause.start : at].islower()):
        return None
    for _ in range(names):
        found = _WORD.match(line, at)
        if found is None:
            return None
        at = found.end()
    while option := _OPTION.match(line, at):
        word = option[1].lower()
        if word not in VALUED:
            return None if any(known.startswith(word) for known in _KNOWN) else secret_rest(clause, option.end())
        at = option.end(2)
    return None
