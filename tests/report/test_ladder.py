"""The ladder of a direction, drawn by hand from what the guide tells of it; and below 100 columns as one column."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from parsed import FINGERPRINTER
from tests.test_cases import CASES

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.lab.scenarios import SEED
from ikeaudit.parsing import parse_configs
from ikeaudit.report.console.ladder import draw_ladder
from ikeaudit.report.console.sheet import Sheet
from ikeaudit.report.surface import Surface

Told = Callable[[str, str], Exchange]


@pytest.fixture(scope="module")
def told() -> Told:
    """The call of a router in a case folder, with its steps."""

    def call(folder: str, initiator: str) -> Exchange:
        path = SEED if folder == "seed" else CASES / folder
        files = sorted(path.glob("*.cfg"))
        parsed = [parse_configs(f.read_text("utf-8"), file=f.name, fingerprinter=FINGERPRINTER)[0] for f in files]
        routers = [config.router for config in parsed if config.router is not None]
        return next(e for e in Fleet(routers, steps=True).exchanges if e.initiator == initiator)

    return call


def drawn(exchange: Exchange, width: int, *, unicode: bool = True) -> list[str]:
    sheet = Sheet(Surface(width=width, unicode=unicode))
    draw_ladder(exchange, sheet)
    return sheet.text().splitlines()


SEED_LADDER = """\
  R2 initiator                                                R1 responder
  profile  profile1, bound            R2.cfg:26 │           │
  key      keyring1                    R2.cfg:5 ├── MM1 ───▶│ key for 192.168.0.2, identity not known yet  KEY-TIE
                                                │           │   – default  no key
                                                │           │   ✔ keyring1  first in the configuration        R1.cfg:5
                                                │           │   – keyring2  same address, later               R1.cfg:7
                                                │           │ policy   10, 3des, md5, pre-share, group 2      R1.cfg:9
                                                │◀ MM2,3,4 ▶│
  identity 192.168.0.2                          ├── MM5 ───✕│ profile  profile2, by the identity             R1.cfg:19
                                                │           │ ✕ profile2 lists keyring2, the key is keyring1's
                                                │           │     KEY-VERIFY                                 R1.cfg:18
"""


def test_the_failing_direction_of_the_guide(told: Told) -> None:
    """UX 5: the caller knows its profile and key, the other end picks blindly, then the identity selects another profile."""
    assert drawn(told("seed", "R2"), 120) == SEED_LADDER.splitlines()


def test_one_column_below_a_hundred(told: Told) -> None:
    assert drawn(told("seed", "R2"), 99) == [
        "  R2 ▶ MM1 ▶ R1",
        "    R2  profile  profile1, bound  R2.cfg:26",
        "        key      keyring1  R2.cfg:5",
        "    R1  key for 192.168.0.2, identity not known yet  KEY-TIE",
        "          – default  no key",
        "          ✔ keyring1  first in the configuration  R1.cfg:5",
        "          – keyring2  same address, later  R1.cfg:7",
        "        policy   10, 3des, md5, pre-share, group 2  R1.cfg:9",
        "  R1 ◀ MM2,3,4 ▶ R2",
        "  R2 ▶ MM5 ✕ R1",
        "    R2  identity 192.168.0.2",
        "    R1  profile  profile2, by the identity  R1.cfg:19",
        "        ✕ profile2 lists keyring2, the key is keyring1's  KEY-VERIFY  R1.cfg:18",
    ]


def test_every_case_fits_its_width(told: Told) -> None:
    for folder, initiator in (("ikev2/no-common-proposal", "A"), ("aggressive/other-key", "A"), ("seed", "R1")):
        for width in (60, 80, 100, 120):
            lines = drawn(told(folder, initiator), width)
            assert lines and all(len(line) <= width for line in lines), lines
        assert all(line.isascii() for line in drawn(told(folder, initiator), 120, unicode=False))


def test_ikev2_and_aggressive_mode(told: Told) -> None:
    refused = "\n".join(drawn(told("ikev2/no-common-proposal", "A"), 120))
    assert "├ SA_INIT ─✕│" in refused and "✕ no proposal is the same  IKEV2-POLICY" in refused
    other = drawn(told("aggressive/other-key", "A"), 120)
    assert any("│✕── AM2 ───┤" in line for line in other), other
    (at,) = [n for n, line in enumerate(other) if "✕ the two ends' keys differ" in line]
    assert other[at].index("✕ the") < other[0].index("B responder"), "the caller finds it out"


def test_what_is_never_sent(told: Told) -> None:
    lines = drawn(told("seed/../hazards/KR-NOKEY/fires", "R1"), 120)
    assert any("✕ MM1" in line and "▶" not in line for line in lines), lines
