"""The waves of a plan on the console: what is done in which window, and why each router is where it is."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from ikeaudit.remediation.plan import Wave
from ikeaudit.remediation.plan_text import few

_ROUTERS = 6
"""Routers of one wave that are explained on the console; ``plan.md`` has them all."""

_WAVES = 12
"""Waves shown on the console, the last ones among them."""


def show_waves(waves: tuple[Wave, ...], console: Console) -> None:
    """Print ``waves``, those in the middle left out when there are many."""
    console.print(Text.assemble("\n", ("Waves", "bold")))
    hidden = len(waves) - _WAVES
    shown = waves if hidden <= 0 else (*waves[: _WAVES // 2], *waves[-(_WAVES // 2) :])
    for wave in shown:
        if hidden > 0 and wave is shown[_WAVES // 2]:
            console.print(f"  ... and {hidden} more in plan.md")
        _wave(wave, console)


def _wave(wave: Wave, console: Console) -> None:
    count = len(wave.routers)
    groups = f" in {len(wave.groups)} groups" if len(wave.groups) > 1 else ""
    line = Text.assemble("  ", (f"{wave.number:>3}  {wave.title}", "bold"))
    line.append(f": {count} router{'s' * (count != 1)}{groups}, timer {wave.minutes} minutes")
    console.print(line.append(f"; tested from {few(wave.partners, 3)} as well" if wave.partners else ""))
    ends = (*wave.routers[: _ROUTERS - 1], wave.routers[-1]) if count > _ROUTERS else wave.routers
    for name in ends:
        if count > _ROUTERS and name == wave.routers[-1]:
            console.print(f"       ... {count - _ROUTERS} more in plan.md")
        line = Text("       ")
        line.append(name, "bold")
        console.print(line.append(f"  {wave.reasons[name]}"))
