"""``rehearse``: the plan carried out on virtual routers over real SSH, by the code that will carry it out for good.

Every router of a wave is booted from its configuration of before the change, tokens standing in for keys; routers of earlier
waves from what the plan predicts for them. The wave is run without faults, then once for each fault that was chosen, each time
on routers booted afresh, and what the change reports is compared with what the routers run.
"""

import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from ikeaudit.candidate import after_commands
from ikeaudit.change.opened import made_keys
from ikeaudit.change.plan_parts import Part, Window, parts, wave_numbered
from ikeaudit.change.planned_device import Recalled
from ikeaudit.change.prepare import partner_names
from ikeaudit.change.rehearsal.judging import standings, untruths
from ikeaudit.change.rehearsal.killed_child import COMMAND, setting_for
from ikeaudit.change.rehearsal.record import CaseResult, Rehearsal
from ikeaudit.change.report import INTERRUPTED, ChangeReport, PartResult, Result
from ikeaudit.change.resume import resume_change
from ikeaudit.change.rollback import roll_back
from ikeaudit.change.setting import Options, Setting
from ikeaudit.change.waves import apply_change
from ikeaudit.drive.probe import Pace
from ikeaudit.lab import Lab, LabRouter
from ikeaudit.lab.fault_set import KILLED, SECOND_OPERATOR, Case, every_case, some_cases
from ikeaudit.lab.faults import Happening
from ikeaudit.model.errors import IkeauditError, InputError, RefusedError
from ikeaudit.parsing.redact import cut
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation.plan import Plan
from ikeaudit.remediation.plan_folder import predicted

_BASE, _PER_ROUTER = 2.0, 0.15
"""Seconds that a lab minute takes, and by how much longer for each router: the timers must outlast the change."""
_AT_ONCE, _ROUTERS_AT_ONCE = 6, 24
"""Runs side by side at the most, and the routers that all of them may have together."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a rehearsal is made of: ``texts`` by router, as before the change; ``missing`` other ends."""

    plan: Plan
    folder: Path
    texts: Mapping[str, str]
    missing: tuple[str, ...]


def scene_of(plan: Plan, folder: Path, known: Mapping[str, str] | None = None) -> Scene:
    """The configurations to boot, tokens in place of keys: those in ``known`` (a snapshot), else worked out from the plan.

    :raises InputError: when a router's configuration is not in the snapshot, or cannot be worked out, as that of
        an other end.
    :raises RefusedError: when the snapshot is not the one that the plan was made from.
    """
    texts: dict[str, str] = {}
    for router in plan.routers:
        if known is not None:
            if router.name not in known:
                raise InputError(f"The snapshot has no configuration of {router.name}, which the plan changes.")
            texts[router.name] = known[router.name]
            if before_hash(texts[router.name]) != router.before_hash:
                raise RefusedError(f"{router.name} is not in the snapshot as the plan knows it; make a new plan.")
            continue
        texts[router.name] = after_commands(predicted(folder, router), plan.rollback_of(router.name))
        if before_hash(texts[router.name]) != router.before_hash:
            raise InputError(
                f"The earlier configuration of {router.name} cannot be told from the plan alone, because its roll-back "
                "brings objects back in another order; name the snapshot that the plan was made from with --snapshot."
            )
    others = partner_names(plan, tuple(router.name for router in plan.routers))
    if others and known is None:
        raise InputError(
            f"The other ends of the plan's tunnels ({', '.join(others[:4])}{', ...' * (len(others) > 4)}) are not in it; name "
            "the snapshot that it was made from with --snapshot."
        )
    texts |= {name: known[name] for name in others if known is not None and name in known}
    return Scene(plan, folder, texts, tuple(name for name in others if name not in texts))


def rehearse(scene: Scene, say: Callable[[str], None], *, all_faults: bool = False) -> Rehearsal:
    """Carry every wave out in the lab, without and with faults."""
    plan = scene.plan
    results: list[CaseResult] = []
    waves = [(wave.number, wave.routers) for wave in plan.waves] or [(0, tuple(r.name for r in plan.routers))]
    for number, routers in waves:
        results.append(_told(say, _run(scene, number, routers, None)))
        if not results[-1].passed:
            break  # what fails without a fault has no need of one
        cases = every_case(routers) if all_faults else some_cases(routers)
        most = max((len(part.routers) for part in parts(plan, number or None)), default=len(routers))
        results += _several(partial(_run, scene, number, routers), cases, say, at_once(most))
    return Rehearsal(
        change_id=plan.change_id,
        digest=plan.digest,
        tool_version=version("ikeaudit"),
        at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        faults="all" if all_faults else "some",
        passed=all(result.passed for result in results),
        missing=scene.missing,
        cases=tuple(results),
    )


