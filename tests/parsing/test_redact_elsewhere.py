"""A value once known as a secret is removed wherever else it stands; key words and names that are spelt alike stay."""

from __future__ import annotations

import json
import pickle
import random
import string
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ikeaudit.cli.main import main
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import KnownSecrets, mask_line, redact
from ikeaudit.parsing.redact.elsewhere import _key_words, without_known
from ikeaudit.snapshot.workspace import Workspace
from ikeaudit.snapshot.writing import write_snapshot_host

FINGERPRINTER = Fingerprinter(b"k" * 32)
KEY = "Sesame!2024xy"
TOKEN = f"<PSK:{FINGERPRINTER.psk(KEY)}>"
SEVEN = "070C285F4D06"
"""``cisco`` in type 7."""

SPELLINGS = {
    "global": "crypto isakmp key {} address 0.0.0.0",
    "typed 0": "crypto isakmp key 0 {} address 192.0.2.1",
    "typed 6": "crypto isakmp key 6 {} address 192.0.2.1",
    "abbreviated": "cry isa key {} addr 192.0.2.1",
    "host": "crypto isakmp key {} hostname peer.example",
    "keyring": "crypto keyring KR\n  pre-shared-key address 192.0.2.1 key {}",
    "keyring abbreviated": "crypto keyring KR\n  pre add 192.0.2.1 k {}",
    "ikev2": "crypto ikev2 keyring KR\n peer P\n  address 192.0.2.1\n  pre-shared-key {}",
    "ikev2 local": "crypto ikev2 keyring KR\n peer P\n  address 192.0.2.1\n  pre-shared-key local 0 {}",
    "profile": "crypto ikev2 profile P\n authentication local pre-share key {}",
    "aggressive": "crypto isakmp peer address 192.0.2.1\n set aggressive-mode password {}",
    "client group": "crypto isakmp client configuration group G\n key {}",
    "remark": "crypto isakmp key {} address 0.0.0.0 // old",
    "enable": "enable secret 0 {}",
    "user": "username ops privilege 15 password 0 {}",
    "community": "snmp-server community {} RO 10",
    "tacacs": "tacacs-server key {}",
    "snmp user": "snmp-server user U G v3 auth sha {} priv aes 128 Other-99-secret",
    "url": "archive\n path ftp://backup:{}@192.0.2.5/x",
}

PLACES = {
    "trailing //": "crypto isakmp policy 10 // {}",
    "trailing !": "interface Ethernet0/0 ! is {}",
    "trailing #": "ip route 0.0.0.0 0.0.0.0 192.0.2.9 # {}",
    "trailing, not ASCII": "hostname R1  密码是{}",
    "glued": "ip address 192.0.2.1//{}",
    "description": "interface Tunnel9\n description to Paris {}",
    "description in quotes": 'interface Tunnel9\n description "{}"',
    "inside a sentence": "interface Tunnel9\n desc to={}, ask noc",
    "numbered remark": "ip access-list extended A\n 10 remark {}",
    "remark": "ip access-list extended A\n remark {}.",
    "old remark": "access-list 101 remark ({})",
    "IPv6 remark": "ipv6 access-list A\n sequence 10 remark {}",
    "alias": "alias exec s show run | include {}",
    "one-line banner": "banner motd # {} #",
    "banner": "banner login ^C\nWelcome.\n  it is {}\n^C",
    "comment": "! {}",
    "indented comment": " !{}",
    "comment #": "# {}",
    "location": "snmp-server location rack, {}",
    "neighbor": "router bgp 65000\n neighbor 192.0.2.1 description {}",
    "route": "ip route 192.0.2.0 255.255.255.0 192.0.2.1 name {}",
    "vlan": "vlan 10\n name {}",
    "EEM": 'event manager applet A\n action 1.0 cli command "show {}"',
    "unknown command": "crypto isakmp frobnicate {}",
    "unknown word": "frobnicate {} now",
    "unknown child": "crypto isakmp profile P\n  frobnicate {}",
    "too much": "crypto isakmp policy 10 {}",
    "prompt": "R1(config-if)#description {}",
}


