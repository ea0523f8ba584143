"""``ikeaudit diagnose``: logs in every wrapping, what a snapshot adds, files that grow, and nothing of a secret."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ikeaudit.cli.main import main
from ikeaudit.report import load_schema

STAMP = "Jun 19 12:28:44 R1 21{n}: *Jun 19 12:28:44.27{n}: "
REFUSED = [
    "ISAKMP (1012): received packet from 192.168.0.2 dport 500 sport 500 Global (R) MM_KEY_EXCH",
    "ISAKMP:(0):: peer matches profile2 profile",
    "ISAKMP:(1012):Key not found in keyrings of profile , aborting exchange",
    "ISAKMP (1012): FSM action returned error: 2",
]
LOG = "".join(STAMP.format(n=n) + line + "\n" for n, line in enumerate(REFUSED))
ROUTING = (
    "*Mar  1 00:01:02.003: %OSPF-5-ADJCHG: Process 1, Nbr 192.0.2.2 on Tunnel1 from LOADING to FULL, Loading Done\n" * 9
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """What R1 logs when R2 calls."""
    file = tmp_path / "r1.log"
    file.write_text(LOG)
    return file


def document(out: str) -> dict[str, Any]:
    """What was printed, which follows its schema."""
    found: dict[str, Any] = json.loads(out)
    assert found["schema"] == "ikeaudit.diagnosis/1"
    assert [*Draft202012Validator(load_schema(found["schema"])).iter_errors(found)] == []
    return found


def diagnosed(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    """The document that ``diagnose`` prints, which is always an answer."""
    assert main(["diagnose", *map(str, arguments), "--format", "json"]) == 0
    return document(capsys.readouterr().out)


def test_a_log_alone(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (told,) = diagnosed(capsys, log)["exchanges"]
    assert told == {
        "host": "R1",
        "local": None,
        "peer": "192.168.0.2",
        "side": "responder",
        "ike_version": 1,
        "mode": None,
        "outcome": "down",
        "failed_at": "MM5",
        "reason": "keyring-verification",
        "candidates": [],
        "reached": "MM5",
        "time": "Jun 19 12:28:44.272",
        "lines": [3],
        "says": "Key not found in keyrings of profile",
        "attempts": 1,
        "earlier": [],
        "predicted": None,
        "hazards": [],
        "evidence": [],
    }


def test_with_a_snapshot_the_finding_and_its_lines(
    log: Path, seed: Path, capsys: pytest.CaptureFixture[str], canary: str
) -> None:
    (told,) = diagnosed(capsys, log, seed)["exchanges"]
    assert (told["host"], told["local"], told["predicted"]) == ("R1", "192.168.0.1", True)
    assert told["hazards"] == ["KR-DUP-ADDR"]
    assert {(line["host"], line["file"]) for line in told["evidence"]} == {("R1", "r1.cfg")}
    assert {line["line"] for line in told["evidence"]} >= {5, 7}, "both keys for the peer"
    assert canary not in json.dumps(told)


def test_another_failure_than_the_predicted_one_is_said_to_be_one(
    tmp_path: Path, seed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.log"
    other.write_text(
        LOG.replace("Key not found in keyrings of profile , aborting exchange", "reserved not zero on ID payload!")
    )
    (told,) = diagnosed(capsys, other, seed)["exchanges"]
    assert (told["reason"], told["predicted"], told["hazards"]) == ("psk-mismatch", False, [])
    assert main(["diagnose", str(other), str(seed)]) == 0
    assert "predicts something else: down at MM5, keyring-verification" in " ".join(capsys.readouterr().out.split())


def test_what_the_log_leaves_open_the_snapshot_decides(
    tmp_path: Path, seed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """R2 sees silence after MM5; only the configurations say that R1 verifies the keyring."""
    file = tmp_path / "r2.log"
    file.write_text(
        "R2#\n*Jun 19 12:28:44.270: ISAKMP:(1012): sending packet to 192.168.0.1 my_port 500 peer_port 500 (I) MM_KEY_EXCH\n"
        "*Jun 19 12:28:54.270: ISAKMP:(1012): retransmitting phase 1 MM_KEY_EXCH...\n"
    )
    (alone,) = diagnosed(capsys, file)["exchanges"]
    assert (alone["reason"], alone["failed_at"]) == ("no-response", "MM5")
    assert {"psk-mismatch", "keyring-verification"} <= set(alone["candidates"])
    (told,) = diagnosed(capsys, file, seed)["exchanges"]
    assert (told["host"], told["reason"], told["predicted"]) == ("R2", "keyring-verification", True)


def test_a_router_that_the_log_does_not_name_is_found_by_addresses(
    tmp_path: Path, seed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "nameless.log"
    file.write_text("".join(f"*Jun 19 12:28:44.270: {line}\n" for line in REFUSED))
    (told,) = diagnosed(capsys, file, seed)["exchanges"]
    assert (told["host"], told["predicted"]) == ("R1", True)


def test_a_prompt_that_is_not_the_router_that_speaks(
    tmp_path: Path, seed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A router is never called by itself: below R2's prompt stands what R1 said."""
    file = tmp_path / "page.txt"
    file.write_text("R2#ping 192.168.100.1\n" + "".join(f"*Jun 19 12:28:44.270: {line}\n" for line in REFUSED))
    (told,) = diagnosed(capsys, file, seed)["exchanges"]
    assert told["host"] == "R1"


