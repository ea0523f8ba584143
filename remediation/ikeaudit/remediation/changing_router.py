"""A router under change: its configuration takes commands, and is read again as a model whenever that is asked for."""

from collections.abc import Iterable
from functools import lru_cache, partial

import msgspec

from ikeaudit.candidate import Candidate, Reply
from ikeaudit.model import IsakmpProfile, Key, Keyring, Prefix, Router, SecretFacts
from ikeaudit.model.versions import differing
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.remediation.sections_seen import SectionsSeen
from ikeaudit.remediation.splice import BINDING, EVERYTHING, CannotSplice, Excerpts, kind_of, spliced
from ikeaudit.remediation.text_seen import Pages
from ikeaudit.remediation.touched import Touched, touched_v2, without_lines

_NO_KEYS = Fingerprinter(bytes(32))
"""The text is redacted: tokens stand for themselves and nothing is left to fingerprint."""


class ChangingRouter:
    """One router's redacted configuration under change; the router given stays as it is.

    Sections that describe one object are read on their own when only they changed; everything else makes the whole
    configuration be read again.
    """

    def __init__(self, router: Router, text: str | None = None) -> None:
        """``text``: what ``router`` is a model of, where its sections were read one by one."""
        self._router = router
        self._candidate = Candidate.from_text("\n".join(router.lines) + "\n" if text is None else text, redacted=True)
        self._session = self._candidate.session()
        self._sections = SectionsSeen(self._candidate)
        self._begun = self._sections.said() if text is None else None
        self._excerpts = Excerpts(partial(_excerpt, masked=_masked(router)))
        self._model = router
        self.same_topology = True

    @property
    def text(self) -> str:
        """The configuration as the router would show it."""
        return self._candidate.text()

    @property
    def pages(self) -> Pages:
        """The configuration as it was at the last look, in pieces that other moments share."""
        return self._sections.text.pages()

    def hash(self) -> str:
        """:func:`ikeaudit.parsing.volatile.before_hash` of the configuration as it was at the last look."""
        return self._sections.text.hash()

    def send(self, line: str) -> Reply:
        """Carry out one line; modes are kept from line to line."""
        return self._session.send(line)

    def model(self) -> Router:
        """The whole configuration read again, under the router's own name; the router given where that says the same again."""
        self._sections.look()
        same = self._begun is not None and self._sections.says(self._begun)
        self._model = self._router if same else read_as(self._router, self.text)
        return self._model

    def step(self) -> tuple[Router, Touched]:
        """The configuration after the lines sent since the last look, and what they touched.

        ``same_topology`` turns False once a line touched more than keys, profiles and IKEv2.
        """
        changed = [header for header in self._sections.look() if header not in _SAYS_NOTHING]
        old = self._model
        try:
            self._model = spliced(old, self._sections, changed, self._excerpts)
        except CannotSplice:
            self.same_topology = False
            self._model = read_as(self._router, self.text)
            return self._model, Touched(anything=True, bindings=True)
        if len(self._model.unknown) > len(old.unknown):
            self._model = read_as(self._router, self.text)
        touched = _touched(old, self._model, [kind for kind in map(kind_of, changed) if kind is not None])
        self.same_topology = self.same_topology and not touched.anything and not touched.bindings
        return self._model, touched


def read_as(router: Router, text: str) -> Router:
    """The redacted configuration ``text`` as a later version of ``router``."""
    (parsed,) = parse_configs(text, file=router.file, fingerprinter=_NO_KEYS, facts=_facts(_masked(router)))
    assert parsed.router is not None, "a configuration does not stop being one by a few commands"
    return msgspec.structs.replace(parsed.router, name=router.name, shows=router.shows)


_SAYS_NOTHING = ("archive",)
"""Sections of which a model keeps nothing; the whole is read once a router's steps are done all the same."""


@lru_cache(maxsize=512)
def _excerpt(text: str, masked: frozenset[str]) -> Router:
    """Sections read on their own; the spokes of a hub and the way back of a change have many of them in common."""
    (parsed,) = parse_configs(text, file="excerpt", fingerprinter=_NO_KEYS, facts=_facts(masked))
    if parsed.router is None:
        raise CannotSplice(parsed.reason)
    return parsed.router


def _masked(router: Router) -> frozenset[str]:
    """The words for NHRP that somebody had masked, by fingerprint: a token does not tell that nothing is known of it."""
    words = (one.tunnel.nhrp_authentication for one in router.interfaces if one.tunnel is not None)
    return frozenset(word.fingerprint for word in words if word is not None and word.masked)


def _facts(masked: frozenset[str]) -> dict[str, SecretFacts]:
    return dict.fromkeys(masked, SecretFacts(0, masked=True))


