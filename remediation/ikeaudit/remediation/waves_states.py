"""What every router runs before and after each wave, so that ``apply`` can tell whether a wave is next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation.candidate import Candidate
from ikeaudit.remediation.plan import Step, Wave
from ikeaudit.remediation.proof import Proven

if TYPE_CHECKING:
    from ikeaudit.fleet import Fleet


def with_states(fleet: Fleet, waves: tuple[Wave, ...], proven: Proven) -> tuple[Wave, ...]:
    """``waves`` with the hashes of what their routers run before and after each; ``proven`` holds the steps and the end."""
    steps = {step.number: step for step in proven.steps}
    states: dict[str, list[str]] = {}
    for name in dict.fromkeys(name for wave in waves for name in wave.routers):
        own = [wave for wave in waves if name in wave.routers]
        states[name] = _states(fleet, name, own, steps, proven.after[name])
    found = []
    for wave in waves:
        before = {name: states[name].pop(0) for name in wave.routers}
        after = {name: states[name][0] for name in wave.routers}
        found.append(msgspec.structs.replace(wave, before=before, after=after))
    return tuple(found)


def _states(fleet: Fleet, name: str, waves: list[Wave], steps: dict[int, Step], end: str) -> list[str]:
    """The hashes before the first of a router's ``waves``, between them, and after the last (``end`` is what it runs then)."""
    running = "\n".join(fleet.router(name).lines) + "\n"
    found = [before_hash(running)]
    if len(waves) > 1:
        candidate = Candidate.from_text(running)
        session = candidate.session()
        for wave in waves[:-1]:
            for number in wave.steps:
                for line in steps[number].commands if steps[number].router == name else ():
                    session.send(line)
            found.append(before_hash(candidate.text()))
    return [*found, before_hash(end)]
