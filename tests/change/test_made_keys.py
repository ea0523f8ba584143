"""Keys made for a change are recognised by their place, under the plan's name, and by nothing else."""

from __future__ import annotations

import re

from ikeaudit.change.planned_device import MadeKeys
from ikeaudit.drive.keys import KeyVault
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import redact

ONE, TWO, OTHER = "1" * 16, "2" * 16, "9" * 16
CONFIG = """crypto ikev2 keyring KR
 peer A
  address 192.0.2.1
  pre-shared-key local {one}
  pre-shared-key remote {two}
 peer B
  address 192.0.2.2
  pre-shared-key local {other}
"""
EXPECTED = CONFIG.format(one=f"<PSK:{ONE}>", two=f"<PSK:{TWO}>", other=f"<PSK:{OTHER}>")
SWAPPED = CONFIG.format(one=f"<PSK:{TWO}>", two=f"<PSK:{ONE}>", other=f"<PSK:{OTHER}>")
PRINTER = Fingerprinter(b"k" * 32)


def keys():
    return MadeKeys([ONE, TWO], {"R1": EXPECTED.splitlines(), "R2": SWAPPED.splitlines()})


def shown(one, two, other="an-old-key-of-the-fleet"):
    return redact(CONFIG.format(one=one, two=two, other=other), PRINTER).text


def test_keys_are_made_once_and_long_enough():
    made, vault = keys(), KeyVault()
    lines = [f"pre-shared-key local <PSK:{ONE}>", f"pre-shared-key remote <PSK:{TWO}>", f"key <PSK:{OTHER}>"]
    assert made.make(lines, vault, PRINTER) == 2
    assert made.make(lines, vault, PRINTER) == 0
    typed = [vault.sending(line, str) for line in lines[:2]]
    values = [line.split()[-1] for line in typed]
    assert len(set(values)) == 2 and all(re.fullmatch(r"[A-Za-z0-9_-]{32,}", value) for value in values)
    assert vault.missing(lines) == (f"<PSK:{OTHER}>",)  # not one to be made
    text = made.named("R1", shown(*values))
    assert f"local <PSK:{ONE}>" in text and f"remote <PSK:{TWO}>" in text
    assert not any(value in repr(vars(made)) for value in values)


def test_another_process_recognises_them_by_their_place():
    made = keys()
    text = made.named("R1", shown("first-made-key", "second-made-key"))
    assert text.splitlines()[3:5] == [f"  pre-shared-key local <PSK:{ONE}>", f"  pre-shared-key remote <PSK:{TWO}>"]
    assert OTHER not in text  # a key that is not made keeps its own fingerprint
    text = made.named("R2", shown("second-made-key", "first-made-key"))
    assert f"local <PSK:{TWO}>" in text and f"remote <PSK:{ONE}>" in text


def test_one_name_is_one_key():
    """R2 holds another key than R1 in the place of the same name: it is not called by that name."""
    made = keys()
    made.named("R1", shown("first-made-key", "second-made-key"))
    text = made.named("R2", shown("second-made-key", "another-key"))
    assert f"local <PSK:{TWO}>" in text and ONE not in text


def test_a_router_of_the_plan_without_them():
    made = keys()
    plain = redact("crypto isakmp key old-key address 192.0.2.1\n", PRINTER).text
    assert made.named("R1", plain) == plain and made.named("R3", plain) == plain
