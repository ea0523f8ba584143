"""How a look-up of keys is printed, and which key is left of a search, by hand (DEBUG-LINES, KEY-TIE, U-1, U-2, U-16)."""

from __future__ import annotations

import pytest
from parsed import prefix
from two_ends import call, end

from ikeaudit.exchange.choices import Choices
from ikeaudit.exchange.key_choice import _search_lines, settle, tell_verified
from ikeaudit.exchange.run import Run
from ikeaudit.model import Key, Keyring, Prefix, Router, Secret
from ikeaudit.selection import KeyPick, KeySearch, LocalEnd, RouterRules
from ikeaudit.selection.keys import KeyTable

PEER, OWN = prefix("192.0.2.2").address, prefix("192.0.2.1").address
DEFAULT = Keyring("default", 0, keys=(Key(1, Secret("g"), prefix=prefix("0.0.0.0/0")),))
BARE, GLOBAL = Router("R", "r.cfg"), Router("R", "r.cfg", default_keyring=DEFAULT)


def pick(name: str, length: int | None, key: str = "x", line: int = 1, kind: int = 0) -> KeyPick:
    ring = DEFAULT if name == "default" else Keyring(name, 1)
    covers = None if length is None else Prefix.of(PEER, length).network
    return KeyPick(ring, Key(line, Secret(key, kind), prefix=covers, hostname="a.b" if length is None else None))


NOT = "key for 192.0.2.2 not available in default"
FOUND, SELECTS = "key for 192.0.2.2 found in {}", "ISAKMP: Selecting {} as {}"
HOST, NET = SELECTS.format("192.0.2.2,255.255.255.255", "final key"), SELECTS.format("192.0.2.0,255.255.255.0", "key")
ALL = SELECTS.format("0.0.0.0,0.0.0.0", "key")


@pytest.mark.parametrize(
    ("picks", "vrf", "lines"),
    [
        ([], None, [NOT]), ([], "RED", []), ([("K", 32)], "RED", [FOUND.format("K"), HOST]),
        ([("K", 24), ("K", 32)], None, [NOT, FOUND.format("K"), NET, FOUND.format("K"), HOST]),
        ([("K", 32), ("L", 32), ("M", 24)], None, [NOT, FOUND.format("K"), HOST, FOUND.format("L"), FOUND.format("M")]),
        ([("default", 0)], None, [FOUND.format("default"), ALL]), ([("K", 0)], None, [NOT, FOUND.format("K"), ALL]),
        ([("K", None), ("L", 0)], None, [NOT, FOUND.format("K"), FOUND.format("L"), ALL]),
    ],
)  # fmt: skip
def test_a_search_line_by_line(picks: list[tuple[str, int | None]], vrf: str | None, lines: list[str]) -> None:
    """A key is selected when its mask is longer than those before; a host's is final."""
    found = [pick(*one) for one in picks]
    assert _search_lines(GLOBAL, found, LocalEnd(OWN, fvrf=vrf), "192.0.2.2") == tuple(lines)


@pytest.mark.parametrize(
    ("there", "picks", "lines"),
    [
        (BARE, [], []), (BARE, [("K", 32)], [NOT, FOUND.format("K"), HOST, "Found ADDRESS key in keyring K"]),
        (GLOBAL, [("K", 32)], ["Found ADDRESS key in keyring K"]),
        (GLOBAL, [("default", 0)], [FOUND.format("default"), ALL, "Found ADDRESS key in keyring default"]),
    ],
)  # fmt: skip
def test_the_keyrings_of_the_selected_profile(there: Router, picks: list[tuple[str, int]], lines: list[str]) -> None:
    run, found = Run(Choices()), tuple(pick(*one) for one in picks)
    tell_verified(run, RouterRules(there), KeySearch(found, found[-1:]), LocalEnd(OWN), PEER)
    assert [one.line for one in run.transcript] == lines


K, L, M = pick("K", 32, "k"), pick("L", 32, "l"), pick("M", 32, "m")
TAKES, FITS = "R takes the key of {}", "R: local-address of {} fits"
LACKS = "R: local-address of {} serves the VRF that it does not name (LOCAL-VRF)"
STOPS, NOTHING = (
    "R looks at masks before local-address and stops at {}",
    "R has no key whose local-address is known to fit",
)


