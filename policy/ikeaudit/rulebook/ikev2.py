"""IKEv2: profiles, keys, policies and what the two versions have to do with each other."""

from __future__ import annotations

from ikeaudit.rulebook import sources as s
from ikeaudit.rulebook.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "IKEV2-EXCHANGE",
        "IKEv2 needs no key before it knows the identity",
        "The first exchange agrees on a proposal without any key. The identity is in the first encrypted message, "
        "so profile and keyring are chosen by it. The first child SA is part of that exchange; when it fails, the "
        "IKE SA goes with it.",
        f"{s.SELECTION}; {s.IKEV2_RFC}; {s.CML_MEASURED}",
    ),
    Rule(
        "IKEV2-OBJECTS",
        "How IKEv2 is written",
        "Proposals hold algorithms in order of preference, policies name proposals, keyrings hold peer blocks, "
        "profiles join matches, authentication and a keyring.",
        f"{s.YANG}; terraform-provider-iosxe",
    ),
    Rule(
        "IKEV2-COMPLETE",
        "A profile needs both authentications and a match",
        "Without a local and a remote method, and a match on an identity or a certificate, an IKEv2 profile is not "
        "used.",
        "laboratory notes that quote the command line",
    ),
    Rule(
        "IKEV2-ATTACHED",
        "A profile must be attached at both ends",
        "Only a profile that an IPsec profile, a crypto map entry or a tunnel protection names takes part; until "
        "then the router calls by IKEv1.",
        "Cisco and Microsoft, configuration of Azure gateways",
    ),
    Rule(
        "IKEV2-PROFILE",
        "Which profile an identity selects",
        "Lines of one kind are alternatives, those of different kinds must all fit: identity or certificate, "
        "front-door VRF, local address. A caller uses the profile that it is bound to; 'match inbound-only' is for "
        "answers.",
        f"{s.REFERENCE}; {s.YANG}",
    ),
    Rule(
        "IKEV2-FVRF",
        "No 'match fvrf' means the global VRF",
        "That goes for profiles and for policies that somebody configured; 'any' is every VRF, and so is the "
        "built-in policy.",
        s.SHOWN,
    ),
    Rule(
        "IKEV2-KEYS",
        "Which peer block holds the key",
        "A caller looks by host name, then by address, before the first packet; a responder by the identity, then "
        "by the address. The most precise block wins. Two blocks for one address are refused when typed. There is "
        "no search across keyrings.",
        f"{s.REFERENCE}; published FlexVPN configurations with their debug",
    ),
    Rule(
        "IKEV2-LOCAL-REMOTE",
        "One end's local key is the other end's remote key",
        "A block has one key for both ways or a local and a remote one; the authentication of each end is checked "
        "with its own.",
        "terraform-provider-iosxe; " + s.REFERENCE,
    ),
    Rule(
        "IKEV2-POLICY",
        "The first policy that fits offers its proposals",
        "Policies are chosen by front-door VRF and local address. A caller guesses the group of its first proposal; "
        "another one in common costs a round more. A proposal that no policy names is not used; a caller without a policy "
        "sends nothing. Whether a policy that names undefined proposals only keeps the next one out is told both ways.",
        f"{s.REFERENCE}; {s.CML_MEASURED}",
    ),
    Rule(
        "IKEV2-BUILT-IN",
        "Objects called 'default' are there without being configured",
        "Proposal, policy, profile, IPsec profile and transform set have built-in forms; the proposal's algorithms "
        "depend on the release. 'no crypto ikev2 policy default' and 'no crypto ikev2 proposal default' switch them off; "
        "with no policy of one's own nothing is negotiated then.",
        f"{s.SHOWN}; {s.FLEX_SITE} with variants",
    ),
    Rule(
        "IKEV2-PFS",
        "PFS shows at the first rekey",
        "The first child SA has no key exchange of its own, so that PFS groups that differ do not matter to it. At the "
        "first rekey, after the lifetime of the IPsec SA, the group is refused and the tunnel is lost.",
        f"{s.IKEV2_RFC}, 1.2 and 1.3; seen on the wire with strongSwan",
    ),
    Rule(
        "IKEV2-HALF-OPEN",
        "The caller may refuse when the responder is already up",
        "If the caller's profile does not accept the identity of the responder, the responder has its associations "
        "by then and sends into a hole. Without a profile for the caller, the responder refuses and nothing is up.",
        s.CML_MEASURED,
    ),
    Rule(
        "IKEV2-VERSIONS",
        "One binding, one version",
        "With an IKEv2 profile bound, a router calls by IKEv2 and does not fall back. Both versions run on one "
        "router, on separate tunnels. Changing the binding of a crypto map entry leaves old associations alone "
        "until they are cleared.",
        f"{s.FLEX_MOVE}; {s.MIGRATION}; {s.YANG}",
    ),
    Rule(
        "IKEV2-QUANTUM",
        "Post-quantum keys and key exchanges are not compared",
        "A post-quantum pre-shared key ('ppk', 'keyring ppk') is mixed into the keys, an additional key exchange ('pqc') comes "
        "before the authentication. Where one end demands what the other lacks the exchange fails; they are taken to agree.",
        f"{s.PPK_RFC}; {s.MULTIPLE_KE_RFC}; {s.INFERRED}",
    ),
    Rule(
        "IKEV2-RELEASES",
        "What platforms and releases can do",
        "IKEv2 begins with 15.1(1)T and IOS-XE 3.3S; SHA-2, GCM and elliptic curves came later and not to every "
        "hardware.",
        f"{s.NGE_SUPPORT}; {s.REFERENCE}",
    ),
)