def test_routing_yields_nothing_and_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ospf.log"
    file.write_text(ROUTING)
    assert diagnosed(capsys, file) == {"schema": "ikeaudit.diagnosis/1", "exchanges": [], "lines": 9, "messages": 0}
    assert main(["diagnose", str(file)]) == 0
    assert capsys.readouterr().out.startswith("Nothing recognised: no negotiation is in this log.")


def test_an_empty_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "empty.log"
    file.write_text("")
    assert diagnosed(capsys, file)["exchanges"] == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_logs_of_other_terminals(encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "putty.log"
    file.write_bytes(LOG.replace("\n", "\r\n").encode(encoding))
    (told,) = diagnosed(capsys, file)["exchanges"]
    assert told["reason"] == "keyring-verification"


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Stdin:
        buffer = io.BytesIO(LOG.encode())

    monkeypatch.setattr(sys, "stdin", Stdin())
    (told,) = diagnosed(capsys, "-")["exchanges"]
    assert told["reason"] == "keyring-verification"


def test_a_pipe(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen([sys.executable, "-c", f"open({str(pipe)!r}, 'w').write({LOG!r})"]):
        (told,) = diagnosed(capsys, pipe)["exchanges"]
    assert told["reason"] == "keyring-verification"


@pytest.mark.parametrize(
    ("content", "why"),
    [(gzip.compress(LOG.encode()), "compressed (gzip)"), (bytes(range(256)) * 40, "binary")],
    ids=["gzip", "binary"],
)
def test_what_is_no_text(content: bytes, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "log"
    file.write_bytes(content)
    assert main(["diagnose", str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and err.startswith("ikeaudit: ") and why in err


@pytest.mark.parametrize("path", ["nowhere.log", "."])
def test_what_is_no_file(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["diagnose", path]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_snapshot_that_is_none(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", str(log), str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["diagnose", str(log), str(log)]) == 2, "a log is no configuration"


def test_a_host_that_could_not_be_read_makes_the_answer_incomplete(
    log: Path, seed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (seed / "r3.cfg").write_bytes(bytes(range(256)) * 40)
    assert main(["diagnose", str(log), str(seed), "--format", "json"]) == 3
    out, err = capsys.readouterr()
    assert document(out)["exchanges"][0]["predicted"] is True
    assert "r3.cfg" in err


def test_the_workspace_is_not_made(
    log: Path, seed: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("IKEAUDIT_WORKSPACE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    assert main(["diagnose", str(log), str(seed)]) == 0
    assert not (tmp_path / "data").exists() and not workspace.exists()


# -- secrets ----------------------------------------------------------------------------------------------------------------


def test_no_secret_of_a_log_is_repeated(
    tmp_path: Path, seed: Path, canary: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Commands that were logged or typed, debugs of AAA and RADIUS, keys in every place where words of a log stand."""
    lines = [
        "Jun 19 12:28:43 R1 9: %PARSER-5-CFGLOG_LOGGEDCMD: User:ann  "
        f"logged command:crypto isakmp key {canary} address 192.168.0.2",
        f"R1(config)#crypto isakmp key {canary} address 192.168.0.2",
        f"R1(config-keyring)# pre-shared-key address 192.168.0.2 key {canary}",
        f"*Jun 19 12:28:43.100: AAA/AUTHOR: Tunnel-Password={canary}",
        f"*Jun 19 12:28:43.100: RADIUS:  Tunnel-Password     [69]  20  {canary}",
        f"*Jun 19 12:28:43.100: ISAKMP:(1012): {canary}",
        f"*Jun 19 12:28:43.100: IKEv2:(SESSION ID = 1,SA ID = 1):Use preshared key for id {canary}, key len 8",
        "*Jun 19 12:28:43.100: IKEv2:(SESSION ID = 1,SA ID = 1):"
        f"Searching policy based on peer's identity '{canary}' of type 'FQDN'",
        f"*Jun 19 12:28:43.100: IKEv2-ERROR:(SESSION ID = 1,SA ID = 1):: Failed to locate an item in the database {canary}",
        f"*Jun 19 12:28:43.100: ISAKMP:(0):No pre-shared key with {canary}!",
        f"*Jun 19 12:28:43.100: ISAKMP:(0):Found ADDRESS key in keyring {canary}",
        f"Jun 19 12:28:43 {canary} 9: *Jun 19 12:28:43.100: "
        "%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Main mode failed with peer at 192.168.0.2",
        f"{canary}#show logging",
        "*Jun 19 12:28:43.100: %CRYPTO-6-IKMP_MODE_FAILURE: Processing of Quick mode failed with peer at 192.168.0.2",
    ]
    file = tmp_path / "canaries.log"
    file.write_text(LOG + "\n".join(lines) + "\n")
    for words in ([str(file), str(seed)], [str(file), str(seed), "--format", "json"]):
        assert main(["diagnose", *words]) == 0
        out, err = capsys.readouterr()
        assert "keyring-verification" in out and "MM5" in out
        assert canary not in out + err
    alone = file.read_text().replace(f"{canary}#", "R1#").replace(f" {canary} 9:", " R1 9:")
    file.write_text(alone)
    assert main(["diagnose", str(file)]) == 0
    assert canary not in "".join(capsys.readouterr())
