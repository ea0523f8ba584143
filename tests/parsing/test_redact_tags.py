"""Words that two routers have to have alike and that are no keys: a fingerprint of their own kind is left of them."""

import pytest

from ikeaudit.parsing.config import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import mask_line, redact

FINGERPRINTER = Fingerprinter(b"a test key of sufficient length.")
TOKEN = f"<PSK:{FINGERPRINTER.tag('n3arby')}>"


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        (" ip nhrp authentication n3arby", f" ip nhrp authentication {TOKEN}"),
        (" ipv6 nhrp authentication n3arby", f" ipv6 nhrp authentication {TOKEN}"),
        (" ip nhrp auth n3arby", f" ip nhrp auth {TOKEN}"),
        ("  ip  nhrp  authentication  n3arby ", f"  ip  nhrp  authentication  {TOKEN}"),
        (" no ip nhrp authentication n3arby", f" no ip nhrp authentication {TOKEN}"),
        (" ip nhrp authentication n3arby ! the word", f" ip nhrp authentication {TOKEN} ! <SECRET>"),
        (f" ip nhrp authentication {TOKEN} ! <SECRET>", f" ip nhrp authentication {TOKEN} ! <SECRET>"),
        (f" ip nhrp authentication {TOKEN}", f" ip nhrp authentication {TOKEN}"),
        (" ip nhrp authentication <SECRET>", " ip nhrp authentication <SECRET>"),
    ],
)
def test_what_is_left_of_a_word(line: str, clean: str) -> None:
    assert redact(line, FINGERPRINTER).text == clean
    assert redact(f"interface Tunnel1\n{line}\n!", FINGERPRINTER).text == f"interface Tunnel1\n{clean}\n!"


def test_a_screen_shows_nothing_of_it() -> None:
    assert mask_line(" ip nhrp authentication n3arby") == " ip nhrp authentication <SECRET>"


def test_no_key_has_the_fingerprint_of_a_word() -> None:
    both = redact(
        "crypto isakmp key n3arby address 0.0.0.0\ninterface Tunnel1\n ip nhrp authentication n3arby", FINGERPRINTER
    )
    first, _, last = both.text.splitlines()
    assert FINGERPRINTER.psk("n3arby") in first and FINGERPRINTER.tag("n3arby") in last
    assert FINGERPRINTER.psk("n3arby") != FINGERPRINTER.tag("n3arby")


def test_a_name_that_is_spelt_like_the_word_holds_no_key() -> None:
    text = "hostname S\ncrypto ipsec profile DMVPN\ninterface Tunnel1\n ip nhrp authentication DMVPN\nend\n"
    [parsed] = parse_configs(text, file="s.cfg", fingerprinter=FINGERPRINTER)
    assert parsed.router is not None and parsed.router.keys_in_names == ()


@pytest.mark.parametrize(
    ("word", "known", "masked"),
    [("n3arby", True, False), ("<removed>", True, True), ("******", True, True), ("<SECRET>", False, False)],
)
def test_what_the_model_holds_of_it(word: str, known: bool, masked: bool) -> None:
    text = f"hostname S\ninterface Tunnel1\n tunnel source Loopback0\n ip nhrp authentication {word}\nend\n"
    [parsed] = parse_configs(text, file="s.cfg", fingerprinter=FINGERPRINTER)
    tunnel = parsed.router.interfaces[0].tunnel
    assert tunnel is not None and tunnel.nhrp_authentication_line == 4
    found = tunnel.nhrp_authentication
    assert (found is not None) == known
    assert found is None or found.masked == masked
    assert not parsed.unknown
