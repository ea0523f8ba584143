"""Waves group by group, over SSH: each group is confirmed or taken back alone, and the wave stops where it was told to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from change_lab import OPTIONS, hub_and_spokes, night, pairs

from ikeaudit.change import read_journal, resume_change, roll_back, status_of
from ikeaudit.lab.faults import CONFIG_LINE, Happening, Refused
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.remediation.strategies import STRATEGIES
from ikeaudit.remediation.strategies.ikev2 import ikev2_strategy

pytestmark = pytest.mark.ssh

(SINGLE,) = [s for s in STRATEGIES if s.name == "single-keyring"]


@pytest.fixture
def boot(tmp_path):
    """Boots routers and plans for them."""
    with ExitStack() as stack:
        yield lambda texts, strategy=SINGLE, **how: stack.enter_context(night(tmp_path, texts, strategy, **how))


def groups(report):
    return [(group.wave, group.group, group.routers, group.result) for group in report.groups]


def consolidated(n, *names):
    """Whether these routers have one keyring."""
    return [sum(line.startswith("crypto keyring") for line in n.running(name)) == 1 for name in names]


@pytest.fixture
def four(boot):
    """Four pairs: the canary is in force, and the second wave has the other three."""
    n = boot(pairs(4))
    waves = n.setting.plan.waves
    assert [[g.routers for g in w.groups] for w in waves] == [
        [("A1", "B1")],
        [("A2", "B2"), ("A3", "B3"), ("A4", "B4")],
    ]
    report = n.apply()
    assert report.result == "committed" and groups(report) == [(1, None, ("A1", "B1"), "committed")]
    assert "apply" in report.next and "--wave 2" in report.next
    assert all(consolidated(n, "A1", "B1")) and not any(consolidated(n, "A2", "B2", "A3", "B3", "A4", "B4"))
    return n


def test_the_canary_then_three_pairs(four):
    report = four.apply()
    assert (report.result, report.exit_code, report.next) == ("committed", 0, None)
    assert [row[3] for row in groups(report)] == ["committed"] * 3
    assert all(consolidated(four, *four.texts)) and four.quiet()
    assert "Wave 2 (far ends), group 2 of 3: A3, B3" in four.said
    with pytest.raises(RefusedError, match="in force already"):
        four.apply()
    assert four.setting.workspace.folder("changes").joinpath("CHG-7-w2-g2/journal.jsonl").is_file()


@pytest.mark.parametrize("allowed", [0, 1])
def test_a_pair_that_fails_is_taken_back_alone(four, allowed):
    four.fault("B3", Refused(on=CONFIG_LINE, after=2))
    report = four.apply(replace(OPTIONS, max_failures=allowed), wave=2)
    assert (report.result, report.exit_code) == ("in-part", 6)
    third = "committed" if allowed else "not-begun"
    assert [row[3] for row in groups(report)] == ["committed", "rolled-back", third]
    assert "B3 answered" in report.cause
    assert all(consolidated(four, "A2", "B2")), "the first stands"
    assert four.is_before("A3") and four.is_before("B3"), "both ends of the second are back"
    assert consolidated(four, "A4", "B4") == [bool(allowed)] * 2
    if not allowed:
        assert not any(line.startswith("configure t") for line in four.lab.router("A4").typed()), (
            "the third is untouched"
        )
    assert four.quiet()
    assert {r.name: r.state for r in report.routers} == {
        "A2": "saved", "B2": "saved", "A3": "reverted", "B3": "reverted",
        "A4": "saved" if allowed else "untouched", "B4": "saved" if allowed else "untouched",
    }  # fmt: skip
    # the same again tries what failed, and goes on with what was left
    again = four.apply()
    assert again.result == "committed", (again, four.said)
    assert [row[1] for row in groups(again)] == ([2] if allowed else [2, 3])
    assert all(consolidated(four, *four.texts)) and four.quiet()


def test_more_failures_than_allowed_stop_the_wave(four):
    for name in ("A2", "B3"):
        four.fault(name, Refused(on=CONFIG_LINE, after=1))
    report = four.apply(replace(OPTIONS, max_failures=1))
    assert (report.result, report.exit_code) == ("rolled-back", 6), "no group is in force"
    assert [row[3] for row in groups(report)] == ["rolled-back", "rolled-back", "not-begun"]
    assert all(four.is_before(name) for name in four.texts if name not in ("A1", "B1")) and four.quiet()


def test_a_group_that_cannot_begin_counts_as_failed(four):
    four.lab.do(lambda: four.lab.router("A3").operator(["no crypto isakmp policy 10"]))
    report = four.apply(replace(OPTIONS, max_failures=1))
    assert [row[3] for row in groups(report)] == ["committed", "refused", "committed"] and report.exit_code == 6
    assert "A3 does not run what the plan was made for" in report.cause
    assert not any(line.startswith("configure t") for line in four.lab.router("B3").typed())


def test_the_whole_wave_is_taken_back(four):
    assert four.apply().result == "committed"
    report = roll_back(four.setting, OPTIONS, four.said.append, wave=2)
    assert report.result == "rolled-back" and len(report.routers) == 6
    assert all(four.is_before(name) for name in four.texts if name not in ("A1", "B1"))
    assert all(consolidated(four, "A1", "B1")), "the canary stands" and four.quiet()
    order = [line for line in four.said if line.startswith("Wave 2, group") and line.endswith(":")]
    assert order == ["Wave 2, group 3:", "Wave 2, group 2:", "Wave 2, group 1:"]
    assert roll_back(four.setting, OPTIONS, four.said.append, everything=True).result == "rolled-back"
    assert four.is_before("A1") and four.is_before("B1")


def test_one_group_by_name(four):
    report = four.apply(wave=2, group=3)
    assert report.result == "committed" and groups(report) == [(2, 3, ("A4", "B4"), "committed")]
    assert consolidated(four, "A2", "A3", "A4") == [False, False, True]
    with pytest.raises(InputError, match="Wave 2 has no group 4; it has 3"):
        four.apply(wave=2, group=4)
    with pytest.raises(RefusedError, match="name one of them with --group"):
        four.apply(replace(OPTIONS, hold=True), wave=2)


def test_a_wave_out_of_order_only_when_that_is_said(boot):
    n = boot(pairs(2))
    with pytest.raises(
        RefusedError, match=r"Wave 2 comes after wave 1, and wave 1 of CHG-7 \(A1, B1\) is not in force"
    ):
        n.apply(wave=2)
    assert not any(n.lab.router(name).typed() for name in n.texts)
    assert n.apply(replace(OPTIONS, out_of_order=True), wave=2).result == "committed"
    assert consolidated(n, *n.texts) == [False, False, True, True]
    report = n.apply()
    assert groups(report) == [(1, None, ("A1", "B1"), "committed")] and report.next is None
    # what was carried out last goes back first
    assert roll_back(n.setting, OPTIONS, n.said.append, everything=True).result == "rolled-back"
    assert [line for line in n.said if line in ("Wave 1:", "Wave 2:")] == ["Wave 1:", "Wave 2:"]
    assert all(n.is_before(name) for name in n.texts) and n.quiet()


# -- a process that is killed ----------------------------------------------------------------------------------------


KILLED = """
import sys
from pathlib import Path
from dataclasses import replace
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from change_lab import OPTIONS
from ikeaudit.change import Setting, apply_change
from ikeaudit.snapshot.workspace import Workspace
from ikeaudit.remediation.plan_folder import load_plan
from ikeaudit.session import Credentials, Keychain, Limits, open_inventory
folder = Path(sys.argv[2])
setting = Setting(load_plan(folder / "plan"), folder / "plan", Workspace.open(folder / "workspace"),
    open_inventory(folder / "inventory"), Keychain(Credentials("lab", sys.stdin.read())),
    Limits(connect=3.0, idle=4.0, total=20.0))
