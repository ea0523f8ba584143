"""How a change is run."""

from __future__ import annotations

from dataclasses import dataclass, field

from ikeaudit.drive.probe import Pace
from ikeaudit.remediation.plan import Plan


@dataclass(frozen=True, slots=True)
class Options:
    """How a change is run.

    ``minutes`` until the nets act by themselves, None for the plan's; ``hold`` leaves them up after the tests; ``patience``
    are the seconds for which a lost router is called again at once; ``minute`` is the length of a router's minute in seconds.
    Of a wave with several groups ``max_failures`` may fail before the rest is left alone; ``out_of_order``: a wave may be
    carried out though one before it is not in force.
    """

    minutes: int | None = None
    hold: bool = False
    accept_unproven: bool = False
    pace: Pace = field(default_factory=Pace)
    patience: float = 30.0
    pause: float = 1.0
    minute: float = 60.0
    max_failures: int = 0
    out_of_order: bool = False


def minutes_for(plan: Plan, name: str, options: Options) -> int:
    """The minutes of a router's net: the user's, else the plan's, which gives far ends longer."""
    return options.minutes or max((wave.timer(name) for wave in plan.waves if name in wave.routers), default=15)
