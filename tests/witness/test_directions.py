"""What associations say of directions, worked out by hand: a tunnel whose ends were changed at 08:00, and its state of noon."""

from __future__ import annotations

from pathlib import Path

import pytest
from witnessed import GLOBAL_KEY, config, isakmp_sa, pair, session, state

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.result import Observed
from ikeaudit.fleet import Fleet
from ikeaudit.snapshot.workspace import Workspace
from ikeaudit.witness import Witness


def seen(fleet: Fleet, initiator: str = "R1") -> Observed | None:
    return Witness(fleet).observed(_direction(fleet, initiator))


def _direction(fleet: Fleet, initiator: str) -> Exchange:
    (found,) = [e for e in fleet.exchanges if e.initiator == initiator]
    return found


def test_without_state_there_is_no_witness(tmp_path: Path, workspace: Workspace) -> None:
    fleet = pair(tmp_path, workspace)
    witness = Witness(fleet)
    assert not witness.present and seen(fleet) is None
    assert witness.with_state(_direction(fleet, "R1")) is _direction(fleet, "R1")


def test_the_initiator_by_its_src_column_and_no_other(tmp_path: Path, workspace: Workspace) -> None:
    """R1 started it: R1's direction is observed, R2's is not. 86,400 s less 22 h are 7,200 s."""
    fleet = pair(tmp_path, workspace, state("R1"), state("R2"))
    found = seen(fleet)
    assert found is not None
    assert (found.standing, found.age, found.remaining, found.at) == ("observed", 7200, 79200, ("R1", "R2"))
    assert (found.profile, found.seen) == ("P", "2026-11-29T12:00:00Z")
    assert seen(fleet, "R2") is None


@pytest.mark.parametrize("name", ["R1", "R2"])
def test_the_state_of_either_end_is_enough(name: str, tmp_path: Path, workspace: Workspace) -> None:
    fleet = pair(tmp_path, workspace, *((state(n) if n == name else None) for n in ("R1", "R2")))
    found = seen(fleet)
    assert found is not None
    assert (found.standing, found.at) == ("observed", (name,))


@pytest.mark.parametrize(
    ("changes", "left", "standing", "older_than"),
    [
        # 2 h old; both changed four hours ago.
        ({}, "22:00:00", "observed", None),
        # R1 changed 1 h 59 min 59 s ago, then exactly 2 h ago, then 2 h and 1 s ago: its own clock is exact.
        ({"R1": "10:00:01 UTC Sun Nov 29 2026"}, "22:00:00", "before-change", "R1"),
        ({"R1": "10:00:00 UTC Sun Nov 29 2026"}, "22:00:00", "undated", None),
        ({"R1": "09:59:59 UTC Sun Nov 29 2026"}, "22:00:00", "observed", None),
        # Of the other end a minute more is needed either way.
        ({"R2": "09:58:59 UTC Sun Nov 29 2026"}, "22:00:00", "observed", None),
        ({"R2": "09:59:00 UTC Sun Nov 29 2026"}, "22:00:00", "undated", None),
        ({"R2": "10:01:00 UTC Sun Nov 29 2026"}, "22:00:00", "undated", None),
        ({"R2": "10:01:01 UTC Sun Nov 29 2026"}, "22:00:00", "before-change", "R2"),
        # 4 h 10 min old.
        ({}, "19:50:00", "before-change", "R1 R2"),
        # Nothing was changed since the restart, and no association outlives that.
        ({"R1": "No configuration change since last restart", "R2": "No configuration change since last restart"},
         "00:00:01", "observed", None),
        # Not said, or in a zone that nobody knows while the clock is in another.
        ({"R2": ""}, "22:00:00", "undated", None),
        ({"R2": "08:00:00 MSK Sun Nov 29 2026"}, "22:00:00", "undated", None),
        # 08:00 at +04 is 04:00 UTC.
        ({"R2": "08:00:00 +04 Sun Nov 29 2026"}, "17:00:00", "before-change", "R1"),
        ({"R1": "07:00:00 +04 Sun Nov 29 2026", "R2": "08:00:00 +04 Sun Nov 29 2026"}, "17:00:00", "observed", None),
        # A clock that was never set at the change.
        ({"R1": "00:01:00 UTC Mon Mar 1 1993"}, "22:00:00", "undated", None),
    ],
)  # fmt: skip
def test_evidence_is_younger_than_the_changes_of_both_ends(
    changes: dict[str, str], left: str, standing: str, older_than: str | None, tmp_path: Path, workspace: Workspace
) -> None:
    configs = {name: config(name, changed=text) for name, text in changes.items()}
    found = seen(pair(tmp_path, workspace, state("R1", left=left), configs=configs))
    assert found is not None
    assert (found.standing, " ".join(found.older_than)) == (standing, older_than or ""), found
    assert bool(found.why) == (standing == "undated")