def text_of(spelling: str, place: str, value: str, *, first: bool) -> str:
    parts = [SPELLINGS[spelling].format(value), PLACES[place].format(value)]
    return "hostname R1\n" + "\n".join(parts if first else reversed(parts)) + "\nend\n"


@pytest.mark.parametrize("first", [True, False], ids=["before", "behind"])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_each_spelling_in_each_place(spelling: str, place: str, first: bool) -> None:
    clean = redact(text_of(spelling, place, KEY, first=first), FINGERPRINTER).text
    assert KEY not in clean
    assert redact(clean, FINGERPRINTER).text == clean
    before = PLACES[place].split("{}")[0].split("\n")[-1]
    assert before in clean, "nothing else is taken away"


@pytest.mark.parametrize(
    "place", sorted(set(PLACES) - {"too much", "unknown command", "unknown word", "unknown child"})
)
@pytest.mark.parametrize("value", ["UK", "VPN", "IPSec", "cisco", "x", "7"])
def test_a_short_word_in_free_text(place: str, value: str) -> None:
    """As a whole word at any length; the letters inside of other words stay."""
    line = PLACES[place].format(f"{value} z{value}z {value}")
    line = redact(f"crypto isakmp key {value} address 0.0.0.0\n{line}\n", FINGERPRINTER).text.split("\n", 1)[1]
    token = f"<PSK:{FINGERPRINTER.psk(value)}>"
    assert line == PLACES[place].format(f"{token} z{value}z {token}") + "\n"


NAMED = """\
hostname {0}
vrf definition {0}
crypto keyring {0} vrf {0}
  pre-shared-key address 192.0.2.1 key {0}
  pre-shared-key hostname {0} key {0}
crypto isakmp policy 10
 hash sha
 group 2
crypto isakmp key {0} address 192.0.2.7
crypto isakmp profile {0}
   vrf {0}
   keyring {0}
   match identity group {0}
   self-identity fqdn {0}
crypto ipsec transform-set {0} esp-aes esp-sha-hmac
crypto ipsec profile {0}
 set transform-set {0}
 set isakmp-profile {0}
crypto dynamic-map {0} 10
 set transform-set {0}
crypto map {0} 10 ipsec-isakmp dynamic {0}
crypto map {0} 20 ipsec-isakmp
 set peer {0}
 match address {0}
 set isakmp-profile {0}
crypto ikev2 keyring {0}
 peer {0}
  address 192.0.2.1
  pre-shared-key {0}
crypto ikev2 profile {0}
 match identity remote fqdn {0}
 identity local key-id {0}
 keyring local {0}
 pki trustpoint {0}
username {0} privilege 15 password 0 {0}
ip access-list extended {0}
 permit ip any any
route-map {0} permit 10
interface Tunnel1
 vrf forwarding {0}
 tunnel source Ethernet0/0
 tunnel destination {0}
 tunnel protection ipsec profile {0}
interface Ethernet0/0
 vrf forwarding {0}
 crypto map {0}
ip host {0} 192.0.2.1
end
"""


@pytest.mark.parametrize(
    "value", ["UK", "VPN", "IPSec", "cisco", "DMVPN-KEY-2024", "Tunnel1", "profile", "address", "sha", "10"]
)
def test_names_and_key_words_stay(value: str) -> None:
    """A router whose objects are called like its key is read like one that has another key."""
    text = NAMED.format(value)
    clean = redact(text, FINGERPRINTER).text.split("\n")
    for line, raw in zip(clean, text.split("\n"), strict=True):
        if "<" not in line:
            assert line == raw
    assert sum("<" in line for line in clean) == 5
    (named,) = parse_configs(text, file="r.cfg", fingerprinter=FINGERPRINTER)
    other = text
    for pattern in (" key {}\n", "key {} address", "pre-shared-key {}\n", "password 0 {}\n"):
        other = other.replace(pattern.format(value), pattern.format("0ther-key"))
    (plain,) = parse_configs(other, file="r.cfg", fingerprinter=FINGERPRINTER)
    assert (named.modelled, named.irrelevant, named.unknown) == (plain.modelled, plain.irrelevant, plain.unknown)


