"""A change carried out: nets up at both ends, lines sent one by one, both directions forced, then all confirmed or all back.

The order is CHANGE-WINDOW's. Each phase leaves its traces in the journal before it acts; whatever stops it, even a
bug in here, ends in :meth:`Run.go_back`.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

from ikeaudit.change.as_planned import arming_steps, differences, planned_after, with_archive
from ikeaudit.change.by_hand import by_hand, open_routers, shortened, write_sheet
from ikeaudit.change.journal import RouterProgress, progress_of
from ikeaudit.change.journal_file import Journal
from ikeaudit.change.own_lines import OwnLines
from ikeaudit.change.planned_device import PlannedDevice
from ikeaudit.change.prepare import Prepared, fleet_of
from ikeaudit.change.recover import GRACE, Recovered, Recovery
from ikeaudit.change.report import ChangeStopError, cause_of
from ikeaudit.change.setting import Options, minutes_for
from ikeaudit.drive import safety
from ikeaudit.drive.device import Device
from ikeaudit.drive.keys import MissingKeyError
from ikeaudit.drive.observe import Observation, lost, observe, one_way
from ikeaudit.drive.probe import Tested, force_by, probe_of, unproven
from ikeaudit.drive.renewal import Renewal
from ikeaudit.drive.replies import unexpected
from ikeaudit.drive.safety import Safety, SafetyError
from ikeaudit.fleet import Fleet
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.remediation.plan import Plan, Step
from ikeaudit.session import SessionError


@dataclass(eq=False, repr=False)
class Run:
    """One wave of a plan; ``say`` shows a line on the screen."""

    plan: Plan
    folder: Path
    routers: tuple[str, ...]
    devices: Mapping[str, PlannedDevice]
    prepared: Prepared
    journal: Journal
    options: Options
    say: Callable[[str], None]
    tested: list[Tested] = field(default_factory=list)
    worse: list[str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for device in self.devices.values():
            device.say = self.say

    def minutes(self, name: str) -> int:
        """The minutes after which a router goes back by itself."""
        return minutes_for(self.plan, name, self.options)

    # -- forward --

    def put_nets_up(self) -> None:
        """What all tunnels do goes into the journal; then copies on flash and timers, before the first line."""
        for name, seen in self.prepared.seen.items():
            self.note_seen(name, "before", seen)
        for name in self.routers:
            file = safety.back_up(self.devices[name], f"pre-{self.plan.change_id}.cfg")
            self.journal.record("backup", name, file=file)
            self.say(f"{name}: saved its configuration as {file}")
        for name in self.routers:
            for step in arming_steps(self.plan, name):
                self._send_step(step)
            net, minutes = self._armed(name), self.minutes(name)
            deed = "rolls back" if net == "timer" else "restarts"
            self.say(f"{name}: {deed} by itself in {minutes} minutes unless the change is confirmed")
        self.tell_by_hand()
        for name in self.routers:
            self._check_unchanged(name)

    def _armed(self, name: str) -> Safety:
        """Put the net of a router up. One that takes no timer though it was given an archive path gets the coarse one."""
        net, minutes = self.prepared.nets[name], self.minutes(name)
        self.journal.record("arming", name, safety=net, minutes=minutes)
        refused = ""
        try:
            safety.arm(self.devices[name], net, minutes)
        except SafetyError as error:
            if net != "timer" or not arming_steps(self.plan, name):
                raise
            refused = str(error)
        if refused:
            self.say(f"{refused} A scheduled restart is its net instead.")
            net = self.prepared.nets[name] = safety.coarse(self.devices[name], self.prepared.texts[name])
            self.journal.record("arming", name, safety=net, minutes=minutes)
            safety.arm(self.devices[name], net, minutes)
        self.journal.record("armed", name, safety=net, minutes=minutes)
        return net

    def tell_by_hand(self) -> None:
        """How a person would take it back, on the screen and on the disk."""
        path = self.write_sheet()
        self.say("To take it back by hand:")
        for router in open_routers(progress_of(self.journal.entries)):
            for line in shortened(by_hand(self.plan, router)):
                self.say(f"  {router.name}# {line}")
        self.say(f"The same is in {path}")

    def write_sheet(self) -> Path:
        """Bring the page to type from up to date."""
        progress = progress_of(self.journal.entries)
        return write_sheet(self.journal.path.parent, self.plan, progress, datetime.now(UTC))

    def send(self) -> None:
        """The plan's steps in their order, line by line; any unexpected reply stops the change."""
        for step in self.plan.steps:
            if step.router in self.routers and step.phase != "arm":
                self._send_step(step)
        for name in self.routers:
            self.check_arrived(name)
            self.journal.record("arrived", name, digest=self.plan.router(name).after_hash)

    def check_arrived(self, name: str) -> None:
        """Whether the router runs exactly what the plan predicted."""
        found = self.devices[name].running()
        if found.digest != self.plan.router(name).after_hash:
            rows = differences(planned_after(self.folder, self.plan.router(name)), found.lines, limit=6)
            raise ChangeStopError(f"{name} does not run what the plan predicts: {'; '.join(rows)}.")

    def test(self) -> None:
        """Force every direction that must be up, from both sides, and compare the sessions with those of before."""
        self._reach_all()
        failed: list[Tested] = []
        renewal = Renewal(
            self.devices,
            lambda: progress_of(self.journal.entries).nets_up,
            self.journal.record,
            self.minutes,
            self.options.minute,
            self.say,
        )
        for direction, probe in self.prepared.tests.items():
            renewal.look({name: self.prepared.nets[name] for name in self.routers if name in self.prepared.nets})
            testing = partial(self._testing, direction.initiator)
            result = force_by(self.devices, direction, probe, pace=self.options.pace, before=testing)
            self.tested.append(result)
            self._note_tested(result)
            self.say(f"{result.direction}: {result.result} ({result.detail})")
            if result.result == "down" or (result.result == "not-proven" and not self.options.accept_unproven):
                failed.append(result)
        if failed:
            more = f", and {len(failed) - 1} more" if len(failed) > 1 else ""
            raise ChangeStopError(f"{failed[0].direction} is {failed[0].result}: {failed[0].detail}{more}.")
        for name in self.routers:
            gone = self.look(name, "after")
            if gone:
                more = f", and {len(gone) - 1} more" if len(gone) > 1 else ""
                raise ChangeStopError(f"{name}: {gone[0]}{more}.")

    def confirm(self, already: Collection[str] = ()) -> None:
        """Take all nets down, after a last look at what each router runs; ``already`` names routers whose net is down."""
        self._reach_all()
        for name in self.routers:
            self.check_arrived(name)
        for name in self.routers:
            if name in already:
                continue
            self.journal.record("confirming", name)
            safety.release(self.devices[name], self.prepared.nets[name])
            self.journal.record("confirmed", name)
            self.write_sheet()
            self.say(f"{name}: confirmed")

    def save(self) -> dict[str, str]:
        """Startup configurations, each after a last check; the routers that run the change but could not save, with the reason.

        :raises ChangeStopError: when a router turns out not to run the change any more (it restarted before it was saved):
            one end without the other is no change.
        :raises SessionError: when a router cannot be reached to see that.
        """
        unsaved: dict[str, str] = {}
        for name in self.routers:
            problem = self._save(name) and self._save(name)
            if problem:
                unsaved[name] = problem
                self.journal.record("failed", name, text=problem)
                continue
            self.journal.record("saved", name)
            self.write_sheet()
            self.say(f"{name}: saved{f'. {self.notes[name]}' if name in self.notes else ''}")
        return unsaved

    def _save(self, name: str) -> str:
        """Save one router that runs the change; why that did not work, empty when it did."""
        self.devices[name].reach(self.options.patience, self.options.pause)
        self.check_arrived(name)
        self.journal.record("saving", name)
        try:
            safety.save(self.devices[name])
            return self._saved(name)
        except (SessionError, SafetyError) as error:
            return str(error)

    def _saved(self, name: str) -> str:
        """Whether what a router starts with is what was verified; what is wrong with it, empty when nothing is."""
        saved = self.devices[name].startup()
        if saved is not None and saved.digest == self.plan.router(name).after_hash:
            return ""
        if saved is None:
            return f"{name} says that it saved, and shows no startup configuration that is whole."
        own = OwnLines.of(self.plan, self.folder, name)
        told = "; ".join(differences(list(own.after), saved.lines, limit=4))
        if not own.arrived(saved.lines):
            self.check_arrived(name)  # one that does not run it any more goes back instead
            if saved.digest == self.devices[name].running().digest:
                return ""
            return f"{name} says that it saved, and its startup configuration is not what was verified: {told}."
        self.notes[name] = f"With it was saved what somebody else changed at that moment: {told}."
        return ""

    # -- back --

    def go_back(self, *, gentle: bool = False) -> dict[str, str]:
        """Every touched router back to before; the routers of which that is not known, with the reason.

        ``gentle``: leave one rather than lose what somebody else has changed since. ``notes`` tell more of those that are back.
        """
        lost: dict[str, str] = {}
        self.journal.keep_going()
        recovery = Recovery(self.plan, self.folder, self.journal, self.say, gentle=gentle)
        left = [p for p in progress_of(self.journal.entries).routers.values() if p.touched and p.name in self.devices]
        for patience in (self._soon, self._until_the_net_acts):
            lost = {}
            for progress in left:
                done = self._recovered(recovery, progress, patience(progress))
                self.say(f"{progress.name}: {'is back, ' if done.back else 'state unknown: '}{done.detail}")
                if done.note:
                    self.notes[progress.name] = f"{done.note[:1].upper()}{done.note[1:]}."
                if not done.back:
                    lost[progress.name] = done.detail
            left = [p for p in progress_of(self.journal.entries).routers.values() if p.name in lost]
            self.write_sheet()
            if not lost:
                break
        return lost

    def look_again(self) -> None:
        """After a roll-back: what is still worse than before the change; a router that cannot be asked is left out."""
        self.worse = []
        for name in self.routers:
            try:
                self.look(name, "back")
            except SessionError as error:
                self.worse.append(f"{name}: {error}")

    def test_again(self) -> list[Tested]:
        """After a roll-back: the directions that were up before, forced once more, by what the routers run now."""
        before = [o.direction for o in self.plan.directions if o.before is not None and o.before.outcome == "up"]
        wanted = [d for d in before if not isinstance(self.prepared.tests.get(d, ""), str)]
        results: list[Tested] = []
        fleet = self._fleet_now() if wanted else None
        for direction in wanted:
            try:
                probe = probe_of(direction, fleet) if fleet is not None else "what the routers run cannot be read"
                result = force_by(self.devices, direction, probe, pace=self.options.pace)
            except SessionError as error:
                result = unproven(direction, str(error))
            results.append(msgspec.structs.replace(result, on="before"))
            self._note_tested(results[-1])
        return results

    def _fleet_now(self) -> Fleet | None:
        """What the routers run now, and the other ends as they were read before; None when a router does not answer."""
        now = Prepared(texts=dict(self.prepared.texts))
        try:
            now.texts |= {name: self.devices[name].running() for name in self.routers}
        except SessionError:
            return None
        return fleet_of(self.plan, self.folder, (), now, Fingerprinter(bytes(32)))

    def _note_tested(self, result: Tested) -> None:
        self.journal.record(
            "tested",
            result.initiator,
            text=result.detail,
            result=result.result,
            direction=result.direction,
            on=result.on,
        )

    # -- details --

    def _check_unchanged(self, name: str) -> None:
        """With the net up and nothing else sent: what the net would bring back must be what the plan was made for."""
        found, before = self.devices[name].running(), with_archive(self.plan, name, self.prepared.texts[name])
        if found.digest != before.digest:
            rows = differences(before.lines, found.lines, limit=6)
            raise ChangeStopError(f"Somebody else is changing {name}: {'; '.join(rows)}.")

    def _recovered(self, recovery: Recovery, progress: RouterProgress, patience: float) -> Recovered:
        """The recovery of one router; a bug in it must not keep the others from theirs."""
        text = ""
        try:
            return recovery.recover(self.devices[progress.name], progress, patience)
        except Exception as error:  # noqa: BLE001 - its text may quote the router; only its kind and place are told
            text = cause_of(error)
        self.journal.record("lost", progress.name, text=text)
        return Recovered(progress.name, False, text)

    def _reach_all(self) -> None:
        """Sessions that were idle for long may be gone; between two phases that is no failure."""
        for name in self.routers:
            self.devices[name].reach(self.options.patience, self.options.pause)

    def _soon(self, progress: RouterProgress) -> float:
        return self.options.patience

    def _until_the_net_acts(self, progress: RouterProgress) -> float:
        """Until an unreachable router has been brought back by its own net, and a while longer."""
        if progress.armed_at is None or progress.safety is None:
            return self.options.patience
        armed = datetime.fromisoformat(progress.armed_at)
        passed = (datetime.now(UTC) - armed).total_seconds()
        return max(self.options.patience, (progress.minutes * 60.0 + GRACE) * self.options.minute / 60.0 - passed)

    def _testing(self, name: str, line: str) -> None:
        self.journal.record("testing", name, line=line)

    def _send_step(self, step: Step) -> None:
        device = self.devices[step.router]
        self.say(f"{step.router}: step {step.number}, {step.title}")
        safety.enter_config(device)
        for number, line in enumerate(step.commands, 1):
            self.journal.record("send", step.router, step=step.number, line=line)
            reply = self._send_line(device, line)
            refused = unexpected(reply)
            shown = self.prepared.vault.mask(refused) if refused is not None else None
            self.journal.record(
                "reply", step.router, step=step.number, text=shown, refused=refused is not None,
                last=number == len(step.commands),
            )  # fmt: skip
            if shown is not None:
                raise ChangeStopError(f"{step.router} answered `{line}` with: {shown}")
        device.leave_config()

    def _send_line(self, device: Device, line: str) -> str:
        missing = ""
        try:
            return self.prepared.vault.sending(line, lambda clear: device.run(clear, label=line))
        except MissingKeyError as error:
            missing = str(error)
        raise ChangeStopError(f"{device.name}: {missing}.")

    def look(self, name: str, moment: str) -> list[str]:
        """What got worse on a router since before the change, on all of its tunnels; a little time is given to come back.

        What is seen goes into the journal, what got worse into ``worse`` and on the screen.
        """
        before = self.prepared.seen.get(name)
        started = time.monotonic()
        while True:
            now = observe(self.devices[name])
            gone = lost(before, now) if before is not None else []
            passed = time.monotonic() - started
            if not gone or passed >= max(self.options.pace.settle, self.options.pace.routing):
                break
            if passed >= self.options.pace.settle and any(row.startswith("session") for row in gone):
                break
            time.sleep(self.options.pace.look)
        worse = gone + (one_way(before, now) if before is not None else [])
        self.note_seen(name, moment, now, worse)
        self.worse += [f"{name}: {row}" for row in worse]
        for row in worse:
            self.say(f"{name}: worse than before: {row}")
        return gone

    def note_seen(self, name: str, moment: str, seen: Observation, worse: Sequence[str] = ()) -> None:
        """Put an observation into the journal."""
        self.journal.record("observed", name, moment=moment, worse=list(worse), **msgspec.to_builtins(seen))
