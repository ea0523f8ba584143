"""A part of a plan opened for work: its locks held, its journal begun, its routers as devices; all closed on leaving."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from ikeaudit.change.advice import back_command
from ikeaudit.change.as_planned import placing
from ikeaudit.change.asking import look_at
from ikeaudit.change.by_hand import SHEET, sheet_lines
from ikeaudit.change.journal import progress_of
from ikeaudit.change.journal_file import Journal
from ikeaudit.change.kept import journals, keep, told_by
from ikeaudit.change.locks import locked
from ikeaudit.change.plan_parts import Window
from ikeaudit.change.planned_device import MadeKeys, PlannedDevice, Recalled
from ikeaudit.change.prepare import host_of, partner_names
from ikeaudit.change.setting import Setting
from ikeaudit.model.errors import IkeauditError, InputError, RefusedError, StateUnknownError

_ONWARD = ("rollback", "confirm", "resume")
"""Verbs that go on with a change that was begun, and ask the routers where its journal cannot tell."""


@contextmanager
def work(
    setting: Setting, window: Window, verb: str, routers: tuple[str, ...], *, selection: str = ""
) -> Iterator[tuple[dict[str, PlannedDevice], Journal]]:
    """The routers as devices, and the journal, while the locks are held; sessions are closed on leaving.

    ``selection``: the options by which a part of the plan was named for ``verb``, for the journal.

    :raises RefusedError: when a lock is held, or another change has left one of the routers half-way.
    """
    with ExitStack() as stack:
        try:
            locks = setting.workspace.folder("locks")
            digest = None if setting.beside else window.plan.digest
            stack.enter_context(locked(locks, change_id=window.plan.change_id, digest=digest, routers=routers))
        except InputError as error:
            raise InputError(f"{str(error).rstrip('.')}.{_by_hand(setting, window)}") from None
        _refuse_strangers(setting, window, routers)
        if verb == "apply":
            keep(setting.workspace, window.plan.digest, window.source)
        journal = Journal(setting.journal_of(window), keep_going=verb == "rollback", aside=verb in _ONWARD)
        stack.callback(journal.close)
        made = made_keys(window)
        devices = _devices(setting, window, routers, made)
        for device in devices.values():
            stack.callback(device.close)
        earlier = progress_of(journal.entries)
        blind = verb in _ONWARD and (earlier.blind or not earlier.started)
        _begin(setting, window, verb, routers, journal, blind=blind, selection=selection)
        if verb in _ONWARD:
            _ask(window, routers, devices, made, journal, unfinished=bool(earlier.started) and earlier.result is None)
        setting.under_way.append(window)
        stack.callback(setting.under_way.remove, window)
        yield devices, journal


def _by_hand(setting: Setting, window: Window) -> str:
    """How to go back by hand where the workspace does not let a change go on; empty when there is nothing to take back."""
    page = setting.journal_of(window).with_name(SHEET)
    lines = sheet_lines(page)
    if not lines:
        return ""
    first = "; ".join(f"{name}: {', '.join(typed[:3])}" for name, typed in lines.items())
    return f" To go back by hand, type what {page} says ({first}); another workspace (IKEAUDIT_WORKSPACE) asks the routers."


def _begin(
    setting: Setting,
    window: Window,
    verb: str,
    routers: tuple[str, ...],
    journal: Journal,
    *,
    blind: bool,
    selection: str,
) -> None:
    """The first line of a run. Raises InputError when the disk does not take it."""
    problem = ""
    try:
        journal.record(
            "begin",
            text=verb,
            change_id=window.plan.change_id,
            digest=window.plan.digest,
            plan=setting.typed.plan,
            inventory=setting.typed.inventory,
            session=setting.typed.session,
            applying=setting.typed.applying if verb == "apply" else None,
            wave=window.wave,
            group=window.group,
            routers=list(routers),
            alone=window.alone,
            unknown=blind,
            selection=selection,
        )
    except StateUnknownError as error:
        problem = str(error)
    if problem:
        journal.forget()
        raise InputError(f"{problem} Nothing was sent to any router.")


def _ask(
    window: Window,
    routers: tuple[str, ...],
    devices: dict[str, PlannedDevice],
    made: MadeKeys,
    journal: Journal,
    *,
    unfinished: bool,
) -> None:
    """Look at the routers of which the journal cannot tell what they run, and put that into it.

    ``unfinished``: it ends without an end, by a crash or because that was lost; then a router of which no line was sent, as
    far as it tells, is looked at as well. One that does not answer now is left to those who try for longer.
    """
    for router in progress_of(journal.entries).routers.values():
        if router.name in routers and (router.doubtful or (unfinished and not router.step)):
            with suppress(IkeauditError):
                look_at(window.plan, window.folder, devices[router.name], made, router).note(journal)


@contextmanager
def reading(setting: Setting, window: Window, routers: tuple[str, ...]) -> Iterator[dict[str, PlannedDevice]]:
    """The routers as devices for looking only: no lock, no journal."""
    with ExitStack() as stack:
        devices = _devices(setting, window, routers, made_keys(window))
        for device in devices.values():
            stack.callback(device.close)
        yield devices


def made_keys(window: Window) -> MadeKeys:
    """The keys to be made for the whole plan, none of them known yet; each run has its own."""
    return MadeKeys.of(window.whole, window.source)


def _devices(setting: Setting, window: Window, routers: tuple[str, ...], made: MadeKeys) -> dict[str, PlannedDevice]:
    """The routers of the change, which must be in the inventory, and the other ends that are."""
    devices: dict[str, PlannedDevice] = {}
    for name in routers:
        devices[name] = _device(setting, window, name, host_of(setting.nornir, window.plan.router(name)).name, made)
    planned = {router.name: router for router in window.whole.routers}
    holders = [n.host for name in routers for n in window.plan.router(name).keys if n.host is not None]
    for name in dict.fromkeys([*partner_names(window.plan, routers), *holders]):
        if name in devices:
            continue
        if name in planned:
            devices[name] = _device(setting, window, name, host_of(setting.nornir, planned[name]).name, made)
        elif name in setting.nornir.inventory.hosts:
            devices[name] = _device(setting, window, name, name, made)
    return devices


def _device(setting: Setting, window: Window, name: str, host: str, made: MadeKeys) -> PlannedDevice:
    found = setting.nornir.inventory.hosts[host]
    return PlannedDevice(
        name,
        found,
        setting.nornir.config,
        setting.keys,
        setting.workspace.fingerprinter,
        setting.limits,
        tokens=setting.tokens,
        made=made,
        placed=placing(window.whole),
        recalled=Recalled.of(window.whole, window.source, name, setting.workspace.fingerprinter),
    )


def _refuse_strangers(setting: Setting, window: Window, routers: tuple[str, ...]) -> None:
    """No router may be half-way in another change."""
    for journal in journals(setting.workspace.path):
        if journal == setting.journal_of(window):
            continue
        other = told_by(journal)
        if other.problem and set(sheet_lines(journal.with_name(SHEET))) & set(routers):
            raise RefusedError(
                f"{journal} tells nothing ({other.problem}), and {SHEET} beside it names routers of this change; "
                "`ikeaudit status` tells more."
            )
        for name in routers:
            router = other.routers.get(name)
            if router is not None and name in other.half_way:
                how = "being taken back" if other.going_back else router.phase
                raise RefusedError(
                    f"{name} is half-way in the change {other.change_id} ({how}); finish that one, or take it "
                    f"back with `{back_command(other)}`."
                )