@pytest.mark.parametrize("value", ["address ipv6", "hostname key"])
def test_several_key_words_stay(value: str) -> None:
    text = f"crypto keyring K\n  pre-shared-key address ipv6 2001:DB8::/32 key {value}\n  pre-shared-key hostname key key 0 x\n"
    clean = redact(text, FINGERPRINTER).text.split("\n")
    assert clean[1].startswith("  pre-shared-key address ipv6 2001:DB8::/32 key <PSK:")
    assert clean[2].startswith("  pre-shared-key hostname key key 0 <PSK:")


def test_numbers_of_a_configuration_stay() -> None:
    text = "crypto isakmp key 3600 address 0.0.0.0\ncrypto isakmp policy 10\n lifetime 3600\ninterface Tunnel3600\n"
    assert redact(text, FINGERPRINTER).text == text.replace("key 3600", f"key <PSK:{FINGERPRINTER.psk('3600')}>")


def test_inside_words_from_eight_characters_on() -> None:
    head = "crypto isakmp key {} address 0.0.0.0\n! a{}b\n"
    assert "abcdefgh" not in redact(head.format("abcdefgh", "abcdefgh"), FINGERPRINTER).text
    assert "! aabcdefgb" in redact(head.format("abcdefg", "abcdefg"), FINGERPRINTER).text


@pytest.mark.parametrize(
    ("value", "again"),
    [
        (f"7 {SEVEN}", SEVEN),
        (f"7 {SEVEN}", "cisco"),
        ('"quoted-key-1"', "quoted-key-1"),
        ("two words", "two words"),
        ("mix3d-up words", "mix3d-up"),
    ],
)
def test_other_forms_of_a_value(value: str, again: str) -> None:
    text = f"crypto keyring K\n  pre-shared-key address 192.0.2.1 key {value}\n! it is {again}\n"
    assert again not in redact(text, FINGERPRINTER).text.split("\n")[2]


def test_a_key_in_free_text_has_its_token_so_that_a_rollback_brings_it_back() -> None:
    text = f"crypto isakmp key {KEY} address 0.0.0.0\ninterface Tunnel1\n description {KEY} and 7 {KEY}\n"
    assert redact(text, FINGERPRINTER).text.split("\n")[2] == f" description {TOKEN} and 7 <SECRET>"


@pytest.mark.parametrize("key", ["PSK", "SECRET", "<PSK>", "<SECRET>", "PSK:0123456789abcdef"])
def test_a_key_spelt_like_a_token_spoils_no_token(key: str) -> None:
    text = f"crypto isakmp key {key} address 192.0.2.1\nusername u password 0 {KEY}\n! {KEY}\n"
    clean = redact(text, FINGERPRINTER).text
    assert clean.split("\n")[1:] == ["username u password 0 <SECRET>", "! <SECRET>", ""]


def test_what_people_put_in_place_of_a_key_is_no_secret() -> None:
    text = "crypto isakmp key ******** address 0.0.0.0\n! ******** Site A ********\n"
    assert redact(text, FINGERPRINTER).text.endswith("! ******** Site A ********\n")


def test_the_words_behind_a_telling_word_in_prose_are_not_learnt() -> None:
    text = " description no password today\n description today in Paris\n"
    assert redact(text, FINGERPRINTER).text.endswith(" description today in Paris\n")


def test_a_value_stays_known_between_texts() -> None:
    known = KnownSecrets()
    redact(f"crypto isakmp key {KEY} address 0.0.0.0\ncrypto map VPN 10 ipsec-isakmp\n", FINGERPRINTER, known)
    shown = redact(f"Interface: Tunnel1\nDesc: {KEY} x\nuser {KEY}\n", FINGERPRINTER, known).text
    assert shown == f"Interface: Tunnel1\nDesc: {TOKEN} x\nuser {TOKEN}\n"
    assert mask_line(f"refused: {KEY}", None, known) == f"refused: {TOKEN}"


def test_known_secrets_show_nothing() -> None:
    known = KnownSecrets()
    redact(f"crypto isakmp key {KEY} address 0.0.0.0\n", FINGERPRINTER, known)
    assert KEY not in repr(known) + str(known)
    with pytest.raises(TypeError):
        pickle.dumps(known)


