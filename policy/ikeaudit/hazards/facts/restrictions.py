"""Every ``local-address`` of a router."""

from __future__ import annotations

from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.model import LocalAddress


def restrictions(facts: RouterFacts) -> list[tuple[str, LocalAddress]]:
    """Every ``local-address`` of keyrings and profiles with its owner in words."""
    rings = [(f"keyring {k.name}", k.local_address) for k in facts.router.keyrings]
    profiles = [(f"profile {p.name}", p.local_address) for p in facts.router.isakmp_profiles]
    return [(owner, restriction) for owner, restriction in (*rings, *profiles) if restriction is not None]
