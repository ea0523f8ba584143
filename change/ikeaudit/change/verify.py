"""``verify``: look whether the routers run what the plan predicts; with ``force``, whether each direction comes up."""

from collections.abc import Callable, Mapping

from ikeaudit.change.as_planned import differences, disarmed_lines, matches, planned_after, planned_before
from ikeaudit.change.locks import locked
from ikeaudit.change.opened import reading
from ikeaudit.change.plan_parts import Part, Window
from ikeaudit.change.prepare import Prepared, fleet_of, wanted
from ikeaudit.change.report import ChangeReport, RouterResult
from ikeaudit.change.setting import Options, Setting
from ikeaudit.drive import safety
from ikeaudit.drive.device import Device
from ikeaudit.drive.probe import Tested, force_by, probe_of, unproven
from ikeaudit.remediation.order_changes import may_not_come_back
from ikeaudit.session import SessionError


def verify_change(
    setting: Setting, options: Options, say: Callable[[str], None], *, forced: bool = False
) -> ChangeReport:
    """Compare every router of the plan with the plan's prediction; ``forced`` also clears and starts each direction.

    :raises SessionError: when a router cannot be reached.
    :raises RefusedError: when directions are to be forced while a change is under way.
    """
    routers = setting.entire.routers
    with reading(setting, setting.entire, routers) as devices:
        prepared = Prepared()
        windows = _last_windows(setting, routers)
        results = tuple(_look(windows[name], devices[name], prepared) for name in routers)
        tested: list[Tested] = []
        if forced:
            folder = setting.workspace.folder("locks")
            plan = setting.plan
            with locked(folder, change_id=plan.change_id, digest=plan.digest, routers=routers):
                tested = _force(setting, options, devices, prepared, routers, say)
    good = all(result.state in ("changed", "held") for result in results)
    good = good and all(test.result == "up" for test in tested)
    return ChangeReport(
        change_id=setting.plan.change_id,
        digest=setting.plan.digest,
        result="verified" if good else "not-verified",
        cause=None if good else _first_reason(results, tested),
        routers=results,
        directions=tuple(tested),
        journal=str(setting.journal_path) if setting.journal_path.exists() else "",
    )


def _last_windows(setting: Setting, names: tuple[str, ...]) -> dict[str, Window]:
    """The last part that has reached each router; the whole plan when that is one change, or none has."""
    reached: dict[str, tuple[str, Part]] = {}
    for part, progress in setting.begun():
        for name in names:
            router = progress.routers.get(name)
            if router is not None and router.touched and progress.applied >= reached.get(name, ("",))[0]:
                reached[name] = (progress.applied, part)
    windows = {part: setting.part(part) for _, part in reached.values()}
    return {name: windows[reached[name][1]] if name in reached else setting.entire for name in names}


def _look(window: Window, device: Device, prepared: Prepared) -> RouterResult:
    planned = window.plan.router(device.name)
    found = device.running()
    prepared.texts[device.name] = found
    after = planned_after(window.folder, planned)
    closed = disarmed_lines(window.whole, device.name, after)
    if matches(found, (planned.after_hash,), after) != "different" or matches(found, (), closed) != "different":
        net = safety.net_of(device)
        held = " It goes back by itself unless the change is confirmed." if net else ""
        return RouterResult(
            name=device.name, state="held" if net else "changed", detail=f"It runs what the plan predicts.{held}"
        )
    before = planned_before(window.folder, window.plan, planned)
    if matches(found, (planned.before_hash, planned.rolled_back_hash), before) != "different":
        gone = may_not_come_back(planned.order_changes) if found.digest != planned.before_hash else ()
        but = f", but for what may not have come back: {'; '.join(gone)}" if gone else ""
        return RouterResult(name=device.name, state="untouched", detail=f"It runs what it ran before the change{but}.")
    rows = "; ".join(differences(after, found.lines, limit=6))
    return RouterResult(name=device.name, state="unknown", detail=f"It runs neither the one nor the other: {rows}")


def _force(
    setting: Setting,
    options: Options,
    devices: Mapping[str, Device],
    prepared: Prepared,
    routers: tuple[str, ...],
    say: Callable[[str], None],
) -> list[Tested]:
    for name, device in devices.items():
        if name not in prepared.texts:
            try:
                prepared.texts[name] = device.running()
            except SessionError as error:
                say(str(error))
    fleet = fleet_of(setting.plan, setting.folder, (), prepared, setting.workspace.fingerprinter)
    tested: list[Tested] = []
    for outlook in wanted(setting.plan, routers):
        direction = outlook.direction
        if direction.initiator not in prepared.texts:
            tested.append(unproven(direction, f"{direction.initiator} cannot be reached"))
            continue
        tested.append(force_by(devices, direction, probe_of(direction, fleet), pace=options.pace))
        say(f"{direction}: {tested[-1].result} ({tested[-1].detail})")
    return tested


def _first_reason(results: tuple[RouterResult, ...], tested: list[Tested]) -> str:
    for result in results:
        if result.state not in ("changed", "held"):
            return f"{result.name}: {result.detail}"
    return next(f"{test.direction} is {test.result}: {test.detail}" for test in tested if test.result != "up")
