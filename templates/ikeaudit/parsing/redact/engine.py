"""Redaction of a text: finds the lines that tell of secrets, asks the rules of each, follows what spans several lines.

A screen over the whole text says which lines need a look; all others are copied as they are, in one piece from one such line
to the next.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import ascii_letters, digits

import msgspec

from ikeaudit.ios.language import GLOBAL
from ikeaudit.model.secret import SecretFacts
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import shown_keys
from ikeaudit.parsing.redact.clause import Clause, Cut, Vault, psk_rest, rest_token, secret_rest, skip_blanks
from ikeaudit.parsing.redact.elsewhere import without_known
from ikeaudit.parsing.redact.keys import ALONE, rest_alone
from ikeaudit.parsing.redact.known import KnownSecrets
from ikeaudit.parsing.redact.printed import printed
from ikeaudit.parsing.redact.rules import ANCHOR, secret_of, url_credentials
from ikeaudit.parsing.redact.screen import SCREEN, SCREEN_OF_QUOTES, cleared, lower, may_hide
from ikeaudit.parsing.redact.sections import HEADERS, SECTIONS, Section
from ikeaudit.parsing.redact.spelling import BLANK, INK
from ikeaudit.parsing.redact.tokens import SECRET
from ikeaudit.parsing.redact.vocabulary import keywords
from ikeaudit.parsing.redact.wrapped import EDGE_OF_SCREEN, continues, unwrapped, value_below


class Redacted(msgspec.Struct, frozen=True):
    """``text`` has as many lines as what it was made from; ``facts`` are those of the keys met in clear or encrypted, by
    fingerprint (tokens that were there already have none)."""

    text: str
    facts: Mapping[str, SecretFacts]


_TOKENS = ("<SECRET>", "<PSK:", "<PSK>")
_WORD_CHARACTERS = ascii_letters + digits + "_.-"
_LONGEST_WORD = 64
_SECTION_WORDS = re.compile("|".join("".join(section.words) for section in SECTIONS), re.IGNORECASE)
_FIRST_WORD = re.compile(rf"\s*(?:-+ ?more ?-+\s*)?(?:no\s+)?{INK}+{BLANK}+(?={INK})", re.IGNORECASE)

_PRIVATE = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_PRIVATE_END = re.compile(r"-----END ")
_PRIVATE_BODY = re.compile(rf"\s*(?:[A-Za-z0-9+/=]*|[A-Za-z-]{{1,30}}: .*|{SECRET})\s*")
_LOG = re.compile(r"%[A-Z][A-Z0-9_]+-[0-7]-[A-Z0-9_]+:")
"""What a log message is known by, wherever it begins."""
_KEYS = re.compile(r"pre-sh\S*|isakmp key|passw|secret|key-string|\bkey [067]", re.IGNORECASE)
_COLUMN_0_WORD = re.compile(rf"({INK}+)\s*")


def redact(text: str, fingerprinter: Fingerprinter, known: KnownSecrets | None = None) -> Redacted:
    """``text`` without secrets: every pre-shared key becomes ``<PSK:fingerprint>``, every other secret ``<SECRET>``,
    but for words that two routers have to have alike, which leave a fingerprint of their own kind.

    Works on running-configs, show output, terminal transcripts and logs alike; the number of lines stays the same, and text
    that is redacted already stays as it is. A line that looks as if it held a secret and is not understood loses what
    follows the telling word. What was cut once is removed wherever else it stands, names and key words apart; ``known`` brings
    what other texts of this router told, and takes in what this one tells. Takes time linear in the text.
    """
    vault = Vault(fingerprinter, known)
    clean = _Scan(vault).run(text)
    if _LOG.search(text):
        clean = "\n".join(_unbroken(text.split("\n"), clean.split("\n"), vault.known))
    return Redacted(_settled(clean, vault), vault.facts)


def mask_line(line: str, fingerprinter: Fingerprinter | None = None, known: KnownSecrets | None = None) -> str:
    """One command or one line of output, masked for a screen or a log; a key becomes ``<PSK>`` without a fingerprinter."""
    vault = Vault(fingerprinter, known)
    return _settled(_Scan(vault).run(line), vault)


def _settled(clean: str, vault: Vault) -> str:
    """``clean`` without what is known as a secret; where that is cut, what stands behind it is looked at again, as the rest of
    one."""
    while (cut := without_known(clean, vault.known)) != clean:
        clean = _Scan(vault).run(cut)  # at an end some time: each round leaves less that is no token
    return clean


def _unbroken(raw: Sequence[str], clean: list[str], known: KnownSecrets) -> list[str]:
    """``clean`` without the ends of lines with secrets that log messages broke into, whatever stands where they went on."""
    broken = False
    for at, line in enumerate(raw):
        message = _LOG.search(line)
        told = _KEYS.search(line) is not None or clean[at] != line
        if message is None:
            words = line.split()
            if broken and words and not (words[0] in keywords() if line[0].isspace() else GLOBAL.spell(line).known):
                clean[at] = SECRET
                known.learn_secret(line)
            broken = False
            continue
        broken = (told and message.start() > 0) or (at > 0 and _tells(raw[at - 1], clean[at - 1]))
        if broken:
            clean[at] = f"{line[: message.end()]} {SECRET}" if not told else clean[at]
    return clean


def _tells(raw: str, clean: str) -> bool:
    """Whether a line is one with a key, or the beginning of one."""
    return raw != clean or _KEYS.search(raw) is not None


class _Scan:
    """The state that one pass over a text carries from line to line."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self.section: Section | None = None
        self.indent: int  # of its header
        self.private = False
        self.key_list = False

    def run(self, text: str) -> str:
        newline = "\n" if "\n" in text else "\r"
        if may_hide(text):
            text = newline.join(map(cleared, text.split(newline)))
        low = newline + lower(text)
        search = (SCREEN_OF_QUOTES if "\\" in text else SCREEN).search
        out: list[str] = []
        done = 0
        while (found := search(low, done)) is not None:
            start = text.rfind(newline, done, found.end() - 1) + 1 or done
            out.append(text[done:start])
            done = self.take(text, start, newline, out)
            while self.open and done <= len(text):
                done = self.take(text, done, newline, out)
        out.append(text[done:])
        return "".join(out) if done <= len(text) else "".join(out)[:-1]

    @property
    def open(self) -> bool:
        """Whether what the last line began goes on in the next one."""
        return self.section is not None or self.private or self.key_list

    def take(self, text: str, start: int, newline: str, out: list[str]) -> int:
        """Redact the line of ``text`` that begins at ``start``, and the next one where the two belong together.

        Puts them on ``out``, each with an end of line; where the first line begins that is left.
        """
        end = text.find(newline, start)
        end = len(text) if end < 0 else end
        raw = text[start:end]
        body = raw.rstrip("\r")
        if self.section is not None and not (self.private or self.key_list or self.is_inside(self.section, body)):
            self.section = None
            return start  # whatever it is, the screen tells
        clean = self.printed(body)
        if clean is not None:
            out += clean, raw[len(body) :], newline
            return end + 1
        after = text.find(newline, end + 1)
        after = len(text) if after < 0 else after
        following = text[end + 1 : after].rstrip("\r")
        clean, rest = self.line(body, following)
        out += clean, raw[len(body) :], newline
        if rest is None:
            return end + 1
        out += rest, text[end + 1 + len(following) : after], newline
        return after + 1

    def printed(self, line: str) -> str | None:
        """``line`` redacted, where it is spelt as IOS prints it; else None."""
        if self.private or self.key_list:
            return None
        if self.section is None:
            return printed(line, self.vault) if not self.begins(line) else line
        plain = self.section.plain.fullmatch(line) if self.section.plain is not None else None
        if plain is None or len(line) >= EDGE_OF_SCREEN:
            return None
        front, encoding, value = plain.groups()
        if " " in value:
            return None  # a command may begin in there
        if encoding:
            front = f"{front}{encoding} "
        return front + rest_token(self.vault, value, encoding, blanks_count=True)

    def begins(self, line: str) -> bool:
        """Whether ``line`` is the header of a section as IOS prints it, with nothing behind its name."""
        keywords, _, name = line.rpartition(" ")
        section = HEADERS.get(keywords)
        if section is None or not name:
            return False
        self.section, self.indent = section, 0
        return True

    def line(self, line: str, following: str) -> tuple[str, str | None]:
        """``line`` redacted; and ``following`` redacted too where the two were one before a terminal wrapped them."""
        if self.private:
            return self.private_line(line), None
        if self.key_list:
            if not shown_keys.ends(line):
                return self.row(line, following)
            self.key_list = False
        if "key" in line.lower() and (shown_keys.HEADER.search(line) or shown_keys.ECHO.match(line)):
            self.key_list = True
            return line, None
        if private := _PRIVATE.search(line):
            return line[: private.end()] + self.private_part(line[private.end() :]), None
        if shown_keys.is_stray_row(line):
            return shown_keys.redact_row(line, self.vault), None
        self.follow(line)
        return self.words(line, following)

    def private_line(self, line: str) -> str:
        if _PRIVATE_END.search(line) or _PRIVATE_BODY.fullmatch(line):
            return self.private_part(line)
        self.private = False
        return self.alone(line)

    def private_part(self, text: str) -> str:
        """What is left of ``text`` inside of a private key, up to its end."""
        end = _PRIVATE_END.search(text)
        self.private = end is None
        body, rest = (text[: end.start()], text[end.start() :]) if end else (text, "")
        return (SECRET if body.strip() not in ("", SECRET) else body) + self.alone(rest)

    def row(self, line: str, following: str) -> tuple[str, str | None]:
        tail = _COLUMN_0_WORD.fullmatch(following)
        if len(line) >= EDGE_OF_SCREEN and tail and not shown_keys.ends(following):
            return shown_keys.redact_row(line + following, self.vault), ""
        return shown_keys.redact_row(line, self.vault), None

    def follow(self, line: str) -> None:
        """Keeps track of the section that the line begins."""
        if not _SECTION_WORDS.search(line):
            return
        for section in SECTIONS:
            if section.header.match(line):
                self.section, self.indent = section, len(line) - len(line.lstrip())
                return

    def is_inside(self, section: Section, line: str) -> bool:
        """Whether the line is one of the section's, or stands further to the right than its header."""
        return self.deeper(line) or section.inside.match(line) is not None

    def deeper(self, line: str) -> bool:
        """Whether the line stands further to the right than the header of the section that is open."""
        return len(line) - len(line.lstrip()) > self.indent

    def alone(self, line: str) -> str:
        """``line`` redacted, whatever follows it."""
        return self.words(line, "")[0]

    def words(self, line: str, following: str) -> tuple[str, str | None]:
        """Asks the rule of each telling word, from left to right."""
        line = url_credentials(line, self.vault.known) if "://" in line else line
        section = "" if self.section is None else self.section.name
        if cut := self.short_form(line, section):
            return line[: cut.start] + cut.text, self.swallowed(line, cut.start, following)
        parts: list[str] = []
        done = at = 0
        low = lower(line)
        while found := ANCHOR.search(low, at):
            at = found.end()
            if line.startswith(_TOKENS, found.start() - 1):
                continue
            clause = Clause(line, found.start(), at, _whole_word(line, found), section, self.vault)
            if pair := unwrapped(clause, following, self.alone):
                if cut := self.unknown_command(line):
                    return line[: cut.start] + cut.text, pair[1]
                return "".join(parts) + line[done : clause.start] + pair[0], pair[1]
            if pair := value_below(clause, following, self.alone):
                return "".join(parts) + line[done : clause.start] + pair[0], pair[1]
            cut = secret_of(clause)
            if cut is None:
                continue
            parts += line[done : cut.start], cut.text
            done = at = cut.end
            fresh = line[cut.start : cut.end] != cut.text
            if fresh and done == len(line) >= EDGE_OF_SCREEN and continues(following):
                whole = secret_of(clause._replace(line=line + following))
                return "".join(parts[:-1]) + (whole or cut).text, ""
            if done == len(line) and (rest := self.swallowed(line, cut.start, following)) is not None:
                return "".join(parts), rest
        if not parts and (cut := self.unknown_command(line)):
            return line[: cut.start] + cut.text, None
        parts.append(line[done:])
        return "".join(parts), None

    def swallowed(self, line: str, at: int, following: str) -> str | None:
        """``following`` redacted, where a command that goes on in it begins in ``line[at:]``, which was cut; else None."""
        for found in ANCHOR.finditer(lower(line), at):
            clause = Clause(line, found.start(), found.end(), _whole_word(line, found), "", self.vault)
            begun = clause._replace(line=line[found.start() :], start=0, end=len(found[0]))  # it may begin in there
            if pair := unwrapped(clause, following, self.alone) or (
                found.start() > at and unwrapped(begun, following, self.alone)
            ):
                return pair[1]
        return None

    def unknown_command(self, line: str) -> Cut | None:
        """A command that no keyring has may be one misspelt: what follows its first word goes."""
        if self.section is None or not self.section.keyring or self.section.inside.match(line) or not self.deeper(line):
            return None
        found = _FIRST_WORD.match(line)
        return secret_rest(Clause(line, 0, found.end(), "", "", self.vault)) if found else None

    def short_form(self, line: str, section: str) -> Cut | None:
        """The cut of a command so short that only its section tells what it is."""
        for pattern, secret in self.section.short if self.section is not None else ():
            found = pattern.match(line)
            if found is None:
                continue
            clause = Clause(line, found.start(), found.end(), "", section, self.vault)
            if secret.before[0] in ALONE and len(secret.before) == 1:
                return rest_alone(clause, secret.before[0])
            if secret.key:
                return psk_rest(clause, skip_blanks(line, found.end()), blanks_count=secret.blanks)
            return secret_rest(clause) if secret.whole else None
        return None


def _whole_word(line: str, found: re.Match[str]) -> str:
    """The word found with all that hangs on it on the left by hyphens and dots, in lower case; not the end of a line that is
    written out as two characters."""
    left = line[max(0, found.start() - _LONGEST_WORD) : found.start()]
    front = left.rstrip(_WORD_CHARACTERS)
    return (left[len(front) + front.endswith("\\") :] + found[0]).lower()
