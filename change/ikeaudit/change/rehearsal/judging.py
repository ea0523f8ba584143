"""Whether what a change reported is true: the routers of a lab are looked at from behind, not through the change's own eyes."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from ikeaudit.change.as_planned import matches, planned_after, planned_before
from ikeaudit.change.journal import Progress
from ikeaudit.change.rehearsal.record import Stands
from ikeaudit.drive.device import RouterText
from ikeaudit.drive.keys import KeyVault
from ikeaudit.lab import Lab
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation.plan import Direction, Plan


def standings(
    lab: Lab,
    plan: Plan,
    folder: Path,
    routers: tuple[str, ...],
    redact: Callable[[str, str], str],
    foreign: str,
    *,
    saved: bool = False,
) -> dict[str, Stands]:
    """``before``, ``after`` or ``half`` by router, of what it runs or has ``saved``.

    A line that the second operator typed (``foreign``) does not count, nor does the end, which a plan's texts may lack.
    """
    found: dict[str, Stands] = {}
    for name in routers:
        router = lab.router(name)
        text = lab.do(partial(getattr, router, "startup_text" if saved else "running_text"))
        whole = redact(name, "".join(f"{line}\n" for line in text.splitlines() if line.strip() != foreign))
        bare = "".join(f"{line}\n" for line in whole.splitlines() if line.strip() != "end")
        digests = {before_hash(whole), before_hash(bare)}
        seen = RouterText(bare, before_hash(bare), KeyVault())
        planned = plan.router(name)
        before, after = planned_before(folder, plan, planned), planned_after(folder, planned)
        if planned.after_hash in digests or _same(seen, after):
            found[name] = "after"
        elif digests & {planned.before_hash, planned.rolled_back_hash} or _same(seen, before):
            found[name] = "before"
        else:
            found[name] = "half"
    return found


def _same(seen: RouterText, lines: Sequence[str]) -> bool:
    return matches(seen, (), [line for line in lines if line != "end"]) != "different"


def untruths(
    lab: Lab,
    plan: Plan,
    routers: tuple[str, ...],
    stands: Mapping[str, str],
    saved: Mapping[str, str],
    result: str,
    code: int,
    progress: Progress,
) -> list[str]:
    """What is not as the change reported it; empty when everything is true and in order."""
    wrong = []
    kinds = set(stands.values())
    told = "after" if result in ("committed", "unsaved") else "before"
    if code != 7 and kinds != {told}:
        wrong.append(f"reported {result}, and " + ", ".join(f"{name} runs {how}" for name, how in stands.items()))
    early = [name for name, how in saved.items() if how != told]
    if code != 7 and early and result != "unsaved":
        wrong.append(f"reported {result}, and " + ", ".join(f"{n} would start with {saved[n]}" for n in early))
    hasty = [name for name in routers if _saved_early(lab.router(name).typed())]
    if hasty:
        wrong.append(
            f"saved before it was confirmed: {', '.join(hasty)} would start with after, had that restarted then"
        )
    if code not in (0, 3, 5, 6, 7):
        wrong.append(f"exit code {code}")
    for name in routers:
        router = lab.router(name)
        if code != 7 and (router.revert.pending is not None or router.reload_due_in() is not None):
            wrong.append(f"{name} has its net still up")
        if router.failures:
            wrong.append(f"{name}: the lab itself failed")
    if progress.open is not (result == "unsaved" or code == 7):
        wrong.append(f"the journal says {'open' if progress.open else 'done'}")
    if kinds == {told}:
        wrong += cannot_come_up(lab, plan, routers, told)
    return wrong


def _saved_early(typed: Sequence[str]) -> bool:
    """Whether a router was saved under its net, before that was taken down or had taken the change back on demand."""
    armed = next(
        (n for n, line in enumerate(typed) if line.startswith(("configure terminal revert", "reload in"))), None
    )
    if armed is None:
        return False
    under = list(typed[armed:])
    down = [n for n, line in enumerate(under) if line.startswith(_NET_DOWN)]
    saved = [n for n, line in enumerate(under) if line == "write memory"]
    return bool(saved) and (not down or saved[0] < down[0])


_NET_DOWN = ("configure confirm", "configure revert now", "configure replace", "reload cancel")


def cannot_come_up(lab: Lab, plan: Plan, routers: tuple[str, ...], told: str) -> list[str]:
    """Directions of ``routers`` that the plan says are up, and would not come up as the routers are."""
    outcomes = {Direction.of(e): e.outcome for e in lab.world.fleet().exchanges}
    wrong = []
    for outlook in plan.directions:
        verdict = outlook.after if told == "after" else outlook.before
        ends = {outlook.direction.initiator, outlook.direction.responder}
        if verdict is None or verdict.outcome != "up" or not ends & set(routers) or not ends <= set(lab.routers):
            continue
        if outcomes.get(outlook.direction) != "up":
            wrong.append(f"{outlook.direction} cannot come up any more")
    return wrong
