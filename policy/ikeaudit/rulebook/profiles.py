"""Which ISAKMP profile is selected, and what it must be bound to."""

from __future__ import annotations

from ikeaudit.rulebook import sources as s
from ikeaudit.rulebook.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "PROFILE-MATCH",
        "The identity selects the profile",
        "The responder takes the profile with the most precise match statement for the identity that the peer "
        "sends. Statements of one profile are alternatives. Names are compared whole, or as a domain's ending.",
        s.SELECTION,
    ),
    Rule(
        "PROFILE-UNIQUE",
        "One identity, one profile",
        "Two profiles that match the same identity equally make the configuration invalid; which of them is taken "
        "is not promised.",
        s.SELECTION,
    ),
    Rule(
        "PROFILE-COMPLETE",
        "A profile without a match statement is incomplete",
        "IOS prints a remark in such a profile, and ignores some of its commands until a match statement is there. "
        "It still serves an initiator that is bound to it.",
        "Cisco running-configs; Working with ISAKMP profiles (ipexpert, 2010)",
    ),
    Rule(
        "PROFILE-INITIATOR",
        "Match statements do not matter to the end that calls",
        "For a negotiation that the router starts with a bound profile its match statements have no effect; nor, as "
        "far as is known, its 'local-address'.",
        f"Working with ISAKMP profiles (ipexpert, 2010); {s.INFERRED}",
    ),
    Rule(
        "PROFILE-VRF",
        "A match statement is for one front-door VRF",
        "The VRF stands at the end of the match statement. Without it the statement is for the default VRF only, so "
        "that a peer in another one matches no profile.",
        f"{s.REFERENCE}; {s.TEMPLATES}",
    ),
    Rule(
        "PROFILE-IVRF",
        "'vrf' in a profile is the inside VRF of crypto maps",
        "It says into which VRF the traffic of a crypto map's peers goes. A tunnel interface has its own 'vrf "
        "forwarding', which decides; both together, and 'ivrf' of an IKEv2 profile likewise, are not supported and can fail. "
        "Nor is a crypto map in a front-door VRF whose inside is in the default table and that has no 'vrf'.",
        f"{s.VRF_AWARE}; {s.REFERENCE}",
    ),
    Rule(
        "PROFILE-NO-KEYRING",
        "A profile without a keyring has the global keys",
        "That is how the command reference is remembered; whether it may use others is open.",
        s.REFERENCE,
    ),
    Rule(
        "PROFILE-NAMES",
        "Capital letters count in names",
        "Two names that differ only in capital letters are two objects: one of them may get the keyring and the "
        "other the match statement, and neither works.",
        "published configurations with their output",
    ),
    Rule(
        "ID-SENT",
        "What a router presents as itself",
        "A router sends the address of its own end, unless 'self-identity' in the bound profile or 'crypto isakmp "
        "identity' says otherwise: a host name with the domain, a user name or a distinguished name.",
        f"{s.SELECTION}; {s.NAT_CAPTURE}",
    ),
    Rule(
        "BIND-PROFILE",
        "Quick mode needs the profile that the tunnel is bound to",
        "The responder compares the profile selected in phase 1 with that of the crypto map entry or IPsec profile. "
        "If they differ, quick mode fails as if the proxies did not fit (error 32), while phase 1 stays up.",
        s.SELECTION,
    ),
    Rule(
        "BIND-ENTRY",
        "A crypto map entry's own profile comes before the map's",
        "'set isakmp-profile' in an entry holds against 'crypto map NAME isakmp-profile'. An entry, an IPsec "
        "profile or a tunnel protection is bound to one profile of one IKE version.",
        f"{s.YANG}; {s.INFERRED}",
    ),
    Rule(
        "BIND-UNDEFINED",
        "What refers to nothing does not negotiate",
        "An end whose IPsec profile, transform set, ISAKMP or IKEv2 profile or access list is not defined takes no "
        "part, nor does an interface that is shut down. IOS shows such a map as incomplete.",
        f"{s.SHOWN}; {s.INFERRED}",
    ),
)
