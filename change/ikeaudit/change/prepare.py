"""Before the first line: is the plan still about these routers, can it be carried out, and can it be taken back?

Nothing here changes a router. Every doubt is a refusal (exit code 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ikeaudit.candidate import Candidate
from ikeaudit.change.as_planned import arming_steps, planned_before
from ikeaudit.change.planned_device import PlannedDevice
from ikeaudit.change.rebase import NotRebasedError, changed, modelled, rebased
from ikeaudit.drive import safety
from ikeaudit.drive.device import Device, RouterText
from ikeaudit.drive.keys import KeyVault
from ikeaudit.drive.observe import Observation, observe
from ikeaudit.drive.probe import Probe, probe_of
from ikeaudit.drive.safety import Safety, SafetyError
from ikeaudit.fleet import Fleet
from ikeaudit.model import Router
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.remediation.plan import Direction, Outlook, Plan, PlannedRouter
from ikeaudit.remediation.plan_folder import predicted
from ikeaudit.session import SessionError

if TYPE_CHECKING:
    from nornir.core import Nornir
    from nornir.core.inventory import Host


_AGAIN = "collect it again and make a new plan of that snapshot"


class StaleError(RefusedError):
    """A router does not run what the plan was made for; ``details`` are the lines that differ, keys as tokens."""

    def __init__(self, sentence: str, details: list[str]) -> None:
        super().__init__(sentence)
        self.details = tuple(details)


@dataclass(slots=True)
class Prepared:
    """What is known of the routers before the change.

    ``tests`` holds, for each direction that must be up afterwards, how to force it, or why that is not possible. ``predicted``
    is what routers will run that do not run what the plan was made for, and ``changed`` the lines in which they differ where
    that is not an earlier attempt's doing: see :mod:`ikeaudit.change.rebase`.
    """

    texts: dict[str, RouterText] = field(default_factory=dict)
    nets: dict[str, Safety] = field(default_factory=dict)
    seen: dict[str, Observation] = field(default_factory=dict)
    vault: KeyVault = field(default_factory=KeyVault)
    tests: dict[Direction, Probe | str] = field(default_factory=dict)
    predicted: dict[str, str] = field(default_factory=dict)
    changed: dict[str, list[str]] = field(default_factory=dict)


def host_of(nornir: Nornir, router: PlannedRouter) -> Host:
    """The inventory's host for a planned router: of the same name, else of the folder that it was collected into.

    :raises InputError: when there is none.
    """
    hosts = nornir.inventory.hosts
    plain = router.name.partition("@")[0]
    parts = PurePosixPath(router.file.replace("\\", "/")).parts
    for name in (router.name, *parts[-2:-1], plain):
        if name in hosts:
            return hosts[name]
    lowered = {name.lower(): host for name, host in hosts.items()}
    if plain.lower() in lowered:
        return lowered[plain.lower()]
    raise InputError(
        f"The inventory has no host for {router.name}, which the plan changes; add it, or name the right folder."
    )


def partner_names(plan: Plan, routers: tuple[str, ...]) -> tuple[str, ...]:
    """The routers at the other ends of the plan's directions, which are not among the ``routers`` that are changed now."""
    names = [n for o in plan.directions for n in (o.direction.initiator, o.direction.responder) if n is not None]
    return tuple(dict.fromkeys(name for name in names if name not in routers))


def wanted(plan: Plan, routers: tuple[str, ...]) -> list[Outlook]:
    """The directions with an end on one of ``routers`` that the proof says are up after the change."""
    return [
        outlook
        for outlook in plan.directions
        if outlook.after is not None
        and outlook.after.outcome == "up"
        and {outlook.direction.initiator, outlook.direction.responder} & set(routers)
    ]


def prepare(
    plan: Plan,
    folder: Path,
    routers: tuple[str, ...],
    devices: Mapping[str, PlannedDevice],
    fingerprinter: Fingerprinter,
    *,
    accept_unproven: bool,
    begun: bool = False,
    last_seen: Mapping[str, str] | None = None,
) -> Prepared:
    """Read every router afresh and check all that can be checked without changing anything.

    A router may run what the plan was made for, or what this change itself left it with (``last_seen``, by hash): a roll-back
    may bring objects back in another order, and a group that failed is missing from what the plan expects. What it will run
    then is worked out and replayed anew. Where something else was changed, the steps are proved again.

    ``begun``: the change was cut off, so what the routers run is not compared with what the plan was made for, and what
    cannot be tested is left to the test to tell.

    :raises StaleError: when a router does not run what the plan was made for, and the steps do not hold on what it runs.
    :raises RefusedError: when a key is missing, no net can be had, or a direction could not be tested.
    :raises SessionError: when a router that is to be changed cannot be reached.
    """
    prepared = Prepared()
    for name in routers:
        device = devices[name]
        found = device.running()
        prepared.texts[name] = found
        if not begun:
            _compare(plan, folder, plan.router(name), prepared, (last_seen or {}).get(name), fingerprinter)
        prepared.vault.merge(found.vault)
        if not begun:
            prepared.seen[name] = observe(device)
    _read_partners(routers, devices, prepared)
    if not begun:
        _make_keys(plan, routers, devices, prepared, fingerprinter)
    for name in () if begun else routers:
        missing = prepared.vault.missing((*plan.commands_of(name), *plan.rollback_of(name)))
        if missing:
            raise RefusedError(
                f"{name} needs the key {missing[0]}, which none of the routers of this change holds in that encoding; "
                "make a new plan."
            )
        try:
            prepared.nets[name] = safety.choose(
                devices[name], prepared.texts[name], archive=bool(arming_steps(plan, name))
            )
        except SafetyError as error:
            raise RefusedError(str(error)) from None
    for name in () if begun or prepared.changed else routers:
        if prepared.texts[name].digest != plan.router(name).before_hash:
            prepared.predicted[name] = _predicted(plan, name, prepared.texts[name])
    if prepared.changed:
        _rebase(plan, prepared, fingerprinter)
    fleet = fleet_of(plan, folder, routers, prepared, fingerprinter)
    if prepared.predicted:
        _replay(plan, routers, prepared, fleet)
    for outlook in wanted(plan, routers):
        direction = outlook.direction
        known = direction.initiator in prepared.texts
        prepared.tests[direction] = probe_of(direction, fleet) if known else f"{direction.initiator} cannot be reached"
    untestable = {d: why for d, why in prepared.tests.items() if isinstance(why, str)}
    if untestable and not accept_unproven and not begun:
        direction, why = next(iter(untestable.items()))
        more = f" (and {len(untestable) - 1} more)" if len(untestable) > 1 else ""
        raise RefusedError(
            f"{direction} could not be tested after the change: {why}{more}; --accept-unproven goes on without that."
        )
    return prepared


