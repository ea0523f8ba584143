"""Read in pieces or as a whole, a configuration says the same; proven on a patched scene or on one built anew, too."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ikev2_laws import moved, options_in
from plans import fleet_in, planned, router_of

from ikeaudit.ios.language import GLOBAL
from ikeaudit.model import Router
from ikeaudit.remediation.changing_router import ChangingRouter, essence
from ikeaudit.remediation.planner import PlannedChange
from ikeaudit.remediation.proof import NotProven
from ikeaudit.remediation.scene import Scene
from ikeaudit.remediation.splice import EVERYTHING, Excerpts, blocks_of, kind_of

HERE = Path(__file__).parent
TOKENS = ("<PSK:00000000000000a1>", "<PSK:00000000000000b2>")

FULL_ROUTER = f"""\
version 15.7
hostname ALL
!
vrf definition FRONT
 address-family ipv4
 exit-address-family
!
crypto keyring K1
  pre-shared-key address 198.51.100.1 key {TOKENS[0]}
  pre-shared-key hostname far.example.net key {TOKENS[1]}
crypto keyring K2 vrf FRONT
  local-address GigabitEthernet0/1
  pre-shared-key address 198.51.100.0 255.255.255.0 key {TOKENS[1]}
crypto isakmp policy 10
 encr aes 256
 hash sha256
 authentication pre-share
 group 14
crypto isakmp key {TOKENS[0]} address 203.0.113.1
crypto isakmp invalid-spi-recovery
crypto isakmp profile P1
   keyring K1
   match identity address 198.51.100.1 255.255.255.255
crypto isakmp profile P2
   keyring K2
   self-identity address
   match identity address 198.51.100.0 255.255.255.0 FRONT
!
crypto ikev2 proposal PROP
 encryption aes-cbc-256
 integrity sha256
 group 14
!
crypto ikev2 policy POL
 match fvrf any
 proposal PROP
!
crypto ikev2 keyring RING
 peer ONE
  address 198.51.100.9
  pre-shared-key {TOKENS[0]}
 !
!
crypto ikev2 profile PROF
 match identity remote address 198.51.100.9 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local RING
!
crypto ipsec transform-set TS1 esp-aes 256 esp-sha256-hmac
 mode tunnel
crypto ipsec transform-set TS2 esp-aes 256 esp-sha256-hmac
 mode transport
!
crypto ipsec profile IP1
 set transform-set TS1
 set isakmp-profile P1
!
crypto ipsec profile IP2
 set transform-set TS1
 set ikev2-profile PROF
!
crypto dynamic-map DM 5
 set transform-set TS1
 set isakmp-profile P2
!
crypto map CM 10 ipsec-isakmp
 set peer 198.51.100.3
 set transform-set TS1
 set isakmp-profile P1
 match address VPN
crypto map CM 20 ipsec-isakmp dynamic DM
!
interface Loopback0
 ip address 192.0.2.1 255.255.255.255
!
interface Tunnel1
 ip address 10.0.1.1 255.255.255.252
 tunnel source Loopback0
 tunnel mode ipsec ipv4
 tunnel destination 198.51.100.1
 tunnel protection ipsec profile IP1
!
interface GigabitEthernet0/0
 ip address 192.0.2.9 255.255.255.0
 crypto map CM
!
interface GigabitEthernet0/1
 vrf forwarding FRONT
 ip address 192.0.2.129 255.255.255.128
!
ip access-list extended VPN
 permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255
