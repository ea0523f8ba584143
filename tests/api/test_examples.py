"""The examples of docs/api.md, run one after the other; what they print is what the page says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import ikeaudit.api as api
from ikeaudit.lab.scenarios import SEED

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "api.md").read_text(encoding="utf-8")
OWN = (DOCS / "strategies" / "own.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_every_example_does_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "ws"))
    shutil.copytree(SEED, tmp_path / "routers")
    for name, text in re.findall(r"^`(strategies/[\w./-]+)`:\n\n```\w+\n(.*?)^```$", OWN, re.MULTILINE | re.DOTALL):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    names: dict[str, Any] = {}
    for example, expected in EXAMPLES:
        exec(compile(example, "docs/api.md", "exec"), names)
        assert capsys.readouterr().out == expected, example


def test_the_page_has_no_example_that_is_not_run() -> None:
    assert len(EXAMPLES) == PAGE.count("```python") >= 8


def test_every_public_name_stands_on_the_page() -> None:
    for name in api.__all__:
        assert re.search(rf"\b{name}\b", PAGE), name
