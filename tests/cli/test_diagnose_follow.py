"""``ikeaudit diagnose --follow``: told when it is decided, ended by Ctrl-C."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import ikeaudit.cli.diagnose as verb
from ikeaudit.cli.main import main

STAMP = "Jun 19 12:28:44 R1 21: *Jun 19 12:28:44.270: "
CALLED = f"{STAMP}ISAKMP (1012): received packet from 192.168.0.2 dport 500 sport 500 Global (R) MM_KEY_EXCH\n"
REFUSED = f"{STAMP}ISAKMP:(1012):Key not found in keyrings of profile , aborting exchange\n"
AGAIN = f"{STAMP}ISAKMP (1014): received packet from 192.168.0.2 dport 500 sport 500 Global (R) MM_KEY_EXCH\n"
UP = f"{STAMP}ISAKMP:(1014):Old State = IKE_QM_R_QM2  New State = IKE_QM_PHASE2_COMPLETE\n"


def following(file: Path, monkeypatch: pytest.MonkeyPatch, *texts: str) -> None:
    """Whenever the verb waits, one of ``texts`` is written; then Ctrl-C is pressed."""
    todo = list(texts)

    def sleep(seconds: float) -> None:
        if not todo:
            raise KeyboardInterrupt
        with file.open("a") as stream:
            stream.write(todo.pop(0))

    monkeypatch.setattr(verb.time, "sleep", sleep)


def test_each_is_told_when_it_is_decided_and_when_that_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "r1.log"
    file.write_text(CALLED)
    following(file, monkeypatch, REFUSED, "", CALLED + REFUSED, AGAIN + UP, AGAIN)
    assert main(["diagnose", str(file), "--follow", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    told = [json.loads(line) for line in out.splitlines()]
    assert err == ""
    assert [[(one["outcome"], one["reason"]) for one in document["exchanges"]] for document in told] == [
        [("down", "keyring-verification")],
        [("up", None)],
    ]
    assert all(document["schema"] == "ikeaudit.diagnosis/1" for document in told)
    assert [one["reason"] for one in told[1]["exchanges"][0]["earlier"]] == ["keyring-verification"]


def test_as_text_and_with_a_snapshot(
    tmp_path: Path, seed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "r1.log"
    file.write_text("")
    following(file, monkeypatch, CALLED + REFUSED)
    assert main(["diagnose", str(file), str(seed), "--follow"]) == 0
    out = capsys.readouterr().out
    assert out.count("keyring-verification") == 1 and "KR-DUP-ADDR" in out
    assert "lines read" not in out, "it is not at its end"


def test_what_was_not_ended_by_a_line_is_told_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "r1.log"
    file.write_text(CALLED + REFUSED.replace(" , aborting", " ,\naborting"))
    following(file, monkeypatch)
    assert main(["diagnose", str(file), "--follow"]) == 0
    assert "keyring-verification" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["-", "--follow"], ["LOG", "--follow", "--output", "o.json"]])
def test_what_does_not_go_together(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", *words]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diagnose", str(tmp_path / "none.log"), "--follow"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
