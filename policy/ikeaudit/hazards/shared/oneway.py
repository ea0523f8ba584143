"""Tunnels that come up from one end only (PW-ONEWAY)."""

from __future__ import annotations

from ikeaudit.exchange import Exchange
from ikeaudit.hazards.facts.tunnels import FAILED, TunnelPair
from ikeaudit.hazards.shared.pair_findings import Failing


def oneway(tunnel: TunnelPair) -> Failing | None:
    """The failing direction of a tunnel whose other direction comes up; None when there is no such thing.

    The primary reading counts first. Otherwise the worst reading of one direction against the primary one of the other:
    then with the confidence of the direction that may fail. A direction that is unknown, or that nobody starts, proves
    nothing.
    """
    if tunnel.back is None:
        return None
    for good, bad in ((tunnel.there, tunnel.back), (tunnel.back, tunnel.there)):
        if good.holds and bad.outcome in FAILED:
            return Failing(tunnel, (bad,), bad.confidence)
    for good, bad in ((tunnel.there, tunnel.back), (tunnel.back, tunnel.there)):
        if good.holds and _may_fail(bad):
            return Failing(tunnel, (bad,), bad.confidence)
    return None


def _may_fail(exchange: Exchange) -> bool:
    return (
        exchange.confidence != "unknown"
        and exchange.outcome not in ("unknown", "not-initiated")
        and exchange.worst in FAILED
    )
