"""The words that say nothing of a router's owner: keywords of the tables, addresses, interfaces, small numbers, tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.names import INTERFACE_TYPES
from ikeaudit.ios.notation import sequences
from ikeaudit.ios.tables.names import FREE_TEXT, NAMES, NAMES_BESIDE_SECRETS
from ikeaudit.parsing.likeness import near
from ikeaudit.parsing.redact.tokens import TOKEN

OPERANDS = """
3des aes aes-cbc-128 aes-cbc-192 aes-cbc-256 aes-gcm-128 aes-gcm-256 des seal gmac null md5 sha sha1 sha256 sha384 sha512
esp-3des esp-aes esp-des esp-gcm esp-gmac esp-md5-hmac esp-null esp-seal esp-sha-hmac esp-sha256-hmac esp-sha384-hmac
esp-sha512-hmac ah-md5-hmac ah-sha-hmac ah-sha256-hmac tunnel transport pre-share rsa-sig rsa-encr ecdsa-sig seconds kilobytes
any host permit deny established eq ne gt lt range log log-input tcp udp icmp ip ipv6 ospf eigrp bgp in out both esp ahp gre
inside outside overload static source list pool interface active standby up down ipsec isakmp ikev1 ikev2 default none
main aggressive responder initiator periodic on-demand disable enable multipoint dynamic local remote address hostname fqdn
email user-fqdn key-id group1 group2 group5 group14 group15 group16 group19 group20 group21 group24 no-xauth yes no on off
"""
"""Values that commands take, and that are no names."""

_MORE = """
connected redistribute network neighbor remote-as activate area metric distance seq le ge vrf redundancy priority preempt
timers track decrement dot1q native multicast broadcast unicast auto full half input output debug timestamps datetime msec
localtime show-timezone uptime version traps informs if-authenticated start-stop common exec commands login authentication
authorization accounting session-id bundle-name authenticated informational warnings errors notifications critical alerts
emergencies debugging udp-port auth-port acct-port transport port encryption level privilege extended standard log-neighbor-changes
isakmp non500-isakmp bootps bootpc domain snmp snmptrap syslog tftp www ssh telnet ntp tacacs ftp ftp-data smtp pop3 echo
echo-reply unreachable time-exceeded ttl-exceeded packet-too-big administratively-prohibited host-unreachable fragments
permanent name minimum deadline priority-queue bandwidth percent shape average fair-queue random-detect dscp-based dscp
match-any match-all class-default source-interface timezone on-failure on-success system scopes ef af11 af21 af31 af41 cs1 cs2 cs3 cs6 virtual-reassembly
"""
_ON_DISK = re.compile(r"(?:(?:stby-)?(?:boot)?flash\d*|disk\d|slot\d|harddisk|usb(?:flash)?\d|nvram|bootdisk):[\w./$%-]*\Z")
_NUMBER = re.compile(r"\d{1,3}\Z")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?\Z|(?=[^:]*:[^:]*:)[0-9A-Fa-f:]{2,39}(?:/\d{1,3})?\Z")
_INTERFACE = re.compile(r"([A-Za-z][A-Za-z-]*)\d+(?:[/.:]\d+)*\Z")
_SIGNS = frozenset({"!", "^C", "-", "|", "0x"})
_MEMORY = 1 << 14
VITAL = ("crypto", "interface", "hostname", "pre-shared-key", "tunnel", "shutdown", "vrf", "standby", "keyring")
"""Commands that tunnels depend on: one with a typing error stays to be seen."""
_LEAST_OF_VITAL = 4


def _spellings() -> Iterator[str]:
    for language in LANGUAGES.values():
        for row in language.mode.commands:
            yield from (*row.spellings, *row.hides, *row.no)
    yield from (*NAMES, *NAMES_BESIDE_SECRETS, *FREE_TEXT)


@cache
def keywords() -> frozenset[str]:
    """The dictionary: every keyword of the tables, and the values that their commands take, in lower case."""
    told = {token.word.lower() for syntax in set(_spellings()) for tokens in sequences(syntax) for token in tokens}
    return frozenset(told - {""}) | frozenset(OPERANDS.split()) | frozenset(_MORE.split())


@cache
def naming() -> frozenset[str]:
    """The keywords right behind which a name of an object stands."""
    found = set()
    for syntax in (*NAMES, *NAMES_BESIDE_SECRETS):
        for tokens in sequences(syntax):
            found |= {a.word for a, b in zip(tokens, tokens[1:], strict=False) if a.word and b.type == "word"}
    return frozenset(found | {"vrf"})


class _Harmless(dict[str, bool]):
    """Whether a word is harmless wherever it stands; remembered."""

    def __missing__(self, word: str) -> bool:
        found = (
            word.lower() in keywords()
            or _NUMBER.match(word) is not None
            or _ADDRESS.match(word) is not None
            or word in _SIGNS
            or on_disk(word) is not None
            or TOKEN.fullmatch(word) is not None
            or ((split := _INTERFACE.match(word)) is not None and split[1] in INTERFACE_TYPES)
        )
        if len(self) < _MEMORY:
            self[word] = found
        return found


harmless = _Harmless().__getitem__
"""Whether a word is a keyword, an address, an interface, a number of up to three digits, or a token."""


on_disk = _ON_DISK.match
"""Whether a URL names a file on the router itself."""


def is_leading(word: str) -> bool:
    """Whether a word may stand at the beginning of what is kept of a command that nobody knows."""
    low = word.lower()
    return low in keywords() or (len(low) >= _LEAST_OF_VITAL and any(near(low, vital) for vital in VITAL))