WORDS = st.text(string.ascii_letters + string.digits + "!$%&*+-./:=?@_~", min_size=9, max_size=30).filter(
    lambda word: any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
)


@settings(max_examples=300, deadline=None)
@given(WORDS, st.sampled_from(sorted(SPELLINGS)), st.lists(st.sampled_from(sorted(PLACES)), min_size=1, max_size=6))
def test_no_value_stays_anywhere(value: str, spelling: str, places: list[str]) -> None:
    text = "hostname R1\n" + "\n".join([SPELLINGS[spelling], *(PLACES[place] for place in places)]).replace("{}", value)
    if value.lower() in _key_words():
        return  # key words stay, whoever takes one for a key
    if spelling == "url" and set(value) & set("/@:"):
        return  # where the password of an address ends is a question of its own
    assert value not in redact(text + "\nend\n", FINGERPRINTER).text


@pytest.mark.full
def test_the_time_grows_with_the_text_not_with_the_keys() -> None:
    """Twice the text and ten times the keys: not twenty times the time."""
    chance = random.Random(3)

    def seconds(keys: int, lines: int) -> float:
        made = ["".join(chance.choices(string.ascii_letters + string.digits, k=16)) for _ in range(keys)]
        text = "".join(
            f"crypto isakmp key {key} address 10.{at >> 8}.{at & 255}.1\n" for at, key in enumerate(made)
        ) + "".join(f" remark {chance.getrandbits(60):x} of {at} is {made[at % 7]}\n" for at in range(lines))
        started = time.process_time()
        clean = redact(text, FINGERPRINTER).text
        spent = time.process_time() - started
        assert not any(key in clean for key in made[:7])
        return spent

    few = max(seconds(100, 20_000), 0.05)
    assert seconds(2_000, 40_000) < 8 * few


@pytest.fixture
def artefacts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "ws"))
    (tmp_path / "plain").mkdir()
    return tmp_path / "plain"


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_nothing_of_it_is_printed(spelling: str, artefacts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = "\n".join(place.format(KEY) for place in PLACES.values())
    text = f"hostname R1\n{SPELLINGS[spelling].format(KEY)}\n{places}\ninterface Tunnel1\n tunnel destination 192.0.2.1\nend\n"
    (artefacts / "r1.cfg").write_text(text)
    for verb in ("check", "coverage", "explain"):
        for form in ("console", "json"):
            main([verb, str(artefacts), "--format", form])
            out, err = capsys.readouterr()
            assert KEY not in out + err
            assert out
    main(["plan", str(artefacts), "--strategy", "single-keyring", "--out", str(artefacts.parent / "plan")])
    out, err = capsys.readouterr()
    assert KEY not in out + err
    assert not any(KEY in file.read_text() for file in (artefacts.parent / "plan").rglob("*") if file.is_file())


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_nothing_of_it_is_kept(spelling: str, artefacts: Path) -> None:
    places = "\n".join(place.format(KEY) for place in PLACES.values())
    shows = {
        "show version": f"Cisco IOS Software\nR1 uptime is 1 day, by {KEY}\n",
        "show crypto session detail": f"Interface: Tunnel1\nDesc: {KEY}\nPeer: 192.0.2.1 port 500\n",
    }
    written = write_snapshot_host(
        artefacts,
        "R1",
        f"hostname R1\n{SPELLINGS[spelling].format(KEY)}\n{places}\nend\n",
        shows,
        {"banner": f"welcome, {KEY}"},
        fingerprinter=Workspace.open().fingerprinter,
    )
    assert len(list(written.iterdir())) == 4
    assert not any(KEY in file.read_text() for file in written.iterdir())
    assert "welcome" in json.loads((written / "meta.json").read_text())["details"]["banner"]


def test_the_reported_case(artefacts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "hostname R24\ncrypto isakmp policy 10\n authentication pre-share\n group 14\n"
        "crypto isakmp key Sesame!2024xy address 0.0.0.0  // *密码是Sesame!2024xy\n"
    )
    (artefacts / "c.cfg").write_text(text)
    main(["coverage", str(artefacts), "--format", "json"])
    body = json.loads(capsys.readouterr().out)
    assert "Sesame" not in json.dumps(body)
    assert body["total"]["unknown"] == 0


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        # an encoding before it would make a token that of another key
        ("7 {}", "7 <SECRET>"),
        ("! 7 {}", "! 7 <SECRET>"),
        ("! 0 \t    \t      {}", "! 0 \t    \t      <SECRET>"),
        ("! 6 {}", "! 6 <SECRET>"),
        ("! 5 {}", "! 5 <PSK>"),
        ("! 17 {}", "! 17 <PSK>"),
        ("! 7{}", "! 7<PSK>"),
        ("!    {}", "!    <PSK>"),
        # names are told by the command before them, as far as one goes
        (f"crypto isakmp profile{' ' * 179}{{}}", f"crypto isakmp profile{' ' * 179}{{}}"),
        (f"crypto isakmp profile{' ' * 180}{{}}", f"crypto isakmp profile{' ' * 180}<PSK>"),
        ("crypto isakmp profile ({});", "crypto isakmp profile ({});"),
    ],
)
def test_what_stands_before_a_value_that_is_known(line: str, clean: str) -> None:
    """Wrong lines that this catches: ``elsewhere._TYPED``, ``_OPERANDS``, ``_LONGEST_COMMAND``, what a word is."""
    known = KnownSecrets()
    known.learn_key(WALNUT, WALNUT, "<PSK>")
    assert without_known(line.format(WALNUT), known) == clean.format(WALNUT)


