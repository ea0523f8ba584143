"""What is known of a change: what its journals tell, and where they do not, what its routers were seen to run."""

import msgspec

from ikeaudit.change.asking import Look, look_at
from ikeaudit.change.journal import Progress, RouterProgress
from ikeaudit.change.journal_file import now
from ikeaudit.change.opened import reading
from ikeaudit.change.plan_parts import Part, Window, parts
from ikeaudit.change.setting import Setting
from ikeaudit.model.errors import IncompleteError, RefusedError
from ikeaudit.session import SessionError


def told_or_asked(setting: Setting) -> tuple[tuple[Part, Progress], ...]:
    """:meth:`Setting.begun`, with the routers asked of which no journal tells for certain.

    Without any journal all routers of the plan are asked: another workspace may have changed them.

    :raises RefusedError: when there is no journal, and a router runs something that this plan leads to nowhere: then nobody
        knows which of its lines are the change's.
    """
    begun = setting.begun()
    if not begun:
        return _without_journal(setting)
    return tuple((part, asked(setting, setting.part(part), progress)) for part, progress in begun)


def asked(setting: Setting, window: Window, progress: Progress) -> Progress:
    """``progress`` with what those routers were seen to run of which it cannot tell; one that does not answer stays doubtful.

    A run that has no end was killed, or its end was lost: then routers of which no line was sent, as it says, count as well.
    """
    cut = progress.started is not None and progress.result is None
    wanted = [r for r in progress.routers.values() if r.doubtful or (cut and not r.step)]
    wanted = [r for r in wanted if any(r.name == planned.name for planned in window.plan.routers)]
    for name, look in _looks(setting, window, wanted).items():
        if look is not None:
            earlier = progress.routers[name]
            seen = look.progress()
            if seen.safety is not None and seen.safety == earlier.safety:
                seen.armed_at, seen.minutes = earlier.armed_at, earlier.minutes
            progress.routers[name] = seen
            progress.asked[name] = look.words
    progress.blind = progress.blind and any(router.doubtful for router in progress.routers.values())
    progress.problem = progress.problem if progress.blind else ""
    return progress


def _looks(setting: Setting, window: Window, routers: list[RouterProgress]) -> dict[str, Look | None]:
    """What each router runs; None for one that does not answer."""
    names = tuple(router.name for router in routers)
    if not names:
        return {}
    found: dict[str, Look | None] = {}
    with reading(setting, window, names) as devices:
        for router in routers:
            device = devices[router.name]
            try:
                found[router.name] = look_at(window.plan, window.folder, device, device.made, router)
            except SessionError:
                found[router.name] = None
    return found


def _without_journal(setting: Setting) -> tuple[tuple[Part, Progress], ...]:
    """The parts of the plan that routers were seen to run, as if journals told it.

    :raises IncompleteError: when a router does not answer, and the others do not tell that the change was begun.
    """
    found: list[tuple[Part, Progress]] = []
    looks = _looks(setting, setting.entire, [RouterProgress(name=router.name) for router in setting.plan.routers])
    strange = [look for look in looks.values() if look is not None and look.runs == "else"]
    if strange:
        raise RefusedError(
            f"{strange[0].name} {strange[0].words}; nothing was sent to any router, because {setting.no_journal()}."
        )
    silent = [name for name, look in looks.items() if look is None]
    for number, part in enumerate(parts(setting.plan)):
        routers = {}
        for name in part.routers:
            look = looks[name]
            if look is None:
                continue
            own = [s.number for s in setting.plan.steps_of(name)]
            last = max((n for n in part.steps if n in own), default=0)
            routers[name] = _of_part(look, part, last, first=own[:1] == [n for n in part.steps if n in own][:1])
        touched = any(router.touched for router in routers.values())
        for name in silent if touched else ():
            if name in part.routers:
                routers[name] = RouterProgress(name=name, phase="lost", doubtful=True, whole=False, saved=True)
        if touched:
            progress = Progress(
                change_id=part.change_id,
                digest=setting.plan.digest,
                **msgspec.structs.asdict(setting.typed),
                routers=routers,
                applied=f"{number:06d}",
            )
            progress.asked = {name: look.words for name, look in looks.items() if look is not None and name in routers}
            found.append((part, progress))
    if silent and not found:
        runs = "they run" if len(silent) > 1 else "it runs"
        others = ", and the other routers run what they ran before" if len(silent) < len(looks) else ""
        raise IncompleteError(
            f"{', '.join(silent)} cannot be reached to be asked what {runs}{others}; {setting.no_journal()}."
        )
    return tuple(found)


def _of_part(look: Look, part: Part, last: int, *, first: bool) -> RouterProgress:
    """A router's progress in one part of the plan, whose last step on it has the number ``last``.

    Where no line of the change is left, a net beside the copy that is made for it was put up for the router's first part.
    """
    if look.runs == "before" and look.safety and look.file and first and not look.saved:
        return look.progress()
    mine = [number for number in part.steps if number <= look.step] if look.runs != "before" or look.saved else []
    if not mine or not last:
        return RouterProgress(name=look.name, seen=now())
    seen = look.progress()
    if look.runs == "between" and look.step >= last and (look.whole or look.step > last):
        seen.step = last
        seen.phase = "arrived" if look.safety else "saved" if look.settled else "confirmed"
    return seen
