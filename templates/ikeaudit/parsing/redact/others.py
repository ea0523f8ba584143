"""Every secret that is no pre-shared key: users, SNMP, AAA, routing protocols, EzVPN groups, private keys ...

A telling word whose use is not in the tables of ``harmless`` has its value cut, understood or not (DESIGN 3.6).
"""

from __future__ import annotations

import re

from ikeaudit.parsing.redact.clause import BLANK, EDGE, INK, PROMPT, Clause, Cut, abbreviation, secret_rest, secret_word
from ikeaudit.parsing.redact.harmless import is_harmless
from ikeaudit.parsing.redact.known import KnownSecrets
from ikeaudit.parsing.redact.psk import aggressive_password, global_key, is_global_key, tunnel_protection
from ikeaudit.parsing.redact.tokens import SECRET, TOKEN


def _pattern(text: str) -> re.Pattern[str]:
    """``text`` compiled; a ``~`` stands for one or more blanks, ``@`` for a word."""
    return re.compile(text.replace("~", f"{BLANK}+").replace("@", f"{INK}+"), re.IGNORECASE)


_SNMP = _pattern(rf"{EDGE}{abbreviation('snmp-server', 4)}~\Z")
_SNMP_HOST = _pattern(
    rf"~{abbreviation('host', 1)}~@(?:~vrf~@)?(?:~(?:traps?|informs?))?(?:~version~(?:1|2c|3(?:~(?:auth|noauth|priv))?))?(?=~@)"
)
_SNMP_USER = _pattern(rf"~{abbreviation('user', 1)}~@~@")
_SNMP_AUTH = _pattern(r"~auth~@(?=~@)")
_REACH = 400

_RMON_TRAP = _pattern(r"~event~\d+(?:~log)?~trap(?=~@)")

_NHRP = _pattern(rf"{EDGE}nhrp~\Z")
_FIRST_HOP = _pattern(rf"{EDGE}(?:standby|vrrp|glbp)(?:~\d+)?~\Z")
_FIRST_HOP_MD5 = _pattern(r"~md5~key-(?:string|chain)~")
_TEXT = _pattern(r"~text(?=~@)")
_HMAC = _pattern(r"~mode~hmac-\S+(?=~@)")
_SPI = _pattern(r"~\d+(?=~@)")

_KEY_EXPORT = _pattern(r"\b(?:key|pki|ca)~(?:import|export)~")
_IKEV2_KEYRING = re.compile(r"\bcr\w*\s+ikev2\s+$", re.IGNORECASE)
_CONFIG_KEY = _pattern(r"~config-key~@(?=~@)")
_SECRET_PREFIX = _pattern(rf"{EDGE}(?:{abbreviation('enable', 2)}~|{abbreviation('username', 4)}~@~(?:@~){{0,4}}?)\Z")
_LINE_BEGINS = re.compile(rf"{PROMPT}?[\s!+-]*(?:no\s+)?", re.IGNORECASE)
_USER_NAME = _pattern(r"~@")
_OPTION = _pattern(r"~(@)(?=~(@))")
_USER_OPTIONS = frozenset(
    {
        "privilege",
        "view",
        "access-class",
        "common-criteria-policy",
        "algorithm-type",
        "aaa",
        "dnis",
        "nopassword",
        "level",
    }
)
_SECRET_OPTIONS = (
    "password",
    "secret",
    "masked-secret",
    "autocommand",
    "one-time",
    "callback-dialstring",
    "callback-line",
    "callback-rotary",
    "user-maxlinks",
    "noescape",
    "nohangup",
    "nocallback-verify",
    "serial-number",
    "mac",
    "last-resort",
    "lawful-intercept",
    "privilege",
    "description",
)
_SERVER_GROUP = _pattern(r"~\S+")


def any_secret(clause: Clause) -> Cut | None:
    """The value of a telling word, unless that use of the word is known to be harmless."""
    return None if is_harmless(clause) else secret_rest(clause)


