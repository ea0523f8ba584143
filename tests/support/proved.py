"""The law of proved fixes: applied, each makes its finding vanish and nothing worse."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ikeaudit.candidate import Candidate
from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import audit
from ikeaudit.hazards.finding import Finding
from ikeaudit.model import Router
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.remediation.fixes.contract import Repair
from ikeaudit.remediation.fixes.prover import Prover
from ikeaudit.remediation.proof_state import worsening
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.nat_file import load_nat
from ikeaudit.snapshot.workspace import Workspace


def fleet_of(folder: Path, workspace: Workspace) -> Fleet:
    fleet = load_snapshot(folder, workspace).fleet()
    nat = folder / "nat.yaml"
    return Fleet(fleet.routers, load_nat(nat)) if nat.exists() else fleet


def applied(router: Router, commands: tuple[str, ...]) -> Router:
    """The router read anew, from what its configuration mode makes of ``commands``."""
    candidate = Candidate.from_text("\n".join(router.lines) + "\n")
    refused = [reply.output for reply in candidate.apply(commands) if reply.refused]
    assert not refused, refused
    (parsed,) = parse_configs(candidate.text(), file=router.file, fingerprinter=Fingerprinter(bytes(32)))
    assert parsed.router is not None
    return msgspec.structs.replace(parsed.router, name=router.name, shows=router.shows)


def directions(fleet: Fleet) -> dict[tuple[str, str, str], Exchange]:
    every = (*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges)
    return {(e.initiator, e.initiator_interface, e.peer): e for e in every}


def holds(fleet: Fleet, finding: Finding, repair: Repair) -> None:
    """The whole fleet, changed as the repair says: the finding is gone, nothing is worse, and what is said to come up does."""
    routers = [
        applied(router, repair.commands[router.name]) if router.name in repair.commands else router
        for router in fleet.routers
    ]
    after = Fleet(routers, fleet.translations)
    before, now = directions(fleet), directions(after)
    for key, was in before.items():
        if was.outcome in ("up", "unknown"):
            assert key in now, f"{finding.code}: {key} is gone"
        if key in now:
            assert worsening(was, now[key]) is None, f"{finding.code}: {key}: {worsening(was, now[key])}"
    told = [one for cause in audit(after) for one in (cause, *cause.follows)]
    assert finding.fingerprint not in {one.fingerprint for one in told}, f"{finding.code}: {finding.message}"
    came = {(d.initiator, d.initiator_interface): d for d in repair.brings_up}
    for ends in came:
        up = [e for key, e in now.items() if key[:2] == ends]
        assert any(e.worst in ("up", "not-initiated") for e in up), f"{finding.code}: {ends}"


def law(fleet: Fleet) -> dict[str, bool]:
    """The law for every finding of a fleet; which codes have a proved fix."""
    found: dict[str, bool] = {}
    for finding in audit(fleet):
        repair = Prover(fleet, finding).repair()
        assert repair.proved == bool(repair.commands)
        assert repair.proved != bool(repair.reason)
        found[finding.code] = found.get(finding.code, False) or repair.proved
        if repair.proved:
            holds(fleet, finding, repair)
    return found
