"""Lines at the edge of what tells of a secret: commands cut short, spoilt at their beginning, and their look-alikes."""

from __future__ import annotations

from itertools import product

import pytest
from parsed import FINGERPRINTER, clear

from ikeaudit.parsing.redact import mask_line, redact

KEY = "Zq8vT2xR"


@pytest.mark.parametrize(
    "line",
    [
        "{} isakmp key <SECRET>",
        "{} pki export TP pem <SECRET>",
        "{} pki import TP pkcs12 <SECRET>",
        " {} nhrp authentication <SECRET>",
        " {} ospf authentication-key <SECRET>",
        " {} ospf authentication ipsec spi 500 <SECRET>",
        " {} ospf encryption ipsec spi 500 <SECRET>",
    ],
)
@pytest.mark.parametrize("first", ["x", "crpyto", "ipp", "ipv66"])
def test_a_command_is_told_without_the_word_that_a_whole_family_begins_with(line: str, first: str) -> None:
    """Wrong lines that this catches: the words of ``forms._FAMILIES``."""
    line = line.format(first)
    assert mask_line(line.replace("<SECRET>", KEY)) == line


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        ("snmp-server host R1 traps version 1 {}", "snmp-server host R1 traps version 1 <SECRET>"),
        ("snmp-server host R1 tra ver 1 {}", "snmp-server host R1 tra ver 1 <SECRET>"),
        ("snmp-server host R1 TRA VER 1 {}", "snmp-server host R1 TRA VER 1 <SECRET>"),
        ("snmp-server host R1 ver 3 pri {}", "snmp-server host R1 ver 3 pri <SECRET>"),
        ("snmp-server host R1 tr version 1 {}", "snmp-server host R1 <SECRET>"),
        ("snmp-server host R1 V 1 {}", "snmp-server host R1 <SECRET>"),
        ("snmp-server host R1 {} v", "snmp-server host R1 <SECRET> v"),
        ("snmp-server comm {} RO", "snmp-server comm <SECRET> RO"),
        ("snmp-server comm default RO", "snmp-server comm <SECRET> RO"),  # a key word, which stays elsewhere
        (" set session-key inbound esp 256 c {}", " set session-key inbound esp 256 <SECRET> <SECRET>"),
        (" set session-key inbound esp 256 ci {}", " set session-key inbound esp 256 ci <SECRET>"),
        ("snmp-server host R1 ?", "snmp-server host R1 ?"),
        ('snmp-server host R1 "{} X" udp-port 162', "snmp-server host R1 <SECRET> udp-port 162"),
        ('snmp-server host R1 "{} X', "snmp-server host R1 <SECRET> X"),  # one that never ends is a word
        ('snmp-server host R1 "" udp-port 162', "snmp-server host R1 <SECRET> udp-port 162"),
        ("rmn event 1 log trap {} owner X", "rmn event 1 log trap <SECRET> owner X"),  # told by three letters
        ("  pass log {}", "  pass <SECRET>"),
        ("service password {}", "service password <SECRET>"),  # nearly a keyword that holds none
        ("security password {}", "security password <SECRET>"),
        ("  pass logs", "  pass <SECRET>"),
        ("rmon event 1 tra {}", "rmon event 1 tra <SECRET>"),
        (" standby 1 authentication tex {}", " standby 1 authentication tex <SECRET>"),
        (" standby 1 authentication te {}", " standby 1 authentication <SECRET>"),
        (" authentication mode hmac-sha-256 {}", " authentication mode hmac-sha-256 <SECRET>"),
        (" authentication mode hmac-sha-512 {}", " authentication mode hmac-sha-512 <SECRET>"),
        (" authentication mode hmac {}", " authentication mode hmac <SECRET>"),
        (
            "snmp-server  user  bob  G  privilege  15  auth  sha  {}",
            "snmp-server  user  bob  G  privilege  15  auth  sha  <SECRET>",
        ),
    ],
)
def test_an_option_before_a_secret_is_told_from_it(line: str, clean: str) -> None:
    """Wrong lines that this catches: ``forms._SHORTEST_OPTION``, ``spelling._ALGORITHM`` and ``_MANY``, keywords cut short that
    ``printed`` takes for the secret itself."""
    assert mask_line(line.format(KEY)) == clean


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        ("crypto isakmp key {} address 192.0.2.1", "crypto isakmp key <PSK> address 192.0.2.1"),
        ("crypto isakmp key {} address ?", "crypto isakmp key <PSK> address ?"),
        ("crypto isakmp key {} address r1.example", "crypto isakmp key <PSK> address r1.example"),
        ("crypto isakmp key {} address r1", "crypto isakmp key <PSK> <SECRET>"),
        ("crypto isakmp key {} address ipv66 r1", "crypto isakmp key <PSK> <SECRET>"),
        ("crypto isakmp key {} address ipv6 r1", "crypto isakmp key <PSK> address ipv6 r1"),
        ("crypto isakmp key {} hostname r1", "crypto isakmp key <PSK> hostname r1"),
    ],
)
def test_a_peer_behind_a_key_looks_like_an_address(line: str, clean: str) -> None:
    """Wrong lines that this catches: the types of ``forms._ADDRESSES``."""
    assert mask_line(line.format(KEY)) == clean


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (
            " pre-shared-key address 192.0.2.1 255.255.255\n.0 key {}",
            " pre-shared-key address 192.0.2.1 255.255.255\n.0 key <PSK>",
        ),
        (
            " pre-shared-key address 192.0.2.1\n255.255.255.0 key {}",
            " pre-shared-key address 192.0.2.1\n255.255.255.0 key <PSK>",
        ),
        (" pre-share\n  {}", " pre-share\n  <PSK>"),
        (" pre-shared-key\n  {}", " pre-shared-key\n  <PSK>"),
        (" authentication pre-share\n  {}", " authentication pre-share\n  {}"),
    ],
)
def test_a_key_on_the_next_line(text: str, clean: str) -> None:
    """Wrong lines that this catches: ``forms._ADDRESS``, and what the screen passes over at a line's end."""
    clean = clean.replace("<PSK>", f"<PSK:{clear(KEY)}>").format(KEY)
    assert redact(text.format(KEY), FINGERPRINTER).text == clean


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        ("pre-share {}", "pre-share <PSK>"),
        ("x pre-share {}", "x pre-share {}"),  # of a policy
        ("x pre-shared- {}", "x pre-shared- <PSK>"),
        ("x pre-shared-k {}", "x pre-shared-k <PSK>"),
        ("pre-s key {}", "pre-s key <SECRET>"),
        (" authentication remote pre-share key {}  ", " authentication remote pre-share key <PSK>"),
        ("no username bob pasword {}", "no username bob pasword <SECRET>"),
        ("no username bob autocommand {}", "no username bob autocommand {}"),
        ("x-standby 1 authentication {}", "x-standby 1 authentication {}"),  # another word
        ("x-snmp-server host R1 {}", "x-snmp-server host R1 {}"),
        (r"x\nsnmp-server host R1 {}", r"x\nsnmp-server host R1 <SECRET>"),  # the end of a line, written out
        (r"x\nmy-key {}", r"x\nmy-key <SECRET>"),
        (r"x\npublic-key {}", r"x\npublic-key {}"),
        ("crypto isakmp polic {} address 192.0.2.1", "crypto isakmp polic {} address 192.0.2.1"),
        ("crypto isakmp olicy {} address 192.0.2.1", "crypto isakmp olicy <PSK> address 192.0.2.1"),
        ("x ospf authen {}", "x ospf authen <SECRET>"),
        (" ip ospf authentication-k {}", " ip ospf authentication-k <SECRET>"),
        (" ip ospf message-dig 1 md5 {}", " ip ospf message-dig 1 <SECRET>"),
        ("snmp mib commun {}", "snmp mib commun <SECRET>"),
        ("R1#% Invalid input, password ok", "R1#% Invalid input, password ok"),
        ("R1# Key name: x", "R1# Key name: x"),
        ("R1#x% Invalid password {}", "R1#x% Invalid password <SECRET>"),
    ],
)
def test_how_much_of_a_command_tells(line: str, clean: str) -> None:
    """Wrong lines that this catches: what ``keys.key_alone`` takes for the whole command, ``harmless._prompt``."""
    assert mask_line(line.format(KEY)) == clean.format(KEY)


