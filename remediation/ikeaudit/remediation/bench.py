"""A router on the bench: its configuration takes commands, and is read again as a model whenever that is asked for."""

from __future__ import annotations

import re

import msgspec

from ikeaudit.model import IsakmpProfile, Keyring, Prefix, Router
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.remediation.candidate import Candidate, Reply

_NO_KEYS = Fingerprinter(bytes(32))
"""The text on the bench is redacted: tokens stand for themselves and nothing is left to fingerprint."""

_KEYRING = re.compile(r"crypto keyring (\S+)")
_PROFILE = re.compile(r"crypto isakmp profile (\S+)")
_GLOBAL_KEY = "crypto isakmp key "


class Touched(msgspec.Struct, frozen=True):
    """What changed between two moments, as far as a negotiation can notice.

    ``anything``: more than keys and profiles, so that every exchange of the router may be another one; else only those for
    an address that ``prefixes`` cover, or that may select one of ``profiles``, can be.
    """

    anything: bool = False
    prefixes: tuple[Prefix, ...] = ()
    profiles: frozenset[str] = frozenset()


class Bench:
    """One router's redacted configuration under change; the router given stays as it is.

    Sections of keyrings, ISAKMP profiles and global keys are read on their own when only they changed; everything else makes
    the whole configuration be read again.
    """

    def __init__(self, router: Router) -> None:
        self._router = router
        self._candidate = Candidate.from_text("\n".join(router.lines) + "\n")
        self._session = self._candidate.session()
        self._blocks = _blocks(self.text)
        self._model = router
        self.same_topology = True

    @property
    def text(self) -> str:
        """The configuration as the router would show it."""
        return self._candidate.text()

    def send(self, line: str) -> Reply:
        """Carry out one line; modes are kept from line to line."""
        return self._session.send(line)

    def model(self) -> Router:
        """The whole configuration read again, under the router's own name."""
        self._blocks = _blocks(self.text)
        self._model = self._parse(self.text)
        return self._model

    def step(self) -> tuple[Router, Touched]:
        """The configuration after the lines sent since the last look, and what they touched.

        ``same_topology`` turns False once a line touched anything but keys and profiles.
        """
        before, blocks = self._blocks, _blocks(self.text)
        self._blocks = blocks
        changed = [header for header, lines in blocks.items() if before.get(header) != lines]
        changed += [header for header in before if header not in blocks]
        if not all(_is_local(header) for header in changed):
            self.same_topology = False
            self._model = self._parse(self.text)
            return self._model, Touched(anything=True)
        old = self._model
        self._model = self._spliced(blocks, [header for header in changed if header in blocks])
        if len(self._model.unknown) > len(old.unknown):
            self._model = self._parse(self.text)
        return self._model, _touched(old, self._model)

    def _parse(self, text: str) -> Router:
        (parsed,) = parse_configs(text, file=self._router.file, fingerprinter=_NO_KEYS)
        assert parsed.router is not None, "a configuration does not stop being one by a few commands"
        return msgspec.structs.replace(parsed.router, name=self._router.name, shows=self._router.shows)

    def _spliced(self, blocks: dict[str, tuple[str, ...]], changed: list[str]) -> Router:
        """The model with the changed sections read again; objects stand in the order of the text."""
        old = self._model
        keys = [header for header in blocks if header.startswith(_GLOBAL_KEY)]
        had = any(key for key in old.default_keyring.keys) or any(h.startswith(_GLOBAL_KEY) for h in changed)
        read = [header for header in changed if not header.startswith(_GLOBAL_KEY)] + (keys if had else [])
        fresh = self._excerpt(old, blocks, read)
        rings: dict[str, Keyring] = {ring.name: ring for ring in (*old.keyrings, *fresh.keyrings)}
        profiles: dict[str, IsakmpProfile] = {p.name: p for p in (*old.isakmp_profiles, *fresh.isakmp_profiles)}
        return msgspec.structs.replace(
            old,
            keyrings=tuple(rings[m[1]] for m in map(_KEYRING.match, blocks) if m),
            isakmp_profiles=tuple(profiles[m[1]] for m in map(_PROFILE.match, blocks) if m),
            default_keyring=fresh.default_keyring if had else old.default_keyring,
            unknown=(*old.unknown, *fresh.unknown),
        )

    def _excerpt(self, old: Router, blocks: dict[str, tuple[str, ...]], headers: list[str]) -> Router:
        if not headers:
            return Router(old.name, old.file)
        lines = [f"hostname {old.hostname or 'router'}"]
        for header in headers:
            lines += [header, *blocks[header], "!"]
        return self._parse("\n".join([*lines, "end", ""]))


def _is_local(header: str) -> bool:
    return header.startswith(("crypto keyring ", "crypto isakmp profile ", _GLOBAL_KEY))


def _blocks(text: str) -> dict[str, tuple[str, ...]]:
    """The top-level lines with the lines below them; separators do not count."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if not line or line[0] == "!":
            continue
        if line[0].isspace():
            current.append(line)
        else:
            current = found.setdefault(line, [])
    return {header: tuple(lines) for header, lines in found.items()}


def _touched(old: Router, new: Router) -> Touched:
    """What differs between two models that share everything but keyrings and profiles.

    Objects that were not read again are the same objects. The order of keyrings needs no look of its own: a keyring changes
    its place only by being deleted and created again, with its keys.
    """
    rings = {ring.name: ring for ring in (old.default_keyring, *old.keyrings)}
    later = {ring.name: ring for ring in (new.default_keyring, *new.keyrings)}
    prefixes: set[Prefix] = set()
    for name in rings.keys() | later.keys():
        was, now = rings.get(name), later.get(name)
        if was is now:
            continue
        if was is not None and now is not None and was.keys and _scope(was) != _scope(now):
            return Touched(anything=True)
        prefixes.update(prefix for prefix, *_ in _keys(was) ^ _keys(now) if prefix is not None)
    before = {profile.name: profile for profile in old.isakmp_profiles}
    after = {profile.name: profile for profile in new.isakmp_profiles}
    profiles = {name for name in before.keys() | after.keys() if before.get(name) is not after.get(name)}
    if any(_matches(before.get(name)) != _matches(after.get(name)) for name in profiles):
        return Touched(anything=True)
    return Touched(prefixes=tuple(prefixes), profiles=frozenset(profiles))


def _scope(ring: Keyring) -> tuple[object, ...]:
    local = ring.local_address
    return (ring.vrf, local and (local.interface, local.address, local.vrf))


def _keys(ring: Keyring | None) -> set[tuple[Prefix | None, str | None, str, int]]:
    keys = ring.keys if ring is not None else ()
    return {(key.prefix, key.hostname, key.secret.fingerprint, key.secret.type) for key in keys}


def _matches(profile: IsakmpProfile | None) -> object:
    """What a profile is but for the keyrings that it lists."""
    if profile is None:
        return None
    plain = msgspec.to_builtins(msgspec.structs.replace(profile, keyrings=(), line=0), enc_hook=str)
    return _without_lines(plain)


def _without_lines(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_lines(inner) for key, inner in value.items() if key not in ("line", "facts")}
    return [_without_lines(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def essence(router: Router) -> object:
    """What a model says of keyrings and profiles, without line numbers and what was measured of keys."""
    parts = (router.default_keyring, router.keyrings, router.isakmp_profiles)
    return _without_lines(msgspec.to_builtins(parts, enc_hook=str))
