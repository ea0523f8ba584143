"""What a line that was not understood withholds, over every case in which a hazard fires (TEXT-UNREAD)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from told import told as all_told

from ikeaudit.fleet import Fleet
from ikeaudit.hazards import Finding, audit, hazard
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.nat_file import load_nat
from ikeaudit.snapshot.workspace import Workspace

CASES = Path(__file__).parents[1] / "cases" / "hazards"
FOLDERS = sorted(path.parent for path in CASES.glob("*/fires*/expect.toml"))

HEADERS = {
    "keyring": "crypto keyring ",
    "isakmp-profile": "crypto isakmp profile ",
    "isakmp-policy": "crypto isakmp policy ",
    "transform-set": "crypto ipsec transform-set ",
    "ipsec-profile": "crypto ipsec profile ",
    "crypto-map": r"crypto map \S+ \d+ ipsec-isakmp(?! dynamic)",
    "dynamic-map": r"crypto dynamic-map \S+ \d+",
    "ikev2-proposal": "crypto ikev2 proposal ",
    "ikev2-policy": "crypto ikev2 policy ",
    "ikev2-keyring": "crypto ikev2 keyring ",
    "ikev2-profile": "crypto ikev2 profile ",
    "interface": "interface ",
    "acl": "ip access-list ",
}
UNREAD = {"interface": " crypto qzwx 7"}
"""Interfaces hold much that has nothing to do with tunnels."""


def spoilt(text: str, kinds: tuple[str, ...]) -> str:
    """``text`` with a line that nobody knows at the head of each object of ``kinds``."""
    lines = []
    for line in text.splitlines():
        if line.startswith("end") and "global" in kinds:
            lines.append("crypto isakmp qzwx 7")
        lines.append(line)
        lines += [UNREAD.get(k, " qzwx 7") for k in kinds if k != "global" and re.match(HEADERS[k], line)]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tmp_path_factory.mktemp("workspace"))


def told(
    folder: Path, workspace: Workspace, into: Path, change: Callable[[str], str] = str
) -> tuple[Fleet, list[Finding]]:
    """The routers of a case whose text was changed, and the findings of the case's hazard."""
    for file in folder.rglob("*"):
        copy = into / file.relative_to(folder)
        if file.suffix == ".cfg" or file.name == "running-config.txt":
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
        elif file.is_file() and file.name not in ("expect.toml", "nat.yaml"):
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    nat = folder / "nat.yaml"
    fleet = load_snapshot(into, workspace).fleet(load_nat(nat) if nat.exists() else ())
    return fleet, [finding for finding in all_told(audit(fleet)) if finding.code == folder.parent.name]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(CASES)))
def test_a_line_that_may_be_what_is_missing(folder: Path, workspace: Workspace, tmp_path: Path) -> None:
    _, before = told(folder, workspace, tmp_path / "before")
    for kind in hazard(folder.parent.name).absent_from:
        fleet, after = told(folder, workspace, tmp_path / kind, lambda text, kind=kind: spoilt(text, (kind,)))  # type: ignore[misc]
        doubtful = {router.name for router in fleet.routers if router.unknown}
        assert [f.fingerprint for f in after] == [f.fingerprint for f in before if doubtful.isdisjoint(f.hosts)], kind


BESIDE = {
    "keyring": "crypto keyring QZ1\n pre-shared-key address 203.0.113.251 key Zq8xLf5TgJ2mC7vQ9sQq",
    "isakmp-profile": "crypto isakmp profile QZ2\n match identity address 203.0.113.252 255.255.255.255",
    "isakmp-policy": "crypto isakmp policy 987",
    "transform-set": "crypto ipsec transform-set QZ3 esp-aes esp-sha-hmac",
    "ipsec-profile": "crypto ipsec profile QZ4",
    "crypto-map": "crypto map QZ5 10 ipsec-isakmp",
    "dynamic-map": "crypto dynamic-map QZ6 10",
    "ikev2-proposal": "crypto ikev2 proposal QZ7",
    "ikev2-policy": "crypto ikev2 policy QZ8",
    "ikev2-keyring": "crypto ikev2 keyring QZ9",
    "ikev2-profile": "crypto ikev2 profile QZ10",
    "interface": "interface Loopback987",
}
"""Objects that nothing refers to."""
OF_ANY_END = {kind for kind in BESIDE if kind.startswith(("ikev2", "isakmp"))} | {"keyring", "dynamic-map"}
"""Any of them may be what answers a caller: a line in one puts verdicts in doubt, and what follows from verdicts."""