@pytest.mark.parametrize(
    "word", ["ip", "ipv6", "match", "set", "Set", "no", "peer", "crypto", "local-address", "description", "!x"]
)
def test_a_command_on_the_next_line_is_no_key(word: str) -> None:
    """Wrong lines that this catches: the words of ``wrapped._NEVER_A_HALF``."""
    text = f"crypto isakmp key\n{word} address 192.0.2.1"
    assert redact(text, FINGERPRINTER).text == text


PSK = f"<PSK:{clear(KEY)}>"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("crypto isakmp key\n{} address 192.0.2.1", f"crypto isakmp key\n{PSK} address 192.0.2.1"),
        ("crypto isakmp key \n  {}", f"crypto isakmp key \n  {PSK}"),
        ("crypto isakmp key 0\n{}", f"crypto isakmp key 0\n{PSK}"),
        ("crypto isakmp key 7\n0822455D0A16", f"crypto isakmp key 7\n<PSK:{clear('cisco')}>"),
        ("crypto isakmp key 6\n{}", f"crypto isakmp key 6\n<PSK:{FINGERPRINTER.opaque(KEY)}>"),
        ("crypto isakmp key \n{} more", "crypto isakmp key \n{} more"),
        ("crypto isakmp key\n{}\naddress 192.0.2.1", f"crypto isakmp key\n{PSK}\naddress 192.0.2.1"),
        ("crypto isakmp key {}\n address 192.0.2.1", f"crypto isakmp key {PSK}\n address 192.0.2.1"),
        ("crypto isakmp key {} address peer\nr1", f"crypto isakmp key {PSK} <SECRET>\nr1"),  # the key stands above
        ("crypto isakmp key {} add\nress 192.0.2.1", f"crypto isakmp key {PSK} add\nress 192.0.2.1"),
        ("crypto isakmp key Zq8v\nT2xR address 192.0.2.1", f"crypto isakmp key {PSK}\n address 192.0.2.1"),
        (" pre-shared-key address 192.0.2.1 ke\ny {}", f" pre-shared-key address 192.0.2.1 ke\ny {PSK}"),
        (" pre-shared-key  address  192.0.2.1\nkey  {}", f" pre-shared-key  address  192.0.2.1\nkey  {PSK}"),
        (" pre-shared-key hostname  r1\nkey {}", f" pre-shared-key hostname  r1\nkey {PSK}"),
        (" pre-shared-key hostname r1\nkey {}", f" pre-shared-key hostname r1\nkey {PSK}"),
        (
            " pre-shared-key address 192.0.2.1 x\nkey {}",
            f" pre-shared-key <PSK:{clear('address 192.0.2.1 x')}>\nkey <SECRET>",
        ),
        (" pre-shared-key hostname r1 x\nkey {}", f" pre-shared-key <PSK:{clear('hostname r1 x')}>\nkey <SECRET>"),
        (
            " pre-shared-key address ipv6 2001:db8::1/128\nkey {}",
            f" pre-shared-key address ipv6 2001:db8::1/128\nkey {PSK}",
        ),
    ],
)
def test_which_lines_were_one(text: str, clean: str) -> None:
    """Wrong lines that this catches: when a line is open or whole (``wrapped``), the mask among ``forms._ADDRESSES``."""
    assert redact(text.format(KEY), FINGERPRINTER).text == clean.format(KEY)


