"""Which pre-shared key a router takes in IKEv1."""

from __future__ import annotations

from ikeaudit.rulebook import sources as s
from ikeaudit.rulebook.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "KEY-BEFORE-ID",
        "The key is chosen before the peer says who it is",
        "In IKEv1 main mode the pre-shared key goes into the key material that protects the fifth and sixth "
        "message, and the identity travels inside those. A responder therefore picks a key by addresses alone, and "
        "picks the profile later. What A to B does is computed apart from B to A, and one may work while the other "
        "fails.",
        f"{s.SELECTION}; {s.IKEV1_RFC}",
    ),
    Rule(
        "KEY-ADDRESS-ONLY",
        "Only keys with an address are candidates in main mode",
        "A key entered for a host name takes no part when a main mode key is searched, neither when calling nor "
        "when called.",
        s.SELECTION,
    ),
    Rule(
        "KEY-GLOBAL",
        "Global keys form the keyring 'default'",
        "Keys of 'crypto isakmp key' belong to a predefined keyring called default, wherever they stand in the "
        "configuration. A profile may name it like any other keyring. It serves the default VRF only.",
        s.SELECTION,
    ),
    Rule(
        "KEY-DEFAULT-FIRST",
        "In the default VRF the global keys are searched first",
        "For a packet that arrives in the default VRF the keyring default is looked at before all others. If one of "
        "its keys covers the peer, even 0.0.0.0, the search ends there and no named keyring is considered, however "
        "precise its key is.",
        s.SELECTION,
    ),
    Rule(
        "KEY-FVRF",
        "Only keyrings of the packet's front-door VRF take part",
        "The front-door VRF is that in which the IKE packet arrives. Only keyrings made with 'vrf' and that name "
        "are searched for it, and the global keys are not consulted outside the default VRF. A keyring without "
        "'vrf' is for the default VRF.",
        f"{s.SELECTION}; {s.FVRF_CAPTURE}",
    ),
    Rule(
        "KEY-LPM",
        "The longest mask wins",
        "All keys of the stage that is searched are compared by the length of their mask, as if their keyrings were "
        "one; the order of the keyrings does not matter unless two masks are equal.",
        s.SELECTION,
    ),
    Rule(
        "KEY-TIE",
        "Equal masks in two keyrings are not supported",
        "When two keyrings hold the peer under the same mask, Cisco calls the choice unpredictable. The first "
        "keyring of the configuration was seen to win, and it is what is predicted, marked as unpredictable.",
        s.SELECTION,
    ),
    Rule(
        "KEY-FORMS",
        "How keys are written",
        "A key is entered for an address with or without a mask, an IPv6 prefix, or a host name. Without a mask a "
        "host is meant, except that 0.0.0.0 alone means every address. 'no-xauth' exists in the global form only.",
        f"{s.YANG}; {s.SELECTION}",
    ),
    Rule(
        "KEY-DUPLICATE",
        "A second key for one address is refused",
        "IOS answers that a key for the address and mask already exists, and keeps the old one; the answer has no "
        "percent sign. To change a key the old line goes first. IKEv2 is different: a new key overwrites.",
        f"capture: console log of a C7200; {s.NSO}",
    ),
    Rule(
        "KEY-BLANKS",
        "Blanks at the end of a keyring's key belong to it",
        "In a keyring the rest of the line is the key, trailing blanks included; the global form takes one word. "
        "The same key typed into both forms may thus differ.",
        f"laboratory note; {s.NSO}",
    ),
    Rule(
        "KEY-LOCAL-ADDRESS",
        "'local-address' limits a keyring to one local end",
        "A keyring, or a profile, with 'local-address' takes part only where the negotiation uses that address. The "
        "interface form stands for the interface's own primary address; an interface that has none admits nothing. "
        "Keyrings for different local ends do not collide.",
        f"{s.YANG}; {s.INFERRED}",
    ),
    Rule(
        "LOCAL-VRF",
        "'local-address' in a VRF needs the VRF's name",
        "In a keyring or ISAKMP profile for a front-door VRF the address stands with the VRF behind it. Without it the "
        "keyring or profile is taken to serve nobody; the other reading is computed too.",
        s.VRF_AWARE,
    ),
    Rule(
        "KEY-BOUND",
        "A bound profile's keyrings are the only ones that its initiator uses",
        "Where a tunnel or crypto map entry is bound to an ISAKMP profile, the router knows the profile before the "
        "first packet and looks only into the keyrings that it names. It does not verify the keyring again when the "
        "answer comes.",
        s.SELECTION,
    ),
    Rule(
        "KEY-UNBOUND",
        "Without a bound profile the initiator searches blindly",
        "A router that calls from an end without a profile searches its keys as a responder does. It then looks for "
        "a profile by the identity in the sixth message, and verifies its keyring against that one.",
        f"{s.SELECTION}; {s.NAT_CAPTURE}",
    ),
    Rule(
        "KEY-MISSING",
        "Without a key nothing is sent",
        "A caller that finds no key and has no certificate sends no packet at all. A responder that finds none "
        "takes every policy with pre-shared keys for unacceptable, already at the first message.",
        s.NO_KEY_CAPTURE,
    ),
    Rule(
        "KEY-MISMATCH",
        "Different keys end in a message that cannot be read",
        "If the two ends took keys with different texts, the fifth message decrypts to noise: the responder reports "
        "a malformed payload and the caller repeats itself. That hides whatever the verification would have said.",
        f"{s.SELECTION}; {s.PSK_CAPTURE}",
    ),
    Rule(
        "KEY-VERIFY",
        "The key must come from a keyring of the selected profile",
        "After the fifth message the responder selects a profile by the identity and asks whether the key it chose "
        "came from one of that profile's keyrings. If not, it aborts the exchange, even if the text of the key is "
        "the same. Where the identity selects no profile there is nothing to verify.",
        s.SELECTION,
    ),
    Rule(
        "KEY-ONE-KEYRING",
        "One keyring with many entries is Cisco's advice",
        "A router that answers IKEv1 with pre-shared keys should have one keyring, no two keys for one peer, no "
        "mixture of global keys and keyrings, and profiles of which exactly one matches each identity.",
        s.SELECTION,
    ),
    Rule(
        "KEY-TYPE6",
        "Encrypted keys cannot be moved or compared",
        "A key of type 6 is encrypted with the router's own master key and salted: equal text on one router is one "
        "key, and nothing else can be said about it. Without the master key IOS cannot print it.",
        "Cisco, Encrypted Preshared Key",
    ),
    Rule(
        "KEY-STRENGTH",
        "A pre-shared key is as good as it is long and secret",
        "Whoever has the key of a group, or can guess it, is the peer. Aggressive mode even hands out what a guess "
        "can be tested with. Short keys, words from books and manuals, keys for everybody and keys readable in the "
        "configuration are findings.",
        "NIST SP 800-77r1, Guide to IPsec VPNs; NSA, Configuring IPsec VPNs (2020)",
    ),
)
