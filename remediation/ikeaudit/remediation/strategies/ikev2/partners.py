"""Who stands at the other end of each place, with what identity and which key, as IKEv2 needs it (IKEV2-KEYS, PLAN-IKEV2)."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import msgspec

from ikeaudit.fleet import Fleet
from ikeaudit.model import IPAddress, IsakmpProfile, Prefix, Secret, same_key
from ikeaudit.parsing.fingerprint import PSK_TOKEN
from ikeaudit.remediation.plan import Refusal
from ikeaudit.remediation.strategies.ikev2.links import Link, Unit
from ikeaudit.remediation.strategies.ikev2.places import Place
from ikeaudit.selection import Endpoint, Identity, KeyPick, RouterRules


class Held(msgspec.Struct, frozen=True):
    """The key that an end has for its peer, with the address and mask that it is configured for, and its lines."""

    secret: Secret
    prefix: Prefix
    lines: tuple[int, ...]


class Unfit(msgspec.Struct, frozen=True):
    """Why there is no key to go on with; ``lines`` stand on the router of the end that was looked at.

    ``curable``: a new key would do instead.
    """

    reason: str
    lines: tuple[int, ...] = ()
    curable: bool = True


class Tokens(msgspec.Struct, frozen=True):
    """What stands in a peer block: the key that this end proves itself with, and the one that it expects of the peer."""

    local: str
    remote: str

    @property
    def symmetric(self) -> bool:
        """Whether one ``pre-shared-key`` line says both."""
        return self.local == self.remote

    @property
    def names(self) -> tuple[str, ...]:
        """What stands in the tokens."""
        return tuple(PSK_TOKEN.findall(self.local + self.remote))

    @property
    def swapped(self) -> Tokens:
        """The same pair as the other end has it."""
        return Tokens(self.remote, self.local)


def held(rules: RouterRules, end: Endpoint, peer: IPAddress) -> Held | Unfit:
    """The key of ``end`` for ``peer``: that of its bound profile, else the one that every reading of the rules finds."""
    profiles = _profiles(rules, end, peer)
    searches = [rules.keys_in_profile(profile, end.local, peer) for profile in profiles]
    if not profiles or end.isakmp_profile is None:
        searches.append(rules.blind_keys(end.local, peer))
    picks = [pick for search in searches for pick in (*search.best, *search.uncertain)]
    lines = _lines(picks)
    if any(search.uncertain for search in searches):
        return Unfit(f"it is not known whether the local-address of its keyring for {peer} fits", lines)
    if not picks:
        return _keyless(rules, profiles, peer)
    if len({(pick.key.secret.opaque, pick.key.secret.fingerprint) for pick in picks}) > 1:
        return Unfit(f"it depends on the reading of the rules which key it takes for {peer}", lines)
    facts = picks[0].key.secret.facts
    if facts is not None and facts.trailing_blanks:
        return Unfit("its key ends in a blank, which does not survive being sent again (KEY-BLANKS)", lines)
    prefix = picks[0].key.prefix
    assert prefix is not None, "a search by address finds keys of addresses"
    return Held(picks[0].key.secret, prefix, lines)


def _profiles(rules: RouterRules, end: Endpoint, peer: IPAddress) -> list[IsakmpProfile]:
    if end.isakmp_profile is not None:
        return [rules.profiles[end.isakmp_profile]]
    search = rules.profiles_for(Identity("address", peer), end.local)
    picks = [*search.best, *((search.first,) if search.first is not None else ())]
    return list({pick.profile.name: pick.profile for pick in picks}.values())


def _keyless(rules: RouterRules, profiles: list[IsakmpProfile], peer: IPAddress) -> Unfit:
    lines = [profile.line for profile in profiles]
    trusted = [reference.line for profile in profiles for reference in profile.trustpoints]
    if trusted or rules.certificates:
        return Unfit("it authenticates with certificates, which are left as they are", (*lines, *trusted), False)
    return Unfit(f"it has no pre-shared key for {peer}", tuple(lines))


def _lines(picks: list[KeyPick]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(line for pick in picks for line in (pick.keyring.line, pick.key.line)))


class Different(msgspec.Struct, frozen=True):
    """Why the keys of two ends cannot be carried over."""

    reason: str


def carried(near: Secret, far: Secret) -> Tokens | Different:
    """The key that both ends share today, as one token."""
    equal = same_key(near, far, same_router=False)
    if equal is None:
        return Different(
            "at least one of the two keys is encrypted (type 6), so nobody can tell whether they are the same; new keys need "
            "no comparison (--new-keys)"
        )
    if not equal:
        return Different("the two ends hold different keys; agree on one, or let new ones be made (--new-keys)")
    if 0 not in (near.type, far.type):
        return Different("both ends hold the key in type 7, which IKEv2 keyrings do not take; use --new-keys")
    token = f"<PSK:{near.fingerprint}>"
    return Tokens(token, token)


def made(change_id: str, link: Link) -> Tokens:
    """Tokens for the two keys of a pair of ends, one for each side, that are made when the plan is applied.

    The fingerprint in such a token is a name, not derived from any key.
    """
    one, other = _end(link.near), _end(link.far)
    low, high = sorted((one, other))
    pair = Tokens(_named(change_id, low, high), _named(change_id, high, low))
    return pair if one == low else pair.swapped


def made_for_all(change_id: str, cloud: str) -> Tokens:
    """The token for the one key of a multipoint cloud whose members share it."""
    token = _named(change_id, cloud)
    return Tokens(token, token)


def _end(end: Endpoint) -> str:
    return f"{end.router} {end.local.address} {end.fvrf or ''}"


def _named(*words: str) -> str:
    return f"<PSK:{sha256(chr(0).join(('new key', *words)).encode()).hexdigest()[:16]}>"


class Partner(msgspec.Struct, frozen=True):
    """A peer of a place.

    ``address`` is the peer as this router sees it, ``identity`` the address that it presents as itself (another one behind
    NAT, NAT-ADDRESSES). ``prefix`` is whom the key is for: the peer alone, or all whom a multipoint end has the key for today.
    """

    place: Place
    router: str
    end: Endpoint
    address: IPAddress
    identity: IPAddress
    prefix: Prefix
    tokens: Tokens

    @property
    def matched(self) -> Prefix:
        """The identities that this router accepts for it."""
        return (
            self.prefix if not self.prefix.is_host and self.prefix.covers(self.identity) else Prefix.of(self.identity)
        )


class _Pair(msgspec.Struct, frozen=True):
    """A link with the keys that its two ends hold today."""

    link: Link
    near: Held | Unfit
    far: Held | Unfit


def partners(
    fleet: Fleet, unit: Unit, change_id: str, *, new_keys: bool
) -> tuple[tuple[Partner, ...], tuple[Refusal, ...]]:
    """The partners of every place of ``unit``, each once; or, in the second place, why their keys do not serve."""
    pairs = [_pair(fleet, link) for link in unit.links]
    refusals = [r for pair in pairs for r in _refusals(fleet, pair, new_keys=new_keys)]
    if refusals:
        return (), tuple({(r.router, r.subject, r.reason): r for r in refusals}.values())
    waiting = frozenset(place for place in unit.places if _multipoint(unit, place))
    cloud = new_keys and any(
        not side.prefix.is_host
        for pair in pairs
        for side, place in ((pair.near, pair.link.near_place), (pair.far, pair.link.far_place))
        if isinstance(side, Held) and place in waiting
    )
    found: dict[tuple[Place, IPAddress, IPAddress | None], Partner] = {}
    for pair in pairs:
        if cloud:
            tokens = made_for_all(change_id, " ".join(place.label for place in unit.places))
        elif new_keys:
            tokens = made(change_id, pair.link)
        else:
            assert isinstance(pair.near, Held) and isinstance(pair.far, Held)
            both = carried(pair.near.secret, pair.far.secret)
            assert isinstance(both, Tokens)
            tokens = both
        for partner in _both(pair, tokens, waiting):
            found.setdefault((partner.place, partner.address, partner.end.local.address), partner)
    return tuple(found.values()), ()


def _multipoint(unit: Unit, place: Place) -> bool:
    """Whether a place also answers callers that it does not name."""
    return any(end.accepts_any and _stands_at(end, place) for end in unit.ends) or any(
        link.far_place == place and link.far.accepts_any for link in unit.links
    )


def _stands_at(end: Endpoint, place: Place) -> bool:
    return end.router == place.router and place.kind == "tunnel" and end.interface == place.name


def _pair(fleet: Fleet, link: Link) -> _Pair:
    assert link.near.peer is not None, "a link begins at an end that knows its peer"
    return _Pair(
        link,
        held(fleet.rules(link.near.router), link.near, link.near.peer),
        held(fleet.rules(link.far.router), link.far, link.caller),
    )


def _refusals(fleet: Fleet, pair: _Pair, *, new_keys: bool) -> Iterator[Refusal]:
    link = pair.link
    near, far = fleet.router(link.near.router), fleet.router(link.far.router)
    for router, place, key in ((near, link.near_place, pair.near), (far, link.far_place, pair.far)):
        if isinstance(key, Unfit) and not (new_keys and key.curable):
            lines = (*key.lines, *(link.near if router is near else link.far).lines)
            reason = f"Its key cannot be carried over: {key.reason}."
            yield Refusal(router=router.name, subject=place.label, reason=reason, evidence=router.evidence(*lines))
    if new_keys or isinstance(pair.near, Unfit) or isinstance(pair.far, Unfit):
        return
    both = carried(pair.near.secret, pair.far.secret)
    if isinstance(both, Different):
        first, second = sorted((near.name, far.name))
        mine, place = (near, link.near_place) if near.name == first else (far, link.far_place)
        yield Refusal(
            router=mine.name,
            subject=place.label,
            reason=f"The key between {first} and {second} cannot be carried over: {both.reason}.",
            evidence=(*near.evidence(*pair.near.lines), *far.evidence(*pair.far.lines))
            if mine is near
            else (*far.evidence(*pair.far.lines), *near.evidence(*pair.near.lines)),
        )


def _both(pair: _Pair, tokens: Tokens, waiting: frozenset[Place]) -> Iterator[Partner]:
    link = pair.link
    near_address, far_address = link.near.local.address, link.far.local.address
    assert link.near.peer is not None and near_address is not None and far_address is not None
    yield Partner(
        link.near_place,
        link.far.router,
        link.near,
        link.near.peer,
        far_address,
        _prefix(pair.near, link.near.peer, wide=link.near_place in waiting),
        tokens,
    )
    yield Partner(
        link.far_place,
        link.near.router,
        link.far,
        link.caller,
        near_address,
        _prefix(pair.far, link.caller, wide=link.far_place in waiting),
        tokens.swapped,
    )


def _prefix(key: Held | Unfit, peer: IPAddress, *, wide: bool) -> Prefix:
    return key.prefix.network if wide and isinstance(key, Held) else Prefix.of(peer)
