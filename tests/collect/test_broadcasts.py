"""What a router prints unasked is no part of a reply, wherever it breaks in, and never keeps a reply from ending."""

from __future__ import annotations

import pytest

from ikeaudit.session import SessionError, Terminal, without_syslog

ROLLBACK = (
    "Rollback Confirmed Change: Rollback will begin in one minute.\r\n"
    'Enter "configure confirm" if you wish to keep what you\'ve configured\r\n'
)
ONE_LINE = ROLLBACK.replace("\r\n", " ", 1)
SENT = "\r\n\r\n\r\n\x07***\r\n***\r\n*** Message from tty2 to all terminals:\r\n***\r\nMaintenance at 23:00\r\n\r\n"
SENT_FROM = SENT.replace("tty2 to all terminals", "tty0, rack 4, to tty3")
SENT_LONG = SENT.replace("at 23:00", "at 23:00\r\nPlease log off\r\nR2# thanks you")
SENT_ASKS = SENT.replace("Maintenance at 23:00", "May I reload this router?")
SENT_CLOSED = "\r\n***\r\n*** Message from tty0 to all terminals: ***\r\n\r\nMaintenance at 23:00\r\n***\r\n"
IN_FIVE = "\r\n\r\n\r\n***\r\n*** --- SHUTDOWN in 0:05:00 ---\r\n***\r\n\r\n"
ABORTED = IN_FIVE.replace("in 0:05:00", "ABORTED")
LOG = "\r\n*Mar  1 02:00:00.123: %SYS-5-CONFIG_I: Configured from console by lab on vty1\r\n"
NUMBERED = "\r\n000123: Mar  1 2025 02:00:00 UTC: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down\r\n"
MIXED_CASE = (
    "\r\n*Mar  1 02:00:00.123 GMT+1: %OSPFv3-5-ADJCHG: Process 1, Nbr 192.0.2.1 on Tunnel1 from FULL to DOWN\r\n"
)
WARNING_LOG = (
    "\r\n*Feb 15 15:57:41.528: %ARCHIVE_DIFF-5-ROLLBK_CNFMD_CHG_WARNING_ABSTIMER: System will rollback to config "
    'flash:chg-1 in one minute. Enter "configure confirm" if you wish to keep what you\'ve configured\r\n'
)
ALL = {
    "rollback": ROLLBACK,
    "rollback in one line": ONE_LINE,
    "send": SENT,
    "send from a place": SENT_FROM,
    "send of several lines": SENT_LONG,
    "send that asks": SENT_ASKS,
    "send, closed frame": SENT_CLOSED,
    "countdown": IN_FIVE,
    "countdown off": ABORTED,
    "log": LOG,
    "numbered log": NUMBERED,
    "log of OSPFv3": MIXED_CASE,
    "log of the warning": WARNING_LOG,
}
every = pytest.mark.parametrize("noise", ALL.values(), ids=ALL)


class Router:
    """A far end in configuration mode: ``answers`` gives the pieces that follow each line typed, then only the prompt."""

    def __init__(self, scripted, *answers):
        left = list(answers)

        def reply(line):
            return left.pop(0) if line and left else ["\r\nR1(config)#"]

        self.channel = scripted(lambda line: ["\r\nR1#"])
        self.terminal = Terminal("R1 (192.0.2.1:22)", self.channel, idle=2.0, total=5.0)
        self.warnings = []
        self.terminal.on_warning = self.warnings.append
        self.terminal.learn()
        self.channel._answer = reply


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr("ikeaudit.session.listener._NUDGE_AFTER", 0.0)


@every
def test_between_two_lines(scripted, noise):
    r = Router(scripted, ["show x\r\nline 1\r\n", noise, "line 2\r\nR1(config)#"])
    assert r.terminal.run("show x") == "line 1\nline 2"


@every
def test_before_the_first_line(scripted, noise):
    r = Router(scripted, ["show x\r\n", noise, "line 1\r\nR1(config)#"])
    assert r.terminal.run("show x") == "line 1"


@every
def test_before_the_prompt(scripted, noise):
    r = Router(scripted, ["no crypto keyring K\r\n", noise, "R1(config)#"])
    assert r.terminal.run("no crypto keyring K") == ""
    assert r.terminal.mode == "(config)#"


@every
def test_behind_the_prompt(scripted, noise):
    r = Router(scripted, ["no crypto keyring K\r\nR1(config)#" + noise])
    assert r.terminal.run("no crypto keyring K") == ""
    assert r.terminal.mode == "(config)#"


@every
def test_in_the_middle_of_the_prompt(scripted, noise):
    noise = noise if noise.startswith("\r\n") else f"\r\n{noise}"
    r = Router(scripted, ["no crypto keyring K\r\nR1(con", noise, "fig)#"])
    assert r.terminal.run("no crypto keyring K") == ""
    assert r.terminal.mode == "(config)#"


@every
def test_in_the_middle_of_the_echo(scripted, noise):
    noise = noise if noise.startswith("\r\n") else f"\r\n{noise}"
    r = Router(scripted, ["no crypto k", noise, "eyring K\r\nline 1\r\nR1(config)#"])
    assert r.terminal.run("no crypto keyring K") == "line 1"


@every
def test_before_the_echo(scripted, noise):
    # the warning holds the very words that are typed
    r = Router(scripted, [noise, "configure confirm\r\nR1(config)#"])
    assert r.terminal.run("configure confirm") == ""


@every
def test_half_of_it_came_before_the_line_was_typed(scripted, noise):
    at = noise.index("begin") if "begin" in noise else len(noise) // 2
    r = Router(scripted, [noise[at:] + "show x\r\nline 1\r\nR1(config)#"])
    r.channel._coming.append(noise[:at].encode())
    assert r.terminal.run("show x") == "line 1"


