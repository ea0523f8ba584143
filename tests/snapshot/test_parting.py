"""Routers are audited together where one of them counts for the other, and the rule for each way in which it may."""

from __future__ import annotations

import pytest
from parsed import router as parsed
from parted import at_once, in_parts, parts

from ikeaudit.fleet import Translation
from ikeaudit.hazards.facts.near import near
from ikeaudit.model import IPAddress, Router, parse_address
from ikeaudit.model.device import CryptoSession, ShowOutputs
from ikeaudit.model.shown import CryptoConnection, DmvpnPeer
from ikeaudit.snapshot import parting
from ikeaudit.snapshot.card import Card
from ikeaudit.snapshot.parting import batches, parts_of

PHASES = """
crypto isakmp policy 10
 encr aes 256
 hash sha256
 authentication pre-share
 group 14
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
crypto ipsec profile P
 set transform-set TS
"""


def end(
    name: str, own: str, peer: str, *, more: str = "", key: str = "a-long-sample-key-1", source: str = ""
) -> Router:
    """A router with one protected tunnel from its address (``dhcp``: one that is not known)."""
    address = "ip address dhcp" if own == "dhcp" else f"ip address {own} 255.255.255.0"
    return parsed(
        f"hostname {name}\n{PHASES}crypto isakmp key {key} address {peer}\n"
        f"interface GigabitEthernet0/0\n {address}\n{more}"
        f"interface Tunnel0\n ip address 10.0.0.1 255.255.255.252\n tunnel source {source or 'GigabitEthernet0/0'}\n"
        f" tunnel destination {peer}\n tunnel protection ipsec profile P\nend\n"
    )


def spoke(name: str, own: str, *, shortcut: str = " ip nhrp shortcut\n", key: str = "a-long-sample-key-1") -> Router:
    """A spoke of a cloud whose server is no router of the fleet."""
    return parsed(
        f"hostname {name}\n{PHASES}crypto isakmp key {key} address 0.0.0.0\n"
        f"interface GigabitEthernet0/0\n ip address {own} 255.255.255.0\n"
        f"interface Tunnel0\n ip address 10.0.0.{own.split('.')[-1]} 255.255.255.0\n ip nhrp network-id 1\n"
        f" ip nhrp map 10.0.0.254 192.0.2.254\n ip nhrp nhs 10.0.0.254\n{shortcut} tunnel source GigabitEthernet0/0\n"
        " tunnel mode gre multipoint\n tunnel protection ipsec profile P\nend\n"
    )


def shown(router: Router, **what: object) -> Router:
    """``router`` with state."""
    import msgspec

    return msgspec.structs.replace(router, shows=ShowOutputs(**what))  # type: ignore[arg-type]


def address(text: str) -> IPAddress:
    found = parse_address(text)
    assert found is not None
    return found


def nat(inside: str, outside: str, kind: str = "static") -> Translation:
    return Translation(address(inside), address(outside), "pat" if kind == "pat" else "static")


def floating(name: str, own: str, *, more: str = "", mapped: str = "") -> Router:
    """A router that shares 192.0.2.9 by HSRP."""
    return parsed(
        f"hostname {name}\n{PHASES}{more}interface GigabitEthernet0/0\n ip address {own} 255.255.255.0\n"
        f" standby 1 ip 192.0.2.9\n standby 1 name HA\n{mapped}end\n"
    )


MAP = (
    "crypto isakmp key a-long-sample-key-1 address 198.51.100.7\ncrypto isakmp key a-long-sample-key-1 address 198.51.100.8\n"
    "ip access-list extended T\n permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255\n"
    "crypto map CM 10 ipsec-isakmp\n set peer 198.51.100.7\n set transform-set TS\n match address T\n"
    "crypto map CM 20 ipsec-isakmp\n set peer 198.51.100.8\n set transform-set TS\n match address T\n"
)


