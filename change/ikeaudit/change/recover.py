"""Bringing a router back to what it ran before, from wherever it is; the end is judged by reading it, not by hope.

What is tried, in this order, until the configuration is the earlier one: the revert timer's own roll-back, the plan's
roll-back lines, the copy on the router's flash. A router that restarted, or whose timer fired, is back already.

The timer and the copy bring back a whole configuration. Where somebody else has changed something since, the plan's own lines
are sent instead, and what was changed stays; where they would not do, that is named, before it is lost or after.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ikeaudit.change.as_planned import (
    Match,
    armed_lines,
    arming_rollback,
    arming_steps,
    content,
    differences,
    matches,
    planned_before,
)
from ikeaudit.change.by_hand import clearing
from ikeaudit.change.journal import RouterProgress
from ikeaudit.change.journal_file import Journal
from ikeaudit.change.own_lines import OwnLines, Place, lost, objection, rows, would_lose
from ikeaudit.drive import safety
from ikeaudit.drive.device import Device, RouterText
from ikeaudit.drive.keys import KeyVault
from ikeaudit.drive.replies import unexpected
from ikeaudit.drive.safety import SafetyError
from ikeaudit.remediation.order_changes import may_not_come_back
from ikeaudit.remediation.plan import Plan
from ikeaudit.session import SessionError

GRACE = 90.0
"""Seconds beyond a timer's end for which an unreachable router is still expected back."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """How it ended: ``back`` when the router runs what it ran before; ``detail`` is a sentence.

    ``note``: what else a person must know of it: what somebody else changed, and whether that stayed.
    """

    name: str
    back: bool
    detail: str
    note: str = ""


class Recovery:
    """Takes routers of one plan back; ``say`` gets a line for the screen now and then."""

    def __init__(
        self, plan: Plan, folder: Path, journal: Journal, say: Callable[[str], None], *, gentle: bool = False
    ) -> None:
        """``gentle``: rather leave a router than lose what somebody else changed on it since.

        Without that, a router whose timer runs is taken back by that: what somebody else does in the middle of a change may be
        what made it fail. It is named then.
        """
        self._plan = plan
        self._folder = folder
        self._journal = journal
        self._say = say
        self._gentle = gentle
        self._notes: list[str] = []
        self._own: dict[str, OwnLines] = {}

    def recover(self, device: Device, progress: RouterProgress, patience: float) -> Recovered:
        """Bring one router back, waiting ``patience`` seconds for it to answer; never raises for what the router does."""
        self._say(f"{device.name}: going back to the configuration from before the change")
        failure = ""
        self._notes = []
        try:
            device.reach(patience)
            if not self._begun(device.name, progress):
                return self._nothing_sent(device, progress)
            found, match, how = self._back(device, progress)
            if match == "different" and self._only_archive_left(device, found):
                found, match, how = self._without_archive(device, how)
            if match == "different" and not self._own_of(device.name).back(found.lines):
                failure = self._lines_that_differ(device, found)
            else:
                self._lay_down_net(device, progress)
                self._settle_startup(device, progress, found)
        except (SessionError, SafetyError) as error:
            failure = str(error)
        if failure:
            self._journal.record("lost", device.name, text=failure)
            return Recovered(device.name, False, failure)
        if match == "different":
            kept = rows(self._own_of(device.name).foreign(found.lines))
            self._notes.insert(0, f"what was changed on it since is kept: {kept}" if kept else "")
        unlike = self._unlike_before(device, progress, found)
        if unlike:
            self._notes.insert(
                0, f"it is not word for word what it was: {unlike}; type that again if the router takes it"
            )
        note = "; ".join(filter(None, self._notes))
        order = "; the order of objects differs" if match == "reordered" else ""
        text = how + (f"; {note}" if note else "")
        more: dict[str, Any] = {"unlike": unlike} if unlike else {}
        self._journal.record("reverted", device.name, text=text, digest=found.digest, match=match, **more)
        return Recovered(device.name, True, f"{how}{order}" + (f"; {note}" if note else ""), note)

    def _begun(self, name: str, progress: RouterProgress) -> bool:
        """Whether a line was sent that does more than make a revert timer possible."""
        return any(s.number <= progress.step and s.phase != "arm" for s in self._plan.steps_of(name))

    def _nothing_sent(self, device: Device, progress: RouterProgress) -> Recovered:
        """Only the net is to be taken down, and an archive path that was for it; whatever else has changed meanwhile is
        somebody else's and stays."""
        self._lay_down_net(device, progress)
        how = "no line was sent"
        if progress.step:
            self._remove_archive(device)
            how = "no line was sent but those for its archive path, which was removed"
        found = device.running()
        if progress.step and "archive" in found.lines:
            raise SafetyError(
                f"{device.name} keeps the archive path that it was given; type `no archive` in its configuration."
            )
        if progress.step:
            self._settle_startup(device, progress, found)
        match = self._match(device, found)
        how += "; somebody else has changed it meanwhile" if match == "different" else ""
        how = "; ".join([how, *self._notes])
        self._journal.record("reverted", device.name, text=how, digest=found.digest, match=match)
        return Recovered(device.name, True, how)

    # -- ways back --

    def _back(self, device: Device, progress: RouterProgress) -> tuple[RouterText, Match, str]:
        found = device.running()
        net = safety.pending(device)
        if net and not self._gentle:
            ended = self._whole(device, progress, found, net=True)
            self._note_lost(device.name, self._foreign(device.name, found), ended[0])
            return ended
        foreign = self._foreign(device.name, found)
        if not foreign:
            return self._whole(device, progress, found, net=net)
        self._say(f"{device.name}: somebody else has changed it since: {rows(foreign)}")
        if self._own_of(device.name).back(found.lines):
            return found, "different", "it was back already: its timer fired, or it restarted"
        would = would_lose(self._own_of(device.name), found, self._plan.rollback_of(device.name, progress.step))
        if not would:
            how = self._by_lines(device, progress, found)
            now = device.running()
            if how is not None and self._own_of(device.name).back(now.lines):
                self._note_lost(device.name, foreign, now)
                return now, self._match(device, now), how
            found = now
        if self._gentle and not net:
            raise SafetyError(objection(device.name, would) if would else self._lines_that_differ(device, found))
        found, match, how = self._whole(device, progress, found, net=net)
        self._note_lost(device.name, foreign, found)
        return found, match, how

    def _note_lost(self, name: str, foreign: dict[Place, int], found: RouterText) -> None:
        gone = lost(foreign, self._own_of(name).foreign(found.lines))
        if gone:
            self._notes.append(f"what somebody else had changed on it is LOST: {rows(gone)}; type that again")

    def _whole(
        self, device: Device, progress: RouterProgress, found: RouterText, *, net: bool
    ) -> tuple[RouterText, Match, str]:
        """Back by whatever way works, those that bring back the whole configuration first."""
        match = self._match(device, found)
        if net:
            self._journal.record("reverting", device.name, line="configure revert now")
            refused = safety.revert_now(device)
            found = device.running()
            match = self._match(device, found)
            if (
                match != "different"
                or self._only_archive_left(device, found)
                or self._own_of(device.name).back(found.lines)
            ):
                return found, match, "the router rolled the change back itself"
            self._say(f"{device.name}: its own roll-back did not do it ({refused or 'lines are left'})")
        elif match != "different":
            done = (
                "nothing had changed" if not progress.step else "it was back already: its timer fired, or it restarted"
            )
            return found, match, done
        if self._only_archive_left(device, found):
            return found, match, "it was back already"
        ways = [self._by_lines, self._by_backup]
        if not progress.whole or only_in_the_copy(self._plan, device.name, progress):
            ways.reverse()
        for way in ways:
            if self._gentle and way == self._by_backup and self._foreign(device.name, found):
                continue  # it was typed while the lines were sent
            how = way(device, progress, found)
            if how is None:
                continue
            found = device.running()
            match = self._match(device, found)
            if match != "different" or self._own_of(device.name).back(found.lines):
                return found, match, how
        return found, match, ""

    # -- what somebody else changed --

    def _own_of(self, name: str) -> OwnLines:
        if name not in self._own:
            self._own[name] = OwnLines.of(self._plan, self._folder, name)
        return self._own[name]

    def _foreign(self, name: str, found: RouterText) -> dict[Place, int]:
        """What somebody else changed since; the usual cases, in which that is nothing, are seen at once."""
        planned = self._plan.router(name)
        if found.digest in (planned.before_hash, planned.after_hash, planned.rolled_back_hash):
            return {}
        if self._own_of(name).untouched_by_others(found):
            return {}
        return self._own_of(name).foreign(found.lines)

    def _only_archive_left(self, device: Device, found: RouterText) -> bool:
        """Whether the router runs what it ran before, but for the archive path that it was given for its timer."""
        planned = self._plan.router(device.name)
        if not arming_steps(self._plan, device.name):
            return False
        before = planned_before(self._folder, self._plan, planned)
        return matches(found, (), armed_lines(self._plan, device.name, before)) != "different"

    def _without_archive(self, device: Device, how: str) -> tuple[RouterText, Match, str]:
        """The archive path taken away again; the net must be down for that, or it would bring it back."""
        if safety.pending(device):
            safety.release(device, "timer")
        self._remove_archive(device)
        found = device.running()
        return found, self._match(device, found), f"{how}, and its archive path was removed"

    def _remove_archive(self, device: Device) -> None:
        safety.enter_config(device)
        for line in arming_rollback(self._plan, device.name):
            self._journal.record("reverting", device.name, line=line)
            device.run(line)
        device.leave_config()

    def _unlike_before(self, device: Device, progress: RouterProgress, found: RouterText) -> str:
        """What a router that is back has not got back of what no command may bring back, line by line; empty when nothing.

        Its own copy says what it ran; where that cannot be had, the plan says what may be missing.
        """
        planned = self._plan.router(device.name)
        wanted = may_not_come_back(planned.order_changes)
        if not wanted or found.digest == planned.before_hash:
            return ""
        saved: RouterText | None = None
        with suppress(SessionError):
            saved = device.saved(progress.backup) if progress.backup is not None else None
        if saved is None:
            return "; ".join(f"perhaps - {line}" for line in wanted)
        was, now = content(saved.lines), content(found.lines)
        return rows({place: now[place] - was[place] for place in was if now[place] < was[place] and place[1] in wanted})

    def _by_lines(self, device: Device, progress: RouterProgress, found: RouterText) -> str | None:
        lines = self._plan.rollback_of(device.name, progress.step)
        if not lines:
            return None
        vault = KeyVault()
        vault.merge(found.vault)
        if vault.missing(lines) and progress.backup is not None:
            vault.merge(device.saved_keys(progress.backup))
        if missing := vault.missing(lines):
            self._say(
                f"{device.name}: what {missing[0]} of its roll-back stands for is neither in its configuration nor in a copy"
                " on it; no line of the roll-back was sent"
            )
            return None
        refused = self._typed(device, lines, vault)
        if refused and progress.whole and not self._own_of(device.name).back(device.running().lines):
            for line, reply in refused.items():
                self._say(f"{device.name}: `{line}` was answered by: {reply}")
            for line in clearing(self._plan, device.name):  # an association may hold an object (CHANGE-TEARDOWN)
                self._journal.record("reverting", device.name, line=line)
                device.run(line)
            self._typed(device, lines, vault)
        return "the plan's roll-back was sent"

    def _typed(self, device: Device, lines: Sequence[str], vault: KeyVault) -> dict[str, str]:
        """Send configuration lines; what was answered to those that were refused."""
        refused: dict[str, str] = {}
        safety.enter_config(device)
        for line in lines:
            if line == "exit" and device.mode == "(config)#":
                continue  # what would have led into a section was refused: no line may go to EXEC mode
            self._journal.record("reverting", device.name, line=line)
            reply = unexpected(vault.sending(line, partial(_send, device, line)))
            if reply is not None:
                refused[line] = vault.mask(reply)
        device.leave_config()
        return refused

    def _by_backup(self, device: Device, progress: RouterProgress, found: RouterText) -> str | None:
        if progress.backup is None:
            return None
        device.leave_config()
        self._journal.record("reverting", device.name, line=f"configure replace {progress.backup} force")
        refused = safety.replace(device, progress.backup)
        if refused is not None:
            self._say(f"{device.name}: {progress.backup} was not taken: {refused}")
        return f"{progress.backup} was put back"

    def _lay_down_net(self, device: Device, progress: RouterProgress) -> None:
        """A timer that is still running would roll back once more, a reload still restart: neither is wanted now."""
        if safety.pending(device):
            safety.release(device, "timer")
        if progress.safety == "reload":
            safety.cancel_reload(device)

    def _settle_startup(self, device: Device, progress: RouterProgress, found: RouterText) -> None:
        """See to it that the startup configuration does not hold the change either, whoever saved it.

        One that is as before stays: there may be no room to write it. What is written is what was verified just before.

        :raises SafetyError: when it holds the change afterwards, or cannot be read.
        """
        startup = device.startup()
        if startup is None and not progress.saved:
            self._notes.append(
                "it shows no startup configuration that is whole, so look at that with `show startup-config`"
            )
            return
        if startup is not None and self._saved_back(device.name, startup, found):
            return
        again = device.running()
        own = self._own_of(device.name)
        if not self._saved_back(device.name, again, found):
            raise SafetyError(
                f"{device.name} was changed before it was saved: {self._lines_that_differ(device, again)}"
            )
        self._journal.record("saving", device.name)
        problem = ""
        try:
            safety.save(device)
        except SafetyError as error:
            problem = f" {error}"
        written = device.startup()
        if written is None or not self._saved_back(device.name, written, again):
            raise SafetyError(
                f"{device.name} runs what it ran before, but its startup configuration still holds the change: a restart "
                f"would bring it back; type `write memory` on it.{problem}"
            )
        unsaved = (
            own.foreign(again.lines) if startup is None else lost(own.foreign(again.lines), own.foreign(startup.lines))
        )
        if not progress.saved:
            self._notes.append("its startup configuration held the change and was written")
        if unsaved:
            self._notes.append(f"what somebody else had not saved was saved with it: {rows(unsaved)}")

    def _saved_back(self, name: str, saved: RouterText, found: RouterText) -> bool:
        """Whether a configuration that was read holds nothing of the change; ``found`` is known to be one like that."""
        return saved.digest == found.digest or self._own_of(name).back(saved.lines)

    def _match(self, device: Device, found: RouterText) -> Match:
        planned = self._plan.router(device.name)
        before = planned_before(self._folder, self._plan, planned)
        return matches(found, (planned.before_hash, planned.rolled_back_hash), before)

    def _lines_that_differ(self, device: Device, found: RouterText) -> str:
        planned = self._plan.router(device.name)
        rows = differences(planned_before(self._folder, self._plan, planned), found.lines, limit=6)
        return f"{device.name} does not run what it ran before: {re.sub(' +', ' ', '; '.join(rows))}"


def _send(device: Device, masked: str, clear: str) -> str:
    return device.run(clear, label=masked)


def only_in_the_copy(plan: Plan, name: str, progress: RouterProgress) -> bool:
    """Whether objects, perhaps keys, or lines are gone that no command brings back, and only the router's copy still holds."""
    cleaned = any(s.phase == "cleanup" and s.number <= progress.step for s in plan.steps_of(name))
    return cleaned or bool(may_not_come_back(plan.router(name).order_changes))
