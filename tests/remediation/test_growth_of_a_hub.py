"""What a plan for a hub costs grows with its tunnels: the work is counted at two sizes, and a square would show.

A hub with three times as many tunnels has three times as many steps. What each of them looks at must not grow with the hub.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from change_lab import hub_and_spokes
from cold import forget
from plans import WHEN, fleet_of

from ikeaudit.candidate import line_effects
from ikeaudit.candidate.tree import Line
from ikeaudit.remediation import proof_record, scene, splice, text_seen, touched
from ikeaudit.remediation.calls import Call
from ikeaudit.remediation.planner import make_plan
from ikeaudit.remediation.proof_record import ProvenExchange
from ikeaudit.remediation.proof_state import Passing
from ikeaudit.remediation.strategies import find_strategy
from ikeaudit.remediation.strategies.ikev2 import abilities
from ikeaudit.remediation.waves import graph, states
from ikeaudit.selection import ikev2 as rules_v2
from ikeaudit.selection import known_ends
from ikeaudit.selection.identities import PeerBlocks

SMALL, LARGE = 9, 27
"""Tunnels of the hubs: three times as many, so that the square is nine."""

MOST = 4.0
"""How much more work may be done for the large one."""


def one(*_args: object) -> int:
    """Each call is one piece of work."""
    return 1


def result(_args: tuple[Any, ...], found: Any) -> int:
    """What is found is the work."""
    return len(found)


WORK: dict[str, tuple[Any, str, Callable[[tuple[Any, ...], Any], int]]] = {
    "ends made anew, one by one": (known_ends, "tunnel_ends", one),
    "ends made anew, all of a router": (known_ends, "endpoints", result),
    "IKEv2 profiles put into an index": (rules_v2, "_listed", result),
    "peer blocks put into an index": (PeerBlocks, "_put", lambda args, _: len(args[1]) + len(args[2])),
    "keys and peers of long keyrings looked up": (splice, "_part", one),
    "lines written": (Line, "write", one),
    "letters looked at for hashes": (text_seen, "stable_lines", lambda args, _: len(args[0])),
    "lines spelled to find who holds one": (line_effects, "spelled", one),
    "values compared without their lines": (touched, "without_lines", one),
    "calls asked whether a change concerns them": (Call, "concerned", one),
    "calls asked for their routers": (Call, "routers", one),
    "directions replayed": (scene, "replay", one),
    "directions remembered as a step begins": (Passing, "within", lambda args, _: len(args[0]._before)),
    "verdicts recorded": (ProvenExchange, "of", one),
    "verdicts followed from wave to wave": (states, "_verdict", one),
    "looks at a release": (abilities, "release_of", one),
    "ends of tunnels looked up": (graph.TunnelGraph, "far_end", one),
}


@cache
def worked(tunnels: int) -> Counter[str]:
    """How much of each work is done for a plan to move a hub with so many tunnels to IKEv2."""
    done: Counter[str] = Counter()

    def counted(what: str, real: Callable[..., Any], size: Callable[..., int]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            found = real(*args, **options)
            done[what] += size(args, found)
            return found

        return call

    fleet = fleet_of(*hub_and_spokes(tunnels).values())
    forget()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proof_record, "LISTED", 0)
        patch.setattr(text_seen, "_LINES", 2)
        for what, (owner, name, size) in WORK.items():
            patch.setattr(owner, name, counted(what, getattr(owner, name), size))
        change = make_plan(fleet, find_strategy("ikev2"), change_id="CHG-1", created=WHEN, wave_size=3)
    assert not change.plan.refusals
    hub = [step for step in change.plan.steps if step.router == "HUB"]
    assert 3 * tunnels <= len(hub) <= 3 * tunnels + 8, "each tunnel has steps of its own on the hub"
    return done


@pytest.mark.full
@pytest.mark.parametrize("what", WORK)
def test_three_times_as_many_tunnels_are_not_nine_times_as_much_work(what: str) -> None:
    few, many = worked(SMALL)[what], worked(LARGE)[what]
    assert few > 0, "nothing is counted: the work is done elsewhere by now"
    assert many <= MOST * few, (few, many)


@pytest.mark.full
def test_what_is_counted_does_not_depend_on_plans_made_before() -> None:
    first = worked(SMALL)
    worked(LARGE)
    worked.cache_clear()
    assert worked(SMALL) == first
