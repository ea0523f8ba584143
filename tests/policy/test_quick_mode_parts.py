"""The parts of quick mode alone: inside VRFs, proxies, transform sets, PFS, and the end that is told."""

from __future__ import annotations

import msgspec
import pytest
from parsed import prefix
from two_ends import pair

from ikeaudit.exchange.choices import Choices
from ikeaudit.exchange.quick_mode import (
    inside_works,
    named_is_caller,
    pfs_fits,
    proxies_fit,
    quick_mode,
    transforms_fit,
)
from ikeaudit.exchange.run import Initiator, Responder, Run, Stop
from ikeaudit.exchange.steps import Notes, Pool
from ikeaudit.model import AccessList, AclEntry, IsakmpProfile, Prefix, Router, TransformSet
from ikeaudit.selection import Endpoint, RouterRules
from ikeaudit.selection.proxies import Proxy

A, B = (RouterRules(one) for one in pair())
OURS, THEIRS = A.endpoints[0], B.endpoints[0]
CALLER = OURS.local.address
NEAR, FAR, ELSE = prefix("10.1.0.0/16"), prefix("10.2.0.0/16"), prefix("10.3.0.0/16")
LINES = tuple(f"line {n}" for n in range(1, 60))


def ends(
    mine: dict[str, object], theirs: dict[str, object], *, ours: tuple[AclEntry, ...] = (), others: tuple[AclEntry, ...] = (),
    sets: tuple[tuple[TransformSet, ...], tuple[TransformSet, ...]] = ((), ()),
) -> tuple[Initiator, Responder, Endpoint]:  # fmt: skip
    """Both ends with these changes, their access lists ACL and transform sets."""
    rules = [
        RouterRules(Router(name, name, acls=(AccessList("ACL", 1, acl),), transform_sets=own, lines=LINES))
        for name, acl, own in zip("AB", (ours, others), sets, strict=True)
    ]
    here = msgspec.structs.replace(THEIRS, **theirs)
    caller = Initiator(rules[0], msgspec.structs.replace(OURS, **mine))
    return caller, Responder(rules[1], THEIRS.local, CALLER, (here,)), here


def words(run: Run) -> list[str]:
    return [answer.words for answer in run._choices.taken]


MAP = {"kind": "crypto-map", "interface": "Gi0 CM 10", "acl": "ACL", "tunnel_mode": None}


def permit(line: int, source: Prefix | None, destination: Prefix | None, **more: bool) -> AclEntry:
    return AclEntry(line, "permit", "ip", source, destination, **more)


