"""A reply is the whole reply and nothing else, and an error never quotes the router."""

from __future__ import annotations

import pytest

from ikeaudit.session import SessionError, Terminal, without_syslog

CONFIG = "Building configuration...\r\n\r\nhostname R1\r\nbanner motd ^C\r\nR1#\r\nR1# do not touch\r\n^C\r\nend\r\n"


def terminal(scripted, replies, *, name="R1", prompt="R1#"):
    """A terminal that has learnt the name of a router which answers by ``replies``."""

    def answer(line):
        if not line:
            return [f"\r\n{prompt}"]
        reply = replies(line) if callable(replies) else replies[line]
        return reply if isinstance(reply, list) else [f"{line}\r\n{reply}{prompt}"]

    channel = scripted(answer)
    t = Terminal("R1 (192.0.2.1:22)", channel, idle=0.2, total=5)
    t.learn()
    assert t.name == name
    return t, channel


def test_echo_and_prompt_are_not_part_of_the_reply(scripted):
    t, _ = terminal(scripted, {"show clock": "*02:00:00.000 UTC\r\n"})
    assert t.run("show clock") == "*02:00:00.000 UTC"
    assert t.mode == "#" and t.privileged


def test_an_empty_reply_is_empty(scripted):
    t, _ = terminal(scripted, {"terminal length 0": ""})
    assert t.run("terminal length 0") == ""


def test_the_prompt_inside_a_configuration_does_not_end_it(scripted):
    # PERF "Silent truncation": the reply comes in pieces, one of which ends in what looks like the prompt.
    cut = CONFIG.index("R1#\r\n") + len("R1#")
    chunks = ["show running-config\r\n" + CONFIG[:cut], CONFIG[cut:] + "R1#"]
    t, _ = terminal(scripted, {"show running-config": chunks})
    text = t.read("show running-config", complete=lambda said: said.rstrip().endswith("end"))
    assert text.splitlines()[-1] == "end"
    assert "R1# do not touch" in text


def test_a_piece_at_a_time_is_put_together(scripted):
    whole = "show running-config\r\n" + CONFIG + "R1#"
    t, _ = terminal(scripted, {"show running-config": list(whole)})
    assert t.read("show running-config", complete=lambda said: said.endswith("end")) == CONFIG.replace("\r", "").rstrip(
        "\n"
    )


def test_characters_cut_in_two_survive(scripted):
    reply = "show run\r\n description Zürich\r\nR1#".encode()
    at = reply.index("ü".encode()) + 1
    t, _ = terminal(scripted, {"show run": [reply[:at], reply[at:]]})
    assert t.run("show run") == " description Zürich"


def test_log_messages_are_left_out(scripted):
    reply = "line 1\r\n*Mar  1 02:00:00.123: %SYS-5-CONFIG_I: Configured from console by lab on vty1\r\nline 2\r\n"
    t, _ = terminal(scripted, {"show x": reply})
    assert t.run("show x") == "line 1\nline 2"


def test_a_log_message_behind_the_prompt_does_not_hide_the_end(scripted):
    noise = "R1#\r\n000123: Mar  1 2025 02:00:00.123 UTC: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down\r\n"
    t, channel = terminal(scripted, {"show x": ["show x\r\nline 1\r\n" + noise]})
    t.idle = 10
    assert t.run("show x") == "line 1"
    assert channel.typed[-1] == ""


@pytest.mark.parametrize(
    "line",
    [
        "*Mar  1 00:00:12.345: %SYS-5-CONFIG_I: Configured from console",
        "Nov 23 10:49:00.001 UTC: %CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 192.168.0.1 failed",
        "000042: *Mar  1 00:00:12.345: %SYS-5-RESTART: System restarted --",
        "%LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel1, changed state to up",
        "R1#%SYS-5-CONFIG_I: Configured from console",
        "3w2d: %SYS-5-RELOAD: Reload requested",
    ],
)
def test_what_counts_as_a_log_message(line):
    assert without_syslog(f"a\n{line}\nb") == "a\nb"


@pytest.mark.parametrize(
    "line",
    [
        "% Invalid input detected at '^' marker.",
        "A pre-shared key for address mask 10.0.0.2 255.255.255.255 already exists!",
        ' event syslog pattern "%SYS-5-CONFIG_I: Configured"',
        "%Warning: weaker encryption algorithm is deprecated",
        "% Already found same 'match identity' statement",
    ],
)
def test_what_does_not_count_as_a_log_message(line):
    assert without_syslog(f"a\n{line}\nb") == f"a\n{line}\nb"


def test_configuration_modes_and_long_names(scripted):
    name = "branch-office-router-0123456789"
    shown = {"configure terminal": f"{name[:20]}(config)#", "end": f"{name}#"}
    t, _ = terminal(scripted, lambda line: [f"{line}\r\n{shown[line]}"], name=name, prompt=f"{name}#")
    t.run("configure terminal")
    assert t.mode == "(config)#"
    t.run("end")
    assert t.mode == "#"


