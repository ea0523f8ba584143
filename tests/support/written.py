"""Random routers written as configuration text together with the model that the text must be read as.

The writer numbers lines as it goes, so that the expected structs carry the right ones; nothing here reads configuration.
"""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Any

from hypothesis import strategies as st
from parsed import clear

from ikeaudit.model import (
    CryptoMap,
    CryptoMapEntry,
    CryptoPeer,
    IdentityMatch,
    Ikev2Auth,
    Ikev2Identity,
    Ikev2Keyring,
    Ikev2Peer,
    Ikev2Profile,
    Interface,
    InterfaceAddress,
    IpsecProfile,
    IsakmpPolicy,
    IsakmpProfile,
    Key,
    Keyring,
    KeyringRef,
    LocalAddress,
    NamedLine,
    Prefix,
    Secret,
    TransformSet,
    Tunnel,
    TunnelProtection,
)

NAMES = st.from_regex(r"[A-Z][A-Za-z0-9:_.\-]{1,11}", fullmatch=True)
VRFS = st.none() | st.sampled_from(["INET", "MPLS", "cust-a"])
KEYS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.\-]{3,15}", fullmatch=True).filter(
    lambda key: key not in ("address", "hostname", "ipv6")
)
HOSTS = st.integers(min_value=0x0A000001, max_value=0x0AFFFFFE).map(IPv4Address)
LENGTHS = st.integers(min_value=1, max_value=32)


def mask(length: int) -> str:
    """The dotted mask of ``length`` bits."""
    return str(IPv4Address(((1 << length) - 1) << (32 - length)))


