"""Between phase 1 and quick mode: a user name asked of a router, which gives none (XAUTH-ROUTERS, U-21)."""

from __future__ import annotations

from ikeaudit.exchange.choices import Option
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.model import IsakmpProfile
from ikeaudit.selection import RouterRules


def challenge(
    run: Run, initiator: Initiator, responder: Responder, selected: IsakmpProfile | None, *, exempt: bool
) -> None:
    """Stops where one end asks the other; ``exempt`` tells that the caller's key for this peer says ``no-xauth``."""
    first = responder.endpoints[0] if responder.endpoints else None
    arrived = responder.rules.addresses.interface(responder.end.interface)
    here = arrived.crypto_maps[0].name if first is None and arrived is not None and arrived.crypto_maps else None
    mine = initiator.rules.profiles.get(run.initiator_profile or "")
    if _asks(run, responder.rules, selected, first.crypto_map if first is not None else here, exempt=run.no_xauth):
        run.message("XAUTH", "responder")
        run.say(responder.router, "Need XAUTH")
        run.stop("XAUTH", "xauth")
    if not _asks(run, initiator.rules, mine, initiator.endpoint.crypto_map, exempt=exempt):
        return
    name = initiator.router.name
    if run.choose([Option(False, f"{name} asks nobody whom it calls"), Option(True, f"{name} asks whom it calls")]):
        run.stop("XAUTH", "xauth")


def _asks(run: Run, rules: RouterRules, profile: IsakmpProfile | None, crypto_map: str | None, *, exempt: bool) -> bool:
    """Whether an end asks: its profile for the peer says so, without one its crypto map; a key may be exempt."""
    asking = rules.asks_user(profile, crypto_map)
    if asking is None:
        return False
    if exempt:
        if profile is not None:
            run.assume("no-xauth exempts from the client authentication of a profile, too (XAUTH-ROUTERS)")
        return False
    run.cite(rules.router, asking)
    return True
