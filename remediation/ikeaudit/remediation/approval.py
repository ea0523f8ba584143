"""Who has approved which plan: ``approval.json`` beside it, of schema ``ikeaudit.approval/1``.

It names the digest of the plan and so covers every file of it: a plan that is altered is not the one that was approved. It is
a record for people who work together, not a signature; whoever may write to the folder can write it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec

from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.remediation.plan import Plan
from ikeaudit.snapshot.plain_files import read_plain
from ikeaudit.snapshot.private_files import write_private

APPROVAL_SCHEMA = "ikeaudit.approval/1"
APPROVAL_FILE = "approval.json"

_LONGEST = 80


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """The plan with the digest ``digest`` was approved by ``by`` at ``at`` (UTC, ISO 8601)."""

    schema: str = APPROVAL_SCHEMA
    change_id: str
    digest: str
    by: str
    at: str


def approve(folder: Path, plan: Plan, *, by: str, at: datetime) -> Approval:
    """Record that ``by`` approves ``plan``, which :func:`load_plan` has just read from ``folder``; ``at`` is in UTC.

    An earlier approval is replaced. Raises :class:`InputError` for a name that is none and when the folder cannot be written
    to, :class:`RefusedError` for a plan that changes nothing.
    """
    name = " ".join(by.split())
    if not name or len(name) > _LONGEST or not name.isprintable():
        raise InputError(f"--by takes the name of who approves, up to {_LONGEST} printable characters.")
    if plan.empty:
        raise RefusedError(f"The plan {plan.change_id} changes nothing; there is nothing to approve.")
    approval = Approval(change_id=plan.change_id, digest=plan.digest, by=name, at=at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    content = msgspec.json.format(msgspec.json.encode(approval), indent=2) + b"\n"
    try:
        write_private(folder / APPROVAL_FILE, content)
    except OSError as error:
        raise InputError(f"The approval cannot be written to {folder}: {error.strerror}.") from None
    return approval


def find_approval(folder: Path) -> Approval | None:
    """The approval in ``folder``, of whatever plan; None when there is none. Raises :class:`RefusedError` for a damaged one."""
    path = folder / APPROVAL_FILE
    try:
        content = read_plain(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    try:
        found = msgspec.json.decode(content, type=Approval)
    except msgspec.MsgspecError:
        raise RefusedError(f"{path} is damaged; read the plan again and approve it with `ikeaudit approve`.") from None
    if found.schema != APPROVAL_SCHEMA:
        raise InputError(f"{path} is no approval of this version ({APPROVAL_SCHEMA}); approve the plan again.")
    return found


def require_approval(folder: Path, plan: Plan) -> Approval:
    """The approval of exactly this ``plan``; raises :class:`RefusedError` when nobody has given it."""
    found = find_approval(folder)
    if found is None:
        raise RefusedError(
            f"The plan {plan.change_id} is not approved; read {folder / 'plan.md'}, then "
            f"`ikeaudit approve {folder} --by NAME`."
        )
    if found.digest != plan.digest or found.change_id != plan.change_id:
        raise RefusedError(
            f"{found.by} approved the plan {found.digest[:16]}, and this one is {plan.digest[:16]}; read "
            f"{folder / 'plan.md'} and approve it again."
        )
    return found
