"""Why hier_config does not carry the diffs of a plan (DESIGN 5), on the seed's change A1.

What it is good at, the set of lines that differ, is right. What a change window needs on top is not in it, with its own
rules or with rules written for keyrings:

* as it comes, it deletes the keyring while a profile still names it, and leaves the profile without any keyring in between;
* ordering rules mend that, but it never empties a keyring before it unlists it (a section goes by its header), so that one
  step hangs on who wins the tie (DOMAIN 12.A1);
* two configurations that differ only in the order of their keyrings are equal to it, and that order is the seed's fault.
"""

from __future__ import annotations

from pathlib import Path

from hier_config import Platform, WorkflowRemediation, get_hconfig, get_hconfig_driver
from hier_config.models import MatchRule, OrderingRule
from hier_config.platforms.driver_base import HConfigDriverBase

from ikeaudit.candidate import Candidate, compare

DATA = Path(__file__).parent / "candidate"

A1 = [
    "crypto isakmp profile profile2",
    " keyring keyring1",
    "crypto keyring keyring2",
    " no pre-shared-key address 192.168.0.2 key cisco",
    "crypto isakmp profile profile2",
    " no keyring keyring2",
    "no crypto keyring keyring2",
]


def remediation(driver: HConfigDriverBase | Platform, running: str, intended: str) -> list[str]:
    workflow = WorkflowRemediation(get_hconfig(driver, running), get_hconfig(driver, intended))
    return [line.cisco_style_text() for line in workflow.remediation_config.all_children_sorted()]


def seed_before_and_after() -> tuple[str, str]:
    before = (DATA / "seed_r1.cfg").read_text()
    candidate = Candidate.from_text(before)
    candidate.apply(A1)
    return before, candidate.text()


def driver_with_keyring_rules() -> HConfigDriverBase:
    driver = get_hconfig_driver(Platform.CISCO_IOS)
    profile = MatchRule(startswith="crypto isakmp profile ")
    driver.rules.ordering.extend(
        [
            OrderingRule(match_rules=(profile, MatchRule(startswith="keyring ")), weight=-10),
            OrderingRule(match_rules=(MatchRule(startswith="no crypto keyring "),), weight=200),
        ]
    )
    return driver


def test_as_it_comes_it_deletes_what_is_in_use() -> None:
    before, after = seed_before_and_after()
    lines = remediation(Platform.CISCO_IOS, before, after)
    assert lines == [
        "no crypto keyring keyring2",
        "crypto isakmp profile profile2",
        "  no keyring keyring2",
        "  keyring keyring1",
    ]
    candidate = Candidate.from_text(before)
    replies = candidate.apply(lines)
    assert [r.command for r in replies if r.refused] == ["no crypto keyring keyring2"]
    half_way = Candidate.from_text(before)
    half_way.apply(lines[1:3])
    profile2 = half_way.text().split("crypto isakmp profile profile2\n")[1].split("!")[0]
    assert "keyring" not in profile2


def test_with_rules_of_its_own_it_still_unlists_a_keyring_that_holds_the_key() -> None:
    before, after = seed_before_and_after()
    lines = remediation(driver_with_keyring_rules(), before, after)
    assert lines == [
        "crypto isakmp profile profile2",
        "  keyring keyring1",
        "  no keyring keyring2",
        "no crypto keyring keyring2",
    ]
    candidate = Candidate.from_text(before)
    replies = candidate.apply(lines)
    assert not any(r.refused for r in replies)
    assert candidate.text() == after
    assert not any("pre-shared-key" in line for line in lines)


def test_the_order_of_keyrings_is_invisible_to_it() -> None:
    before = (DATA / "seed_r1.cfg").read_text()
    rings = [f"crypto keyring keyring{n}\n  pre-shared-key address 192.168.0.2 key cisco\n" for n in (1, 2)]
    swapped = before.replace(rings[0] + rings[1], rings[1] + rings[0])
    assert swapped != before
    assert remediation(Platform.CISCO_IOS, before, swapped) == []
    assert compare(Candidate.from_text(before), Candidate.from_text(swapped)).order
