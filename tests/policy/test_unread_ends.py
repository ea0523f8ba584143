"""Ends that lines which were not understood may make, by hand: which there are, and what is known of them."""

from __future__ import annotations

import pytest
from parsed import prefix

from ikeaudit.model import (
    CryptoMap,
    CryptoMapEntry,
    CryptoPeer,
    EzvpnClient,
    GdoiGroup,
    Interface,
    InterfaceAddress,
    NamedLine,
    Router,
    Tunnel,
    TunnelProtection,
    UnknownLine,
    parse_address,
)
from ikeaudit.selection import Endpoint, LocalEnd
from ikeaudit.selection.local import Addresses
from ikeaudit.selection.unread import unprotected_end, unread_ends, unread_of_calls

OWN, PEER = prefix("192.0.2.1/24"), parse_address("198.51.100.7")
OUTSIDE = Interface(
    "Gi0", 10, (InterfaceAddress(11, OWN.address, OWN),), "static", vrf="FRONT", crypto_maps=(NamedLine(12, "CM"),)
)
TUNNEL = Interface("Tunnel1", 20, tunnel=Tunnel("Gi0", destination=PEER, vrf="FRONT"))


def router(*interfaces: Interface, unknown: tuple[UnknownLine, ...], entry: CryptoMapEntry | None = None) -> Router:
    maps = (CryptoMap("CM", 30, (entry,)), CryptoMap("OTHER", 35, (entry,))) if entry is not None else ()
    return Router("R", "r.cfg", interfaces=interfaces, crypto_maps=maps, unknown=unknown)


def ends(found: Router) -> list[Endpoint]:
    return list(unread_ends(found, Addresses(found)))


WORDS = "line {} of R could not be read, and this end depends on it"


class TestTunnels:
    UNREAD = (UnknownLine(21, "interface", "Tunnel1"), UnknownLine(22, "interface", "Tunnel1"))

    def test_its_first_unread_line_may_be_the_protection(self) -> None:
        assert ends(router(OUTSIDE, TUNNEL, unknown=self.UNREAD)) == [
            Endpoint(
                "R", "Tunnel1", "tunnel", LocalEnd(OWN.address, "Gi0", "FRONT"), peer=PEER, tunnel_mode="gre ip",
                undescribed=WORDS.format(21), lines=(20, 21),
            )
        ]  # fmt: skip

    def test_what_is_protected_already_or_no_tunnel_is_no_further_end(self) -> None:
        protected = Interface("Tunnel1", 20, tunnel=Tunnel("Gi0", protection=TunnelProtection(25, "I")))
        assert ends(router(OUTSIDE, protected, unknown=self.UNREAD)) == []
        assert ends(router(OUTSIDE, unknown=(UnknownLine(13, "interface", "Gi0"),))) == []
        for other in (UnknownLine(21, "interface", "Tunnel2"), UnknownLine(21, "keyring", "Tunnel1")):
            assert ends(router(OUTSIDE, TUNNEL, unknown=(other,))) == []

    def test_a_tunnel_of_which_nothing_else_is_said(self) -> None:
        (found,) = ends(router(Interface("Tunnel1", 20, shutdown=True), unknown=self.UNREAD))
        assert found == Endpoint(
            "R", "Tunnel1", "tunnel", LocalEnd(None), shutdown=True, undescribed=WORDS.format(21), lines=(20, 21)
        )

    def test_as_an_end_without_protection(self) -> None:
        by_name = Interface("Tunnel1", 20, tunnel=Tunnel(source_address=OWN.address, destination_name="far.example"))
        found = unprotected_end("R", by_name, Addresses(router(OUTSIDE, by_name, unknown=())))
        assert found == Endpoint(
            "R", "Tunnel1", "tunnel", LocalEnd(OWN.address), peer_name="far.example", tunnel_mode="gre ip", lines=(20,)
        )


class TestCryptoMaps:
    UNREAD = (UnknownLine(32, "crypto-map", "CM 10"),)

    @pytest.mark.parametrize("acl", [None, "VPN"])
    def test_an_entry_without_a_peer_may_have_one(self, acl: str | None) -> None:
        named = NamedLine(33, acl) if acl else None
        entry = CryptoMapEntry(10, 31, "ipsec-isakmp", acl=named)
        assert ends(router(OUTSIDE, unknown=self.UNREAD, entry=entry)) == [
            Endpoint(
                "R", "Gi0 CM 10", "crypto-map", LocalEnd(OWN.address, "Gi0", "FRONT"), acl=acl, crypto_map="CM",
                undescribed=WORDS.format(32), lines=(12, 31, 32),
            )
        ]  # fmt: skip

    def test_only_such_an_entry(self) -> None:
        entry = CryptoMapEntry(10, 31, "ipsec-isakmp")
        peer = CryptoMapEntry(10, 31, "ipsec-isakmp", peers=(CryptoPeer(33, PEER),))
        other = CryptoMapEntry(20, 31, "ipsec-isakmp")
        for one in (peer, other, CryptoMapEntry(10, 31, "gdoi")):
            assert ends(router(OUTSIDE, unknown=self.UNREAD, entry=one)) == []
        nowhere = Interface("Gi0", 10)
        assert ends(router(nowhere, unknown=self.UNREAD, entry=entry)) == []
        twice = (UnknownLine(31, "crypto-map", "CM 10"),)
        assert [end.lines for end in ends(router(OUTSIDE, unknown=twice, entry=entry))] == [(12, 31)]


def test_unread_lines_that_calls_depend_on() -> None:
    lines = [UnknownLine(n, "other", name) for n, name in enumerate(["", "G", "E", "X"], 1)]
    lines.append(UnknownLine(9, "keyring", "K"))
    found = Router(
        "R", "r.cfg", unknown=tuple(lines), gdoi_groups=(GdoiGroup("G", 40),), ezvpn_clients=(EzvpnClient("E", 50),)
    )
    assert [line.line for line in unread_of_calls(found)] == [2, 3, 9]
