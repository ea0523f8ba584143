"""Changing live routers: apply, confirm, roll back, verify, with a journal that survives whatever happens."""

from ikeaudit.change.by_hand import by_hand
from ikeaudit.change.close import close_change
from ikeaudit.change.confirm import confirm_change
from ikeaudit.change.journal import Progress, RouterProgress, progress_of
from ikeaudit.change.journal_file import Journal, read_journal
from ikeaudit.change.plan_parts import parts, window_of
from ikeaudit.change.prepare import StaleError
from ikeaudit.change.preview import lines_of_apply
from ikeaudit.change.rehearsal import Rehearsal, require_rehearsal, write_rehearsal
from ikeaudit.change.report import ChangeReport, GroupResult, RouterResult
from ikeaudit.change.resume import resume_change
from ikeaudit.change.rollback import dry_run as lines_of_rollback
from ikeaudit.change.rollback import nothing_to_do, roll_back
from ikeaudit.change.setting import Options, Setting
from ikeaudit.change.status import ChangeStatus, Status, status_of
from ikeaudit.change.unfinished import plan_to_begin
from ikeaudit.change.verify import verify_change
from ikeaudit.change.waves import apply_change
from ikeaudit.drive.device import Device
from ikeaudit.drive.probe import Pace, Tested

__all__ = [
    "ChangeReport",
    "ChangeStatus",
    "Device",
    "GroupResult",
    "Journal",
    "Options",
    "Pace",
    "Progress",
    "Rehearsal",
    "RouterProgress",
    "RouterResult",
    "Setting",
    "StaleError",
    "Status",
    "Tested",
    "apply_change",
    "by_hand",
    "close_change",
    "confirm_change",
    "lines_of_apply",
    "lines_of_rollback",
    "nothing_to_do",
    "parts",
    "plan_to_begin",
    "progress_of",
    "read_journal",
    "require_rehearsal",
    "resume_change",
    "roll_back",
    "status_of",
    "verify_change",
    "window_of",
    "write_rehearsal",
]
