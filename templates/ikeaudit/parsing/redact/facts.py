"""What may be known of a key without knowing it, measured before the key is dropped."""

from __future__ import annotations

import re

from ikeaudit.model.secret import SecretFacts

_WORDS = """
1234 12345 123456 1234567 12345678 123456789 1234567890 abc123 abcd1234 abcdef admin admin123 branch ccie ccna ccnp
changeit changeme changethis cisc0 ciscocisco ciscovpn default demo dmvpn dmvpnkey enterkeyhere example examplekey
fixme foo foobar getvpn gre hello hq hub ike ikekey insertkeyhere ipsec ipsec-key ipseckey isakmp isakmpkey key key1
key123 keykey lab labkey letmein mykey mypassword mypresharedkey mypsk mysecret mysecretkey none p@ssw0rd p@ssword
pass pass123 passphrase passw0rd password password1 password123 placeholder pre-shared-key preshared presharedkey psk
psk1 psk123 psk2 qwerty replaceme router sample samplekey secret secret123 secretkey securekey shared sharedkey
sharedsecret site site2site somekey spoke strongkey supersecret supersecretkey tac test test123 test1234 testing
testkey thekey todo topsecret tunnel verysecret vpn vpn123 vpnkey vpnkey123 vpntest welcome yourkey yourpresharedkey
yourpsk
"""
_SAMPLE_WORDS = frozenset(_WORDS.split())
_SAMPLE_SHAPE = re.compile(
    r"c[i1!]sc[o0][\W_]?\d{0,6}[!@#$.]{0,2}|(?:vpn|psk|key|test|lab|admin|secret|pass)[-_]?\d{1,6}[!@#]{0,2}"
)


_REPEATED = re.compile(r"([*xX#.?•_-])\1{2,}", re.IGNORECASE)
_VARIABLE = re.compile(r"[$%@#]\{\w+\}|\$[A-Z][A-Z_]+|%[A-Z_]+%|@[A-Z_]+@")
"""What templates have in place of a key."""
_WORDS_OF_MASKS = ("removed", "redacted", "hidden", "masked", "omitted", "sanitized", "sanitised")
_MANY, _ONE = "ed", "hidden"
"""What one or the other of is in each of them."""
_A_WORD_OF_MASKS = re.compile(rf"\b(?:{'|'.join(_WORDS_OF_MASKS)})\b")


def is_masked(clear: str) -> bool:
    """Whether ``clear`` is what people put in place of a key before they pass a configuration on."""
    word = clear.strip().lower()
    if len(word) > 1 and word[0] in "<[({" and word[-1] in ">])}":
        return True
    if word[:1] in "$%@#" and _VARIABLE.fullmatch(clear.strip()):
        return True
    if word[1:2] == word[:1] and _REPEATED.fullmatch(word):
        return True
    return (_MANY in word or _ONE in word) and _A_WORD_OF_MASKS.search(word) is not None


def is_sample(clear: str) -> bool:
    """Whether ``clear`` is a word of documentation, a factory default, or one character repeated."""
    word = clear.strip().lower()
    return word in _SAMPLE_WORDS or len(set(word)) == 1 or _SAMPLE_SHAPE.fullmatch(word) is not None


_DIGIT = re.compile(r"[0-9]")


def _classes(clear: str) -> int:
    """How many of lower case, upper case, digits and the rest there are."""
    if not clear.isascii():
        kinds = ("lower" if c.islower() else "upper" if c.isupper() else "digit" if c.isdigit() else "" for c in clear)
        return len(set(kinds))
    lower, upper, digits = clear != clear.upper(), clear != clear.lower(), _DIGIT.search(clear) is not None
    return lower + upper + digits + (not clear.isalnum() and clear != "")


def measure(clear: str) -> SecretFacts:
    """The facts of a key in clear."""
    if is_masked(clear):
        return SecretFacts(length=0, masked=True)
    return SecretFacts(
        length=len(clear),
        sample=is_sample(clear),
        classes=_classes(clear),
        distinct=len(set(clear)),
        trailing_blanks=len(clear) - len(clear.rstrip()),
    )


def measure_opaque(blob: str) -> SecretFacts:
    """The facts of a key that only its encrypted text is known of: how long that text is, and nothing else."""
    return SecretFacts(length=len(blob))
