"""A finding is known again: its own name is that of the cause, each member's that of its facts, whatever becomes of others."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hubs import hub, key, spoke
from told import told

from ikeaudit import api
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import Finding, audit
from ikeaudit.model import Router, Secret

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
    for name, finding in before.items():
        others = {m.id for m in finding.members if leaving not in (m.host, m.far)}
        if others and set(finding.hosts) != {leaving}:
            assert name in after, (finding.code, finding.cause)
            assert others <= {m.id for m in after[name].members}, finding.code


@pytest.mark.parametrize("case", ["seed", "findings/keyring-without-the-vrf", "findings/orphan-behind-a-longer-mask"])
def test_no_name_hangs_on_the_key_of_the_workspace(case: str, tmp_path: Path) -> None:
    folder = CASES / case
    folder = folder if list(folder.glob("*.cfg")) else sorted(path.parent for path in folder.rglob("*.cfg"))[0]
    reports = [api.check(api.load(folder, workspace=tmp_path / name)) for name in ("one", "other")]
    names = [[(f.fingerprint, [m.id for m in f.members]) for f in told(report.findings)] for report in reports]
    assert names[0] == names[1] and names[0]
    assert reports[0].snapshot == reports[1].snapshot
    assert reports[0].findings[0].evidence != reports[1].findings[0].evidence, "the tokens are others"


@pytest.mark.parametrize("gone", [0, 1, 2, 3])
def test_a_key_that_many_share_keeps_its_finding_whichever_router_comes_or_goes(gone: int) -> None:
    secret = key(0, 1).secret
    spokes = [_sharing(spoke(n), secret) for n in range(4)]
    shared = _sharing(hub(4), secret)
    (was,) = (f for f in audit(Fleet([shared, *spokes])) if f.code == "FL-PSK-REUSE")
    left = [one for n, one in enumerate(spokes) if n != gone]
    (now,) = (f for f in audit(Fleet([shared, *left])) if f.code == "FL-PSK-REUSE")
    assert was.fingerprint == now.fingerprint
    assert {m.id for m in now.members} == {m.id for m in was.members if m.host != spokes[gone].name}


def _sharing(router: Router, secret: Secret) -> Router:
    """``router`` with one secret for all of its keys."""
    rings = [
        msgspec.structs.replace(ring, keys=tuple(msgspec.structs.replace(one, secret=secret) for one in ring.keys))
        for ring in router.keyrings
    ]
    return msgspec.structs.replace(router, keyrings=tuple(rings))
