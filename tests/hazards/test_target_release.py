"""FL-UPGRADE-BLOCK with releases that are planned: ``--target-release`` and what it leads to (DOMAIN 7)."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hubs import hub, spoke

from ikeaudit.api.audit import planned_releases
from ikeaudit.cli.main import main
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import Finding, audit
from ikeaudit.hazards.facts.release import Release, parse_release
from ikeaudit.model import IsakmpPolicy, Router
from ikeaudit.model.errors import InputError

WEAK = IsakmpPolicy(10, 1, encryption="3des", keyword="encr", hash="sha256", authentication="pre-share", group="14")


def weak(router: Router, version: str = "17.3", platform: str | None = None, shield: bool = False) -> Router:
    return msgspec.structs.replace(
        router,
        isakmp_policies=(WEAK,),
        version=version,
        platform=platform,
        compliance_shield_disabled=shield,
    )


def blocked(planned: dict[str, Release] | None, *routers: Router) -> list[Finding]:
    return [found for found in audit(Fleet(routers), planned) if found.code == "FL-UPGRADE-BLOCK"]


@pytest.mark.parametrize(
    ("platform", "target", "confidence"),
    [
        ("ISR4431/K9", "17.11.1a", "certain"),
        ("ISR4431/K9", "17.9.5", None),
        ("C8300-1N1S-6T", "17.12", "certain"),
        ("ASR-920-12CZ-A", "17.11.1", None),
        ("ASR-920-12CZ-A", "17.12.1", "certain"),
        ("C9800-L-F-K9", "17.12.4", None),
        ("C9800-L-F-K9", "17.13.1", "certain"),
        ("IR1101-K9", "17.13.1", None),
        ("IR1101-K9", "17.14.1", "certain"),
        ("C9300-24T", "17.14.1", None),
        ("C9300-24T", "17.15.1", "certain"),
        (None, "17.12", "probable"),
        (None, "17.15", "certain"),
        (None, "17.10", None),
    ],
)
def test_the_field_notice_by_platform_and_planned_release(
    platform: str | None, target: str, confidence: str | None
) -> None:
    release = parse_release(target)
    assert release is not None
    found = blocked({"HUB": release}, weak(hub(1), platform=platform))
    assert [one.confidence for one in found] == ([confidence] if confidence else [])


def test_a_router_that_is_not_to_be_upgraded_is_left_out() -> None:
    routers = [weak(hub(2)), weak(spoke(0)), weak(spoke(1))]
    (one,) = blocked({"S0001": Release(17, 15, 1)}, *routers)
    assert one.hosts == ("HUB", "S0001") and "S0001 (unknown platform, 17.3)" in one.message
    assert one.severity == "critical"
    assert "what release 17.15.1 refuses: isakmp policy 10 (3des), and the tunnels to HUB with it" in one.message


def test_routers_with_the_same_weak_lines_are_one_finding() -> None:
    spokes = [weak(spoke(n)) for n in range(30)]
    routers = [weak(hub(30)), *spokes]
    (one,) = blocked({router.name: Release(17, 12, 1) for router in routers}, *routers)
    assert len(one.hosts) == 31 and "use what release 17.12.1 refuses" in one.message


def test_without_a_planned_release_nothing_is_blocked() -> None:
    assert not blocked(None, weak(hub(1)))


def test_the_platform_is_read_from_the_licence_line() -> None:
    own = weak(hub(1))
    licensed = msgspec.structs.replace(own, lines=(*own.lines, "license udi pid ISR4331/K9 sn FDO00000000"))
    (one,) = blocked({"HUB": Release(17, 12, 1)}, licensed)
    assert one.confidence == "certain" and "HUB (ISR4331/K9, 17.3)" in one.message


def test_a_disabled_shield_makes_it_less_sure() -> None:
    release = Release(17, 12, 1)
    (one,) = blocked({"HUB": release}, weak(hub(1), platform="ISR4431/K9", shield=True))
    assert one.confidence == "probable"


def test_a_classic_router_is_judged_by_the_release_it_is_to_get() -> None:
    assert blocked({"HUB": Release(17, 15, 1)}, weak(hub(1), version="15.7"))


def test_the_option_names_all_or_some_and_the_last_counts() -> None:
    assert planned_releases(None, ["R1", "BR1"]) is None
    assert planned_releases(["17.12", "br*=17.15.1a"], ["R1", "BR1", "BR2"]) == {
        "R1": Release(17, 12),
        "BR1": Release(17, 15, 1),
        "BR2": Release(17, 15, 1),
    }


@pytest.mark.parametrize(
    ("word", "says"), [("seventeen", "'seventeen' is no release"), ("R9=17.12", "no router 'R9'"), ("R1=", "'' is no")]
)
def test_a_wrong_option_is_told_in_one_sentence(word: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        planned_releases([word], ["R1"])


@pytest.mark.parametrize("text", ["17", "17.x", "1717.1", "", "a17.2", "17.12-1"])
def test_what_is_no_release(text: str) -> None:
    assert parse_release(text) is None


def test_releases_as_people_write_them() -> None:
    assert parse_release("15.2(4)M1") == Release(15, 2, 4)
    assert parse_release(" 17.12.1a ") == Release(17, 12, 1)


def test_the_verb_takes_the_planned_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "workspace"))
    folder = tmp_path / "routers"
    folder.mkdir()
    (folder / "r1.cfg").write_text(
        "version 16.9\nhostname R1\ncrypto isakmp policy 10\n encr 3des\n authentication pre-share\n group 14\n"
        "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\nend\n",
        encoding="utf-8",
    )
    common = ["check", str(folder), "--code", "FL-UPGRADE-BLOCK"]
    assert main([*common, "--target-release", "17.9"]) == 0
    capsys.readouterr()
    assert main([*common, "--target-release", "R1=17.15"]) == 1
    words = " ".join(capsys.readouterr().out.split())
    assert "R1 (unknown platform, 16.9) uses what release 17.15 refuses: isakmp policy 10 (3des)" in words
    assert main([*common, "--target-release", "later"]) == 2
    assert "'later' is no release" in " ".join(capsys.readouterr().err.split())
