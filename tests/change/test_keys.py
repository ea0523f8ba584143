"""Keys are found by their tokens, typed, and shown to nobody."""

from __future__ import annotations

import copy
import pickle

import pytest

from ikeaudit.drive.keys import KeyVault, MissingKeyError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import cut, redact

CLEAR = """hostname R1
enable secret 5 $1$Canary$abcdefghijklmnopqrstu0
crypto keyring K1
  pre-shared-key address 10.0.0.2 key Canary one two
  pre-shared-key address 10.0.0.3 key 6 CanaryBLOB^hJKL
crypto isakmp key Canary3 address 10.0.0.4 no-xauth
crypto isakmp key 6 CanaryBLOB^other address 10.0.0.5
snmp-server community Canary-snmp RO
end
"""
FINGERPRINTER = Fingerprinter(bytes(range(32)))


@pytest.fixture
def masked():
    return redact(CLEAR, FINGERPRINTER).text


@pytest.fixture
def vault(masked):
    return KeyVault.of(CLEAR, masked)


def typed(vault, line):
    """What is typed for ``line``."""
    sent = []
    vault.sending(line, sent.append)
    return sent[0]


def test_every_key_of_a_configuration_comes_back(vault, masked):
    lines = [line for line in masked.splitlines() if "<PSK:" in line]
    assert len(lines) == 4
    assert [typed(vault, line) for line in lines] == [line for line in CLEAR.splitlines() if " key " in line]


def test_the_encoding_belongs_to_the_key(vault, masked):
    opaque = masked.splitlines()[4].split("key 6 ")[1]
    assert typed(vault, f"no pre-shared-key address 10.0.0.3 key 6 {opaque}").endswith("key 6 CanaryBLOB^hJKL")
    assert vault.missing([f"pre-shared-key address 10.0.0.3 key {opaque}"]) == (opaque,)


def test_an_unknown_key_is_not_sent(vault):
    sent = []
    with pytest.raises(MissingKeyError) as caught:
        vault.sending("pre-shared-key address 10.0.0.9 key <PSK:0123456789abcdef>", sent.append)
    assert not sent and "<PSK:0123456789abcdef>" in str(caught.value)


def test_lines_without_tokens_go_as_they_are(vault):
    assert typed(vault, "crypto keyring K1") == "crypto keyring K1"


def test_replies_are_masked(vault, masked):
    reply = "% cannot use Canary one two here, nor CanaryBLOB^other; 10.0.0.4 stays"
    assert "Canary" not in vault.mask(reply) and "10.0.0.4 stays" in vault.mask(reply)
    assert vault.mask("nothing") == "nothing"


def test_a_short_key_does_not_tear_words_apart():
    clear = "crypto isakmp key in address 10.0.0.4\n"
    vault = KeyVault.of(clear, redact(clear, FINGERPRINTER).text)
    assert vault.mask("Invalid input in line").startswith("Invalid input <PSK:")


def test_a_vault_shows_nothing_and_stays_here(vault):
    for text in (repr(vault), str(vault), f"{vault}", repr([vault]), repr({"v": vault})):
        assert "Canary" not in text
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            leave(vault)
    assert not hasattr(vault, "__dict__")


def test_vaults_of_two_routers(vault):
    other = KeyVault()
    other.merge(vault)
    assert repr(other) == repr(vault) == "KeyVault(4 keys)"


FREE = """version 15.9
hostname R1
!
crypto keyring K1
  description rack 7, key Canary-one ask Canary-noc
  frobnicate the Canary-words of it
  pre-shared-key address 10.0.0.2 key Canary-one
!
interface Tunnel1
 description up
end
"""


def test_what_was_cut_comes_back_to_the_end_of_its_line():
    masked = cut(FREE, FINGERPRINTER).text
    vault = KeyVault.of(FREE, masked)
    lines = [line for line in masked.splitlines() if "<" in line]
    assert "Canary" not in masked and len(lines) == 4
    assert [typed(vault, line) for line in lines] == [FREE.splitlines()[at] for at in (4, 5, 6, 9)]


def test_free_text_is_masked_once_it_was_typed_and_words_of_replies_are_not():
    masked = cut(FREE, FINGERPRINTER).text
    vault = KeyVault.of(FREE, masked)
    echo = "description rack 7, key Canary-one ask Canary-noc; Tunnel1 is up"
    assert "Canary-noc" in vault.mask(echo), "what was not typed may be anything"
    typed(vault, masked.splitlines()[4])
    assert "Canary" not in vault.mask(echo) and "Tunnel1 is up" in vault.mask(echo)


def test_text_that_no_router_has_is_not_sent(vault):
    with pytest.raises(MissingKeyError, match="<CUT:0123456789abcdef>"):
        vault.sending("description <CUT:0123456789abcdef>", lambda line: None)


def test_what_has_no_fingerprint_is_never_typed(vault):
    """A plan cannot tell whether it is still what it was, and no router has it: the line must not go out as it stands."""
    sent = []
    for line in ("username ops secret 9 <SECRET>", "  pre-shared-key <SECRET> key <PSK:0123456789abcdef>"):
        assert vault.missing([line])[-1] == "<SECRET>"
        with pytest.raises(MissingKeyError):
            vault.sending(line, sent.append)
    assert not sent


def test_another_text_than_was_planned_for_is_not_filled_in():
    """What was cut comes back only where the router holds the very text whose fingerprint the plan has."""
    planned = cut("hostname R1\ninterface Tunnel1\n frobnicate first\n", FINGERPRINTER).lines[2]
    now = "hostname R1\ninterface Tunnel1\n frobnicate other\n"
    assert KeyVault.of(now, cut(now, FINGERPRINTER).text).missing([planned]) != ()
