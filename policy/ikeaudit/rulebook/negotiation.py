"""How IKEv1 is negotiated: modes, policies, quick mode, and what stands between the routers."""

from __future__ import annotations

from ikeaudit.rulebook import sources as s
from ikeaudit.rulebook.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "MODE-MAIN",
        "Main mode, message by message",
        "The caller needs a key before the first message, the responder looks one up at once and again at the "
        "third. The fifth and sixth carry the identities, after which profile and keyring are checked; quick mode "
        "follows.",
        f"{s.SELECTION}; {s.NAT_CAPTURE}; {s.NO_KEY_CAPTURE}",
    ),
    Rule(
        "MODE-AGGRESSIVE",
        "Aggressive mode sends the identity first, in clear",
        "IOS starts it for a peer that it has only a host-name key for, for 'crypto isakmp peer' with "
        "aggressive-mode attributes, and for a profile with 'initiate mode aggressive'; it answers it unless "
        "'crypto isakmp aggressive-mode disable' is set.",
        f"{s.AGGRESSIVE}; {s.YANG}",
    ),
    Rule(
        "AGGRESSIVE-KEY",
        "In aggressive mode the profile comes before the key",
        "The responder knows the identity, so it selects the profile, then a key for the host name, then one for "
        "the address.",
        f"{s.AGGRESSIVE_CAPTURE}; {s.INFERRED}",
    ),
    Rule(
        "POLICY-AGREE",
        "Both ends need one ISAKMP policy in common",
        "Policies are compared in the order of their numbers by encryption, hash, authentication and group. The "
        "lifetime need not match: the lower one holds.",
        f"notes with log; {s.REFERENCE}",
    ),
    Rule(
        "POLICY-DEFAULTS",
        "What a policy does not print has a default",
        "Classic IOS and IOS-XE up to 16 hide DES, SHA, RSA signatures, group 1 and 86400 seconds. Images of 17.x "
        "that print 'encryption' print their defaults too, so that a missing line there says nothing.",
        f"{s.SHOWN}; {s.NSO}; {s.NO_KEY_CAPTURE}",
    ),
    Rule(
        "POLICY-BUILT-IN",
        "Without a policy of its own a router has built-in ones",
        "They apply until one is configured or 'no crypto isakmp default policy' is given; newer releases refuse "
        "them as too weak.",
        f"{s.SHOWN}; {s.NO_KEY_CAPTURE}",
    ),
    Rule(
        "IKE-ENABLED",
        "'no crypto isakmp enable' switches IKEv1 off",
        "Such a router neither starts nor answers IKEv1. On some releases it touches IKEv2 as well, so no plan "
        "sends it.",
        s.REFERENCE,
    ),
    Rule(
        "DPD-BOTH",
        "Dead peers are only noticed where both ends look",
        "After one end lost its associations the other goes on sending into them until dead peer detection, or "
        "'invalid-spi-recovery', notices.",
        s.NAT_CAPTURE,
    ),
    Rule(
        "CALL-POSSIBLE",
        "Some ends cannot call",
        "An end cannot start a negotiation when it does not know its peer's address (dynamic map, virtual template, "
        "multipoint tunnel towards a spoke that did not register), when it is 'responder-only', or when the peer "
        "hides behind port translation.",
        s.REFERENCE,
    ),
    Rule(
        "CALL-RENEWAL",
        "An end that cannot call may renew",
        "The hub of a multipoint tunnel whose spoke is registered, and an entry of a dynamic map while its temporary "
        "entry lives, know their peer: they start quick mode, and phase 1 when it has expired. Of several dynamic entries "
        "that is the one which took the peer's call. So the tunnel that only "
        "the other end can open dies when this end notices the expiry first and its own call fails.",
        s.INFERRED,
    ),
    Rule(
        "ROUTE-NULL0",
        "A host route to Null0 shows that a peer is out of reach",
        "Routes are learnt, so that their absence in a configuration proves nothing; a static host route to Null0 "
        "does.",
        s.INFERRED,
    ),
    Rule(
        "ROUTE-WAY",
        "Connected networks and static routes show the way, as far as a router learns none",
        "Without a route to the peer, or to the network behind it, nothing of IKE is sent; a route to the peer that leads "
        "into the tunnel itself takes it down. Answers to the peer's calls get nowhere then, either. A route round the crypto "
        "map's interface leaves the other end's associations with nothing to carry. A router that runs a routing protocol or "
        "learns an address may have other routes, to a peer only by a protocol that runs at the tunnel's source. A "
        "configuration that shows no static route counts as an excerpt, unless its peer's shows the way back.",
        "measured on images: faults injected one at a time (IOL 17.15, IOSv 15.9)",
    ),
    Rule(
        "FILTER-IN",
        "An access list for what comes in may drop IKE, ESP or AH",
        "The first line that fits decides, and the end of the list drops. What a router sends itself passes lists for what "
        "goes out. IKE that is dropped never comes up; without ESP or AH it does, and nothing is decapsulated. UDP 4500 counts "
        "only where an address is translated.",
        "measured on images: faults injected one at a time (IOL 17.15, IOSv 15.9)",
    ),
    Rule(
        "NAT-TRAVERSAL",
        "Without NAT traversal no IKEv2 through a translation",
        "With 'no crypto ipsec nat-transparency udp-encapsulation' IKEv2 refuses where an address is translated ('NAT-T "
        "disabled via cli'); IKEv1 goes on with plain ESP.",
        "report from the field",
    ),
    Rule(
        "NAT-BEFORE-MAP",
        "Translation comes before the crypto map",
        "From inside to outside 'ip nat inside source' is looked at first, on interfaces of 'ip nat inside' and 'outside'; "
        "the first line of its list that fits decides, 'deny' exempts. What is translated fits no access list written "
        "for the inside addresses: nothing starts, and answers to a call leave in clear. Tunnels are entered by routing.",
        f"{s.NAT_ORDER}; a TAC case in a report; {s.INFERRED} for the answers",
    ),
    Rule(
        "ACL-BACKWARDS",
        "A crypto access list is written from the router's own side",
        "A line whose destination is connected on this side, behind another interface than the map's, and whose source is "
        "not, is matched by no packet that leaves. Summaries and hairpins are let alone.",
        f"{s.LAB_LOGS}; {s.INFERRED}",
    ),
    Rule(
        "ACL-NETMASK",
        "A netmask is no wildcard",
        "As a wildcard 255.255.255.0 compares the last octet only. IOS clears what is not compared, so that the line reads "
        "'0.0.0.0 255.255.255.0' afterwards. Such a line is taken to match no traffic.",
        f"{s.LAB_LOGS}; {s.INFERRED}",
    ),
    Rule(
        "MAP-FIRST-FIT",
        "The first line and the first entry that fit take the traffic",
        "Behind a 'deny' for the same traffic a line of a crypto access list is matched by nothing; behind an entry of the map "
        "with a lower number, whose list names all of its traffic, an entry starts nothing.",
        f"{s.REFERENCE}; {s.INFERRED}",
    ),
    Rule(
        "ACL-GROUPS",
        "A line with an object-group stands for one with each member",
        "For address translation and filters that is how they work. Cisco's guide says that such lists are not supported with "
        "IPsec; read as their members, nothing is certain there.",
        "Cisco, Object Groups for ACLs, restrictions; as remembered",
    ),
    Rule(
        "QM-PROXIES",
        "Both ends must describe the same traffic",
        "A GRE tunnel proposes host to host with protocol 47, an IPsec-mode tunnel any to any, a crypto map the "
        "line of its access list, and so does a tunnel with 'tunnel protection ipsec policy' (multi-SA VTI, 16.12); the "
        "other end must have the mirror image. A GRE end cannot pair with an IPsec-mode one.",
        f"{s.SELECTION}; sendthepayload.com, FlexVPN; {s.VTI_AND_MAP}",
    ),
    Rule(
        "VTI-AND-MAP",
        "A static tunnel interface and a crypto map do not fit",
        "The tunnel stands for any to any, the map for its list. They fit where that is 'permit ip any any', for a GRE tunnel "
        "'permit gre' between the two hosts, and with 'tunnel protection ipsec policy' (16.12). A virtual template takes the "
        "proxies of its caller.",
        f"{s.VTI_AND_MAP}; {s.INFERRED} for templates",
    ),
    Rule(
        "GRE-HALF",
        "A GRE tunnel is protected at both ends or at none",
        "The end without protection has nothing that answers IKE for the tunnel; what it sends in clear the other end drops.",
        f"{s.LAB_LOGS}; {s.INFERRED}",
    ),
    Rule(
        "QM-TRANSFORM",
        "One transform set must be the same at both ends",
        "Algorithms and, for crypto maps and GRE by IKEv1, the mode are compared; a virtual tunnel interface is always in "
        "tunnel mode, and IKEv2 settles on it where the modes differ. Without a transform set an IPsec profile has an implicit "
        "one, AES in CBC and tunnel mode, which GCM, AH alone, DES and 3DES do not meet. Which key length and hash it has, and "
        "whether a crypto map entry has it, is not known.",
        f"captures of refused proposals; measured on images (IOL 17.15, IOSv 15.9); {s.INFERRED}",
    ),
    Rule(
        "QM-PFS",
        "A responder with PFS insists on its group",
        "It refuses an offer without PFS or with another group; one without PFS takes any.",
        s.REFERENCE,
    ),
    Rule(
        "XAUTH-ROUTERS",
        "Client authentication asks routers too",
        "A crypto map with client authentication, or such a profile, asks every peer for a user name after phase 1. "
        "A router does not answer and the negotiation hangs, unless its key has 'no-xauth' or a profile without "
        "authentication matches it.",
        s.XAUTH_NOTES,
    ),
    Rule(
        "NAT-ADDRESSES",
        "Behind NAT the key goes by the outer address, the profile by the inner one",
        "The responder looks its key up for the translated source address, while the identity still carries the "
        "address that the peer has itself. Peers behind one address share a key and a keyring, and must be the ones "
        "that call.",
        f"{s.NAT_CAPTURE}; {s.INFERRED}",
    ),
    Rule(
        "NAT-GUESS",
        "A private address that calls a public one is translated on the way",
        "Where the far end has a peer with a public address that nobody in the snapshot has, that is most likely the "
        "caller, seen from outside. Which address it is only the user can tell ('--nat'); until then nothing is known.",
        f"{s.NAT_CAPTURE}; {s.INFERRED}",
    ),
    Rule(
        "CERT-TRUSTPOINTS",
        "Trust-points make the same asymmetry with certificates",
        "The caller asks for certificates of its profile's trust-point only, the responder, who has no profile yet, "
        "for all; both validate by the profile's. So a tunnel may come up from one end only. Responders should name "
        "none in profiles.",
        s.CERTIFICATES,
    ),
    Rule(
        "DEBUG-LINES",
        "What a router logs tells which rule decided",
        "Each failure has its own lines in 'debug crypto isakmp' and in syslog, on one end or on both. They are "
        "compared after the prefix, whose form depends on the release.",
        f"{s.SELECTION}; {s.NO_KEY_CAPTURE}; captures in public repositories",
    ),
)
