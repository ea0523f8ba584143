"""``check NEW --against OLD``: what is worse than it was, and the lines that made it so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ikeaudit.cli.main import main
from ikeaudit.report import load_schema

SEED = Path(__file__).parents[1] / "cases" / "seed" / "different-addresses"

Change = Callable[[str], str]


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "ws"))
    for name in ("old", "new"):
        shutil.copytree(SEED, tmp_path / name, ignore=shutil.ignore_patterns("*.toml"))
    return tmp_path


def compared(
    folders: Path, capsys: pytest.CaptureFixture[str], change: Change = str, *options: str
) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON, after ``change`` was made to A."""
    file = folders / "new" / "a.cfg"
    file.write_text(change(file.read_text()))
    code = main(["check", str(folders / "new"), "--against", str(folders / "old"), "--format", "json", *options])
    found = json.loads(capsys.readouterr().out)
    Draft202012Validator(load_schema("ikeaudit.comparison/1")).validate(found)
    return code, found


def behind(entry: dict[str, Any]) -> list[tuple[str, int | None, str]]:
    return [(line["change"], line["line"], line["text"].split(" key ")[0]) for line in entry["lines"]]


def test_the_same_twice(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = compared(folders, capsys)
    assert code == 0
    assert (found["verdicts"], found["findings"], found["other_lines"]) == ([], [], [])


def test_an_address_that_was_mistyped(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = compared(
        folders, capsys, lambda text: text.replace("address 192.168.0.2 key", "address 192.168.0.99 key")
    )
    assert code == 1
    assert [(v["initiator"], v["before"], v["after"], v["worse"]) for v in found["verdicts"]] == [
        ("A", "up (certain)", "down at MM1, no-key-on-initiator (certain)", True),
        ("B", "up (certain)", "down at MM1, no-key-on-responder (certain)", True),
    ]
    lines = [("gone", 4, "pre-shared-key address 192.168.0.2"), ("new", 4, "pre-shared-key address 192.168.0.99")]
    assert [behind(verdict) for verdict in found["verdicts"]] == [lines, lines]
    assert {line["section"] for verdict in found["verdicts"] for line in verdict["lines"]} == {"crypto keyring KA"}
    missing = next(f for f in found["findings"] if f["code"] == "KR-NOKEY")
    assert (missing["change"], missing["hosts"]) == ("new", ["A"])
    assert found["failing"]


def test_the_way_back_is_better_and_does_not_fail(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = folders / "old" / "a.cfg"
    old.write_text(old.read_text().replace("address 192.168.0.2 key", "address 192.168.0.99 key"))
    code, found = compared(folders, capsys)
    assert code == 0
    assert [(v["initiator"], v["worse"]) for v in found["verdicts"]] == [("A", False), ("B", False)]
    changes = {f["code"]: f["change"] for f in found["findings"]}
    assert changes["KR-NOKEY"] == "gone"
    assert changes["FL-PSK-SAMPLE"] == "other"  # the same key, now of another address


def test_what_was_wrong_before_does_not_fail(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in folders.glob("*/a.cfg"):
        file.write_text(file.read_text().replace("address 192.168.0.2 key", "address 192.168.0.99 key"))
    assert compared(folders, capsys)[0] == 0


def test_another_key(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, found = compared(folders, capsys, lambda text: text.replace("key cisco2", "key Zq7hvPd2"))
    assert [(v["initiator"], v["after"]) for v in found["verdicts"]] == [
        ("A", "down at MM5, psk-mismatch (certain)"),
        ("B", "down at MM5, psk-mismatch (certain)"),
    ]
    assert "Zq7hvPd2" not in json.dumps(found)


def test_another_order_of_keyrings(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    extra = "crypto keyring KX\n  pre-shared-key address 192.168.0.2 key cisco2\n"
    for name, text in (("old", "{own}{extra}"), ("new", "{extra}{own}")):
        file = folders / name / "a.cfg"
        own = "crypto keyring KA\n  pre-shared-key address 192.168.0.2 key cisco2\n"
        file.write_text(file.read_text().replace(own, text.format(own=own, extra=extra)))
    code, found = compared(folders, capsys)
    assert code == 1
    worse = [v for v in found["verdicts"] if v["worse"]]
    assert [v["initiator"] for v in worse] == ["B"]
    assert [line["change"] for line in worse[0]["lines"]] == ["order"]


def test_an_unrelated_line_explains_nothing(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = compared(folders, capsys, lambda text: text.replace("end\n", "ntp server 192.0.2.9\nend\n"))
    assert code == 0
    assert [line["text"] for line in found["other_lines"]] == ["ntp server 192.0.2.9"]


def test_an_unrelated_line_is_not_among_the_causes(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The finding rests on no line that changed: its section's did."""

    def change(text: str) -> str:
        return text.replace("address 192.168.0.2 key", "address 192.168.0.99 key") + "ntp server 192.0.2.9\n"

    _, found = compared(folders, capsys, change)
    texts = [line[2] for entry in (*found["verdicts"], *found["findings"]) for line in behind(entry)]
    assert "ntp server 192.0.2.9" not in texts
    assert [line["text"] for line in found["other_lines"]] == ["ntp server 192.0.2.9"]


def test_a_policy_is_cited_as_a_whole(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line of it changed, and another policy is new: both may be behind the verdict, the former is."""

    def change(text: str) -> str:
        more = "crypto isakmp policy 20\n encr aes\n authentication pre-share\n group 14\ncrypto isakmp profile PA"
        return text.replace(" group 2\n", " group 5\n").replace("crypto isakmp profile PA", more)

    _, found = compared(folders, capsys, change)
    assert [v["after"] for v in found["verdicts"]] == ["down at MM1, no-common-ike-policy (certain)"] * 2
    for verdict in found["verdicts"]:
        assert [line[2] for line in behind(verdict)][:2] == ["group 2", "group 5"]
    assert found["other_lines"] == []


def test_a_policy_whose_line_is_cut_short(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What changed is told by the line in full, which the other router has."""
    for name in ("old", "new"):
        file = folders / name / "a.cfg"
        file.write_text(file.read_text().replace("crypto isakmp policy 10", "cry isa pol 10"))
    _, found = compared(folders, capsys, lambda text: text.replace(" group 2\n", " group 5\n"))
    assert [[line[2] for line in behind(verdict)] for verdict in found["verdicts"]] == [["group 2", "group 5"]] * 2


def test_what_else_changed_in_a_section_of_which_a_line_is_cited_is_not_behind_it(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The keyring's line for the peer is cited, and stays; another policy is what refuses the call."""

    def change(text: str) -> str:
        other = "  pre-shared-key address 203.0.113.9 key Other-99\ncrypto isakmp policy 10"
        return text.replace(" group 2\n", " group 5\n").replace("crypto isakmp policy 10", other)

    _, found = compared(folders, capsys, change)
    assert [[line[2] for line in behind(verdict)] for verdict in found["verdicts"]] == [["group 2", "group 5"]] * 2


def test_what_was_considered_and_not_taken_is_behind_a_verdict(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """B is called no longer by the profile that it should be: the match line that does not fit any more."""

    def change(text: str) -> str:
        new = "crypto isakmp policy 20\n encr aes\ncrypto isakmp profile PA"
        text = text.replace("match identity address 192.168.0.2", "match identity address 192.168.7.2")
        return text.replace("crypto isakmp profile PA", new)

    _, found = compared(folders, capsys, change)
    (verdict,) = found["verdicts"]
    assert verdict["after"] == "down at QM1, profile-binding (probable)"
    assert [line[2] for line in behind(verdict)] == [
        "match identity address 192.168.0.2 255.255.255.255",
        "match identity address 192.168.7.2 255.255.255.255",
        "crypto isakmp policy 20",
        "encr aes",
    ], "the policy was looked at as well"


def test_a_router_that_is_gone(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folders / "new" / "b.cfg").unlink()
    _, found = compared(folders, capsys)
    assert (found["hosts_gone"], found["hosts_new"]) == (["B"], [])
    assert [(v["initiator"], v["after"]) for v in found["verdicts"]] == [
        ("A", "unknown (unknown)"),
        ("B", None),
    ]


def test_fail_on_counts_new_findings_only(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def weaker(text: str) -> str:
        return text.replace(" hash md5\n", " hash md5\n lifetime 600\n")

    assert compared(folders, capsys, weaker, "--fail-on", "never")[0] == 0


def test_on_a_terminal(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folders / "new" / "a.cfg"
    file.write_text(file.read_text().replace("address 192.168.0.2 key", "address 192.168.0.99 key"))
    assert main(["check", str(folders / "new"), "--against", str(folders / "old")]) == 1
    out = capsys.readouterr().out.splitlines()
    assert "WORSE  2 directions" in out
    assert out[-1].startswith("FINDINGS  2 verdicts differ, 2 for the worse; ")


@pytest.mark.parametrize(
    "option", [["--host", "A"], ["--code", "KR-*"], ["--target-release", "17.12"], ["--category", "drift"]]
)
def test_filters_do_not_go_with_it(folders: Path, capsys: pytest.CaptureFixture[str], option: list[str]) -> None:
    assert main(["check", str(folders / "new"), "--against", str(folders / "old"), *option]) == 2
    assert "--against compares whole snapshots" in capsys.readouterr().err


def test_an_older_snapshot_that_is_not_there(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folders / "new"), "--against", str(folders / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err
