"""Lines that were not understood: which verdicts they put in doubt, and which they leave alone (DESIGN 3.3)."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from parsed import router
from two_ends import Changes, end, first, pair

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.unknowns import _unread
from ikeaudit.fleet import Fleet
from ikeaudit.ios.command import ObjectKind
from ikeaudit.model import UnknownLine

UP = ("up", None, None, "certain")
DOUBT = ("unknown", None, None, "unknown")


def with_unknown(
    kind: str, name: str, at: str, *, version: int = 1, a: Changes | None = None, b: Changes | None = None
) -> Exchange:
    """A's call, with a line of that kind that one of the two routers has and nobody understood: its line 5."""
    routers = [
        msgspec.structs.replace(one, unknown=(UnknownLine(5, kind, name),)) if one.name == at else one  # type: ignore[arg-type]
        for one in pair(a, b, version=version)
    ]
    return first(*routers)


IN_THE_PATH_OF_IKEV1 = [
    ("global", ""), ("keyring", "K"), ("keyring", "OTHER"), ("isakmp-profile", "P"), ("isakmp-profile", "OTHER"),
    ("isakmp-policy", "10"), ("interface", "Tunnel1"), ("interface", "GigabitEthernet0/0"), ("ipsec-profile", "I"),
    ("transform-set", "TS"),
]  # fmt: skip
BESIDE_IT = [
    ("interface", "Tunnel2"), ("interface", "Tunnel11"), ("interface", "GigabitEthernet0/1"), ("ipsec-profile", "J"),
    ("transform-set", "T"), ("acl", "ACL"), ("crypto-map", "CM 10"), ("dynamic-map", "DM 1"), ("other", "K"),
    ("ikev2-profile", "P"), ("ikev2-keyring", "K"), ("keyring-like", "K"),
]  # fmt: skip


@pytest.mark.parametrize("at", ["A", "B"])
@pytest.mark.parametrize(("kind", "name"), IN_THE_PATH_OF_IKEV1)
def test_in_the_path_of_a_tunnel(kind: str, name: str, at: str) -> None:
    found = with_unknown(kind, name, at)
    assert end(found) == DOUBT
    assert (at, 5) in [(e.host, e.line) for e in found.evidence]


@pytest.mark.parametrize("at", ["A", "B"])
@pytest.mark.parametrize(("kind", "name"), BESIDE_IT)
def test_beside_the_path_of_a_tunnel(kind: str, name: str, at: str) -> None:
    assert end(with_unknown(kind, name, at)) == UP


@pytest.mark.parametrize("at", ["A", "B"])
@pytest.mark.parametrize(
    ("kind", "name", "doubt"),
    [
        ("global", "", True),
        ("ikev2-profile", "OTHER", True),
        ("ikev2-keyring", "K", True),
        ("ikev2-policy", "PO", True),
        ("ikev2-proposal", "PR", True),
        ("interface", "Tunnel1", True),
        ("keyring", "K", False),
        ("isakmp-profile", "P", False),
        ("isakmp-policy", "10", False),
    ],
)
def test_each_version_has_its_own(kind: str, name: str, doubt: bool, at: str) -> None:
    assert end(with_unknown(kind, name, at, version=2)) == (DOUBT if doubt else UP)


MAP: Changes = {
    "crypto ipsec profile I\n set transform-set TS\n": (
        "crypto map CM 10 ipsec-isakmp\n set peer PEER\n set transform-set TS\n match address ACL\n"
    ),
    "interface Tunnel1\n tunnel source GigabitEthernet0/0\n tunnel mode ipsec ipv4\n tunnel destination PEER\n"
    " tunnel protection ipsec profile I\n!\n": "ip access-list extended ACL\n permit ip any any\n!\n",
    " ip address OWN 255.255.255.0\n": " ip address OWN 255.255.255.0\n crypto map CM\n",
}


@pytest.mark.parametrize("at", ["A", "B"])
@pytest.mark.parametrize(
    ("kind", "name", "doubt"),
    [
        ("crypto-map", "CM 10", True),
        ("crypto-map", "CM 20", True),
        ("crypto-map", "C 10", False),
        ("crypto-map", "CMX 10", False),
        ("dynamic-map", "ANY 1", True),
        ("acl", "ACL", True),
        ("acl", "AC", False),
        ("interface", "GigabitEthernet0/0", True),
        ("interface", "GigabitEthernet0/1", False),
    ],
)
def test_in_the_path_of_a_crypto_map(kind: str, name: str, doubt: bool, at: str) -> None:
    assert end(with_unknown(kind, name, at, a=MAP, b=MAP)) == (DOUBT if doubt else UP)


def test_the_responder_is_never_asked_where_the_initiator_has_no_key() -> None:
    keyless: Changes = {"pre-shared-key address PEER": "pre-shared-key address 198.51.100.9"}
    assert end(with_unknown("global", "", "B", a=keyless)) == ("down", "MM1", "no-key-on-initiator", "certain")
    assert end(with_unknown("global", "", "A", a=keyless)) == DOUBT


def test_what_is_not_initiated_stays_so() -> None:
    waits: Changes = {" set transform-set TS\n set": " set transform-set TS\n responder-only\n set"}
    assert end(with_unknown("global", "", "A", a=waits))[0] == "not-initiated"


