"""The record of a rehearsal, ``rehearsal.json`` beside the plan: what was tried on virtual routers, and what came of it."""

import shlex
from pathlib import Path
from typing import Literal

import msgspec

from ikeaudit.change.report import PartResult
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.remediation.plan import Plan
from ikeaudit.snapshot.plain_files import UnfitFileError, read_plain, why
from ikeaudit.snapshot.private_files import write_private

Stands = Literal["before", "after", "half"]
"""What a router runs, or has saved."""

REHEARSAL_SCHEMA = "ikeaudit.rehearsal/1"
REHEARSAL_FILE = "rehearsal.json"


class CaseResult(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the plan; ``fault`` is None for the run without one. ``wrong`` is what was not as it must be.

    ``result`` and ``exit_code`` are the change's own report, ``runs`` what each router ran afterwards. ``unproven`` are the
    directions that could not be tested without a fault, with the reason: ``apply`` wants --accept-unproven for them.
    """

    wave: int
    fault: str | None
    phase: str | None
    router: str | None
    result: PartResult
    exit_code: int
    cause: str | None
    runs: dict[str, Stands]
    passed: bool
    wrong: tuple[str, ...]
    seconds: float
    unproven: tuple[str, ...] = ()


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """All runs of the plan with this ``digest``; ``faults`` tells how many of the matrix were tried.

    ``missing`` are the other ends whose configuration was not known, so that their directions could not be started.
    """

    schema: str = REHEARSAL_SCHEMA
    change_id: str
    digest: str
    tool_version: str
    at: str
    faults: Literal["some", "all"]
    passed: bool
    missing: tuple[str, ...]
    cases: tuple[CaseResult, ...]


def write_rehearsal(folder: Path, rehearsal: Rehearsal) -> Path:
    """Attach the record to the plan in ``folder``, mode 0600. Raises InputError when it cannot be written."""
    target = folder / REHEARSAL_FILE
    try:
        write_private(target, msgspec.json.format(msgspec.json.encode(rehearsal), indent=2) + b"\n")
    except OSError as error:
        raise InputError(f"{target} cannot be written: {(error.strerror or 'unknown reason').lower()}.") from None
    return target


def require_rehearsal(folder: Path, plan: Plan) -> Rehearsal:
    """The rehearsal of this very plan.

    :raises RefusedError: when there is none, it was of another plan, or it did not pass.
    """
    try:
        found = msgspec.json.decode(read_plain(folder / REHEARSAL_FILE), type=Rehearsal)
    except UnfitFileError as error:
        raise RefusedError(f"{folder / REHEARSAL_FILE} is {why(error)}; rehearse the plan again.") from None
    except OSError:
        raise RefusedError(
            f"The plan was not rehearsed; `ikeaudit rehearse {shlex.quote(str(folder))}` does it."
        ) from None
    except msgspec.MsgspecError:
        raise RefusedError(f"{folder / REHEARSAL_FILE} is damaged; rehearse the plan again.") from None
    if found.schema != REHEARSAL_SCHEMA or found.digest != plan.digest:
        raise RefusedError(f"{folder / REHEARSAL_FILE} is of another plan; rehearse this one.")
    if not found.passed or not found.cases or not all(case.passed for case in found.cases):
        raise RefusedError(f"The rehearsal of the plan failed; {folder / REHEARSAL_FILE} says where.")
    return found
