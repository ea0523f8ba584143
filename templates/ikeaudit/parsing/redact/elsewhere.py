"""Known secrets in text that people write, in commands that nobody knows, and in what a router shows.

Key words of IOS and names of objects stay as they are, though a secret is spelt alike: real routers have keys like ``IPSec``,
``VPN`` or ``cisco``, and a configuration whose names were altered would be another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from ikeaudit.ios.language import LANGUAGES
from ikeaudit.parsing.mess.freeform import written_by_people
from ikeaudit.parsing.redact.clause import PROMPT
from ikeaudit.parsing.redact.harmless import NAME_BEFORE
from ikeaudit.parsing.redact.known import INSIDE_WORDS, KnownSecrets
from ikeaudit.parsing.redact.tokens import SECRET

_COMMENT = re.compile(r"\s*(?:!|#(?!\w)|;|//|<!--)")
_FREE = re.compile(
    rf"""{PROMPT}?[\s!]*(?:(?:no|default)\s+)?(?:
        desc\w* | remark | (?:sequence\s+)?\d+\s+remark | (?:ip(?:v6)?\s+)?access-l\w*\s+(?:\S+\s+){{1,3}}?remark
      | alias | banner | title | menu | macro | event | action | name | location | contact | cli | comment
      | (?:vacant|refuse|busy)-message | (?:auth|logon)-banner | ip\ admission\ banner
      | snmp-s\w*\s+(?:location|contact|chassis-id) | neighbor\s+\S+\s+desc\w*
      | ip(?:v6)?\s+route\s.{{1,120}}?\sname | aaa\ authentication\ (?:banner|fail-message) | privilege
    )\s""",
    re.VERBOSE | re.IGNORECASE,
)
"""Commands behind which there is text that people write, and no operand that matters."""

_REMARK = re.compile(
    r"\s(?=!|//|<[-=]|[-=]+>|#(?!\w)|;\s|[^\x00-\x7f])|(?:(?<=\.\d)|(?<=\.\d\d)|(?<=\.\d\d\d))(?=!|//)"
)
"""Where a remark behind a command begins."""

_IN_BRACKETS = re.compile(r"\s\([^()]*\)\s*\Z")
_KEY = re.compile(r"<PSK(?::[0-9a-f]{16})?>")
_TYPED = re.compile(r"(?<!\S)[067][ \t]+\Z")
"""What would make a token behind it one of an encoded key."""

_OPERAND_BEFORE = re.compile(r"\s(?:address|hostname|vrf|local|remote)\s+\Z", re.IGNORECASE)
_MORE_NAMES = re.compile(
    r"""(?:[^\s<\#>]{1,100}[\#>])?[\s!]*(?:no\ )?(?:
        username | neighbor | class(?:\ type\ \S+)? | peer | proposal | pool | acl | domain | ivrf | vrf | fvrf | object | track
      | (?:crypto\ )?(?:pki|ca)\ (?:trustpoint|trust-point|profile|server|identity) | rsakeypair | key-chain | template
      | crypto\ isakmp\ client\ configuration\ group | crypto\ ipsec\ client\ ezvpn | crypto\ keyring\ \S+\ vrf
      | crypto\ isakmp\ key\ .{1,60}\ (?:hostname|address) | pre-shared-key\ hostname | crypto\ isakmp\ peer\ \S+(?:\ \S+\ vrf)?
      | crypto\ map\ \S+\ (?:isakmp-profile|(?:client|isakmp)\ .{1,40}\ list|\d+\ ipsec-isakmp\ (?:dynamic|profile))
      | crypto\ map\ ipv6 | crypto\ ipv6\ dynamic-map | crypto\ (?:gdoi|gkm)\ group(?:\ ipv6)? | keyring\ aaa
      | crypto\ ikev2\ (?:authorization\ policy|client\ flexvpn|name-mangler|cluster)
      | (?:client\ |isakmp\ )?(?:authentication|authorization|accounting)\ list | client\ configuration\ group
      | (?:self-identity|identity(?:\ local)?|match\ identity(?:\ remote)?)
        \ (?:fqdn|user-fqdn|email|host|user|key-id|group|domain|address|number)(?:\ domain)?
      | match\ (?:certificate|vrf|ip\ address(?:\ prefix-list)?|access-group(?:\ name)?|fvrf) | login\ authentication
      | ip\ (?:host|domain[- ](?:name|list)|nat\ pool|local\ pool|prefix-list|vrf|dhcp\ pool|access-group|route\ vrf)
      | ip\ nat\ (?:inside|outside)\ source\ (?:list|static|route-map)(?:\ \S+\ pool)? | address-family\ \S+\ vrf
      | tunnel\ (?:destination|source|vrf) | set\ (?:group|vrf|ikev2-profile) | zone\ security | zone-member\ security
      | (?:class|policy|parameter)-map(?:\ \S+){0,3} | object-group\ \S+ | group(?:-object)? | service-policy(?:\ \S+){0,2}
      | zone-pair\ security(?:\ \S+\ source(?:\ \S+\ destination)?)? | (?:radius|tacacs|ldap)\ server | vpdn-group
      | neighbor\ \S+\ (?:peer-group|route-map|prefix-list|filter-list) | snmp-server\ (?:group|view|user)
    )\s+\Z""",
    re.VERBOSE | re.IGNORECASE,
)
"""Further commands behind which a name of an object stands; those of the telling words are in ``harmless``."""

_LONGEST_COMMAND = 200
_AROUND = "\"'`(),;:[]{}#"
_NUMBER = re.compile(r"[\d.:/,-]+")
_LETTERS = re.compile(r"[A-Za-z]+")
_OPERANDS = """
3des aes aes-cbc-128 aes-cbc-192 aes-cbc-256 aes-gcm-128 aes-gcm-256 des seal gmac null md5 sha sha1 sha256 sha384 sha512
esp-3des esp-aes esp-des esp-gcm esp-gmac esp-md5-hmac esp-null esp-seal esp-sha-hmac esp-sha256-hmac esp-sha384-hmac
esp-sha512-hmac ah-md5-hmac ah-sha-hmac ah-sha256-hmac tunnel transport pre-share rsa-sig rsa-encr ecdsa-sig seconds kilobytes
any host permit deny established eq ne gt lt range log log-input tcp udp icmp ip ipv6 esp ahp gre ospf eigrp bgp in out both
inside outside overload static source list pool interface active standby up down ipsec isakmp ikev1 ikev2 default none
main aggressive responder initiator periodic on-demand disable enable multipoint dynamic local remote address hostname fqdn
email user-fqdn key-id group1 group2 group5 group14 group15 group16 group19 group20 group21 group24 no-xauth yes no on off
"""


class _Hit(NamedTuple):
    """A known value at ``line[start:end]`` of line number ``row``, and the word around it."""

    row: int
    start: int
    end: int
    word: str
    left: str


def without_known(clean: str, known: KnownSecrets) -> str:
    """``clean``, which is redacted, without what ``known`` has; also takes in which of those are names in ``clean``.

    A pre-shared key becomes its token here, too, so that a roll-back can bring the line back as it was.
    """
    newline = "\n" if "\n" in clean else "\r"
    lines = clean.split(newline)
    found = dict(known.lines_with(lines))
    if not found:
        return clean
    prose = written_by_people(lines)
    cuts: dict[int, list[tuple[int, int]]] = {}
    doubtful: list[_Hit] = []
    for row, places in found.items():
        line = lines[row]
        free = 0 if row in prose else _free_from(line)
        for start, end in places:
            behind = _behind_a_key(line, start) and line[start:end].lower() not in _key_words()
            if behind or start >= free >= 0:
                cuts.setdefault(row, []).append((start, end))
            else:
                doubtful.append(_hit(line, row, start, end))
    known.names.update(hit.word for hit in doubtful if _is_name(hit))
    for hit in doubtful:
        if not _stays(hit, lines[hit.row], known):
            cuts.setdefault(hit.row, []).append((hit.start, hit.end))
    for row, places in cuts.items():
        lines[row] = "".join(_cut(lines[row], sorted(places), known))
    return newline.join(lines)


def _cut(line: str, cuts: Sequence[tuple[int, int]], known: KnownSecrets) -> Iterator[str]:
    done = 0
    for start, end in cuts:
        yield line[done:start]
        yield SECRET if _TYPED.search(line, max(0, start - 8), start) else known.token(line[start:end])
        done = end
    yield line[done:]


def _free_from(line: str) -> int:
    """Where the text begins that people write; -1 when there is none."""
    if _COMMENT.match(line):
        return 0
    if found := _FREE.match(line):
        return found.end()
    remark = _REMARK.search(line)
    return remark.start() if remark else -1


def _behind_a_key(line: str, at: int) -> bool:
    """Whether ``line[at:]`` follows a pre-shared key and is not the peer that the key is for."""
    key = _KEY.search(line, 0, at)
    return key is not None and _OPERAND_BEFORE.search(line, max(key.end() - 1, at - 40), at) is None


def _hit(line: str, row: int, start: int, end: int) -> _Hit:
    first = max(line.rfind(" ", 0, start), line.rfind("\t", 0, start)) + 1
    last = min(at for at in (line.find(" ", end), line.find("\t", end), len(line)) if at >= 0)
    return _Hit(
        row, start, end, line[first:last].strip(_AROUND + "\r"), line[max(0, first - _LONGEST_COMMAND - 1) : first]
    )


def _is_name(hit: _Hit) -> bool:
    left = hit.left
    return len(left) <= _LONGEST_COMMAND and bool(NAME_BEFORE.fullmatch(left) or _MORE_NAMES.match(left))


def _stays(hit: _Hit, line: str, known: KnownSecrets) -> bool:
    """Whether what looks like a secret is a key word, a name, a number, or but a part of a longer word."""
    value = line[hit.start : hit.end]
    if hit.word in known.names or value.lower() in _key_words() or _NUMBER.fullmatch(value):
        return True
    if len(value) >= INSIDE_WORDS:
        return False
    if hit.word != value.strip(_AROUND):
        return True
    return _LETTERS.fullmatch(value) is not None and _is_command(line) and not _IN_BRACKETS.search(line)


def _is_command(line: str) -> bool:
    """Whether some mode has a command that begins like ``line``."""
    text = " ".join(line.split())
    return any(language.spell(text).known for language in LANGUAGES.values())


@cache
def _key_words() -> frozenset[str]:
    """The words of all commands that this project knows, in lower case."""
    return frozenset(word for one in LANGUAGES.values() for word in one.grammar.words()) | frozenset(_OPERANDS.split())