SECTIONS = {
    "ikev2-keyring": "crypto ikev2 keyring K\n peer P\n  ",
    "keyring": "crypto keyring K\n  ",
    "keychain": "key chain K\n key 1\n  ",
    "group": "crypto isakmp client configuration group G\n ",
}


@pytest.mark.parametrize(
    ("section", "line", "clean"),
    [
        ("ikev2-keyring", "p {}", "p " + PSK),
        ("ikev2-keyring", "p loc {}", "p loc " + PSK),
        ("ikev2-keyring", "pr l 0 {}", "pr l 0 " + PSK),
        ("ikev2-keyring", "pr r h 5a71387654327852", "pr r h " + PSK),
        ("ikev2-keyring", "no p {}", "no p " + PSK),
        ("ikev2-keyring", "no pre-shared-key address 10.0.0.9", f"no pre-shared-key <PSK:{clear('address 10.0.0.9')}>"),
        ("keyring", "no pre-shared-key address 10.0.0.9", "no pre-shared-key address 10.0.0.9"),
        ("ikev2-keyring", "! p {}", "! p " + PSK),
        ("ikev2-keyring", "pe {}", "pe <SECRET>"),  # no command of a peer
        ("ikev2-keyring", "frob {}", "frob <SECRET>"),
        ("ikev2-keyring", "description {}", "description {}"),
        ("ikev2-keyring", "hostname {}", "hostname {}"),
        ("keyring", "p h r1 k {}", "p h r1 k " + PSK),
        ("keyring", "frob {}", "frob <SECRET>"),
        ("keyring", "loc {}", "loc <SECRET>"),
        ("keyring", "local-address {}", "local-address {}"),
        ("keychain", "key-s {}", "key-s <SECRET>"),
        ("keychain", "k {}", "k <SECRET>"),
        ("keychain", "key 1", "key 1"),
        ("keychain", "key {}", "key <SECRET>"),
        ("keychain", "frob {}", "frob {}"),
        ("group", "ke 6 {}", "ke 6 <SECRET>"),
        ("group", "k {}", "k <SECRET>"),
        ("group", "frob key 12345", "frob key <SECRET>"),  # a number, where no command of the section has one
        ("group", "frob {}", "frob {}"),
    ],
)
def test_a_word_in_its_section(section: str, line: str, clean: str) -> None:
    """Wrong lines that this catches: which sections decide, what of them is short, what a keyring does not know."""
    text = f"{SECTIONS[section]}{line}\n"
    assert redact(text.format(KEY), FINGERPRINTER).text == f"{SECTIONS[section]}{clean}\n".format(KEY)


