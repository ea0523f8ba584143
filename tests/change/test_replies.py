"""Which replies stop a change."""

from __future__ import annotations

import pytest

from ikeaudit.candidate import replies
from ikeaudit.drive.replies import complaint, unexpected


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


ROLLBACK = (
    "Rollback Confirmed Change: Rollback will begin in one minute.\n"
    'Enter "configure confirm" if you wish to keep what you\'ve configured\n'
)
SENT = "\n\n***\n***\n*** Message from tty2 to all terminals:\n***\nMaintenance at 23:00\n\n"
COUNTDOWN = "\n\n***\n*** --- SHUTDOWN in 0:05:00 ---\n***\n\n"
LOG = "000042: *Mar  1 00:00:12.345: %SYS-5-CONFIG_I: Configured from console by lab\n"
broadcasts = pytest.mark.parametrize("noise", [ROLLBACK, ROLLBACK.replace("\n", " ", 1), SENT, COUNTDOWN, LOG])


@broadcasts
def test_a_broadcast_is_no_reply(noise):
    assert unexpected(noise) is None and complaint(noise) is None
    assert unexpected(noise.replace("\n", "\r\n")) is None
    harmless = "% Already found same 'match identity' statement"
    assert unexpected(f"{noise}{harmless}\n") is None
    assert unexpected(f"{harmless}\n{noise}") is None
    assert complaint(f"Building configuration...\n{noise}[OK]\n") is None


@broadcasts
def test_a_harmless_line_that_was_broken_in_two_is_harmless(noise):
    assert unexpected(f"Enter configuration commands, \n{noise}one per line.  End with CNTL/Z.\n") is None


@broadcasts
@pytest.mark.parametrize(
    "error",
    [
        "% Invalid input detected at '^' marker.",
        "%Error opening flash:x (No space left on device)",
        "%Rollback Confirmed Change: a change is pending already",
        "Command authorization failed.",
    ],
)
def test_an_error_beside_a_broadcast_still_counts(noise, error):
    for reply in (f"{noise}{error}\n", f"{error}\n{noise}", f"{noise}{error}\n{noise}"):
        assert unexpected(reply) == error
        assert complaint(reply) == error
    half = len(error) // 2
    assert complaint(f"{error[:half]}\n{noise}{error[half:]}\n")
    assert unexpected(f"{error[:half]}\n{noise}{error[half:]}\n")


def test_the_roll_back_itself_is_no_broadcast():
    assert unexpected("Rollback Confirmed Change: rolling to:flash:chg-1\n\nTotal number of passes: 1\nRollback Done\n")
