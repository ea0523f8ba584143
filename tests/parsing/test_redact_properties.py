"""Laws of redaction, tried on text that nobody thought of."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ikeaudit.parsing.fingerprint import PSK_TOKEN, Fingerprinter
from ikeaudit.parsing.redact import redact

FINGERPRINTER = Fingerprinter(b"a test key of sufficient length.")

ONE_WORD = (
    "crypto isakmp key {} address 10.0.0.2",
    "crypto isakmp key 0 {} address 10.0.0.0 255.255.255.0 no-xauth",
    "crypto isakmp key 6 {} hostname R2",
    "no cry isa key {} address ipv6 2001:DB8::1/128",
    "R1(config)#crypto isakmp key {} address 10.0.0.2 ! remark",
)
REST_OF_LINE = (
    "  pre-shared-key address 10.0.0.2 key {}",
    "  pre-shared-key address 10.0.0.0 255.255.255.0 key 6 {}",
    "  pre-shared-key hostname R2 key {}",
    "  no pre-shared-key address ipv6 2001:DB8::/32 key 0 {}",
    "  pre-shared-key {}",
    "  pre-shared-key local {}",
    "  pre-shared-key remote 6 {}",
    "  pre-shared-key hex {}",
    " authentication remote pre-share key {}",
    "  set aggressive-mode password {}",
    " tunnel protection psk {}",
    "  pre-shared address 10.0.0.2 key {}",
)
SECRETS = (
    "enable secret 5 {}",
    "username bob privilege 15 password 0 {}",
    "tacacs-server host 10.0.0.9 key {}",
    " neighbor 10.0.0.9 password {}",
    " ip nhrp authentication {}",
    " ppp chap password {}",
    " some-future-command secret {}",
    "crypto isakmp client configuration group G\n key {}",
)

WORD = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zs", "Zl", "Zp"]), min_size=4, max_size=40
).filter(lambda key: key not in ("<PSK>", "<SECRET>"))  # our own masks stay as they are
PHRASE = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), min_size=4, max_size=40
)
SHOWN = """Keyring      Hostname/Address                            Preshared Key

default      10.0.0.2                                    {}
keyring1     10.0.0.0       [255.255.255.0  ]            {}
"""


def gone(template: str, key: str) -> bool:
    """Whether redaction leaves nothing of ``key`` beyond what the form without it has, and keeps its two other laws."""
    text = template.replace("{}", key)
    clean = redact(text, FINGERPRINTER).text
    assert clean.count("\n") == text.count("\n")
    assert redact(clean, FINGERPRINTER).text == clean
    rest = re.sub("<CUT:[0-9a-f]+>", "", PSK_TOKEN.sub("", clean)).replace("<SECRET>", "")
    return key.strip() in template or key.strip() not in rest


@pytest.mark.parametrize("template", ONE_WORD)
@given(key=WORD)
def test_a_key_of_one_word_is_gone(template: str, key: str) -> None:
    assert gone(template, key)


@pytest.mark.parametrize("template", [*REST_OF_LINE, *SECRETS, SHOWN])
@given(key=PHRASE.filter(lambda text: len(text.strip()) >= 4 and text.strip() not in ("<PSK>", "<SECRET>")))
def test_a_key_that_is_the_rest_of_its_line_is_gone(template: str, key: str) -> None:
    assert gone(template, key)


_WORDS = """
crypto isakmp key pre-shared-key pre-share address hostname password secret 0 6 7 10.0.0.2 255.255.255.0 ! // # : = < > "
community snmp-server host user auth authentication psk keyring ikev2 local remote hex peer no show R1# <SECRET> cisco
<PSK:0123456789abcdef> chain tunnel set aggressive-mode protection spi ipsec pem export key-string enable username vrf
-----BEGIN RSA PRIVATE KEY----- -----END Keyring Hostname/Address Preshared Key default client configuration group
"""
PIECES = st.sampled_from(_WORDS.split())
LINE = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=12).flatmap(
    lambda words: st.lists(
        st.sampled_from([" ", " ", "  ", "", "\t", "\u00a0", "            "]), min_size=len(words), max_size=len(words)
    ).map(lambda blanks: "".join(part for pair in zip(blanks, words, strict=True) for part in pair))
)


@settings(max_examples=250, deadline=None)
@given(st.lists(LINE, max_size=6).map("\n".join))
def test_any_text_keeps_its_lines_and_redacts_to_a_fixed_point(text: str) -> None:
    clean = redact(text, FINGERPRINTER).text
    if "\n" in text:
        assert clean.count("\n") == text.count("\n")
    assert redact(clean, FINGERPRINTER).text == clean


HOSTILE: dict[str, Callable[[int], str]] = {
    "blanks": lambda n: " " * n + "key",
    "no-break blanks": lambda n: "\u00a0" * n + "key x",
    "keys": lambda n: "key " * (n // 4),
    "commands": lambda n: "crypto isakmp key " * (n // 18),
    "pre-shared-key": lambda n: "pre-shared-key address " * (n // 23),
    "quotes": lambda n: '"' * n + " key x",
    "hyphens": lambda n: "a-" * (n // 2) + "key x",
    "url": lambda n: "http://" + "a:" * (n // 2) + " key",
    "snmp": lambda n: "snmp-server user a b " * (n // 21),
    "authentication": lambda n: "authentication auth " * (n // 20),
    "row": lambda n: "a" * (n // 2) + " 10.0.0.1" + " " * (n // 2),
    "header": lambda n: "Keyring Hostname/Address Preshared Key\n" + "a " * (n // 2),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_redacted_to_the_end(name: str) -> None:
    text = HOSTILE[name](200_000)  # a pattern that goes back over it again and again would not come to an end
    assert redact(text, FINGERPRINTER).text.count("\n") == text.count("\n")


def test_what_stands_behind_a_value_that_is_cut_by_its_being_known_is_its_rest_at_once() -> None:
    """The second line tells of the value; in the first it stands right behind a telling word, with more behind it."""
    assert redact(" crypto \x80 Key¹ crypto\n Key ¹", FINGERPRINTER).text == " crypto \x80 Key<SECRET>\n Key <SECRET>"