@pytest.mark.parametrize("left", ["exit", " exit", "end"])
def test_what_is_left_inside_of_a_section_ends_no_section(left: str) -> None:
    """Typed lines stand at the margin: behind ``exit`` of a peer the keyring goes on, behind ``end`` it does not."""
    text = f"crypto ikev2 keyring K\npeer A\naddress 192.0.2.1\n{left}\npeer B\np loc {KEY}\n"
    assert redact(text, FINGERPRINTER).text == (text.replace(KEY, PSK) if "exit" in left else text)


@pytest.mark.parametrize(
    ("header", "opens"),
    [
        ("crypto ikev2 keyring K", True),
        ("cr ik ke K", True),
        ("cry ike keyr K", True),
        ("R1(config)#crypto ikev2 keyring K", True),
        ("crypto ikev2 keyring", False),  # nobody's
        ("crypto ikev2 keyring ", False),
        ("c ik ke K", False),
        ("cr i ke K", False),
        ("cr ik k K", False),
        ("xcr ik ke K", False),
    ],
)
def test_how_a_section_begins(header: str, opens: bool) -> None:
    """Wrong lines that this catches: ``sections._opening`` and how a header may be spelt."""
    text = f"{header}\n peer P\n  p loc Zq8vT2xR\n"
    assert (redact(text, FINGERPRINTER).text == text.replace(KEY, PSK)) is opens


@pytest.mark.parametrize(
    ("header", "line", "opens"),
    [
        ("cr keyr K", "p h r1 k Zq8vT2xR", True),
        ("cr key K", "p h r1 k Zq8vT2xR", False),  # "crypto key"
        ("key ch K\n key 1", " k Zq8vT2xR", True),
        ("ke ch K\n key 1", " k Zq8vT2xR", False),
        ("key c K\n key 1", " k Zq8vT2xR", False),
        ("cr is cl co gr G", "k Zq8vT2xR", True),
        ("cr is c co gr G", "k Zq8vT2xR", False),
    ],
)
def test_the_fewest_letters_of_a_header(header: str, line: str, opens: bool) -> None:
    """Wrong lines that this catches: which keywords ``sections._opening`` measures."""
    clean = redact(f"{header}\n  {line}\n", FINGERPRINTER).text
    assert (KEY not in clean) is opens


@pytest.mark.parametrize(
    ("ends", "line"),
    [
        (False, " peer Q"), (False, "  address 192.0.2.1"), (False, " !"), (False, ""), (False, "exit"), (False, "!"),
        (True, "interface Tunnel1"), (True, "crypto isakmp policy 10"),
        (True, "!interface Tunnel1"), (False, "! interface Tunnel1"), (True, "end"),
        (True, "router bgp 1"), (True, "!crypto isakmp policy 10"), (False, "! crypt"),
    ],
)  # fmt: skip
def test_where_a_section_ends(ends: bool, line: str) -> None:
    """Wrong lines that this catches: ``Section.inside``."""
    text = f"crypto ikev2 keyring K\n peer P\n{line}\np loc Zq8vT2xR\n"
    assert (redact(text, FINGERPRINTER).text == text) is ends


