"""``--report FORMAT=FILE``: several formats of one answer, and every wrong word refused before anything is done."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest

import ikeaudit.api.audit
from ikeaudit.cli.main import main
from ikeaudit.report.formats import FORMATS
from ikeaudit.report.kinds import KINDS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")


def test_all_of_one_replay(
    seed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    times = []
    original = ikeaudit.api.audit.check

    def counted(*args: object, **named: object) -> object:
        times.append(1)
        return original(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(ikeaudit.api.audit, "check", counted)
    chosen = [one for one in FORMATS if "findings" in one.draws]
    assert {one.name for one in chosen} >= {
        "console",
        "json",
        "jsonl",
        "sarif",
        "junit",
        "csv",
        "markdown",
        "prometheus",
    }
    words = [word for one in chosen for word in ("--report", f"{one.name}={tmp_path / one.name}.{one.suffix}")]
    assert main(["check", str(seed), *words, "--format", "json"]) == 1
    printed = capsys.readouterr().out
    assert times == [1]
    for one in chosen:
        file = tmp_path / f"{one.name}.{one.suffix}"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert file.stat().st_size > 100
    assert (tmp_path / "json.json").read_text() == printed
    told = json.loads((tmp_path / "sarif.sarif").read_text())["runs"][0]["results"]
    assert [one["ruleId"] for one in told] == [one["code"] for one in json.loads(printed)["findings"]]


def test_quiet_writes_all_the_same(seed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(seed), "-q", "--fail-on", "never", "--report", f"csv={tmp_path / 'a.csv'}"]) == 0
    assert capsys.readouterr().out == ""
    assert (tmp_path / "a.csv").read_text().startswith("code,category,")


@pytest.mark.parametrize("verb", ["explain", "coverage"])
def test_other_verbs(verb: str, seed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, str(seed), "--report", f"junit={tmp_path / 'a.xml'}"]) == 0
    assert (tmp_path / "a.xml").read_text().startswith("<?xml")
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    ("verb", "words", "sentence"),
    [
        ("check", ["csv"], "'csv' is not FORMAT=FILE, such as prometheus=audit.prom"),
        ("check", ["=a"], "'=a' is not FORMAT=FILE, such as prometheus=audit.prom"),
        ("check", ["csv="], "'csv=' is not FORMAT=FILE, such as prometheus=audit.prom"),
        ("check", ["pdf=a"], "'pdf' is none of console, json, jsonl, sarif, junit, csv, markdown, html, prometheus"),
        ("check", ["csv=a", "json=./a"], "./a is named twice; each report needs a file of its own"),
        ("check", ["csv=no/a"], "no/a cannot be written: it is a folder, or lies in one that is not there"),
        ("check", ["csv=."], ". cannot be written: it is a folder, or lies in one that is not there"),
        (
            "explain",
            ["sarif=a"],
            "The format sarif cannot draw what `explain` prints; use console, json, jsonl, junit, csv, markdown, html or "
            "prometheus",
        ),
    ],
)
def test_a_wrong_word_is_one_sentence_and_nothing_is_read(
    verb: str,
    words: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([verb, "nowhere", *(part for word in words for part in ("--report", word))]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"ikeaudit: Invalid value for '--report': {sentence} (see ikeaudit {verb} --help).\n"
    assert not list(tmp_path.iterdir())


def test_the_plan_has_no_report_of_its_differences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "diff", str(tmp_path), "--report", f"json={tmp_path / 'a'}"]) == 2
    assert capsys.readouterr().err.startswith("ikeaudit: --report is for `plan show`; `plan diff` is text.")


def test_the_page_tells_what_each_format_draws() -> None:
    rows = dict(
        re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", PAGE.split("## Output")[1].split("Every JSON")[0], re.M)
    )
    assert list(rows) == [one.name for one in FORMATS]
    verbs = {
        "findings": "`check`",
        "comparison": "`check --against`",
        "exchanges": "`explain`",
        "coverage": "`coverage`",
        "collection": "`collect`",
        "rehearsal": "`rehearse`",
        "rules": "`rules`",
        "plan": "`plan`",
        "witness": "`witness`",
    }
    others = {kind.name for kind in KINDS if kind.printed} - verbs.keys()
    for one in FORMATS:
        told = rows[one.name].replace("the same as `csv`", rows["csv"]).replace("the same", rows["junit"])
        if told.startswith("all"):
            assert set(one.draws) >= others - {"plan-diff"} | verbs.keys()
        else:
            assert {kind for kind, verb in verbs.items() if verb in told} == set(one.draws), one.name
