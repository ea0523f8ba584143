"""Where aggressive mode is used, wanted or forbidden (MODE-AGGRESSIVE)."""

from __future__ import annotations

from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.ios.words import slot

_DISABLED = slot("global/crypto-isakmp-aggressive-mode-disable")


def initiates(facts: RouterFacts) -> list[tuple[str, int]]:
    """What makes the router start aggressive mode, in words with the line: profiles, and ``crypto isakmp peer`` blocks."""
    found = [(f"profile {p.name}", p.line) for p in facts.router.isakmp_profiles if p.initiate_mode == "aggressive"]
    found += [
        (f"crypto isakmp peer {block.address or block.hostname}", block.line)
        for block in facts.router.isakmp.peers
        if block.password is not None or block.client_endpoint is not None
    ]
    return found


def needs(facts: RouterFacts) -> list[tuple[str, int]]:
    """What only works by aggressive mode when somebody calls: keys by host name, and EzVPN groups."""
    found = [
        (f"the key for host {pick.key.hostname}", pick.key.line)
        for pick in facts.picks
        if pick.key.hostname is not None
    ]
    found += [
        (f"match identity group {match.value}", match.line)
        for profile in facts.router.isakmp_profiles
        for match in profile.matches
        if match.kind == "group"
    ]
    return found


def disabling(facts: RouterFacts) -> list[int]:
    """The line that disables aggressive mode."""
    lines = enumerate(facts.router.lines, facts.router.first_line)
    return [n for n, text in lines if text.strip() == _DISABLED]
