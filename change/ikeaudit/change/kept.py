"""The plan that a change was begun with, kept in the workspace: going back must not depend on a folder that people edit.

``plans/DIGEST`` holds ``plan.json``, whose steps have the lines of the way back, and each router's ``after.cfg``; mode 0600,
keys as tokens. Whoever goes on with a change that was begun goes by the digest in its journal: by this copy, whatever the
plan's folder holds meanwhile.
"""

import os
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from ikeaudit.change.by_hand import SHEET, sheet_lines
from ikeaudit.change.journal import Progress
from ikeaudit.change.journal_file import progress_at
from ikeaudit.change.next_step import next_of
from ikeaudit.change.plan_parts import is_part_of
from ikeaudit.model.errors import IkeauditError, InputError, StateUnknownError
from ikeaudit.remediation.plan import PLAN_SCHEMA, Plan
from ikeaudit.remediation.plan_folder import AFTER_FILE, PLAN_FILE, encode, load_plan, seal_of
from ikeaudit.snapshot.plain_files import read_plain, why
from ikeaudit.snapshot.private_files import replace_folder
from ikeaudit.snapshot.workspace import Workspace

CHANGES = "changes"
JOURNAL = "journal.jsonl"
PLANS = "plans"


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """A plan to go on with: its texts lie in ``folder``; ``remark`` says in a line why that is not the folder named."""

    plan: Plan
    folder: Path
    remark: str = ""


def journals(workspace: Path) -> list[Path]:
    """Where the journals of a workspace are, or should be: also where a page to type from tells of one that is gone.

    :raises StateUnknownError: when what stands in the place of their folder cannot be listed.
    """
    folder = workspace / CHANGES
    problem = ""
    try:
        homes = sorted(folder.iterdir()) if os.path.lexists(folder) else []
    except OSError as error:
        problem = why(error)
    if problem:
        raise StateUnknownError(
            f"What was begun in this workspace is not known: {folder} cannot be read ({problem}); a rollback "
            "with another workspace (IKEAUDIT_WORKSPACE) asks the routers."
        )
    return [home / JOURNAL for home in homes if home.name[0] != "." and was_begun(home / JOURNAL)]


def was_begun(journal: Path) -> bool:
    """Whether something stands in the place of a journal or of its folder, or the page beside it names routers to take back."""
    return os.path.lexists(journal) or _no_folder(journal.parent) or bool(sheet_lines(journal.with_name(SHEET)))


def _no_folder(home: Path) -> bool:
    """Whether something else stands in the place of a change's folder."""
    return os.path.lexists(home) and not home.is_dir()


def told_by(journal: Path) -> Progress:
    """What a journal says; one that is gone while the page beside it names routers tells nothing.

    The change is called as its folder is, whatever became of its name in the journal.
    """
    if _no_folder(journal.parent):
        return Progress(problem=f"{journal.parent} is no folder", blind=True)
    if not os.path.lexists(journal) and was_begun(journal):
        return Progress(problem=f"it is gone, and {SHEET} beside it names routers to be taken back", blind=True)
    found = progress_at(journal)
    if found.change_id:
        found.change_id = journal.parent.name
    return found


def whole_path(path: Path) -> Path:
    """A path as it is remembered and found again from any folder: ``..`` leads where the system takes it."""
    return Path(os.path.realpath(path)) if ".." in path.parts else path.absolute()


def is_of(journal: Path, wanted: str, change_id: str) -> bool:
    """Whether a journal is of the change asked for, or was begun from the folder that was given, whatever that holds now."""
    if is_part_of(journal.parent.name, change_id):
        return True
    return progress_at(journal).plan == str(whole_path(Path(wanted)))


def keep(workspace: Workspace, digest: str, source: Path) -> None:
    """Copy the plan with this ``digest`` from its folder into the workspace, unless it is there.

    A folder that holds another plan by now is left alone. Raises InputError when the copy cannot be written.
    """
    if kept(workspace.path, digest) is not None:
        return
    plan = _plan_in(source, digest)
    if plan is None or not _texts_fit(plan, source):
        return
    problem = ""
    try:
        target = workspace.folder(PLANS) / digest[:32]
        contents = {PLAN_FILE: encode(plan)}
        for router in plan.routers:
            contents[f"{router.folder}/{AFTER_FILE}"] = read_plain(source / router.folder / AFTER_FILE)
        replace_folder(target, contents)
    except OSError as error:
        problem = why(error)
    if problem:
        raise InputError(
            f"The workspace {workspace.path} cannot keep a copy of the plan: {problem}; nothing was changed."
        )


def kept(workspace: Path, digest: str) -> tuple[Plan, Path] | None:
    """The copy of the plan with this digest and its folder; None when there is none, or it is damaged."""
    folder = workspace / PLANS / digest[:32]
    plan = _plan_in(folder, digest) if digest else None
    return (plan, folder) if plan is not None and _texts_fit(plan, folder) else None


