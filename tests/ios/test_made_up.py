"""A command is added in one place: one that does not exist, put into the tables, is known everywhere."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).resolve().parents[1] / "support" / "made_up.py"


@cache
def outcome() -> dict[str, Any]:
    """What a process printed in which IOS knows ``crypto vault``, ``vault-lock`` and ``crypto isakmp vaulting``."""
    done = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_its_secrets_are_known() -> None:
    assert outcome()["secrets"] == ["combination", "vault-lock * with"]


def test_it_is_redacted() -> None:
    assert " combination <SECRET>" in outcome()["redacted"].splitlines()
    assert "  vault-lock FRONT with 7 <SECRET>" in outcome()["redacted"].splitlines()
    assert "s3cr3t" not in outcome()["redacted"]
    assert "0822455D0A16" not in outcome()["redacted"]


def test_it_is_accounted_for() -> None:
    assert outcome()["unknown"] == []
    # crypto isakmp vaulting, vault-lock, crypto vault, combination, guards
    assert outcome()["irrelevant"] == 5


def test_it_is_typed_cut_short_and_undone() -> None:
    assert outcome()["replies"] == [""] * 7
    after = outcome()["after"].splitlines()
    assert after[after.index("crypto vault V1") :] == ["crypto vault V1", " combination other", "!", "end"]
    assert not any("vaulting" in line or "vault-lock" in line for line in after)
    assert "crypto keyring K" in after


def test_it_is_compared() -> None:
    changes = outcome()["diff"].splitlines()
    assert "-crypto isakmp vaulting 3" in changes
    assert "- guards 2" in changes
    assert [line.split()[:2] for line in changes if "vault-lock" in line] == [["-", "vault-lock"]]
    assert "+ combination <key>" in changes
    assert "s3cr3t" not in outcome()["diff"]


def test_only_its_sections_are_read_again() -> None:
    (excerpt,) = outcome()["excerpts"]
    lines = [line for line in excerpt.splitlines() if line not in ("!", "end")]
    ring, key = lines.index("crypto keyring K"), "  pre-shared-key address 192.0.2.1 key cisco"
    assert lines[ring + 1] == key
    # An excerpt begins as a printed configuration does, so that it is read as one.
    assert set(lines) == {"version 15.9", "hostname router", "crypto isakmp vaulting 4", "crypto keyring K", key}
