"""A router differs from what the plan was made for: the same steps on what it runs now, proved again in memory.

Plans live for months, and routers do not stand still. A line that has nothing to do with the change stops nothing: where every
step is taken as it was planned, comes back as it was planned, and no direction ends worse than the plan says, the change goes
on. The approval is of the steps and of what is claimed of them, so it stands.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ikeaudit.change.as_planned import content, sectioned, shown
from ikeaudit.drive.device import RouterText
from ikeaudit.exchange.result import SEVERITY
from ikeaudit.fleet import Fleet
from ikeaudit.model import Router
from ikeaudit.parsing.config import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.remediation.changing_router import facts
from ikeaudit.remediation.plan import Direction, Plan
from ikeaudit.remediation.proof import NotProven, Proven, prove

_MOST = 20
"""Lines that are shown of what had changed."""
ORDER = "the same lines, but keyrings or profiles stand in another order"


class NotRebasedError(Exception):
    """The steps cannot be carried out on what the routers run now; the text says why."""


def rebased(plan: Plan, texts: Mapping[str, RouterText], fingerprinter: Fingerprinter) -> Proven:
    """The proof of the plan's steps on ``texts``, what its routers and the other ends run now.

    :raises NotRebasedError: when a step would not be taken, or not come back, or a direction would end worse than planned.
    """
    fleet = Fleet(model for name, text in texts.items() for model in modelled(name, text.text, fingerprinter))
    reason = ""
    try:
        proven = prove(fleet, plan.steps)
    except NotProven as error:
        reason = error.refusal.reason
    if reason:
        raise NotRebasedError(reason)
    later = {Direction.of(exchange): exchange for exchange in proven.later}
    for outlook in plan.directions:
        ends = {outlook.direction.initiator, outlook.direction.responder}
        if outlook.after is None or not ends <= texts.keys():
            continue
        now = later.get(outlook.direction)
        if now is None:
            raise NotRebasedError(f"{outlook.direction} is no longer configured.")
        if max(SEVERITY[now.outcome], SEVERITY[now.worst]) > SEVERITY[outlook.after.worst] or (
            outlook.after.outcome == "up" and not now.holds
        ):
            why = f" ({now.failure})" if now.failure else ""
            raise NotRebasedError(f"{outlook.direction} would be {now.worst}{why} after this change.")
    return proven


def modelled(name: str, text: str, fingerprinter: Fingerprinter) -> list[Router]:
    """The model of a redacted configuration under the name that the plan has for the router; none when it is none."""
    parsed = parse_configs(text, file=f"{name}.cfg", fingerprinter=fingerprinter)
    return [msgspec.structs.replace(p.router, name=name) for p in parsed[:1] if p.router is not None]


def changed(before: list[str], now: list[str], fingerprinter: Fingerprinter) -> list[str]:
    """The lines that had changed, those that a negotiation can notice first; their order says nothing here.

    ``-`` marks a line that is gone, ``+`` one that is new, each under its section.
    """
    old, new = content(before), content(now)
    rows = [(entry, f"- {shown(entry)}") for entry in (old - new).elements()]
    rows += [(entry, f"+ {shown(entry)}") for entry in (new - old).elements()]
    if not rows:
        return [ORDER]
    sections = {entry[0] or entry[1] for entry, _ in rows}
    noticed = {section for section in sections if _noticed(section, before, now, fingerprinter)}
    rows.sort(key=lambda row: (row[0][0] or row[0][1]) not in noticed)
    shown_rows = [text for _, text in rows]
    more = len(shown_rows) - _MOST
    return [*shown_rows[:_MOST], *([f"... and {more} more"] if more > 0 else [])]


def _noticed(section: str, before: list[str], now: list[str], fingerprinter: Fingerprinter) -> bool:
    """Whether the model of the router is another one when nothing but ``section`` is as it is now."""
    ours = [line for line, entry in zip(now, sectioned(now), strict=True) if (entry[0] or entry[1]) == section]
    mixed: list[str] = []
    placed = False
    for line, entry in zip(before, sectioned(before), strict=True):
        if (entry[0] or entry[1]) != section:
            mixed.append(line)
        elif not placed:
            mixed += ours
            placed = True
    if not placed:
        mixed[-1:] = [*ours, *mixed[-1:]]  # before `end`
    old, new = (modelled("router", "\n".join([*lines, ""]), fingerprinter) for lines in (before, mixed))
    return [facts(router) for router in old] != [facts(router) for router in new]