def test_silence_is_a_timeout_and_the_error_names_the_label(scripted):
    t, _ = terminal(scripted, lambda line: [f"{line}\r\nhalf of a secr"])
    with pytest.raises(SessionError) as caught:
        t.run("pre-shared-key address 10.0.0.2 key Canary-9f", label="pre-shared-key address 10.0.0.2 key <PSK:1>")
    assert caught.value.reason == "timeout"
    assert "<PSK:1>" in str(caught.value)
    assert "Canary" not in repr(caught.value) and "secr" not in str(caught.value)


def test_a_question_mark_in_a_line_is_typed_as_text(scripted):
    # IOS takes a bare ? as a call for help; Ctrl-V in front makes it a character of the line.
    t, channel = terminal(scripted, lambda line: [line.replace("\x16", "") + "\r\nR1#"])
    t.run("description who? me")
    assert channel.typed[-1] == "description who\x16? me"


def test_a_lost_session_is_said_to_be_closed(scripted):
    t, channel = terminal(scripted, {})
    channel.gone = True
    with pytest.raises(SessionError) as caught:
        t.run("show clock")
    assert caught.value.reason == "closed"
    t.close()
    assert channel.closed


@pytest.mark.parametrize("prompt", ["admin@web01:~$ ", "[root@web01 ~]# ", "login: "])
def test_other_prompts_are_no_ios(scripted, prompt):
    t = Terminal("R1 (192.0.2.1:22)", scripted(lambda line: [prompt]), idle=0.2)
    with pytest.raises(SessionError) as caught:
        t.learn()
    assert caught.value.reason == "not-ios"


def enabling(scripted, answers):
    """A terminal in user EXEC of a router that answers an attempt to enable with ``answers``, one a line typed."""
    script = iter(answers)
    channel = scripted(lambda line: [f"{line}\r\nR1>" if not line else next(script)], "R1>")
    t = Terminal("R1 (192.0.2.1:22)", channel, idle=0.2)
    t.learn()
    assert not t.privileged
    return t


def test_enable_with_the_right_secret(scripted):
    t = enabling(scripted, ["enable\r\nPassword: ", "\r\nR1#"])
    t.enable("ops", "Canary-enable")
    assert t.privileged


@pytest.mark.parametrize(
    "refusal",
    [
        "\r\nPassword: ",
        "\r\n% Bad secrets\r\n\r\nR1>",
        "\r\n% Access denied\r\n\r\nR1>",
        "\r\n% Error in authentication.\r\n\r\nR1>",
    ],
)
def test_enable_with_a_wrong_secret(scripted, refusal):
    t = enabling(scripted, ["enable\r\nPassword: ", refusal])
    with pytest.raises(SessionError) as caught:
        t.enable("ops", "Canary-enable")
    assert caught.value.reason == "enable-secret"
    assert "did not accept" in str(caught.value) and "Canary" not in str(caught.value)


def test_enable_without_a_secret(scripted):
    t = enabling(scripted, ["enable\r\nPassword: "])
    with pytest.raises(SessionError, match="IKEAUDIT_ENABLE"):
        t.enable("ops", None)


def test_questions_are_answered_in_turn(scripted):
    script = {
        "copy running-config startup-config": [
            "copy running-config startup-config\r\nDestination filename [startup-config]? "
        ],
        "": ["\r\nBuilding configuration...\r\n[OK]\r\nR1#"],
    }
    t, channel = terminal(scripted, {})
    channel._answer = script.__getitem__
    said = t.converse("copy running-config startup-config", [(r"Destination filename", "")])
    assert said.splitlines()[-1] == "[OK]"


def test_an_unknown_question_is_broken_off(scripted):
    t, channel = terminal(scripted, lambda line: [f"{line}\r\nDo you really want to? [yes/no]: "])
    with pytest.raises(SessionError) as caught:
        t.converse("reload in 10", [])
    assert caught.value.reason == "question"
    assert channel._line == "\x03"


def test_another_prompt_is_noticed_before_the_time_is_up(scripted, monkeypatch):
    monkeypatch.setattr("ikeaudit.session.listener.STUCK_AFTER", 0.1)
    t, _ = terminal(scripted, lambda line: [f"{line}\r\nstandby#"])
    t.idle = 30
    with pytest.raises(SessionError) as caught:
        t.run("interface Tunnel1")
    assert caught.value.reason == "prompt"


def test_the_countdown_to_a_reload_is_left_out(scripted):
    countdown = "\r\n\r\n***\r\n*** --- SHUTDOWN in 0:05:00 ---\r\n***\r\n\r\n"
    t, _ = terminal(scripted, {"show x": ["show x\r\nline 1\r\n" + countdown + "line 2\r\nR1#"]})
    assert t.run("show x") == "line 1\nline 2"


def test_asterisks_of_a_banner_stay(scripted):
    t, _ = terminal(scripted, {"show x": "banner motd ^C\r\n***\r\n*** keep out ***\r\n***\r\n^C\r\n"})
    assert t.run("show x") == "banner motd ^C\n***\n*** keep out ***\n***\n^C"


def test_an_empty_line_shows_that_the_session_works(scripted):
    t, channel = terminal(scripted, {})
    assert t.run("") == ""
    channel.gone = True
    with pytest.raises(SessionError):
        t.run("")
