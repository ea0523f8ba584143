"""Dead peer detection as it applies to one tunnel end."""

from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.model import Keepalive
from ikeaudit.selection import Endpoint, RouterRules


def keepalive(rules: RouterRules, end: Endpoint) -> Keepalive | None:
    """The setting of the bound profile, or of the one that names the virtual template, else the router's own."""
    router = rules.router
    if end.ike_version == 2:
        bound = next((p for p in router.ikev2.profiles if p.name == end.ikev2_profile), None)
        return (bound.dpd if bound is not None else None) or router.ikev2.dpd
    profile = rules.profiles.get(end.isakmp_profile or "")
    if profile is None and end.virtual_template is not None:
        profile = next((p for p in router.isakmp_profiles if p.virtual_template == end.virtual_template), None)
    return (profile.keepalive if profile is not None else None) or router.isakmp.keepalive


def peer_keepalive(peer: Peer) -> Keepalive | None:
    """The setting for one known peer: as :func:`keepalive`; at an unbound end that of the profile which the peer selects."""
    selected = peer.profile if peer.end.isakmp_profile is None and peer.end.ike_version == 1 else None
    return (selected.keepalive if selected is not None else None) or keepalive(peer.rules, peer.end)