!
end
"""

CHANGES: dict[str, tuple[tuple[str, ...], ...]] = {
    "keyring": (
        ("crypto keyring K1", f"pre-shared-key address 198.51.100.7 key {TOKENS[1]}", "exit"),
        ("crypto keyring K1", f"no pre-shared-key address 198.51.100.1 key {TOKENS[0]}", "exit"),
        ("crypto keyring K2 vrf FRONT", "description again", "exit"),
        ("crypto keyring NEW vrf FRONT", "local-address 192.0.2.129", "exit"),
        ("no crypto keyring NEW vrf FRONT",),
    ),
    "isakmp-profile": (
        ("crypto isakmp profile P1", "keyring K2", "exit"),
        ("crypto isakmp profile P2", "no keyring K2", "exit"),
        ("crypto isakmp profile P3", "match identity address 203.0.113.9 255.255.255.255", "keyring K1", "exit"),
        ("no crypto isakmp profile P3",),
        ("crypto isakmp profile P2", "vrf INSIDE", "initiate mode aggressive", "exit"),
    ),
    "global-key": (
        (f"no crypto isakmp key {TOKENS[0]} address 203.0.113.1",),
        (f"crypto isakmp key {TOKENS[1]} address 0.0.0.0 0.0.0.0",),
        (f"crypto isakmp key {TOKENS[1]} hostname far.example.net",),
    ),
    "ikev2-proposal": (
        ("crypto ikev2 proposal PROP", "group 20 19", "exit"),
        ("crypto ikev2 proposal OTHER", "encryption aes-gcm-256", "prf sha384", "group 20", "exit"),
    ),
    "ikev2-policy": (
        ("crypto ikev2 policy POL", "proposal OTHER", "exit"),
        ("crypto ikev2 policy POL2", "match fvrf FRONT", "proposal PROP", "exit"),
        ("no crypto ikev2 policy POL2",),
    ),
    "ikev2-keyring": (
        ("crypto ikev2 keyring RING", "peer TWO", "address 198.51.100.1", f"pre-shared-key {TOKENS[1]}", "exit", "exit"),
        ("crypto ikev2 keyring RING", "peer ONE", f"pre-shared-key {TOKENS[1]}", "exit", "exit"),
        ("crypto ikev2 keyring RING", "no peer TWO", "exit"),
    ),
    "ikev2-profile": (
        ("crypto ikev2 profile PROF", "match identity remote address 198.51.100.1 255.255.255.255", "exit"),
        ("crypto ikev2 profile MORE", "match fvrf any", "authentication local pre-share", "exit"),
        ("no crypto ikev2 profile MORE",),
    ),
    "transform-set": (
        ("crypto ipsec transform-set TS3 esp-gcm 256", "mode tunnel", "exit"),
        ("crypto ipsec transform-set TS2 esp-aes esp-sha-hmac", "exit"),
        ("no crypto ipsec transform-set TS3",),
        ("no crypto ipsec transform-set TS2",),
    ),
    "ipsec-profile": (
        ("crypto ipsec profile IP1", "set pfs group14", "exit"),
        ("crypto ipsec profile IP2", "set transform-set TS2", "exit"),
        ("crypto ipsec profile IP3", "set transform-set TS1", "set ikev2-profile PROF", "exit"),
        ("no crypto ipsec profile IP3",),
    ),
    "crypto-map": (
        ("crypto map CM 10 ipsec-isakmp", "no set isakmp-profile P1", "set ikev2-profile PROF", "exit"),
        ("crypto map CM 15 ipsec-isakmp", "set peer 203.0.113.1", "set transform-set TS1", "match address VPN", "exit"),
        ("crypto map CM 10 ipsec-isakmp", "set peer 198.51.100.4", "exit"),
        ("no crypto map CM 15",),
    ),
    "dynamic-map": (
        ("crypto dynamic-map DM 5", "set pfs group14", "exit"),
        ("crypto dynamic-map DM 7", "set transform-set TS2", "exit"),
    ),
    "interface": (
        ("interface Tunnel1", "tunnel protection ipsec profile IP2", "exit"),
        ("interface Tunnel1", "shutdown", "exit"),
        ("interface Tunnel2", "ip address 10.0.9.1 255.255.255.0", "tunnel source Loopback0", "tunnel key 7", "exit"),
        ("interface GigabitEthernet0/0", "ip address 192.0.2.10 255.255.255.0", "exit"),
        ("no interface Tunnel2",),
    ),
    "isakmp-policy": (
        ("crypto isakmp policy 20", "group 19", "exit"),
        ("crypto isakmp policy 5", "authentication pre-share", "lifetime 3600", "exit"),
        ("crypto isakmp policy 10", "group 20", "exit"),
        ("no crypto isakmp policy 20",),
        ("no crypto isakmp policy 10",),
    ),
    "isakmp-setting": (
        ("no crypto isakmp default policy",),
        ("crypto isakmp aggressive-mode disable",),
        ("crypto isakmp identity hostname",),
        ("crypto isakmp keepalive 30 5",),
        ("no crypto isakmp aggressive-mode disable",),
        ("crypto isakmp default policy",),
    ),
    "": (
        ("ip access-list extended VPN", "permit ip 10.3.0.0 0.0.255.255 10.4.0.0 0.0.255.255", "exit"),
    ),
}  # fmt: skip
"""Changes by the kind of section that they touch; those without a kind make the whole be read."""


def kinds() -> set[str]:
    """Every kind of section that can be read on its own, which the router below has all of."""
    return {found[0] for found in map(kind_of, blocks_of(FULL_ROUTER)) if found}


def test_the_router_and_the_changes_have_every_kind_that_is_known() -> None:
    rows = GLOBAL.mode.commands
    known = {found[0] for found in (row.belongs({}) for row in rows) if found}
    assert known == kinds() == set(CHANGES) - {""}


@pytest.mark.parametrize("kind", [kind for kind in CHANGES if kind])
def test_each_kind_is_read_on_its_own(kind: str) -> None:
    """One change after the other; none of a kind makes the bench read all, but for an interface that goes, or a name."""
    bench = ChangingRouter(router_of(FULL_ROUTER))
    for lines in CHANGES[kind]:
        for line in lines:
            bench.send(line)
        pieces, touched = bench.step()
        # A key for a name may be any caller's.
        wide = "no interface" in lines[0] or " hostname " in lines[0]
        assert not touched.anything or kind in (*EVERYTHING, "isakmp-profile", "keyring") or wide
        assert essence(pieces) == essence(bench.model()), lines


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.sampled_from([lines for found in CHANGES.values() for lines in found]), st.booleans()),
        min_size=1,
        max_size=12,
    )
)
def test_read_in_pieces_it_says_what_it_says_as_a_whole(changes: list[tuple[tuple[str, ...], bool]]) -> None:
    """Any changes in any order, looked at after each line or only after a while; lines that are refused change nothing."""
    bench = ChangingRouter(router_of(FULL_ROUTER))
    for lines, line_by_line in changes:
        for line in lines:
            bench.send(line)
            if line_by_line:
                bench.step()
    pieces, _ = bench.step()
    assert essence(pieces) == essence(ChangingRouter(router_of(bench.text)).model())


def test_a_piece_that_says_something_else_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence, with the step, and no plan for that router."""
    from ikeaudit.remediation import proof

    said = iter(range(10**6))
    monkeypatch.setattr(proof, "essence", lambda _router: next(said))
    change = planned(fleet_in(HERE / "plans" / "a1-seed"))
    assert change.plan.empty
    assert {refusal.router for refusal in change.plan.refusals} == {"R1", "R2"}
    for refusal in change.plan.refusals:
        assert refusal.reason.endswith(
            "read as a whole, the configuration says something else than its sections one by one."
        )
    assert issubclass(NotProven, Exception)


