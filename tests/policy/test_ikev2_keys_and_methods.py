"""Keys, their halves and ways to authenticate in IKEv2, one difference at a time (IKEV2-KEYS, IKEV2-LOCAL-REMOTE)."""

from __future__ import annotations

import msgspec
import pytest
from two_ends import Changes, call, end, pair

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.replay import replay
from ikeaudit.exchange.run import Initiator, Responder
from ikeaudit.fleet import Fleet
from ikeaudit.selection import RouterRules

KEY = "  pre-shared-key sesame\n"
BOTH = "  pre-shared-key local {}\n  pre-shared-key remote {}\n"
RING, OURS, THEIRS = " keyring local K\n", " authentication local pre-share\n", " authentication remote pre-share\n"
MATCH = " match identity remote address PEER 255.255.255.255\n"
EITHER: Changes = {THEIRS: f" authentication remote rsa-sig\n{THEIRS}"}
UP = ("up", None, None, "certain")
NO_KEY, NO_ANSWER = (
    ("down", "SA_INIT", "no-key-on-initiator", "certain"),
    ("down", "AUTH", "no-key-on-responder", "certain"),
)
UNKNOWN = ("unknown", None, None, "unknown")
AAA = "the keys of an AAA keyring are not in the configuration"
CERTIFICATES = "whether certificates are accepted cannot be told from configurations"
MAP = "whether a certificate map matches cannot be told from configurations"


def readings(found: Exchange) -> list[str]:
    return [one.reading for one in found.readings]


@pytest.mark.parametrize(
    ("a", "b", "ended", "told"),
    [
        ({RING: ""}, {}, NO_KEY, []), ({}, {RING: ""}, NO_ANSWER, []),
        ({RING: " keyring aaa LIST\n"}, {}, UNKNOWN, [AAA]), ({}, {RING: " keyring aaa LIST\n"}, UNKNOWN, [AAA]),
        ({RING: " keyring local GONE\n"}, {}, NO_KEY, None), ({}, {RING: " keyring local GONE\n"}, NO_ANSWER, None),
        # One half: what it proves itself with, or what it verifies the other end by.
        ({KEY: "  pre-shared-key remote sesame\n"}, {}, NO_KEY, []),
        ({}, {KEY: "  pre-shared-key local sesame\n"}, NO_ANSWER, []),
        ({}, {KEY: "  pre-shared-key remote sesame\n"}, NO_ANSWER, []),
        # A.local = B.remote, and A.remote = B.local.
        ({KEY: BOTH.format("one", "two")}, {KEY: BOTH.format("two", "one")}, UP, []),
        ({KEY: BOTH.format("one", "two")}, {KEY: BOTH.format("one", "two")}, ("down", "AUTH", "psk-mismatch", "certain"), []),
        ({}, {KEY: BOTH.format("sesame", "sesame")}, UP, []),
        # Ways to authenticate: A's must be one that B accepts, then the other way round.
        ({OURS: " authentication local rsa-sig\n"}, {}, ("down", "AUTH", "authentication-method", "certain"), []),
        ({OURS: " authentication local rsa-sig\n"}, EITHER, UNKNOWN, [CERTIFICATES]),
        (EITHER, {OURS: " authentication local rsa-sig\n"}, UNKNOWN, [CERTIFICATES]), (EITHER, EITHER, UP, []),
        # Which profile answers.
        ({}, {MATCH: " match certificate MAP\n"}, UNKNOWN, [MAP]),
        ({}, {MATCH: " match identity remote address 198.51.100.9\n"}, ("down", "AUTH", "identity-not-matched", "certain"), []),
        ({}, {MATCH: f"{MATCH} shutdown\n"}, ("down", "AUTH", "identity-not-matched", "certain"), []),
        ({MATCH: f"{MATCH} shutdown\n"}, {}, ("down", "SA_INIT", "incomplete-configuration", "certain"), []),
        ({MATCH: f" match inbound-only\n{MATCH}"}, {}, ("not-initiated", None, "responder-only", "certain"), []),
        ({}, {MATCH: f" match inbound-only\n{MATCH}"}, UP, []),
        ({}, {THEIRS: ""}, ("down", "AUTH", "incomplete-configuration", "certain"), []),
        ({}, {OURS: ""}, ("down", "AUTH", "incomplete-configuration", "certain"), []),
        ({THEIRS: ""}, {}, ("down", "SA_INIT", "incomplete-configuration", "certain"), []),
    ],
)  # fmt: skip
def test_what_becomes_of_it(a: Changes, b: Changes, ended: tuple[object, ...], told: list[str] | None) -> None:
    found = call(a, b, version=2)
    assert end(found) == ended
    if told is not None:
        assert readings(found) == told


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ({KEY: BOTH.format("one", "two")}, {KEY: BOTH.format("three", "one")}, "psk-mismatch"),
        ({}, {KEY: BOTH.format("three", "sesame")}, "psk-mismatch"), ({KEY: BOTH.format("sesame", "two")}, {}, "psk-mismatch"),
        ({}, {OURS: " authentication local rsa-sig\n"}, "authentication-method"),
    ],
)  # fmt: skip
def test_the_caller_refuses_an_answer_that_it_cannot_verify(a: Changes, b: Changes, reason: str) -> None:
    """The responder has its associations by then: both ends give up, or it keeps them (IKEV2-HALF-OPEN)."""
    found = call(a, b, version=2)
    assert end(found) == ("down", "AUTH", reason, "probable")
    assert [(r.reading, r.outcome) for r in found.readings] == [
        ("both ends give up when the initiator cannot authenticate the responder", "down"),
        ("the responder keeps its SAs when the initiator gives up", "half-open"),
    ]
    words = ["Verification of peer's authentication data FAILED", "Failed to authenticate the IKE SA"]
    last = [line.line for line in found.transcript if line.router == "A"][-2:]
    assert (last == words) is (reason == "psk-mismatch")
    passed = "Verification of peer's authentication data PASSED"
    assert [line.router for line in found.transcript if line.line == passed] == ["B"]


