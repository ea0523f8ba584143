"""Configuration mode, files, archive and the revert timer."""

from __future__ import annotations

from manual_clock import ManualClock

from ikeaudit.lab import LabRouter
from ikeaudit.lab.console import Console

NEW_KEY = ("configure terminal", "crypto keyring NEW", "pre-shared-key address 203.0.113.9 key k", "end")


def test_configuration_is_stateful_and_new_keyrings_go_to_the_end(console: Console) -> None:
    assert console.send("configure terminal").startswith("Enter configuration commands")
    console.send("crypto keyring aaa")
    assert console.prompt == "R1(conf-keyring)#" or console.prompt == "R1(config-keyring)#"
    console.send("pre-shared-key address 203.0.113.9 key k")
    console.send("end")
    assert console.prompt == "R1#"
    rings = console.send("show running-config | include ^crypto keyring").split()
    assert rings[2::3] == ["keyring1", "keyring2", "aaa"]


def test_the_prompt_follows_the_host_name(console: Console) -> None:
    console.send_all("configure terminal", "hostname a-very-long-name-of-a-router")
    assert console.prompt == "a-very-long-name-of-(config)#"
    console.send("end")
    assert console.prompt == "a-very-long-name-of-a-router#"


def test_do_runs_exec_commands_in_configuration_mode(console: Console) -> None:
    console.send("configure terminal")
    assert "IPv4 Crypto ISAKMP SA" in console.send("do show crypto isakmp sa")
    assert console.prompt == "R1(config)#"


def test_a_wrong_line_changes_nothing(console: Console, router: LabRouter) -> None:
    console.send("configure terminal")
    before = router.running_text
    assert "% Invalid input detected at '^' marker." in console.send("cryptoo keyring x")
    assert router.running_text == before


def test_startup_changes_only_when_saved(console: Console, router: LabRouter) -> None:
    before = router.startup_text
    console.send_all(*NEW_KEY)
    assert router.startup_text == before
    assert "[OK]" in console.send("write memory")
    assert router.startup_text == router.running_text != before


def test_copy_run_start_asks_for_the_name(console: Console, router: LabRouter) -> None:
    console.send_all(*NEW_KEY)
    console.send("copy running-config startup-config")
    assert console.prompt == "Destination filename [startup-config]? "
    assert router.startup_text != router.running_text
    assert "[OK]" in console.send("")
    assert router.startup_text == router.running_text


def test_copy_to_flash_with_and_without_prompts(console: Console, router: LabRouter) -> None:
    console.send("copy running-config flash:pre-1.cfg")
    assert console.prompt == "Destination filename [pre-1.cfg]? "
    assert "bytes copied" in console.send("")
    console.send("copy running-config flash:pre-1.cfg")
    console.send("")
    assert console.prompt.endswith("[confirm]")
    assert "bytes copied" in console.send("")
    console.send_all("configure terminal", "file prompt quiet", "end")
    assert "bytes copied" in console.send("copy running-config flash:pre-2.cfg")
    assert list(router.flash.names) == ["pre-1.cfg", "pre-2.cfg"]
    assert console.send("more flash:pre-2.cfg") == router.running_text
    assert "pre-2.cfg" in console.send("dir")
    assert console.send("delete /force flash:pre-2.cfg") == ""
    assert "No such file" in console.send("delete /force flash:pre-2.cfg")
    assert list(router.flash.names) == ["pre-1.cfg"]


def test_a_full_disk_refuses_the_copy(console: Console, router: LabRouter) -> None:
    router.flash.capacity = 10
    router.file_prompt_quiet = True
    assert "No space left on device" in console.send("copy running-config flash:x")
    assert router.flash.names == ()


def test_archive_config_keeps_the_newest(console: Console, router: LabRouter, clock: ManualClock) -> None:
    for _ in range(4):
        console.send("archive config")
        clock.advance(1)
    shown = console.send("show archive")
    assert "The maximum archive configurations allowed is 3." in shown
    assert "There are currently 3 archive configurations saved." in shown
    assert len(router.revert.saved) == 3
    assert shown.splitlines()[-1].endswith("<- Most Recent")


def test_without_archive_path_the_timer_is_refused(console: Console, router: LabRouter) -> None:
    console.send_all("configure terminal", "no archive", "end")
    printed = console.send("configure terminal revert timer 5")
    assert "%Turn config archive on before using Rollback Confirmed Change" in printed
    assert console.prompt == "R1#"
    assert router.revert.pending is None


