"""The calls of one router, found by what of a change can concern them; never too few, so that no verdict goes stale."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping

from ikeaudit.model import IPAddress, Prefix
from ikeaudit.remediation.calls import Call
from ikeaudit.remediation.touched import Touched

_V1, _V2, _OPEN, _V1_ANY, _V2_ANY = "IKEv1", "IKEv2", "any profile", "any address", "any address by IKEv2"


class CallIndex:
    """What tells which of a router's calls a change may concern: each of them is then asked itself (:meth:`Call.concerned`).

    ``edition`` grows with every :meth:`update`: who keeps the index beside another edition has to build it anew.
    """

    def __init__(self, name: str, calls: Mapping[int, Call]) -> None:
        self.edition = 0
        self._name = name
        self._said: dict[int, frozenset[Hashable]] = {}
        self._numbers: dict[Hashable, set[int]] = {}
        self._by_address: dict[IPAddress, list[int]] = {}
        self._by_interface: dict[str, list[int]] = {}
        for number, call in calls.items():
            self._note(number, call)
            for address in {*_addresses(call)}:
                self._by_address.setdefault(address, []).append(number)
            ends = (call.endpoint, *call.ends(name), *call.elsewhere(name))
            for interface in {end.interface for end in ends}:
                self._by_interface.setdefault(interface, []).append(number)
        self._sorted = {
            version: sorted(int(address) for address in self._by_address if address.version == version)
            for version in (4, 6)
        }
        self._kinds: dict[int, type[IPAddress]] = {address.version: type(address) for address in self._by_address}

    def update(self, number: int, call: Call) -> None:
        """Take in what ``call`` is bound to now; whom it calls, from where, stays the same."""
        self.edition += 1
        for feature in self._said.pop(number):
            self._numbers[feature].discard(number)
        self._note(number, call)

    def at(self, interfaces: Iterable[str]) -> set[int]:
        """The calls with an end at one of ``interfaces``."""
        return {number for interface in interfaces for number in self._by_interface.get(interface, ())}

    def candidates(self, touched: Touched) -> set[int]:
        """The calls that ``touched``, which is not anything at all, may concern.

        What the peers present in place of their address is not looked at here.
        """
        features: list[Hashable] = [("set", name) for name in touched.transform_sets]
        prefixes: list[Prefix] = []
        if touched.ikev1:
            features.append(_V1)
        if touched.ikev2:
            features.append(_V2)
        if touched.prefixes or touched.profiles:
            features += [_OPEN, _V1_ANY, *(("profile", name) for name in touched.profiles)]
            prefixes += touched.prefixes
        if touched.v2_prefixes or touched.v2_profiles:
            features += [_V2_ANY, *(("profile by IKEv2", name) for name in touched.v2_profiles)]
            prefixes += touched.v2_prefixes
        found = set[int]().union(*(self._numbers.get(feature, ()) for feature in features))
        for prefix in prefixes:
            found.update(number for address in self._covered(prefix) for number in self._by_address[address])
        return found

    def _covered(self, prefix: Prefix) -> Iterator[IPAddress]:
        if prefix.is_host:
            if prefix.address in self._by_address:
                yield prefix.address
        elif prefix.contiguous:
            values, first = self._sorted[prefix.version], prefix.network.value
            last = first | (~prefix.mask & ((1 << prefix.bits) - 1))
            for value in values[bisect_left(values, first) : bisect_right(values, last)]:
                yield self._kinds[prefix.version](value)
        else:
            yield from (address for address in self._by_address if prefix.covers(address))

    def _note(self, number: int, call: Call) -> None:
        said = frozenset(self._features(call))
        self._said[number] = said
        for feature in said:
            self._numbers.setdefault(feature, set()).add(number)

    def _features(self, call: Call) -> Iterator[Hashable]:
        for end in call.ends(self._name):
            yield from (("set", name) for name in end.transform_sets)
            yield "profile", end.isakmp_profile
            yield "profile by IKEv2", end.ikev2_profile
        if call.old:
            yield _V1
        if call.endpoint.ike_version == 2:
            yield _V2
        if self._name in call.selectable:
            yield from (("profile", name) for name in call.selectable[self._name])
        elif call.endpoint.ike_version == 1:
            yield _OPEN
        if any(r is None or r.caller is None or r.end.address is None or r.translated for r in call.responders):
            yield from (_V1_ANY, _V2_ANY)
        if call.endpoint.peer is None or call.endpoint.local.address is None:
            yield from (_V1_ANY, _V2_ANY)


def _addresses(call: Call) -> Iterator[IPAddress]:
    """The addresses of a call by which a key or a profile may be picked, the same as long as nobody moves."""
    seen: list[IPAddress | None] = [call.endpoint.peer, call.endpoint.local.address]
    for responder in call.responders:
        seen += [] if responder is None else [responder.caller, responder.end.address]
    yield from (address for address in seen if address is not None)