class TestInside:
    def test_an_end_whose_inside_is_not_supported_negotiates_or_not(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """PROFILE-IVRF: each end is asked about, the initiator first; the lines are cited."""
        unsupported: dict[str, tuple[int, ...]] = {}
        monkeypatch.setattr(
            "ikeaudit.exchange.quick_mode.unsupported_inside", lambda rules, _: unsupported.get(rules.router.name, ())
        )
        says = "{} Tunnel1 negotiates, although its inside VRF is not supported so"
        fails = "{} Tunnel1 fails, its inside VRF not being supported so"
        for odd, script, works, told, lines in (
            ("", (), True, [], []),
            ("A", (), True, [says.format("A")], [("A", 3)]), ("B", (), True, [says.format("B")], [("B", 3)]),
            ("AB", (), True, [says.format("A"), says.format("B")], [("A", 3), ("B", 3)]),
            ("AB", (1,), False, [fails.format("A")], [("A", 3)]),
            ("AB", (0, 1), False, [says.format("A"), fails.format("B")], [("A", 3), ("B", 3)]),
        ):  # fmt: skip
            unsupported.clear()
            unsupported.update(dict.fromkeys(odd, (3,)))
            run = Run(Choices(script))
            caller, called, here = ends({}, {})
            assert inside_works(run, caller, called, here) is works
            assert (words(run), [(e.host, e.line) for e in run.evidence]) == (told, lines)

    @pytest.mark.parametrize(
        ("peer", "name", "asked"),
        [(CALLER, None, False), (CALLER, "a.b", False), (None, None, False), (None, "a.b", True)],
    )
    def test_whom_an_end_names(self, peer: object, name: str | None, asked: bool) -> None:
        here = msgspec.structs.replace(THEIRS, peer=peer, peer_name=name)
        for script, is_it in (((), True), ((1,), not asked)):
            run = Run(Choices(script))
            assert named_is_caller(run, here) is is_it
            assert words(run) == (["a.b is the caller", "a.b is somebody else"][len(script) :][:1] if asked else [])


class TestProxies:
    def fits(
        self, caller: Initiator, called: Responder, here: Endpoint, script: tuple[int, ...] = ()
    ) -> tuple[bool, Run]:
        run = Run(Choices(script))
        return proxies_fit(run, caller, called, here), run

    @pytest.mark.parametrize(
        ("mine", "theirs", "fits", "assumed"),
        [
            ("ipsec ipv4", "ipsec ipv4", True, False), ("gre ip", "gre multipoint", True, False), (None, "gre ip", True, False),
            ("gre ip", "ipsec ipv4", False, True), ("ipsec ipv4", "ipsec ipv6", False, True),
            ("gre ip", "gre ipv6", False, True),
        ],
    )  # fmt: skip
    def test_of_two_tunnels(self, mine: str | None, theirs: str, fits: bool, assumed: bool) -> None:
        found, run = self.fits(*ends({"tunnel_mode": mine}, {"tunnel_mode": theirs}))
        assert (found, words(run)) == (fits, [])
        assert run.assumptions == (["a GRE end pairs with no IPsec-mode end (QM-PROXIES)"] if assumed else [])

    MIRROR = permit(11, FAR, NEAR)

    @pytest.mark.parametrize(
        ("ours", "others", "fits", "asked"),
        [
            ([permit(1, NEAR, FAR)], [MIRROR], (True,), None), ([permit(1, NEAR, ELSE)], [MIRROR], (False,), None),
            ([permit(1, NEAR, FAR), permit(2, NEAR, ELSE)], [MIRROR], (True, False),
             "traffic that {} starts the tunnel"),
            ([permit(1, NEAR, FAR)], [MIRROR, permit(12, ELSE, NEAR)], (True,), None),
            ([permit(1, NEAR, FAR), permit(2, None, ELSE)], [MIRROR], (True,), None),
            ([permit(1, NEAR, ELSE), permit(2, None, ELSE)], [MIRROR], (True, False), "the access lists are {}"),
            ([permit(1, NEAR, ELSE)], [MIRROR, permit(12, None, NEAR)], (True, False), "the access lists are {}"),
            ([permit(1, NEAR, FAR), permit(2, NEAR, ELSE)], [MIRROR, permit(12, None, NEAR)], (True, False),
             "the access lists are {}"),
            ([], [MIRROR], (False,), None),
        ],
    )  # fmt: skip
    def test_of_two_access_lists(
        self, ours: list[AclEntry], others: list[AclEntry], fits: tuple[bool, ...], asked: str | None
    ) -> None:
        fillings = {
            "traffic that {} starts the tunnel": ("both access lists name", "only the initiator's access list names"),
            "the access lists are {}": ("mirror images", "no mirror images"),
        }
        for script, (at, expected) in zip(((), (1,)), enumerate(fits), strict=False):
            found, run = self.fits(*ends(MAP, MAP, ours=tuple(ours), others=tuple(others)), script)
            assert (found, words(run)) == (expected, [asked.format(fillings[asked][at])] if asked else [])
            cited = [("A", e.line) for e in ours if e.source] + [("A", e.line) for e in ours if not e.source]
            cited += [("B", e.line) for e in others if e.source] + [("B", e.line) for e in others if not e.source]
            assert [(e.host, e.line) for e in run.evidence] == cited

    def test_that_were_not_sent_do_not_count(self) -> None:
        caller, called, here = ends(MAP, MAP, ours=(permit(1, NEAR, FAR), permit(2, NEAR, ELSE)), others=(self.MIRROR,))
        run = Run(Choices())
        run.unsent = frozenset({Proxy("ip", NEAR, ELSE, line=2)})
        assert proxies_fit(run, caller, called, here) and words(run) == []
        run = Run(Choices())
        run.unsent = frozenset({Proxy("ip", NEAR, FAR, line=1)})
        assert not proxies_fit(
            run, *ends(MAP, MAP, ours=(permit(1, NEAR, FAR), permit(2, NEAR, ELSE)), others=(self.MIRROR,))
        )

    @pytest.mark.parametrize("at", ["", "ours", "others"])
    def test_of_object_groups(self, at: str) -> None:
        lists = {
            "ours": (permit(1, NEAR, FAR, grouped=at == "ours"),),
            "others": (permit(11, FAR, NEAR, grouped=at == "others"),),
        }
        found, run = self.fits(*ends(MAP, MAP, **lists))  # type: ignore[arg-type]
        told = ["an access list with object-groups serves IPsec like one with their members (ACL-GROUPS)"] if at else []
        assert (found, run.assumptions) == (True, told)

    def test_of_a_dynamic_entry(self) -> None:
        anything = {**MAP, "acl": None}
        tunnel = {"tunnel_mode": "ipsec ipv4"}
        for mine, theirs in ((MAP, anything), (anything, MAP), (tunnel, anything), (anything, tunnel)):
            found, run = self.fits(*ends(mine, theirs, ours=(permit(1, NEAR, FAR),), others=()))
            assert (found, words(run), list(run.evidence)) == (True, [], [])

    @pytest.mark.parametrize(
        ("theirs", "fits", "told"),
        [
            ({"tunnel_mode": "ipsec ipv4"}, (False, True),
             ["B Tunnel1 takes its own proxies only", "B Tunnel1 takes less than its own proxies"]),
            ({"tunnel_mode": "ipsec ipv4", "virtual_template": 1}, (True,), []),
            ({"tunnel_mode": "ipsec ipv4", "acl": "ACL"}, (True,), []), (MAP, (True,), []),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("mine", [MAP, {"tunnel_mode": "ipsec ipv4", "acl": "ACL"}], ids=["map", "multi-SA VTI"])
    def test_of_a_list_less_than_those_of_a_tunnel(
        self, mine: dict[str, object], theirs: dict[str, object], fits: tuple[bool, ...], told: list[str]
    ) -> None:
        """VTI-AND-MAP: a template is cloned with what its caller offers, and a list of its own is compared."""
        for at, expected in enumerate(fits):
            given = ends(mine, theirs, ours=(permit(1, NEAR, FAR),), others=(self.MIRROR,))
            found, run = self.fits(*given, (at,) if at else ())
            assert (found, words(run)) == (expected, told[at : at + 1])
            cloned = ["a template is cloned with the proxies of its caller (VTI-AND-MAP)"]
            assert run.assumptions == (cloned if "virtual_template" in theirs else [])


AES, GCM = ("esp-aes 256", "esp-sha256-hmac"), ("esp-gcm 256",)


def one(name: str, line: int, algorithms: tuple[str, ...] = AES, mode: str = "tunnel") -> TransformSet:
    return TransformSet(name, line, algorithms, mode)


GRE, V2 = {"tunnel_mode": "gre ip"}, {"tunnel_mode": "gre ip", "ikev2_profile": "P"}
NONE = "an end without a transform set uses defaults that the other end accepts"
CBC = "the transform set of an end without one is AES in CBC (QM-TRANSFORM)"
VTI = "a VTI uses tunnel mode, whatever the mode of its transform set"


@pytest.mark.parametrize(
    ("mine", "ours", "theirs", "fits", "cited", "assumed"),
    [
        (GRE, [one("T", 1)], [one("U", 11)], True, [("A", 1), ("B", 11)], []),
        (GRE, [one("S", 2, GCM), one("T", 1)], [one("V", 12, ("esp-des",)), one("U", 11)], True,
         [("A", 1), ("B", 11)], []),
        (GRE, [one("T", 1, GCM)], [one("U", 11)], False, [("A", 1), ("B", 11)], []),
        (GRE, [one("T", 1)], [one("U", 11, mode="transport")], False, [("A", 1), ("B", 11)], []),
        (V2, [one("T", 1)], [one("U", 11, mode="transport")], True, [("A", 1), ("B", 11)], []),
        ({}, [one("T", 1)], [one("U", 11, mode="transport")], True, [("A", 1), ("B", 11)], [VTI]),
        ({}, [one("T", 1)], [one("U", 11)], True, [("A", 1), ("B", 11)], []),
        (GRE, [], [], True, [], [NONE]), (GRE, [one("T", 1)], [], True, [("A", 1)], []),
        (GRE, [], [one("U", 11)], True, [("B", 11)], []), (MAP, [], [], True, [], []),
        (GRE, [one("T", 1, GCM)], [], False, [("A", 1)], [CBC]), (GRE, [], [one("U", 11, GCM)], False, [("B", 11)], [CBC]),
        (GRE, [one("T", 1, ("esp-3des", "esp-md5-hmac"))], [], False, [("A", 1)], [CBC]),
        (GRE, [], [one("U", 11, ("ah-sha-hmac",))], False, [("B", 11)], [CBC]),
        (MAP, [], [one("U", 11, ("esp-des",))], False, [("B", 11)], [CBC]),
        (GRE, [one("T", 1, GCM), one("S", 2)], [], True, [("A", 1), ("A", 2)], []),
        (GRE, [one("S", 2), one("T", 1, ("esp-null", "esp-sha-hmac"))], [], True, [("A", 2), ("A", 1)], []),
    ],
)  # fmt: skip
def test_transform_sets(
    mine: dict[str, object], ours: list[TransformSet], theirs: list[TransformSet], fits: bool, cited: list[tuple[str, int]],
    assumed: list[str],
) -> None:  # fmt: skip
    """QM-TRANSFORM: one set of each end the same in algorithms, and with IKEv1 in mode."""
    named = [{"transform_sets": tuple(s.name for s in own)} for own in (ours, theirs)]
    caller, called, here = ends({**mine, **named[0]}, {**mine, **named[1]}, sets=(tuple(ours), tuple(theirs)))
    run = Run(Choices(), Notes(Pool()))
    run.message("QM1")
    assert transforms_fit(run, caller, called, here) is fits
    assert ([(e.host, e.line) for e in run.evidence], run.assumptions) == (cited, assumed)
    (decision,) = run.steps()[-1].decisions
    lone = theirs[0].name if theirs else "default"
    picked = (theirs[-1].name if ours and theirs else lone) if fits else None
    assert (decision.rule, decision.picked, decision.what) == ("QM-TRANSFORM", picked, "proposal")


class TestBuiltIn:
    """The built-in transform set is AES in CBC, and more is not known of it (QM-TRANSFORM)."""

    def taken(self, mine: dict[str, object], theirs: dict[str, object], *script: int) -> tuple[bool, list[str]]:
        sets = tuple((one("T", 1),) if end.pop("set", False) else () for end in (mine, theirs))
        named = [{"transform_sets": tuple(s.name for s in own)} for own in sets]
        caller, called, here = ends({**mine, **named[0]}, {**theirs, **named[1]}, sets=(sets[0], sets[1]))
        run = Run(Choices(script))
        return transforms_fit(run, caller, called, here), [f"{one.weight}: {one.words}" for one in run._choices.taken]

    @pytest.mark.parametrize(
        ("mine", "theirs", "names"),
        [
            (GRE, GRE | {"set": True}, "A Tunnel1"), (V2 | {"set": True}, V2, "B Tunnel1"),
            (MAP, MAP, "A Gi0 CM 10 and B Gi0 CM 10"), (MAP, MAP | {"set": True}, "A Gi0 CM 10"),
            (MAP, GRE, "A Gi0 CM 10 and B Tunnel1"), (GRE, MAP, "A Tunnel1 and B Gi0 CM 10"),
        ],
    )  # fmt: skip
    def test_whether_it_fits_is_not_known(self, mine: dict[str, object], theirs: dict[str, object], names: str) -> None:
        for script, fits, words in (
            ((), True, "primary: {} one that both ends take"),
            ((1,), False, "unknown: {} none that both ends take"),
        ):
            told = words.format(f"the built-in transform set of {names} is")
            assert self.taken({**mine}, {**theirs}, *script) == (fits, [told])

    def test_of_two_tunnels_it_is_the_same(self) -> None:
        assert self.taken({**GRE}, {**GRE}) == (True, [])
        assert self.taken({**V2}, {**V2}) == (True, [])

    @pytest.mark.parametrize("transform", ["esp-aes", "esp-aes 128", "esp-aes 256", "esp-192-aes", "esp-256-aes"])
    def test_every_key_length_is_aes_in_cbc(self, transform: str) -> None:
        assert one("T", 1, (transform, "esp-sha-hmac")).aes_cbc
        assert one("T", 1, ("esp-sha-hmac", transform)).aes_cbc

    @pytest.mark.parametrize(
        "transform", ["esp-gcm", "esp-gcm 256", "esp-gmac", "esp-des", "esp-3des", "esp-null", "ah-sha-hmac"]
    )
    def test_nothing_else_is(self, transform: str) -> None:
        assert not one("T", 1, (transform,)).aes_cbc


@pytest.mark.parametrize(
    ("offered", "required", "fits", "assumed"),
    [
        (None, None, True, None), ("group14", "group14", True, None),
        ("group14", None, True, "a responder without PFS takes an offer with it (QM-PFS)"),
        (None, "group14", False, "a responder that requires PFS refuses an offer with another group or none (QM-PFS)"),
        ("group19", "group14", False, "a responder that requires PFS refuses an offer with another group or none (QM-PFS)"),
    ],
)  # fmt: skip
def test_pfs(offered: str | None, required: str | None, fits: bool, assumed: str | None) -> None:
    run = Run(Choices())
    assert pfs_fits(run, offered, required) is fits
    assert run.assumptions == ([assumed] if assumed else [])


class TestTheEndThatIsTold:
    def ended(self, *changes: dict[str, object], elsewhere: tuple[Endpoint, ...] = ()) -> tuple[Run, Stop | None]:
        there = tuple(
            msgspec.structs.replace(THEIRS, interface=f"Tunnel{at}", **change) for at, change in enumerate(changes)
        )
        run = Run(Choices(), Notes(Pool()))
        called = Responder(B, THEIRS.local, CALLER, there, elsewhere)
        try:
            quick_mode(run, Initiator(A, OURS), called, B.profiles["P"])
        except Stop as stop:
            return run, stop
        return run, None

    def test_ends_that_wait_elsewhere(self) -> None:
        two = tuple(msgspec.structs.replace(THEIRS, interface=f"Tunnel{n}", lines=(n,)) for n in (7, 8))
        run, stop = self.ended(elsewhere=two)
        assert stop is not None and (stop.failed_at, stop.reason) == ("QM1", "peer-address-mismatch")
        assert (run.responder_interface, [e.line for e in run.evidence]) == ("Tunnel7", [7, 8])
        assert run.steps()[-1].decisions[-1].rule == "END-NAMED-PEER"

    @pytest.mark.parametrize(
        ("change", "rule", "reason"),
        [
            ({}, "BIND-PROFILE", None), ({"isakmp_profile": None}, "U-6", None),
            ({"isakmp_profile": "Q"}, "BIND-PROFILE", "profile-binding"),
            ({"virtual_template": 7}, "END-TEMPLATE", "profile-binding"), ({"pfs": "group14"}, "BIND-PROFILE", "pfs-mismatch"),
            ({"tunnel_mode": "gre ip"}, "BIND-PROFILE", "proxy-mismatch"),
        ],
    )  # fmt: skip
    def test_by_which_rule(self, change: dict[str, object], rule: str, reason: str | None) -> None:
        run, stop = self.ended(change)
        assert (stop.reason if stop else None) == reason
        (decision,) = [d for d in run.steps()[-1 if reason else 0].decisions if d.what == "binding"]
        assert (decision.rule, decision.picked) == (rule, None if reason == "profile-binding" else "Tunnel0")

    def test_a_missing_reference_ends_it_before_anything_is_compared(self) -> None:
        for change in ({"missing": (("x", 1),)}, {"shutdown": True}):
            run, stop = self.ended(change)
            assert stop is not None and stop.reason == "incomplete-configuration"
            assert run.assumptions == [
                "an end with an undefined reference, or shut down, accepts nothing (BIND-UNDEFINED)"
            ]
            assert run.steps()[-1].decisions == ()

    def test_the_first_that_takes_it(self) -> None:
        run, stop = self.ended({"isakmp_profile": "Q"}, {}, {"pfs": "group14"})
        assert (stop, run.responder_interface) == (None, "Tunnel1")
        assert [step.message for step in run.steps()] == ["QM1", "QM2", "QM3"]
        assert [step.arrived for step in run.steps()] == [True] * 3


def test_a_profile_that_names_the_template_of_its_end() -> None:
    """END-TEMPLATE: only a caller whose profile names it is cloned from it."""
    run = Run(Choices(), Notes(Pool()))
    cloning = msgspec.structs.replace(THEIRS, virtual_template=7, isakmp_profile=None)
    named = msgspec.structs.replace(B.profiles["P"], virtual_template=7)
    quick_mode(run, Initiator(A, OURS), Responder(B, THEIRS.local, CALLER, (cloning,)), named)
    assert run.responder_interface == "Tunnel1" and run.assumptions == []
    with pytest.raises(Stop):
        other = IsakmpProfile("X", 1, virtual_template=8)
        quick_mode(Run(Choices()), Initiator(A, OURS), Responder(B, THEIRS.local, CALLER, (cloning,)), other)