def test_the_timer_reverts_an_unconfirmed_change(console: Console, router: LabRouter, clock: ManualClock) -> None:
    before = router.running_text
    assert "Backing up current running config to flash:chg-" in console.send("configure terminal revert timer 10")
    assert console.prompt == "R1(config)#"
    console.send_all(*NEW_KEY[1:])
    assert router.running_text != before
    assert "Timer value: 10 min" in console.send("show archive config rollback timer")
    clock.advance(599)
    assert router.running_text != before
    clock.advance(2)
    assert router.running_text == before
    assert "%No Rollback Confirmed Change pending" in console.send("configure confirm")
    log = console.send("show logging")
    assert "System will rollback to config" in log
    assert "ROLLBK_CNFMD_CHG_ROLLBACK_START" in log


def test_a_confirmed_change_stays(console: Console, router: LabRouter, clock: ManualClock) -> None:
    console.send("configure terminal revert timer 1")
    console.send_all(*NEW_KEY[1:])
    assert console.send("configure confirm") == ""
    clock.advance(3600)
    assert "crypto keyring NEW" in router.running_text


def test_revert_now_and_a_second_timer(console: Console, router: LabRouter) -> None:
    before = router.running_text
    assert "%No Rollback Confirmed Change pending" in console.send("configure revert now")
    console.send("configure terminal revert timer 5")
    console.send_all(*NEW_KEY[1:])
    refused = console.send("configure terminal revert timer 5")
    assert refused.startswith("%")
    assert console.prompt == "R1#"
    assert "Rollback Done" in console.send("configure revert now")
    assert router.running_text == before
    assert router.revert.pending is None


def test_the_timer_can_be_set_anew(console: Console, router: LabRouter, clock: ManualClock) -> None:
    console.send("configure terminal revert timer 1")
    console.send_all(*NEW_KEY[1:])
    console.send("configure revert timer 5")
    clock.advance(120)
    assert "crypto keyring NEW" in router.running_text
    clock.advance(200)
    assert "crypto keyring NEW" not in router.running_text


def test_configure_replace(console: Console, router: LabRouter) -> None:
    router.file_prompt_quiet = True
    console.send("copy running-config flash:pre.cfg")
    before = router.running_text
    console.send_all(*NEW_KEY)
    console.send("configure replace flash:pre.cfg")
    assert console.prompt.endswith("[no]: ")
    console.send("n")
    assert router.running_text != before
    printed = console.send("configure replace flash:pre.cfg list force")
    assert "no crypto keyring NEW" in printed
    assert "Total number of passes: 1" in printed
    assert router.running_text == before
    assert "Total number of passes: 0" in console.send("configure replace flash:pre.cfg force")
    assert "%Error" in console.send("configure replace flash:nothing.cfg force")
    assert "% Invalid input" in console.send("configure replace flash:pre.cfg gently")


def test_differences_between_configurations(console: Console) -> None:
    assert "!No changes were found" in console.send("show archive config differences")
    console.send_all(*NEW_KEY)
    assert "+crypto keyring NEW" in console.send("show archive config differences")
    assert "-crypto keyring NEW" in console.send(
        "show archive config differences system:running-config nvram:startup-config"
    )


def test_reload_in_and_cancel(console: Console, router: LabRouter, clock: ManualClock) -> None:
    console.send_all(*NEW_KEY)
    console.send("reload in 5")
    assert "Save?" in console.prompt
    console.send("no")
    assert console.prompt == "Proceed with reload? [confirm]"
    console.send("\r")
    assert "Reload scheduled" in console.send("show reload")
    assert "SHUTDOWN ABORTED" in console.send("reload cancel")
    clock.advance(600)
    assert router.reboots == 0
    console.send_all("reload in 5", "no", "\r")
    clock.advance(301)
    assert router.reboots == 1
    assert router.down
    assert "crypto keyring NEW" not in router.running_text
    clock.advance(60)
    assert not router.down


def test_a_reboot_loses_the_revert_timer(console: Console, router: LabRouter, clock: ManualClock) -> None:
    console.send("configure terminal revert timer 5")
    console.send_all(*NEW_KEY[1:])
    console.send("write memory")
    router.reboot(down_for=0)
    clock.advance(3600)
    assert "crypto keyring NEW" in router.running_text