apply_change(setting, OPTIONS, print)
"""


@pytest.mark.parametrize(("on", "after"), [(CONFIG_LINE, 2), ("^ping", 0), ("^write memory", 0)])
@pytest.mark.parametrize("way", ["resume", "rollback"])
def test_kill_9_in_the_second_group(four, tmp_path, on, after, way):
    started = []
    four.fault("B3", Happening(on=on, after=after, action=lambda router: os.kill(started[0].pid, signal.SIGKILL)))
    support = str(Path(sys.modules["change_lab"].__file__).parent)
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, support, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    started.append(process)
    process.communicate(b"Canary-login-7Kd2", timeout=100)
    assert process.returncode == -signal.SIGKILL
    states = {c.change_id: c.state for c in status_of(four.setting.workspace, "CHG-7").changes}
    assert states == {"CHG-7-w1": "committed", "CHG-7-w2-g1": "committed", "CHG-7-w2-g2": "interrupted"}
    with pytest.raises(RefusedError, match=r"CHG-7-w2-g2 is half-way on .*B3"):
        four.apply()
    if way == "resume":
        report = resume_change(four.setting, OPTIONS, four.said.append)
        assert report.result == "committed", (report, four.said)
        assert [row[1] for row in groups(report)] == [2, 3], "it goes on with the group after it"
        assert all(consolidated(four, *four.texts))
    else:
        report = roll_back(four.setting, OPTIONS, four.said.append)
        assert report.result == "rolled-back" and {r.name for r in report.routers} == {"A3", "B3"}
        assert four.is_before("A3") and four.is_before("B3") and all(consolidated(four, "A2", "B2"))
    assert four.quiet()


# -- groups that share a hub -----------------------------------------------------------------------------------------


def test_groups_that_share_a_hub(boot):
    """S1's tunnel is the canary with what the hub needs; one of the others fails, and the next goes on without it."""
    n = boot(hub_and_spokes(6), ikev2_strategy())
    waves = n.setting.plan.waves
    assert [g.routers for g in waves[0].groups] == [("S1", "HUB")]
    assert [g.routers for g in waves[1].groups] == [(f"S{number}", "HUB") for number in range(2, 7)]
    assert n.apply().result == "committed"
    n.fault("S3", Refused(on=CONFIG_LINE, after=4))
    report = n.apply(replace(OPTIONS, max_failures=1))
    assert (report.result, report.exit_code) == ("in-part", 6), (report, n.said)
    assert [row[3] for row in groups(report)] == ["committed", "rolled-back", "committed", "committed", "committed"]
    assert n.is_before("S3")
    hub = "\n".join(n.running("HUB"))
    assert hub.count("tunnel protection ipsec profile IP") == 1, "only S3's is by IKEv1 still"
    assert n.quiet()
    assert {r.name: r.state for r in report.routers}["HUB"] == "saved"
    with pytest.raises(
        RefusedError, match=r"Wave 3 comes after wave 2, and wave 2, group 2 .*S3, HUB.* is not in force"
    ):
        n.apply(wave=3)
    again = n.apply()
    assert again.result == "committed" and groups(again) == [(2, 2, ("S3", "HUB"), "committed")], (again, n.said)
    report = n.apply(go_on=True)
    assert report.result == "committed" and report.next is None, (report, n.said)
    for name in n.texts:
        assert not any(line.startswith(("crypto keyring", "crypto isakmp profile")) for line in n.running(name))
    # back: what was carried out last comes first, whichever group it was
    assert roll_back(n.setting, OPTIONS, n.said.append, everything=True).result == "rolled-back", n.said[-20:]
    assert all(n.is_before(name) for name in n.texts) and n.quiet()


