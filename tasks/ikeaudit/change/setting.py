"""What every verb of a change needs: the plan, its routers as devices, its journal and its locks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ikeaudit.change.device import Device
from ikeaudit.change.journal import Journal, read_journal
from ikeaudit.change.locks import locked
from ikeaudit.change.made_keys import MadeKeys
from ikeaudit.change.prepare import host_of, partner_names
from ikeaudit.change.progress import AT_REST, Progress, progress_of
from ikeaudit.change.window import numbers, wave_numbered, window_of, write_texts
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.parsing.workspace import Workspace
from ikeaudit.remediation.plan import Plan
from ikeaudit.session import Keychain, Limits

if TYPE_CHECKING:
    from nornir.core import Nornir

CHANGES = "changes"
JOURNAL = "journal.jsonl"


def wave_of(plan: Plan, number: int | None) -> tuple[str, ...]:
    """The routers of a wave, all that the plan changes when no number is given, in the order of changing them.

    :raises InputError: when the plan has no such wave.
    """
    if number is None:
        return tuple(router.name for router in plan.routers)
    return wave_numbered(plan, number).routers


@dataclass(frozen=True, slots=True)
class Setting:
    """One plan in one workspace with one inventory; ``tokens``: the routers are a rehearsal's, with tokens for keys.

    Of one wave of several (:meth:`window`), ``plan`` is that wave's change, ``whole`` the plan in the folder ``source`` that it
    is wave ``number`` of.
    """

    plan: Plan
    folder: Path
    workspace: Workspace
    nornir: Nornir
    keys: Keychain
    limits: Limits = field(default_factory=lambda: Limits(idle=30.0))
    tokens: bool = False
    whole: Plan | None = None
    number: int | None = None
    source: Path | None = None

    @property
    def journal_path(self) -> Path:
        """The journal of this change."""
        return self.workspace.folder(CHANGES) / self.plan.change_id / JOURNAL

    def progress(self) -> Progress:
        """What the journal says so far."""
        return progress_of(read_journal(self.journal_path))

    def window(self, number: int | None) -> Setting:
        """The setting of one wave; this one when the plan has no more than one.

        :raises InputError: when the plan has no such wave, or several and none is named.
        """
        if self.whole is not None:
            return self
        if not numbers(self.plan):
            if number is not None:
                wave_numbered(self.plan, number)
            return self
        if number is None:
            names = ", ".join(map(str, numbers(self.plan)))
            raise InputError(f"The plan has several waves ({names}), each a window of its own; name one with --wave.")
        view = window_of(self.plan, number)
        folder = self.workspace.folder(CHANGES) / view.change_id
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_texts(self.plan, self.folder, number, folder)
        return replace(self, plan=view, folder=folder, whole=self.plan, number=number, source=self.folder)

    def windows(self) -> tuple[Setting, ...]:
        """The settings of all waves that were begun with, in their order; this one when the plan is a single change."""
        if not numbers(self.plan):
            return (self,)
        changes = self.workspace.folder(CHANGES)
        begun = [n for n in numbers(self.plan) if (changes / f"{self.plan.change_id}-w{n}" / JOURNAL).is_file()]
        return tuple(self.window(n) for n in begun)

    def wave(self, number: int | None) -> tuple[str, ...]:
        """:func:`wave_of` of the plan."""
        return wave_of(self.plan, number)

    @contextmanager
    def work(self, verb: str, routers: tuple[str, ...]) -> Iterator[tuple[dict[str, Device], Journal]]:
        """The routers as devices, and the journal, while the locks are held; sessions are closed on leaving.

        :raises RefusedError: when a lock is held, or another change has left one of the routers half-way.
        """
        locks = self.workspace.folder("locks")
        with ExitStack() as stack:
            stack.enter_context(locked(locks, change_id=self.plan.change_id, digest=self.plan.digest, routers=routers))
            self._refuse_strangers(routers)
            journal = Journal(self.journal_path)
            stack.callback(journal.close)
            made = self.made_keys()
            devices = self._devices(routers, made)
            for device in devices.values():
                stack.callback(device.close)
            journal.record(
                "begin",
                text=verb,
                change_id=self.plan.change_id,
                digest=self.plan.digest,
                plan=str((self.source or self.folder).absolute()),
                wave=self.number,
                routers=list(routers),
            )
            yield devices, journal

    @contextmanager
    def reading(self, routers: tuple[str, ...]) -> Iterator[dict[str, Device]]:
        """The routers as devices for looking only: no lock, no journal."""
        with ExitStack() as stack:
            devices = self._devices(routers, self.made_keys())
            for device in devices.values():
                stack.callback(device.close)
            yield devices

    def made_keys(self) -> MadeKeys:
        """The keys to be made for the whole plan, none of them known yet; each run has its own."""
        return MadeKeys.of(self.whole or self.plan, self.source or self.folder)

    def _devices(self, routers: tuple[str, ...], made: MadeKeys) -> dict[str, Device]:
        """The routers of the change, which must be in the inventory, and the other ends that are."""
        devices: dict[str, Device] = {}
        for name in routers:
            devices[name] = self._device(name, host_of(self.nornir, self.plan.router(name)).name, made)
        planned = {router.name: router for router in (self.whole or self.plan).routers}
        for name in partner_names(self.plan, routers):
            if name in planned:
                devices[name] = self._device(name, host_of(self.nornir, planned[name]).name, made)
            elif name in self.nornir.inventory.hosts:
                devices[name] = self._device(name, name, made)
        return devices

    def _device(self, name: str, host: str, made: MadeKeys) -> Device:
        found = self.nornir.inventory.hosts[host]
        return Device(
            name,
            found,
            self.nornir.config,
            self.keys,
            self.workspace.fingerprinter,
            self.limits,
            tokens=self.tokens,
            made=made,
        )

    def _refuse_strangers(self, routers: tuple[str, ...]) -> None:
        """No router may be half-way in another change."""
        for journal in sorted(self.workspace.folder(CHANGES).glob(f"*/{JOURNAL}")):
            if journal == self.journal_path:
                continue
            other = progress_of(read_journal(journal))
            for name in routers:
                router = other.routers.get(name)
                if router is not None and router.phase not in AT_REST:
                    raise RefusedError(
                        f"{name} is half-way in the change {other.change_id} ({router.phase}); finish that one, or take it "
                        "back with `ikeaudit rollback`."
                    )
