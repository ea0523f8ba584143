"""The waves of a plan for people: what is done in which window, and why each router is where it is."""

from __future__ import annotations

from ikeaudit.remediation.plan import Wave
from ikeaudit.remediation.plan_text import few
from ikeaudit.report.console.sheet import Sheet

_ROUTERS = 6
"""Routers of one wave that are explained on the console; ``plan.md`` has them all."""

_WAVES = 12
"""Waves shown on the console, the last ones among them."""


def draw_waves(waves: tuple[Wave, ...], sheet: Sheet) -> None:
    """``waves``, those in the middle left out when there are many."""
    sheet.blank()
    sheet.line(("Waves", "bold"))
    hidden = len(waves) - _WAVES
    shown = waves if hidden <= 0 else (*waves[: _WAVES // 2], *waves[-(_WAVES // 2) :])
    for wave in shown:
        if hidden > 0 and wave is shown[_WAVES // 2]:
            sheet.line(f"  ... and {hidden} more in plan.md")
        _wave(wave, sheet)


def _wave(wave: Wave, sheet: Sheet) -> None:
    count = len(wave.routers)
    groups = f" in {len(wave.groups)} groups" if len(wave.groups) > 1 else ""
    sheet.line(
        "  ",
        (f"{wave.number:>3}  {wave.title}", "bold"),
        f": {count} router{'s' * (count != 1)}{groups}, timer {wave.minutes} minutes",
        f"; tested from {few(wave.partners, 3)} as well" if wave.partners else "",
    )
    ends = (*wave.routers[: _ROUTERS - 1], wave.routers[-1]) if count > _ROUTERS else wave.routers
    for name in ends:
        if count > _ROUTERS and name == wave.routers[-1]:
            sheet.line(f"       ... {count - _ROUTERS} more in plan.md")
        sheet.line("       ", (name, "bold"), f"  {wave.reasons[name]}")
