"""A second check, after one router changed in something that matters to another one: never what was true the night before."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest

from ikeaudit.api import check, load, to_json
from ikeaudit.fleet import Translation

sys.path.append(str(Path(__file__).parents[2] / "bench"))

import fleets

SPOKE, OTHER, HUB = "BR-000000", "BR-000001", "HUB-0000A"

pytestmark = pytest.mark.usefixtures("own_threads")

Edit = Callable[[str], str]


def instead(was: str, now: str) -> Edit:
    def edit(text: str) -> str:
        assert was in text
        return text.replace(was, now, 1)

    return edit


_OUTSIDE = " ip address 25.0.0.2 255.255.255.252\n"
_DENIED = "ip access-list extended IN\n deny udp any any eq 500\n permit ip any any\nip ssh version 2\n"
_FIRST_PROFILE = "crypto isakmp profile ISA-0\n"
EDITS: dict[str, tuple[str, str, Edit]] = {
    # who is edited, who else has to do with it, and how: worked out by hand from the rules
    "address": (SPOKE, HUB, instead(_OUTSIDE, " ip address 25.0.0.18 255.255.255.252\n")),
    "an address that another one has": (OTHER, HUB, instead("25.0.0.6 255.255.255.252", "25.0.0.2 255.255.255.252")),
    "access list": (
        SPOKE,
        HUB,
        lambda text: instead("ip ssh version 2\n", _DENIED)(
            instead(_OUTSIDE, f"{_OUTSIDE} ip access-group IN in\n")(text)
        ),
    ),
    "route": (
        SPOKE,
        HUB,
        instead("ip ssh version 2\n", "ip route 198.18.0.2 255.255.255.255 Null0\nip ssh version 2\n"),
    ),
    "key": (HUB, SPOKE, lambda text: re.sub(r"(address 25\.0\.0\.2 key) \w+", r"\1 AnotherKey12345", text, count=1)),
    "global key": (
        SPOKE,
        HUB,
        lambda text: re.sub(
            r"crypto keyring KR-A\n.*\n", "crypto isakmp key AnotherKey12345 address 198.18.0.2\n", text, count=1
        ).replace("   keyring KR-A\n", ""),
    ),
    "order of profiles": (
        HUB,
        SPOKE,
        instead(
            _FIRST_PROFILE,
            "crypto keyring OTHER vrf INET\n  pre-shared-key address 25.0.0.2 key AnotherKey12345\n"
            "crypto isakmp profile BEFORE\n   keyring OTHER\n   match identity address 25.0.0.2 255.255.255.255 INET\n"
            + _FIRST_PROFILE,
        ),
    ),
    "policy": (SPOKE, HUB, instead(" encr aes 256\n", " encr 3des\n")),
}


def said(folder: Path, workspace: Path, nat: tuple[Translation, ...] = (), *, cache: bool = True) -> dict[str, Any]:
    document = json.loads(to_json(check(load(folder, workspace=workspace, cache=cache, nat=nat))))
    document["time"] = ""
    return document


def about(router: str, document: dict[str, Any]) -> list[Any]:
    """What is said of one router, and of its tunnels."""
    return [
        (one["code"], one["message"], one["consequences"]) for one in document["findings"] if router in json.dumps(one)
    ]


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    folder = tmp_path / "fleet"
    folder.mkdir()
    fleets.write(folder, fleets.fleet(5, seed=1, kind="spoke2", region=5, faults=0))
    return folder


def file_of(router: str, folder: Path) -> Path:
    (file,) = folder.rglob(f"{router}.cfg")
    return file


@pytest.mark.parametrize("edit", EDITS)
def test_what_matters_to_another_router_is_said_of_it(edit: str, fleet: Path, tmp_path: Path) -> None:
    """An answer of one router that was found without looking at all that it was worked out of would be kept here."""
    changed, far, change = EDITS[edit]
    first, file = said(fleet, tmp_path / "w"), file_of(changed, fleet)
    before = file.read_text()
    file.write_text(change(before))
    second = said(fleet, tmp_path / "w")
    assert second == said(fleet, tmp_path / "w", cache=False)
    assert about(far, second) != about(far, first), "the edit matters"
    file.write_text(before)
    assert said(fleet, tmp_path / "w") == first


def test_a_translation_more_matters(fleet: Path, tmp_path: Path) -> None:
    first = said(fleet, tmp_path / "w")
    nat = (Translation(IPv4Address("25.0.0.2"), IPv4Address("192.0.2.1")),)
    second = said(fleet, tmp_path / "w", nat)
    assert second == said(fleet, tmp_path / "w", nat, cache=False)
    assert about(HUB, second) != about(HUB, first)
    assert said(fleet, tmp_path / "w") == first
