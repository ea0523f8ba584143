"""Every line that a generator of fixes thinks of is understood by the tables in the place where it is typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from proved import fleet_of

from ikeaudit.hazards import audit
from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.ios.syntax import Match
from ikeaudit.remediation.fixes.case import Case
from ikeaudit.remediation.fixes.contract import LEAVING
from ikeaudit.remediation.fixes.generators import candidates
from ikeaudit.remediation.fixes.prover import Prover
from ikeaudit.snapshot.workspace import Workspace

CASES = Path(__file__).resolve().parents[1] / "cases"
FOLDERS = sorted({path.parent for path in CASES.rglob("expect.toml")})
SAMPLE = 40
"""One folder of so many is looked at every day, all in the full tier."""
MIXED = CASES / "vti-and-map/a-list-against-any"
"""A tunnel against a crypto map: what one end has is no line of the other's sections."""
BARE = CASES / "hazards/PW-HALF-PROTECTED/fires-without-a-set"
"""An IPsec profile without a transform set, which the other end is to have as well."""


def not_understood(block: Iterable[str]) -> Iterator[str]:
    """The lines of a block, typed from global mode on, that no command describes where they stand."""
    modes = [GLOBAL]
    for line in block:
        if line == LEAVING:
            modes.pop()
            continue
        language, negated = modes[-1], line.startswith("no ")
        printed = language.match(line)
        typed = language.read_no(line[3:]) if negated else language.read(line)
        row = printed.row if printed is not None else typed.command if isinstance(typed, Match) else None
        if row is None:
            yield f"{language.mode.name}: {line}"
        elif row.opens and not negated:
            modes.append(LANGUAGES[row.opens])


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tmp_path_factory.mktemp("workspace"))


@pytest.mark.parametrize(
    "folder",
    [
        pytest.param(
            folder, id=str(folder.relative_to(CASES)), marks=[pytest.mark.full] if n % SAMPLE and folder != BARE else []
        )
        for n, folder in enumerate([MIXED, *FOLDERS])
    ],
)
def test_every_line_of_a_fix_is_understood_where_it_is_typed(folder: Path, workspace: Workspace) -> None:
    fleet = fleet_of(folder, workspace)
    odd = {
        line
        for finding in audit(fleet)
        for one in (finding, *finding.follows)
        for change in candidates(Case(fleet, one, Prover(fleet, one).concerned))
        for blocks in change.blocks.values()
        for block in blocks
        for line in not_understood(block)
    }
    assert odd == set()


@pytest.mark.parametrize(
    ("block", "line"),
    [
        (("crypto map CM 10 ipsec-isakmp", "tunnel mode ipsec ipv4"), "crypto-map: tunnel mode ipsec ipv4"),
        (("crypto keyring K", "set peer 192.0.2.1"), "keyring: set peer 192.0.2.1"),
        (("crypto ipsec profil IP",), None),
        (("crypto ikev2 keyring K", "peer P", "exit", "address 192.0.2.2"), "ikev2-keyring: address 192.0.2.2"),
        (("ip access-list extended A", "no permit ip any any", "permit ip any any"), None),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_found(block: tuple[str, ...], line: str | None) -> None:
    assert [*not_understood(block)] == ([line] if line is not None else [])
