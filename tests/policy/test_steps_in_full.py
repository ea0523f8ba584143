"""Every decision of a step with all that it considered and the lines behind it, against ``steps.txt``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from two_ends import POLICY, Changes, pair

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.model import Evidence

TUNNEL = re.compile(
    r"interface Tunnel1; tunnel source GigabitEthernet0/0; tunnel destination \S+; tunnel protection ipsec profile I"
)
SHORT = {
    " 255.255.255.255": " /32",
    "pre-shared-key address": "key",
    "pre-shared-key hostname": "host",
    "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac": "SETS",
}
SETS = "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n"
CROWD: Changes = {
    "crypto keyring K": (
        "crypto keyring WIDE\n  pre-shared-key address 192.0.0.0 255.255.0.0 key sesame\n"
        "crypto keyring TWIN\n  pre-shared-key address PEER key sesame\n"
        "crypto keyring RED vrf RED\n  pre-shared-key address PEER key sesame\n"
        "crypto keyring ELSE\n  local-address 198.51.100.1\n  pre-shared-key address PEER key sesame\n"
        "crypto keyring NONE\n  pre-shared-key address 198.51.100.7 key sesame\n"
        "crypto keyring NAMED\n  pre-shared-key hostname far.example.net key sesame\ncrypto keyring K"
    ),
    POLICY: (
        POLICY.replace("policy 10", "policy 1").replace("sha256", "sha512").replace("group 14", "group 2")
        + POLICY
        + POLICY.replace("policy 10", "policy 30")
    ),
    "crypto ipsec transform-set": (
        "crypto isakmp profile BROAD\n   keyring K\n   match identity address 192.0.2.0 255.255.255.0\n"
        "crypto isakmp profile TIE\n   keyring K\n   match identity address PEER 255.255.255.255\n"
        "crypto isakmp profile OTHER\n   keyring K\n   match identity host a.b\n"
        "   match identity address 198.51.100.0 255.255.255.0\n"
        "crypto isakmp profile FAR\n   keyring K\n   match identity address PEER 255.255.255.255 RED\n!\n"
        "crypto ipsec transform-set"
    ),
}
PROPOSAL = "crypto ikev2 proposal PR\n encryption aes-cbc-256\n integrity sha256\n group 14\n!\n"
AUTHENTICATED = " authentication remote pre-share\n authentication local pre-share\n keyring local K\n!\n"
CROWD_2: Changes = {
    "crypto ikev2 policy PO\n proposal PR\n!\n": (
        "crypto ikev2 proposal P0\n encryption 3des\n integrity md5\n group 2\n!\n"
        "crypto ikev2 policy AAA\n match fvrf RED\n proposal PR\n!\n"
        "crypto ikev2 policy BBB\n match address local 198.51.100.9\n proposal PR\n!\n"
        "crypto ikev2 policy PO\n proposal P0\n proposal PR\n!\ncrypto ikev2 policy ZZZ\n proposal PR\n!\n"
    ),
    " peer FAR\n": " peer FIRST\n  address 198.51.100.9\n  pre-shared-key sesame\n !\n peer FAR\n",
    "crypto ikev2 profile P\n": (
        f"crypto ikev2 profile NONE\n match identity remote fqdn a.b\n{AUTHENTICATED}"
        "crypto ikev2 profile FRONT\n match fvrf RED\n match identity remote fqdn a.b\n"
        f" match identity remote address PEER 255.255.255.255\n{AUTHENTICATED}"
        "crypto ikev2 profile P\n"
    ),
}
TWICE: Changes = {
    "crypto ikev2 profile P\n": (
        f"crypto ikev2 profile TWO\n match identity remote address PEER 255.255.255.255\n{AUTHENTICATED}"
        "crypto ikev2 profile P\n"
    )
}
BARE: Changes = {f"{PROPOSAL}crypto ikev2 policy PO\n proposal PR\n!\n": ""}
CA = "crypto pki trustpoint CA\n enrollment terminal\n!\ncrypto pki trustpoint CB\n enrollment terminal\n!\n"
RSA = POLICY.replace(" authentication pre-share\n", "")


def pfs(group: str) -> Changes:
    return {" set transform-set TS\n": f" set transform-set TS\n set pfs {group}\n"}


def keys_in_the_profile(local: str, remote: str) -> Changes:
    return {
        "authentication local pre-share": f"authentication local pre-share key {local}",
        "authentication remote pre-share": f"authentication remote pre-share key {remote}",
        " keyring local K\n": "",
    }


ENDS: dict[str, tuple[Changes, Changes, int]] = {
    "v1 up": ({}, {}, 1),
    "v2 up": ({}, {}, 2),
    "crowded": ({}, CROWD, 1),
    "v2 crowded": ({}, CROWD_2, 2),
    "v2 two profiles and pfs": (pfs("group14"), {**TWICE, **pfs("group19")}, 2),
    "v2 built in": (BARE, BARE, 2),
    "v2 keys differ": ({}, {"pre-shared-key sesame": "pre-shared-key walnut"}, 2),
    "v2 keys of profiles, the answer's differs": (
        keys_in_the_profile("sesame", "walnut"),
        keys_in_the_profile("almond", "sesame"),
        2,
    ),
    "aggressive by name": (
        {"   keyring K\n": "   keyring K\n   initiate mode aggressive\n   self-identity fqdn a.b\n"},
        {
            "pre-shared-key address PEER": "pre-shared-key hostname a.b",
            "match identity address PEER 255.255.255.255": "match identity host a.b",
        },
        1,
    ),
    "aggressive for a name": (
        {"pre-shared-key address PEER": "pre-shared-key hostname far.a.b", POLICY: f"ip host far.a.b PEER\n{POLICY}"},
        {},
        1,
    ),
    "password": (
        {POLICY: f"crypto isakmp peer address PEER\n set aggressive-mode password walnut\n!\n{POLICY}"},
        {},
        1,
    ),
    "certificates": ({POLICY: RSA + CA}, {POLICY: RSA + CA.replace("CA", "CX")}, 1),
    "unbound, no keyring in the profile": (
        {
            " set isakmp-profile P\n": "",
            "   keyring K\n": "",
            "crypto keyring K\n  pre-shared-key address PEER key sesame\n": "crypto isakmp key sesame address PEER\n",
        },
        {" set isakmp-profile P\n": ""},
        1,
    ),
    "pfs v1": (pfs("group14"), pfs("group19"), 1),
    "elsewhere": ({}, {" tunnel source": " tunnel vrf X\n tunnel source"}, 1),
    "no policy": ({}, {"group 14": "group 2"}, 1),
    "no match": ({}, {"match identity address PEER": "match identity address 198.51.100.9"}, 1),
}


def behind(evidence: Iterable[Evidence]) -> str:
    return "; ".join(line.text.strip().partition(" key ")[0] for line in evidence)


def rendered(found: Exchange) -> list[str]:
    """Each decision as the file has it."""
    out = []
    for step in found.steps:
        for one in step.decisions:
            head = f"{step.message} {step.sender[0]} {one.router} {one.what} {one.rule} {one.picked}"
            more = f"{' blind' if one.blind else ''}{f' and {one.left_out} more' if one.left_out else ''}"
            lines = [f"{head}{more} <- {behind(one.evidence)}"]
            lines += [f"  {c.name} {c.result} {c.detail} <- {behind(c.evidence)}" for c in one.considered]
            text = TUNNEL.sub("TUNNEL", "\n".join(line.rstrip() for line in lines))
            for long, short in SHORT.items():
                text = text.replace(long, short)
            out.append(text)
    return out


def listed() -> dict[str, list[str]]:
    text = (Path(__file__).parent / "steps.txt").read_text(encoding="utf-8")
    parts = re.split(r"^\[(.*)\]\n", text, flags=re.M)[1:]
    return {name: re.split(r"\n(?! )", body.strip("\n")) for name, body in zip(parts[::2], parts[1::2], strict=True)}


@pytest.mark.parametrize("name", ENDS)
def test_the_decisions_of(name: str) -> None:
    a, b, version = ENDS[name]
    (found,) = [e for e in Fleet(pair(a, b, version=version), steps=True).exchanges if e.initiator == "A"]
    expected = listed()[name]
    told = {tuple(block.split(" ")[:4]) for block in expected}
    assert [block for block in rendered(found) if tuple(block.split(" ")[:4]) in told] == expected
