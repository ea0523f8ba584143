"""A change in a process of its own, so that a rehearsal can kill it."""

import sys
from pathlib import Path

from ikeaudit.change.setting import Options, Setting
from ikeaudit.change.waves import apply_change
from ikeaudit.drive.probe import Pace
from ikeaudit.remediation.plan_folder import load_plan
from ikeaudit.session import Credentials, Keychain, Limits, open_inventory
from ikeaudit.snapshot.workspace import Workspace

COMMAND = "from ikeaudit.change.rehearsal.killed_child import main; main()"
"""To be run by ``python -c`` with the plan, the inventory, the workspace, the wave and the group; the rest comes by stdin."""


def setting_for(plan: Path, inventory: Path, workspace: Path, password: str) -> Setting:
    """The setting of a change in the lab: tokens count as keys, and the lab is quick to answer."""
    return Setting(
        load_plan(plan),
        plan,
        Workspace.open(workspace),
        open_inventory(inventory),
        Keychain(Credentials("lab", password)),
        Limits(connect=5.0, idle=4.0, total=60.0),
        tokens=True,
    )


def main() -> None:
    """Carry the plan out; whoever started this kills it on the way."""
    plan, inventory, workspace, *part = sys.argv[1:]
    wave, group = (int(number) if number else None for number in part)
    password, minute = sys.stdin.read().split()
    options = Options(
        minutes=10,
        accept_unproven=True,
        pace=Pace(settle=1.0, look=0.1, routing=2.0),
        patience=6.0,
        pause=0.2,
        minute=float(minute),
        out_of_order=True,
    )
    setting = setting_for(Path(plan), Path(inventory), Path(workspace), password)
    apply_change(setting, options, lambda line: None, wave=wave, group=group)