@pytest.mark.parametrize(
    ("size", "follows", "one"), [(79, "Bb1", True), (79, "Bb1 x", False), (78, "Bb1", False), (79, "R1#", False)]
)
def test_a_row_of_the_table_that_was_wrapped(size: int, follows: str, one: bool) -> None:
    """Wrong lines that this catches: ``EDGE_OF_SCREEN`` in a table of keys."""
    key = "A" * (size - 57)
    head = "R1#show crypto isakmp key\nKeyring      Hostname/Address                            Preshared Key\n"
    rows = redact(f"{head}{'default':<13}{'10.0.0.2':<44}{key}\n{follows}\n", FINGERPRINTER).text.split("\n")[2:]
    assert rows[0][57:] == f"<PSK:{clear(key + follows if one else key)}>"
    assert (rows[1] == "") is one


@pytest.mark.parametrize(
    ("echo", "shows"),
    [
        ("show crypto isakmp key", True), ("sh cry isa key", True), ("do sh cr is key", True), ("SH CR IS KEY", True),
        ("sh cr is key | include x", True), ("sh cr is key  ", True), ("s cr is key", False), ("sh c is key", False),
        ("sh cr i key", False), ("sh cr is keys", False), ("sh cr is key x", False), ("sh cr is policy", False),
    ],
)  # fmt: skip
def test_the_command_that_shows_keys(echo: str, shows: bool) -> None:
    """Wrong lines that this catches: ``shown_keys.ECHO``."""
    text = f"R1#{echo}\nmy own {KEY}\n"
    assert redact(text, FINGERPRINTER).text == (text.replace(KEY, "<SECRET>") if shows else text)


def test_blanks_at_the_end_belong_to_a_key_where_ios_keeps_them() -> None:
    """Wrong lines that this catches: ``printed._kind``."""
    for line, key in (
        (" authentication remote pre-share key Abcd1  ", "Abcd1  "),
        ("  pre-shared-key address 192.0.2.1 key Abcd1  ", "Abcd1  "),
        (" tunnel protection psk Abcd1  ", "Abcd1"),
        (" set aggressive-mode password Abcd1  ", "Abcd1"),
    ):
        assert redact(line, FINGERPRINTER).text == line.replace(key.rstrip() + "  ", f"<PSK:{clear(key)}>"), line


@pytest.mark.parametrize("word", ["end", "exit", "Exit", "quit", "!", "^"])
def test_a_command_of_one_word_is_no_rest_of_a_key(word: str) -> None:
    """Wrong lines that this catches: the words of ``wrapped._COMMANDS_OF_ONE_WORD``."""
    front = "  pre-shared-key address 192.168.100.200 255.255.255.255 key "
    key = "A" * (80 - len(front))
    clean = redact(f"{front}{key}\n{word}\n", FINGERPRINTER).text
    assert clean == f"{front}<PSK:{clear(key)}>\n{word}\n"
    assert redact(f"{front}{key}\nBc1\n", FINGERPRINTER).text == f"{front}<PSK:{clear(key + 'Bc1')}>\n\n"


@pytest.mark.parametrize("front", ["frob ", "frob my-", "FROB "])
@pytest.mark.parametrize(
    ("word", "letters"),
    [
        ("key", 3), ("key-string", 4), ("presharedkey", 12), ("password", 3), ("passphrase", 10), ("passwd", 6),
        ("passcode", 8), ("pass-code", 9), ("pwd", 3), ("pw", 2), ("secret", 6), ("idtoken", 7), ("psk", 3), ("community", 9),
    ],
)  # fmt: skip
def test_how_much_of_a_word_tells_in_a_command_that_nobody_described(word: str, letters: int, front: str) -> None:
    """Wrong lines that this catches: a word of ``forms.TELLING``, or its number."""
    line = front + (word.upper() if front.isupper() else word)[: letters - len(word) or None]
    assert mask_line(f"{line} {KEY}") == f"{line} <SECRET>"
    short = line[:-1]
    other = word in ("key-string", "passwd", "pwd")  # what is left of these is that of another telling word
    assert (mask_line(f"{short} {KEY}") == f"{short} {KEY}") is not other


