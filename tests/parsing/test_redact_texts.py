"""Texts that span several lines, as redaction leaves them: ``«...»`` is a pre-shared key, ``{...}`` another secret.

What is learnt of each is told by the value alone: it stands in a line of its own at the end, where it goes as well.
"""

from __future__ import annotations

import re

import pytest
from parsed import FINGERPRINTER, clear

from ikeaudit.parsing.redact import KnownSecrets, redact

A = "A" * 60

TEXTS = {
    "a single line": "password {S3cretX}",
    "carriage returns": "x\r\ny password {S3cretX}\r\nz\r\n",
    "carriage returns only": "x\ry password {S3cretX}\rz",
    "empty lines": "\n\na password {S3cretX}\n\nb secret {Other9x}\n",
    "last line": "x\nb secret {Other9x}",
    "private key": "-----BEGIN RSA PRIVATE KEY-----\n{MIIEabc}\n{abc=}\n-----END RSA PRIVATE KEY-----\nhostname R1\nabcd",
    "private key on one line": "-----BEGIN RSA PRIVATE KEY-----{ MIIE }-----END RSA PRIVATE KEY-----\nhostname",
    "private key that ends in its last line": "-----BEGIN RSA PRIVATE KEY-----\n{MIIE=}-----END RSA PRIVATE KEY-----\nhostname",
    "a password behind a private key": "-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY----- password {S3cretX}\nabc",
    "private key that is encrypted": "-----BEGIN PRIVATE KEY-----\n{Proc-Type: 4,ENCRYPTED}\n\n{MI/+=}\n-----END \nabc",
    "private key without an end": "-----BEGIN PGP PRIVATE KEY BLOCK-----\n{abc}\n{  abc }\nhostname R1 x\npassword {S3c}\nabc",
    "no private key any more": f"-----BEGIN PRIVATE KEY-----\n{{abc}}\ncrypto isakmp x y password {{{A}}}\nBcd",
    "private key that is cut": "-----BEGIN RSA PRIVATE KEY-----\n{x}\n<SECRET>\n-----END RSA PRIVATE KEY-----",
    "no private key": "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----",
    "a keyring": "crypto keyring K\n  pre-shared-key address 192.0.2.1 key «AbcdEf12»\n  local-address Loopback0\nhostname R1",
    "what a keyring does not have": "crypto keyring K vrf V\n  frobnicate {S3cretX}\n  no frob {Other9x}\n! frob Third9x",
    "a keyring that is indented": " crypto keyring K\n  frob {S3cretX}\n frob Other9x\n",
    "a keyring that was redacted": "crypto keyring K\n  frob password <SECRET>\n  frob password {S3cretX}\n  <SECRET>",
    "a keyring with a note": "crypto keyring K\n! of mine\n  frob {S3cretX}\nfrob Other9x\n  frob Third9x",
    "two keyrings": "crypto keyring K\ncrypto keyring L\n  frob {S3cretX}\nhostname R1\n  frob Other9x",
    "keys cut short": "crypto keyring K\n  pre-sh addr 192.0.2.1 k «S3cretX»\n",
    "encodings": "crypto keyring K\n  pre-shared-key address 192.0.2.1 key 0 «AbcdEf12»\n  pre-shared-key hostname h key «0»\n",
    "a peer": "crypto ikev2 keyring K\n peer P\n  pre-shared-key local 0 «AbcdEf12»\n  pre-shared-key «Ghijk12»\n",
    "behind another word": "crypto ikev2 keyring K\n peer P\n  x pre-sh «S3cretX»\n  no pre-sh «address 192.0.2.1»\n",
    "a key that begins like a token": "crypto keyring K\n  pre-shared-key hostname h key «<abcde12»\n! x\n",
    "a key on the next line": "crypto ikev2 keyring K\n peer P\n  pre-shared-key\n   «AbcdE  »\nx y z",
    "a chain": "key chain K\n key 1\n  key-s {S3cretX}\n  key-string 7 {0822455D0A16}\nkey 2",
    "a group": "crypto isakmp client configuration group G\n key {S3cretX}\n pool P\n",
    "a table": "R1#show crypto isakmp key\nKeyring  Hostname/Address   Preshared Key\n\ndefault  192.0.2.1  «AbcdEf12»\nR1#",
    "a table, ended by a prompt": "R1#show crypto isakmp key\nR1#show version\npassword {x1}\nx y z",
    "the end of a line that is written out": r"print \nmy-key {Abcdefg1}",
    "a URL": "ftp://user:{S3cretX}@192.0.2.1/x and password {Other9x}",
    "two secrets of a line": "snmp-server community {Pub1word} RO key {S3cretX}",
    "a prompt": "R1(config)#crypto isakmp key «AbcdEf12» address 192.0.2.1\nR1(config)#crypto keyring K\nR1#frob S3cret",
    "a line as long as the screen": f"crypto isakmp key «{A}{A}» address 192.0.2.1\nhostname R1",
    "a blank line behind a command": "crypto isakmp key\n   \nx y z",
}  # fmt: skip


