"""The inside VRF of a tunnel end, where configurations say it in a way that is not supported (PROFILE-IVRF)."""

from __future__ import annotations

from ikeaudit.selection.endpoint import Endpoint
from ikeaudit.selection.rules import RouterRules


def unsupported_inside(rules: RouterRules, end: Endpoint) -> tuple[int, ...]:
    """The lines by which a tunnel's profile names an inside VRF, or a crypto map in a VRF protects the default table.

    Empty where the end is as it should be; virtual templates are cloned into the VRF of their profile.
    """
    one, two = rules.profiles.get(end.isakmp_profile or ""), rules.ikev2.profiles.get(end.ikev2_profile or "")
    vrf = two.ivrf if two is not None else one.vrf if one is not None else None
    if end.kind == "tunnel":
        named = two or one
        return (named.line,) if vrf is not None and named is not None and end.virtual_template is None else ()
    carrier = rules.addresses.interface(end.interface.split()[0])
    if end.kind != "crypto-map" or vrf is not None or carrier is None or carrier.vrf is None:
        return ()
    sources = [proxy.source for proxy in rules.proxies(end).entries]
    here = [
        (interface.vrf, interface.line)
        for interface in rules.router.interfaces
        for own in interface.addresses
        if own.prefix is not None and any(own.prefix.network.overlaps(source) for source in sources if source.mask)
    ]
    return tuple(line for _, line in here) if here and all(table is None for table, _ in here) else ()
