"""IKEv2 identities and what covers them, found without walking all of it (IKEV2-PROFILE, IKEV2-KEYS)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from ikeaudit.model import Ikev2Identity, Ikev2Keyring, Ikev2Peer, IPAddress, Prefix
from ikeaudit.model.versions import differing
from ikeaudit.selection.prefixes import Places, PrefixIndex, forget, note
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
        self._addresses = PrefixIndex()
        self._names: Places = {}
        for place, match in listed:
            if match.prefix is not None and match.kind == "address":
                self._addresses.add(place, match.prefix)
            else:
                for key in _named(match):
                    self._names.setdefault(key, []).append(place)

    def changed(
        self, gone: Collection[tuple[int, Ikev2Identity]], come: Collection[tuple[int, Ikev2Identity]]
    ) -> IdentityIndex:
        """The index without what is ``gone``, and with what has ``come`` behind all others; this one stays as it is."""
        other = IdentityIndex(())
        other._addresses = self._addresses.changed(_prefixes(gone), _prefixes(come))
        other._names = dict(self._names)
        for listed, how in ((gone, forget), (come, note)):
            for place, match in listed:
                for key in _named(match):
                    how(other._names, key, place)
        return other

    def covering(self, identity: Identity) -> set[int]:
        """The places of which some identity covers ``identity``."""
        names = self._names
        found = set(names.get(_ANY, ()))
        if identity.kind == "address":
            found.update(place for place, _ in self._addresses.covering(identity.address))
            return found
        value = identity.value.lower()
        found.update(names.get((identity.kind, value), ()))
        if identity.kind == "fqdn":
            at = value.find(".")
            while at >= 0:
                found.update(names.get(("fqdn-domain", value[at:]), ()))
                at = value.find(".", at + 1)
        elif identity.kind == "user-fqdn":
            found.update(names.get(("email-domain", value.rpartition("@")[2]), ()))
        return found


_ANY = ("any", "")


def _named(match: Ikev2Identity) -> Iterator[tuple[str, str]]:
    """Under what a line that matches no address is found."""
    if match.kind == "any":
        yield _ANY
    elif match.kind != "address":
        value = (match.value or "").lower()
        if match.kind == "email-domain":
            yield match.kind, value
            return
        yield _KINDS.get(match.kind, match.kind), value
        if match.kind == "fqdn-domain":
            yield match.kind, "." + value.removeprefix(".")


def _prefixes(listed: Iterable[tuple[int, Ikev2Identity]]) -> Iterator[tuple[int, Prefix]]:
    return ((place, match.prefix) for place, match in listed if match.prefix is not None)


class PeerBlocks:
    """The peer blocks of one keyring, found by address, by identity or by host name; the best in their order."""

    def __init__(self, keyring: Ikev2Keyring, earlier: PeerBlocks | None = None) -> None:
        """``earlier``: those of another version of the keyring, of which is taken over what has not changed."""
        self.keyring = keyring
        self._addresses = PrefixIndex()
        self._names: Places = {}
        self._identities = IdentityIndex(())
        self.ppk = 0
        """How many blocks have a post-quantum key."""
        start, gone, come = 0, tuple[Ikev2Peer, ...](), keyring.peers
        if earlier is not None:
            start, gone, come = differing(earlier.keyring.peers, keyring.peers)
            if start + len(gone) < len(earlier.keyring.peers):
                start, gone, come = 0, (), keyring.peers  # places have moved
            else:
                self._addresses, self._names, self._identities = earlier._addresses, earlier._names, earlier._identities
                self.ppk = earlier.ppk
        self._put(list(enumerate(gone, start)), list(enumerate(come, start)))

    def _put(self, gone: list[tuple[int, Ikev2Peer]], come: list[tuple[int, Ikev2Peer]]) -> None:
        """Leave out blocks and take others in, without a change of what an earlier version shares."""
        self._addresses = self._addresses.changed(_addresses(gone), _addresses(come))
        self._names = dict(self._names)
        for listed, how in ((gone, forget), (come, note)):
            for place, block in listed:
                if block.hostname is not None:
                    how(self._names, block.hostname.lower(), place)
        self._identities = self._identities.changed(_identities(gone), _identities(come))
        self.ppk += sum(block.ppk for _, block in come) - sum(block.ppk for _, block in gone)

    @property
    def precise(self) -> Iterator[Ikev2Peer]:
        """The blocks for addresses, the prefix of all left out."""
        return (block for block in self.keyring.peers if any(prefix.mask for prefix in block.addresses))

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


def _addresses(listed: Iterable[tuple[int, Ikev2Peer]]) -> Iterator[tuple[int, Prefix]]:
    return ((place, prefix) for place, block in listed for prefix in block.addresses)


def _identities(listed: Iterable[tuple[int, Ikev2Peer]]) -> list[tuple[int, Ikev2Identity]]:
    return [(place, block.identity) for place, block in listed if block.identity is not None]
