"""The plan on disk: what people review and ``apply`` verifies before it sends a line; and who has approved which plan.

``approval.json`` beside the plan, of schema ``ikeaudit.approval/1``, names its digest and so covers every file of it: a plan
that is altered is not the one that was approved. It is a record for people who work together, not a signature; whoever may
write to the folder can write it.
"""

import shlex
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.remediation.plan import PLAN_SCHEMA, Plan, PlannedRouter
from ikeaudit.remediation.plan_texts import Texts
from ikeaudit.remediation.proof_record import Proof
from ikeaudit.snapshot.plain_files import UnfitFileError, read_plain, read_plain_text, why
from ikeaudit.snapshot.private_files import FolderDraft, filling, replace_folder, write_private

PLAN_FILE = "plan.json"


TEXT_FILE = "plan.md"
AFTER_FILE = "after.cfg"


def seal(plan: Plan, files: Mapping[str, str], known: Mapping[str, str] | None = None) -> Plan:
    """``plan`` with the checksums of ``files`` (relative path: text) and its own digest; some sums may be ``known``."""
    known = known or {}
    sums = {name: known.get(name) or sha256(files[name].encode()).hexdigest() for name in sorted(files)}
    plan = msgspec.structs.replace(plan, files=sums, digest="")
    return msgspec.structs.replace(plan, digest=sha256(encode(plan)).hexdigest())


def encode(value: Plan | Proof) -> bytes:
    """The one JSON text of a plan or a proof."""
    return msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=2) + b"\n"


@contextmanager
def plan_draft(folder: Path) -> Iterator[FolderDraft]:
    """A draft of the plan's folder, for proofs that are written as soon as they are there; :func:`write_plan` puts it in place.

    Otherwise nothing is left of it at the end of the block, nor of folders above it that had to be made. Raises
    :class:`InputError` when something else than a plan is there.
    """
    folder = _fit(folder)
    missing = [one for one in folder.parents if not one.exists()]
    with ExitStack() as stack:
        for one in reversed(missing):
            stack.callback(_remove_empty, one)
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            draft = stack.enter_context(filling(folder))
        except OSError as error:
            raise _unwritable(folder, error) from None
        yield draft


def write_plan(folder: Path, plan: Plan, files: Mapping[str, str], draft: FolderDraft | None = None) -> None:
    """Write a sealed plan and its files as ``folder`` (0700, files 0600), all of it or nothing.

    An earlier plan in that place is replaced; raises :class:`InputError` when anything else is there. With a ``draft`` of that
    folder, those of ``files`` that are written to it already stay as they are.
    """
    folder = _fit(folder)
    contents = _Contents(plan, files)
    try:
        if draft is None or draft.folder != folder:
            folder.parent.mkdir(parents=True, exist_ok=True)
            replace_folder(folder, contents)
            return
        there = files.written(draft) if isinstance(files, Texts) else {}
        for name in contents:
            if name not in there:
                draft.write(name, contents[name])
        draft.put()
    except OSError as error:
        raise _unwritable(folder, error) from None


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _fit(folder: Path) -> Path:
    """The whole path of a folder that a plan may be written to."""
    folder = folder.absolute()
    if folder.exists() and not (folder / PLAN_FILE).is_file():
        if not folder.is_dir():
            raise InputError(f"{folder} is a file; name a folder for the plan.")
        if any(folder.iterdir()):
            raise InputError(f"{folder} holds files that are no plan; name a new or empty folder.")
    return folder


def _unwritable(folder: Path, error: OSError) -> InputError:
    return InputError(f"The plan cannot be written to {folder}: {error.strerror}.")


class _Contents(Mapping[str, bytes]):
    """The files of a plan's folder, each made when it is written: all of them at once may be more than the memory takes."""

    def __init__(self, plan: Plan, files: Mapping[str, str]) -> None:
        self._plan = plan
        self._files = files

    def __getitem__(self, name: str) -> bytes:
        return encode(self._plan) if name == PLAN_FILE else self._files[name].encode()

    def __iter__(self) -> Iterator[str]:
        yield PLAN_FILE
        yield from self._files

    def __len__(self) -> int:
        return len(self._files) + 1


def load_plan(folder: Path) -> Plan:
    """The plan in ``folder``, after checking that no file of it was altered.

    Raises :class:`InputError` when there is no plan to read, :class:`RefusedError` (exit code 5) naming the file that is
    missing or not as it was written.
    """
    path = folder / PLAN_FILE
    try:
        content = read_plain(path)
    except UnfitFileError as error:
        raise InputError(f"There is no plan in {folder} ({PLAN_FILE} is {why(error)}); make one with 'plan'.") from None
    except OSError:
        raise InputError(f"There is no plan in {folder} ({PLAN_FILE} cannot be read); make one with 'plan'.") from None
    try:
        schema = msgspec.json.decode(content, type=dict[str, object]).get("schema")
        if schema != PLAN_SCHEMA:
            raise InputError(f"{path} is not a plan of this version ({PLAN_SCHEMA}); make a new one with 'plan'.")
        plan = msgspec.json.decode(content, type=Plan)
    except msgspec.MsgspecError:
        raise RefusedError(f"{path} is damaged or was altered; make a new plan.") from None
    if content != encode(plan) or seal_of(plan) != plan.digest:
        raise RefusedError(f"{path} was altered after the plan was made; make a new plan.")
    for name, expected in plan.files.items():
        try:
            found = sha256(read_plain(folder / name)).hexdigest()
        except UnfitFileError as error:
            raise RefusedError(f"{folder / name} is {why(error)}, as no plan has it; make a new plan.") from None
        except OSError:
            raise RefusedError(f"{folder / name} is missing from the plan; make a new plan.") from None
        if found != expected:
            raise RefusedError(f"{folder / name} was altered after the plan was made; make a new plan.")
    return plan


def predicted(folder: Path, router: PlannedRouter) -> str:
    """What the plan in ``folder`` says that a router runs after it, redacted.

    OSError or UnicodeDecodeError when it cannot be read.
    """
    return read_plain_text(folder / router.folder / AFTER_FILE)


def seal_of(plan: Plan) -> str:
    """The digest that ``plan`` should carry."""
    return sha256(encode(msgspec.structs.replace(plan, digest=""))).hexdigest()


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
    """The approval in ``folder``, of whatever plan; None when there is none.

    Raises :class:`RefusedError` for one that is damaged or of another version, which :func:`approve` replaces.
    """
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
        raise _no_approval(path, "is damaged") from None
    if found.schema != APPROVAL_SCHEMA:
        raise _no_approval(path, f"is no approval of this version ({APPROVAL_SCHEMA})")
    return found


def _no_approval(path: Path, what: str) -> RefusedError:
    return RefusedError(f"{path} {what}; read the plan again and approve it with `{approving(path.parent)}`.")


def approving(folder: Path) -> str:
    """The command by which whoever types it approves the plan in ``folder``."""
    return f'ikeaudit approve {shlex.quote(str(folder))} --by "$USER"'


def require_approval(folder: Path, plan: Plan) -> Approval:
    """The approval of exactly this ``plan``; raises :class:`RefusedError` when nobody has given it."""
    found = find_approval(folder)
    if found is None:
        raise RefusedError(
            f"The plan {plan.change_id} is not approved; read {folder / 'plan.md'}, then `{approving(folder)}`."
        )
    if found.digest != plan.digest or found.change_id != plan.change_id:
        raise RefusedError(
            f"{found.by} approved the plan {found.digest[:16]}, and this one is {plan.digest[:16]}; read "
            f"{folder / 'plan.md'} and approve it again."
        )
    return found
