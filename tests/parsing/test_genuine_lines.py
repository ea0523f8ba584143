"""Lines that IOS-XE 16.x and 17.x have for tunnels, IKE, IPsec and NHRP: none is unknown, but those whose effect is."""

from __future__ import annotations

from pathlib import Path

import pytest
from parsed import config, router

FOLDER = Path(__file__).parent / "genuine"
UNCLEAR = {"match inbound-only", "authentication local dynamic", "disable"}
"""They change which end negotiates, and no source says how; routers that a controller runs have them, and hardly any others."""


@pytest.mark.parametrize("file", ["lines.cfg", "negated.cfg"])
def test_every_line_is_known(file: str) -> None:
    text = (FOLDER / file).read_text(encoding="utf-8")
    lines = text.splitlines()
    found = config(text)
    assert found.kind == "ios" and found.modelled + found.irrelevant > 200
    unknown = {lines[number - 1].strip() for number, _ in found.unknown}
    assert unknown == (UNCLEAR if file == "lines.cfg" else set())


@pytest.mark.parametrize(
    ("line", "pfs"),
    [
        ("set pfs group21", "group21"),
        ("set pfs group21 pqc mlkem1024", "group21 pqc mlkem1024"),
        ("set pfs group21 pqc mlkem1024 required", "group21 pqc mlkem1024"),
        ("set pfs group21 pqc mlkem1024 optional", "group21"),
    ],
)
def test_a_group_for_pfs_may_have_a_post_quantum_exchange_beside_it(line: str, pfs: str) -> None:
    found = router(f"hostname R1\ncrypto ipsec profile IP\n {line}\nend\n")
    assert not found.unknown and found.ipsec_profiles[0].pfs == pfs


def test_a_key_server_may_have_a_name() -> None:
    text = "hostname R1\ncrypto gdoi group G\n identity number 7\n server hostname ipv4 ks.example.net\nend\n"
    assert [server.hostname for server in router(text).gdoi_groups[0].servers] == ["ks.example.net"]
