"""A finding is known again: its own name is that of the cause, each member's that of its facts, whatever becomes of others."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hubs import hub, spoke
from told import told

from ikeaudit import api
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import Finding, audit
from ikeaudit.model import Router

CASES = Path(__file__).parents[1] / "cases"


def routers(count: int) -> list[Router]:
    """A hub whose every spoke is there twice among its keys."""
    return [hub(count, duplicate=True), *(spoke(n) for n in range(count))]


def by_print(fleet: list[Router]) -> dict[str, Finding]:
    return {finding.fingerprint: finding for finding in told(audit(Fleet(fleet)))}


@pytest.mark.parametrize("gone", [0, 7, 18])
def test_mending_one_of_nineteen_duplicates_renames_nothing(gone: int) -> None:
    own, *others = routers(19)
    old = own.keyrings[0]
    mended = msgspec.structs.replace(old, keys=(*old.keys[:gone], *old.keys[gone + 1 :]))
    after = msgspec.structs.replace(own, keyrings=(mended, *own.keyrings[1:]))
    (was,) = (one for one in audit(Fleet([own, *others])) if one.code == "KR-DUP-ADDR")
    (now,) = (one for one in audit(Fleet([after, *others])) if one.code == "KR-DUP-ADDR")
    assert was.fingerprint == now.fingerprint
    missing = {m.id for m in was.members} - {m.id for m in now.members}
    assert len(was.members) == 19 and len(now.members) == 18 and len(missing) == 1


@pytest.mark.parametrize("count", [3, 12, 40])
def test_a_router_that_leaves_takes_only_its_members_along(count: int) -> None:
    fleet = routers(count)
    before, after = by_print(fleet), by_print(fleet[:-1])
    leaving = fleet[-1].name
    for key, finding in before.items():
        others = {m.id for m in finding.members if leaving not in (m.host, m.far)}
        if others and set(finding.hosts) != {leaving}:
            assert key in after, (finding.code, finding.cause)
            assert others <= {m.id for m in after[key].members}, finding.code


@pytest.mark.parametrize("case", ["seed", "findings/keyring-without-the-vrf", "findings/orphan-behind-a-longer-mask"])
def test_no_name_hangs_on_the_key_of_the_workspace(case: str, tmp_path: Path) -> None:
    folder = CASES / case
    folder = folder if list(folder.glob("*.cfg")) else sorted(path.parent for path in folder.rglob("*.cfg"))[0]
    reports = [api.check(api.load(folder, workspace=tmp_path / name)) for name in ("one", "other")]
    names = [[(f.fingerprint, [m.id for m in f.members]) for f in told(report.findings)] for report in reports]
    assert names[0] == names[1] and names[0]
    assert reports[0].snapshot == reports[1].snapshot
    assert reports[0].findings[0].evidence != reports[1].findings[0].evidence, "the tokens are others"
