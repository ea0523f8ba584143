"""The tier of CI: a few ratios in under a minute, each beside a peer of the same run, with generous noise.

What is measured properly is in the other parts; this one notices that something became twice as slow.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import fleets
import starting
from reading import KEY, Peer, peers
from spoke import spoke
from targets import Ratio

if TYPE_CHECKING:
    from ikeaudit.model import Router

NOISE = 0.35
ROUNDS = 3
SPOKES = 40
FEW, MANY = 100, 400


def measure() -> list[Ratio]:
    """All of them."""
    with TemporaryDirectory() as folder:
        peer = Peer(peers(), Path(folder))
        try:
            return [_spokes(peer), *_check(peer), _start()]
        finally:
            peer.close()


def _spokes(peer: Peer) -> Ratio:
    """A spoke read whole beside ciscoconfparse2, medians of interleaved rounds."""
    texts = [spoke(number) for number in range(SPOKES)]
    peer.cost(texts[:5])
    _read(texts[:5])
    ratios = []
    for _ in range(ROUNDS):
        theirs = peer.cost(texts)
        ratios.append(theirs / _spent(lambda: _read(texts)))
    return Ratio("a spoke: times faster than ciscoconfparse2", statistics.median(ratios), 6, at_least=True, noise=NOISE)


def _check(peer: Peer) -> list[Ratio]:
    """Reading, replay and hazards of a fleet beside its mere reading by ciscoconfparse2; and how that grows."""
    from ikeaudit.fleet import Fleet
    from ikeaudit.hazards import audit

    texts = {count: [one.text for one in fleets.fleet(count, region=10, seed=1)] for count in (FEW, MANY)}
    spent = {count: _spent(lambda t=texts[count]: audit(Fleet(_read(t)))) for count in (FEW, MANY)}
    return [
        Ratio(
            "check, all of it: times faster than ciscoconfparse2 reads",
            peer.cost(texts[FEW]) / spent[FEW],
            2.6,
            True,
            NOISE,
        ),
        Ratio("check: a router in 400 beside one in 100", spent[MANY] / MANY / (spent[FEW] / FEW), 1.05, noise=NOISE),
    ]


def _start() -> Ratio:
    bare, ours = starting.measure()
    return Ratio("--help: beside a bare typer program", ours / bare, 1.3, noise=NOISE)


def _read(texts: Sequence[str]) -> list[Router]:
    from ikeaudit.parsing import parse_configs
    from ikeaudit.parsing.fingerprint import Fingerprinter

    key = Fingerprinter(KEY)
    found = [
        parse_configs(text, file=f"{number}.cfg", fingerprinter=key)[0].router for number, text in enumerate(texts)
    ]
    return [router for router in found if router is not None]


def _spent(action: Callable[[], object]) -> float:
    gc.collect()
    begun = time.process_time()
    action()
    return time.process_time() - begun
