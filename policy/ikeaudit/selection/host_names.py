"""``ip host``: what a router makes of a peer that is given by name."""

from __future__ import annotations

from functools import cached_property

from ikeaudit.model import HostMapping, Router


class HostNames:
    """The names that ``ip host`` knows, by front-door VRF; capitals do not count, and the router's domain may be left out."""

    def __init__(self, router: Router) -> None:
        self._router = router

    @cached_property
    def _first(self) -> dict[tuple[str | None, str], tuple[int, HostMapping]]:
        """The first mapping of each name, with its place."""
        found: dict[tuple[str | None, str], tuple[int, HostMapping]] = {}
        for place, mapping in enumerate(self._router.host_mappings):
            found.setdefault((mapping.vrf, mapping.name.lower()), (place, mapping))
        return found

    def mapping(self, vrf: str | None, name: str) -> HostMapping | None:
        """The first mapping in ``vrf`` of ``name``, as it is or within the router's domain; None without one."""
        if not self._router.host_mappings:
            return None
        domain = f".{self._router.domain_name.lower()}" if self._router.domain_name else ""
        spellings = {name.lower(), name.lower() + domain}
        found = [self._first[vrf, one] for one in spellings if (vrf, one) in self._first]
        return min(found, key=lambda one: one[0])[1] if found else None
