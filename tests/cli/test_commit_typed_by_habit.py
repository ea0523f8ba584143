"""``--commit`` behind the verbs of a change: it does what is meant, or one sentence says what to leave out."""

from __future__ import annotations

from pathlib import Path

import pytest

from ikeaudit.cli.main import main


@pytest.mark.parametrize(
    "words",
    [("verify", "plan"), ("rehearse", "plan"), ("approve", "plan", "--by", "ann"), ("status",), ("status", "C")],
)
def test_a_verb_that_sends_nothing_says_so(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*words, "--commit"]) == 2
    out, err = capsys.readouterr()
    said = f"ikeaudit: `{words[0]}` sends no line of a plan, with --commit or without: leave that option out.\n"
    assert (out, err) == ("", said)


def test_confirm_does_with_it_what_it_does_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both come as far as the plan, which is not there."""
    monkeypatch.chdir(tmp_path)
    assert main(["confirm", "nowhere"]) == 2
    without = capsys.readouterr()
    assert main(["confirm", "nowhere", "--commit"]) == 2
    assert capsys.readouterr() == without
    assert "nowhere" in without.err and "option" not in without.err.lower()
