"""Labs from configurations on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from manual_clock import ManualClock
from netmiko import ConnectHandler

from ikeaudit.lab import Console, Lab, LabRouter, boot_from_folder
from ikeaudit.lab.boot import configurations
from ikeaudit.model.errors import InputError
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter


def test_a_folder_of_configurations(tmp_path: Path, r1_text: str, r2_text: str) -> None:
    (tmp_path / "one.cfg").write_text(r1_text)
    (tmp_path / "two.conf").write_text("Building configuration...\r\n\r\n" + r2_text.replace("\n", "\r\n"))
    (tmp_path / "notes.md").write_text("not a configuration")
    found = configurations(tmp_path)
    assert sorted(found) == ["R1", "R2"]
    lab = boot_from_folder(tmp_path, password="p")
    assert lab.router("R1").running_text.rstrip().endswith("end")
    assert lab.router("R2").running_text == r2_text
    assert "key cisco" in lab.router("R1").running_text


def test_a_snapshot_and_a_name_claimed_twice(tmp_path: Path, r1_text: str) -> None:
    for host in ("a", "b"):
        (tmp_path / host).mkdir()
        (tmp_path / host / "running-config.txt").write_text(r1_text)
        (tmp_path / host / "meta.json").write_text("{}")
    assert sorted(configurations(tmp_path)) == ["R1", "R1@b"]


def test_one_file_with_two_routers(tmp_path: Path, r1_text: str, r2_text: str) -> None:
    file = tmp_path / "both.txt"
    file.write_text(r1_text + r2_text)
    found = configurations(file)
    assert sorted(found) == ["R1", "R2"]
    assert found["R2"].lstrip("!\n ").startswith("version 15.7\nhostname R2")


def test_tokens_stand_in_for_keys(r1_text: str, r2_text: str, clock: ManualClock) -> None:
    fingerprinter = Fingerprinter(b"0123456789abcdef")
    parsed = [parse_configs(text, file="x.cfg", fingerprinter=fingerprinter)[0].router for text in (r1_text, r2_text)]
    lab = Lab(LabRouter(router.name, "\n".join(router.lines)) for router in parsed if router is not None)
    for router in lab.routers.values():
        router.attach(clock)
    assert "cisco" not in lab.router("R1").running_text
    assert "Success rate is 0 percent" in Console(lab.router("R2")).send("ping 10.0.0.1")
    assert "Success rate is 100 percent" in Console(lab.router("R1")).send("ping 10.0.0.2")


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_nothing_to_boot_is_one_clear_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=str(tmp_path / name)):
        configurations(tmp_path / name)


def test_a_binary_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.cfg").write_bytes(bytes(range(256)) * 64)
    with pytest.raises(InputError, match=r"x\.cfg: is binary"):
        configurations(tmp_path)


@pytest.mark.ssh
def test_a_booted_lab_answers(tmp_path: Path, r1_text: str, r2_text: str) -> None:
    (tmp_path / "both.txt").write_text(r1_text + r2_text)
    with boot_from_folder(tmp_path, password="p", enable_secret="e") as lab:
        session = ConnectHandler(
            device_type="cisco_ios", host="127.0.0.1", port=lab.port("R1"), username="lab", password="p", secret="e"
        )
        session.enable()
        assert "!!!!!" in session.send_command("ping 10.0.0.2 source Tunnel1")
        assert "QM_IDLE" in session.send_command("show crypto isakmp sa")
        session.disconnect()
        assert lab.router("R1").failures == []