def _make_keys(
    plan: Plan,
    routers: tuple[str, ...],
    devices: Mapping[str, PlannedDevice],
    prepared: Prepared,
    fingerprinter: Fingerprinter,
) -> None:
    """The keys that the plan wants made and no router holds, for all ends together; they are in memory only."""
    made = devices[routers[0]].made if routers else None
    if made is not None and made.names:
        lines = [line for name in routers for line in plan.commands_of(name)]
        made.make(lines, prepared.vault, fingerprinter)


def fleet_of(
    plan: Plan, folder: Path, routers: tuple[str, ...], prepared: Prepared, fingerprinter: Fingerprinter
) -> Fleet:
    """The fleet as it will be after the change: the plan's prediction where there is one, the router's own text elsewhere."""
    models: list[Router] = []
    for name, found in prepared.texts.items():
        text = prepared.predicted.get(name)
        if text is None:
            text = predicted(folder, plan.router(name)) if name in routers else found.text
        models += modelled(name, text, fingerprinter)
    return Fleet(models)


def _predicted(plan: Plan, name: str, found: RouterText) -> str:
    """What a router will run that does not run exactly what the plan was made for.

    :raises RefusedError: when it would not take a line.
    """
    candidate = Candidate.from_text(found.text)
    for reply in candidate.apply(plan.commands_of(name)):
        if reply.refused:
            raise RefusedError(f"{name} would not take `{reply.command}` as it stands now; {_AGAIN}.")
    return candidate.text()


def _replay(plan: Plan, routers: tuple[str, ...], prepared: Prepared, fleet: Fleet) -> None:
    """What was proven of the plan must hold of what the routers will really run.

    :raises RefusedError: when a direction would not do what the plan says of it.
    """
    known = set(prepared.texts)
    now = {Direction.of(e): e for e in fleet.exchanges}
    for outlook in wanted(plan, routers):
        if outlook.after is None or not {outlook.direction.initiator, outlook.direction.responder} <= known:
            continue
        exchange = now.get(outlook.direction)
        if exchange is None or exchange.outcome != "up" or (exchange.worst != "up" == outlook.after.worst):
            why = f"would be {exchange.worst} ({exchange.reason})" if exchange is not None else "would be gone"
            raise RefusedError(
                f"{', '.join(prepared.predicted)} stands otherwise than the plan knows since an earlier attempt, and "
                f"{outlook.direction} {why} after this change; {_AGAIN}."
            )


def _compare(
    plan: Plan,
    folder: Path,
    router: PlannedRouter,
    prepared: Prepared,
    last_seen: str | None,
    fingerprinter: Fingerprinter,
) -> None:
    """Note in what a router differs from what the plan was made for."""
    found = prepared.texts[router.name]
    if found.digest not in (router.before_hash, last_seen):
        before = planned_before(folder, plan, router)
        prepared.changed[router.name] = changed(before, found.lines, fingerprinter)


def _rebase(plan: Plan, prepared: Prepared, fingerprinter: Fingerprinter) -> None:
    """The same steps on what the routers run now: what those will run, or a refusal that shows what had changed."""
    why = ""
    try:
        prepared.predicted.update(rebased(plan, prepared.texts, fingerprinter).after)
    except NotRebasedError as error:
        why = str(error)
    if why:
        several = len(prepared.changed) > 1
        rows = [f"{name}: {row}" if several else row for name, found in prepared.changed.items() for row in found]
        raise StaleError(
            f"{', '.join(prepared.changed)} {'do' if several else 'does'} not run what the plan was made for; its steps do not "
            f"hold on what {'they run' if several else 'it runs'} now ({why.rstrip('.')}); {_AGAIN}.",
            rows,
        )


def _read_partners(routers: tuple[str, ...], devices: Mapping[str, Device], prepared: Prepared) -> None:
    """The other ends, as far as they can be reached: nothing is changed there, but they hold keys and start negotiations."""
    for name, device in devices.items():
        if name in routers:
            continue
        try:
            prepared.texts[name] = device.running()
        except SessionError:
            continue
        prepared.vault.merge(prepared.texts[name].vault)
