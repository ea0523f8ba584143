"""Both sides of conditions in the replay, one input to each; the values by the rule that is named with them."""

from __future__ import annotations

from types import SimpleNamespace

import msgspec
import pytest
from parsed import prefix, router
from two_ends import POLICY, Changes, call, cited, decided, end, pair

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.choices import Choices
from ikeaudit.exchange.clients import _keyless
from ikeaudit.exchange.key_choice import settle
from ikeaudit.exchange.quick_mode import _proxies_fit
from ikeaudit.exchange.replay import replay
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.exchange.traffic import answer_traffic
from ikeaudit.model import Key, Keyring, Secret, UnknownLine
from ikeaudit.selection import Endpoint, KeyPick, KeySearch, LocalEnd, RouterRules
from ikeaudit.selection.proxies import Proxies, Proxy
from ikeaudit.selection.traffic import Fate


def test_an_offer_that_is_refused_has_no_answers_to_lose() -> None:
    """What answers the first offer is translated; of the second, which B refuses, there is nothing to answer."""
    _, b = pair()
    far = prefix("10.9.0.0/16")
    taken, refused = (Proxy("ip", prefix(one), far) for one in ("10.1.0.0/24", "10.2.0.0/24"))

    def fate(_: Endpoint, proxy: Proxy) -> Fate:
        return Fate("translated" if proxy.destination == taken.source else "seen", (1,))

    rules = SimpleNamespace(router=b, traffic=SimpleNamespace(fate=fate))
    here = RouterRules(b).endpoints[0]
    own = Proxies((Proxy("ip", far, taken.source),))
    for offers, accepted, lost in (
        ((taken, refused), own, "replies"),
        ((refused, taken), own, "replies"),
        ((taken, refused), Proxies(anything=True), None),
        ((refused,), own, None),
    ):
        run = Run(Choices())
        answer_traffic(run, Responder(rules, here.local, None), here, Proxies(offers), accepted)  # type: ignore[arg-type]
        assert run.lost_at == lost


HEARD, UP = LocalEnd(prefix("198.51.100.1").address, "GigabitEthernet0/0"), ("up", None, None, "probable")
MAPS = "crypto map CM 10 ipsec-isakmp\n set peer 192.0.2.7\ncrypto map OTHER 10 ipsec-isakmp\n set peer 192.0.2.8\n"
RING = "crypto keyring K\n  local-address Loopback0\n  pre-shared-key address 192.0.2.1 key sesame\n"
GROUPS = "crypto isakmp profile EZ\n   match identity group OTHERS\n"


@pytest.mark.parametrize(
    ("server", "keyless"),
    [
        ("interface Loopback0\n", True), (MAPS, True), (GROUPS, True),
        (f"{GROUPS}   client configuration group BRANCHES\n", False),
        (f"{GROUPS}   isakmp authorization list L\n", False), (f"{MAPS}crypto map OTHER isakmp authorization list L\n", False),
        (f"{GROUPS}{GROUPS.replace('EZ', 'FZ')}   isakmp authorization list L\n", False),
        ("crypto isakmp key sesame address 192.0.2.1\n", False), ("crypto isakmp key sesame address 192.0.2.2\n", True),
        (f"{RING}interface Loopback0\n ip address 198.51.100.9 255.255.255.255\n", True),  # for calls to another address
        (f"{RING}interface Loopback0\n ip address dhcp\n", False),  # which may be this one
    ],
)  # fmt: skip
def test_whether_a_server_may_have_the_key_of_a_group(server: str, keyless: bool) -> None:
    """The key may stand with AAA, which any profile or map of the server asks, or serve the address (CLIENT-EZVPN)."""
    rules = RouterRules(router(f"hostname SERVER\n{server}end\n"))
    assert _keyless(Responder(rules, HEARD, prefix("192.0.2.1").address)) is keyless
    assert not _keyless(Responder(rules, HEARD, None))


BY_NAME: Changes = {
    "pre-shared-key address PEER key sesame": "pre-shared-key hostname far.example key sesame",
    POLICY: f"ip host far.example PEER\n{POLICY}",
}