def session(peer: str, local: str, *, encaps: int, decaps: int) -> CryptoSession:
    """A session that is up."""
    ends = address(local), address(peer)
    return CryptoSession(
        "Tunnel0",
        "UP-ACTIVE",
        peer=ends[1],
        local=ends[0],
        active_sas=2,
        uptime=9000,
        encaps=encaps,
        decaps=decaps,
        connections=(CryptoConnection(1, *ends, "Active"),),
    )


CASES: dict[str, tuple[list[Router], list[Translation]]] = {
    "calls": ([end("A", "192.0.2.1", "192.0.2.2"), end("B", "192.0.2.2", "192.0.2.1", key="a-long-sample-key-2")], []),
    "calls what is its own, too": (
        [
            end("A", "192.0.2.1", "192.0.2.3", more="interface Loopback0\n ip address 192.0.2.3 255.255.255.255\n"),
            end("B", "192.0.2.3", "192.0.2.1", key="a-long-sample-key-2"),
        ],
        [],
    ),
    "calls a translated address": (
        [
            end("A", "198.51.100.1", "203.0.113.2", key="a-long-sample-key-2"),
            end("B", "10.9.0.2", "192.0.2.77"),
        ],
        [nat("10.9.0.2", "203.0.113.2")],
    ),
    "negotiates from the same address": ([end("A", "192.0.2.1", "192.0.2.8"), end("B", "192.0.2.1", "192.0.2.7")], []),
    "shares a virtual address": (
        [
            floating("A", "192.0.2.1", more=MAP, mapped=" crypto map CM redundancy HA\n"),
            floating("B", "192.0.2.2"),
        ],
        [],
    ),
    "shows the other end of an association": (
        [
            shown(end("A", "dhcp", "192.0.2.21"), sessions=(session("192.0.2.21", "192.0.2.5", encaps=9, decaps=0),)),
            shown(end("B", "dhcp", "192.0.2.33"), sessions=(session("192.0.2.5", "192.0.2.21", encaps=0, decaps=9),)),
        ],
        [],
    ),
    "shows the address as that of a peer of NHRP": (
        [
            shown(
                spoke("A", "198.51.100.1"),
                isakmp_sas=(),
                ikev2_sas=(),
                dmvpn_peers=(DmvpnPeer("Tunnel0", "203.0.113.1", address("10.0.0.7"), "UP"),),
            ),
            parsed("hostname B\ninterface GigabitEthernet0/0\n ip address 203.0.113.1 255.255.255.0\nend\n"),
        ],
        [],
    ),
    "has a server in common": (
        [spoke("A", "198.51.100.1"), spoke("B", "198.51.100.2", key="a-long-sample-key-2")],
        [],
    ),
    "has a key for the name": (
        [
            end("A", "192.0.2.1", "192.0.2.8", more="crypto isakmp key a-long-sample-key-1 hostname B\n"),
            parsed("hostname B\ninterface GigabitEthernet0/0\n ip address 203.0.113.1 255.255.255.0\nend\n"),
        ],
        [],
    ),
    "misses the address by a slip": (
        [
            end("A", "dhcp", "192.0.2.21"),
            parsed(
                f"hostname B\n{PHASES}crypto isakmp key a-long-sample-key-3 address 0.0.0.0\n"
                "interface GigabitEthernet0/0\n ip address 192.0.2.12 255.255.255.0\n"
                "interface Tunnel0\n ip address 10.0.0.1 255.255.255.0\n tunnel source GigabitEthernet0/0\n"
                " tunnel mode gre multipoint\n tunnel protection ipsec profile P\nend\n"
            ),
        ],
        [],
    ),
    "holds no address that it negotiates from": (
        [
            end("A", "10.0.9.1", "192.0.2.21", source="192.0.2.99"),
            end("B", "192.0.2.12", "192.0.2.99"),
        ],
        [],
    ),
}
"""Fleets of which one router counts for the other; for each a rule of its own."""


