"""What an audit does for one peer does not grow with the peers that its hub has besides."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import growing_hubs
import pytest
from steps import squares, steps

from ikeaudit.fleet import Fleet
from ikeaudit.hazards import audit
from ikeaudit.model import Router
from ikeaudit.selection import RouterRules

FEW, TIMES = 10, 4

DESIGNS: dict[str, Callable[[int], list[Router]]] = {
    "IKEv2, one profile": growing_hubs.ikev2,
    "IKEv2, a profile each": partial(growing_hubs.ikev2, each=True),
    "IKEv2, everybody has another key": partial(growing_hubs.ikev2, other=1000),
    "IKEv1, a profile each": growing_hubs.ikev1,
    "crypto map": growing_hubs.crypto_map,
    "aggressive mode": growing_hubs.aggressive,
    "a line not understood": partial(growing_hubs.ikev1, doubtful=True),
    "nobody is where he should be": partial(growing_hubs.ikev1, astray=True),
    "left over": growing_hubs.idle,
    "hub alone": lambda count: growing_hubs.ikev1(count)[:1],
    "spokes alone": lambda count: growing_hubs.ikev1(count)[1:],
}


QUICK = ("IKEv2, one profile", "IKEv1, a profile each", "crypto map")


@pytest.mark.parametrize(
    "design", [*QUICK, *(pytest.param(one, marks=pytest.mark.full) for one in DESIGNS if one not in QUICK)]
)
def test_no_line_runs_for_each_peer_of_each_peer(design: str) -> None:
    fleets = [Fleet(DESIGNS[design](count)) for count in (FEW, FEW * TIMES)]
    small, large = (steps(partial(audit, fleet)) for fleet in fleets)
    assert not squares(small, large, TIMES)


def test_a_look_through_all_for_each_would_be_noticed() -> None:
    def each_of_each(count: int) -> list[bool]:
        rules = [RouterRules(router) for router in growing_hubs.ikev1(count)[1:]]
        return [one.fqdn == other.fqdn for one in rules for other in rules]

    small, large = (steps(partial(each_of_each, count)) for count in (FEW, FEW * TIMES))
    assert [line for line in squares(small, large, TIMES) if line.startswith("selection/rules.py")]