@pytest.mark.parametrize(
    "asking",
    [
        {"   keyring K\n": "   keyring K\n   initiate mode aggressive\n"},
        {"!\ncrypto isakmp profile P": "!\ncrypto isakmp peer address PEER\n set aggressive-mode client-endpoint fqdn a.b\n!\n"
         "crypto isakmp profile P"},
    ],
)  # fmt: skip
def test_aggressive_mode_that_is_asked_for_begins_with_the_key_of_a_name(asking: Changes) -> None:
    """As where nothing asks for it; a password in the peer block comes first (MODE-AGGRESSIVE, AGGRESSIVE-KEY)."""
    matching = {"match identity address": "match identity host a.b\n   match identity address"}
    found = call({**BY_NAME, **asking}, matching)
    assert (found.mode, end(found), found.initiator_keyring) == ("aggressive", UP, "K")
    more = "fqdn a.b\n set aggressive-mode password walnut\n"
    other = {key: value.replace("fqdn a.b\n", more) for key, value in asking.items()}
    if other != asking:
        found = call({**BY_NAME, **other}, matching)
        assert (end(found)[:3], found.initiator_keyring) == (("down", "AM2", "psk-mismatch"), None)


CA = "crypto pki trustpoint CA\n enrollment terminal\n!\n"
RSA = POLICY.replace(" authentication pre-share\n", "").replace("policy 10", "policy 20")
BOTH: Changes = {POLICY: CA + POLICY + RSA}
DN: Changes = {POLICY: f"crypto isakmp identity dn\n{POLICY}"}
CERTAIN = ("up", None, None, "certain")


def said(found: Exchange, host: str) -> list[str]:
    return [one.line for one in found.transcript if one.router == host]


class TestKeysAndCertificatesInCommon:
    def test_keys_come_first_where_both_have_one(self) -> None:
        found = call(BOTH, BOTH)
        assert (end(found), found.initiator_keyring, found.responder_keyring) == (CERTAIN, "K", "K")

    def test_no_key_is_looked_for_where_certificates_are_agreed_on(self) -> None:
        """A look-up belongs to a policy with pre-shared keys: B has none (MODE-MAIN)."""
        found = call(BOTH, {POLICY: CA + RSA})
        assert found.responder_keyring is None and (found.outcome, found.confidence) == ("up", "probable")
        assert not [line for line in said(found, "B") if "pre-shared key" in line or "preshared key" in line]
        assert "pre-shared-key address 192.0.2.1" not in " ".join(cited(found, "B"))


def test_a_refused_offer_takes_nothing_for_granted_about_the_key() -> None:
    """POLICY-AGREE comes before the key is taken, so that host bits in its address are no matter (U-15)."""
    bits = {"address PEER key": "address 192.0.2.7 255.255.255.0 key"}
    assert end(call(b=bits))[3] == "probable"
    found = call(b={**bits, "group 14": "group 19"})
    assert end(found) == ("down", "MM1", "no-common-ike-policy", "certain")


class TestWhoTheResponderIs:
    """B's identity, where its router is told to present its name, which no source shows with keys (ID-SENT)."""

    LINE = "crypto isakmp identity dn"

    def test_is_nothing_to_a_caller_with_a_profile(self) -> None:
        found = call(b=DN)
        assert end(found) == CERTAIN and self.LINE not in cited(found, "B") and found.readings == ()

    def test_selects_the_profile_of_a_caller_without_one(self) -> None:
        """A tunnel without a bound profile starts with the matching one, or with none (C-4): then it is B's to name it."""
        found = call({" set isakmp-profile P\n": ""}, DN)
        assert end(found) == CERTAIN and self.LINE not in cited(found, "B")
        assert [(one.reading, one.initiator_profile) for one in found.readings] == [
            ("A, unbound, starts with profile P", "P"),
            ("A, unbound, starts without a profile; B presents its address", "P"),
            ("A, unbound, starts without a profile; B presents its distinguished name", None),
        ]


