"""Random pairs of routers that negotiate by IKEv2: several keyrings and profiles each, tunnels and crypto maps, VRFs."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from pairs import ADDRESSES, KEYS, MASKS, masked

STRANGER = "198.51.100.77"
NAMES = {ADDRESSES["A"]: "a.example.com", ADDRESSES["B"]: "b.example.com"}


@dataclass(frozen=True)
class Block:
    """A peer block: by a mask for the peer's address, by the peer's name, or for somebody else; key as (local, remote)."""

    by: str
    keys: tuple[str, str]


@dataclass(frozen=True)
class Profile2:
    """An IKEv2 profile: its keyring, how it matches the peer, and whether the end presents its name."""

    ring: int
    match: str
    named: bool
    vrf: str


@dataclass(frozen=True)
class End2:
    """One router of the pair; ``bound`` is the position of the bound profile."""

    rings: tuple[tuple[Block, ...], ...]
    profiles: tuple[Profile2, ...]
    bound: int
    vrf: bool
    crypto_map: bool
    groups: str

    def text(self, name: str, me: str, peer: str) -> str:
        """The running-config of this end."""
        lines = [f"hostname {name}", "!"]
        if self.vrf:
            lines += ["vrf definition FRONT", " address-family ipv4", " exit-address-family", "!"]
        lines += [
            "crypto ikev2 proposal P",
            " encryption aes-cbc-256",
            " integrity sha384",
            f" group {self.groups}",
            "!",
        ]
        lines += ["crypto ikev2 policy P", " match fvrf any", " proposal P", "!"]
        for n, blocks in enumerate(self.rings):
            lines.append(f"crypto ikev2 keyring K{n}")
            for m, block in enumerate(blocks):
                lines += [f" peer K{n}P{m}", f"  {self._whom(block.by, peer)}", *self._keys(block), " !"]
            lines.append("!")
        for n, profile in enumerate(self.profiles):
            vrf = {"none": [], "any": [" match fvrf any"], "own": [" match fvrf FRONT"] * self.vrf}[profile.vrf]
            lines += [f"crypto ikev2 profile F{n}", *vrf, f" match identity remote {self._match(profile.match, peer)}"]
            lines += [f" identity local fqdn {NAMES[me]}"] * profile.named
            lines += [" authentication remote pre-share", " authentication local pre-share"]
            lines += [f" keyring local K{profile.ring}", "!"]
        lines += ["crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac", " mode tunnel", "!"]
        return "\n".join([*lines, *self._binding(me, peer), "end", ""])

    @staticmethod
    def _keys(block: Block) -> list[str]:
        local, remote = block.keys
        if local == remote:
            return [f"  pre-shared-key {local}"]
        return [f"  pre-shared-key local {local}", f"  pre-shared-key remote {remote}"]

    @staticmethod
    def _whom(by: str, peer: str) -> str:
        if by == "name":
            return f"identity fqdn {NAMES[peer]}"
        return f"address {STRANGER}" if by == "stranger" else f"address {masked(peer, by)} {by}"

    @staticmethod
    def _match(match: str, peer: str) -> str:
        if match == "name":
            return f"fqdn {NAMES[peer]}"
        if match == "stranger":
            return f"address {STRANGER} 255.255.255.255"
        return f"address {masked(peer, match)} {match}"

    def _binding(self, me: str, peer: str) -> list[str]:
        bound = f" set ikev2-profile F{self.bound}"
        outside = [
            "interface GigabitEthernet0/0",
            *[" vrf forwarding FRONT"] * self.vrf,
            f" ip address {me} 255.255.255.0",
        ]
        if self.crypto_map:
            mine, theirs = ("10.1.0.0", "10.2.0.0") if me == ADDRESSES["A"] else ("10.2.0.0", "10.1.0.0")
            return [
                "crypto map CM 10 ipsec-isakmp", f" set peer {peer}", " set transform-set TS", bound, " match address VPN", "!",
                *outside, " crypto map CM", "!",
                "ip access-list extended VPN", f" permit ip {mine} 0.0.255.255 {theirs} 0.0.255.255", "!",
            ]  # fmt: skip
        return [
            "crypto ipsec profile IPSEC", " set transform-set TS", bound, "!",
            "interface Tunnel1", " ip address 10.0.0.1 255.255.255.252", " tunnel source GigabitEthernet0/0",
            f" tunnel destination {peer}", " tunnel mode ipsec ipv4", *[" tunnel vrf FRONT"] * self.vrf,
            " tunnel protection ipsec profile IPSEC", "!",
            *outside, "!",
        ]  # fmt: skip


def blocks(keys: tuple[str, ...]) -> st.SearchStrategy[Block]:
    """A peer block with keys out of ``keys``, mostly one for both halves."""
    key = st.sampled_from(keys)
    return st.builds(
        Block,
        st.sampled_from([*MASKS, MASKS[0], "name", "stranger"]),
        st.one_of(key.map(lambda one: (one, one)), key.map(lambda one: (one, one)), st.tuples(key, key)),
    )


@st.composite
def ends2(draw: st.DrawFn, *, crypto_map: bool, keys: tuple[str, ...] = KEYS) -> End2:
    """One end of a pair."""
    rings = draw(
        st.lists(st.lists(blocks(keys), max_size=2, unique_by=lambda b: b.by).map(tuple), min_size=1, max_size=3)
    )
    profile = st.builds(
        Profile2,
        st.integers(0, len(rings) - 1),
        st.sampled_from([MASKS[0], MASKS[0], MASKS[1], "name", "stranger"]),
        st.sampled_from([False, False, True]),
        st.sampled_from(["own", "own", "any", "none"]),
    )
    profiles = tuple(draw(st.lists(profile, min_size=1, max_size=3)))
    return End2(
        tuple(rings),
        profiles,
        draw(st.integers(0, len(profiles) - 1)),
        draw(st.booleans()),
        crypto_map,
        draw(st.sampled_from(["14", "14", "19 14", "19"])),
    )


@st.composite
def pairs_v2(draw: st.DrawFn, keys: tuple[str, ...] = KEYS) -> tuple[End2, End2]:
    """Two ends that face each other."""
    crypto_map = draw(st.booleans())
    return draw(ends2(crypto_map=crypto_map, keys=keys)), draw(ends2(crypto_map=crypto_map, keys=keys))


def texts_v2(pair: tuple[End2, End2], names: tuple[str, str] = ("A", "B")) -> dict[str, str]:
    """Both configurations by router name."""
    one, other = pair
    a, b = ADDRESSES["A"], ADDRESSES["B"]
    return {names[0]: one.text(names[0], a, b), names[1]: other.text(names[1], b, a)}