@pytest.mark.parametrize(
    ("kind", "name", "doubt"),
    [
        ("crypto-map", "CM 10", True),
        ("crypto-map", "CM 20", True),
        ("dynamic-map", "CM 1", True),
        ("crypto-map", "C 10", False),
        ("interface", "GigabitEthernet0/0", True),
        ("interface", "GigabitEthernet0/1", False),
        ("acl", "CM", False),
        ("global", "", False),
    ],
)
def test_what_may_name_the_peer_of_an_end_that_names_none(kind: str, name: str, doubt: bool) -> None:
    dynamic = {"crypto map CM 10 ipsec-isakmp\n": "crypto dynamic-map DM 1\n", " set peer PEER\n": ""}
    rest = {" match address ACL\n": "!\ncrypto map CM 10 ipsec-isakmp dynamic DM\n"}
    (old,) = [key for key in MAP if key.startswith("crypto ipsec profile")]
    text = MAP[old]
    for one, other in {**dynamic, **rest}.items():
        text = text.replace(one, other)
    a, b = pair(MAP, {**MAP, old: text})
    b = msgspec.structs.replace(b, unknown=(UnknownLine(5, kind, name),))  # type: ignore[arg-type]
    (found,) = [e for e in Fleet((a, b)).exchanges if e.initiator == "B"]
    assert end(found) == (DOUBT if doubt else ("not-initiated", None, "peer-unknown", "certain"))


def test_access_lists_of_both_ends_are_cited() -> None:
    found = first(*pair(MAP, MAP))
    texts = [(e.host, e.text) for e in found.evidence]
    assert ("A", "permit ip any any") in texts and ("B", "permit ip any any") in texts


def test_access_list_lines_that_are_not_compared_are_asked_about() -> None:
    odd: Changes = {**MAP}
    (tunnel,) = [key for key in odd if key.startswith("interface Tunnel1")]
    odd[tunnel] = "ip access-list extended ACL\n permit ip object-group NET any\n!\n"
    for a, b in ((MAP, odd), (odd, MAP), (odd, odd)):
        found = first(*pair(a, b))
        assert end(found) == DOUBT
        assert [(r.outcome, r.reason, r.reading) for r in found.readings] == [
            ("up", None, "the access lists are mirror images"),
            ("down", "proxy-mismatch", "the access lists are no mirror images"),
        ]


@pytest.mark.parametrize(
    ("entries", "outcome"),
    [
        ("permit host 192.0.2.1", "up"),
        ("permit 192.0.2.0 0.0.0.255", "up"),
        ("deny host 192.0.2.7\n permit any", "up"),
        ("deny host 192.0.2.1\n permit any", "unknown"),
        ("permit host 192.0.2.7", "unknown"),
        ("deny 192.0.2.0 0.0.255.0\n permit any", "up"),
        ("deny 192.0.0.1 0.0.255.0\n permit any", "unknown"),
        ("", "unknown"),
    ],
)
def test_whom_the_list_of_a_key_server_admits(entries: str, outcome: str) -> None:
    folder = Path(__file__).parents[1] / "cases" / "getvpn" / "authorization-list"
    member, _, server = ((folder / f"{name}.cfg").read_text() for name in ("gm", "gm2", "ks"))
    other = "crypto gdoi group OTHER\n identity number 12\n server local\n  authorization address ipv4 AAA\n!\n"
    other += "ip access-list standard AAA\n deny any\n!\n"  # of another group, and the first of all lists
    server = server.replace("permit host 192.0.2.1", entries).replace("crypto gdoi group", f"{other}crypto gdoi group")
    read = router(server)
    assert [acl.name for acl in read.acls] == ["AAA", "MEMBERS"]
    (found,) = [e for e in Fleet([router(member), read]).client_exchanges if e.initiator == "GM"]
    assert found.outcome == outcome


def test_traffic_that_only_one_list_names_leaves_two_readings() -> None:
    (tunnel,) = [key for key in MAP if key.startswith("interface Tunnel1")]
    one = " permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255\n"
    back = " permit ip 10.2.0.0 0.0.255.255 10.1.0.0 0.0.255.255\n"
    more = " permit ip 10.7.0.0 0.0.255.255 10.2.0.0 0.0.255.255\n"
    wide = {**MAP, tunnel: f"ip access-list extended ACL\n{one}{more}!\n"}
    narrow = {**MAP, tunnel: f"ip access-list extended ACL\n{back}!\n"}
    found = first(*pair(wide, narrow))
    assert end(found) == ("up", None, None, "probable")
    assert [(r.outcome, r.reason) for r in found.readings] == [("up", None), ("down", "proxy-mismatch")]
    exact = {**MAP, tunnel: f"ip access-list extended ACL\n{one}!\n"}
    assert end(first(*pair(exact, narrow))) == UP
    other = {**MAP, tunnel: f"ip access-list extended ACL\n{more}!\n"}
    assert end(first(*pair(other, narrow))) == ("down", "QM1", "proxy-mismatch", "certain")


@pytest.mark.parametrize(("kind", "doubted"), [("isakmp-policy", [5]), ("ikev2-policy", []), ("global", [5])])
def test_a_router_without_ends_is_taken_to_speak_ikev1(kind: ObjectKind, doubted: list[int]) -> None:
    one, _ = pair()
    assert _unread(msgspec.structs.replace(one, unknown=(UnknownLine(5, kind),)), ()) == doubted
