"""One change carried out: a whole plan, or one group of a wave; or only shown line by line."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from ikeaudit.change.by_hand import by_hand
from ikeaudit.change.journal import RouterProgress, progress_of
from ikeaudit.change.journal_file import Journal
from ikeaudit.change.opened import work
from ikeaudit.change.plan_parts import Window
from ikeaudit.change.prepare import Prepared, prepare
from ikeaudit.change.report import ChangeReport, Result, RouterResult, cause_of
from ikeaudit.change.run import Run
from ikeaudit.change.setting import Options, Setting
from ikeaudit.drive.probe import Tested
from ikeaudit.model.errors import RefusedError, StateUnknownError
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation.plan import Plan


def apply_part(setting: Setting, window: Window, options: Options, say: Callable[[str], None]) -> ChangeReport:
    """Carry one change out: a whole plan, or one group of a wave. All of its routers change, or all are taken back.

    :raises RefusedError: when something forbids to begin; then nothing was changed.
    :raises SessionError: when a router cannot be reached; then nothing was changed.
    """
    routers = window.routers
    last_seen = setting.last_seen()
    with work(setting, window, "apply", routers) as (devices, journal):
        begun, unwritten = False, ""
        try:
            prepared = prepare(
                window.plan,
                window.folder,
                routers,
                devices,
                setting.workspace.fingerprinter,
                accept_unproven=options.accept_unproven,
                last_seen=last_seen,
            )
            plan = _as_found(window.plan, prepared)
            folder = setting.rebased(window, prepared.predicted) if prepared.changed else window.folder
            for name in routers:
                after = plan.router(name).after_hash
                journal.record("compared", name, digest=prepared.texts[name].digest, after=after)
            size = _room(plan, prepared)
            if full := journal.reserve(size):
                unwritten = f"There is no room for the journal {journal.path}, which needs {size // 1024} kB: {full}."
            begun = not full
        except StateUnknownError as error:
            unwritten = str(error)
        finally:
            if not begun:
                journal.keep_going()
                journal.record("end", result="refused")
        if unwritten:
            raise RefusedError(f"{unwritten} Nothing was changed.")
        run = Run(plan, folder, routers, devices, prepared, journal, options, say)
        for name, rows in prepared.changed.items():
            run.notes[name] = f"What else had changed on it since the plan was made: {'; '.join(rows)}."
            say(f"{name}: the steps hold on what it runs now. {run.notes[name]}")
        cause = ""
        try:
            run.put_nets_up()
            run.send()
            run.test()
            if options.hold:
                return _held(run)
            run.confirm()
            return finished(run)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the routers are taken back first
            cause = cause_of(error)
        return taken_back(run, cause)


def _room(plan: Plan, prepared: Prepared) -> int:
    """Bytes that the journal of a change and its page take at the most: each line there and back twice, and what is seen."""
    lines = sum(len(step.commands) + len(step.rollback) for step in plan.steps)
    seen = sum(len(msgspec.json.encode(one)) for one in prepared.seen.values())
    return 65536 + 1024 * (4 * lines + 16 * len(plan.directions)) + 8 * seen


def _as_found(plan: Plan, prepared: Prepared) -> Plan:
    """``plan`` with the hashes of what its routers really run before and after, where that was worked out anew."""
    routers = []
    for router in plan.routers:
        text = prepared.predicted.get(router.name)
        if text is not None:
            found = prepared.texts[router.name].digest
            router = msgspec.structs.replace(
                router, before_hash=found, after_hash=before_hash(text), rolled_back_hash=found
            )
        routers.append(router)
    return msgspec.structs.replace(plan, routers=tuple(routers))


def reported(
    run: Run, result: Result, routers: Iterable[RouterResult], *, cause: str | None = None, again: Iterable[Tested] = ()
) -> ChangeReport:
    """What a run came to, which its journal has been told; ``again`` are directions forced once more, after those."""
    return ChangeReport(
        change_id=run.plan.change_id,
        digest=run.plan.digest,
        result=result,
        cause=cause,
        routers=tuple(routers),
        directions=tuple({test.direction: test for test in (*run.tested, *again)}.values()),
        worse=tuple(run.worse),
        journal=str(run.journal.path),
    )


def finished(run: Run) -> ChangeReport:
    """Save the startup configurations and report; the change is in force even where saving does not work.

    :raises ChangeStopError: when a router has lost the change before it was saved.
    """
    unsaved = run.save()
    run.journal.keep_going()  # the change is in force: an end that cannot be written undoes nothing
    result: Result = "unsaved" if unsaved else "committed"
    run.journal.record("end", result=result)
    run.write_sheet()  # from here on the way back has to be named
    routers = [
        RouterResult(
            name=n, state="changed", detail=f"{unsaved[n]} Type `write memory` on it.", by_hand=("write memory",)
        )
        if n in unsaved
        else RouterResult(name=n, state="saved", detail=run.notes.get(n, ""))
        for n in run.routers
    ]
    return reported(run, result, routers, cause=next(iter(unsaved.values()), None))


def _held(run: Run) -> ChangeReport:
    minutes = {name: run.minutes(name) for name in run.routers}
    for name in run.routers:
        run.journal.record("held", name, minutes=minutes[name])
    run.journal.record("end", result="held")
    told = {name: f"goes back by itself {minutes[name]} minutes after it was armed" for name in run.routers}
    return reported(run, "held", [RouterResult(name=name, state="held", detail=told[name]) for name in run.routers])


def taken_back(run: Run, cause: str) -> ChangeReport:
    """Take every router back and report; ``cause`` is why.

    The way back does not depend on the journal: what the disk does not take is kept in memory. Then the cause says what had
    been sent until then.
    """
    journal = run.journal
    journal.keep_going()
    if journal.failure:
        cause = f"{cause} {what_was_sent(journal)}"
    journal.record("failed", text=cause)
    run.say(f"The change stops: {cause}")
    touched = any(p.step or p.safety for p in progress_of(journal.entries).routers.values())
    lost = run.go_back()
    again = run.test_again() if touched and not lost else []
    if touched and not lost:
        run.look_again()
    run.worse += [
        f"{test.initiator}: {test.direction} was up before the change and does not come up: {test.detail}"
        for test in again
        if test.result == "down"
    ]
    result: Result = "state-unknown" if lost else "rolled-back"
    journal.record("end", result=result)
    return reported(run, result, router_results(run, lost), cause=cause, again=again)


def what_was_sent(journal: Journal) -> str:
    """How many lines each router may have received, in a sentence, for whoever has no journal to look it up in."""
    routers = progress_of(journal.entries).routers.values()
    sent = [f"{router.sent} line{'s' * (router.sent != 1)} to {router.name}" for router in routers if router.sent]
    armed = [router.name for router in routers if router.safety and not router.sent]
    rest = f"; the timer{'s' * (len(armed) != 1)} of {', '.join(armed)} had been armed" if armed else ""
    return f"By then {', '.join(sent) or 'no configuration line'} had been sent{rest}."


def router_results(run: Run, lost: dict[str, str]) -> Iterator[RouterResult]:
    """Each router after a roll-back, with the commands to type by hand where it did not work."""
    routers = progress_of(run.journal.entries).routers
    for name in run.routers:
        progress = routers.get(name, RouterProgress(name=name))
        if name in lost:
            typed = by_hand(run.plan, progress)
            yield RouterResult(name=name, state="unknown", detail=lost[name], by_hand=typed)
        elif progress.phase == "reverted":
            yield RouterResult(name=name, state="reverted", detail=run.notes.get(name, ""))
        else:
            yield RouterResult(name=name, state="untouched")