def at_once(routers: int) -> int:
    """How many runs that change so many routers go side by side: a run mostly waits, unless it has many to serve."""
    return max(1, min(_AT_ONCE, _ROUTERS_AT_ONCE // max(1, routers)))


def _several(
    run: Callable[[Case], CaseResult], cases: Iterable[Case], say: Callable[[str], None], workers: int
) -> list[CaseResult]:
    """The results in the order of ``cases``, each told as soon as those before it are."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix="ikeaudit-rehearsal")
    try:
        return [_told(say, result) for result in pool.map(run, cases)]
    finally:
        pool.shutdown(cancel_futures=True)


def _told(say: Callable[[str], None], result: CaseResult) -> CaseResult:
    what = f"{result.fault}, at {result.phase} on {result.router}" if result.fault else "no fault"
    say(f"wave {result.wave}: {what}: {result.result}{'' if result.passed else f', WRONG: {result.wrong[0]}'}")
    return result


def _run(scene: Scene, wave: int, routers: tuple[str, ...], case: Case | None) -> CaseResult:
    started = time.monotonic()
    minute = _BASE + _PER_ROUTER * len(routers)
    password = secrets.token_urlsafe(12)
    part = _part_for(scene.plan, wave, case)
    if part is not None:
        routers = part.routers
    group = part.group if part is not None else None
    booted = [LabRouter(name, text, password=password) for name, text in _texts(scene, wave, routers, part).items()]
    with TemporaryDirectory(prefix="ikeaudit-rehearsal-") as folder, Lab(booted, minute_seconds=minute) as lab:
        inventory = lab.write_inventory(Path(folder) / "inventory")
        setting = setting_for(scene.folder, inventory, Path(folder) / "workspace", password)
        options = Options(
            minutes=10,
            accept_unproven=True,  # whether every direction can come up is seen from behind
            pace=Pace(settle=1.0, look=0.1, routing=2.0),
            patience=6.0,
            pause=0.2,
            minute=minute,
            out_of_order=True,  # the routers are booted as the waves before leave them
        )
        number = wave or None
        window = setting.window(number, group)
        if case is None or case.fault != KILLED:
            if case is not None:
                lab.do(partial(lab.router(case.router).faults.add, *case.faults(lines_for(window.plan, case.router))))
            work: Callable[[], object] = partial(apply_change, setting, options, _quiet, wave=number, group=group)
        else:
            work = partial(_killed, lab, case, setting, window, options, inventory, password)
        result, code, cause, unproven = _reported(work)
        _wait_for(booted)
        redacted = partial(_redacted, setting, window)
        look = partial(standings, lab, window.plan, window.folder, routers, redacted, SECOND_OPERATOR)
        stands = look()
        wrong = untruths(lab, window.plan, routers, stands, look(saved=True), result, code, setting.progress(window))
        if case is None and code != 0:
            wrong.insert(0, f"the change fails without a fault: {cause}")
        if code == 7 or (set(stands.values()) == {"after"} and setting.progress(window).result != "refused"):
            wrong += _taken_back(lab, setting, window, options, routers, redacted)
    return CaseResult(
        wave=wave,
        fault=case.fault if case else None,
        phase=case.phase if case else None,
        router=case.router if case else None,
        result=result,
        exit_code=code,
        cause=cause,
        runs=stands,
        passed=not wrong,
        wrong=tuple(wrong),
        unproven=unproven if case is None else (),
        seconds=round(time.monotonic() - started, 1),
    )


def lines_for(plan: Plan, name: str) -> int:
    """How many configuration lines a router is sent, lines that only leave a mode not counted."""
    return sum(line not in ("exit", "end") for line in plan.commands_of(name))


def _part_for(plan: Plan, wave: int, case: Case | None) -> Part | None:
    """Of a wave of several groups the one that a fault is tried on: the first with its router. None: the wave as a whole."""
    if case is None or not plan.waves or len(wave_numbered(plan, wave).groups) < 2:
        return None
    return next(part for part in parts(plan, wave) if case.router in part.routers)


def _texts(scene: Scene, wave: int, routers: tuple[str, ...], part: Part | None = None) -> dict[str, str]:
    """What to boot for a wave: its routers and the other ends of their tunnels, in the state that earlier waves left them in.

    For one ``part`` of the wave also what its groups before that one did.
    """
    done = {n for w in scene.plan.waves if w.number < wave for n in (w.steps or ())}
    if part is not None:
        done |= {n for p in parts(scene.plan, wave) if (p.group or 0) < (part.group or 0) for n in p.steps}
    wanted = set(routers)
    for outlook in scene.plan.directions:
        ends = {outlook.direction.initiator, outlook.direction.responder}
        if ends & set(routers):
            wanted |= {end for end in ends if end is not None}
    found = {}
    for name in (name for name in scene.texts if name in wanted):
        own = [s for s in scene.plan.steps if s.router == name and s.number in done]
        found[name] = scene.texts[name]
        if own:
            found[name] = after_commands(scene.texts[name], (line for step in own for line in step.commands))
    return found


def _reported(work: Callable[[], object]) -> tuple[PartResult, int, str | None, tuple[str, ...]]:
    """What a change says of itself: result, exit code, cause, and directions that it could not test.

    :raises KeyboardInterrupt: when it was stopped by its user, which is no result.
    """
    try:
        report = work()
    except IkeauditError as error:
        return "refused", error.exit_code, str(error), ()
    assert isinstance(report, ChangeReport)
    if report.cause == INTERRUPTED:
        raise KeyboardInterrupt
    unproven = tuple(f"{test.direction}: {test.detail}" for test in report.directions if test.result == "not-proven")
    return report.result, report.exit_code, report.cause, unproven


def _killed(
    lab: Lab, case: Case, setting: Setting, window: Window, options: Options, inventory: Path, password: str
) -> object:
    """The change in a process of its own, killed at its phase; then finished by ``apply --resume``."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            COMMAND,
            str(window.source),
            str(inventory),
            str(setting.workspace.path),
            str(window.wave or ""),
            str(window.group or ""),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the rehearsal, which ends it
    )
    moment = case.moment(lines_for(window.plan, case.router))
    kill = Happening(**moment, action=lambda router: process.send_signal(signal.SIGKILL))
    lab.do(partial(lab.router(case.router).faults.add, kill))
    process.communicate(f"{password}\n{options.minute}\n".encode(), timeout=300)
    progress = setting.progress(window)
    if progress.open:
        return resume_change(setting, options, _quiet)
    if progress.done or process.returncode == 0:  # the moment came after its last line, or never
        result = cast(Result, progress.result or "committed")
        return ChangeReport(change_id=window.plan.change_id, digest=setting.plan.digest, result=result)
    return apply_change(setting, options, _quiet, wave=window.wave, group=window.group)


def _taken_back(
    lab: Lab,
    setting: Setting,
    window: Window,
    options: Options,
    routers: tuple[str, ...],
    redacted: Callable[[str, str], str],
) -> list[str]:
    """The repair, with the fault gone: every router back, or what is wrong."""
    for router in lab.routers.values():
        lab.do(router.faults.clear)
    try:
        half_way = any(progress.open for _, progress in setting.begun())
        report = roll_back(setting, options, _quiet, everything=not half_way)
    except IkeauditError as error:
        return [f"the roll-back does not go: {error}"]
    stands = standings(lab, window.plan, window.folder, routers, redacted, SECOND_OPERATOR)
    if report.result != "rolled-back" or set(stands.values()) != {"before"}:
        return [f"after the roll-back ({report.result}) " + ", ".join(f"{n} runs {how}" for n, how in stands.items())]
    return []


def _wait_for(routers: Iterable[LabRouter]) -> None:
    """Until routers that were restarted are there again, for a while."""
    until = time.monotonic() + 5.0
    while any(router.down for router in routers) and time.monotonic() < until:
        time.sleep(0.1)


def _redacted(setting: Setting, window: Window, name: str, text: str) -> str:
    fingerprinter = setting.workspace.fingerprinter
    masked = cut(text, fingerprinter).text
    recalled = Recalled.of(window.whole, window.source, name, fingerprinter)
    return made_keys(window).named(name, recalled.as_planned(text, masked) if recalled is not None else masked)


def _quiet(line: str) -> None:
    """What the change says in the lab is not for the screen."""