def _touched(old: Router, new: Router, sections: list[tuple[str, str]]) -> Touched:
    """What differs between two models that differ in ``sections`` (kinds and names) only.

    Objects that were not read again are the same objects. The order of keyrings needs no look of its own: a keyring changes
    its place only by being deleted and created again, with its keys. A profile that matches addresses concerns the calls that
    are for one of them or come from one, and what is bound to it; whether a router has any profile at all, everybody who speaks
    IKEv1, as its policies and settings do.
    """
    kinds = {kind for kind, _ in sections}
    v2 = touched_v2(old.ikev2, new.ikev2) if any(kind.startswith("ikev2-") for kind in kinds) else Touched()
    more = msgspec.structs.replace(
        v2,
        transform_sets=frozenset(name for kind, name in sections if kind == "transform-set"),
        bindings=not kinds.isdisjoint(BINDING),
    )
    # A line that is not understood may concern more than IKEv1.
    everybody = msgspec.structs.replace(more, anything=old.unknown != new.unknown, ikev1=True, bindings=True)
    if not kinds.isdisjoint(EVERYTHING):
        return everybody
    same_rings = old.keyrings is new.keyrings and old.default_keyring is new.default_keyring
    if same_rings and old.isakmp_profiles is new.isakmp_profiles:
        return more
    _, *lists = differing((old.default_keyring, *old.keyrings), (new.default_keyring, *new.keyrings))
    rings, later = ({ring.name: ring for ring in listed} for listed in lists)
    prefixes: set[Prefix] = set()
    for name in rings.keys() | later.keys():
        was, now = rings.get(name), later.get(name)
        if was is not None and now is not None and was.keys and _scope(was) != _scope(now):
            return everybody
        _, gone, come = differing(was.keys if was is not None else (), now.keys if now is not None else ())
        keys = [prefix for prefix, *_ in _keys(gone) ^ _keys(come)]
        if None in keys:  # a key for a host name: whose that is, no address tells
            return everybody
        prefixes.update(prefix for prefix in keys if prefix is not None)
    _, *both = differing(old.isakmp_profiles, new.isakmp_profiles)
    before, after = ({profile.name: profile for profile in listed} for listed in both)
    profiles = {name for name in before.keys() | after.keys() if before.get(name) is not after.get(name)}
    others = [name for name in profiles if _matches(before.get(name)) != _matches(after.get(name))]
    versions = [known[name] for name in others for known in (before, after) if name in known]
    if bool(old.isakmp_profiles) != bool(new.isakmp_profiles) or not all(map(_by_address, versions)):
        return everybody
    prefixes.update(match.prefix for profile in versions for match in profile.matches if match.prefix is not None)
    return msgspec.structs.replace(
        more,
        prefixes=tuple(prefixes),
        profiles=frozenset(profiles),
        bindings=more.bindings or before.keys() != after.keys(),
    )


def _scope(ring: Keyring) -> tuple[object, ...]:
    local = ring.local_address
    return (ring.vrf, local and (local.interface, local.address, local.vrf))


def _keys(keys: Iterable[Key]) -> set[tuple[Prefix | None, str | None, str, int]]:
    return {(key.prefix, key.hostname, key.secret.fingerprint, key.secret.type) for key in keys}


def _matches(profile: IsakmpProfile | None) -> object:
    """What a profile is but for the keyrings that it lists."""
    if profile is None:
        return None
    return without_lines(msgspec.structs.replace(profile, keyrings=()))


def _by_address(profile: IsakmpProfile) -> bool:
    """Whether a profile counts for nobody but those whose address it matches, and for ends that are bound to it."""
    return all(match.prefix is not None for match in profile.matches) and (
        msgspec.structs.replace(profile, **dict.fromkeys(_FOR_MORE)) == profile and not profile.trustpoints
    )


_FOR_MORE = (
    "self_identity",
    "virtual_template",
    "client_authentication",
    "authorization",
    "client_configuration_group",
    "client_configuration_address",
)
"""What of a profile may be asked of it by others than those that it matches."""


def essence(router: Router) -> object:
    """What a model says of all that can be read on its own, without line numbers, free text and what was measured of keys."""
    parts = (
        router.default_keyring,
        router.keyrings,
        router.isakmp_profiles,
        router.isakmp_policies,
        router.isakmp,
        router.ikev2,
        router.transform_sets,
        router.ipsec_profiles,
        sorted(router.crypto_maps, key=lambda m: m.name),
        sorted(router.dynamic_maps, key=lambda m: m.name),
        sorted(router.interfaces, key=lambda i: i.name),
    )
    return without_lines(parts)


def facts(router: Router) -> object:
    """All that a model says of a router, without line numbers and free text: two that are equal negotiate alike."""
    return without_lines(msgspec.structs.replace(router, lines=(), shows=Router("", "").shows))
