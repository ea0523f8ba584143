"""Rendering a model and reading the text again gives the same model, line numbers apart."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from pairs import End, pairs, texts

from ikeaudit.model import Router
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.rendering.configuration import render_router

FINGERPRINTER = Fingerprinter(b"round-trip" * 4)
CASES = sorted((Path(__file__).parents[1] / "cases").rglob("*.cfg"))
PLACE = {
    "line", "identity_line", "source_line", "destination_line", "vrf_line", "lines", "first_line", "file", "truncated",
    "aggressive_mode_line", "enabled_line", "server_line", "address_line", "group_line", "facts", "shows", "platform",
}  # fmt: skip
"""Fields that say where something stands, not what it says; a snapshot's own facts are not in a configuration either."""


def content(value: object) -> object:
    if isinstance(value, msgspec.Struct):
        return {name: content(getattr(value, name)) for name in value.__struct_fields__ if name not in PLACE}
    return [content(item) for item in value] if isinstance(value, tuple) else value


def read(text: str) -> Router:
    (parsed,) = parse_configs(text, file="router.cfg", fingerprinter=FINGERPRINTER)
    assert parsed.router is not None
    assert parsed.unknown == ()
    return parsed.router


@settings(max_examples=100, deadline=None)
@given(pairs())
def test_generated_routers(pair: tuple[End, End]) -> None:
    for text in texts(pair).values():
        router = read(text)
        assert content(read(render_router(router))) == content(router)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_routers_of_the_cases(path: Path) -> None:
    for parsed in parse_configs(path.read_text(encoding="utf-8"), file=path.name, fingerprinter=FINGERPRINTER):
        router = parsed.router
        if router is not None and not parsed.unknown:
            assert content(read(render_router(router))) == content(router)
