"""IKEv2 identities and what covers them, found without walking all of it (IKEV2-PROFILE, IKEV2-KEYS)."""

from __future__ import annotations

from collections.abc import Iterable

from ikeaudit.model import Ikev2Identity, Ikev2Keyring, Ikev2Peer, IPAddress, Prefix
from ikeaudit.selection.prefixes import PrefixIndex
from ikeaudit.selection.profiles import Identity

_KINDS = {"fqdn": "fqdn", "fqdn-domain": "fqdn", "email": "user-fqdn", "email-domain": "user-fqdn"}


def identity_matches(match: Ikev2Identity, identity: Identity) -> bool:
    """Whether a ``match identity remote`` line covers an identity."""
    if match.kind == "any":
        return True
    if match.kind == "address":
        return identity.kind == "address" and match.prefix is not None and covers(match.prefix, identity.address)
    mine, theirs = (match.value or "").lower(), identity.value.lower()
    if _KINDS.get(match.kind, match.kind) != identity.kind:
        return False
    if match.kind == "fqdn-domain":
        return theirs == mine or theirs.endswith("." + mine.removeprefix("."))
    if match.kind == "email-domain":
        return theirs.rpartition("@")[2] == mine
    return mine == theirs


def covers(prefix: Prefix, address: IPAddress | None) -> bool:
    """Whether a prefix surely covers an address; for one that is learnt (None) only the prefix of all does."""
    return not prefix.length if address is None else prefix.covers(address)


class IdentityIndex:
    """Places by identity, found by the identity covered: the same as asking :func:`identity_matches` of each."""

    def __init__(self, listed: Iterable[tuple[int, Ikev2Identity]]) -> None:
        self._any: list[int] = []
        self._addresses = PrefixIndex()
        self._names: dict[tuple[str, str], list[int]] = {}
        self._domains: dict[str, list[int]] = {}
        self._mail: dict[str, list[int]] = {}
        for place, match in listed:
            self._add(place, match)

    def _add(self, place: int, match: Ikev2Identity) -> None:
        if match.kind == "any":
            self._any.append(place)
        elif match.kind == "address":
            if match.prefix is not None:
                self._addresses.add(place, match.prefix)
        else:
            value = (match.value or "").lower()
            if match.kind == "email-domain":
                self._mail.setdefault(value, []).append(place)
                return
            self._names.setdefault((_KINDS.get(match.kind, match.kind), value), []).append(place)
            if match.kind == "fqdn-domain":
                self._domains.setdefault("." + value.removeprefix("."), []).append(place)

    def covering(self, identity: Identity) -> set[int]:
        """The places of which some identity covers ``identity``."""
        found = set(self._any)
        if identity.kind == "address":
            found.update(place for place, _ in self._addresses.covering(identity.address))
            return found
        value = identity.value.lower()
        found.update(self._names.get((identity.kind, value), ()))
        if identity.kind == "fqdn" and self._domains:
            at = value.find(".")
            while at >= 0:
                found.update(self._domains.get(value[at:], ()))
                at = value.find(".", at + 1)
        elif identity.kind == "user-fqdn" and self._mail:
            found.update(self._mail.get(value.rpartition("@")[2], ()))
        return found


class PeerBlocks:
    """The peer blocks of one keyring, found by address, by identity or by host name; the best in their order."""

    def __init__(self, keyring: Ikev2Keyring) -> None:
        self.keyring = keyring
        self._addresses = PrefixIndex()
        self._names: dict[str, list[int]] = {}
        self.precise: list[Ikev2Peer] = []
        """The blocks for addresses, the prefix of all left out."""
        for place, block in enumerate(keyring.peers):
            for prefix in block.addresses:
                self._addresses.add(place, prefix)
            if block.hostname is not None:
                self._names.setdefault(block.hostname.lower(), []).append(place)
            if any(prefix.mask for prefix in block.addresses):
                self.precise.append(block)
        self._identities = IdentityIndex(
            (place, block.identity) for place, block in enumerate(keyring.peers) if block.identity is not None
        )

    def by_address(self, address: IPAddress | None) -> list[Ikev2Peer]:
        """The blocks whose prefix covers ``address`` and is the longest that does."""
        return self._best(self._addresses.covering(address))

    def by_name(self, names: Iterable[str]) -> list[Ikev2Peer]:
        """The blocks whose ``hostname`` is one of ``names``, which are in lower case."""
        return self._best((place, 0) for name in names for place in self._names.get(name, ()))

    def by_identity(self, identity: Identity) -> list[Ikev2Peer]:
        """The blocks whose ``identity`` covers ``identity`` and is the most precise that does."""
        return self._best((place, self._precision(place)) for place in self._identities.covering(identity))

    def _precision(self, place: int) -> int:
        own = self.keyring.peers[place].identity
        assert own is not None, "only blocks with an identity are in the index"
        return own.prefix.length if own.prefix is not None else len(own.value or "")

    def _best(self, fits: Iterable[tuple[int, int]]) -> list[Ikev2Peer]:
        best, places = -1, set[int]()
        for place, how in fits:
            if how > best:
                best, places = how, {place}
            elif how == best:
                places.add(place)
        return [self.keyring.peers[place] for place in sorted(places)]
