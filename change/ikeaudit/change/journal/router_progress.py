"""What a journal says of each router: the only memory that survives a crash."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from ikeaudit.change.journal.entry import Entry
from ikeaudit.change.journal.reading_back import Reading

Phase = Literal["untouched", "armed", "changed", "arrived", "confirmed", "saved", "reverted", "lost", "closed"]
"""How far a router is; ``changed`` covers everything from the first line that may have been sent."""

AT_REST = frozenset({"untouched", "reverted", "saved", "closed"})
"""Phases in which nothing is left to be done: the router is as before, or finally as planned."""


class RouterProgress(msgspec.Struct, kw_only=True):
    """One router in the last run of a journal.

    ``safety`` is the net that was armed (``timer`` or ``reload``), None before; ``confirming`` says that the net may have been
    taken away already, ``saved`` that the startup-config may be the new one already. ``step`` is the last step of which a line
    may have been received, ``whole`` whether all its lines were answered; ``sent`` counts lines. ``backup`` is the file on the
    router's flash that holds its earlier configuration.

    ``reverting``: lines that take the change back may have been received.

    ``before`` and ``expected`` are the hashes that the last attempt began with and leads to; ``digest`` is the hash of what the
    router was last seen to run by this change's own doing, at the moment ``seen``.

    ``unlike``: the lines in which it is not what it was, though it was taken back; no command brings them back.

    ``doubtful``: a line of the journal that cannot be read may have been about it, and nothing later tells how it is now; its
    phase is ``lost`` then, whatever the other lines say.
    """

    name: str
    phase: Phase = "untouched"
    safety: Literal["timer", "reload"] | None = None
    armed_at: str | None = None
    minutes: int = 0
    confirming: bool = False
    step: int = 0
    whole: bool = True
    sent: int = 0
    backup: str | None = None
    saved: bool = False
    reverting: bool = False
    before: str | None = None
    expected: str | None = None
    digest: str | None = None
    seen: str = ""
    unlike: str = ""
    doubtful: bool = False

    @property
    def touched(self) -> bool:
        """Whether anything of the router may differ from before: configuration, timer or scheduled reload."""
        return self.phase not in ("untouched", "reverted")

    @property
    def acts_at(self) -> datetime | None:
        """When the net takes the change back by itself (UTC); None when none is up."""
        if self.safety is None or self.armed_at is None or self.phase in AT_REST:
            return None
        return datetime.fromisoformat(self.armed_at) + timedelta(minutes=self.minutes)


STRICT = "--strict-host-keys"
"""The option of a session by which a router whose host key is not known is refused."""


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """How a change was called, to be typed again: the folder of its plan, its inventory, options of every verb that goes to
    routers (``session``), and those of ``apply`` alone (``applying``); empty where that is not known, or was not needed.

    ``since``: another inventory with which it was gone on with, for when the one it was begun with is gone."""

    plan: str = ""
    inventory: str = ""
    since: str = ""
    session: str = ""
    applying: str = ""


class Progress(msgspec.Struct, kw_only=True):
    """The last run of a journal; ``result`` is None while it is under way, or when it was cut off.

    ``verb`` is what it was called as, ``wave`` and ``group`` the part of the plan that it is (None: all of it), ``cause`` why
    it failed; ``tested`` tells the last result of each direction of it, ``applied`` when it was last begun to be carried out.
    ``plan``, ``inventory``, ``session`` and ``applying`` are how it was called when it was begun; verbs that went on with it
    change nothing of that, except that being strict about host keys once is being so from then on. ``since`` is the inventory
    of the last of them, where that was another. ``session_told``: no line that may have said more of ``session`` is damaged or
    missing.
    ``alone``: only this group was asked for. ``selection``: the options that named what ``rollback`` takes back, as they are
    typed.

    ``damaged`` says what is wrong with lines of the journal, ``problem`` why nothing can be told from it. ``blind``: even which
    routers it is about is not known. ``asked`` says what was seen of those that were looked at since, because it cannot tell.
    """

    verb: str = ""
    wave: int | None = None
    group: int | None = None
    alone: bool = False
    selection: str = ""
    cause: str | None = None
    tested: dict[str, str] = {}
    change_id: str = ""
    digest: str = ""
    plan: str = ""
    inventory: str = ""
    since: str = ""
    session: str = ""
    session_told: bool = False
    applying: str = ""
    started: str | None = None
    applied: str = ""
    result: str | None = None
    routers: dict[str, RouterProgress] = {}
    damaged: tuple[str, ...] = ()
    problem: str = ""
    blind: bool = False
    asked: dict[str, str] = {}

    @property
    def typed(self) -> Typed:
        """How it was called, as far as is known."""
        return Typed(
            plan=self.plan,
            inventory=self.inventory,
            since=self.since,
            session=self.session,
            applying=self.applying,
        )

    @property
    def in_force(self) -> bool:
        """Whether every router runs the change: confirmed, or waiting to be."""
        phases = {router.phase for router in self.routers.values()}
        return bool(phases) and phases <= {"arrived", "confirmed", "saved", "closed"} and not self.going_back

    @property
    def done(self) -> bool:
        """Whether the change is finally in force on every router."""
        phases = {router.phase for router in self.routers.values()}
        return bool(phases) and phases <= {"saved", "closed"} and not self.going_back

    @property
    def closed(self) -> bool:
        """Whether the way back has ended on a router."""
        return any(router.phase == "closed" for router in self.routers.values())

    @property
    def half_way(self) -> tuple[str, ...]:
        """The routers on which something is left to be done, in their order.

        Beside those that are neither as before nor finally as planned these are routers that run the change for good while it
        is being taken back, or while another router of it runs what it ran before.
        """
        mixed = any(r.phase == "reverted" or (r.phase == "untouched" and r.seen) for r in self.routers.values())
        back = self.verb == "rollback" and self.result is None
        return tuple(
            name
            for name, router in self.routers.items()
            if router.phase not in AT_REST or (router.phase == "saved" and (mixed or back))
        )

    @property
    def open(self) -> bool:
        """Whether some router is neither as before nor finally as planned, or is so without the others, as far as is known."""
        return self.uncertain or bool(self.half_way)

    @property
    def uncertain(self) -> bool:
        """Whether the journal cannot tell of every router where it is."""
        return bool(self.problem) or self.blind or any(router.doubtful for router in self.routers.values())

    @property
    def nets_up(self) -> tuple[RouterProgress, ...]:
        """The routers whose net is up and not being taken away."""
        return tuple(r for r in self.routers.values() if r.acts_at is not None and not r.confirming)

    @property
    def going_back(self) -> bool:
        """Whether ``rollback`` has begun to take it back and has not done it everywhere, as far as is known."""
        return self.verb == "rollback" and self.open


def progress_told(reading: Reading) -> Progress:
    """What a journal says as it was found; nothing at all where none is."""
    if not reading.there:
        return Progress()
    if reading.problem:
        return Progress(problem=reading.problem, blind=True)
    return progress_of(reading.entries)


def progress_of(entries: Iterable[Entry]) -> Progress:
    """The state that the entries since the last ``begin`` describe.

    A run that begins while routers are still touched by the one before (``rollback``, ``confirm``) goes on from there.
    """
    progress = Progress()
    for entry in entries:
        if entry.event == "begin":
            progress = _begin(entry, progress)
        elif entry.event == "end":
            progress.result = str(entry.data.get("result"))
        elif entry.event == "failed" and entry.router is None:
            progress.cause = entry.text
        elif entry.event == "damaged":
            _doubt(progress, entry)
        elif entry.router is not None:
            if entry.event == "tested":
                progress.tested[str(entry.data.get("direction"))] = str(entry.data.get("result"))
            if entry.event in ("testing", "tested", "observed") and entry.router not in progress.routers:
                continue  # an other end, which the change does not touch
            new = RouterProgress(name=entry.router, doubtful=progress.blind)
            _follow(progress.routers.setdefault(entry.router, new), entry)
    for router in progress.routers.values():
        if router.doubtful:
            router.phase, router.whole, router.saved = "lost", False, True
    return progress


def unknown(progress: Progress, routers: Iterable[str]) -> Progress:
    """``progress`` in which all ``routers`` of the change have a place, those that no line tells of as doubtful."""
    for name in routers:
        lost = RouterProgress(name=name, phase="lost", whole=False, saved=True, doubtful=True)
        progress.routers.setdefault(name, lost)
    return progress


def _doubt(progress: Progress, entry: Entry) -> None:
    """A line that may have been anything: the next step of any router, or the beginning or the end of a run."""
    progress.damaged = (*progress.damaged, entry.text or "a line cannot be read")
    progress.result = None
    progress.session_told = False
    progress.blind = progress.blind or not progress.routers
    for router in progress.routers.values():
        router.doubtful = True


def _begin(entry: Entry, earlier: Progress) -> Progress:
    names = [str(name) for name in entry.data.get("routers", ())]
    unknown = bool(entry.data.get("unknown"))
    kept = {n: r for n, r in earlier.routers.items() if r.touched or r.backup is not None or r.doubtful}
    routers = {
        n: kept.get(n, RouterProgress(name=n, doubtful=unknown or (earlier.blind and n not in earlier.routers)))
        for n in dict.fromkeys([*names, *kept])
    }
    inventory = str(entry.data.get("inventory") or "")
    anew = entry.text == "apply" or not earlier.inventory
    session = _sound(entry.data.get("session"), _SESSION)
    return Progress(
        change_id=str(entry.data.get("change_id", earlier.change_id)),
        digest=str(entry.data.get("digest", earlier.digest)),
        plan=str(entry.data.get("plan", earlier.plan)),
        inventory=(anew and inventory) or earlier.inventory,
        since="" if anew or inventory == earlier.inventory else inventory or earlier.since,
        session=_session(session, earlier, anew=entry.text == "apply"),
        session_told=session is not None and (earlier.session_told or not (earlier.started or earlier.damaged)),
        applying=_sound(entry.data.get("applying"), _APPLYING) or earlier.applying,
        started=entry.at,
        verb=entry.text or "",
        applied=entry.at if entry.text in ("apply", "resume") else earlier.applied,
        wave=entry.data.get("wave"),
        group=entry.data.get("group"),
        alone=bool(entry.data.get("alone")) if entry.text == "apply" else earlier.alone,
        selection=_selection(entry.data.get("selection")) if entry.text == "rollback" else "",
        routers=routers,
        damaged=earlier.damaged if any(router.doubtful for router in kept.values()) else (),
    )


_SESSION = re.compile(rf"(--timeout (inf|[\d.]+)( (?=-)|$))?({STRICT})?")
_APPLYING = re.compile(r"((--accept-unproven|--(minutes|max-failures|parallel) \d+)( (?=-)|$))*")


def _sound(told: object, options: re.Pattern[str]) -> str | None:
    """Options as a run was called with; None where it does not tell, or tells what can be none."""
    return told if isinstance(told, str) and options.fullmatch(told) else None


def _session(told: str | None, earlier: Progress, *, anew: bool) -> str:
    """The options of the run that began the change, with those that must not be lost of any run."""
    words = [] if told is None else told.split()
    before = earlier.session.split()
    unknown = not earlier.session_told and not before
    of_it = words if told is not None and (anew or unknown) else before
    strict = [STRICT] * (STRICT in before or STRICT in words)
    return " ".join([word for word in of_it if word != STRICT] + strict)


def _selection(told: object) -> str:
    return told if isinstance(told, str) and re.fullmatch(r"--all|--group \d+|--wave \d+( --group \d+)?", told) else ""


def _follow(router: RouterProgress, entry: Entry) -> None:
    if entry.event in _CERTAIN:
        router.doubtful = False
    match entry.event:
        case "compared":
            router.before, router.expected = entry.data.get("digest"), entry.data.get("after")
        case "backup":
            router.backup = str(entry.data.get("file"))
        case "arming":
            router.phase, router.safety = "armed", entry.data.get("safety", "timer")
            router.armed_at, router.minutes = entry.at, int(entry.data.get("minutes", 0))
            router.confirming = router.saved = router.reverting = False
            router.unlike = ""
        case "renewed":
            router.armed_at, router.minutes = entry.at, int(entry.data.get("minutes", 0))
        case "send":
            router.phase, router.whole = "changed", False
            router.step, router.sent = max(router.step, entry.step or 0), router.sent + 1
        case "reply":
            router.whole = bool(entry.data.get("last")) and not entry.data.get("refused")
        case "arrived":
            router.phase = "arrived"
            router.digest, router.seen = entry.data.get("digest", router.expected), entry.at
        case "confirming":
            router.confirming = True
        case "confirmed":
            router.phase, router.safety = "confirmed", None
        case "saving":
            router.saved = True
        case "saved":
            router.phase, router.saved = "saved", True
        case "reverting":
            router.reverting = True
            if router.phase in ("arrived", "confirmed", "saved"):
                router.phase = "changed"
        case "reverted":
            router.phase, router.safety, router.confirming, router.reverting = "reverted", None, False, False
            router.step, router.sent, router.whole, router.saved = 0, 0, True, False
            router.unlike = str(entry.data.get("unlike", ""))
            ours = entry.data.get("match") in ("same", "reordered")
            router.digest, router.seen = entry.data.get("digest") if ours else None, entry.at
        case "lost":
            router.phase = "lost"
        case "closed":
            router.phase = "closed" if entry.data.get("in_force", True) else router.phase
            router.backup = None
        case "found":
            _found(router, entry)
        case _:
            pass


_CERTAIN = frozenset({"arrived", "confirmed", "saved", "reverted", "found"})
"""Events that say how a router is, whatever was before them: each follows a look at what it runs."""


def _found(router: RouterProgress, entry: Entry) -> None:
    """What a router was seen to run; without a moment at which its net was armed nobody knows when it acts."""
    data = entry.data
    net = data.get("safety")
    router.step, router.whole = entry.step or 0, bool(data.get("whole"))
    router.sent, router.saved = int(router.step > 0), bool(data.get("saved"))
    router.backup = data.get("file") or router.backup
    router.confirming = router.reverting = False
    if net != router.safety:
        router.safety, router.armed_at, router.minutes = net, None, 0
    router.phase = _SEEN.get(str(data.get("runs")), "lost")
    if router.phase == "untouched" and net is not None:
        router.phase = "armed"
    elif router.phase == "untouched" and router.step:
        router.phase = "changed"
    elif router.phase == "arrived" and net is None:
        router.phase = "saved" if router.saved else "confirmed"
    if data.get("digest"):
        router.digest, router.seen = str(data["digest"]), entry.at


_SEEN: dict[str, Phase] = {"before": "untouched", "between": "changed", "after": "arrived"}