def test_a_caller_without_any_profile_looks_through_none_when_the_answer_comes() -> None:
    """Both ends look for extended authentication: B at MM1, A at MM2 (XAUTH-ROUTERS)."""
    profile = "crypto isakmp profile P\n   keyring K\n   match identity address PEER 255.255.255.255\n!\n"
    found = call({profile: "", " set isakmp-profile P\n": ""})
    assert end(found) == CERTAIN
    lines = said(found, "A")
    at = lines.index("Scanning profiles for xauth ...")
    assert lines[at - 1 : at + 2] == [
        "local preshared key found",
        "Scanning profiles for xauth ...",
        "Checking ISAKMP transform 1 against priority 10 policy",
    ]


def test_the_policy_that_is_accepted_goes_by_the_number_of_each_end() -> None:
    """A offers its policies 10 and 20, of which B has the second one as its policy 30 (POLICY-AGREE)."""
    first = POLICY.replace("group 14", "group 14\n lifetime 3600").replace("!\n", "")
    second = POLICY.replace("policy 10", "policy 20").replace("group 14", "group 19\n lifetime 7200")
    theirs = {POLICY: POLICY.replace("policy 10", "policy 30").replace("group 14", "group 19")}
    told = [one for one in decided({POLICY: first + second}, theirs, "MM1") if one.what == "policy"]
    assert [(one.router, one.picked, [(c.name, c.result) for c in one.considered]) for one in told] == [
        ("B", "policy 30", [("policy 30", "picked")])
    ]
    (taken,) = [one for one in decided({POLICY: first + second}, theirs, "MM2") if one.what == "policy"]
    assert (taken.router, taken.picked) == ("A", "policy 20")
    lines = said(call({POLICY: first + second}, theirs), "B")
    seconds = [line for line in lines if line.startswith("life duration")]
    assert seconds == ["life duration (basic) of 7200"]


def test_what_an_unbound_caller_considers() -> None:
    """The most specific of those that match the address it calls (C-4); another one matches less precisely."""
    wide = "crypto isakmp profile Q\n   keyring K\n   match identity address 192.0.2.0 255.255.255.0\n!\n"
    other = wide.replace("profile Q", "profile R").replace("192.0.2.0", "198.51.100.0")
    sets = "crypto ipsec transform-set"
    told = decided({" set isakmp-profile P\n": "", sets: f"{wide}{other}{sets}"}, {}, "MM1")
    (choice,) = [one for one in told if one.what == "profile"]
    assert (choice.rule, choice.picked) == ("C-4", "P")
    assert [(c.name, c.result) for c in choice.considered] == [
        ("P", "picked"),
        ("Q", "less-precise"),
        ("R", "no-match"),
    ]


def test_the_same_text_in_clear_and_as_type_6_is_two_keys() -> None:
    """One is the key, the other its encryption (U-17): entries of one keyring tie where their keys differ (U-15)."""
    ring = Keyring("K", 1)
    clear, hidden = (
        KeyPick(ring, Key(at, Secret("same", kind), prefix=prefix("192.0.2.0/24"))) for at, kind in ((2, 0), (3, 6))
    )
    for best, taken in (((clear, hidden), 1), ((clear, clear), 0), ((hidden, hidden), 0)):
        run = Run(Choices())
        assert settle(run, pair()[0], KeySearch(best=best)) is best[0]
        assert len(run._choices.taken) == taken


TUNNEL = (
    "interface Tunnel1\n tunnel source GigabitEthernet0/0\n tunnel mode ipsec ipv4\n tunnel destination PEER\n"
    " tunnel protection ipsec profile I\n!\n"
)
PORT = " ip address OWN 255.255.255.0\n"


def mapped(*lines: str) -> Changes:
    entry = "crypto map CM 10 ipsec-isakmp\n set peer PEER\n set transform-set TS\n set isakmp-profile P\n"
    entry += " match address VPN\n!\n"
    entries = "".join(f" {line}\n" for line in lines)
    return {TUNNEL: f"{entry}ip access-list extended VPN\n{entries}!\n", PORT: f"{PORT} crypto map CM\n"}


