"""What a change has come to, in a word, and the one command that is safest then."""

from datetime import UTC, datetime
from typing import Literal

from ikeaudit.change.advice import back_command, command
from ikeaudit.change.by_hand import open_routers
from ikeaudit.change.journal import AT_REST, Progress
from ikeaudit.change.standing import runs

State = Literal[
    "running",
    "interrupted",
    "going-back",
    "held",
    "committed",
    "unsaved",
    "rolled-back",
    "refused",
    "state-unknown",
    "closed",
]
"""``interrupted``: its process is gone and routers are left half-way; ``going-back``: that process was taking it back;
``held``: it waits to be confirmed."""


ASKS = "it asks the routers what they run, and changes nothing until --commit is added"
"""Why ``rollback`` without --commit comes next where nobody knows how the routers are."""


def state_of(progress: Progress, process: int | None, at: datetime) -> State:
    phases = {router.phase for router in progress.routers.values()}
    if process is not None:
        return "running"
    if progress.uncertain:
        return "state-unknown"
    if progress.going_back and progress.result != "state-unknown":
        return "going-back"
    if not progress.open and progress.result is None and phases <= {"untouched"}:
        return "interrupted"
    if progress.open:
        if progress.result == "held" and phases <= {"arrived", *AT_REST}:
            return "held"
        if progress.result == "unsaved":
            return "unsaved"
        return "state-unknown" if "lost" in phases else "interrupted"
    if phases <= {"closed", "untouched", "reverted"} and "closed" in phases:
        return "closed"
    if "saved" in phases:
        return "committed"
    return "rolled-back" if "reverted" in phases else "refused"


def next_of(progress: Progress, at: datetime) -> tuple[str | None, str]:
    """The safest next command for a change on which nobody is at work, and why it is that."""
    return next_in(state_of(progress, None, at), progress, at)


def next_in(state: State, progress: Progress, at: datetime) -> tuple[str | None, str]:
    """The safest next command and why it is that."""
    take_back = back_command(progress)
    standing = {r.name: runs(r, at) for r in open_routers(progress)}
    match state:
        case "running":
            return (
                f"ikeaudit status {progress.change_id}",
                "it is at work; it "
                + ("takes the change back" if progress.going_back else "takes everything back when something fails"),
            )
        case "going-back":
            return (
                take_back,
                "it was cut off while it took the change back; this goes on with that, and reads every router",
            )
        case "held":
            if set(standing.values()) <= {"after"}:
                return command(
                    "confirm", progress.typed
                ), "it is in force and tested, and goes back by itself unless confirmed"
            return take_back, "a timer has run out: the other routers must go back too"
        case "unsaved":
            return command("confirm", progress.typed), "it is in force; this saves it where that has not worked"
        case "interrupted" if not progress.open:
            return take_back.replace(" --commit", "", 1), (
                "its process ended before it told of a line, or the journal has lost its end; this asks the routers"
            )
        case "interrupted":
            done = [r.phase for r in progress.routers.values() if r.phase != "untouched"]
            if set(done) <= {"arrived", "confirmed", "saved"} and set(standing.values()) <= {"after"}:
                return command("apply", progress.typed, "--commit", "--resume"), (
                    "every router has the new configuration; what is left is to test, confirm and save"
                )
            return (
                take_back,
                "it brings every router back and reads it; `apply --commit --resume` would begin again after that",
            )
        case "state-unknown" if progress.uncertain:
            return take_back.replace(" --commit", "", 1), (ASKS)
        case "state-unknown":
            return take_back, "it tries every way back again; the commands by hand are for when it cannot"
        case "committed":
            return command("confirm", progress.typed, "--close"), (
                "it is in force; once nobody wants to go back, this removes the copy of the earlier configuration"
            )
        case "closed":
            return None, "it is in force for good"
        case _:
            return None, "nothing is left to be done: no router is changed"


def stands(progress: Progress) -> str:
    """Where a change stands on which nobody is at work, and the one whole command for that, for the end of a sentence."""
    at = datetime.now(UTC)
    state = state_of(progress, None, at)
    next_up, why = next_in(state, progress, at)
    words = _STANDS.get(state, "it is not finished")
    if state in ("rolled-back", "refused"):
        return f"{words}; `{command('apply', progress.typed, '--commit')}` would carry it out"
    return words if next_up is None else f"{words}. Next: `{next_up}` ({why})"


_STANDS: dict[State, str] = {
    "held": "it is in force and waits to be confirmed",
    "unsaved": "it is in force, and not saved everywhere",
    "committed": "it is in force, confirmed and saved",
    "closed": "it is in force for good",
    "rolled-back": "its routers run what they ran before",
    "refused": "no router was changed by it",
    "state-unknown": "the state of its routers is not known",
    "going-back": "it is being taken back",
}