@every
def test_behind_a_question(scripted, noise):
    r = Router(scripted, ["reload in 9\r\nProceed with reload? [confirm]" + noise])
    said = r.terminal.converse("reload in 9", [(r"\[confirm\]", "")])
    assert "SHUTDOWN" not in said and r.terminal.mode == "(config)#"


@every
def test_a_refusal_beside_it_is_still_there(scripted, noise):
    r = Router(scripted, ["crypto x\r\n", noise, "% Invalid input detected at '^' marker.\r\n\r\nR1(config)#"])
    assert r.terminal.run("crypto x").strip() == "% Invalid input detected at '^' marker."
    r = Router(scripted, ["crypto x\r\n% Invalid input detected at '^' marker.\r\n", noise, "R1(config)#"])
    assert r.terminal.run("crypto x").strip() == "% Invalid input detected at '^' marker."


@pytest.mark.parametrize("answer", ["% Invalid input", "%Error opening flash:x", "                ^"])
def test_a_message_that_no_empty_line_ends_does_not_swallow_the_answer(answer):
    frame = "***\n***\n*** Message from tty2 to all terminals:\n***\nMaintenance at 23:00\n"
    assert without_syslog(f"a\n{frame}{answer}\nb") == f"a\n{answer}\nb"
    assert without_syslog(f"a\n{frame}more of it\n{answer}\nb").endswith(f"\n{answer}\nb")


@pytest.mark.parametrize(
    ("noise", "warning"),
    [
        (ROLLBACK, ["it rolls the change back in one minute unless it is confirmed"]),
        (ONE_LINE, ["it rolls the change back in one minute unless it is confirmed"]),
        (WARNING_LOG, ["it rolls the change back in one minute unless it is confirmed"]),
        (IN_FIVE, ["it restarts in 0:05:00"]),
        (ABORTED, []),
        (SENT, []),
        (LOG, []),
    ],
)
def test_what_a_person_is_told(scripted, noise, warning):
    r = Router(scripted, ["show x\r\nline 1\r\n", noise, "R1(config)#"])
    r.terminal.run("show x")
    assert r.warnings == warning


def test_a_warning_that_comes_between_two_lines_typed_is_told_too(scripted):
    r = Router(scripted, ["show x\r\nline 1\r\nR1(config)#"])
    r.channel._coming.append(ROLLBACK.encode())
    assert r.terminal.run("show x") == "line 1"
    assert r.warnings == ["it rolls the change back in one minute unless it is confirmed"]


@pytest.mark.parametrize(
    "line",
    [
        "Rollback Confirmed Change: Backing up current running config to flash:chg-1",
        "Rollback Confirmed Change: rolling to:flash:chg-1",
        "%Rollback Confirmed Change: a change is pending already",
        "%No Rollback Confirmed Change pending",
        "*** keep out ***",
        "*** Message of the day",
        " description --- SHUTDOWN in 0:05:00 ---",
        "% Invalid input detected at '^' marker.",
        "%Error opening flash:x (No space left on device)",
        "%Warning: weaker encryption algorithm is deprecated",
    ],
)
def test_what_looks_like_one_and_is_none(line):
    assert without_syslog(f"a\n{line}\nb") == f"a\n{line}\nb"


CONFIG = "hostname R1\r\ninterface Tunnel1\r\n description to the core\r\nend\r\n"
BROKEN = CONFIG.replace("to the core", f"to the{SENT} core")


def config_of(scripted, *readings):
    """A router's configuration, read as often as there are ``readings`` to read, and how often that was."""
    r = Router(scripted, *([f"show running-config\r\n{text}R1#"] for text in readings))
    text = r.terminal.read("show running-config", complete=lambda said: said.endswith("end"))
    return text, r.channel.typed.count("show running-config")


def test_a_configuration_that_was_broken_into_is_read_again(scripted):
    assert config_of(scripted, BROKEN, CONFIG) == (CONFIG.replace("\r", "").rstrip("\n"), 2)


def test_a_configuration_with_messages_between_its_lines_twice_is_taken(scripted):
    one, two = CONFIG.replace("interface", f"{SENT}interface"), CONFIG.replace("end", f"{IN_FIVE}end")
    assert config_of(scripted, one, two) == (CONFIG.replace("\r", "").rstrip("\n"), 2)


def test_two_readings_that_were_broken_in_different_lines_make_one(scripted):
    other = CONFIG.replace("Tunnel1", f"Tun{SENT}nel1")
    assert config_of(scripted, BROKEN, other) == (CONFIG.replace("\r", "").rstrip("\n"), 2)


def test_a_configuration_that_is_broken_at_one_place_each_time_is_refused(scripted):
    with pytest.raises(SessionError) as caught:
        config_of(scripted, *[BROKEN] * 4)
    assert caught.value.reason == "cut" and "Maintenance" not in str(caught.value)


def test_a_log_message_behind_the_prompt_does_not_take_the_second_reading(scripted):
    # it takes the next line typed for itself, as a router does that shows its prompt again
    late = LOG.replace("lab on vty1", "other on vty9")
    r = Router(scripted)
    script = iter([f"show running-config\r\n{BROKEN}R1#", f"{late}\r\nR1#", f"show running-config\r\n{CONFIG}R1#"])
    r.channel._answer = lambda line: [next(script)]
    text = r.terminal.read("show running-config", complete=lambda said: said.endswith("end"))
    assert text == CONFIG.replace("\r", "").rstrip("\n")