class Writer:
    """Text that grows line by line."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def line(self, text: str) -> int:
        """Add a line; its number."""
        self.lines.append(text)
        return len(self.lines)

    @property
    def text(self) -> str:
        """What was written."""
        return "\n".join(self.lines) + "\n"


@st.composite
def keyrings(draw: st.DrawFn, out: Writer) -> tuple[Keyring, ...]:
    """Up to three keyrings."""
    found = []
    for name in draw(st.lists(NAMES, max_size=3, unique=True)):
        vrf = draw(VRFS)
        line = out.line(f"crypto keyring {name}" + (f" vrf {vrf}" if vrf else ""))
        local = None
        if draw(st.booleans()):
            local = LocalAddress(out.line("  local-address Loopback0"), interface="Loopback0")
        keys = []
        for host, length in draw(st.lists(st.tuples(HOSTS, LENGTHS), max_size=4, unique=True)):
            word = draw(KEYS)
            number = out.line(f"  pre-shared-key address {host} {mask(length)} key {word}")
            keys.append(Key(number, Secret(clear(word)), Prefix.of(host, length)))
        for host_name in draw(st.lists(NAMES, max_size=1)):
            word = draw(KEYS)
            number = out.line(f"  pre-shared-key hostname {host_name} key {word}")
            keys.append(Key(number, Secret(clear(word)), hostname=host_name))
        found.append(Keyring(name, line, vrf, local, tuple(keys)))
    return tuple(found)


@st.composite
def isakmp_profiles(draw: st.DrawFn, out: Writer) -> tuple[IsakmpProfile, ...]:
    """Up to three ISAKMP profiles."""
    found = []
    for name in draw(st.lists(NAMES, max_size=3, unique=True)):
        line = out.line(f"crypto isakmp profile {name}")
        values: dict[str, Any] = {}
        if draw(st.booleans()):
            values["vrf"] = "INSIDE"
            out.line("   vrf INSIDE")
        refs = tuple(
            KeyringRef(out.line(f"   keyring {ring}"), ring) for ring in draw(st.lists(NAMES, max_size=2, unique=True))
        )
        matches = []
        for host, length, vrf in draw(st.lists(st.tuples(HOSTS, LENGTHS, VRFS), max_size=3, unique=True)):
            tail = f" {vrf}" if vrf else ""
            number = out.line(f"   match identity address {host} {mask(length)}{tail} ")
            matches.append(IdentityMatch(number, "address", Prefix.of(host, length), vrf=vrf))
        if draw(st.booleans()):
            number = out.line("   match identity host domain example.net")
            matches.append(IdentityMatch(number, "host-domain", value="example.net"))
        if draw(st.booleans()):
            values["initiate_mode"] = "aggressive"
            out.line("   initiate mode aggressive")
        found.append(IsakmpProfile(name, line, refs, tuple(matches), **values))
    return tuple(found)


@st.composite
def policies(draw: st.DrawFn, out: Writer) -> tuple[IsakmpPolicy, ...]:
    """Up to three policies, by number."""
    found = []
    for number in sorted(draw(st.sets(st.integers(1, 10000), max_size=3))):
        line = out.line(f"crypto isakmp policy {number}")
        values: dict[str, Any] = {}
        if draw(st.booleans()):
            values |= {"encryption": "aes 256", "keyword": draw(st.sampled_from(["encr", "encryption"]))}
            out.line(f" {values['keyword']} aes 256")
        for field, options in (
            ("hash", ["md5", "sha256"]),
            ("authentication", ["pre-share", "rsa-encr"]),
            ("group", ["2", "14"]),
            ("lifetime", [3600]),
        ):
            value = draw(st.none() | st.sampled_from(options))  # type: ignore[type-var]
            if value is not None:
                values[field] = value
                out.line(f" {field} {value}")
        found.append(IsakmpPolicy(number, line, **values))
    return tuple(found)


@st.composite
def ipsec(draw: st.DrawFn, out: Writer) -> tuple[tuple[TransformSet, ...], tuple[IpsecProfile, ...]]:
    """A transform set and up to three IPsec profiles."""
    mode = draw(st.sampled_from(["tunnel", "transport"]))
    line = out.line("crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac ")
    out.line(f" mode {mode}")
    sets = (TransformSet("TS", line, ("esp-aes 256", "esp-sha256-hmac"), mode),)
    profiles = []
    for name in draw(st.lists(NAMES, max_size=3, unique=True)):
        line = out.line(f"crypto ipsec profile {name}")
        values: dict[str, Any] = {"transform_sets": (NamedLine(out.line(" set transform-set TS "), "TS"),)}
        if draw(st.booleans()):
            out.line(" set pfs group14")
            values["pfs"] = "group14"
        bound = draw(st.sampled_from(["", "isakmp", "ikev2"]))
        if bound:
            target = draw(NAMES)
            values[f"{bound}_profile"] = NamedLine(out.line(f" set {bound}-profile {target}"), target)
        profiles.append(IpsecProfile(name, line, **values))
    return sets, tuple(profiles)


@st.composite
def crypto_maps(draw: st.DrawFn, out: Writer) -> tuple[CryptoMap, ...]:
    """Up to two crypto maps."""
    found = []
    for name in draw(st.lists(NAMES, max_size=2, unique=True)):
        first, local = None, None
        if draw(st.booleans()):
            first = out.line(f"crypto map {name} local-address Loopback0")
            local = NamedLine(first, "Loopback0")
        entries = []
        for sequence in sorted(draw(st.sets(st.integers(1, 65535), min_size=1, max_size=3))):
            line = out.line(f"crypto map {name} {sequence} ipsec-isakmp ")
            first = first or line
            peers = tuple(
                CryptoPeer(out.line(f" set peer {host}"), host)
                for host in draw(st.lists(HOSTS, max_size=2, unique=True))
            )
            sets = (NamedLine(out.line(" set transform-set TS "), "TS"),)
            acl = NamedLine(out.line(" match address PROXY"), "PROXY")
            entries.append(CryptoMapEntry(sequence, line, peers=peers, transform_sets=sets, acl=acl))
        found.append(CryptoMap(name, first or 0, tuple(entries), local_address=local))
    return tuple(found)


@st.composite
def ikev2_parts(draw: st.DrawFn, out: Writer) -> tuple[tuple[Ikev2Keyring, ...], tuple[Ikev2Profile, ...]]:
    """Up to two IKEv2 keyrings and two profiles."""
    rings = []
    for name in draw(st.lists(NAMES, max_size=2, unique=True)):
        line = out.line(f"crypto ikev2 keyring {name}")
        peers = []
        for label in draw(st.lists(NAMES, max_size=2, unique=True)):
            number = out.line(f" peer {label}")
            host = draw(HOSTS)
            out.line(f"  address {host}")
            word = draw(KEYS)
            out.line(f"  pre-shared-key {word}")
            out.line(" !")
            secret = Secret(clear(word))
            peers.append(Ikev2Peer(label, number, (Prefix.of(host),), local=secret, remote=secret))
        rings.append(Ikev2Keyring(name, line, tuple(peers)))
    profiles = []
    for name in draw(st.lists(NAMES, max_size=2, unique=True)):
        line = out.line(f"crypto ikev2 profile {name}")
        host = draw(HOSTS)
        number = out.line(f" match identity remote address {host} 255.255.255.255 ")
        matches = (Ikev2Identity(number, "address", Prefix.of(host)),)
        remote = (Ikev2Auth(out.line(" authentication remote pre-share"), "pre-share"),)
        local = (Ikev2Auth(out.line(" authentication local pre-share"), "pre-share"),)
        ring = draw(NAMES)
        keyring = NamedLine(out.line(f" keyring local {ring}"), ring)
        profiles.append(
            Ikev2Profile(
                name, line, matches=matches, remote_auth=remote, local_auth=local, keyring=keyring, keyring_kind="local"
            )
        )
    return tuple(rings), tuple(profiles)


@st.composite
def interfaces(draw: st.DrawFn, out: Writer) -> tuple[Interface, ...]:
    """Up to four tunnels and one interface with an address."""
    found = []
    for number in sorted(draw(st.sets(st.integers(0, 9999), max_size=4))):
        line = out.line(f"interface Tunnel{number}")
        inside = draw(HOSTS)
        address = InterfaceAddress(out.line(f" ip address {inside} 255.255.255.252"), inside, Prefix.of(inside, 30))
        values: dict[str, Any] = {"source_interface": "GigabitEthernet0/0"}
        values["source_line"] = out.line(" tunnel source GigabitEthernet0/0")
        if draw(st.booleans()):
            values["mode"] = "ipsec ipv4"
            out.line(" tunnel mode ipsec ipv4")
        peer = draw(HOSTS)
        values |= {"destination": peer, "destination_line": out.line(f" tunnel destination {peer}")}
        vrf = draw(VRFS)
        if vrf:
            values |= {"vrf": vrf, "vrf_line": out.line(f" tunnel vrf {vrf}")}
        profile = draw(NAMES)
        shared = draw(st.booleans())
        protection = out.line(f" tunnel protection ipsec profile {profile}" + (" shared" if shared else ""))
        values["protection"] = TunnelProtection(protection, profile, shared)
        found.append(Interface(f"Tunnel{number}", line, (address,), "static", tunnel=Tunnel(**values)))
        out.line("!")
    outside = draw(HOSTS)
    line = out.line("interface GigabitEthernet0/0")
    address = InterfaceAddress(out.line(f" ip address {outside} 255.255.255.0"), outside, Prefix.of(outside, 24))
    found.append(Interface("GigabitEthernet0/0", line, (address,), "static"))
    return tuple(found)


@st.composite
def written_routers(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    """A configuration and, by the name of the router's field, what it must be read as."""
    out = Writer()
    out.line("hostname R1")
    expected: dict[str, object] = {"keyrings": draw(keyrings(out)), "isakmp_policies": draw(policies(out))}
    out.line("!")
    expected["isakmp_profiles"] = draw(isakmp_profiles(out))
    expected["transform_sets"], expected["ipsec_profiles"] = draw(ipsec(out))
    expected["crypto_maps"] = draw(crypto_maps(out))
    rings, profiles = draw(ikev2_parts(out))
    expected["ikev2.keyrings"], expected["ikev2.profiles"] = rings, profiles
    expected["interfaces"] = draw(interfaces(out))
    out.line("ip access-list extended PROXY")
    out.line(" permit ip any any")
    out.line("end")
    return out.text, expected
