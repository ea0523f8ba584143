"""Planning a repair and proving it, without touching a router and, unless asked to, without writing anything."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from ikeaudit.api.lookup import one_named
from ikeaudit.api.snapshot import Snapshot
from ikeaudit.remediation.plan import Plan
from ikeaudit.remediation.proof_record import Proof
from ikeaudit.report import PlanReport
from ikeaudit.snapshot.plain_files import read_plain_text

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ikeaudit.remediation.strategies import Strategy
    from ikeaudit.rendering import Templates
    from ikeaudit.report.ladders import Ladders
    from ikeaudit.snapshot.private_files import FolderDraft


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A plan with its proof and its files, by path relative to the plan's folder; keys stand in all of it as tokens.

    ``plan.empty`` says that nothing is to be changed, ``plan.refusals`` what could not be planned and why.
    """

    plan: Plan
    files: Mapping[str, str]

    @property
    def proof(self) -> Proof:
        """Every exchange before, after each step, after all and after the roll-back, as ``proof.json`` or its parts have it."""
        from ikeaudit.remediation.proof_files import whole_proof

        return whole_proof(self.files)

    @property
    def ladders(self) -> Ladders | None:
        """The directions that it changes, message by message, as ``ladders.json`` has them; None of a plan without them."""
        from ikeaudit.api.ladders import LADDERS_FILE
        from ikeaudit.report.ladders import Ladders

        text = self.files.get(LADDERS_FILE)
        return None if text is None else msgspec.json.decode(text, type=Ladders)

    def write(self, folder: str | Path, draft: FolderDraft | None = None) -> PlanReport:
        """Write the folder that ``ikeaudit approve`` and ``apply`` take (0700, files 0600), all of it or nothing.

        An earlier plan there is replaced; raises InputError when anything else is there, or it cannot be written. What
        :func:`plan` has written to a ``draft`` of that folder is not written again.
        """
        from ikeaudit.remediation.plan_folder import write_plan

        write_plan(Path(folder), self.plan, self.files, draft)
        return PlanReport(plan=self.plan, folder=Path(folder), ladders=self.ladders)


def plan(
    snapshot: Snapshot,
    strategy: str | Strategy,
    *,
    change_id: str | None = None,
    hosts: Collection[str] = (),
    wave_size: int | None = None,
    archive: bool = True,
    templates: str | Path | Templates | None = None,
    at: datetime | None = None,
    jobs: int = 1,
    tell: Callable[[str], None] = lambda _: None,
    draft: FolderDraft | None = None,
) -> Planned:
    """The repair of ``snapshot`` that ``strategy`` makes, proven by replaying every step of it.

    ``strategy`` is ``single-keyring``, ``ikev2``, or what :func:`ikev2` and :func:`own_strategy` return. ``change_id`` is the
    ticket (else ``plan-`` and the time), ``hosts`` the routers that may be changed (else all), ``wave_size`` the most of them
    in one wave; ``archive`` gives routers without an archive path one. ``templates`` is a folder of your own templates.
    ``at`` is the time of the plan, now when left out. ``jobs`` processes are used where many routers are changed that have
    nothing to do with each other (0: as many as there are processors), and ``tell`` is told of one that died; the workers of
    the ``runner`` of :func:`load` do that where there is one. The plan is the same. The proofs of such parts are kept in
    memory, or, with a ``draft`` (:func:`draft_of`) of the plan's folder, written there one after the other.

    Raises InputError for a name that is not there and for an unusable change id. What the strategy refuses raises nothing: it
    is in ``plan.refusals``.
    """
    from ikeaudit.api.ladders import LADDERS_FILE, ladders
    from ikeaudit.remediation.plan_folder import seal
    from ikeaudit.remediation.planner import make_plan
    from ikeaudit.remediation.strategies import find_strategy
    from ikeaudit.remediation.waves import WAVE_SIZE
    from ikeaudit.rendering import Templates
    from ikeaudit.snapshot.workers import Workers, all_cores

    fleet = snapshot.fleet
    names = [router.name for router in fleet.routers]
    now = at or datetime.now(UTC)
    made = make_plan(
        fleet,
        find_strategy(strategy) if isinstance(strategy, str) else strategy,
        change_id=change_id or f"plan-{now:%Y%m%d-%H%M%S}",
        created=now,
        hosts=[one_named(name, names, what="router") for name in hosts] or None,
        templates=Templates(Path(templates)) if isinstance(templates, (str, Path)) else templates,
        wave_size=wave_size or WAVE_SIZE,
        archive=archive,
        workers=Workers(jobs or all_cores(), tell, snapshot.elsewhere),
        draft=draft,
    )
    files = made.files
    if not made.plan.empty:
        told = ladders(snapshot.told, made.plan, files)
        files = files.with_text(LADDERS_FILE, msgspec.json.encode(told).decode() + "\n")
    sealed = seal(msgspec.structs.replace(made.plan, key_id=snapshot.key_id or msgspec.UNSET), files, made.plan.files)
    return Planned(plan=sealed, files=files)


