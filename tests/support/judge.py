"""What must hold after any change on the seed's two routers, judged from the lab's side and from what stands on the disk."""

from __future__ import annotations

import re

from ikeaudit.change import read_journal, status_of
from ikeaudit.change.journal import progress_of
from ikeaudit.lab import Console
from ikeaudit.lab.fault_set import SECOND_OPERATOR

NAMES = ("R1", "R2")
PEERS = {"R1": "192.168.0.2", "R2": "192.168.0.1"}
INNER = {"R1": "10.0.0.2", "R2": "10.0.0.1"}
SECRETS = re.compile(r"Canary-\w+-4Wd\d")


def lines_of(text):
    """The lines of a configuration with their section, sorted: what a roll-back brings back may stand in another order."""
    found, section = [], ""
    for line in text.splitlines():
        if line.strip() in ("", "!", "end", SECOND_OPERATOR) or line.startswith("Building"):
            continue
        if not line[0].isspace():
            section = line.rstrip()
        found.append((section, line.strip()))
    return sorted(found)


def before(w, name):
    """What the router ran before: the fixture's own text."""
    return lines_of(w.config(name))


def after(w, name):
    """What it must run afterwards, by hand: the second keyring gone, the profile that used it on the first (DOMAIN 12 A1)."""
    text = w.config(name)
    ring = re.compile(r"crypto keyring keyring2\n  pre-shared-key [^\n]*\n")
    assert len(ring.findall(text)) == 1 and text.count("   keyring keyring2\n") == 1
    text = ring.sub("", text).replace("   keyring keyring2\n", "   keyring keyring1\n")
    if any(step.phase == "arm" for step in w.setting.plan.steps):
        text += "archive\n path flash:chg-CHG-1-\n maximum 14\n"
    return lines_of(text)


def runs(w, name, text=None):
    """``before``, ``after``, or ``half``; of the running configuration unless another ``text`` is given."""
    lines = lines_of(w.running(name) if text is None else text)
    return "before" if lines == before(w, name) else "after" if lines == after(w, name) else "half"


def check(w, code, report, words):
    """Everything that is promised of a change that has ended with ``code`` and ``report`` (None: an error instead)."""
    result = report.result if report is not None else "refused"
    assert (code, result) in {
        (0, "committed"), (3, "unsaved"), (6, "rolled-back"), (3, "refused"), (5, "refused"),
    }, words  # fmt: skip
    told = "after" if result in ("committed", "unsaved") else "before"
    assert [runs(w, n) for n in NAMES] == [told, told], words
    _nothing_pending(w, words)
    _saved(w, result, words)
    _journal(w, result, words)
    _typed(w, told, words)
    _no_secrets(w, report, words)
    comes_up(w, told, words)


def _nothing_pending(w, words):
    for name in NAMES:
        router = w.router(name)
        assert router.revert.pending is None and router.reload_due_in() is None, words
        assert not router.failures, words


def _saved(w, result, words):
    """The startup configurations are the new ones only where everything was verified."""
    startup = [runs(w, n, w.router(n).startup_text) for n in NAMES]
    if result == "unsaved":
        assert "before" in startup and "half" not in startup, (startup, words)
    else:
        assert startup == ["after" if result == "committed" else "before"] * 2, (startup, words)


def _journal(w, result, words):
    """The journal ends as it ended, names the state of each router, and had every line before it was typed."""
    entries = list(read_journal(w.setting.journal_path))
    progress = progress_of(entries)
    assert progress.result == result and progress.open is (result == "unsaved"), words
    startup = {n: runs(w, n, w.router(n).startup_text) for n in NAMES}
    for name, router in progress.routers.items():
        if result in ("committed", "unsaved"):
            assert router.phase == ("saved" if startup[name] == "after" else "confirmed"), (name, router, words)
            assert router.backup in {f"flash:{file}" for file in w.router(name).flash.names}, words
        else:
            assert router.phase in ("untouched", "reverted"), (name, router, words)
        told = [e.line for e in entries if e.router == name and e.event in ("send", "reverting") and e.line]
        for line in config_lines(w, name):
            assert tokens(line) in map(tokens, told), (line, words)
    (change,) = status_of(w.setting.workspace, None).changes
    nothing_done = {router.phase for router in progress.routers.values()} == {"untouched"}
    assert change.state == ("refused" if nothing_done else result), (change, words)
    assert not change.broken, (change, words)


def tokens(line):
    """``line`` with the key that it holds named by any one token."""
    return re.sub(r"<PSK:[0-9a-f]{16}>|Canary-psk-4Wd1-long-enough", "<PSK>", line)


def config_lines(w, name):
    """The lines that were typed in configuration mode, those that leave it not counted."""
    typed = [e for e in w.router(name).commands if "(config" in e.prompt]
    return [e.line for e in typed if e.line not in ("end", "exit")]


def _typed(w, told, words):
    """Associations are cleared by peer only; a change in force was tested from both ends, and saved after that."""
    for name in NAMES:
        lines = w.router(name).typed()
        assert {line for line in lines if line.startswith("clear")} <= {f"clear crypto session remote {PEERS[name]}"}, (
            words
        )
        if told == "before":
            continue
        start = max(at for at, line in enumerate(lines) if line in config_lines(w, name))
        later = lines[start:]
        kept = "reload cancel" if "reload cancel" in later else "configure confirm"
        order = [f"clear crypto session remote {PEERS[name]}", f"ping {INNER[name]} source Tunnel1", kept]
        places = [later.index(line) for line in order]
        assert places == sorted(places), (later, words)
        writes = [at for at, line in enumerate(lines) if line.startswith(("write", "copy running-config startup"))]
        assert all(at > start + places[-1] for at in writes), (lines, words)


def _no_secrets(w, report, words):
    """No key and no password stands in anything that was written or said."""
    files = [f for f in w.setting.workspace.path.rglob("*") if f.is_file() and f.name != "fingerprint.key"]
    assert any(f.name == "journal.jsonl" for f in files)
    texts = [f.read_text(encoding="utf-8", errors="replace") for f in files]
    for text in (*texts, *w.said, repr(report), str(words)):
        assert not SECRETS.search(text), SECRETS.findall(text)


def comes_up(w, told, words=""):
    """With all faults gone the tunnel comes up, after every association was cleared: before the change when R1 starts it (the
    seed's fault is the other direction), after it whoever starts it."""
    for name in NAMES:
        w.lab.do(w.router(name).faults.clear)
    for name in NAMES if told == "after" else ("R1",):
        for router in NAMES:
            _console(w, router, "clear crypto session")
        said = _console(w, name, f"ping {INNER[name]} source Tunnel1")
        assert "100 percent" in said, (name, said, words)


def _console(w, name, line):
    return w.lab.do(lambda: Console(w.router(name), privilege=15).send(line))
