"""Redaction line by line: finds telling words, asks their rules, follows what spans several lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import ascii_letters, digits

import msgspec

from ikeaudit.model.secret import SecretFacts
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import others, psk, shown_keys
from ikeaudit.parsing.redact.clause import BLANK, INK, PROMPT, Clause, Cut, Mode, Vault, abbreviation, secret_rest
from ikeaudit.parsing.redact.elsewhere import without_known
from ikeaudit.parsing.redact.known import KnownSecrets
from ikeaudit.parsing.redact.others import url_credentials
from ikeaudit.parsing.redact.psk import is_global_key, is_open, is_whole, shows_keys
from ikeaudit.parsing.redact.screen import REMAINS, as_shown
from ikeaudit.parsing.redact.tokens import SECRET

Rule = Callable[[Clause], Cut | None]


class Redacted(msgspec.Struct, frozen=True):
    """``text`` has as many lines as what it was made from; ``facts`` are those of the keys met in clear or encrypted, by
    fingerprint (tokens that were there already have none)."""

    text: str
    facts: Mapping[str, SecretFacts]


_RULES: tuple[tuple[str, str, Rule], ...] = (
    ("psk_line", psk.PRE_SHARED_KEY, psk.pre_shared_key),
    ("key", r"key|key-string|presharedkey", others.key),
    (
        "password",
        rf"{abbreviation('password', 3)}|passphrase|passwd|pass-?code|pwd|pw|secret|idtoken|srvtab~entry",
        others.password,
    ),
    ("psk", r"psk", others.psk),
    ("short_secret", r"secr?|secre", others.short_secret),
    ("community", rf"{abbreviation('community', 3)}|community-map", others.community),
    ("snmp", abbreviation("snmp-server", 4), others.snmp_server),
    ("rmon", r"rmon", others.rmon),
    ("authentication", abbreviation("authentication", 4), others.authentication),
    ("isakmp", abbreviation("isakmp", 3), psk.misspelt_key),
    ("user", rf"{abbreviation('username', 5)}|enable", others.misspelt_secret),
    ("spi", r"ipsec~spi", others.session_key),
    ("exported", r"pem|pkcs12", others.exported_key),
    ("anything", r"pmk", others.anything),
    ("second", r"chat-script", others.second_word),
)
"""Group name, the words that call the rule, the rule; the first that matches at a place is asked."""

_RULE_OF = {name: rule for name, _, rule in _RULES}
_ANCHOR = re.compile(
    r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words, _ in _RULES).replace("~", f"{BLANK}+")
    + r")(?![\w-]|\.\w)"
)
"""Finds telling words in a line of lower case: far quicker than a pattern that ignores case."""

_STEMS = re.compile(
    r"key|isa|usern|enable|pass|pas |pwd|pw|secr|sec |psk|pre|comm|snmp|auth|spi|pem|pkcs12|pmk|idtoken|srvtab|rmon|chat-|://|-----|client"
)
"""What a line must contain to be worth a closer look; every word of the rules contains one of these."""

_TOKENS = ("<SECRET>", "<PSK:", "<PSK>")
_WORD_CHARACTERS = ascii_letters + digits + "_.-"
_LONGEST_WORD = 64
_NEVER_A_HALF = frozenset(
    {"ip", "ipv6", "match", "set", "no", "peer", "crypto", "local-address", "pre-shared-key", "description"}
)
_PRE_SHARED_KEY = abbreviation("pre-shared-key", 1)
_SECTIONS: tuple[tuple[Mode, str, str], ...] = (
    ("ikev2-keyring", r"crypto~ikev2~keyring~\S", rf"peer|desc\w*|addr?\w*|host\w*|ident\w*|{_PRE_SHARED_KEY}|exit"),
    (
        "keyring",
        r"crypto~keyring~\S",
        rf"desc\w*|local[a-z-]*|{_PRE_SHARED_KEY}|rsa-\S+|exit|address|serial-number|key-string|quit|named-key|addressed-key",
    ),
    (
        "key-chain",
        r"key~chain~\S",
        r"key|key-string|(?:accept|send)-lifetime|cryptographic-algorithm|desc\w*|exit",
    ),
    (
        "client-group",
        r"crypto~isa\w*~client~conf\w*~group~\S",
        r"k|ke|key|dns|wins|domain|pool|acl|save-password|split-dns|backup-gateway|include-local-lan|group-lock|max-\w+|pfs"
        r"|netmask|banner|firewall|access-restrict|configuration|crypto|exit|auto-update|browser-proxy|dhcp",
    ),
)
_MODES = tuple(
    (
        mode,
        re.compile(PROMPT + r"?\W*" + start.replace("~", r"\s+"), re.IGNORECASE),
        re.compile(
            rf"\s*(?:(?:no\s+)?(?:{inside})(?![\w-])|!(?!(?:crypto|interface|hostname|ip)\s)|\Z)", re.IGNORECASE
        ),
    )
    for mode, start, inside in _SECTIONS
)
_SECTION_WORDS = re.compile(r"(?i:keyring|chain|group)\s")
"""Sections in which a word means something else: how each begins, and what it may hold. Any other line ends it."""

_FIRST_WORD = re.compile(rf"\s*(?:-+ ?more ?-+\s*)?(?:no\s+)?{INK}+{BLANK}+(?={INK})", re.IGNORECASE)
_SHORT_KEY = re.compile(rf"\s*(?:no\s+)?ke?{BLANK}+(?={INK})", re.IGNORECASE)

_PRIVATE = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_PRIVATE_END = re.compile(r"-----END ")
_PRIVATE_BODY = re.compile(rf"\s*(?:[A-Za-z0-9+/=]*|[A-Za-z-]{{1,30}}: .*|{SECRET})\s*")
_KEY_LIST_ECHO = re.compile(
    rf"{PROMPT}?\s*(?:do\s+)?"
    rf"{abbreviation('show', 2)}\s+{abbreviation('crypto', 2)}\s+{abbreviation('isakmp', 2)}\s+key(?:\s*\Z|\s*\|)",
    re.IGNORECASE,
)

_EDGE_OF_SCREEN = 79
_COLUMN_0_WORD = re.compile(rf"({INK}+)\s*")
_COMMANDS_OF_ONE_WORD = frozenset({"end", "exit", "quit", "!", "^"})


def redact(text: str, fingerprinter: Fingerprinter, known: KnownSecrets | None = None) -> Redacted:
    """``text`` without secrets: every pre-shared key becomes ``<PSK:fingerprint>``, every other secret ``<SECRET>``.

    Works on running-configs, show output, terminal transcripts and logs alike; the number of lines stays the same, and text
    that is redacted already stays as it is. A line that looks as if it held a secret and is not understood loses what
    follows the telling word. What was cut once is removed wherever else it stands, names and key words apart; ``known`` brings
    what other texts of this router told, and takes in what this one tells. Takes time linear in the text (DESIGN 3.6).
    """
    vault = Vault(fingerprinter, known)
    clean = _Scan(vault).run(text)
    return Redacted(without_known(clean, vault.known), vault.facts)


def mask_line(line: str, fingerprinter: Fingerprinter | None = None, known: KnownSecrets | None = None) -> str:
    """One command or one line of output, masked for a screen or a log; a key becomes ``<PSK>`` without a fingerprinter."""
    vault = Vault(fingerprinter, known)
    return without_known(_Scan(vault).run(line), vault.known)


class _Scan:
    """The state that one pass over a text carries from line to line."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self.mode: Mode = ""
        self.inside: re.Pattern[str] | None = None
        self.indent = 0
        self.private = False
        self.key_list = False

    def run(self, text: str) -> str:
        newline = "\n" if "\n" in text else "\r"
        lines = text.split(newline)
        if REMAINS.search(text):
            lines = [_cleared(line) for line in lines]
        out: list[str] = []
        index = 0
        while index < len(lines):
            raw = lines[index]
            body = raw.rstrip("\r")
            index += 1
            if not (
                self.private
                or self.key_list
                or self.mode
                or _STEMS.search(body.lower())
                or shown_keys.is_stray_row(body)
            ):
                out.append(raw)
                continue
            following = lines[index].rstrip("\r") if index < len(lines) else ""
            clean, rest = self.line(body, following)
            out.append(clean + raw[len(body) :])
            if rest is not None:
                out.append(rest + lines[index][len(following) :])
                index += 1
        return newline.join(out)

    def line(self, line: str, following: str) -> tuple[str, str | None]:
        """``line`` redacted; and ``following`` redacted too where the two were one before a terminal wrapped them."""
        if self.private:
            return self.private_line(line), None
        if self.key_list:
            if not shown_keys.ends(line):
                return self.row(line, following)
            self.key_list = False
        if "key" in line.lower() and (shown_keys.HEADER.search(line) or _KEY_LIST_ECHO.match(line)):
            self.key_list = True
            return line, None
        if private := _PRIVATE.search(line):
            self.private = not _PRIVATE_END.search(line, private.end())
            return line[: private.end()] + (
                SECRET if line[private.end() :].strip() not in {"", SECRET} else line[private.end() :]
            ), None
        if shown_keys.is_stray_row(line):
            return shown_keys.redact_row(line, self.vault), None
        self.follow(line)
        return self.words(line, following)

    def private_line(self, line: str) -> str:
        if _PRIVATE_END.search(line) or not _PRIVATE_BODY.fullmatch(line):
            self.private = False
            return line if _PRIVATE_END.search(line) else self.words(line, "")[0]
        return SECRET if line.strip() else line

    def row(self, line: str, following: str) -> tuple[str, str | None]:
        tail = _COLUMN_0_WORD.fullmatch(following)
        if len(line) >= _EDGE_OF_SCREEN and tail and not shown_keys.ends(following):
            return shown_keys.redact_row(line + following, self.vault), ""
        return shown_keys.redact_row(line, self.vault), None

    def follow(self, line: str) -> None:
        """Keeps track of the section that the line begins or ends."""
        if self.inside is not None and not self.inside.match(line) and not self.misplaced(line):
            self.mode, self.inside = "", None
        if not _SECTION_WORDS.search(line):
            return
        for mode, start, inside in _MODES:
            if start.match(line):
                self.mode, self.inside, self.indent = mode, inside, len(line) - len(line.lstrip())
                return

    def misplaced(self, line: str) -> bool:
        """Whether the line stands in a keyring by its indentation and is none of a keyring's commands."""
        return (
            self.mode in {"keyring", "ikev2-keyring"}
            and self.inside is not None
            and self.inside.match(line) is None
            and len(line) - len(line.lstrip()) > self.indent
        )

    def words(self, line: str, following: str) -> tuple[str, str | None]:
        """Asks the rule of each telling word, from left to right."""
        line = url_credentials(line, self.vault.known) if "://" in line else line
        if cut := self.short_form(line):
            return line[: cut.start] + cut.text, None
        parts: list[str] = []
        done = at = 0
        low = _lower(line)
        while found := _ANCHOR.search(low, at):
            at = found.end()
            if line.startswith(_TOKENS, found.start() - 1):
                continue
            clause = Clause(line, found.start(), at, _whole_word(line, found), self.mode, self.vault)
            if following and (pair := self.unwrapped(clause, found.lastgroup, following)):
                return "".join(parts) + line[done : clause.start] + pair[0], pair[1]
            cut = _RULE_OF[found.lastgroup or ""](clause)
            if cut is None:
                continue
            parts += line[done : cut.start], cut.text
            done = at = cut.end
            fresh = line[cut.start : cut.end] != cut.text
            if fresh and done == len(line) >= _EDGE_OF_SCREEN and _continues(following):
                whole = _RULE_OF[found.lastgroup or ""](clause._replace(line=line + following))
                return "".join(parts[:-1]) + (whole or cut).text, ""
        if not parts and self.misplaced(line) and (cut := self.unknown_command(line)):
            return line[: cut.start] + cut.text, None
        parts.append(line[done:])
        return "".join(parts), None

    def unknown_command(self, line: str) -> Cut | None:
        """A command that no keyring has may be one misspelt: what follows its first word goes."""
        found = _FIRST_WORD.match(line)
        return secret_rest(Clause(line, 0, 0, "", self.mode, self.vault), found.end()) if found else None

    def short_form(self, line: str) -> Cut | None:
        """Commands so short that only the section tells what they are."""
        clause = Clause(line, 0, 0, "", self.mode, self.vault)
        if self.mode in {"keyring", "ikev2-keyring"}:
            return psk.short_form(clause)
        if self.mode == "client-group" and (found := _SHORT_KEY.match(line)):
            return secret_rest(clause, found.end())
        return None

    def unwrapped(self, clause: Clause, rule: str | None, following: str) -> tuple[str, str] | None:
        """A key's line that a terminal wrapped: what the two halves become, the first from the telling word on.

        None when ``clause`` is complete, or ``following`` does not complete it.
        """
        if rule not in {"key", "psk_line"} or (rule == "key" and (not is_global_key(clause) or shows_keys(clause))):
            return None
        first = following.split(None, 1)[:1]
        if not first or first[0].lower() in _NEVER_A_HALF or first[0].startswith("!") or not is_open(clause):
            return None
        for glue in ("", " "):
            whole = clause._replace(line=clause.line + glue + following)
            cut = _RULE_OF[rule](whole) if is_whole(whole) else None
            if cut is None:
                continue
            seam = len(clause.line) + len(glue)
            head, tail = whole.line[clause.start : cut.start], whole.line[cut.end :]
            if cut.start >= seam:
                return clause.line[clause.start :], whole.line[seam : cut.start] + cut.text + self.words(tail, "")[0]
            if cut.end <= seam:
                return head + cut.text + clause.line[cut.end :], self.words(following, "")[0]
            return head + cut.text, self.words(tail, "")[0]
        return self.alone(clause, rule, following)

    def alone(self, clause: Clause, rule: str, following: str) -> tuple[str, str] | None:
        """A global key that stands on a line of its own, its peer on the next: the line ended right behind ``key``."""
        if rule != "key" or clause.line[clause.end :].strip() not in {"", "0", "6", "7"} or len(following.split()) != 1:
            return None
        seam = len(clause.line) + 1
        whole = clause._replace(line=f"{clause.line} {following.strip()} address 0.0.0.0")
        cut = _RULE_OF[rule](whole) if is_whole(whole) else None
        if cut is None:
            return None
        blanks = following[: len(following) - len(following.lstrip())]
        if cut.start >= seam:
            return clause.line[clause.start :], blanks + cut.text
        return whole.line[clause.start : cut.start], blanks + cut.text


def _cleared(line: str) -> str:
    body = line.rstrip("\r")
    return as_shown(body) + line[len(body) :] if REMAINS.search(body) else line


def _lower(line: str) -> str:
    """``line`` in lower case, every character in its place."""
    low = line.lower()
    return low if len(low) == len(line) else "".join(char.lower() if char.isascii() else char for char in line)


def _whole_word(line: str, found: re.Match[str]) -> str:
    """The word found with all that hangs on it on the left by hyphens and dots, in lower case."""
    left = line[max(0, found.start() - _LONGEST_WORD) : found.start()]
    return (left[len(left.rstrip(_WORD_CHARACTERS)) :] + found[0]).lower()


def _continues(following: str) -> bool:
    """Whether ``following`` can be the end of a line that was wrapped inside its last word."""
    word = _COLUMN_0_WORD.fullmatch(following)
    return word is not None and word[1].lower() not in _COMMANDS_OF_ONE_WORD