def load_begun(folder: Path, workspace: Workspace, *, unbegun: bool = True) -> Loaded:
    """The plan in ``folder``, or the one that a change was begun with from there, whatever became of the folder since.

    ``unbegun``: also a plan with nothing begun of it whose files are not all as they were written, if ``plan.json`` is.

    :raises InputError: when there is no plan, and nothing was begun with one from there.
    :raises RefusedError: when the plan was altered, and nothing was begun with it.
    :raises StateUnknownError: when something was begun, and neither the plan nor a copy of it can be read.
    """
    plan: Plan | None = None
    failure: IkeauditError | None = None
    try:
        plan = load_plan(folder)
    except IkeauditError as error:
        failure = error
    reason = str(failure).rstrip(".") if failure is not None else f"{folder} holds another plan by now"
    reason = reason.partition("; make a new")[0]
    change_id = plan.change_id if plan is not None else change_id_in(folder)
    begun = begun_from(workspace.path, folder, change_id)
    digest = begun[0].digest if begun else ""
    if plan is not None and digest in ("", plan.digest):
        return Loaded(plan=plan, folder=folder)
    copy = kept(workspace.path, digest)
    if copy is not None:
        remark = f"{reason}; going by the copy with which the change was begun ({copy[1]})."
        return Loaded(plan=copy[0], folder=copy[1], remark=remark)
    if plan is not None:
        return Loaded(plan=plan, folder=folder)
    only = only_copy(workspace.path, change_id) if change_id is not None and not begun else None
    if only is not None:  # a journal that tells nothing, and a plan that was altered
        return Loaded(plan=only[0], folder=only[1], remark=f"{reason}; going by the copy in {only[1]}.")
    assert failure is not None, "there is a plan, or a reason why there is none"
    plan = _plan_in(folder, digest) if begun or unbegun else None
    if plan is not None:
        remark = f"{reason}; going by {folder / PLAN_FILE}, which is as it was written."
        return Loaded(plan=plan, folder=folder, remark=remark)
    if begun:
        sheet = workspace.path / CHANGES / begun[0].change_id / SHEET
        more = f"the commands to take it back by hand are in {sheet}" if sheet.is_file() else "put the plan back"
        raise StateUnknownError(
            f"{reason}, and there is no copy of the plan with which {begun[0].change_id} was begun; {more}."
        )
    raise begun_elsewhere(folder, workspace.path) or failure


def begun_elsewhere(folder: Path, workspace: Path) -> InputError | None:
    """What to say where ``folder`` holds no plan, and changes of that name were begun from elsewhere; None where none was."""
    if os.path.lexists(folder / PLAN_FILE):
        return None
    found = [p for p in map(told_by, journals(workspace)) if p.plan and _is_called(folder, p)]
    places = sorted({progress.plan for progress in found})
    if not places:
        return None
    latest = max(found, key=lambda progress: (progress.open, progress.started or ""))
    next_up, why_it = next_of(latest, datetime.now(UTC))
    more = f" Next for {latest.change_id}: `{next_up}` ({why_it})." if next_up is not None and len(places) == 1 else ""
    return InputError(
        f"There is no plan in {folder}; of that name something was begun with {' and '.join(places)}: name that folder.{more}"
    )


def _is_called(folder: Path, progress: Progress) -> bool:
    """Whether a change, or the folder of the plan with which it was begun, is called like a folder without a plan."""
    return folder.name == Path(progress.plan).name or is_part_of(progress.change_id, folder.name)


def only_copy(workspace: Path, change_id: str) -> tuple[Plan, Path] | None:
    """The copy of the plan that a change is, or is a part of, where its journal does not tell the digest; None unless one."""
    plans = [_plan_in(path.parent, "") for path in (workspace / PLANS).glob(f"*/{PLAN_FILE}")]
    digests = [plan.digest for plan in plans if plan is not None and is_part_of(change_id, plan.change_id)]
    silent = [j for j in journals(workspace) if is_part_of(j.parent.name, change_id) and told_by(j).problem]
    return kept(workspace, digests[0]) if silent and len(digests) == 1 else None


def change_id_in(folder: Path) -> str | None:
    """The change id in a folder's ``plan.json``, as far as that can be read."""
    with suppress(msgspec.MsgspecError, OSError, ValueError, KeyError, RecursionError):
        return str(msgspec.json.decode(read_plain(folder / PLAN_FILE), type=dict[str, object])["change_id"])
    return None


def begun_from(workspace: Path, folder: Path, change_id: str | None) -> list[Progress]:
    """What was begun with the plan of a folder and is not undone, what is half-way first, then the latest."""
    found: list[Progress] = []
    for journal in journals(workspace):
        progress = told_by(journal)
        own = change_id is not None and is_part_of(journal.parent.name, change_id)
        from_there = progress.plan == str(whole_path(folder)) and (change_id is None or progress.open)
        if progress.digest and (own or from_there):
            progress.change_id = journal.parent.name
            found.append(progress)
    touched = [p for p in found if p.open or any(router.touched for router in p.routers.values())]
    if not touched and change_id is None:
        touched = found
    return sorted(touched, key=lambda p: (p.open, p.applied), reverse=True)


def _plan_in(folder: Path, digest: str) -> Plan | None:
    """The plan in a folder, if its ``plan.json`` is as it was written and, where one is given, has that digest."""
    try:
        content = read_plain(folder / PLAN_FILE)
        plan = msgspec.json.decode(content, type=Plan)
        sealed = plan.schema == PLAN_SCHEMA and content == encode(plan) and seal_of(plan) == plan.digest
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return plan if sealed and digest in ("", plan.digest) else None


def _texts_fit(plan: Plan, folder: Path) -> bool:
    """Whether the predicted configurations in a folder are the plan's."""
    for router in plan.routers:
        name = f"{router.folder}/{AFTER_FILE}"
        try:
            found = sha256(read_plain(folder / name)).hexdigest()
        except OSError:
            return False
        if plan.files.get(name, found) != found:
            return False
    return True
