"""What IOS answers in configuration mode, and which answers mean that a line was refused."""

from __future__ import annotations

import re

INVALID = "% Invalid input detected at '^' marker."
INCOMPLETE = "% Incomplete command."
AMBIGUOUS = '% Ambiguous command:  "{typed}"'

KEY_EXISTS = "A pre-shared key for address mask {address} {mask} already exists!"
KEY_EXISTS_IPV6 = "A pre-shared key for address {prefix} already exists!"
KEY_EXISTS_HOST = "A pre-shared key for hostname {host} already exists!"
KEY_MISSING = "% No such pre-shared key"
SAME_MATCH = "% Already found same 'match identity' statement"
SAME_PROPOSAL = "% Policy already has same proposal set"
SAME_KEYRING = "% Profile already contains this keyring"
TRAILING_BLANKS = "% Warning: Trailing white space(s) detected for the preshared key"
PROFILE_INCOMPLETE = "% A profile is deemed incomplete until it has match identity statements"
INCOMPLETE_COMMENT = "! This profile is incomplete (no match identity statement)"

IKEV2_PROPOSAL_NEEDS = (
    "IKEv2 proposal MUST either have a set of an encryption algorithm other than aes-gcm, an integrity algorithm and a "
    "DH group configured or \n encryption algorithm aes-gcm, a prf algorithm and a DH group configured"
)
IKEV2_POLICY_NEEDS = "IKEv2 policy MUST have atleast one complete proposal attached "
IKEV2_PROFILE_NEEDS = (
    "IKEv2 profile MUST have:\n"
    "   1. A local and a remote authentication method.\n"
    "   2. A match identity or a match certificate or match any statement."
)
MAP_NOTE = (
    "% NOTE: This new crypto map will remain disabled until a peer\n"
    "        and a valid access list have been configured."
)
VRF_REMOVES_ADDRESS = "% Interface {interface} IPv4 disabled and address(es) removed due to {why}"

IN_USE = "% {kind} {name} is in use by {user}; remove the reference first"
HELD = "% {kind} {name} is held by an active session; clear it and wait"
UNDEFINED = "% {kind} {name} is not defined"
UNDEFINED_ALWAYS = {
    "crypto ipsec transform-set": 'ERROR: transform set with tag "{name}" does not exist.',
    "crypto map": 'ERROR: Crypto Map with tag "{name}" does not exist.',
}
"""Kinds of object that IOS itself wants to exist before they are named."""
EXCLUDED = "% {line} cannot be combined with {other}; remove that first"
OTHER_VALUE = "% The line configured here reads differently; nothing removed"
OTHER_HEADER = "% {kind} {name} already exists with other attributes; remove it first"
NOT_UNIQUE = "% {line} is already configured in {owner}"

HARMLESS: tuple[str, ...] = (
    r"% Already found same 'match identity' statement",
    r"% Policy already has same proposal set",
    r"% Profile already contains this keyring",
    r"% A profile is deemed incomplete until it has .*statements",
    r"% ?Warning: .*",
    r"% ?N(?:OTE|ote): .*",
    r"% Interface \S+ IPv[46] disabled and address\(es\) removed .*",
    r"and a valid access list have been configured\.",
    r"IKEv2 (?:proposal|policy|profile) MUST .*",
    r"encryption algorithm aes-gcm, a prf algorithm and a DH group configured",
    r"1\. A local and a remote authentication method\.",
    r"2\. A match identity or a match certificate or match any statement\.",
)
"""Answers that look like a refusal, or merely say something, while the line was accepted (KEY-DUPLICATE), as patterns."""

_HARMLESS = re.compile("|".join(f"(?:{p})" for p in HARMLESS))
_REFUSAL = re.compile(r"^(?:% ?(?!\w+-\d-)|ERROR:)|already exists|does not exist|%Error")


def refused(output: str) -> bool:
    """Whether a reply of IOS says that a line was not accepted.

    Any line that begins with ``%``, and ``... already exists!`` of a key, is a refusal unless it is in ``HARMLESS``.
    """
    return any(_REFUSAL.search(line) and not _HARMLESS.match(line.strip()) for line in output.splitlines())


def harmless(output: str) -> bool:
    """Whether a reply says nothing but what is known to go with an accepted line; true of an empty one."""
    return all(_HARMLESS.fullmatch(line.strip()) for line in output.splitlines() if line.strip())