def test_the_journals_hold_no_key(boot, tmp_path):
    n = boot(hub_and_spokes(2), ikev2_strategy())
    assert n.apply(go_on=True).result == "committed", n.said
    lines = [e.line for p in tmp_path.rglob("journal.jsonl") for e in read_journal(p) if e.line]
    assert any("<PSK:" in line for line in lines)
    assert not any("Canary" in f.read_text(errors="replace") for f in tmp_path.rglob("*") if f.is_file())
    assert "Canary" not in "".join(n.said)


def test_the_state_of_a_plan_with_groups(four, tmp_path, monkeypatch, capsys):
    from jsonschema import Draft202012Validator

    from ikeaudit.cli.main import main
    from ikeaudit.report import load_schema

    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.chdir(tmp_path)
    four.fault("B3", Refused(on=CONFIG_LINE, after=2))
    report = four.apply()
    assert main(["status", "plan"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "CHG-7: plan, 2 waves",
        "  wave 1 (canary): in force (A1, B1)",
        "  wave 2 (far ends): 1 of 3 groups in force; taken back: group 2 (A3, B3); not begun: 1",
        "  next: ikeaudit apply plan --commit --wave 2",
        "    (wave 2 (far ends): group 2 failed and would be tried again, then the other: A3, B3, A4, B4)",
        f"Workspace: {tmp_path / 'workspace'}",
    ]
    assert report.next.endswith(
        "(wave 2 (far ends): group 2 failed and would be tried again, then the other: A3, B3, A4, B4)"
    )
    assert main(["status", "plan", "--format", "json"]) == 0
    body = json.loads(capsys.readouterr().out)
    Draft202012Validator(load_schema("ikeaudit.status/1")).validate(body)
    assert [p["state"] for p in body["plans"][0]["waves"][1]["parts"]] == ["committed", "rolled-back", "not-begun"]
    assert {c["change_id"]: c["next"] for c in body["changes"]}["CHG-7-w1"] == "ikeaudit apply plan --commit --wave 2"
    Draft202012Validator(load_schema("ikeaudit.change/1")).validate(json.loads(msgspec.json.encode(report)))
    assert four.apply().result == "committed"
    assert main(["status", "CHG-7"]) == 0
    out = capsys.readouterr().out
    assert "wave 2 (far ends): 3 of 3 groups in force\n" in out and "all of it is in force" in out


def test_the_lines_are_shown_group_by_group(four, tmp_path, monkeypatch, capsys):
    from ikeaudit.cli.main import main

    monkeypatch.chdir(tmp_path)
    assert main(["apply", "plan", "--wave", "2", "--group", "2", "--out-of-order"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("! wave 2, group 2: A3, B3\n") and "copy running-config flash:pre-CHG-7-w2-g2.cfg" in out
    assert "A2#" not in out and "A4#" not in out
    assert main(["apply", "plan", "--wave", "2", "--out-of-order"]) == 0
    out = capsys.readouterr().out
    assert (
        out.index("! wave 2, group 1") < out.index("A2# copy") < out.index("! wave 2, group 2") < out.index("A3# copy")
    )
    assert main(["apply", "plan", "--wave", "2", "--group", "9"]) == 2
