"""What is half-way comes first: whoever wants to begin is told where it stands, and which whole commands go on with it.

That is looked for before the plan's folder, its approval, the inventory and the credentials: a person who types ``apply`` once
more at night, from another folder or without the options of the first time, needs to know this and nothing else.
"""

from collections.abc import Mapping
from pathlib import Path

from ikeaudit.change.advice import back_command, command, refuse_going_back
from ikeaudit.change.journal import Progress
from ikeaudit.change.kept import begun_elsewhere, begun_from, change_id_in
from ikeaudit.change.locks import holder_of
from ikeaudit.change.plan_parts import is_part_of
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.remediation.plan import Plan
from ikeaudit.remediation.plan_folder import load_plan
from ikeaudit.snapshot.workspace import Workspace


def refuse_unfinished(known: Mapping[str, Progress], workspace: Path) -> None:
    """Nothing begins while something is half-way; ``known`` are changes by id.

    :raises RefusedError: when one is, or a process is at work on it.
    """
    for change_id, progress in known.items():
        process = holder_of(workspace / "locks", progress.digest) if progress.result is None else None
        if process is not None and progress.open:
            raise RefusedError(
                f"The change {change_id} is under way: process {process} is at work on it; "
                f"`ikeaudit status {change_id}` says how far it is."
            )
        refuse_going_back(change_id, progress)
        half = {name: progress.routers[name] for name in progress.half_way}
        if half:
            arrived = {r.phase for r in half.values()} == {"arrived"}
            keep = f", or keep it with `{command('confirm', progress.typed)}`" if arrived else ""
            on = command("apply", progress.typed, "--commit", "--resume")
            raise RefusedError(
                f"The change {change_id} is half-way on {', '.join(half)}; take it back with "
                f"`{back_command(progress)}`, finish it with `{on}`{keep}."
            )


def plan_to_begin(folder: Path, workspace: Workspace) -> Plan:
    """The plan in ``folder``, of which nothing is half-way, whatever became of the folder since that was begun.

    :raises RefusedError: when something is, or the plan was altered.
    :raises InputError: when there is no plan; of one of that name that was begun from elsewhere it says what comes next.
    """
    change_id = change_id_in(folder)
    found = {p.change_id: p for p in begun_from(workspace.path, folder, change_id)}
    own = {name: p for name, p in found.items() if change_id is None or is_part_of(name, change_id)}
    refuse_unfinished(own, workspace.path)
    try:
        return load_plan(folder)
    except InputError as error:
        raise begun_elsewhere(folder, workspace.path) or error from None
