"""Words that lines are known by, for whoever reads text without its modes: keys, texts of people, banners."""

from __future__ import annotations

import re

import pytest

from ikeaudit.ios import words
from ikeaudit.ios.secrets import SECRETS, WORDS, Secret
from ikeaudit.ios.tables.secrets import SESSION_KEYS, SESSION_PROTOCOLS, SESSION_WAYS


def test_the_words_of_a_command_by_its_id() -> None:
    assert words.slot("keyring/pre-shared-key-address-ipv6") == "pre-shared-key address ipv6"
    assert words.slot("interface/ip-ospf") == "ip ospf"
    assert words.slot("global/snmp-server") == "snmp-server"
    assert words.starts("global/snmp-server", "keyring/local-address") == ("snmp-server ", "local-address ")


def test_one_of_some_words_the_longest_first() -> None:
    assert words.any_of(["a", "ab", "b.c"]) == r"(?:b\.c|ab|a)"


@pytest.mark.parametrize(
    ("rows", "lines", "others"),
    [
        (
            ("keyring/local-address",),
            ("local-address X", "  loc X", "l X", "LOCAL-ADDRESS X", "l"),
            ("locall X", "description l", "", "x l X"),
        ),
        (
            ("keyring/pre-shared-key-hostname",),
            ("pre-shared-key hostname h key k", "pre host h", "p  h x", "P H x", "p h"),
            ("pre-shared-key", "pre-shared-key address h", "p hx x", "p x", "ph x", "p a h"),
        ),
        (
            ("keyring/local-address", "keyring/pre-shared-key-hostname"),
            ("local-address X", "loc X", "pre-shared-key hostname h", "p h x", "l"),
            ("pre-shared-key", "local-address-hostname", "p", "p a x", "pre X"),
        ),
        (
            ("keyring/pre-shared-key-address", "keyring/pre-shared-key-hostname"),
            ("pre-shared-key address 192.0.2.1", "p a x", "p h x"),
            ("pre-shared-key", "p", "p x", "l h"),
        ),
        (
            ("ipsec-profile/description", "ipsec-profile/dialer-pre-classify", "ipsec-profile/discover"),
            ("desc x", "description x", "dialer pre-classify", "dia p", "disc", "de"),
            ("d", "d x", "di", "dialer", "dia", "dialer x"),
        ),
        (("global/ip-route",), ("ip route 10.0.0.0", " IP ROUTE x"), ("ip rout x", "ip routing", "i route x", "ipv6 route x")),
    ],
)  # fmt: skip
def test_which_lines_begin_as_a_command_does(
    rows: tuple[str, ...], lines: tuple[str, ...], others: tuple[str, ...]
) -> None:
    """Cut short as far as IOS would take it: of ``rout`` there are ``route`` and ``routing``."""
    pattern = words.beginning(*rows)
    assert [line for line in lines if not pattern.match(line)] == []
    assert [line for line in others if pattern.match(line)] == []


def test_what_lines_with_a_key_begin_with() -> None:
    assert words.key_words(margin=True) == {"crypto isakmp key"}
    sides, hexes = ("", " local", " remote"), ("", " hex")
    assert words.key_words(margin=False) == {
        *(f"pre-shared-key{side}{form}" for side in sides for form in hexes),
        *(f"pre-shared-key {peer}" for peer in ("address", "address ipv6", "hostname")),
        *(f"authentication {side} pre-share key" for side in ("local", "remote")),
        "tunnel protection psk", "set aggressive-mode password",
    }  # fmt: skip


KINDS = ("motd", "login", "exec", "incoming", "slip-ppp", "prompt-timeout")


def test_commands_with_text_of_people_right_behind_two_keywords() -> None:
    assert words.free_text() == {
        *(f"banner {kind}" for kind in KINDS), "aaa authentication banner", "aaa authentication fail-message", "macro name",
        *(f"snmp-server {what}" for what in ("location", "contact", "chassis-id")),
    }  # fmt: skip


def test_keywords_with_text_of_people_behind_them() -> None:
    assert words.prose() == ("description", "remark", "banner", "alias", "name")
    banners = {"banner", "title", "menu", "prompt", "busy-message", "vacant-message", "refuse-message", "fail-message"}
    banners |= {*KINDS, "auth-banner", "logon-banner"}
    others = {"macro", "event", "action", "location", "contact", "chassis-id", "cli", "comment", "privilege"}
    assert words.before_text() == {"description", "remark", "alias", "name", "log", "log-input", *banners, *others}


def test_what_stands_before_a_text_between_delimiters() -> None:
    banners = ["banner", *(f"banner {kind}".replace("-", r"\-") for kind in KINDS)]
    assert words.delimited("banner") == sorted(banners, reverse=True)
    every = words.delimited()
    assert every == sorted(every, reverse=True) and set(banners) < set(every)
    assert {r"menu \S+ title", r"busy\-message \S+", r"ip admission banner \S+", r"logon\-banner", "title"} < set(every)


def secret(mode: str, before: str) -> Secret:
    (found,) = [one for one in SECRETS if one.mode == mode and " ".join(one.before) == before]
    return found


