"""Bringing a router back to what it ran before, from wherever it is; the end is judged by reading it, not by hope.

What is tried, in this order, until the configuration is the earlier one: the revert timer's own roll-back, the plan's
roll-back lines, the copy on the router's flash. A router that restarted, or whose timer fired, is back already.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ikeaudit.change import safety
from ikeaudit.change.arming import armed_lines, arming_rollback, arming_steps
from ikeaudit.change.compare import Match, differences, matches, planned_before
from ikeaudit.change.device import Device, RouterText
from ikeaudit.change.journal import Journal
from ikeaudit.change.keys import KeyVault, MissingKeyError
from ikeaudit.change.progress import RouterProgress
from ikeaudit.change.replies import unexpected
from ikeaudit.change.safety import SafetyError
from ikeaudit.remediation.plan import Plan
from ikeaudit.session import SessionError

GRACE = 90.0
"""Seconds beyond a timer's end for which an unreachable router is still expected back."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """How it ended: ``back`` when the router runs what it ran before; ``detail`` is a sentence."""

    name: str
    back: bool
    detail: str


class Recovery:
    """Takes routers of one plan back; ``say`` gets a line for the screen now and then."""

    def __init__(self, plan: Plan, folder: Path, journal: Journal, say: Callable[[str], None]) -> None:
        self._plan = plan
        self._folder = folder
        self._journal = journal
        self._say = say

    def recover(self, device: Device, progress: RouterProgress, patience: float) -> Recovered:
        """Bring one router back, waiting ``patience`` seconds for it to answer; never raises for what the router does."""
        self._say(f"{device.name}: going back to the configuration from before the change")
        failure = ""
        try:
            device.reach(patience)
            if not self._begun(device.name, progress):
                return self._nothing_sent(device, progress)
            found, match, how = self._back(device, progress)
            if match == "different" and self._only_archive_left(device, found):
                found, match, how = self._without_archive(device, how)
            if match == "different":
                failure = self._lines_that_differ(device, found)
            else:
                self._lay_down_net(device, progress)
                if progress.saved:
                    self._save_again(device, found)
        except (SessionError, SafetyError) as error:
            failure = str(error)
        if failure:
            self._journal.record("lost", device.name, text=failure)
            return Recovered(device.name, False, failure)
        note = "; the order of objects differs" if match == "reordered" else ""
        self._journal.record("reverted", device.name, text=how, digest=found.digest, match=match)
        return Recovered(device.name, True, f"{how}{note}")

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
        match = self._match(device, found)
        how += "; somebody else has changed it meanwhile" if match == "different" else ""
        self._journal.record("reverted", device.name, text=how, digest=found.digest, match=match)
        return Recovered(device.name, True, how)

    # -- ways back --

    def _back(self, device: Device, progress: RouterProgress) -> tuple[RouterText, Match, str]:
        found = device.running()
        match = self._match(device, found)
        if safety.pending(device):
            self._journal.record("reverting", device.name, line="configure revert now")
            refused = safety.revert_now(device)
            found = device.running()
            match = self._match(device, found)
            if match != "different":
                return found, match, "the router rolled the change back itself"
            if self._only_archive_left(device, found):
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
        if not progress.whole or self._cleaned_up(device.name, progress):
            ways.reverse()
        for way in ways:
            how = way(device, progress, found)
            if how is None:
                continue
            found = device.running()
            match = self._match(device, found)
            if match != "different":
                return found, match, how
        return found, match, ""

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

    def _cleaned_up(self, name: str, progress: RouterProgress) -> bool:
        """Whether objects, and perhaps keys, are gone that only the copy on the router's flash still holds."""
        return any(s.phase == "cleanup" and s.number <= progress.step for s in self._plan.steps_of(name))

    def _by_lines(self, device: Device, progress: RouterProgress, found: RouterText) -> str | None:
        lines = self._plan.rollback_of(device.name, progress.step)
        if not lines:
            return None
        vault = KeyVault()
        vault.merge(found.vault)
        if vault.missing(lines) and progress.backup is not None:
            vault.merge(device.saved_keys(progress.backup))
        safety.enter_config(device)
        for line in lines:
            self._journal.record("reverting", device.name, line=line)
            try:
                reply = vault.sending(line, partial(_send, device, line))
            except MissingKeyError:
                device.leave_config()
                return None
            refused = unexpected(reply)
            if refused is not None and progress.whole:
                self._say(f"{device.name}: `{line}` was answered by: {vault.mask(refused)}")
        device.leave_config()
        return "the plan's roll-back was sent"

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

    def _save_again(self, device: Device, found: RouterText) -> None:
        """The startup configuration as well, unless it is the earlier one still: there may be no room to write it."""
        startup = device.startup()
        if startup is None or startup.digest != found.digest:
            safety.save(device)

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
