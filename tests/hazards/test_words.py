"""What findings say is for people: addresses that stand in a configuration, IPv6 as one writes it, no names of the workshop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from proved import fleet_of

from ikeaudit.hazards import HAZARDS, audit
from ikeaudit.hazards.finding import Finding
from ikeaudit.snapshot.workspace import Workspace

CASES = Path(__file__).resolve().parents[1] / "cases"
GROUPS = sorted(path.name for path in CASES.iterdir() if path.is_dir())
ADDRESS = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]*:[0-9A-Fa-f:]*)(?![\w:])")
WORKSHOP = re.compile(r"\bDOMAIN\b|\bsee the hazards|hazards? reported|\{\w*\}|\bFalse\b|\bTrue\b")
MASKS = re.compile(r"^(255|0)\.")


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tmp_path_factory.mktemp("workspace"))


def said(text: str) -> Iterator[str]:
    """The addresses in a text, as one writes them."""
    for word in ADDRESS.findall(text):
        try:
            yield str(ip_address(word))
        except ValueError:
            continue  # a time, or a name with colons


def texts(finding: Finding) -> Iterator[str]:
    for one in (finding, *finding.follows):
        yield from (one.message, one.fix, *one.peers)


def test_the_catalogue_has_no_names_of_the_workshop() -> None:
    for one in HAZARDS:
        for text in (one.title, one.what, one.why, one.symptom, one.fix, one.source):
            assert not WORKSHOP.search(text), (one.code, text)


@pytest.mark.parametrize(
    "group", [pytest.param(g, marks=() if g in ("ipv6", "dmvpn", "findings") else pytest.mark.full) for g in GROUPS]
)
def test_every_address_stands_in_a_configuration(group: str, workspace: Workspace) -> None:
    """No representative of a class of addresses is shown, and IPv6 stands as it is written (RFC 5952: short, in lower case)."""
    for folder in sorted(path.parent for path in (CASES / group).rglob("expect.toml")):
        files = [path for path in folder.rglob("*") if path.is_file() and path.name != "expect.toml"]
        known = {address for file in files for address in said(file.read_text(encoding="utf-8"))}
        for finding in audit(fleet_of(folder, workspace)):
            for text in texts(finding):
                assert not WORKSHOP.search(text), (folder, finding.code, text)
                for word in ADDRESS.findall(text):
                    for address in said(word):
                        masked = MASKS.match(address) or address in known
                        assert masked or _network(address, known), (folder, finding.code, text)
                        assert word == address, (folder, finding.code, text)


def _network(address: str, known: set[str]) -> bool:
    """Whether it is the beginning of a network that an address with its mask names."""
    host = ip_address(address)
    return any(
        ip_address(one).version == host.version and _begins(int(ip_address(one)), int(host), host.max_prefixlen)
        for one in known
    )


def _begins(address: int, network: int, width: int) -> bool:
    zeros = (network & -network).bit_length() - 1 if network else width
    return zeros >= 2 and address >> zeros == network >> zeros
