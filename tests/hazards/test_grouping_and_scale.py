"""One cause, one finding; and audits whose cost grows with the fleet, not with its square."""

from __future__ import annotations

import time
from collections import Counter

import msgspec
import pytest
from hubs import HUB, hub, key, spoke, spoke_address

from ikeaudit.fleet import Fleet
from ikeaudit.hazards import Finding, audit
from ikeaudit.model import Key, Keyring, Prefix, Secret
from ikeaudit.parsing.gc_pause import gc_paused


def by_code(findings: tuple[Finding, ...]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.code, []).append(finding)
    return found


def test_a_duplicate_on_a_hub_is_one_finding_with_all_its_tunnels() -> None:
    spokes = 120
    found = by_code(audit(Fleet([hub(spokes, duplicate=True), *(spoke(n) for n in range(spokes))])))
    (duplicate,) = found["KR-DUP-ADDR"]
    assert duplicate.hosts == ("HUB",)
    assert set(duplicate.peers) == {str(spoke_address(n)) for n in range(spokes)}
    # OLD comes first and no profile names it: every spoke's call fails, every call of the hub succeeds.
    (oneway,) = (one for one in duplicate.follows if one.code == "PW-ONEWAY")
    assert oneway.hosts == ("HUB", *(f"S{n:04}" for n in range(spokes)))
    assert oneway.confidence == "unpredictable"
    assert "120 tunnels" in oneway.message
    (orphan,) = (one for one in duplicate.follows if one.code == "KR-ORPHAN")
    assert orphan.severity == "high" and len(orphan.peers) == spokes


def test_a_clean_hub_has_no_finding_about_its_keys() -> None:
    found = by_code(audit(Fleet([hub(5), *(spoke(n) for n in range(5))])))
    assert set(found) == {"KR-PLAINTEXT", "PF-AM-ON", "TP-NOKEEP"}


def test_a_global_key_that_shadows_many_profiles_is_one_finding() -> None:
    router = hub(50)
    wild = Key(5, Secret("f" * 16), Prefix(4, 0, 0))
    shadowed = msgspec.structs.replace(router, default_keyring=Keyring("default", 5, keys=(wild,)))
    (finding,) = by_code(audit(Fleet([shadowed])))["KR-DEFAULT-SHADOW"]
    assert finding.severity == "critical" and len(finding.peers) == 50
    assert "46 more" in finding.message


def test_findings_do_not_depend_on_the_order_of_routers() -> None:
    routers = [hub(6, duplicate=True), *(spoke(n) for n in range(6))]
    assert audit(Fleet(routers)) == audit(Fleet(reversed(routers)))


def test_fingerprints_survive_new_line_numbers_and_change_with_the_facts() -> None:
    router = hub(3, duplicate=True)
    shifted = msgspec.structs.replace(router, first_line=101, lines=router.lines)
    prints = {f.fingerprint for f in audit(Fleet([router]))}
    assert prints == {f.fingerprint for f in audit(Fleet([shifted]))}
    (before,) = by_code(audit(Fleet([router])))["KR-DUP-ADDR"]
    (after,) = by_code(audit(Fleet([hub(4, duplicate=True)])))["KR-DUP-ADDR"]
    assert before.fingerprint == after.fingerprint, "a fourth duplicate is no other cause"
    new = {member.peer for member in after.members} - {member.peer for member in before.members}
    assert new == {str(spoke_address(3))}
    assert {member.id for member in before.members} < {member.id for member in after.members}


@pytest.mark.parametrize("spokes", [500, pytest.param(5000, marks=pytest.mark.full)])
@pytest.mark.parametrize(
    ("rings", "profiles", "duplicate"),
    [(False, True, False), (True, True, False), (False, False, False), (False, True, True)],
    ids=["one-keyring", "keyring-each", "one-profile", "duplicate"],
)
def test_a_hub_with_thousands_of_keys_and_profiles(rings: bool, profiles: bool, duplicate: bool, spokes: int) -> None:
    made = hub(spokes, rings=spokes if rings else 1, profiles=spokes if profiles else 1, duplicate=duplicate)
    findings = audit(Fleet([made]))
    counts = Counter(finding.code for finding in findings)
    assert counts["KR-DUP-ADDR"] == duplicate
    assert counts["KR-NOKEY"] == counts["PF-BOUND-NOMATCH"] == 0


@pytest.mark.full
def test_an_audit_takes_time_in_proportion() -> None:
    def seconds(count: int) -> float:
        fleet = Fleet([hub(count)])
        assert len(fleet.exchanges) >= count
        with gc_paused():
            start = time.process_time()
            audit(fleet)
            return time.process_time() - start

    small, large = (min(seconds(count) for _ in range(2)) for count in (500, 6000))
    assert large < 24 * small  # twelve times the tunnels; fifty times the time with a look through all of them for each


def test_one_key_for_two_spokes_is_a_reuse_and_one_key_twice_for_one_spoke_is_none() -> None:
    own = hub(2)
    ring = own.keyrings[0]
    again = Key(500, key(0, 1).secret, Prefix.of(spoke_address(9)))
    shared = msgspec.structs.replace(own, keyrings=(msgspec.structs.replace(ring, keys=(*ring.keys, again)),))
    (finding,) = by_code(audit(Fleet([shared, spoke(0), spoke(1)])))["FL-PSK-REUSE"]
    assert finding.confidence == "probable" and finding.hosts == ("HUB", "S0000")
    same_spoke = Key(500, key(0, 1).secret, Prefix.of(spoke_address(0), 31))
    twice = msgspec.structs.replace(ring, keys=(ring.keys[0], same_spoke))
    alone = msgspec.structs.replace(hub(1), keyrings=(twice,))
    assert "FL-PSK-REUSE" not in by_code(audit(Fleet([alone, spoke(0)])))
    assert str(HUB) == "192.0.2.1"
