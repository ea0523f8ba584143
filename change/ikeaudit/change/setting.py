"""What every verb of a change needs: the plan, where its parts, routers, keys and journals are, and how it is run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ikeaudit.change.by_hand import SHEET, called_on
from ikeaudit.change.journal import STRICT, Progress, Typed, unknown
from ikeaudit.change.journal_file import progress_at
from ikeaudit.change.kept import CHANGES, JOURNAL, told_by, was_begun, whole_path
from ikeaudit.change.plan_parts import Part, Window, after_text, numbers, parts, window_of, write_text
from ikeaudit.drive.probe import Pace
from ikeaudit.model.errors import InputError
from ikeaudit.remediation.plan import Plan
from ikeaudit.remediation.plan_folder import AFTER_FILE
from ikeaudit.session import Keychain, Limits
from ikeaudit.snapshot.private_files import make_folder
from ikeaudit.snapshot.workspace import Workspace

if TYPE_CHECKING:
    from nornir.core import Nornir


@dataclass(frozen=True, slots=True)
class Options:
    """How a change is run.

    ``minutes`` until the nets act by themselves, None for the plan's; ``hold`` leaves them up after the tests; ``patience``
    are the seconds for which a lost router is called again at once; ``minute`` is the length of a router's minute in seconds.
    Of a wave with several groups ``max_failures`` may fail before the rest is left alone; ``out_of_order``: a wave may be
    carried out though one before it is not in force; ``parallel`` groups that share no router may run side by side.
    """

    minutes: int | None = None
    hold: bool = False
    accept_unproven: bool = False
    pace: Pace = field(default_factory=Pace)
    patience: float = 30.0
    pause: float = 1.0
    minute: float = 60.0
    max_failures: int = 0
    out_of_order: bool = False
    parallel: int = 1


def minutes_for(plan: Plan, name: str, options: Options) -> int:
    """The minutes of a router's net: the user's, else the plan's, which gives far ends longer."""
    return options.minutes or max((wave.timer(name) for wave in plan.waves if name in wave.routers), default=15)