def beside(text: str, kinds: Iterable[str], *, unread: bool) -> str:
    """``text`` with an object of each of ``kinds`` before its end, each with a line that nobody knows."""
    objects = [BESIDE[kind] + f"\n{UNREAD.get(kind, ' qzwx 7')}" * unread for kind in kinds]
    return "\n".join([text.rstrip().removesuffix("end"), *objects, "end\n"])


@pytest.mark.full
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(CASES)))
def test_a_line_that_has_nothing_to_do_with_it(folder: Path, workspace: Workspace, tmp_path: Path) -> None:
    rule = hazard(folder.parent.name)
    if rule.code == "RD-UNREAD":
        pytest.skip("is about such lines")
    of_verdicts = rule.scope == "pair" or rule.code == "FL-LATENT-ONEWAY"
    kinds = [kind for kind in BESIDE if kind not in rule.absent_from and not (of_verdicts and kind in OF_ANY_END)]
    _, before = told(folder, workspace, tmp_path / "before", lambda text: beside(text, kinds, unread=False))
    fleet, after = told(folder, workspace, tmp_path / "after", lambda text: beside(text, kinds, unread=True))
    assert all(router.unknown for router in fleet.routers)
    assert [f.fingerprint for f in after] == [f.fingerprint for f in before]


NARROWED = [
    # The keyrings of the bound profile are those that count, whatever else the finding shows.
    ("KR-NOKEY/fires", "keyring", "QZ1", False),
    ("KR-PROFILE-LACKS-PEER/fires", "keyring", "K1", True),
    ("KR-PROFILE-LACKS-PEER/fires", "keyring", "QZ1", False),
    ("KR-FVRF-MISS/fires", "keyring", "KR", True),
    ("KR-FVRF-MISS/fires", "keyring", "QZ1", False),
    ("KR-FVRF-MISS/fires", "global", "", True),
    ("KR-EMPTY/fires", "keyring", "QZ1", False),
    ("TP-NOKEEP/fires", "isakmp-profile", "QZ2", False),
    ("TP-NOKEEP/fires", "ikev2-profile", "QZ10", False),
    ("V2-KEYRING-GAP/fires", "ikev2-keyring", "QZ9", False),
    ("PF-UNDEF-REF/fires", "keyring", "QZ1", False),
    ("PF-UNDEF-REF/fires", "global", "", True),
]


@pytest.mark.parametrize(("case", "kind", "name", "away"), NARROWED)
def test_only_an_object_that_it_depends_on(
    case: str, kind: str, name: str, away: bool, workspace: Workspace, tmp_path: Path
) -> None:
    def change(text: str, unread: bool = True) -> str:
        if name.startswith("QZ"):
            return beside(text, [kind], unread=unread)
        changed = (
            spoilt(text, (kind,))
            if kind == "global"
            else re.sub(f"(?m)^crypto {kind} {name}$", r"\g<0>\n qzwx 7", text)
        )
        return changed if unread else text

    _, before = told(CASES / case, workspace, tmp_path / "before", lambda text: change(text, unread=False))
    fleet, after = told(CASES / case, workspace, tmp_path / "after", change)
    assert any(router.unknown for router in fleet.routers)
    assert [f.fingerprint for f in after] == ([] if away else [f.fingerprint for f in before])
