"""A changing router reads only what changed; it must find the same, and say what a change can concern."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import pytest
from plans import fleet_in

from ikeaudit.remediation.changing_router import ChangingRouter, essence
from ikeaudit.remediation.scene import Scene
from ikeaudit.selection import RouterRules

HUB = fleet_in(Path(__file__).parent / "plans" / "a5-global-keys")
ROUTER = HUB.router("HUB")
LINE = ROUTER.text(ROUTER.keyrings[0].keys[0].line)


def sent(*lines: str) -> ChangingRouter:
    changing = ChangingRouter(ROUTER)
    for line in lines:
        assert not changing.send(line).refused, line
    return changing


@pytest.mark.parametrize(
    "lines",
    [
        ("crypto keyring NEW vrf X", "description d", LINE, "exit"),
        ("crypto keyring K2", f"no {LINE}", "exit"),
        ("crypto isakmp profile P2", "no keyring K2", "exit", "no crypto keyring K2"),
        (f"no {ROUTER.text(ROUTER.default_keyring.keys[0].line)}",),
        ("crypto isakmp profile NEW", "match identity address 203.0.113.9 255.255.255.255", "keyring K2", "exit"),
        ("interface Tunnel1", "shutdown", "exit"),
    ],
)
def test_read_in_pieces_it_says_what_it_says_as_a_whole(lines: tuple[str, ...]) -> None:
    changing = sent(*lines)
    pieces, _ = changing.step()
    assert essence(pieces) == essence(changing.model())
    assert essence(pieces) != essence(ROUTER) or "shutdown" in lines


def test_what_a_key_touches() -> None:
    changing = sent("crypto keyring K2", f"no {LINE}", "exit")
    _, touched = changing.step()
    assert [str(prefix) for prefix in touched.prefixes] == ["198.51.100.2"]
    assert not touched.anything and not touched.profiles and changing.same_topology


def test_what_a_list_of_keyrings_touches() -> None:
    _, touched = sent("crypto isakmp profile P3", "keyring K2", "exit").step()
    assert touched.profiles == {"P3"}
    assert not touched.anything and not touched.prefixes


def test_what_a_match_by_address_touches() -> None:
    """Whoever calls from it, and what is bound to the profile; a profile that is new may be one that ends missed."""
    line = "match identity address 203.0.113.128 255.255.255.128"
    _, touched = sent("crypto isakmp profile P3", line, "exit").step()
    assert "203.0.113.128/25" in map(str, touched.prefixes)
    assert touched.profiles == {"P3"} and not touched.anything and not touched.bindings
    _, touched = sent("crypto isakmp profile NEW", line, "exit").step()
    assert [str(prefix) for prefix in touched.prefixes] == ["203.0.113.128/25"]
    assert touched.profiles == {"NEW"} and not touched.anything and touched.bindings


@pytest.mark.parametrize(
    "lines",
    [
        ("crypto isakmp profile P3", "match identity host a.example.net", "exit"),
        ("crypto isakmp profile P3", "match identity address 198.51.100.9", "self-identity fqdn", "exit"),
        ("crypto isakmp profile P3", "match identity address 198.51.100.9", "virtual-template 1", "exit"),
        ("crypto isakmp policy 20", "group 19", "exit"),
        ("crypto keyring K2", LINE.strip().replace("address 198.51.100.2", "hostname a.example.net"), "exit"),
    ],
)
def test_anything_else_may_touch_everything(lines: tuple[str, ...]) -> None:
    _, touched = sent(*lines).step()
    assert touched.ikev1 and touched.bindings and not touched.anything, "IKEv2 has no part in it"


def test_an_end_that_is_bound_to_something_else() -> None:
    """The scene is patched; an end that is shut down is no binding, and everything is computed anew."""
    for line, patched in (("ip mtu 1300", True), ("shutdown", False)):
        changing = sent("interface Tunnel1", line, "exit")
        router, touched = changing.step()
        assert touched.bindings and not touched.anything
        assert (Scene(HUB, {"HUB"}).patched("HUB", RouterRules(router)) is not None) is patched, line


def test_only_the_calls_that_a_change_can_concern_are_replayed() -> None:
    """Removing the key of 198.51.100.2 concerns SITE2's tunnel and no other."""
    scene = Scene(HUB, {"HUB"})
    changing = sent("crypto keyring K2", f"no {LINE}", "exit")
    router, touched = changing.step()
    versions = {"HUB": RouterRules(router)}
    replayed = {(e.initiator, e.outcome) for e in scene.replay(versions, ("HUB",), touched)}
    assert replayed == {("HUB", "down"), ("SITE2", "down")}
    everything = scene.replay(versions, ("HUB",))
    assert len(everything) == 6
    assert {e.initiator for e in everything if e.outcome == "down"} == {"HUB", "SITE2"}
    assert ip_address("198.51.100.2") in {end.peer for end in HUB.endpoints}


def test_a_scene_built_anew_says_the_same() -> None:
    scene = Scene(HUB, {"HUB"})
    router, _ = sent("crypto keyring K2", f"no {LINE}", "exit").step()
    fast = scene.replay({"HUB": RouterRules(router)}, ("HUB",))
    anew = scene.rebuilt({"HUB": router}).replay({}, ("HUB",))
    assert [(e.initiator, e.peer, e.outcome, e.tunnel) for e in fast] == [
        (e.initiator, e.peer, e.outcome, e.tunnel) for e in anew
    ]


@pytest.mark.parametrize(
    "line",
    [
        "no crypto ikev2 policy default",
        "no crypto ikev2 proposal default",
        "no crypto ipsec nat-transparency udp-encapsulation",
    ],
)
def test_a_line_that_stands_for_itself_is_a_fact(line):
    """It switches something off, and its number in the text is all that the model keeps of it."""
    from parsed import FINGERPRINTER

    from ikeaudit.parsing import parse_configs
    from ikeaudit.remediation.changing_router import facts

    def of(text):
        (parsed,) = parse_configs(text, file="R.cfg", fingerprinter=FINGERPRINTER)
        return facts(parsed.router)

    plain = "version 15.7\nhostname R\ncrypto isakmp policy 10\n group 14\n"
    assert of(f"{plain}{line}\nend\n") != of(f"{plain}end\n")
    assert of(f"{plain}{line}\nend\n") == of(
        f"{plain}ip host a 192.0.2.1\n{line}\nend\n".replace("ip host a 192.0.2.1\n", "!\n")
    )
