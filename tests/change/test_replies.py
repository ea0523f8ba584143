"""Which replies stop a change."""

from __future__ import annotations

import pytest

from ikeaudit.change.replies import complaint, unexpected
from ikeaudit.remediation.candidate import replies


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "\n",
        "% Already found same 'match identity' statement",
        "% Policy already has same proposal set",
        "% Profile already contains this keyring",
        "% A profile is deemed incomplete until it has match identity statements",
        "Enter configuration commands, one per line.  End with CNTL/Z.",
        replies.IKEV2_PROFILE_NEEDS,
        replies.IKEV2_POLICY_NEEDS,
        replies.IKEV2_PROPOSAL_NEEDS,
    ],
)
def test_harmless(reply):
    # DOMAIN 3.1: re-typed lines are accepted; 3.2 and 3.5: what is not finished yet
    assert unexpected(reply) is None


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("A pre-shared key for address mask 10.0.0.2 255.255.255.255 already exists!", "already exists"),
        ("                ^\n% Invalid input detected at '^' marker.\n", "Invalid input"),
        ("% Incomplete command.", "Incomplete"),
        ('% Ambiguous command:  "cry"', "Ambiguous"),
        ("% Warning: Trailing white space(s) detected for the preshared key", "Trailing"),
        ("%Warning: weaker encryption algorithm is deprecated", "weaker"),
        ("Can not encrypt password. Please configure a configuration-key with 'key config-key'", "Can not encrypt"),
        ("% Profile already contains this keyring\n% Invalid input detected at '^' marker.", "Invalid"),
        ("Something nobody has seen before", "nobody"),
        (replies.KEY_MISSING, "No such"),
        (replies.IN_USE.format(kind="Keyring", name="K", user="profile P"), "in use"),
    ],
)
def test_anything_else_stops_the_change(reply, said):
    assert said in unexpected(reply)


@pytest.mark.parametrize("reply", ["", "Total number of passes: 1\nRollback Done\n", "Building configuration...\n[OK]"])
def test_exec_replies_without_complaint(reply):
    assert complaint(reply) is None


@pytest.mark.parametrize(
    "reply",
    [
        "%No Rollback Confirmed Change pending",
        "%Error opening flash:x (No space left on device)",
        "% Invalid input detected",
    ],
)
def test_exec_replies_with_one(reply):
    assert complaint(f"\n{reply}\n") == reply
