"""A router with a long access list: what it takes grows with its text, and by no more than a known factor."""

from __future__ import annotations

import tracemalloc

import pytest
from parsed import FINGERPRINTER

from ikeaudit.parsing import parse_configs

HEAD = "version 15.9\n!\nhostname R1\n!\ncrypto map M 10 ipsec-isakmp\n set peer 192.0.2.1\n match address A\n!\n"


def text(entries: list[str]) -> str:
    return HEAD + "\n".join(("ip access-list extended A", *entries, "!\nend\n"))


def entry(number: int) -> str:
    return f" permit tcp host 10.{number >> 8 & 255}.{number & 255}.9 172.16.{number & 255}.0 0.0.0.255 eq {number + 1}"


def peak(count: int) -> float:
    """The memory that reading takes at its most, in times the text."""
    long = text([entry(number) for number in range(count)])
    tracemalloc.start()
    try:
        (parsed,) = parse_configs(long, file="r1.cfg", fingerprinter=FINGERPRINTER)
        assert parsed.router is not None and len(parsed.router.acls[0].entries) == count
        return tracemalloc.get_traced_memory()[1] / len(long)
    finally:
        tracemalloc.stop()


@pytest.mark.full
def test_memory_is_a_few_times_the_text_however_long_it_is() -> None:
    peak(10)
    small, large = peak(1000), peak(8000)
    assert large < 18  # what is remembered of addresses and lines, of a fixed number, is some of it
    assert large < 1.3 * small


def test_numbers_place_entries_and_others_follow() -> None:
    lines = [" 30 permit ip host 10.0.0.3 any", " 10 permit ip host 10.0.0.1 any", " permit ip host 10.0.0.4 any"]
    (parsed,) = parse_configs(text([*lines, " 20 deny ip any any"]), file="r1.cfg", fingerprinter=FINGERPRINTER)
    assert parsed.router is not None
    assert [one.line for one in parsed.router.acls[0].entries] == [11, 13, 10, 12]
