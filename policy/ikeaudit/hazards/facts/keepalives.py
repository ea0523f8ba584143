"""Dead peer detection as it applies to one tunnel end."""

from __future__ import annotations

from ikeaudit.model import Keepalive
from ikeaudit.selection import Endpoint, RouterRules


def keepalive(rules: RouterRules, end: Endpoint) -> Keepalive | None:
    """The setting of the bound profile, else the router's own."""
    router = rules.router
    if end.ike_version == 2:
        bound = next((p for p in router.ikev2.profiles if p.name == end.ikev2_profile), None)
        return (bound.dpd if bound is not None else None) or router.ikev2.dpd
    profile = rules.profiles.get(end.isakmp_profile or "")
    return (profile.keepalive if profile is not None else None) or router.isakmp.keepalive
