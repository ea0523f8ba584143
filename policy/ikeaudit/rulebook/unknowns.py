"""What no source tells, and how it is treated until one does."""

from __future__ import annotations

from ikeaudit.rulebook import sources as s
from ikeaudit.rulebook.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "U-1",
        "Equal masks shorter than a host's",
        "Whether the first or the last of them is taken was never captured: unpredictable.",
        f"open; {s.SELECTION} shows host masks only",
    ),
    Rule(
        "U-2",
        "A scoped keyring against one without scope",
        "Whether a keyring with 'local-address' comes before one without at the same mask is not known: treated as "
        "a tie.",
        "open",
    ),
    Rule(
        "U-3",
        "What exactly is verified",
        "Whether the key's keyring is among those of the profile; with several in the profile any of them passes. "
        "There is no capture with two, so it is probable, and plans test that step.",
        f"open; {s.SELECTION}",
    ),
    Rule(
        "U-4",
        "The keys of a profile without a keyring",
        "Taken to be the global ones only; a key from a named keyring then fails the verification, probably.",
        f"open; {s.REFERENCE}",
    ),
    Rule(
        "U-5",
        "A caller without a profile at a bound end",
        "Phase 1 is predicted to come up and quick mode to fail with error 32, probably.",
        "open",
    ),
    Rule(
        "U-6",
        "A caller with a profile at an unbound end",
        "Predicted to come up: generated configurations of AWS were made so and work.",
        "AWS Transit VPC configurator for CSR1000v",
    ),
    Rule(
        "U-7",
        "Several IKEv2 profiles that match",
        "One guide says that none is selected, common belief that the best one is. No prediction; the overlap is a "
        "finding.",
        f"open; {s.CERTIFICATES} has a section that could not be read",
    ),
    Rule(
        "U-8",
        "Several keyrings of one profile with the same address",
        "In which order they are searched is not known: unpredictable when their keys differ.",
        "open",
    ),
    Rule(
        "U-9",
        "Both IKE versions at one tunnel",
        "That an end with an IKEv2 profile answers IKEv1 was not shown; taken to be no. A migration uses a second "
        "tunnel.",
        f"open; {s.SOFT_MOVE}",
    ),
    Rule(
        "U-10",
        "Deleting what is in use",
        "A profile may be held by an old association, references may dangle, and what IOS answers is not known. "
        "Plans unbind, wait, then delete, and read the configuration again after each step.",
        f"open; AWS Transit VPC configurator for CSR1000v; {s.NSO}",
    ),
    Rule(
        "U-11",
        "Rows of show commands that nobody captured",
        "Keys with VRF, IPv6 or type 6, and the list of ISAKMP profiles: read leniently; the running-config counts.",
        f"open; {s.SHOWN}",
    ),
    Rule(
        "U-12",
        "Releases",
        "The rules are those of 15.3T. IOS-XE 16 and 17 log the same functions; the line of a failed verification "
        "was seen in the guide only. Taken to be the same.",
        f"open; {s.SELECTION}; {s.NAT_CAPTURE}",
    ),
    Rule(
        "U-13",
        "Policy lines that a 17.x image does not print",
        "An image that prints 'encr' has the classic defaults; one that prints 'encryption' prints them all, and a "
        "missing line is unknown.",
        f"one capture; {s.NO_KEY_CAPTURE}",
    ),
    Rule(
        "U-14",
        "Host-name keys where 'ip host' knows the peer",
        "No candidates in main mode, probably. In aggressive mode they come before address keys.",
        f"open; {s.AGGRESSIVE_CAPTURE}",
    ),
    Rule(
        "U-15",
        "Addresses with host bits or odd masks",
        "Match statements keep host bits and compare under the mask; keys are taken to do the same. Masks with "
        "holes are a finding.",
        "published configurations of virtual tunnel interfaces",
    ),
    Rule(
        "U-16",
        "'local-address' before or after the longest mask",
        "Taken as a filter before. Where a longer mask was filtered out, the other reading is computed.",
        "open",
    ),
    Rule(
        "U-17",
        "Whether two type 6 keys are equal",
        "Unknown unless their text is the same on one router; never guessed.",
        "open; Cisco, Encrypted Preshared Key",
    ),
    Rule(
        "U-18",
        "IPv6 peers",
        "The same rules are taken to hold for each address family, the stage of the global keys included.",
        "open",
    ),
    Rule(
        "U-19",
        "The message %CRYPTO-5-IKMP_INVAL_CNT",
        "It was found in no source. It is never predicted, and nothing is concluded from it.",
        "open",
    ),
    Rule(
        "U-20",
        "Several 'keyring' lines in one profile",
        "They add up; typing one again is answered and changes nothing.",
        f"resolved: {s.YANG}; {s.NSO}",
    ),
    Rule(
        "U-21",
        "XAUTH when the router that asks is the caller",
        "Whether it asks then is not known: both readings, that it does not being the likelier one.",
        f"open; {s.XAUTH_NOTES}",
    ),
    Rule(
        "U-22",
        "The built-in IKEv2 policy beside one's own",
        "Whether it serves where no configured policy fits: one guide says no, shown outputs list both. Both are computed, "
        "with equal weight.",
        f"open; {s.FLEX_SITE}; {s.SHOWN}",
    ),
    Rule(
        "U-23",
        "An IKEv2 caller whose own profiles overlap",
        "It is taken to use the profile that it is bound to; that it takes none and refuses the answer is the weaker "
        "reading.",
        f"open; {s.CERTIFICATES}",
    ),
)
