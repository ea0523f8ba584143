"""Laws over the table of messages: each is found by its words, whatever the prefix, and not by a part of them."""

from __future__ import annotations

import re

import pytest

from ikeaudit.logs.message import Row
from ikeaudit.logs.messages import ROWS, sources
from ikeaudit.logs.reading import Reader, Said
from ikeaudit.logs.recognise import Known, recognise

VALUES = {
    "peer": "198.51.100.7",
    "local": "192.0.2.1",
    "address": "198.51.100.7",
    "word": "K-7",
    "n": "1",
    "rest": "whatever",
    "state": "MM_KEY_EXCH",
    "role": "I",
}
KNOWN_SOURCES = {value for name, value in vars(sources).items() if name.isupper()}


def written(row: Row) -> str:
    """The message with values in its slots."""
    return re.sub(r"\{(\w+)\}", lambda slot: VALUES[slot[1]], row.text)


def logged(row: Row, body: str, *, xe: bool = False) -> str:
    """The message as a line of a log."""
    if body.startswith("%"):
        return f"*Mar  1 00:01:02.003: {body}"
    if body.startswith("("):
        return f"*Mar  1 00:01:02.003: IPSEC{body}"
    if body.startswith("map_db"):
        return f"*Mar  1 00:01:02.003: {body}"
    if row.version == 2:
        return (
            f"*Mar  1 00:01:02.003: IKEv2{'-ERROR' if xe else ''}:(SESSION ID = 4,SA ID = 1):{': ' if xe else ''}{body}"
        )
    return f"*Mar  1 00:01:02.003: ISAKMP{'-ERROR: ' if xe else ':'}(1004):{body}"


def said(line: str) -> Said:
    reader = Reader()
    assert reader.feed(line) is None
    found = reader.flush()
    assert found is not None, line
    return found


def known(line: str) -> Known | None:
    return recognise(said(line))


@pytest.mark.parametrize("xe", [False, True], ids=["classic", "xe"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"v{row.version} {row.text}")
def test_a_message_is_found_by_its_words(row: Row, xe: bool) -> None:
    found = known(logged(row, written(row), xe=xe))
    assert found is not None
    assert (found.row.does, found.row.reason, found.row.at) == (row.does, row.reason, row.at)
    assert found.peer == ("198.51.100.7" if "{peer}" in row.text else None)
    shouted = known(logged(row, re.sub(r"(?<!%)\b[a-z]{4,}\b(?=\s)", lambda w: w[0].capitalize(), written(row)), xe=xe))
    assert shouted is not None, "routers of other releases write other capitals"


@pytest.mark.parametrize("row", [row for row in ROWS if row.reason], ids=lambda row: f"v{row.version} {row.text}")
def test_half_a_message_claims_no_cause(row: Row) -> None:
    words = written(row).split()
    half = " ".join(words[: (len(words) + 1) // 2])
    if len(words) < 3 or half.startswith("%"):
        return
    found = known(logged(row, half))
    assert found is None or found.row.reason is None or found.row.text != row.text


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"v{row.version} {row.text}")
def test_a_row_says_what_it_has_to(row: Row) -> None:
    assert row.source in KNOWN_SOURCES
    assert row.first
    assert "{" not in row.words and row.words
    if row.does == "refuses":
        assert row.reason or row.candidates or row.fact, "a refusal leads somewhere"
    if row.does == "reaches":
        assert row.at is not None
    assert not (row.reason and row.reason in row.candidates)


def test_no_row_stands_twice() -> None:
    pairs = [(row.text, row.version) for row in ROWS]
    assert sorted(pairs) == sorted(set(pairs))