WALNUT = "walnut-tree"


@pytest.mark.parametrize(
    ("left", "stays"),
    [(" address ", True), (" ADDRESS   ", True), (" hostname ", True), (" address 192.0.2.1 ", False), (" x", False)],
)
def test_a_name_behind_a_key_stays_where_its_peer_stands(left: str, stays: bool) -> None:
    known = KnownSecrets()
    known.learn_key(WALNUT, WALNUT, "<PSK>")
    known.names.add(WALNUT)
    line = f"crypto isakmp key <PSK>{left}{WALNUT}"
    assert without_known(line, known) == (line if stays else line.replace(WALNUT, "<PSK>"))


def test_what_a_cut_brings_to_light_is_looked_for_again() -> None:
    """A telling word that hung on a known secret is one of its own when that is gone, and what it tells is known from then on.

    Wrong lines that this catches: those that end the rounds of ``engine._settled``.
    """
    text = "enable secret Quartz-77\nfrob Quartz-77password Basalt-88\n! of Basalt-88\n"
    clean = "enable secret <SECRET>\nfrob <SECRET>password <SECRET>\n! of <SECRET>\n"
    assert redact(text, FINGERPRINTER).text == clean


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        ("<PSK:0123456789abcdef> Basal1", "<PSK:0123456789abcdef> <SECRET>"),  # at the beginning of a line, too
        (" <PSK:0123456789abcdef> Basal1", " <PSK:0123456789abcdef> <SECRET>"),
        ("<PSK:0123456789abcdef> address Basal1", "<PSK:0123456789abcdef> address Basal1"),  # the peer that it is for
        ("<PSK:0123456789abcdef> hostname Basal1", "<PSK:0123456789abcdef> hostname Basal1"),
        ("<PSK:0123456789abcdef> vrf Basal1", "<PSK:0123456789abcdef> vrf Basal1"),
        ("<PSK:0123456789abcdef> local Basal1", "<PSK:0123456789abcdef> local Basal1"),
        ("<PSK:0123456789abcdef> remote Basal1", "<PSK:0123456789abcdef> remote Basal1"),
        ("<PSK:0123456789abcdef> no-xauth Basal1", "<PSK:0123456789abcdef> no-xauth <SECRET>"),
        ("keyring Basal1 <PSK:0123456789abcdef>", "keyring Basal1 <PSK:0123456789abcdef>"),
    ],
)
def test_a_name_behind_a_key_is_none_there(line: str, clean: str) -> None:
    """Wrong lines that this catches: ``elsewhere._behind_a_key``, from which place on and as far as which it looks."""
    text = f"crypto keyring Basal1\n{line}\nenable secret Basal1\n"
    assert redact(text, FINGERPRINTER).text == f"crypto keyring Basal1\n{clean}\nenable secret <SECRET>\n"
