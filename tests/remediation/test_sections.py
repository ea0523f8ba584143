"""What a rollback brings back in another order is named; what it does not bring back at all is an error (DOMAIN 8.4)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ikeaudit.candidate import Candidate
from ikeaudit.candidate.tree import Line
from ikeaudit.candidate.way import lost
from ikeaudit.model.grouping import by_key
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation import order_changes as order_module
from ikeaudit.remediation.order_changes import may_not_come_back, order_changes, same, sections

BEFORE = """\
hostname R1
!
crypto keyring K1
  pre-shared-key address 10.0.0.2 key <PSK:0123456789abcdef>
crypto keyring K2
!
crypto isakmp profile P
   keyring K1
   keyring K2
!
end
"""


def test_nothing_changed() -> None:
    assert order_changes(BEFORE, BEFORE.replace("!\n", "")) == ()


def test_two_sections_of_one_name_are_each_compared_with_their_own() -> None:
    twice = "ip access-list extended A\n permit gre any any\nip access-list extended A\n permit ip any any\n"
    assert order_changes(twice, twice) == ()


def test_objects_in_another_order_are_named() -> None:
    lines = "crypto keyring K2\n!\n"
    after = BEFORE.replace(lines, "!\n").replace("crypto keyring K1\n", "crypto keyring K2\ncrypto keyring K1\n")
    assert not same(BEFORE, after)
    assert order_changes(BEFORE, after) == (
        "'crypto keyring' objects come back in the order K2, K1; before they stood as K1, K2.",
    )


def test_lines_in_another_order_are_named() -> None:
    after = BEFORE.replace("   keyring K1\n   keyring K2\n", "   keyring K2\n   keyring K1\n")
    assert order_changes(BEFORE, after) == (
        "The lines of 'crypto isakmp profile P' come back in the order: keyring K2; keyring K1.",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("crypto keyring K2\n", ""),
        ("0123456789abcdef", "fedcba9876543210"),
        ("   keyring K2\n", "   keyring K3\n"),
        ("10.0.0.2 key", "10.0.0.2 255.255.255.0 key"),
    ],
)
def test_anything_else_is_no_order(old: str, new: str) -> None:
    assert order_changes(BEFORE, BEFORE.replace(old, new)) is None


def test_a_key_that_comes_back_in_a_shorter_spelling_is_named() -> None:
    before = BEFORE.replace("10.0.0.2 key", "10.0.0.2 255.255.255.255 key")
    assert same(before, BEFORE)
    (sentence,) = order_changes(before, BEFORE) or ()
    assert "spelling" in sentence


POLICY = "crypto isakmp policy 10\n authentication pre-share\n"


@pytest.mark.parametrize(
    ("line", "hidden"),
    [(" lifetime 86400\n", True), (" group 1\n", True), (" lifetime 86401\n", False), (" group 2\n", False)],
)
def test_a_default_that_was_written_out_comes_back_unsaid_and_that_is_named(line: str, hidden: bool) -> None:
    """DOMAIN 3.4: of a policy a classic release prints no default, also when it is typed."""
    before = "version 15.7\nhostname R\n" + POLICY + line
    found = order_changes(before, before.replace(line, ""))
    said = f"'{line.strip()}' of 'crypto isakmp policy 10' does not come back as a line"
    assert (found is not None and found[0].startswith(said)) is hidden
    assert order_changes(before, before) == ()


def test_each_section_keeps_its_own_default() -> None:
    other = POLICY.replace("10", "20") + " lifetime 86400\n"
    before = "version 15.7\nhostname R\n" + POLICY + " lifetime 86400\n" + other
    (sentence,) = order_changes(before, before.replace(" lifetime 86400\n", "", 1)) or ()
    assert "'crypto isakmp policy 10'" in sentence


def test_a_line_that_the_router_need_not_take_is_named_and_found_again() -> None:
    """A keyring that a profile names and that does not exist (U-10), beside objects that come back in another order."""
    before = BEFORE.replace("   keyring K2\n", "   keyring NONE\n")
    sentences = order_changes(before, before.replace("   keyring NONE\n", ""))
    assert sentences is not None and may_not_come_back(sentences) == ("keyring NONE",)
    assert (
        may_not_come_back(
            order_changes(BEFORE, BEFORE.replace("   keyring K1\n   keyring K2", "   keyring K2\n   keyring K1")) or ()
        )
        == ()
    )


# -- only what differs is looked at ------------------------------------------------------------------------------------


def _looked_at_whole(before: str, after: str) -> tuple[str, ...] | None:
    """The same, every section read and compared."""
    old, new = sections(before, defaults=False), sections(after, defaults=False)
    was, now = (
        Counter(_flat(sections(text))) - Counter(_flat(sections(text, defaults=False))) for text in (before, after)
    )
    found = [
        f"'{line}' of '{section}' does not come back as a line: it is the default, which IOS does not print."
        for section, line in was - now
    ]
    if Counter((h, tuple(sorted(b))) for h, b in old) != Counter((h, tuple(sorted(b))) for h, b in new):
        gone = lost(Candidate.from_text(before), Candidate.from_text(after))
        return None if gone is None else (*found, *(f"'{line}' {order_module._NOT_BACK}" for line in gone))
    for kind in dict.fromkeys(order_module._kind(header) for header, _ in old):
        one, other = ([h for h, _ in text if order_module._kind(h) == kind] for text in (old, new))
        if one != other:
            names = [order_module._names(headers, kind) for headers in (other, one)]
            found.append(f"'{kind}' objects come back in the order {names[0]}; before they stood as {names[1]}.")
    inside = by_key((header, below) for header, below in old)
    for header, below in new:
        if inside[header].pop(0) != below:
            found.append(f"The lines of '{header}' come back in the order: {'; '.join(below)}.")
    if not found and before_hash(before) != before_hash(after):
        found.append(
            "Lines come back in the spelling that IOS prints: without remarks and indented; of a key, a host's mask is left "
            "out, that of 0.0.0.0 is not."
        )
    return tuple(found)


def _flat(found: list[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, str]]:
    for header, below in found:
        yield "", header
        yield from ((header, line) for line in below)


def _disturbed(text: str, chance: random.Random) -> str:
    """``text`` with some of its sections, or lines of sections, moved, left out, doubled, or worded otherwise."""
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith(" ") and blocks:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    for _ in range(chance.randrange(4)):
        at, to = chance.randrange(len(blocks)), chance.randrange(len(blocks))
        block = blocks[at]
        what = chance.choice(["move", "end", "double", "drop", "line", "default", "remark", "mask"])
        if what in ("move", "end"):
            blocks.insert(to if what == "move" else len(blocks), blocks.pop(at))
        elif what == "double":
            blocks.insert(to, block)
        elif what == "drop":
            blocks.pop(at)
        elif what == "line" and len(block) > 2:
            block.append(block.pop(chance.randrange(1, len(block))))
        elif what == "default":
            blocks.insert(to, ["crypto isakmp policy 77", " lifetime 86400", " hash sha"])
        elif what == "remark":
            block[-1] += " ! a remark"
        elif what == "mask" and "pre-shared-key address" in block[-1]:
            block[-1] = block[-1].replace(" key ", " 255.255.255.255 key ")
    return "\n".join(line for block in blocks for line in block) + "\n"


FOLDER = Path(__file__).parent
TEXTS = [
    file
    for part in ("plans", "ikev2")
    for file in sorted((FOLDER / part).rglob("*.cfg"))
    if "expected" not in file.parts
]


@pytest.mark.parametrize("shard", [0, *(pytest.param(shard, marks=pytest.mark.full) for shard in range(1, 4))])
def test_what_both_have_in_common_changes_no_sentence(shard: int) -> None:
    chance = random.Random(shard)
    seen: Counter[str] = Counter()
    for file in TEXTS[shard::4]:
        text = file.read_text(encoding="utf-8")
        for _ in range(4):
            one, other = _disturbed(text, chance), _disturbed(text, chance)
            for before, after in ((text, one), (one, text), (one, other)):
                found = order_changes(before, after)
                assert found == _looked_at_whole(before, after), file
                seen[found[0].split("'")[-1] if found else str(found)] += 1
    assert len(seen) > 4, "orders, spellings, defaults, and what is not the same, were all met"


def test_sections_that_both_begin_and_end_with_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"interface Loopback{n}\n ip address 192.0.2.{n} 255.255.255.255\n ip mtu 1400\n" for n in range(40)]
    read: list[str] = []
    below = order_module._below

    def noted(line: Line) -> Iterator[Line]:
        read.append(line.text)
        return below(line)

    monkeypatch.setattr(order_module, "_below", noted)
    before, after = "".join(lines), "".join((*lines[:20], lines[21], lines[20], *lines[22:]))
    assert order_changes(before, after)
    assert sorted({name for name in read if name.startswith("interface")}) == [
        "interface Loopback20",
        "interface Loopback21",
    ]
