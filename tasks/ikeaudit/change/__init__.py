"""Changing live routers: apply, confirm, roll back, verify, with a journal that survives whatever happens (DESIGN 3.5-3.8)."""

from ikeaudit.change.apply import apply_change
from ikeaudit.change.apply import dry_run as lines_of_apply
from ikeaudit.change.confirm import confirm_change
from ikeaudit.change.device import Device
from ikeaudit.change.journal import Journal, read_journal
from ikeaudit.change.prepare import StaleError
from ikeaudit.change.probe import Pace, Tested
from ikeaudit.change.progress import Progress, RouterProgress, progress_of
from ikeaudit.change.report import ChangeReport, RouterResult
from ikeaudit.change.rollback import dry_run as lines_of_rollback
from ikeaudit.change.rollback import roll_back
from ikeaudit.change.run import Options
from ikeaudit.change.setting import Setting, wave_of
from ikeaudit.change.verify import verify_change

__all__ = [
    "ChangeReport",
    "Device",
    "Journal",
    "Options",
    "Pace",
    "Progress",
    "RouterProgress",
    "RouterResult",
    "Setting",
    "StaleError",
    "Tested",
    "apply_change",
    "confirm_change",
    "lines_of_apply",
    "lines_of_rollback",
    "progress_of",
    "read_journal",
    "roll_back",
    "verify_change",
    "wave_of",
]