def raw(marked: str) -> str:
    return re.sub("[«»{}]", "", marked)


def left(marked: str) -> str:
    return re.sub(r"\{.*?\}", "<SECRET>", re.sub("«(.*?)»", lambda key: f"<PSK:{clear(key[1])}>", marked))


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_left_of_a_text(name: str) -> None:
    marked = TEXTS[name]
    once = redact(raw(marked), FINGERPRINTER)
    assert once.text == left(marked)
    assert redact(once.text, FINGERPRINTER).text == once.text
    assert set(once.facts) == {clear(key) for key in re.findall("«(.*?)»", marked)}


@pytest.mark.parametrize(
    ("text", "clean", "known"),
    [
        (f"  pre-shared-key hostname h key {A}\nBcd1\nx", f"  pre-shared-key hostname h key «{A}Bcd1»\n\nx", f"{A}Bcd1"),
        (f"crypto isakmp key {A} address 192.\n0.2.1", f"crypto isakmp key «{A}» address 192.\n0.2.1", A),
        (f"snmp-server community Pub1word RO key {A}\nBcd1", "snmp-server community {} RO key {}\n", f"{A}Bcd1"),
        (f"snmp-server community Pub1word RO key {A[:30]}\nBcd1", "snmp-server community {} RO key {}\nBcd1", A[:30]),
        (f"snmp-server community Pub1word RO key {A}\n Bcd1", "snmp-server community {} RO key {}\n Bcd1", A),
        (f"snmp-server community Pub1word RO key {A}\nBcd1 x", "snmp-server community {} RO key {}\nBcd1 x", A),
    ],
)  # fmt: skip
def test_what_a_terminal_wrapped(text: str, clean: str, known: str) -> None:
    """A last word goes on at the beginning of the next line, where the first is as long as a screen is wide."""
    learnt = KnownSecrets()
    assert redact(text, FINGERPRINTER, learnt).text == left(clean)
    assert known in learnt._values


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("{log} Configured\ncrypto isakmp key Abc{log} Configured\ndEf12 address 192.0.2.1\nhostname R1", (2, 3)),
        ("crypto isakmp key \n{log} Configured\nAbcdEf12 address 192.0.2.1\nhostname R1", (2, 3)),
        ("hostname R1\n{log} Configured\nfoo bar\n", ()),
        ("enable secret \n{log} Configured\n\nfoo bar\n", (2,)),
        ("crypto isakmp key{log} Configured\nAbcdEf12 address 192.0.2.1\nhostname R1", (2,)),
        ("crypto isakmp key \n{log} Configured\nAbcdEf12 address 192.0.2.1\n! of AbcdEf12", (2, 3, 4)),  # and is known then
        ("{log} Configured\nhostname R1\nenable secret Quartz-77", (3,)),  # what ends a text stands not before its beginning
        ("crypto isakmp key \n{log} A\n{log} B\n{log} C\nAbcdEf12 address 192.0.2.1\nhostname R1", (2, 3, 4, 5)),
        ("crypto isakmp key \n{log} Configured\n address 192.0.2.1\nx", (2,)),
    ],
)  # fmt: skip
def test_what_a_log_message_broke(text: str, clean: tuple[int, ...]) -> None:
    """The lines, from 1, of which something goes: the message is kept as far as its name."""
    text = text.replace("{log}", "%SYS-5-CONFIG_I:")
    lines = redact(text, FINGERPRINTER).text.split("\n")
    changed = [at for at, (a, b) in enumerate(zip(text.split("\n"), lines, strict=True), 1) if a != b]
    assert changed == list(clean)
    assert all(lines[at - 1].endswith("<SECRET>") for at in clean)