def test_the_lifetime_is_the_smaller_of_the_two(tmp_path: Path, workspace: Workspace) -> None:
    """28,800 s at R2 against 86,400 s at R1; 25,200 s are left, so it is one hour old and not seventeen."""
    configs = {"R2": config("R2", lifetime=28800)}
    found = seen(pair(tmp_path, workspace, state("R1", left="07:00:00"), configs=configs))
    assert found is not None
    assert (found.standing, found.age) == ("observed", 3600)


def test_a_lifetime_that_no_policy_has_dates_nothing(tmp_path: Path, workspace: Workspace) -> None:
    configs = {"R2": config("R2", lifetime=3600)}
    found = seen(pair(tmp_path, workspace, state("R1", left="07:00:00"), configs=configs))
    assert found is not None
    assert (found.standing, found.age, found.why) == ("undated", None, "R1 does not show how old it is")


def test_two_policies_leave_two_ages(tmp_path: Path, workspace: Workspace) -> None:
    """20 h are left of 24 or of 22: four hours or two, and the change was three hours ago."""
    more = (
        "crypto isakmp policy 20\n encr aes 256\n hash sha256\n authentication pre-share\n group 14\n lifetime 79200\n"
    )
    configs = {name: config(name, changed="09:00:00 UTC Sun Nov 29 2026", extra=more) for name in ("R1", "R2")}
    fleet = pair(tmp_path / "both", workspace, state("R1", left="20:00:00"), configs=configs)
    found = seen(fleet)
    assert found is not None and found.standing == "undated"
    alone = {name: config(name, changed="07:00:00 UTC Sun Nov 29 2026", extra=more) for name in ("R1", "R2")}
    found = seen(pair(tmp_path / "older", workspace, state("R1", left="20:00:00"), configs=alone))
    assert found is not None
    assert (found.standing, found.age) == ("observed", 14400)


def test_states_that_were_read_at_different_times(tmp_path: Path, workspace: Workspace) -> None:
    """R2 was changed at 13:00 and read at 15:00; what R1 showed at noon is older, though it was only two hours old then."""
    other = {**state("R2"), "show clock": "*15:00:00.000 UTC Sun Nov 29 2026\n"}
    configs = {"R2": config("R2", changed="13:00:00 UTC Sun Nov 29 2026")}
    read = {"R2": "2026-11-29T15:00:00Z"}
    one = pair(tmp_path, workspace, state("R1"), {"show clock": other["show clock"]}, configs=configs, read=read)
    found = seen(one)
    assert found is not None
    assert (found.standing, found.older_than) == ("before-change", ("R2",))


def test_clocks_that_are_wrong_do_no_harm(tmp_path: Path, workspace: Workspace) -> None:
    """R2's clock is a year late; by itself it says that it was changed four hours ago."""
    configs = {"R2": config("R2", changed="08:00:00 CET Sat Nov 29 2025")}
    clock = {"show clock": "12:00:00.000 CET Sat Nov 29 2025\n"}
    found = seen(pair(tmp_path, workspace, state("R1"), clock, configs=configs))
    assert found is not None and found.standing == "observed"


def test_without_a_clock_the_time_of_reading_counts(tmp_path: Path, workspace: Workspace) -> None:
    shown = {command: text for command, text in state("R1").items() if command != "show clock"}
    found = seen(pair(tmp_path / "read", workspace, shown))
    assert found is not None and found.standing == "observed"
    found = seen(pair(tmp_path / "unread", workspace, shown, read={"R1": None, "R2": None}))
    assert found is not None
    assert (found.standing, found.why) == ("undated", "it is not known when the state of R1 was read")


def test_a_configuration_that_was_changed_since_it_was_read_is_not_tested(tmp_path: Path, workspace: Workspace) -> None:
    last = "show running-config | include Last configuration change"
    changed = {**state("R1"), last: "! Last configuration change at 09:00:00 UTC Sun Nov 29 2026\n"}
    found = seen(pair(tmp_path / "changed", workspace, changed))
    assert found is not None
    assert (found.standing, found.why) == ("undated", "R1 was changed after its configuration was read")
    same = {**state("R1"), last: "! Last configuration change at 08:00:00 UTC Sun Nov 29 2026 by admin\n"}
    found = seen(pair(tmp_path / "same", workspace, same))
    assert found is not None and found.standing == "observed"


def _faulty() -> dict[str, str]:
    return {"R2": config("R2", extra=GLOBAL_KEY)}


def test_predicted_down_and_up_all_the_same(tmp_path: Path, workspace: Workspace) -> None:
    fleet = pair(tmp_path, workspace, state("R1"), state("R2", profile="P"), configs=_faulty())
    direction = _direction(fleet, "R1")
    assert (direction.outcome, direction.failed_at, direction.reason) == ("down", "MM5", "keyring-verification")
    found = seen(fleet)
    assert found is not None
    assert (found.standing, found.differs) == (
        "contradicted",
        ("it is up, which was predicted to fail at MM5 (keyring-verification)",),
    )