TEMPLATE: Changes = {
    "   keyring K\n": "   keyring K\n   virtual-template 1\n",
    TUNNEL: TUNNEL.replace("interface Tunnel1\n", "interface Virtual-Template1 type tunnel\n").replace(
        " tunnel destination PEER\n", ""
    ),
}


class TestAListThatPermitsNothing:
    """Only what a crypto access list permits is traffic for the map: such a one starts nothing, whoever would answer."""

    DENIES = mapped("deny ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255", "deny ip any any")

    @pytest.mark.parametrize("other", [{}, mapped("permit ip 10.2.0.0 0.0.255.255 10.1.0.0 0.0.255.255"), TEMPLATE])
    def test_starts_nothing(self, other: Changes) -> None:
        found = call(self.DENIES, other)
        assert end(found) == ("not-initiated", None, "traffic-not-matched", "certain")
        assert cited(found, "A")[-2:] == ["deny ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255", "deny ip any any"]
        permits = mapped("deny ip any host 10.2.0.9", "permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255")
        assert call(permits, other).outcome != "not-initiated"

    def test_takes_nothing(self) -> None:
        near = mapped("permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255")
        assert end(call(near, self.DENIES)) == ("down", "QM1", "proxy-mismatch", "certain")


def test_a_list_of_less_than_a_tunnels_own_list() -> None:
    """Such a tunnel takes parts of its entries, as a crypto map does; one without a list its own proxies (QM-PROXIES)."""
    a, b = (RouterRules(one) for one in pair(mapped("permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255")))
    own = b.endpoints[0]
    listed = msgspec.structs.replace(own, acl="WIDE")
    wide = Proxies((Proxy("ip", prefix("10.0.0.0/8"), prefix("10.0.0.0/8")),))
    for waiting, readings in ((listed, 0), (own, 1)):
        run = Run(Choices())
        called = Responder(b, own.local, prefix("192.0.2.1").address, (waiting,))
        fits = _proxies_fit(run, Initiator(a, a.endpoints[0]), called, waiting, a.proxies(a.endpoints[0]), wide)
        assert (fits, len(run._choices.taken)) == (not readings, readings)


class TestAnEndThatNamesNoPeer:
    A, B = (RouterRules(one) for one in pair())
    OWN = msgspec.structs.replace(A.endpoints[0], peer=None, dynamic=True)
    CALLED = Responder(B, B.endpoints[0].local, prefix("192.0.2.1").address, B.endpoints)

    def test_is_told_with_whom_it_would_call(self) -> None:
        named = msgspec.structs.replace(self.OWN, peer_name="far.example")
        assert replay(Initiator(self.A, self.OWN), self.CALLED).peer == "192.0.2.2"
        assert replay(Initiator(self.A, self.OWN), None).peer == "any"
        assert replay(Initiator(self.A, named), self.CALLED).peer == "far.example"
        assert replay(Initiator(self.A, self.A.endpoints[0]), self.CALLED).peer == "192.0.2.2"

    def test_renews_nothing_where_a_line_may_say_otherwise(self) -> None:
        known = prefix("192.0.2.2").address
        found = replay(Initiator(self.A, self.OWN), self.CALLED, known_as=known)
        assert (found.outcome, found.reason) == ("not-initiated", "peer-unknown")
        assert found.renewal is not None and found.renewal.outcome == "up"
        doubtful = RouterRules(
            msgspec.structs.replace(self.A.router, unknown=(UnknownLine(5, "interface", "Tunnel1"),))
        )
        found = replay(Initiator(doubtful, self.OWN), self.CALLED, known_as=known)
        assert (found.outcome, found.confidence, found.renewal) == ("unknown", "unknown", None)


def test_the_subject_of_a_certificate_is_presented_where_the_router_says_so() -> None:
    """That it is the address is the reading that the sources do not support (ID-SENT)."""
    rsa: Changes = {POLICY: CA + RSA}
    found = call({POLICY: f"crypto isakmp identity dn\n{CA}{RSA}"}, rsa)
    assert found.readings[0].reading.startswith("A presents its distinguished name")
    assert "A presents its address" in [one.reading.partition(";")[0] for one in found.readings][1:]