def test_the_half_that_verifies_is_asked_for_where_any_way_is_by_a_key() -> None:
    half = {KEY: "  pre-shared-key local sesame\n"}
    for methods in (THEIRS, f" authentication remote rsa-sig\n{THEIRS}"):
        found = call({**half, THEIRS: methods}, version=2)
        assert end(found) == ("down", "SA_INIT", "no-key-on-initiator", "probable"), methods
    found = call({**half, THEIRS: " authentication remote rsa-sig\n"}, version=2)
    assert end(found) == ("down", "AUTH", "authentication-method", "probable"), "B proves itself by a key"


LEARNT = "the address that A calls from is not in its configuration"
NAMED: Changes = {MATCH: f"{MATCH} identity local fqdn a.b\n"}
ANYBODY: Changes = {MATCH: " match identity remote fqdn a.b\n", "  address PEER\n": "  address 0.0.0.0 0.0.0.0\n"}


class TestACallerWhoseAddressIsLearnt:
    """It names itself, so that its profile and key are known; whether an end for one address is its own is not."""

    def called(self, *ends: dict[str, object]) -> Exchange:
        a, b = (RouterRules(one) for one in pair(NAMED, ANYBODY, version=2))
        own = b.endpoints[0]
        there = tuple(msgspec.structs.replace(own, interface=f"Tunnel{n}", **change) for n, change in enumerate(ends))
        return replay(Initiator(a, a.endpoints[0]), Responder(b, own.local, None, there))

    @pytest.mark.parametrize(
        ("ends", "ended", "interface"),
        [
            (({"peer": None},), UP, "Tunnel0"), (({}, {"peer": None}), UP, "Tunnel1"), (({},), UNKNOWN, None),
            (({}, {"peer": None, "ikev2_profile": "X"}), UNKNOWN, None),
            (({"peer": None, "ikev2_profile": "X"},), ("down", "AUTH", "profile-binding", "probable"), "Tunnel0"),
            ((), ("down", "AUTH", "peer-address-mismatch", "certain"), None),
        ],
    )  # fmt: skip
    def test_which_end_takes_it(
        self, ends: tuple[dict[str, object], ...], ended: tuple[object, ...], interface: str | None
    ) -> None:
        found = self.called(*ends)
        assert end(found) == ended
        if ended == UNKNOWN:
            assert [one.split("; ")[-1] for one in readings(found)] == [LEARNT]
        elif interface is not None:
            assert found.responder_interface == interface
        refused = [line.line for line in found.transcript if line.router == "B"][-1] == "TS_UNACCEPTABLE"
        assert refused is (ended[0] == "down")


@pytest.mark.parametrize(("version", "message"), [(1, "QM1"), (2, "AUTH")])
@pytest.mark.parametrize("at", ["A", "B"])
def test_an_inside_vrf_named_where_that_is_not_supported(version: int, message: str, at: str) -> None:
    """PROFILE-IVRF: it can fail; both are told."""
    header, line = (
        ("crypto isakmp profile P\n", "   vrf RED\n") if version == 1 else ("crypto ikev2 profile P\n", " ivrf RED\n")
    )
    change = {header: header + line}
    found = call(*((change, None) if at == "A" else (None, change)), version=version)
    assert end(found) == ("up", None, None, "probable")
    assert [(r.outcome, r.failed_at, r.reason) for r in found.readings] == [
        ("up", None, None), ("down", message, "incomplete-configuration")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("offered", "required", "lost"),
    [("", "", None), ("group14", "group14", None), ("group14", "", "rekey"), ("", "group14", "rekey"),
     ("group14", "group19", "rekey")],
)  # fmt: skip
def test_pfs_groups_that_differ_show_at_the_rekey(offered: str, required: str, lost: str | None) -> None:
    """IKEV2-PFS: the first child SA has no exchange of its own; lifetimes are 3600 s unless somebody says so."""
    sets = " set transform-set TS\n"
    a, b = ({sets: f"{sets} set pfs {one}\n"} if one else {} for one in (offered, required))
    found = call(a, b, version=2)
    assert end(found)[:3] == ("up", None, None)
    assert (found.lost_at, found.lost_after) == (lost, 3600 if lost else None)


def test_what_differs_at_the_end_that_calls_is_told_by_its_peer_block() -> None:
    """The key that A proves itself by is the one that B expects; the one that B answers by is not the one that A expects."""
    routers = pair({KEY: BOTH.format("one", "two")}, {KEY: BOTH.format("three", "one")}, version=2)
    (found,) = [one for one in Fleet(routers, steps=True).exchanges if one.initiator == "A"]
    assert (found.failed_at, found.reason) == ("AUTH", "psk-mismatch")
    (told,) = found.steps[-1].decisions[-1].considered
    assert (told.name, told.evidence[0].host) == ("FAR", "A")
