"""Where negotiations start and end: tunnels, crypto maps, and the clients of GET VPN and Easy VPN."""

from __future__ import annotations

from ikeaudit.rulebook import sources as s
from ikeaudit.rulebook.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "END-PLACES",
        "Where a negotiation can happen",
        "At a tunnel interface with 'tunnel protection', and at each peer of each entry of a crypto map that an "
        "interface carries. Transform sets, PFS and profiles come from the IPsec profile or from the entry.",
        s.YANG,
    ),
    Rule(
        "END-FVRF",
        "'tunnel vrf' is the VRF of the outer packets",
        "It need not be that of the tunnel's source; 'vrf forwarding' is the inside VRF. A packet arrives in the "
        "VRF of the interface that it comes in by.",
        s.REFERENCE,
    ),
    Rule(
        "END-SHARED",
        "Tunnels with one source share their protection, or collide",
        "Multipoint tunnels on one source need the same IPsec profile and 'shared' on each, and an interface as the "
        "source. Two tunnels between the same two addresses cannot be told apart at all.",
        s.SHARING,
    ),
    Rule(
        "END-TEMPLATE",
        "A virtual template is cloned for callers of its profile",
        "A template with protection serves only those whose ISAKMP or IKEv2 profile names it by 'virtual-template'.",
        f"FlexVPN guides; {s.TEMPLATES}",
    ),
    Rule(
        "END-DYNAMIC",
        "A dynamic entry answers whoever fits no other, and never calls",
        "It belongs last in its crypto map: before static entries it takes their peers.",
        s.REFERENCE,
    ),
    Rule(
        "END-MAP-ADDRESS",
        "A crypto map speaks from one address",
        "'crypto map NAME local-address' or the interface's own address is what the peer must name in 'set peer'. "
        "All peers of an entry are alternatives, and each needs a key and a match of its own.",
        f"{s.REFERENCE}; {s.INFERRED}",
    ),
    Rule(
        "END-MAP-ON-TUNNEL",
        "IOS-XE takes no crypto map on a tunnel interface",
        "Except for GDOI, the command is rejected, or associations come up and carry nothing.",
        "Cisco, troubleshooting notes of the 8000V",
    ),
    Rule(
        "END-NAMED-PEER",
        "An end calls the address that the other end speaks from",
        "Source and destination of the two ends must be each other's, in one front-door VRF; an address that "
        "several routers hold leaves open who answers.",
        s.INFERRED,
    ),
    Rule(
        "CALL-ORDER",
        "The peers of a crypto map entry are called one after the other",
        "The one with 'default' first, then in the order of the lines, each when the one before does not answer; the one last "
        "heard from stays. Any of them may call. Whether the next is called where phase 1 came up and phase 2 failed is open.",
        f"{s.REFERENCE}; {s.INFERRED}",
    ),
    Rule(
        "CLIENT-GETVPN",
        "A group member registers by IKE like any other peer",
        "A member calls its key servers in phase 1, or by IKEv2 where a profile says so; keys are looked up as for "
        "a tunnel. The server of its group answers.",
        s.REFERENCE,
    ),
    Rule(
        "CLIENT-EZVPN",
        "An Easy VPN client presents its group in aggressive mode",
        "The group's key stands in the client group of the server or with AAA; a dynamic map or a virtual template "
        "answers.",
        f"{s.REFERENCE}; {s.YANG}",
    ),
    Rule(
        "DMVPN-CLOUDS",
        "A spoke belongs to the tunnel that has its server's address",
        "Not 'ip nhrp network-id', which is of local meaning, but the address of the next-hop server and the subnet say which "
        "of a hub's tunnels a spoke's belongs to. A spoke without a network-id never calls; a hub without one registers "
        "nobody. What carries another 'tunnel key', or none, belongs to no tunnel: IPsec is up and the spoke does not "
        "register. Several multipoint tunnels on one source need keys.",
        "measured on images: faults of a DMVPN injected one at a time (IOL 17.15, IOSv 15.9)",
    ),
    Rule(
        "DMVPN-SPOKES",
        "Spokes call each other when the hub lets them",
        "A spoke learns another's outer address by NHRP and calls it with the keys that it has for that address. If "
        "that fails, traffic stays on the way over the hub. It takes 'ip nhrp redirect' at the hub and 'ip nhrp shortcut' at "
        "the spoke, which IOS-XE has from 16.3 on unless 'no ip nhrp shortcut' stands there and others only where it is "
        "printed; or a routing protocol that leaves next hops alone. The spoke that answers a request calls first, probably. "
        "Nobody asks, or is asked for, who registers nowhere: without 'ip nhrp network-id', at the spoke or at all its hubs; "
        "where the tunnel keys differ; or where all hubs are shut down or left as point-to-point. Where 'ip nhrp "
        "authentication' differs, at the spoke and all its hubs or at the two spokes, NHRP refuses, but a running network goes "
        "on with old entries for a while: it is not known whether they call.",
        f"Cisco, DMVPN guides, IPv6 over DMVPN; {s.REFERENCE}; {s.INFERRED}",
    ),
)
