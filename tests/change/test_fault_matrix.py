"""Every fault in every phase of a change: whatever is reported is true, and no router is left half-changed unsaid.

By default each fault meets a few phases and each phase a few faults; ``IKEAUDIT_FULL_MATRIX=1`` runs all of them.
"""

from __future__ import annotations

import os
import time

import pytest

from ikeaudit.change import roll_back
from ikeaudit.lab.faults import (
    CONFIG_LINE,
    ConnectionLost,
    DiskFull,
    PromptChanged,
    Reboot,
    Refused,
    SecondOperator,
    SlowReply,
    SyslogBurst,
    TimerFires,
)
from ikeaudit.model.errors import IkeauditError

pytestmark = pytest.mark.ssh

PHASES = {
    "read": "^show running-config",
    "sessions": "^show crypto session",
    "timer": "^show archive config rollback",
    "files": "^dir",
    "backup": "^copy",
    "arm": "^configure terminal revert",
    "enter": "^configure terminal$",
    "line": CONFIG_LINE,
    "clear": "^clear crypto",
    "ping": "^ping",
    "look": "^show crypto isakmp sa",
    "confirm": "^configure confirm",
    "save": "^write memory",
}
FAULTS = {
    "lost before": lambda on: ConnectionLost(on=on),
    "lost after": lambda on: ConnectionLost(on=on, carried_out=True),
    "restart": lambda on: Reboot(on=on, seconds=30),
    "invalid": lambda on: Refused(on=on),
    "slow": lambda on: SlowReply(on=on, seconds=5),
    "syslog": lambda on: SyslogBurst(on=on),
    "prompt": lambda on: PromptChanged(on=on),
    "timer fires": lambda on: TimerFires(on=on),
    "disk full": lambda on: DiskFull(on=on),
    "second operator": lambda on: SecondOperator(on=on, commands=("snmp-server location here",)),
}
EVERY = [(fault, phase, name) for fault in FAULTS for phase in PHASES for name in ("R1", "R2")]
CHOSEN = EVERY if os.environ.get("IKEAUDIT_FULL_MATRIX") else EVERY[3::11]


@pytest.mark.parametrize(("fault", "phase", "name"), CHOSEN)
def test_the_report_is_true(window, fault, phase, name):
    w = window()
    w.fault(name, FAULTS[fault](PHASES[phase]))
    try:
        report = w.apply()
        code, words = report.exit_code, f"{report.result}: {report.cause}"
    except IkeauditError as error:
        report, code, words = None, error.exit_code, str(error)
    routers = [w.router(n) for n in ("R1", "R2")]
    for _ in range(50):
        if not any(router.down for router in routers):
            break
        time.sleep(0.1)
    own = [line for n in ("R1", "R2") for line in w.running(n).splitlines() if "location here" not in line]
    changed = ["keyring2" not in w.running(n) for n in ("R1", "R2")]
    words = f"{words} {changed} {w.said}"
    assert changed in ([True, True], [False, False]), words  # never one end without the other
    assert all(changed) is (code == 0 or (report is not None and report.result == "unsaved")), words
    if code != 0:
        assert code in (3, 5, 6), words
        assert own.count("   keyring keyring2") == (0 if all(changed) else 2), words
    assert not any(router.revert.pending or router.reload_due_in() for router in routers), words
    assert not any(router.failures for router in routers), words
    progress = w.setting.progress()
    assert progress.open is (report is not None and report.result == "unsaved"), words
    assert progress.result in ("committed", "unsaved", "rolled-back", "refused"), words
    if all(changed):
        assert roll_back(w.setting, w.options, w.said.append).result == "rolled-back", w.said
        assert all("keyring2" in w.running(n) for n in ("R1", "R2"))
