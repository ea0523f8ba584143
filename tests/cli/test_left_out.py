"""What lies in a folder and is no configuration: passed over when it is known what it is, else the audit is incomplete."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ikeaudit.cli.main import main

ROUTER = "version 15.2\nhostname {}\ninterface GigabitEthernet0/0\n ip address 192.0.2.1 255.255.255.0\nend\n"
JUNOS = "set system host-name srx\nset security ike policy P mode main\nset security ike gateway G address 192.0.2.2\n"
PAGE = "The tunnel was down again today.\nI called the provider, who said that it is not their business.\n"
OPEN = """\
hostname GW
crypto keyring K
 pre-shared-key address {} key Mq7zKd2WvR9tX4bP
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
end
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "configs"
    found.mkdir()
    (found / "r9.cfg").write_text(ROUTER.format("r9"))
    return found


def covered(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, Any]:
    code = main(["coverage", str(path), "--format", "json", *more])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        (JUNOS, "not-ios", 0),
        (PAGE, "not-ios", 0),
        ("hostname web1\nifconfig eth0 up\n", "unreadable", 3),
        ("", "unreadable", 3),
        (" \n\n", "unreadable", 3),
        ("lorem ipsum dolor\n", "unreadable", 3),
        ("hostname {{ name }}\n{% for peer in peers %}\ncrypto isakmp key {{ k }} address {{ peer }}\n", "template", 0),
    ],
    ids=["junos", "prose", "another", "empty", "blank", "nothing known", "template engine"],
)
def test_only_what_is_known_to_be_something_else_is_passed_over(
    text: str, kind: str, code: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "x.cfg").write_text(text)
    ended, body = covered(folder, capsys)
    assert {host["file"]: host["kind"] for host in body["hosts"]} == {"r9.cfg": "ios", "x.cfg": kind}
    assert (ended, body["incomplete"]) == (code, code == 3)
    assert main(["check", "-q", str(folder)]) == code
    capsys.readouterr()
    assert main(["check", "-q", str(folder), "--tolerate-unreachable", "1"]) == 0


@pytest.mark.parametrize(
    "value",
    [
        "<peer address>",
        "{{ peer }}",
        "${PEER}",
        "$(peer)",
        "$peer$",
        "%PEER%",
        "[peer-ip]",
        "x.x.x.x",
        "203.0.113.x",
        "XXX",
    ],
)
def test_a_configuration_whose_values_are_not_filled_in_is_a_template(
    value: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is read all the same, and its line is unknown."""
    (folder / "gw.cfg").write_text(OPEN.format(value))
    _, body = covered(folder, capsys)
    host = next(host for host in body["hosts"] if host["file"] == "gw.cfg")
    assert (host["kind"], [line["line"] for line in host["unknown"]]) == ("template", [3])
    assert host["reason"] == "it has values that are not filled in (line 3)"
    assert main(["check", str(folder), "--min-coverage", "0"]) == 1
    assert "RD-UNREAD" in capsys.readouterr().out


@pytest.mark.parametrize("value", ["198.51.100.9 255.255.255.256", "198.51.100.999", "peer"])
def test_a_damaged_line_makes_no_template(value: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "gw.cfg").write_text(OPEN.format(value))
    _, body = covered(folder, capsys)
    assert {host["kind"] for host in body["hosts"]} == {"ios"}


def test_files_below_sub_folders_are_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = folder / "berlin" / "edge"
    site.mkdir(parents=True)
    (site / "r1.cfg").write_text(ROUTER.format("r1"))
    (folder / ".git").mkdir()
    (folder / ".git" / "r7.cfg").write_text(ROUTER.format("r7"))
    (folder / "empty").mkdir()
    (folder / "around").symlink_to(folder)
    _, body = covered(folder, capsys)
    assert {host["file"] for host in body["hosts"]} >= {"r9.cfg", "berlin/edge/r1.cfg"}
    assert not any(".git" in host["file"] for host in body["hosts"])


def test_what_is_packed_below_a_sub_folder_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "berlin").mkdir()
    (folder / "berlin" / "r1.cfg.gz").write_bytes(b"\x1f\x8b\x08" + bytes(40))
    ended, body = covered(folder, capsys)
    assert ended == 3
    assert [(problem["kind"], problem["file"]) for problem in body["problems"]] == [("host", "berlin/r1.cfg.gz")]


def test_a_snapshot_below_is_named_and_not_mixed_in(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    host = folder / "old" / "r1"
    host.mkdir(parents=True)
    (host / "running-config.txt").write_text(ROUTER.format("r1"))
    (folder / "plan").mkdir()
    (folder / "plan" / "plan.json").write_text("{}")
    (folder / "plan" / "after.cfg").write_text(ROUTER.format("r9"))
    ended, body = covered(folder, capsys)
    assert [entry["file"] for entry in body["hosts"]] == ["r9.cfg"]
    assert [(problem["kind"], problem["file"]) for problem in body["problems"]] == [("host", "old"), ("file", "plan")]
    assert ended == 3