def test_where_a_secret_stands_and_how_far_it_goes() -> None:
    in_ring = secret("keyring", "pre-shared-key address * * key")
    assert (in_ring.key, in_ring.whole, in_ring.blanks, in_ring.after) == (True, True, True, ())
    assert in_ring.types == ("", "", "ip", "mask", "")
    (first,) = [one for one in SECRETS if one.before == ("crypto", "isakmp", "key") and one.after == ("address", "ip")]
    assert (first.key, first.whole, first.blanks) == (True, False, False)
    afters = {one.after for one in SECRETS if one.before == ("crypto", "isakmp", "key")}
    assert afters == {("address", "ip"), ("address", "ipv6", "ipv6"), ("hostname", "word")}
    block = secret("isakmp-peer", "set aggressive-mode password")
    assert (block.key, block.whole, block.blanks) == (True, True, False)
    community = secret("global", "snmp-server community")
    assert (community.key, community.whole, community.blanks, community.after) == (False, False, False, ())
    user = secret("global", "snmp-server user * * ** auth *")
    assert (user.key, user.whole, user.types) == (False, True, ("", "", "word", "word", "words", "", "word"))
    assert secret("global", "tacacs-server host * ** key").whole


KEYS = """
global: crypto isakmp key
keyring: pre-shared-key address * key; keyring: pre-shared-key address * * key
keyring: pre-shared-key address ipv6 * key; keyring: pre-shared-key hostname * key
isakmp-peer: set aggressive-mode password; interface: tunnel protection psk
ikev2-peer: pre-shared-key; ikev2-peer: pre-shared-key local; ikev2-peer: pre-shared-key remote
ikev2-peer: pre-shared-key hex; ikev2-peer: pre-shared-key local hex; ikev2-peer: pre-shared-key remote hex
ikev2-profile: authentication local pre-share key; ikev2-profile: authentication remote pre-share key
"""


def test_where_every_pre_shared_key_stands() -> None:
    """The digit of an encoding is no word before it."""
    said = {entry.strip() for entry in KEYS.replace("\n", ";").split(";") if entry.strip()}
    assert {f"{one.mode}: {' '.join(one.before)}" for one in SECRETS if one.key} == said
    assert {one.mode for one in SECRETS if one.blanks} == {"keyring", "ikev2-profile"}
    assert {" ".join(one.before) for one in SECRETS if one.tag} == {
        "ip nhrp authentication",
        "ipv6 nhrp authentication",
    }
    singles = {"snmp-server", "snmp", "rmon"}
    assert {one.before[0] for one in SECRETS if not one.whole and not one.key} == singles


OTHERS = """
global: enable {password|secret}; enable {password|secret} level *; username * {password|secret}
global: username * ** {password|secret}; ip ftp password; ip http client password; chat-script *; kerberos srvtab entry
global: key config-key {newpass|password-encrypt}; license smart register idtoken; ntp authentication-key * md5
global: {radius|tacacs}-server key; {radius|tacacs}-server host * key; {radius|tacacs}-server host * ** key
global: rmon event * trap; rmon event * log trap; snmp mib community-map; snmp-server community
global: snmp-server host *{| vrf *}{| traps| informs}{| version 1| version 2c}
global: snmp-server host *{| vrf *}{| traps| informs} version 3 {auth|noauth|priv}
global: snmp-server user * * auth *; snmp-server user * * ** auth *; crypto {pki|ca} {export|import} * {pem|pkcs12}
global: crypto key {export|import} rsa * pem; crypto key ** passphrase
interface: {standby|vrrp|glbp}{| *} authentication{| text| md5 key-string}; authentication mode hmac-sha-256
interface: {ip|ipv6} nhrp authentication; ip ospf authentication-key; ip ospf message-digest-key * md5
interface: ipv6 ospf {authentication|encryption} ipsec spi *; isis password; cts sap pmk
interface: ppp chap password; ppp pap sent-username * password
isakmp-profile: client authentication password; {client pki|isakmp} authorization password
isakmp-group: key; tacacs: key; radius: key; line: password; trustpoint: password; pki-server: password
ikev2-peer: ppk manual id * key; ipsec-profile: set session-key; crypto-map: set session-key
router: neighbor * password; ezvpn: group * key; ezvpn: username * password; keychain-key: key-string
aaa-group: server-private * key; server-private * ** key
"""


def spelt_out(text: str) -> set[str]:
    """``text`` with each of the words in braces."""
    found = re.search(r"\{(.*?)\}", text)
    if found is None:
        return {text}
    ways = (text[: found.start()] + word + text[found.end() :] for word in found[1].split("|"))
    return set().union(*map(spelt_out, ways))


def test_where_every_other_secret_stands() -> None:
    said = set()
    for line in OTHERS.strip().split("\n"):
        mode = ""
        for entry in line.split("; "):
            first, colon, rest = entry.partition(": ")
            mode = first if colon else mode
            said |= spelt_out(f"{mode}: {rest if colon else entry}")
    assert {f"{one.mode}: {' '.join(one.before)}" for one in SECRETS if not one.key} == said


def test_what_stands_beside_the_keys_of_a_manual_association() -> None:
    assert (SESSION_WAYS, SESSION_PROTOCOLS) == (("inbound", "outbound"), ("ah", "esp"))
    assert SESSION_KEYS == ("cipher", "authenticator")


def test_words_right_before_a_secret() -> None:
    assert {"key", "password", "local", "hex", "psk", "community", "1", "2c", "priv", "passphrase", "pem"} <= WORDS
    assert not {"*", "**", "address", "encoding", "host"} & WORDS
