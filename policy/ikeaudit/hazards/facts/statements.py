"""The match statements of one profile, searchable without walking them all."""

import msgspec

from ikeaudit.model import IdentityMatch, IsakmpProfile, Router
from ikeaudit.selection import Addresses, Identity, LocalEnd
from ikeaudit.selection.profiles import ProfileTable


class Statements:
    """What one profile matches; neither the tunnel's own VRF nor a ``local-address`` counts here."""

    def __init__(self, router: Router, profile: IsakmpProfile, addresses: Addresses) -> None:
        alone = msgspec.structs.replace(profile, local_address=None)
        self._table = ProfileTable(msgspec.structs.replace(router, isakmp_profiles=(alone,)), addresses)
        self._vrfs = tuple(dict.fromkeys(match.vrf for match in profile.matches))
        self.certificates = any(match.kind == "certificate" for match in profile.matches)
        self.only_names = all(match.prefix is None for match in profile.matches)

    def covering(self, identity: Identity) -> tuple[IdentityMatch, ...]:
        """The most specific statement that covers ``identity``, for each VRF that has one."""
        found = (self._table.search(identity, LocalEnd(None, None, vrf)).first for vrf in self._vrfs)
        return tuple(pick.match for pick in found if pick is not None)
