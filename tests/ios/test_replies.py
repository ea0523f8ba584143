"""What IOS answers, word for word, and which of it is a refusal (KEY-DUPLICATE)."""

from __future__ import annotations

import pytest

from ikeaudit.ios import replies

REFUSED = {
    replies.INVALID: "% Invalid input detected at '^' marker.",
    replies.INCOMPLETE: "% Incomplete command.",
    replies.AMBIGUOUS: '% Ambiguous command:  "{typed}"',
    replies.KEY_EXISTS: "A pre-shared key for address mask {address} {mask} already exists!",
    replies.KEY_EXISTS_IPV6: "A pre-shared key for address {prefix} already exists!",
    replies.KEY_EXISTS_HOST: "A pre-shared key for hostname {host} already exists!",
    replies.KEY_MISSING: "% No such pre-shared key",
    replies.IN_USE: "% {kind} {name} is in use by {user}; remove the reference first",
    replies.HELD: "% {kind} {name} is held by an active session; clear it and wait",
    replies.UNDEFINED: "% {kind} {name} is not defined",
    replies.EXCLUDED: "% {line} cannot be combined with {other}; remove that first",
    replies.OTHER_VALUE: "% The line configured here reads differently; nothing removed",
    replies.OTHER_HEADER: "% {kind} {name} already exists with other attributes; remove it first",
    replies.NOT_UNIQUE: "% {line} is already configured in {owner}",
    replies.UNDEFINED_ALWAYS["crypto ipsec transform-set"]: 'ERROR: transform set with tag "{name}" does not exist.',
    replies.UNDEFINED_ALWAYS["crypto map"]: 'ERROR: Crypto Map with tag "{name}" does not exist.',
}
ACCEPTED = {
    replies.SAME_MATCH: "% Already found same 'match identity' statement",
    replies.SAME_PROPOSAL: "% Policy already has same proposal set",
    replies.SAME_KEYRING: "% Profile already contains this keyring",
    replies.TRAILING_BLANKS: "% Warning: Trailing white space(s) detected for the preshared key",
    replies.PROFILE_INCOMPLETE: "% A profile is deemed incomplete until it has match identity statements",
    replies.VRF_REMOVES_ADDRESS: "% Interface {interface} IPv4 disabled and address(es) removed due to {why}",
    replies.IKEV2_PROPOSAL_NEEDS: (
        "IKEv2 proposal MUST either have a set of an encryption algorithm other than aes-gcm, an integrity algorithm and a "
        "DH group configured or \n encryption algorithm aes-gcm, a prf algorithm and a DH group configured"
    ),
    replies.IKEV2_POLICY_NEEDS: "IKEv2 policy MUST have atleast one complete proposal attached ",
    replies.IKEV2_PROFILE_NEEDS: (
        "IKEv2 profile MUST have:\n   1. A local and a remote authentication method.\n"
        "   2. A match identity or a match certificate or match any statement."
    ),
    replies.MAP_NOTE: (
        "% NOTE: This new crypto map will remain disabled until a peer\n"
        "        and a valid access list have been configured."
    ),
}


def test_they_are_worded_as_ios_words_them() -> None:
    for table in (REFUSED, ACCEPTED):
        assert {text for text, known in table.items() if text != known} == set()
    assert replies.INCOMPLETE_COMMENT == "! This profile is incomplete (no match identity statement)"


def test_each_is_a_refusal_or_goes_with_an_accepted_line() -> None:
    for text in REFUSED.values():
        assert replies.refused(text) and not replies.harmless(text), text
    for text in ACCEPTED.values():
        typed = text.replace("{interface}", "Tunnel1")
        assert replies.harmless(typed) and not replies.refused(typed), text


@pytest.mark.parametrize(
    ("output", "refused", "harmless"),
    [
        ("", False, True),
        ("\n  \n", False, True),
        ("% Note: something", False, True),
        ("%Warning: something", False, True),
        ("%NOTE: something", False, True),
        ("%CRYPTO-4-NOTICE: something", False, False),
        ("%LINK-3-UPDOWN: Interface Tunnel1, changed state to up", False, False),
        ("%Error opening flash:", True, False),
        ("  %Error in authentication", True, False),
        (" % indented", False, False),
        ("something else", False, False),
        ("% Interface Tunnel1 IPv6 disabled and address(es) removed due to X", False, True),
        ("% Interface Tunnel1 IPv5 disabled and address(es) removed due to X", True, False),
        ("% Warning: one\n% Incomplete command.", True, False),
        ("% Incomplete command.\n% Warning: one", True, False),
        ("% Profile already contains this keyring, or not", False, False),
        ("IKEv2 policy MUST have a proposal\nIKEv2 profile MUST have:", False, True),
        ("IKEv2 keyring MUST have a peer", False, False),
    ],
)
def test_what_a_reply_says(output: str, refused: bool, harmless: bool) -> None:
    assert (replies.refused(output), replies.harmless(output)) == (refused, harmless)