PLANS = sorted({path.parent for path in (HERE / "plans").glob("*/*.cfg")})
MOVES = sorted({path.parent for path in (HERE / "ikev2").glob("*/*.cfg")})


def made(folder: Path) -> PlannedChange:
    if folder in MOVES:
        return moved(fleet_in(folder), options_in(folder))
    return planned(fleet_in(folder))


ALL = [*PLANS, *MOVES]


@pytest.mark.parametrize(
    "folder",
    [folder if place % 6 == 4 else pytest.param(folder, marks=pytest.mark.full) for place, folder in enumerate(ALL)],
    ids=lambda folder: folder.name,
)
def test_a_patched_scene_proves_what_a_new_one_does(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Word for word, with nothing patched, nothing read in pieces and every exchange replayed at every moment."""
    fast = made(folder).files
    monkeypatch.setattr(Scene, "patched", lambda _self, _name, _rules: None)
    step = ChangingRouter.step

    def whole(self: ChangingRouter):  # type: ignore[no-untyped-def]
        _, touched = step(self)
        return self.model(), touched

    monkeypatch.setattr(ChangingRouter, "step", whole)
    assert made(folder).files == fast


def test_what_ios_remarks_on_a_profile_is_not_read_with_it() -> None:
    """A profile without a match statement has a remark of IOS below it (PROFILE-COMPLETE), which says nothing that is read."""
    read = []

    def reader(text: str) -> Router:
        read.append(text)
        return router_of(text)

    header, remark = "crypto isakmp profile P", "   ! This profile is incomplete (no match identity statement)"
    found = Excerpts(reader).read({header: ("   keyring K1", remark)}, [header])
    assert [(profile.name, [ring.name for ring in profile.keyrings]) for profile in found.isakmp_profiles] == [
        ("P", ["K1"])
    ]
    assert len(read) == 1 and "incomplete" not in read[0]