def test_predicted_down_and_older_than_the_change(tmp_path: Path, workspace: Workspace) -> None:
    found = seen(pair(tmp_path, workspace, state("R1", left="12:00:00"), configs=_faulty()))
    assert found is not None and found.standing == "before-change"


def test_an_attempt_that_failed_is_no_evidence(tmp_path: Path, workspace: Workspace) -> None:
    shows = {**state("R1"), "show crypto isakmp sa": isakmp_sa(state="MM_KEY_EXCH")}
    assert seen(pair(tmp_path / "sent", workspace, shows, configs=_faulty())) is None
    deleted = isakmp_sa().replace("ACTIVE", "ACTIVE (deleted)")
    assert seen(pair(tmp_path / "gone", workspace, {**shows, "show crypto isakmp sa": deleted})) is None


@pytest.mark.parametrize("name", ["R1", "R2"])
def test_another_profile_is_a_disagreement(name: str, tmp_path: Path, workspace: Workspace) -> None:
    states = [state(n, profile="Q" if n == name else "P") for n in ("R1", "R2")]
    found = seen(pair(tmp_path, workspace, *states))
    assert found is not None
    assert (found.standing, found.differs) == (
        "contradicted",
        (f"{name} uses profile Q, where the replay chose profile P",),
    )


def test_a_session_without_a_profile(tmp_path: Path, workspace: Workspace) -> None:
    found = seen(pair(tmp_path, workspace, state("R1", profile="")))
    assert found is not None
    assert found.differs == ("R1 uses no profile, where the replay chose profile P",)


def test_where_no_session_was_collected_the_profile_is_not_judged(tmp_path: Path, workspace: Workspace) -> None:
    shows = {
        "show clock": state("R1")["show clock"],
        "show crypto isakmp sa": isakmp_sa(),
        "show crypto isakmp sa detail": _detail(),
    }
    found = seen(pair(tmp_path, workspace, shows))
    assert found is not None
    assert (found.standing, found.age, found.profile) == ("observed", 7200, None)


def _detail(cipher: str = "aes ", digest: str = "sha256", method: str = "psk ", group: str = "14") -> str:
    return (
        "C-id  Local           Remote          I-VRF  Status Encr Hash   Auth DH Lifetime Cap.\n\n"
        f"1001  192.0.2.1       192.0.2.2              ACTIVE {cipher} {digest} {method} {group} 22:00:00 \n"
        "       Engine-id:Conn-id =  SW:1\n"
    )


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        (_detail(), None),
        (_detail(cipher="3des"), "it agreed on 3des, sha256, psk, group 14, not on ISAKMP policy 10 of R2"),
        (_detail(digest="sha   "), "it agreed on aes, sha, psk, group 14, not on ISAKMP policy 10 of R2"),
        (_detail(group="5 "), "it agreed on aes, sha256, psk, group 5, not on ISAKMP policy 10 of R2"),
        (_detail(method="rsig"), "it agreed on aes, sha256, rsig, group 14, not on ISAKMP policy 10 of R2"),
    ],
)
def test_another_policy_is_a_disagreement(detail: str, words: str | None, tmp_path: Path, workspace: Workspace) -> None:
    fleet = pair(tmp_path, workspace, {**state("R1"), "show crypto isakmp sa detail": detail})
    found = seen(fleet)
    assert found is not None
    if words is None:
        assert found.standing == "observed"
    else:
        assert (found.standing, found.differs) == ("contradicted", (words,))


def test_one_tunnel_of_two_with_one_peer(tmp_path: Path, workspace: Workspace) -> None:
    """The session names the interface: an association of Tunnel1 says nothing of Tunnel2, from another address."""
    second = (
        "interface Tunnel2\n ip address 10.0.1.1 255.255.255.0\n tunnel source Loopback0\n"
        " tunnel destination 192.0.2.2\n tunnel protection ipsec profile V\n"
        "interface Loopback0\n ip address 192.0.2.65 255.255.255.255\n"
    )
    fleet = pair(tmp_path, workspace, state("R1"), configs={"R1": config("R1").replace("end\n", f"{second}end\n")})
    witness = Witness(fleet)
    found = {e.initiator_interface: witness.observed(e) for e in fleet.exchanges if e.initiator == "R1"}
    assert found["Tunnel1"] is not None and found["Tunnel2"] is None


def test_a_session_that_is_not_numbered(tmp_path: Path, workspace: Workspace) -> None:
    """The short form tells no lifetime, and the age is not known."""
    text = session("R1")
    short = "\n".join(line for line in text.split("\n") if "Capabilities" not in line and "Uptime" not in line)
    shows = {**state("R1"), "show crypto session detail": short}
    found = seen(pair(tmp_path, workspace, shows))
    assert found is not None
    assert (found.standing, found.profile) == ("undated", "P")
