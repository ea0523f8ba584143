"""The page of a plan: what becomes of tunnels, the ladders before, after and after the roll-back, the waves, the steps."""

from __future__ import annotations

from typing import Any

import msgspec

from ikeaudit.remediation.plan import Plan, Verdict
from ikeaudit.remediation.plan_text import counted, interruptions, left_open, remarks, stops, verdict_text
from ikeaudit.report.documents import PlanReport
from ikeaudit.report.html.pack import blob, pack
from ikeaudit.report.html.page import Still, page
from ikeaudit.report.html.words import words

_STILL = 60


def plan_page(report: PlanReport) -> str:
    """The page of the plan in ``report``."""
    plan = report.plan
    ladders = () if report.ladders is None else report.ladders.ladders
    outlooks = [
        {
            "i": one.direction.initiator,
            "ii": one.direction.initiator_interface,
            "r": one.direction.responder,
            "ri": one.direction.responder_interface,
            "p": one.direction.peer,
            "v": one.ike_version,
            "before": _verdict(one.before),
            "after": _verdict(one.after),
        }
        for one in plan.directions
    ]
    told = [msgspec.to_builtins(one) for one in ladders]
    core = {
        "kind": "plan",
        "title": plan.change_id,
        "strategy": plan.strategy,
        "created": plan.created,
        "digest": plan.digest,
        "approved": report.approved,
        "stops": stops(plan),
        "outlooks": pack(outlooks),
        "ladders": pack([{"direction": one["direction"], "like": one["like"]} for one in told]),
        "kept": report.ladders is not None,
        "waves": [_wave(plan, wave.number) for wave in plan.waves],
        "routers": [
            {"name": one.name, "file": one.file, "folder": one.folder, "order": list(one.order_changes)}
            for one in plan.routers
        ],
        "refusals": [{"router": one.router, "subject": one.subject, "reason": one.reason} for one in plan.refusals],
        "interrupts": interruptions(plan),
        "remarks": remarks(plan),
        "open": left_open(plan),
        "words": words(),
    }
    steps = [
        {
            "n": one.number,
            "router": one.router,
            "phase": one.phase,
            "title": one.title,
            "commands": list(one.commands),
            "rollback": list(one.rollback),
            "announce": [a.text for a in one.announce],
            "cuts": one.cuts_session,
        }
        for one in plan.steps
    ]
    details = {"ladders": pack(told), "steps": pack(steps)}
    return page(
        f"ikeaudit plan: {plan.change_id}",
        plan_headline(plan),
        (plan.change_id, f"made {plan.created}", f"digest {plan.digest[:16]}", report.approved),
        _still(plan),
        blob(core),
        blob(details),
    )


def plan_headline(plan: Plan) -> str:
    """What the plan does, in one sentence."""
    if plan.empty:
        return f"{plan.strategy}: nothing {'could be planned' if plan.refusals else 'to do'}."
    before = sum(one.before is not None and one.before.outcome == "up" for one in plan.directions)
    after = sum(one.after is not None and one.after.outcome == "up" for one in plan.directions)
    return (
        f"{plan.strategy}: {counted('router', len(plan.routers))}, {counted('step', len(plan.steps))} in "
        f"{counted('wave', len(plan.waves))}, proven; {before:,} of {counted('direction', len(plan.directions))} come up "
        f"today, {after:,} afterwards."
    )


def _verdict(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    return {"o": verdict.outcome, "c": verdict.confidence, "w": verdict.worst, "why": verdict.reason}


def _wave(plan: Plan, number: int) -> dict[str, Any]:
    wave = plan.wave(number)
    return {
        "n": wave.number,
        "title": wave.title,
        "routers": [{"name": name, "why": wave.reasons[name], "minutes": wave.timer(name)} for name in wave.routers],
        "groups": [
            {
                "routers": list(one.routers),
                "steps": list(one.steps),
                "tunnels": list(one.tunnels),
                "minutes": one.minutes,
            }
            for one in wave.groups
        ],
        "minutes": wave.minutes,
        "partners": list(wave.partners),
    }


def _still(plan: Plan) -> tuple[Still, ...]:
    rows = tuple(
        (str(one.direction), verdict_text(one.before), verdict_text(one.after)) for one in plan.directions[:_STILL]
    )
    more = f"… and {len(plan.directions) - _STILL} more in plan.md." if len(plan.directions) > _STILL else ""
    waves = tuple(
        (str(wave.number), wave.title, ", ".join(wave.routers), f"{wave.minutes} minutes")
        for wave in plan.waves[:_STILL]
    )
    refused = tuple((one.router, one.subject, one.reason) for one in plan.refusals[:_STILL])
    found = [
        Still("Tunnels", ("Direction", "Today", "Afterwards"), rows, more),
        Still("Waves", ("Wave", "What", "Routers", "Timer"), waves, "" if waves else "None."),
    ]
    return (*found, Still("Refused", ("Router", "What", "Why"), refused)) if refused else tuple(found)