@pytest.mark.parametrize(
    ("search", "options"),
    [
        (KeySearch(best=(K,)), []), (KeySearch(), []),
        (KeySearch(best=(K, L)), [("K", TAKES.format("K"), "primary"), ("L", TAKES.format("L"), "tie")]),
        (KeySearch(best=(K, pick("K", 32, "k", 9))), []),
        (KeySearch(best=(K, pick("K", 32, "x", 9))),
         [("K", TAKES.format("K in line 1"), "primary"), ("K", TAKES.format("K in line 9"), "tie")]),
        (KeySearch(best=(K,), uncertain=(L,)), [("K", TAKES.format("K"), "primary"), ("L", FITS.format("L"), "unknown")]),
        (KeySearch(uncertain=(L,)), [(None, NOTHING, "primary"), ("L", FITS.format("L"), "unknown")]),
        (KeySearch(best=(K,), outranked=(L, M)), [("K", TAKES.format("K"), "primary"), (None, STOPS.format("L"), "weak")]),
        (KeySearch(best=(K,), lacking=(L,)), [("K", TAKES.format("K"), "primary"), ("L", LACKS.format("L"), "weak")]),
        (KeySearch(lacking=(L, M)),
         [(None, NOTHING, "primary"), ("L", LACKS.format("L"), "weak"), ("M", LACKS.format("M"), "weak")]),
        (KeySearch(best=(K,), outranked=(L,), lacking=(L,)),
         [("K", TAKES.format("K"), "primary"), ("L", LACKS.format("L"), "weak")]),
    ],
)  # fmt: skip
def test_what_is_left_of_a_search(search: KeySearch, options: list[tuple[str | None, str, str]]) -> None:
    for at in range(max(1, len(options))):
        run = Run(Choices((at,) if at else ()))
        found = settle(run, BARE, search)
        name = found.keyring.name if found is not None else None
        taken = [(name, answer.words, answer.weight) for answer in run._choices.taken]
        assert taken == options[at : at + 1]
        if not options:
            assert found == (search.best[0] if search.best else None)
        assert run.assumptions == []


def test_a_responder_without_any_profile_verifies_nothing() -> None:
    """Nothing is taken for granted then: no profile can match (KEY-VERIFY)."""
    profile = "crypto isakmp profile P\n   keyring K\n   match identity address PEER 255.255.255.255\n!\n"
    bare = {profile: "", " set isakmp-profile P\n": ""}
    found = call(b=bare)
    assert end(found) == ("up", None, None, "certain") and found.readings == ()
    lines = [one.line for one in found.transcript if one.router == "B"]
    assert "Scanning profiles for xauth ..." in lines and "peer matches *none* of the profiles" in lines
    assert (found.responder_profile, found.responder_keyring) == (None, "K")
    two = call(b={profile: profile + profile.replace("profile P", "profile Q").replace("PEER", "198.51.100.9")})
    assert not [one.line for one in two.transcript if one.router == "B" and one.line.startswith("Scanning")]


def test_an_unbound_caller_whose_answer_names_a_profile_of_another_keyring() -> None:
    """KEY-UNBOUND: that it passes was seen, that it fails is inferred, so no more than probable."""
    other = "crypto keyring Z\n  pre-shared-key address 198.51.100.9 key walnut\n"
    a = {
        " set isakmp-profile P\n": "", "   keyring K\n": "   keyring Z\n",
        "crypto isakmp profile P\n": f"{other}crypto isakmp profile P\n",
        "match identity address PEER 255.255.255.255": "match identity host b.x",
    }  # fmt: skip
    found = call(a, {"   keyring K\n": "   keyring K\n   self-identity fqdn b.x\n"})
    assert end(found) == ("down", "MM6", "keyring-verification", "probable")
    assert [r.reading for r in found.readings] == ["an unbound initiator verifies its keyring at MM6 (KEY-UNBOUND)"]
    assert (found.initiator_profile, found.initiator_keyring) == ("P", "K")


def test_keys_of_several_masks_come_in_the_order_of_the_configuration() -> None:
    table = KeyTable([pick("A", 24), pick("B", 32), pick("C", 24), pick("D", None), pick("E", 0)])
    assert [one.keyring.name for one in table.covering(PEER)] == ["A", "B", "C", "E"]
