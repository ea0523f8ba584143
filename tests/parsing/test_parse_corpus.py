"""Configurations that others wrote, where they lie beside the project: no crash, and nothing genuine left unknown."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from parsed import FINGERPRINTER

from ikeaudit.parsing import ParsedConfig, parse_configs

CORPUS = Path(__file__).resolve().parents[2] / "../shared/corpus"
GENUINE = ("running-config", "partial-config")
NOTES = ("notes-md", "notes-rst")

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus does not lie beside the project"),
]


def read(path: Path) -> tuple[ParsedConfig, ...]:
    """Parse a file of the corpus as a snapshot would."""
    text = path.read_bytes().decode("utf-8", "replace")
    return parse_configs(text, file=path.name, fingerprinter=FINGERPRINTER)


def files(*kinds: str) -> list[Path]:
    """Configurations of the corpus of the given kinds; all when none is given."""
    with (CORPUS / "index.tsv").open(encoding="utf-8") as index:
        rows = csv.DictReader(index, delimiter="\t")
        return [
            CORPUS / row["file"]
            for row in rows
            if row["file"].startswith("configs/") and (not kinds or row["kind"] in kinds)
        ]


def test_nothing_crashes_and_everything_is_something() -> None:
    for path in files():
        for parsed in read(path):
            assert (parsed.router is None) == (parsed.kind == "not-ios"), path.name
            assert (parsed.reason is None) == (parsed.kind == "ios"), path.name


@pytest.mark.full
def test_genuine_ios_leaves_no_unknown_line() -> None:
    unknown = {path.name: parsed.unknown for path in files() for parsed in read(path) if parsed.unknown}
    assert unknown == {}


def test_genuine_ios_is_recognised() -> None:
    assert [path.name for path in files(*GENUINE) if any(parsed.kind != "ios" for parsed in read(path))] == []


def test_notes_are_recognised_and_what_they_hold_is_counted() -> None:
    for path in files(*NOTES):
        (parsed,) = read(path)
        assert (parsed.kind, parsed.router) == ("not-ios", None), path.name
        assert parsed.reason is not None
        assert (parsed.unread > 0) == parsed.reason.startswith("it is a page of notes ("), path.name


def test_files_of_several_systems_are_no_routers() -> None:
    for path in files("asa-mixed"):
        assert [parsed.kind for parsed in read(path)] == ["not-ios"], path.name


def test_other_vendors_are_recognised() -> None:
    (asa,) = read(next(CORPUS.glob("configs/119_*")))
    (huawei,) = read(next(CORPUS.glob("configs/120_*")))
    assert asa.reason == "it looks like a Cisco ASA configuration"
    assert huawei.reason == "it looks like a Huawei VRP configuration"


def test_several_routers_of_one_page() -> None:
    parsed = read(next(CORPUS.glob("configs/192_*")))
    assert len([config for config in parsed if config.router]) == 22
