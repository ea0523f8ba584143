"""``make docs`` draws the same picture wherever and whenever it runs."""

from __future__ import annotations

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

GENERATE = Path(__file__).resolve().parents[1] / "docs" / "generate.py"


def test_a_picture_is_the_same_in_another_workspace_and_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = spec_from_file_location("generate", GENERATE)
    assert spec is not None and spec.loader is not None
    generate = module_from_spec(spec)
    spec.loader.exec_module(generate)
    arguments = generate.PICTURES["check.svg"]
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "one"))
    first = generate.picture("check.svg", arguments)
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "other"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLORTERM", "")
    assert generate.picture("check.svg", arguments) == first
    assert re.search("PSK:[0-9a-f]{16}", first), "the picture shows a token, which hangs on the fingerprint key"
