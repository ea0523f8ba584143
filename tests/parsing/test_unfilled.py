"""Values that are not filled in: their lines are not understood, and no others; the file is a template (TEXT-UNREAD)."""

from __future__ import annotations

import pytest
from parsed import config

ROUTER = """\
hostname R1
crypto keyring K
 pre-shared-key address 192.0.2.2 key Kc5wNq3Yb8Fr5Xe2Mc9G
crypto isakmp key Wd7tBv4Zn6Hs3Jk8Qm2R address 192.0.2.3
crypto isakmp profile P
 keyring K
 match identity address 192.0.2.2 255.255.255.255
crypto ikev2 keyring V2
 peer FAR
  address 192.0.2.4
  pre-shared-key Lx9pGc5Td2Vf7Yb4Ne6U
crypto ipsec transform-set TS esp-aes
crypto ipsec profile IP
 set transform-set TS
 set isakmp-profile P
crypto map CM 10 ipsec-isakmp
 set peer 192.0.2.5
 set transform-set TS
 match address ACL
ip access-list extended ACL
 permit ip host 10.0.0.1 host 10.0.0.2
interface Tunnel1
 description the far end is $PEER$
 tunnel source GigabitEthernet1
 tunnel destination 192.0.2.2
 tunnel protection ipsec profile IP
interface GigabitEthernet1
 ip address 192.0.2.1 255.255.255.0
 crypto map CM
end
"""
FORMS = ("<{}>", "{{{{ {} }}}}", "${{{}}}", "${}", "%{}%", "@{}@")
KEYS = ("key Kc5wNq3Yb8Fr5Xe2Mc9G", "isakmp key Wd7tBv4Zn6Hs3Jk8Qm2R", "pre-shared-key Lx9pGc5Td2Vf7Yb4Ne6U")
PLACES = (
    "keyring K\n match",
    "match identity address 192.0.2.2",
    "  address 192.0.2.4",
    "set isakmp-profile P",
    "set peer 192.0.2.5",
    "match address ACL",
    "tunnel source GigabitEthernet1",
    "tunnel destination 192.0.2.2",
    "protection ipsec profile IP",
    "crypto map CM\nend",
)


def test_what_is_filled_in_is_no_template() -> None:
    found = config(ROUTER)
    assert (found.kind, found.unknown) == ("ios", ())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", PLACES)
def test_a_value_that_is_not_filled_in(place: str, form: str) -> None:
    line, *behind = place.split("\n")
    words = line.rsplit(" ", 1)
    text = ROUTER.replace(place, "\n".join([f"{words[0]} {form.format('VALUE')}", *behind]))
    number = ROUTER[: ROUTER.index(place)].count("\n") + 1
    found = config(text)
    assert found.kind == "template" and f"line {number})" in (found.reason or "")
    assert [line for line, _ in found.unknown] == [number]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", KEYS)
def test_a_key_that_is_not_filled_in_is_masked(place: str, form: str) -> None:
    text = ROUTER.replace(place, f"{place.rsplit(' ', 1)[0]} {form.format('VALUE')}")
    found = config(text)
    assert found.router is not None and not found.unknown
    keys = [key.secret for ring in (found.router.default_keyring, *found.router.keyrings) for key in ring.keys]
    keys += [peer.local for ring in found.router.ikev2.keyrings for peer in ring.peers if peer.local is not None]
    assert [key.facts is not None and key.facts.masked for key in keys].count(True) == 1
    assert found.kind == ("ios" if form == "<{}>" else "template"), "in angle brackets a key may be masked by hand"


@pytest.mark.parametrize("address", ["X.X.X.X", "x.x.x.x", "192.0.2.X", "A.B.C.D"])
def test_an_address_that_is_not_filled_in_is_no_name(address: str) -> None:
    found = config(ROUTER.replace("tunnel destination 192.0.2.2", f"tunnel destination {address}"))
    assert (found.kind, len(found.unknown)) == ("template", 1)


@pytest.mark.parametrize("key", ["a$PEER$b1c2d3e4f5g6", "pa%%ss%%word12345678", "x<y>z{{0123456789}}"])
def test_a_key_that_looks_like_the_half_of_one_is_a_key(key: str) -> None:
    found = config(ROUTER.replace("Kc5wNq3Yb8Fr5Xe2Mc9G", key))
    assert (found.kind, found.unknown) == ("ios", ())


def test_names_that_are_not_filled_in_still_belong_together() -> None:
    found = config(
        ROUTER.replace("crypto keyring K\n", "crypto keyring <CUSTOMER>\n").replace(
            " keyring K\n", " keyring <CUSTOMER>\n"
        )
    )
    assert found.router is not None and [keyring.name for keyring in found.router.keyrings] == ["<CUSTOMER>"]
    assert len(found.router.keyrings[0].keys) == 1 and len(found.unknown) == 2


@pytest.mark.parametrize("kind", ["extnded", "standrd", "extended10"])
def test_a_misspelt_access_list_is_not_taken_for_none(kind: str) -> None:
    found = config(ROUTER.replace("ip access-list extended", f"ip access-list {kind}"))
    assert 20 in [line for line, _ in found.unknown]
    assert found.router is not None and ("global", 20) in [(line.kind, line.line) for line in found.router.unknown]


@pytest.mark.parametrize(
    "header", ["ip access-list role-based A", "ip access-list fqdn A", "ip access-list persistent"]
)
def test_access_lists_of_other_kinds_are_nothing_to_tunnels(header: str) -> None:
    assert not config(f"{ROUTER.removesuffix('end' + chr(10))}{header}\nend\n").unknown


PRINTED = """\
version 15.9
!
hostname R1
!
interface Tunnel1
 tunnel source GigabitEthernet1
 tunnel destination 192.0.2.2
!
end
"""


@pytest.mark.parametrize(
    "value",
    [
        "<PEER>",
        "<PSK:PEER>",
        "$PEER",
        "$(PEER)",
        "%PEER%",
        "%%PEER%%",
        "@PEER@",
        "@@PEER@@",
        "__PEER__",
        "#{PEER}",
        "192.0.2.X",
        "192.0.2.x",
        "xxx.xxx.xxx.xxx",
        "A.B.C.D",
    ],
)
def test_a_value_that_is_not_filled_in_where_all_else_is_as_printed(value: str) -> None:
    assert config(PRINTED).kind == "ios"
    found = config(PRINTED.replace("192.0.2.2", value))
    assert (found.kind, [line for line, _ in found.unknown]) == ("template", [7])
