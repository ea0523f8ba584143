"""The preview of ``apply`` and ``rollback`` is what the routers of the lab then receive, line by line (only looking aside)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from change_lab import OPTIONS, hub_and_spokes, night, pairs

from ikeaudit.change import lines_of_apply, lines_of_rollback, roll_back
from ikeaudit.cli.apply import _lines
from ikeaudit.remediation.strategies import find_strategy

pytestmark = pytest.mark.ssh
LOOKING = ("show ", "dir", "terminal ", "more ")


def typed_since(lab, name, start=0):
    """What a router received but for what only looks and what ends a session; keys as one word."""
    found, configuring = [], False
    for line in lab.router(name).typed()[start:]:
        configuring = (configuring or line.startswith("configure terminal")) and line != "end"
        if line and not line.startswith(LOOKING) and (line != "exit" or configuring):
            found.append(re.sub(r"(key) \S+$", r"\1 KEY", line))
    return found


def shown_for(lines, name):
    """What a preview says of a router, prompts taken off."""
    found = [line.partition("# ") for line in lines if not line.startswith("!")]
    return [re.sub(r"(key) \S+$", r"\1 KEY", line) for prompt, _, line in found if prompt in (name, f"{name}(config)")]


def preview_of_apply(w, names, **which):
    from ikeaudit.change.plan_parts import after_text

    steps = frozenset(step.number for step in w.setting.plan.steps)
    texts = {name: after_text(w.setting.plan, w.setting.folder, name, steps) for name in names}
    return lines_of_apply(w.setting.plan, names, replace(OPTIONS, **which), texts)


@pytest.mark.quick
@pytest.mark.parametrize("archive", ["archive\n path flash:chg-\n!\n", ""], ids=["timer", "reload"])
def test_apply_and_then_rollback(window, archive):
    w = window(archive=archive)
    names = ("R1", "R2")
    shown = preview_of_apply(w, names)
    assert w.apply().result == "committed"
    for name in names:
        assert typed_since(w.lab, name) == shown_for(shown, name), name
    taking_back = lines_of_rollback(w.setting, everything=True)
    at = {name: len(w.router(name).typed()) for name in names}
    assert roll_back(w.setting, w.options, w.said.append, everything=True).result == "rolled-back"
    for name in names:
        assert typed_since(w.lab, name, at[name]) == shown_for(taking_back, name), name
        assert shown_for(taking_back, name)
    assert not any("clear crypto" in line for line in taking_back)


@pytest.mark.parametrize("arm", [False, True], ids=["timer", "armed by the plan"])
def test_held_and_then_taken_back(window, arm):
    w = window(archive="" if arm else "archive\n path flash:chg-\n!\n", arm=arm)
    names = ("R1", "R2")
    shown = preview_of_apply(w, names, hold=True)
    assert w.apply(replace(w.options, hold=True)).result == "held"
    for name in names:
        assert typed_since(w.lab, name) == shown_for(shown, name), name
    taking_back = lines_of_rollback(w.setting)
    at = {name: len(w.router(name).typed()) for name in names}
    assert roll_back(w.setting, w.options, w.said.append).result == "rolled-back"
    for name in names:
        assert typed_since(w.lab, name, at[name]) == shown_for(taking_back, name), name


@pytest.mark.parametrize("stop", ["armed", "half-way", "somebody else"])
def test_what_was_cut_off(window, monkeypatch, stop):
    """Cut off after arming, in the middle of the lines, or there while somebody else types as well."""
    from ikeaudit.change.run import Run

    w = window()

    def leave(self, *a, **k):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(Run, "go_back", leave)
        patch.setattr(Run, "send" if stop == "armed" else "test", leave)
        with pytest.raises(SystemExit):
            w.apply()
    if stop == "somebody else":
        from ikeaudit.lab.console import Console

        console = Console(w.router("R1"), privilege=15)
        w.lab.do(lambda: [console.send(x) for x in ("configure terminal", "snmp-server location here", "end")])
    names = ("R1", "R2")
    shown = lines_of_rollback(w.setting)
    at = {name: len(w.router(name).typed()) for name in names}
    assert roll_back(w.setting, w.options, w.said.append).result == "rolled-back"
    for name in names:
        assert typed_since(w.lab, name, at[name]) == shown_for(shown, name), name


def test_wave_by_wave(tmp_path, monkeypatch):
    """The command line shows the wave that comes next, and what the ends in the plan are tested by."""
    with night(tmp_path, hub_and_spokes(2), find_strategy("single-keyring")) as n:
        monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(n.setting.workspace.path))
        for wave in n.setting.plan.waves:
            shown = _lines(
                n.setting.folder,
                n.setting.plan,
                tmp_path / "inventory",
                OPTIONS,
                wave=wave.number,
                group=None,
                go_on=False,
            )
            at = {name: len(n.lab.router(name).typed()) for name in n.texts}
            assert n.apply().result == "committed"
            for name in n.texts:
                assert typed_since(n.lab, name, at[name]) == shown_for(shown, name), (wave.number, name)


def in_front_of(vrf, text):
    """A router of ``pairs`` whose tunnels run over an interface in a VRF of its own."""
    text = re.sub(r"(crypto keyring \w+)", rf"\1 vrf {vrf}", text)
    text = re.sub(r"(match identity address .*)", rf"\1 {vrf}", text)
    text = text.replace(" tunnel mode", f" tunnel vrf {vrf}\n tunnel mode").replace(
        "interface Ethernet0/0\n", f"interface Ethernet0/0\n vrf forwarding {vrf}\n"
    )
    return text.replace("!\n", f"!\nvrf definition {vrf}\n !\n address-family ipv4\n exit-address-family\n!\n", 1)


@pytest.mark.quick
def test_behind_a_front_door_vrf(tmp_path):
    """DOMAIN 8: what clears a session names the VRF as well as the peer, in the preview, on the page and on the router."""
    texts = {name: in_front_of("INET", text) for name, text in pairs(1).items()}
    with night(tmp_path, texts, find_strategy("single-keyring")) as n:
        shown = preview_of_apply(n, tuple(texts))
        assert n.apply().result == "committed", n.said
        for name, peer in (("A1", "192.168.1.2"), ("B1", "192.168.1.1")):
            clear = f"clear crypto session remote {peer} fvrf INET"
            assert shown_for(shown, name).count(clear) == 1
            assert typed_since(n.lab, name) == shown_for(shown, name)
            assert any(f"{name}# {clear}" in line for line in n.said)
