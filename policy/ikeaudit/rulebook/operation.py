"""Algorithms, changing a router that is in service, and reading what it prints."""

from __future__ import annotations

from ikeaudit.rulebook import sources as s
from ikeaudit.rulebook.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "ALGO-WEAK",
        "Weak algorithms end with the upgrade",
        "DES, 3DES, MD5 and the groups 1, 2, 5 and 24 are refused by default from 17.11.1a on, later on some "
        "platforms. 'crypto engine compliance shield disable' restores them after a reload, and did not last in a "
        "test. Strong are AES-256, SHA-256 or better, and groups 14 to 21.",
        f"{s.WEAK_NOTICE}; NSA, Configuring IPsec VPNs (2020); NIST SP 800-77r1",
    ),
    Rule(
        "MGMT-ACCESS",
        "What carries a management session shows everything",
        "Whoever reads a session with a router reads the keys in its configuration. Telnet hides nothing. SSH with SHA-1 in "
        "the key exchange or in the signature of the host key, with MD5 or with CBC mode is given up; releases that know "
        "nothing better are 12.4 to 15.x with their defaults.",
        "RFC 9142; RFC 8332; Cisco, Secure Shell Configuration Guide, SSH Algorithms for Common Criteria Certification",
    ),
    Rule(
        "CHANGE-LATER",
        "A changed key shows at the next negotiation",
        "Associations that are up survive changes of keys and profiles. A change is tested by renegotiating, from "
        "each end in turn.",
        s.PSK_CAPTURE,
    ),
    Rule(
        "CHANGE-TEARDOWN",
        "What ends associations at once",
        "Changing a tunnel's protection, source or mode, or taking a crypto map off its interface.",
        s.REFERENCE,
    ),
    Rule(
        "CHANGE-ORDER",
        "First the keyring, then what names it; the other way round to delete",
        "An object must exist before it is named, and is free before it is deleted: an old association may hold a "
        "profile for a minute after its tunnel is gone.",
        f"{s.YANG}; AWS Transit VPC configurator for CSR1000v",
    ),
    Rule(
        "CHANGE-APPENDS",
        "What is made again stands at the end",
        "Keyrings and profiles are listed in the order in which they were made. Deleting and entering one again "
        "moves it to the end, which may decide a tie the other way.",
        f"{s.SELECTION}; {s.INFERRED}",
    ),
    Rule(
        "CHANGE-CLEAR",
        "Clearing one peer",
        "'clear crypto session remote ADDRESS' ends phase 1 and 2 with one peer. The other end may go on sending "
        "into what is gone until it notices.",
        f"{s.NAT_CAPTURE}; {s.REFERENCE}",
    ),
    Rule(
        "CHANGE-REVERT",
        "The router takes a change back by itself",
        "'configure terminal revert timer' for 1 to 120 minutes, ended by 'configure confirm', needs an archive "
        "path. It replaces the configuration by computed lines, perhaps in several passes, and associations have to "
        "be cleared afterwards.",
        "Cisco, Configuration Replace and Configuration Rollback; " + s.REFERENCE,
    ),
    Rule(
        "CHANGE-FAR-FIRST",
        "The far end first, and never two ways of one site",
        "A router that is reached through the tunnel is changed before the near end, with a timer that runs longer. "
        "Tunnels that back each other up are never changed in one step.",
        s.INFERRED,
    ),
    Rule(
        "CHANGE-WINDOW",
        "What a change begins and ends with",
        "Look first: who is up, what is saved, is there an archive. Save a copy, arm timers, change, renegotiate "
        "from both ends, confirm, save.",
        s.INFERRED,
    ),
    Rule(
        "PLAN-KEYRING",
        "Moving to one keyring",
        "The keyring that the search already picks is the cheapest to keep; else a new one is named beside the old "
        "before the old is emptied, and unlisted only then. Global keys are listed as 'default' until they are "
        "gone.",
        f"{s.SELECTION}; {s.INFERRED}",
    ),
    Rule(
        "PLAN-IKEV2",
        "Moving to IKEv2",
        "New objects come first and change nothing; then the binding is switched, far end first. A DMVPN gets a "
        "second cloud beside the first. What IKEv1 left is deleted in a later window.",
        f"{s.FLEX_MOVE}; {s.SOFT_MOVE}; {s.MIGRATION}",
    ),
    Rule(
        "PLAN-REFUSED",
        "What no plan changes",
        "Keys that contradict each other, scopes that cannot be resolved, peers without a configuration, weak "
        "suites where they are refused, profiles that are ambiguous.",
        s.INFERRED,
    ),
    Rule(
        "SHOW-LAYOUT",
        "How show commands print",
        "Layouts are those of captured outputs; where none was found they are read leniently, and the "
        "running-config counts.",
        s.SHOWN,
    ),
    Rule(
        "SA-EVIDENCE",
        "An association says nothing of what is younger than it",
        "Who started an association is its source in 'show crypto isakmp sa', and 'Initiator of SA' with IKEv2. It says that "
        "this call works, if it is younger than the last configuration change of both ends: an older one was made by what "
        "they ran then. The age of IKEv1 is its lifetime, the smaller of both policies', less what remains. IKEv2 renews its "
        "association without proving anything anew, so there the session's uptime counts where it is longer.",
        f"{s.PSK_CAPTURE}; RFC 7296, 2.8; {s.INFERRED}",
    ),
    Rule(
        "TEXT-PRINTED",
        "How a running-config is printed",
        "Indents, the order of objects, masks left out, remarks after '!'. IOS takes abbreviations when typed and "
        "prints none. Files from elsewhere may have wrapped or damaged lines.",
        f"{s.TEMPLATES}; {s.NO_KEY_CAPTURE}",
    ),
    Rule(
        "TEXT-UNREAD",
        "A line that is not understood says nothing, and is not nothing",
        "It may be what seems to be missing where it stands. So nothing is said to be missing there, and no verdict that "
        "it may change is given.",
        s.INFERRED,
    ),
)