@pytest.mark.parametrize("how", CASES)
def test_who_counts_for_another_is_audited_with_it(how: str) -> None:
    routers, translations = CASES[how]
    alone = [(router.name,) for router in routers]
    whole = at_once(routers, translations)
    assert in_parts(routers, translations, of=alone) != whole, "the rule is for nothing"
    found = parts(routers, translations)
    assert any({"A", "B"} <= {*part} for part in found), found
    assert in_parts(routers, translations) == whole


def test_what_has_nothing_to_do_with_each_other_is_apart() -> None:
    routers = [
        end("A", "192.0.2.1", "192.0.2.8"),
        end("B", "198.51.100.1", "198.51.100.8"),
        parsed("hostname C\nntp server 192.0.2.1\ninterface Loopback0\n ip address 203.0.113.1 255.255.255.0\nend\n"),
        parsed(
            "hostname D\ninterface Loopback0\n ip address 203.0.113.1 255.255.255.0\n description 198.51.100.1\nend\n"
        ),
    ]
    routers += [floating("E", "192.0.2.101"), floating("F", "192.0.2.102")]
    assert parts(routers) == [(name,) for name in "ABCDEF"], "keys, peers and inside addresses in common are nothing"
    assert in_parts(routers) == at_once(routers)


def test_a_router_is_called_by_its_name_in_the_snapshot_and_by_the_one_with_its_domain() -> None:
    cards = {
        "A": Card(called=("b.example.net", "c")),
        "B@site-1": Card(fqdn="b.example.net"),
        "C": Card(fqdn="c.example.net"),
    }
    assert parts_of(cards) == [("A", "B@site-1", "C")]
    cards["A"] = Card(called=("b",))
    assert len(parts_of(cards)) == 3


def test_a_server_behind_port_translation_may_be_anybody() -> None:
    cards = {"A": Card(servers=(1,)), "B": Card(holds=(2,)), "C": Card()}
    assert len(parts_of(cards, [nat("10.0.0.1", "192.0.2.1", "pat")])) == 3
    hidden = int(address("192.0.2.1"))
    cards["A"] = Card(servers=(hidden,))
    assert parts_of(cards, [nat("10.0.0.1", "192.0.2.1", "pat")]) == [("A", "B", "C")]
    assert len(parts_of(cards, [nat("10.0.0.1", "192.0.2.1")])) == 3


def test_all_who_hold_what_one_names_are_together_and_chains_too() -> None:
    cards = {f"H{n}": Card(holds=(7,)) for n in range(4)}
    assert len(parts_of(cards)) == 4
    cards["N"] = Card(names=(7,), holds=(8,))
    cards["M"] = Card(names=(8,))
    cards["O"] = Card(names=(9,))
    assert parts_of(cards) == [("H0", "H1", "H2", "H3", "M", "N"), ("O",)]


def test_small_parts_are_put_together_and_large_ones_are_not() -> None:
    parts = [(f"R{n:03}",) for n in range(250)] + [tuple(f"T{n:03}" for n in range(120))]
    found = batches(parts)
    assert sorted(name for batch in found for name in batch) == sorted(name for part in parts for name in part)
    assert parts[-1] in found
    assert all(50 <= len(batch) <= 120 for batch in found[:-1])
    fewer = batches(parts[1:])
    assert len({*found} - {*fewer}) <= 2, "a router less changes its batch, and at most the next"
    assert batches([]) == []


def test_the_work_grows_with_the_fleet_and_no_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    joins: list[object] = []
    was = parting._Joined.join
    monkeypatch.setattr(parting._Joined, "join", lambda self, *two: joins.append(two) or was(self, *two))  # type: ignore[func-returns-value]
    compared: list[object] = []
    monkeypatch.setattr(parting, "near", lambda *two: compared.append(two) or near(*two))  # type: ignore[func-returns-value]
    cards = {
        f"R{n}": Card(
            holds=(1,),
            names=(1,),
            ends=(2,),
            shared=(3,),
            called=("hub",),
            fqdn="hub",
            seeking=(n,),
            waiting=(n << 16,),
        )
        for n in range(300)
    }
    assert len(parts_of(cards)) == 1
    assert len(joins) < 6 * 300
    assert len(compared) < 6 * 300