@dataclass(frozen=True, slots=True)
class Setting:
    """One plan in one workspace with one inventory; ``tokens``: the routers are a rehearsal's, with tokens for keys.

    What is carried out of it are its windows (:meth:`window`); ``under_way`` holds the one that is, for whoever watches.
    ``called`` is the plan's folder as the user knows it, where its texts lie elsewhere, ``options`` how the verb was called.
    ``beside``: other parts are carried out at the same time, and the lock of the plan is held for all of them.
    """

    plan: Plan
    folder: Path
    workspace: Workspace
    nornir: Nornir
    keys: Keychain
    limits: Limits = field(default_factory=lambda: Limits(idle=30.0))
    tokens: bool = False
    under_way: list[Window] = field(default_factory=list)
    called: Path | None = None
    options: Typed = field(default_factory=Typed)
    beside: bool = False

    @property
    def named(self) -> Path:
        """The plan's folder as the user knows it."""
        return whole_path(self.called or self.folder)

    @property
    def typed(self) -> Typed:
        """How the verb was called, to be typed again."""
        return msgspec.structs.replace(self.options, plan=str(self.named))

    def require_own_keys(self) -> None:
        """Raise RefusedError when the plan's keys are called as in another workspace; then no router seems to be as planned."""
        if isinstance(self.plan.key_id, str):
            self.workspace.require_key_of(self.plan.key_id, f"The plan {self.named}")

    @property
    def journal_path(self) -> Path:
        """The journal of the plan where that is a change of its own."""
        return self.journal_of(self.entire)

    @property
    def entire(self) -> Window:
        """The whole plan, taken as one."""
        return Window(plan=self.plan, folder=self.folder, whole=self.plan, source=self.folder)

    def journal_of(self, window: Window) -> Path:
        """The journal of a part of the plan."""
        return self.workspace.path / CHANGES / window.plan.change_id / JOURNAL

    def progress(self, window: Window | None = None) -> Progress:
        """What the journal of a part, or of the plan, says so far; of one that tells nothing every router is doubtful."""
        window = window or self.entire
        return _told(self.workspace, self.plan, window.plan.change_id, window.routers)

    def begun(self) -> tuple[tuple[Part, Progress], ...]:
        """The parts of the plan that have a journal, in the plan's order, with what their journals say.

        Where a journal tells nothing, or not of all routers, these are doubtful.
        """
        return begun_in(self.workspace, self.plan)

    def no_journal(self) -> str:
        """Why nothing is known of the change here, and where it may be known, for the end of a sentence."""
        return (
            f"this workspace, {self.workspace.path.absolute()}, has no journal of {self.plan.change_id}; another one may, "
            "if the change was begun with it (IKEAUDIT_WORKSPACE)"
        )

    def part(self, part: Part, *, anew: bool = False, alone: bool = False) -> Window:
        """The window of a part of the plan; ``anew`` as for :meth:`window`."""
        return replace(self.window(part.wave, part.group, anew=anew), alone=alone)

    def window(self, number: int | None, group: int | None = None, *, anew: bool = False) -> Window:
        """The window of one wave, or of one group of it; the whole plan's when that has no more than one.

        ``anew``: what its routers run after it is worked out by the parts that are in force now, though it is in force itself.

        :raises InputError: when the plan has no such part, or several waves and none is named.
        """
        if number is None and numbers(self.plan):
            names = ", ".join(map(str, numbers(self.plan)))
            raise InputError(f"The plan has several waves ({names}), each a window of its own; name one with --wave.")
        view = window_of(self.plan, number, group)
        if view is self.plan:
            begun = self._as_begun(view)
            home = self.journal_path.parent
            anew = begun is not view and all((home / r.folder / AFTER_FILE).is_file() for r in view.routers)
            return replace(self.entire, plan=begun, folder=home if anew else self.folder)
        own = next((part for part in parts(self.plan) if part.change_id == view.change_id), None)
        folder = self.workspace.folder(CHANGES) / view.change_id
        make_folder(folder)
        window = Window(
            plan=view,
            folder=folder,
            whole=self.plan,
            source=self.folder,
            wave=number if numbers(self.plan) else None,
            group=own.group if own is not None else None,
        )
        self._write_texts(window, anew)
        return replace(window, plan=self._as_begun(view))

    def rebased(self, window: Window, texts: Mapping[str, str]) -> Path:
        """The folder that holds what the routers of a part run after it, which was worked out anew by the proof: ``texts``."""
        home = self.journal_of(window).parent
        for router in window.plan.routers:
            write_text(home / router.folder / AFTER_FILE, texts[router.name])
        return home

    def _as_begun(self, view: Plan) -> Plan:
        """``view`` with the hashes that its last attempt began with, where that is not undone: see ``prepare``."""
        progress = progress_at(self.workspace.path / CHANGES / view.change_id / JOURNAL)
        if progress.digest != view.digest:
            return view
        routers = []
        for router in view.routers:
            own = progress.routers.get(router.name)
            if own is not None and own.touched and own.before and own.expected and own.before != router.before_hash:
                router = msgspec.structs.replace(
                    router, before_hash=own.before, after_hash=own.expected, rolled_back_hash=own.before
                )
            routers.append(router)
        return msgspec.structs.replace(view, routers=tuple(routers)) if tuple(routers) != view.routers else view

    def _write_texts(self, window: Window, anew: bool) -> None:
        """What the routers of a part run after it; what a part in force was carried out with stays as it is.

        Taken to be there are the parts before this one, but for those that were begun and are not in force, and those after it
        that are.
        """
        known = dict(self.begun())
        own = next((progress for part, progress in known.items() if part.change_id == window.plan.change_id), None)
        there = all((window.folder / router.folder / AFTER_FILE).is_file() for router in window.plan.routers)
        touched = own is not None and any(router.touched for router in own.routers.values())
        if there and touched and own is not None and own.digest == window.plan.digest and not anew:
            return
        steps = {step.number for step in window.plan.steps}
        first = min(steps, default=0)
        for part in parts(window.whole):
            progress = known.get(part)
            before = progress.in_force if progress is not None else min(part.steps, default=0) < first
            if before and not part.steps & steps:
                steps |= part.steps
        for router in window.plan.routers:
            text = after_text(window.whole, window.source, router.name, steps)
            write_text(window.folder / router.folder / AFTER_FILE, text)

    def last_seen(self) -> dict[str, str]:
        """The hash of what each router was left with by the parts of this plan, the last one that touched it."""
        found: dict[str, tuple[str, str]] = {}
        for _, progress in self.begun():
            if progress.digest != self.plan.digest:
                continue
            for router in progress.routers.values():
                if router.seen and router.seen > found.get(router.name, ("", ""))[0]:
                    found[router.name] = (router.seen, router.digest or "")
        return {name: digest for name, (_, digest) in found.items() if digest}


def begun_in(workspace: Workspace, plan: Plan) -> tuple[tuple[Part, Progress], ...]:
    """The parts of ``plan`` that have a journal in a workspace; see :meth:`Setting.begun`."""
    changes = workspace.path / CHANGES
    return tuple(
        (part, _told(workspace, plan, part.change_id, part.routers))
        for part in parts(plan)
        if was_begun(changes / part.change_id / JOURNAL)
    )


class Called(msgspec.Struct, frozen=True, kw_only=True):
    """How a plan was called when its part that was begun last was begun; ``typed`` is empty where no journal has it.

    ``strict``: whether a router whose host key is not known must be refused. None: a journal that is damaged does not tell.
    """

    typed: Typed = Typed()
    strict: bool | None = False


def called(plan: Plan, begun: Iterable[tuple[Part, Progress]]) -> Called:
    """How ``plan`` was called, by what was begun of it; being strict in one part is being so in all.

    What is half-way under its change id is gone on with, and counts, whichever plan its journal seems to be of.
    """
    own = [progress for _, progress in begun if progress.digest == plan.digest or progress.open]
    named = [progress for progress in own if progress.inventory and progress.digest == plan.digest]
    strict: bool | None = any(STRICT in progress.session.split() for progress in own)
    if not strict and not all(progress.session_told for progress in own):
        strict = None
    typed = max(named, key=lambda progress: progress.started or "").typed if named else Typed()
    return Called(typed=typed, strict=strict)


def _told(workspace: Workspace, plan: Plan, change_id: str, routers: tuple[str, ...]) -> Progress:
    progress = told_by(workspace.path / CHANGES / change_id / JOURNAL)
    if progress.blind:
        progress = unknown(progress, routers)
        progress.change_id, progress.digest = change_id, progress.digest or plan.digest
    if not progress.session_told and (page := called_on(workspace.path / CHANGES / change_id / SHEET)) is not None:
        progress.inventory = progress.inventory or page.inventory
        progress.session = progress.session or page.session
    return progress
