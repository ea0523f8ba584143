"""The state beside a configuration whose keys are known by their fingerprints only."""

from __future__ import annotations

from pathlib import Path

import pytest

from ikeaudit.model import SecretFacts
from ikeaudit.model.errors import InputError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.snapshot.host_meta import read_meta
from ikeaudit.snapshot.state_writing import without_keys, write_snapshot_state
from ikeaudit.snapshot.writing import write_snapshot_host

KEYS = Fingerprinter(b"k" * 32)
CONFIG = (
    "hostname R1\ncrypto keyring K\n  pre-shared-key address 192.0.2.2 key Canary-key-77\n"
    "crypto isakmp key c1 address 192.0.2.3\nend\n"
)


def _host(folder: Path) -> Path:
    return write_snapshot_host(
        folder, "R1", CONFIG, {"show archive": "none\n"}, {}, fingerprinter=KEYS, collected="2026-11-28T10:00:00Z"
    )


def test_a_key_in_the_state_goes_though_nobody_knows_it(tmp_path: Path) -> None:
    """A profile called after its key, and a description that quotes it."""
    host = _host(tmp_path)
    shown = "Profile: P-Canary-key-77:ISAKMP\r\n      Desc: Canary-key-77 to the hub\r\nPeer: 192.0.2.2 port 500\r\n"
    write_snapshot_state(
        tmp_path,
        host,
        read_meta(host),
        {"show crypto session detail": shown},
        fingerprinter=KEYS,
        read="2026-11-29T12:00:00Z",
    )
    text = (host / "show-crypto-session-detail.txt").read_text("utf-8")
    assert (
        text == f"Profile: P-<PSK:{KEYS.psk('Canary-key-77')}>:ISAKMP\n      Desc: (none)\nPeer: 192.0.2.2 port 500\n"
    )
    meta = read_meta(host)
    assert (meta.state, meta.collected, meta.state_read) == (
        "2026-11-29T12:00:00Z",
        "2026-11-28T10:00:00Z",
        "2026-11-29T12:00:00Z",
    )
    assert set(meta.commands) == {"show archive", "show crypto session detail"}
    assert "Canary-key-77" not in "".join(file.read_text("utf-8") for file in host.iterdir())


def test_short_keys_are_not_looked_for_inside_of_words() -> None:
    facts = {KEYS.psk("c1"): SecretFacts(2), KEYS.psk("abcd"): SecretFacts(4)}
    assert without_keys("conn c1 xabcdx", facts, KEYS) == f"conn c1 x<PSK:{KEYS.psk('abcd')}>x"


def test_another_workspace_cannot_know_the_keys(tmp_path: Path) -> None:
    host = _host(tmp_path)
    with pytest.raises(InputError, match="another workspace"):
        write_snapshot_state(
            tmp_path, host, read_meta(host), {"show clock": "x\n"}, fingerprinter=Fingerprinter(b"o" * 32), read="now"
        )
    assert not (host / "show-clock.txt").exists()
