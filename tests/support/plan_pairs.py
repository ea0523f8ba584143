"""Random pairs of routers whose tunnels mostly work, with everything that may stand beside them in a configuration.

Tunnels, GRE, crypto maps, dynamic maps, DMVPN; front-door VRFs; keys in several places, encrypted, of host names, IPv6, RSA;
profiles bound and not; objects of IKEv2 that are there already; a second tunnel to somebody who is not there.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

A, B, STRANGER = "192.0.2.1", "198.51.100.2", "203.0.113.3"
KEY, OTHER = "one-sample-key-of-two", "another-sample-key"
ENCRYPTED = "UdIWTQN_ELVMLeN^UVWORFeKGTTcH`]QCC"
KINDS = ("vti", "vti", "gre", "gre", "map", "map", "dynamic", "dmvpn")
PLACES = ("one", "one", "two", "two-same", "wide-and-narrow", "global", "global-and-ring", "three")


@dataclass(frozen=True)
class Side:
    """What is drawn for one end; ``hub`` is the end of a dynamic map or of a DMVPN cloud that waits."""

    kind: str
    hub: bool
    vrf: str | None
    place: str
    wrong_key: bool
    encrypted: bool
    bound: bool
    listed: str
    mask_said: bool
    local_address: bool
    extras: frozenset[str]
    pfs: bool
    group: str

    def text(self, name: str, me: str, peer: str) -> str:
        """The running-config."""
        lines = [f"hostname {name}", "!"]
        if self.vrf:
            lines += [f"vrf definition {self.vrf}", " address-family ipv4", " exit-address-family", "!"]
        lines += self._keyrings(peer) + self._policy() + self._globals(peer) + self._profiles(peer)
        lines += self._ikev2()
        mode = "transport" if self.kind == "dmvpn" else "tunnel"
        lines += ["crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac", f" mode {mode}", "!"]
        lines += {"map": self._map, "dynamic": self._dynamic}.get(self.kind, self._tunnel)(me, peer)
        lines += ["interface Loopback9", " ip address 10.255.0.1 255.255.255.255", "!"]
        return "\n".join([*lines, "end", ""])

    # -- keys ----------------------------------------------------------------------------------------------------------

    @property
    def _wide(self) -> bool:
        return self.hub and self.kind in ("dynamic", "dmvpn")

    def _key(self) -> str:
        return f"6 {ENCRYPTED}" if self.encrypted else (OTHER if self.wrong_key else KEY)

    def _peer(self, peer: str) -> str:
        if self._wide:
            return "0.0.0.0 0.0.0.0"
        return f"{peer} 255.255.255.255" if self.mask_said else peer

    def _keyrings(self, peer: str) -> list[str]:
        if self.place == "global" and self.vrf is None:
            return []
        entry = f"  pre-shared-key address {self._peer(peer)} key {self._key()}"
        stranger = f"  pre-shared-key address {STRANGER} key {OTHER}"
        net = f"  pre-shared-key address {peer.rpartition('.')[0]}.0 255.255.255.0 key {self._key()}"
        rings = {
            "two": [[entry], [stranger]],
            "two-same": [[entry], [entry, stranger]],
            "wide-and-narrow": [[net], [entry]],
            "three": [[stranger], [entry], [entry]],
        }.get(self.place, [[entry]])
        lines = []
        for number, keys in enumerate(rings, 1):
            lines.append(f"crypto keyring KR{number}" + (f" vrf {self.vrf}" if self.vrf else ""))
            lines += ["  description for the peers"] * ("description" in self.extras)
            lines += ["  local-address GigabitEthernet0/0"] * self.local_address
            lines += keys
            if number == 1:
                lines += [f"  pre-shared-key hostname far.example.net key {OTHER}"] * ("hostname" in self.extras)
                lines += [f"  pre-shared-key address ipv6 2001:DB8:9::/64 key {OTHER}"] * ("ipv6" in self.extras)
                if "rsa" in self.extras:
                    lines += [f"  rsa-pubkey address {STRANGER} encryption", "   key-string", "    30819F30 0D06092A"]
                    lines += ["   quit"]
        return [*lines, "!"]

    def _globals(self, peer: str) -> list[str]:
        if self.place not in ("global", "global-and-ring") or (self.vrf and self.place == "global"):
            return []
        return [f"crypto isakmp key {self._key()} address {self._peer(peer)}" + " no-xauth" * ("xauth" in self.extras)]

    @property
    def _names(self) -> list[str]:
        if self.place == "global" and self.vrf is None:
            return {"none": [], "all": ["default"]}.get(self.listed, ["default"])
        count = {"two": 2, "two-same": 2, "wide-and-narrow": 2, "three": 3}.get(self.place, 1)
        names = [f"KR{n}" for n in range(1, count + 1)]
        holder = {"three": 1, "wide-and-narrow": 1}.get(self.place, 0)
        found = {"all": names, "last": names[-1:], "none": []}.get(self.listed, [names[holder]])
        return [*found, "default"] if self.place == "global-and-ring" and self.listed == "all" else found

    def _profiles(self, peer: str) -> list[str]:
        if "no-profile" in self.extras and not self.bound:
            return ["!"]
        suffix = f" {self.vrf}" if self.vrf else ""
        matched = "0.0.0.0" if self._wide else f"{peer} 255.255.255.255"
        lines = ["crypto isakmp profile P1", *(f"   keyring {name}" for name in self._names)]
        lines += ["   self-identity address"] * ("self" in self.extras)
        lines += [f"   match identity address {matched}{suffix}", *["   keepalive 30 retry 5"] * ("dpd" in self.extras)]
        if "unused-profile" in self.extras and self.place != "global":
            lines += ["crypto isakmp profile P2", "   keyring KR1"]
            lines += [f"   match identity address {STRANGER} 255.255.255.255{suffix}"]
        return [*lines, "!"]

    # -- what is negotiated --------------------------------------------------------------------------------------------

    def _policy(self) -> list[str]:
        word = "encryption" if "17.x" in self.extras else "encr"
        lines = ["crypto isakmp policy 10", f" {word} aes 256", " hash sha256", " authentication pre-share"]
        lines.append(f" group {self.group}")
        if "certificate-policy" in self.extras:
            lines += ["crypto isakmp policy 20", f" {word} aes 256", " hash sha256", f" group {self.group}"]
        return lines

    def _ikev2(self) -> list[str]:
        if "ikev2" not in self.extras:
            return []
        fvrf = [" match fvrf any"]
        return [
            "crypto ikev2 proposal P", " encryption aes-cbc-256", " integrity sha256", " group 14", "!",
            "crypto ikev2 policy P", *fvrf, " proposal P", "!",
            "crypto ikev2 keyring V2-KR", " peer OTHER", f"  address {STRANGER}", f"  pre-shared-key {OTHER}", " !", "!",
            "crypto ikev2 profile F", *fvrf, f" match identity remote address {STRANGER} 255.255.255.255",
            " authentication remote pre-share", " authentication local pre-share", " keyring local V2-KR", "!",
        ]  # fmt: skip

    # -- where it is bound ---------------------------------------------------------------------------------------------

    def _outside(self, me: str, *lines: str) -> list[str]:
        vrf = [f" vrf forwarding {self.vrf}"] * bool(self.vrf)
        return ["interface GigabitEthernet0/0", *vrf, f" ip address {me} 255.255.255.0", *lines, "!"]

    @property
    def _inner(self) -> list[str]:
        found = [" set isakmp-profile P1"] * self.bound
        found += [" set security-association lifetime seconds 1800"] * ("lifetime" in self.extras)
        return found + [" set pfs group14"] * self.pfs

    def _acl(self, me: str) -> list[str]:
        mine, theirs = ("10.1.0.0", "10.2.0.0") if me == A else ("10.2.0.0", "10.1.0.0")
        return ["ip access-list extended VPN", f" permit ip {mine} 0.0.255.255 {theirs} 0.0.255.255", "!"]

    def _map(self, me: str, peer: str) -> list[str]:
        lines = ["crypto map CM 10 ipsec-isakmp", f" set peer {peer}", " set transform-set TS", *self._inner]
        lines.append(" match address VPN")
        if "second" in self.extras:
            lines += ["crypto map CM 20 ipsec-isakmp", f" set peer {STRANGER}", " set transform-set TS"]
            lines.append(" match address VPN")
        return [*lines, "!", *self._outside(me, " crypto map CM"), *self._acl(me)]

    def _dynamic(self, me: str, peer: str) -> list[str]:
        if not self.hub:
            return self._map(me, peer)
        lines = ["crypto dynamic-map DM 5", " set transform-set TS", *self._inner, "!"]
        lines.append("crypto map CM 100 ipsec-isakmp dynamic DM")
        return [*lines, "!", *self._outside(me, " crypto map CM")]

    def _tunnel(self, me: str, peer: str) -> list[str]:
        fvrf = [f" tunnel vrf {self.vrf}"] * bool(self.vrf)
        lines = ["crypto ipsec profile IPSEC", " set transform-set TS", *self._inner, "!"]
        ip = " ip address 10.0.0.1 255.255.255.0" if me == A else " ip address 10.0.0.2 255.255.255.0"
        lines += ["interface Tunnel1", ip, *[" ip mtu 1400"] * ("mtu" in self.extras)]
        if self.kind == "dmvpn":
            lines += [" ip nhrp network-id 1", " tunnel source GigabitEthernet0/0", " tunnel mode gre multipoint"]
            lines[-2:-2] = (
                [" ip nhrp map multicast dynamic"] if self.hub else [f" ip nhrp nhs 10.0.0.1 nbma {peer} multicast"]
            )
            lines += [" tunnel key 1"]
        else:
            lines += [" tunnel source GigabitEthernet0/0", f" tunnel destination {peer}"]
            lines += [" tunnel mode ipsec ipv4"] * (self.kind == "vti")
        shared = " shared" if "shared" in self.extras and self.kind == "dmvpn" else ""
        lines += [*fvrf, f" tunnel protection ipsec profile IPSEC{shared}", "!"]
        if "second" in self.extras and self.kind != "dmvpn":
            lines += ["interface Tunnel2", " ip address 10.0.2.1 255.255.255.252", " tunnel source GigabitEthernet0/0"]
            lines += [f" tunnel destination {STRANGER}", " tunnel mode ipsec ipv4", *fvrf]
            lines += [" tunnel protection ipsec profile IPSEC", "!"]
        return [*lines, *self._outside(me)]


EXTRAS = (
    "description", "hostname", "ipv6", "rsa", "xauth", "no-profile", "self", "dpd", "unused-profile", "17.x",
    "certificate-policy", "ikev2", "lifetime", "second", "mtu", "shared",
)  # fmt: skip


@st.composite
def _sides(draw: st.DrawFn, kind: str, *, hub: bool) -> Side:
    rarely = st.integers(0, 9).map(lambda n: n == 9)
    return Side(
        kind=kind,
        hub=hub,
        vrf=draw(st.sampled_from([None, None, "FRONT"])),
        place=draw(st.sampled_from(PLACES)),
        wrong_key=draw(rarely),
        encrypted=draw(rarely),
        bound=draw(st.sampled_from([True, True, False])),
        listed=draw(st.sampled_from(["holder", "holder", "all", "last", "none"])),
        mask_said=draw(st.booleans()),
        local_address=draw(rarely),
        extras=frozenset(draw(st.lists(st.sampled_from(EXTRAS), max_size=5, unique=True))),
        pfs=draw(rarely),
        group=draw(st.sampled_from(["14", "14", "14", "19"])),
    )


@st.composite
def plan_pairs(draw: st.DrawFn) -> tuple[str, str]:
    """The configurations of two routers, A and B, that face each other; B waits where one of them does."""
    kind = draw(st.sampled_from(KINDS))
    one, other = draw(_sides(kind, hub=False)), draw(_sides(kind, hub=True))
    return one.text("A", A, B), other.text("B", B, A)
