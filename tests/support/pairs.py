"""Random pairs of routers as configuration text: tunnels and crypto maps, with and without VRFs, IKEv1 and IKEv2."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

ADDRESSES = {"A": "192.0.2.1", "B": "192.0.2.2"}
KEYS = ("first-sample-key", "other-sample-key")
MASKS = ("255.255.255.255", "255.255.255.0", "255.255.0.0", "0.0.0.0")


@dataclass(frozen=True)
class Ring:
    """A keyring: entries for the peer as (mask, key); an entry for somebody else when ``stranger``."""

    name: str
    entries: tuple[tuple[str, str], ...]
    stranger: bool = False
    local_address: bool = False


@dataclass(frozen=True)
class Profile:
    """An ISAKMP profile: the keyrings it lists and the masks under which it matches the peer."""

    name: str
    rings: tuple[str, ...]
    masks: tuple[str, ...]


@dataclass(frozen=True)
class End:
    """One router of the pair."""

    rings: tuple[Ring, ...]
    profiles: tuple[Profile, ...]
    bound: str | None
    global_key: tuple[str, str] | None = None
    vrf: str | None = None
    crypto_map: bool = False
    version: int = 1
    v2_key: str = KEYS[0]
    groups: tuple[str, ...] = field(default=("14",))

    def text(self, name: str, me: str, peer: str) -> str:
        """The running-config of this end."""
        lines = [f"hostname {name}", "!"]
        if self.vrf:
            lines += [f"vrf definition {self.vrf}", " address-family ipv4", " exit-address-family", "!"]
        if self.version == 2:
            lines += self._ikev2(peer)
        else:
            lines += self._ikev1(peer)
        lines += ["crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac", " mode tunnel", "!"]
        lines += self._binding(me, peer)
        return "\n".join([*lines, "end", ""])

    def _ikev1(self, peer: str) -> list[str]:
        vrf = f" vrf {self.vrf}" if self.vrf else ""
        lines = []
        for ring in self.rings:
            lines.append(f"crypto keyring {ring.name}{vrf}")
            if ring.local_address:
                lines.append("  local-address GigabitEthernet0/0")
            lines += [f"  pre-shared-key address {masked(peer, mask)} {mask} key {key}" for mask, key in ring.entries]
            if ring.stranger:
                lines.append(f"  pre-shared-key address 198.51.100.77 key {KEYS[0]}")
        lines += [
            line
            for group in self.groups
            for line in (
                f"crypto isakmp policy {group}",
                " encr aes 256",
                " hash sha256",
                " authentication pre-share",
                f" group {group}",
            )
        ]
        if self.global_key:
            mask, key = self.global_key
            lines.append(f"crypto isakmp key {key} address {masked(peer, mask)} {mask}")
        suffix = f" {self.vrf}" if self.vrf else ""
        for profile in self.profiles:
            lines.append(f"crypto isakmp profile {profile.name}")
            lines += [f"   keyring {ring}" for ring in profile.rings]
            lines += [f"   match identity address {masked(peer, mask)} {mask}{suffix}" for mask in profile.masks]
            if not profile.masks:
                lines.append(f"   match identity address 198.51.100.99 255.255.255.255{suffix}")
        return [*lines, "!"]

    def _ikev2(self, peer: str) -> list[str]:
        fvrf = [f" match fvrf {self.vrf}"] if self.vrf else []
        return [
            "crypto ikev2 proposal P", " encryption aes-cbc-256", " integrity sha384", f" group {' '.join(self.groups)}", "!",
            "crypto ikev2 policy P", *fvrf, " proposal P", "!",
            "crypto ikev2 keyring K", " peer PEER", f"  address {peer}", f"  pre-shared-key {self.v2_key}", " !", "!",
            "crypto ikev2 profile F", *fvrf, f" match identity remote address {peer} 255.255.255.255",
            " authentication remote pre-share", " authentication local pre-share", " keyring local K", "!",
        ]  # fmt: skip

    def _binding(self, me: str, peer: str) -> list[str]:
        bound = (
            [" set ikev2-profile F"] if self.version == 2 else [f" set isakmp-profile {self.bound}"] * bool(self.bound)
        )
        vrf = [f" vrf forwarding {self.vrf}"] * bool(self.vrf)
        outside = ["interface GigabitEthernet0/0", *vrf, f" ip address {me} 255.255.255.0"]
        if self.crypto_map:
            mine, theirs = ("10.1.0.0", "10.2.0.0") if me == ADDRESSES["A"] else ("10.2.0.0", "10.1.0.0")
            return [
                "crypto map CM 10 ipsec-isakmp", f" set peer {peer}", " set transform-set TS", *bound,
                " match address VPN", "!",
                *outside, " crypto map CM", "!",
                "ip access-list extended VPN", f" permit ip {mine} 0.0.255.255 {theirs} 0.0.255.255", "!",
            ]  # fmt: skip
        fvrf = [f" tunnel vrf {self.vrf}"] * bool(self.vrf)
        return [
            "crypto ipsec profile IPSEC", " set transform-set TS", *bound, "!",
            "interface Tunnel1", " ip address 10.0.0.1 255.255.255.252", " tunnel source GigabitEthernet0/0",
            f" tunnel destination {peer}", " tunnel mode ipsec ipv4", *fvrf, " tunnel protection ipsec profile IPSEC", "!",
            *outside, "!",
        ]  # fmt: skip


def masked(address: str, mask: str) -> str:
    """``address`` with the host bits of ``mask`` cleared."""
    pairs = zip(address.split("."), mask.split("."), strict=True)
    return ".".join(str(int(octet) & int(bits)) for octet, bits in pairs)


def rings() -> st.SearchStrategy[tuple[Ring, ...]]:
    """One to three keyrings, each with up to two masks for the peer."""
    entries = st.lists(st.tuples(st.sampled_from(MASKS), st.sampled_from(KEYS)), max_size=2, unique_by=lambda e: e[0])
    one = st.tuples(entries, st.booleans(), st.booleans())
    return st.lists(one, min_size=1, max_size=3).map(
        lambda found: tuple(
            Ring(f"KR{n}", tuple(entry), stranger, local) for n, (entry, stranger, local) in enumerate(found, 1)
        )
    )


@st.composite
def ends(draw: st.DrawFn, *, crypto_map: bool, vrf: bool, version: int) -> End:
    """One end of a pair."""
    found = draw(rings())
    names = [ring.name for ring in found] + ["default"]
    profile = st.tuples(
        st.lists(st.sampled_from(names), max_size=2, unique=True),
        st.lists(st.sampled_from(MASKS), max_size=2, unique=True),
    )
    profiles = tuple(
        Profile(f"P{n}", tuple(listed), tuple(masks))
        for n, (listed, masks) in enumerate(draw(st.lists(profile, max_size=3)), 1)
    )
    bound = draw(st.sampled_from([None, *(p.name for p in profiles)]))
    has_global = draw(st.booleans()) and draw(st.booleans())
    return End(
        rings=found,
        profiles=profiles,
        bound=bound,
        global_key=(draw(st.sampled_from(MASKS)), draw(st.sampled_from(KEYS))) if has_global else None,
        vrf="FRONT" if vrf else None,
        crypto_map=crypto_map,
        version=version,
        v2_key=draw(st.sampled_from(KEYS)),
        groups=draw(st.sampled_from([("14",), ("14",), ("19", "14"), ("19",)])),
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[End, End]:
    """Two ends that face each other."""
    crypto_map, version = draw(st.booleans()), draw(st.sampled_from([1, 1, 1, 2]))
    one = draw(ends(crypto_map=crypto_map, vrf=draw(st.booleans()), version=version))
    other = draw(ends(crypto_map=crypto_map, vrf=draw(st.booleans()), version=version))
    return one, other


def texts(pair: tuple[End, End], names: tuple[str, str] = ("A", "B")) -> dict[str, str]:
    """Both configurations by router name."""
    one, other = pair
    a, b = ADDRESSES["A"], ADDRESSES["B"]
    return {names[0]: one.text(names[0], a, b), names[1]: other.text(names[1], b, a)}
