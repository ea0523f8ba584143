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
    mine = initiator.rules.profiles.get(run.initiator_profile or "")
    if _asks(run, responder.rules, selected, _answering_map(responder), exempt=run.no_xauth):
        run.message("XAUTH", "responder")
        run.say(responder.router, "Need XAUTH")
        run.stop("XAUTH", "xauth")
    if not _asks(run, initiator.rules, mine, initiator.endpoint.crypto_map, exempt=exempt):
        return
    name = initiator.router.name
    if run.choose([Option(False, f"{name} asks nobody whom it calls"), Option(True, f"{name} asks whom it calls")]):
        run.stop("XAUTH", "xauth")


def _answering_map(responder: Responder) -> str | None:
    """The crypto map that the call comes to: of the end that waits for it, else of the interface where it arrives."""
    if responder.endpoints:
        return responder.endpoints[0].crypto_map
    arrived = responder.rules.addresses.interface(responder.end.interface)
    return next((reference.name for reference in arrived.crypto_maps), None) if arrived is not None else None


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
