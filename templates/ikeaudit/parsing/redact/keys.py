"""Cuts of pre-shared keys: keys of one word with a peer behind them, and keys that are all that follows their command."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ikeaudit.ios.secrets import SECRETS
from ikeaudit.parsing.redact.clause import Clause, Cut, psk_rest, psk_word
from ikeaudit.parsing.redact.forms import FORMS, FORMS_OF, Form
from ikeaudit.parsing.redact.places import is_harmless_keyword, words_of_line
from ikeaudit.parsing.redact.sections import HEX, SECTION_OF
from ikeaudit.parsing.redact.spelling import EDGE, PROMPT, Pattern, abbreviation, pattern
from ikeaudit.parsing.redact.tokens import SECRET, TOKEN

_SHOW = pattern(rf"{EDGE}{abbreviation('show', 2)}~@~@~\Z")
_BARE_WORD = pattern(r"~(?:([067])~(?=@))?(@)")
_NO = pattern(rf"{EDGE}no~\Z")
_KEY = pattern(rf"~{abbreviation('key', 3)}~(?=@)")
FIRST_WORD = Pattern(rf"{PROMPT}?[\W_]*(?:no\s+|default\s+)?\Z")


class _Worded(NamedTuple):
    """A key of one word behind its command, ``typed`` behind the digit of its encoding; ``peer`` may come later."""

    typed: Pattern
    clear: Pattern
    peer: Pattern


_WORDED: Mapping[str, _Worded] = {
    peer: _Worded(pattern(rf"~([067])~(@)~{peer}"), pattern(rf"()~(@)~{peer}"), pattern(f"~{peer}"))
    for peer in {form.peer for form in FORMS}
}

ALONE: Mapping[str, str] = {one.before[0]: one.mode for one in SECRETS if one.key and len(one.before) == 1}
"""Commands that are a keyword and a key, and the mode of each."""


def _options(command: str) -> Pattern:
    """What may stand between the command and its key; group 1 is the keyword behind which it is written in digits."""
    same = [one.before for one in SECRETS if one.mode == ALONE[command] and one.before[0] == command]
    sides = sorted({words[1] for words in same if len(words) > 1 and words[1] != HEX})
    way = "|".join(abbreviation(word, 1) for word in sides)
    return pattern((f"(?:~(?:{way})(?=~@))?" if sides else "") + f"(?:~({abbreviation(HEX, 1)})(?=~@))?~")


_OPTIONS = {command: _options(command) for command in ALONE}


def shows_keys(clause: Clause) -> bool:
    """Whether the word belongs to a typed ``show crypto isakmp key`` and the like."""
    return _SHOW.search(clause.left) is not None


def worded(form: Form, clause: Clause) -> re.Match[str] | None:
    """A key of one word and the peer behind it: group 1 is the digit of its encoding, 2 the key, be it a digit or a keyword
    itself (TEXT-PRINTED)."""
    ways = _WORDED[form.peer]
    return ways.typed.match(clause.line, clause.end) or ways.clear.match(clause.line, clause.end)


def key_of_one_word(form: Form, clause: Clause) -> Cut | None:
    """The cut of a key that is one word; of one without a peer, together with what follows."""
    line = clause.line
    if shows_keys(clause):
        return None
    if (found := worded(form, clause)) is not None:
        return psk_word(clause, found.start(2), found.end(2), found[1])
    bare = _BARE_WORD.match(line, clause.end)
    if bare is None or bare[2] == "?":
        return None
    if peer := _WORDED[form.peer].peer.search(line, bare.start(2)):
        return psk_word(clause, bare.start(2), peer.start(), bare[1])
    cut = psk_word(clause, bare.start(2), bare.end(2), bare[1])
    return Cut(cut.start, len(line), f"{cut.text} {SECRET}" if line[cut.end :].strip() else cut.text)


def key_alone(clause: Clause, command: str) -> Cut | None:
    """The cut behind a keyword that is followed by nothing but a key, or by what damage leaves of a longer command.

    A keyword cut short counts where a line begins, or in its own section.
    """
    line, end, left = clause.line, clause.end, clause.left
    typed = line[clause.start : end].lower()
    at_home = clause.section == SECTION_OF.get(ALONE[command])
    if not at_home and _NO.search(left) and any(form.bare.match(line, end) for form in FORMS_OF.get(typed, ())):
        return None
    if is_harmless_keyword(words_of_line(left), command, "".join(line[end:].split(None, 1)[:1]).lower()):
        return None
    told = clause.bare.startswith(command.rpartition("-")[0] + "-") or len(typed) == len(command)
    if not told and (not (at_home or FIRST_WORD.match(left)) or _KEY.match(line, end)):
        return None
    return rest_alone(clause, command)


def rest_alone(clause: Clause, command: str) -> Cut | None:
    """The cut of the key that follows ``command`` and its options, in hexadecimal digits or not."""
    found = _OPTIONS[command].match(clause.line, clause.end)
    if found is None or clause.line[found.end() :].strip() == "?":
        return None
    if not found[1]:
        return psk_rest(clause, found.end(), blanks_count=True)
    digits = clause.line[found.end() :].strip()
    if TOKEN.fullmatch(digits):
        return Cut(found.end(), len(clause.line), digits)
    clause.vault.known.learn_secret(digits)
    return Cut(found.end(), len(clause.line), clause.vault.token(_from_hex(digits), None))


def _from_hex(digits: str) -> str:
    """The key that ``hex`` digits spell; the digits themselves when they spell none."""
    try:
        return bytes.fromhex(digits.removeprefix("0x").removeprefix("0X")).decode("latin-1")
    except ValueError:
        return digits
