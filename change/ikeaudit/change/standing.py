"""What the routers of a change run now, as far as the journal and the plan tell, and which tunnels that breaks. No SSH.

The plan's folder holds every router's configuration after the change; its steps and their roll-backs lead from there to each
moment before. So the same replay that proved the plan can be asked about the moment at which a change was cut off.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from ikeaudit.candidate import Candidate
from ikeaudit.change.journal import RouterProgress
from ikeaudit.fleet import Fleet
from ikeaudit.model import Router
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.remediation.plan import Direction, Plan
from ikeaudit.remediation.plan_folder import predicted

Runs = Literal["before", "between", "after", "unknown"]
"""``between``: some steps of the plan, the last of them perhaps in part."""

_TOKENS_ONLY = Fingerprinter(bytes(32))


class Broken(msgspec.Struct, frozen=True, kw_only=True):
    """A direction that would not come up as the routers stand now; ``why`` is a sentence."""

    direction: str
    outcome: str
    reason: str | None
    why: str


def runs(router: RouterProgress, at: datetime) -> Runs:
    """Which configuration a router has at the moment ``at``; a net whose time is over has acted."""
    fired = router.acts_at is not None and router.acts_at <= at
    match router.phase:
        case "untouched" | "reverted" | "armed":
            return "before"
        case "changed" if router.reverting:
            return "unknown"
        case "changed":
            return "before" if fired else "between"
        case "arrived":
            if router.confirming:
                return "unknown" if fired else "after"
            return "before" if fired else "after"
        case "confirmed" | "saved" | "closed":
            return "after"
        case _:
            return "unknown"


def broken_now(plan: Plan, folder: Path, routers: Mapping[str, RouterProgress], at: datetime) -> tuple[Broken, ...]:
    """The directions of the plan that come up before or after the change, and not as things stand.

    Those of a router whose configuration is not known are told as ``unknown``, and so are those between a router that has a
    part of the change and one that the plan does not change, because nobody has the configuration of that here. With the other
    end before or after the change, they do what was proven.
    """
    standing: dict[str, Runs] = {
        p.name: runs(routers[p.name], at) if p.name in routers else "before" for p in plan.routers
    }
    if set(standing.values()) <= {"before"} or set(standing.values()) <= {"after"}:
        return ()
    models: list[Router] = []
    for name, how in standing.items():
        model = _model(plan, folder, name, how, routers.get(name)) if how != "unknown" else None
        if model is None:
            standing[name] = "unknown"
        else:
            models.append(model)
    exchanges = {Direction.of(e): e for e in Fleet(models).exchanges}
    found: list[Broken] = []
    for outlook in plan.directions:
        direction = outlook.direction
        ends = tuple(dict.fromkeys((direction.initiator, direction.responder or direction.peer)))
        if "up" not in (outlook.before and outlook.before.outcome, outlook.after and outlook.after.outcome):
            continue
        lost = [end for end in ends if standing.get(end) == "unknown"]
        others = [end for end in ends if end not in standing]
        if lost or (others and any(standing.get(end) == "between" for end in ends)):
            why = f"what {' and '.join(lost)} runs is not known" if lost else _apart(ends, others)
            found.append(Broken(direction=str(direction), outcome="unknown", reason=None, why=why))
            continue
        exchange = exchanges.get(direction)
        if not others and exchange is not None and exchange.outcome not in ("up", "not-initiated"):
            why = "; ".join(f"{end} runs {_WORDS[standing[end]]}" for end in ends)
            found.append(Broken(direction=str(direction), outcome=exchange.outcome, reason=exchange.reason, why=why))
    return tuple(found)


def _apart(ends: tuple[str, ...], others: list[str]) -> str:
    changed = " and ".join(end for end in ends if end not in others)
    return f"{changed} runs a part of the change, and the plan does not hold what {' and '.join(others)} runs"


_WORDS = {"before": "the earlier configuration", "between": "a part of the change", "after": "the new configuration"}


def _model(plan: Plan, folder: Path, name: str, how: Runs, progress: RouterProgress | None) -> Router | None:
    """A router as it stands; None when the plan's texts do not tell."""
    try:
        text = predicted(folder, plan.router(name))
    except (OSError, UnicodeDecodeError):
        return None
    if how != "after":
        candidate = Candidate.from_text(text)
        candidate.apply(plan.rollback_of(name))
        for step in plan.steps_of(name):
            if how == "between" and progress is not None and step.number <= progress.step:
                candidate.apply(step.commands)
        text = candidate.text()
    parsed = parse_configs(text, file=f"{name}.cfg", fingerprinter=_TOKENS_ONLY)
    return next((msgspec.structs.replace(p.router, name=name) for p in parsed if p.router is not None), None)
