"""Each line behind a verdict, misspelt in turn: the ledger has it, no verdict stands on it, and nobody is told all is well."""

from __future__ import annotations

from pathlib import Path

import pytest

from ikeaudit.api import check, explain, load
from ikeaudit.exchange import Exchange

CASES = Path(__file__).parents[1] / "cases"
FOLDERS = (
    "seed/different-addresses",
    "healthy/ikev2-ipv6-asymmetric",
    "getvpn/authorization-list",
    *(
        pytest.param(case, marks=pytest.mark.full)
        for case in (
            "healthy/crypto-map-two-hubs",
            "healthy/hsrp-pair",
            "healthy/flexvpn",
            "ezvpn/dynamic-map",
            "vrf/one-address-in-two-vrfs",
        )
    ),
)
OPERANDS = ("crypto", "ip", "tunnel", "set", "match")
"""Words that say too little to be misspelt alone: the next one is."""

Key = tuple[str, str, str]


def misspelt(line: str) -> str:
    """``line`` with the last two letters of its key word exchanged."""
    words = line.split()
    at = int(words[0] in OPERANDS)
    word = words[at]
    words[at] = f"{word[:-2]}{word[-1]}{word[-2]}" if word[-1] != word[-2] else f"{word}q"
    return line[: len(line) - len(line.lstrip())] + " ".join(words)


def told(folder: Path) -> tuple[dict[Key, Exchange], int, int]:
    """The exchanges of a folder by their ends, how many lines leave them open, and the exit code of ``check``."""
    snapshot = load(folder)
    report = explain(snapshot)
    by_end = {(e.initiator, e.initiator_interface, e.peer): e for e in report.exchanges}
    return by_end, len(report.unread), check(snapshot).verdict.code


@pytest.mark.parametrize("case", FOLDERS)
def test_no_verdict_stands_on_a_line_that_was_not_read(case: str, tmp_path: Path) -> None:
    texts = {file.name: file.read_text(encoding="utf-8") for file in (CASES / case).glob("*.cfg")}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    before, _, _ = told(tmp_path)
    behind = sorted({(line.file, line.line) for e in before.values() for line in e.evidence})
    assert len(behind) > 10
    for name, number in behind:
        lines = texts[name].splitlines()
        lines[number - 1] = misspelt(lines[number - 1])
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        after, unread, code = told(tmp_path)
        assert unread and code, lines[number - 1]
        for key, was in before.items():
            if (
                any((line.file, line.line) == (name, number) for line in was.evidence)
                and was.outcome != "not-initiated"
            ):
                now = after.get(key)
                assert now is None or now.confidence == "unknown", (lines[number - 1], key, now)
        (tmp_path / name).write_text(texts[name], encoding="utf-8")