HARMLESS = {
    "x key {}": (
        *("exchange: done", "exchange done", "in keyring K", "not found in keyrings of profile P", "found", "found "),
        *("matching", "matching 192.0.2.1", "matching 2001:db8::1", "for 192.0.2.1 not available in K"),
        *("for 192.0.2.1 found in K",),
    ),
    " set community {}": ("65000:1",),
    " match community {}": ("65000:1",),
    " set large-community {}": ("65000:1:1",),
    " pass {}": ("log", "log "),
}
"""What IOS says of keys, and commands, by the telling word in them."""
LOOK_ALIKE = {
    "x key {}": (
        *("exchange", "exchange 7", "exchanger x", "in keyrings", "not found in keyringsx", "founder", "found 1x"),
        *("matching x", "matching 192.0.2.1 x", "matchings", "for 192.0.2.1 not available"),
        *("for r2 found in K", "for 192.0.2.1 x in K"),
    ),
    " offset community {}": ("65000:1",),
    " x-set community {}": ("65000:1",),
    " set x community {}": ("65000:1",),
    "community {}": ("65000:1",),
    " pass {}": ("logs", "log 1", "logx"),
}  # fmt: skip


@pytest.mark.parametrize("line", [front.format(rest) for front, every in HARMLESS.items() for rest in every])
def test_what_is_said_of_keys_holds_none(line: str) -> None:
    """Wrong lines that this catches: the patterns of ``harmless``, those that admit too little."""
    assert mask_line(line) == line


@pytest.mark.parametrize(
    ("front", "rest"),
    [
        *((front, rest) for front, every in LOOK_ALIKE.items() for rest in every),
        *(("x password {}", rest) for every in HARMLESS.values() for rest in every),
        *(("x secret {}", rest) for rest in HARMLESS["x key {}"]),
        *product((" set key {}", " match secret {}", " match passphrase {}"), ("65000:1", "log")),
    ],
)  # fmt: skip
def test_what_looks_like_it_is_cut(front: str, rest: str) -> None:
    """Wrong lines that this catches: the patterns of ``harmless``, those that admit too much or any other telling word."""
    assert mask_line(front.format(rest)) == front.format("<SECRET>")


@pytest.mark.parametrize("token", ["<SECRET>", "<PSK>", "<PSK:0123456789abcdef>", "<CUT:0123456789abcdef>"])
@pytest.mark.parametrize(
    "line",
    [
        *("{} bar", "frob {} bar", "frob {}", "({})bar", "key chain {} bar", "enable secret {}", "username bob secret {}"),
        *("crypto keyring K\n  pre-shared-key hostname r2 key {} ", "crypto keyring K\n  pre-shared-key hostname r2 key  {}"),
        *(" ip nhrp authentication {}", "crypto isakmp key {} address 192.0.2.1 "),
    ],
)  # fmt: skip
def test_a_token_tells_of_nothing_behind_it(token: str, line: str) -> None:
    """Text that is redacted stays as it is: the words in a token are none.

    Wrong lines that this catches: ``engine._TOKENS``.
    """
    assert redact(line.format(token), FINGERPRINTER).text == line.format(token)


@pytest.mark.parametrize("mark", ['"', "'", "`", ":", "=", ">"])
@pytest.mark.parametrize(
    "line",
    [
        "kerberos srvtab entry",
        "key config-key newpass",
        "glbp 1 authentication text",
        "cts sap pmk",
        "standby 1 authentication",
    ],
)
def test_damage_right_behind_the_last_keyword_hides_no_secret(line: str, mark: str) -> None:
    assert mask_line(f"{line}{mark}{KEY} more") == f"{line}{mark}<SECRET>"


@pytest.mark.parametrize("value", ["{}", "0 {}", "6 {}", "7 0822455D0A16"])
@pytest.mark.parametrize("word", ["k", "ke"])
@pytest.mark.parametrize("typed", ["pre-s", "pre-share", "pre-shared"])
def test_a_keyword_in_two_words_cut_short_hides_no_key(typed: str, word: str, value: str) -> None:
    """Only ``key`` in full is left to those who know it: what is cut short is taken for a part of the key."""
    assert mask_line(f"{typed} {word} {value.format(KEY)}") == f"{typed} <PSK>"


@pytest.mark.parametrize(
    ("front", "told"),
    [
        ("username bob pasword", True), ("usern bob pasword", True), ("user bob pasword", False), ("user bob sees", False),
        ("enable sceret", True), ("enabl sceret", True), ("enab sceret", False),
    ],
)  # fmt: skip
def test_how_much_of_a_command_tells_of_a_misspelt_word_behind_it(front: str, told: bool) -> None:
    """Four letters begin words that people write in logs, too."""
    assert mask_line(f"{front} {KEY}") == f"{front} {'<SECRET>' if told else KEY}"