def key(clause: Clause) -> Cut | None:
    """``key``: a global pre-shared key, an EzVPN group's, a AAA server's, or whatever else follows the word."""
    if is_global_key(clause):
        return global_key(clause)
    if _IKEV2_KEYRING.search(clause.left):
        return None  # "crypto ikev2 key NAME": the keyring, cut short
    if clause.word == "key" and (found := _CONFIG_KEY.match(clause.line, clause.end)):
        return secret_rest(clause, found.end())
    return any_secret(clause)


def password(clause: Clause) -> Cut | None:
    """``password`` and its kin."""
    return aggressive_password(clause) or any_secret(clause)


def psk(clause: Clause) -> Cut | None:
    """``psk``."""
    return tunnel_protection(clause) or any_secret(clause)


def short_secret(clause: Clause) -> Cut | None:
    """``enable sec`` or ``username NAME sec``: ``secret`` cut short, which elsewhere may mean seconds."""
    return secret_rest(clause) if _SECRET_PREFIX.search(clause.left) else None


def misspelt_secret(clause: Clause) -> Cut | None:
    """``username NAME pasword SECRET``, ``enable sceret SECRET``: a word that the command does not know, and a value."""
    at = clause.end
    found = _USER_NAME.match(clause.line, at) if clause.word.startswith("user") else None
    if clause.word.startswith("user"):
        if found is None or not _LINE_BEGINS.fullmatch(clause.left):
            return None
        at = found.end()
    elif clause.line[clause.start : at] != "enable" or not _LINE_BEGINS.fullmatch(clause.left):
        return None
    while option := _OPTION.match(clause.line, at):
        if option[1].lower() not in _USER_OPTIONS:
            known = any(word.startswith(option[1].lower()) for word in _SECRET_OPTIONS)
            return None if known else secret_rest(clause, option.end())
        at = option.end(2)
    return None


def community(clause: Clause) -> Cut | None:
    """``snmp-server community``: one word, what follows (``RO 10``) stays."""
    if _SNMP.search(clause.left):
        return secret_word(clause)
    return any_secret(clause) if clause.word.endswith("community") else None


def rmon(clause: Clause) -> Cut | None:
    """``rmon event N [log] trap COMMUNITY``."""
    found = _RMON_TRAP.match(clause.line, clause.end)
    return secret_word(clause, found.end()) if found else None


def snmp_server(clause: Clause) -> Cut | None:
    """``snmp-server host ... COMMUNITY`` and ``snmp-server user ... auth sha SECRET priv aes 128 SECRET``."""
    line, end = clause.line, clause.end
    if found := _SNMP_HOST.match(line, end):
        return secret_word(clause, found.end())
    if (user := _SNMP_USER.match(line, end)) and (found := _SNMP_AUTH.search(line, user.end(), user.end() + _REACH)):
        clause.vault.known.learn_secret(line[found.end() :])
        return Cut(found.end(), len(line), f" {SECRET}")
    return None


def authentication(clause: Clause) -> Cut | None:
    """Secrets that follow ``authentication`` without a word of their own: NHRP, HSRP, VRRP, GLBP, EIGRP."""
    line, end = clause.line, clause.end
    if _NHRP.search(clause.left) or clause.word == "cisco-authentication":
        return secret_rest(clause)
    if found := _HMAC.match(line, end):
        return secret_rest(clause, found.end())
    if _FIRST_HOP.search(clause.left) and not _FIRST_HOP_MD5.match(line, end):
        text = _TEXT.match(line, end)
        return secret_rest(clause, text.end() if text else None)
    return None


def session_key(clause: Clause) -> Cut | None:
    """``ipsec spi N ...``: the keys of manual IPsec, as OSPFv3 uses them."""
    found = _SPI.match(clause.line, clause.end)
    return secret_rest(clause, found.end()) if found else None


def exported_key(clause: Clause) -> Cut | None:
    """``crypto key export rsa LABEL pem terminal 3des PASSPHRASE`` and the like."""
    return secret_rest(clause) if _KEY_EXPORT.search(clause.left) else None


def anything(clause: Clause) -> Cut | None:
    """A word that is followed by nothing but a secret."""
    return secret_rest(clause)


def second_word(clause: Clause) -> Cut | None:
    """A word that is followed by a name, then by what may be a secret."""
    found = _SERVER_GROUP.match(clause.line, clause.end)
    return secret_rest(clause, found.end()) if found else None


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