def draft_of(folder: str | Path) -> AbstractContextManager[FolderDraft]:
    """A draft of the folder that a plan of a large fleet will be written to, for a ``with`` block around :func:`plan`.

    At the end of the block nothing is left of it unless :meth:`Planned.write` was given it. Raises InputError when anything
    else than a plan is in the folder, or it cannot be written.
    """
    from ikeaudit.remediation.plan_folder import plan_draft

    return plan_draft(Path(folder))


def load_plan(folder: str | Path) -> Planned:
    """The plan that was written to ``folder``.

    Raises InputError when there is none, RefusedError when a file of it was altered.
    """
    from ikeaudit.remediation.plan_folder import load_plan as loaded

    plan = loaded(Path(folder))
    return Planned(plan=plan, files={name: read_plain_text(Path(folder) / name) for name in plan.files})


def ikev2(
    *,
    suite: str | None = None,
    suites: str | Path | None = None,
    new_keys: bool = False,
    cleanup: Literal["now", "later", "only"] = "now",
    second_cloud: str | Path | None = None,
) -> Strategy:
    """The strategy ``ikev2`` with choices: those of ``ikeaudit plan``, under the same names.

    Raises InputError for a suite that is not there and a file that cannot be read.
    """
    from ikeaudit.remediation.strategies.ikev2 import Options, find_suite, ikev2_strategy, load_clouds

    return ikev2_strategy(
        Options(
            suite=find_suite(suite, None if suites is None else Path(suites)),
            new_keys=new_keys,
            cleanup=cleanup,
            clouds=() if second_cloud is None else load_clouds(Path(second_cloud)),
        )
    )


def mending(snapshot: Snapshot, fingerprint: str) -> Strategy:
    """The strategy that mends the finding whose fingerprint begins so, with the commands that :func:`check` proves.

    Raises InputError when there is no such finding, or more than one, RefusedError when no fix of it is proved.
    """
    from ikeaudit.api.audit import cause_named
    from ikeaudit.hazards import audit
    from ikeaudit.remediation.fixes.strategy import mending as strategy

    return strategy(snapshot.fleet, cause_named(fingerprint.lower(), audit(snapshot.fleet)))


def own_strategy(name: str, folder: str | Path) -> tuple[Strategy, Templates]:
    """The strategy called ``name`` of those in ``folder``, with its templates for :func:`plan` (docs/strategies/own.md).

    Raises InputError when there is none of that name, or one of the folder is no strategy.
    """
    from ikeaudit.remediation.strategies import STRATEGIES, find_strategy, load_own
    from ikeaudit.rendering import Templates

    own = load_own(Path(folder), tuple(known.name for known in STRATEGIES))
    return find_strategy(name, own.strategies), Templates(None, own.templates)
