"""What is defined on a router, to tell references that lead nowhere."""

from __future__ import annotations

from functools import cached_property

from ikeaudit.model import IpsecProfile, NamedLine, Router
from ikeaudit.selection.host_names import HostNames


class Defined:
    """The names of what tunnel ends refer to, and the IPsec profiles by theirs; worked out when asked for.

    ``hosts`` are the names that peers may be given by.
    """

    def __init__(self, router: Router) -> None:
        self._router = router
        self.hosts = HostNames(router)

    @cached_property
    def ipsec_profiles(self) -> dict[str, IpsecProfile]:
        """The IPsec profiles by name."""
        return {profile.name: profile for profile in self._router.ipsec_profiles}

    @cached_property
    def acls(self) -> frozenset[str]:
        """The names of the access lists."""
        return frozenset(acl.name for acl in self._router.acls)

    @cached_property
    def _transform_sets(self) -> frozenset[str]:
        return frozenset(transform_set.name for transform_set in self._router.transform_sets) | {"default"}

    @cached_property
    def _isakmp_profiles(self) -> frozenset[str]:
        return frozenset(profile.name for profile in self._router.isakmp_profiles)

    @cached_property
    def _ikev2_profiles(self) -> frozenset[str]:
        return frozenset(profile.name for profile in self._router.ikev2.profiles) | {"default"}

    def undefined_sets(self, references: tuple[NamedLine, ...]) -> list[tuple[str, int]]:
        """Transform sets that are named and not defined, with the line."""
        return [(f"transform set {n.name}", n.line) for n in references if n.name not in self._transform_sets]

    def undefined_profiles(self, isakmp: str | None, ikev2: str | None, line: int) -> list[tuple[str, int]]:
        """Bound profiles that are not defined, with the line that binds them."""
        missing = []
        if isakmp is not None and isakmp not in self._isakmp_profiles:
            missing.append((f"isakmp profile {isakmp}", line))
        if ikev2 is not None and ikev2 not in self._ikev2_profiles:
            missing.append((f"ikev2 profile {ikev2}", line))
        return missing
