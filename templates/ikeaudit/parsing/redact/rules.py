"""What a telling word of a line hides: asked word by word, from left to right.

What the tables of IOS describe is cut as they say; any other use of a word that tells of secrets is cut, too, unless it is
known to be harmless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ikeaudit.ios.tables.secrets import SESSION_KEYS, SESSION_PROTOCOLS, SESSION_WAYS
from ikeaudit.ios.words import slot
from ikeaudit.parsing.redact.clause import Clause, Cut, psk_rest, secret_rest, secret_word, skip_blanks
from ikeaudit.parsing.redact.forms import FORMS_OF, TELLS, Form
from ikeaudit.parsing.redact.harmless import is_harmless
from ikeaudit.parsing.redact.keys import ALONE, key_alone, key_of_one_word, shows_keys
from ikeaudit.parsing.redact.known import KnownSecrets
from ikeaudit.parsing.redact.misspelt import BEFORE_KEYS, NAMING, misspelt_key, misspelt_secret
from ikeaudit.parsing.redact.sections import KEYRINGS, SECTION_OF
from ikeaudit.parsing.redact.spelling import INK, abbreviation, any_of, pattern
from ikeaudit.parsing.redact.tokens import SECRET, TOKEN

COMPOUNDS = {"cisco-authentication": "authentication"}
"""Words that tell of a secret only with what hangs on them by hyphens, and what they end in."""

ANCHOR = re.compile(
    r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))"
    + any_of({*FORMS_OF, *TELLS, *BEFORE_KEYS, *NAMING, *COMPOUNDS.values()})
    + r"(?![\w-]|\.\w)"
)
"""Finds the words of a line in lower case that are worth asking for: far quicker than a pattern that ignores case."""


_WAY = "|".join(abbreviation(word, 1) for word in SESSION_WAYS)
_PROTOCOL = "|".join(abbreviation(word, 1) for word in SESSION_PROTOCOLS)
_SET, _NAME = slot("crypto-map/set-session-key").split()
_SESSION_KEY = pattern(rf"(?:{_SET}~{abbreviation(_NAME, 3)}|{_NAME})~(?:{_WAY})~(?:{_PROTOCOL})~\d+~(?=@)")
"""What stands before the keys of a manual security association: nothing of it is secret anywhere else."""


def secret_of(clause: Clause) -> Cut | None:
    """The cut that the word asks for; None when it tells of no secret here."""
    typed = clause.line[clause.start : clause.end].lower()
    if manual := _SESSION_KEY.match(clause.line, clause.end - len(clause.word)):
        return Cut(manual.end(), len(clause.line), " ".join(_session_keys(clause, manual.end())))
    for form in forms_of(clause, typed):
        if form.peer:
            return key_of_one_word(form, clause) or _assigned(clause, form.pivot)
        if (found := form.right.match(clause.line, clause.end)) is not None:
            return _cut(form, clause, found.end())
    if cut := misspelt_key(clause, typed):
        return cut
    if typed in NAMING:
        return misspelt_secret(clause, NAMING[typed])
    telling = TELLS.get(typed)
    if telling is None:
        return secret_rest(clause) if clause.word in COMPOUNDS else None
    if telling in ALONE:
        return key_alone(clause, telling) or _assigned(clause, telling)
    if telling == "community" and typed != telling:
        return None
    return None if is_harmless(clause, telling) else secret_rest(clause)


_ASSIGNED = re.compile(r"[\"'`]?\s*[:=]+>?\s*[^\s:=>]|[\"'`](?=\w)")
"""What stands between the name of a value and the value in text that is no command."""


def _assigned(clause: Clause, name: str) -> Cut | None:
    """The cut of a key that is given its value with a sign (``pre-shared-key=KEY``), as programs write it, who write its
    ``name`` in full."""
    told = clause.word == name and _ASSIGNED.match(clause.line, clause.end) and not shows_keys(clause)
    return secret_rest(clause) if told else None


def _session_keys(clause: Clause, at: int) -> Iterator[str]:
    """The words of a manual security association from ``at`` on, its keys cut; nothing else that stands there is kept."""
    words = clause.line[at:].split()
    for number, word in enumerate(words, 1):
        if number < len(words) and len(word) > 1 and any(name.startswith(word.lower()) for name in SESSION_KEYS):
            yield word
        else:
            clause.vault.known.learn_secret(word)
            yield SECRET


def forms_of(clause: Clause, typed: str) -> list[Form]:
    """The forms of commands that the word may be the pivot of, where it stands."""
    if clause.bare != typed:
        return []
    left, section = clause.left, clause.section
    return [
        form
        for form in FORMS_OF.get(typed, ())
        if (section not in KEYRINGS or SECTION_OF.get(form.mode, section) == section) and form.fits(left)
    ]


def _cut(form: Form, clause: Clause, at: int) -> Cut | None:
    """The cut of the secret that stands behind ``at``."""
    if form.key:
        return psk_rest(clause, skip_blanks(clause.line, at), blanks_count=form.blanks)
    typed = clause.line[at:].split(None, 1)[0].lower()
    if form.whole or any(word.startswith(typed) for way in form.ways for word in way):
        return secret_rest(clause, at, tag=form.tag)  # what may be an option cut very short has the secret behind it
    return secret_word(clause, at)


_URL = re.compile(
    rf"(?P<scheme>[a-z][a-z0-9+.-]{{1,20}}://)(?P<user>[^\s:@/]{{0,64}}):(?P<secret>{INK}{{1,512}})@", re.IGNORECASE
)


def url_credentials(line: str, known: KnownSecrets) -> str:
    """``ftp://user:secret@host`` without its secret."""

    def cut(found: re.Match[str]) -> str:
        if TOKEN.fullmatch(found["secret"]):
            return found[0]
        known.learn_secret(found["secret"])
        return f"{found['scheme']}{found['user']}:{SECRET}@"

    return _URL.sub(cut, line)
