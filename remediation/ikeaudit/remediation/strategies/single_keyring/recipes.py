"""The recipes of DOMAIN 12 A: which keyring survives, and the steps that bring everything into it.

Every recipe keeps to one order, so that the keyring that wins the blind search is at every moment one that the profile lists:
the survivor is listed first, then gets the keys it lacks; an old keyring is emptied before it is unlisted, and unlisted
before it is deleted (DOMAIN 8.3, 10.2 U-3 and U-10).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from ikeaudit.model import Evidence, Keyring, KeyringRef, Router
from ikeaudit.remediation.plan import Announcement, Direction
from ikeaudit.remediation.strategies.interface import Draft, Request
from ikeaudit.remediation.strategies.single_keyring.lines import header, key_line, setup_lines
from ikeaudit.remediation.strategies.single_keyring.scopes import Entry, Scope, entry_id

_TEMPLATES = "strategies/single-keyring"


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """One scope's keyrings brought into ``survivor``.

    ``recipe`` A1: the survivor holds every key already and wins every tie, so no key is typed again. A2: the survivor is
    new (``survivor`` then has no keys and line 0) and takes over all of them, make before break.
    """

    recipe: Literal["A1", "A2"]
    scope: Scope
    survivor: Keyring
    adds: tuple[Entry, ...]
    old: tuple[Keyring, ...]

    @property
    def new(self) -> bool:
        """Whether the survivor has to be created."""
        return self.recipe == "A2"

    @property
    def subject(self) -> str:
        """What is merged, for refusals and titles."""
        return f"keyrings {', '.join(self.scope.names)} ({self.scope})"


def choose(router: Router, scope: Scope, entries: tuple[Entry, ...], taken: frozenset[str]) -> Merge:
    """The cheapest recipe for a scope of several keyrings (DOMAIN 12 A0.4); ``taken`` names must not be used for a new one."""
    wanted = {entry.id for entry in entries}
    first_holders = {entry.keyring for entry in entries}
    for keyring in scope.keyrings:
        # The blind search picks the first keyring of a tie: the survivor must be that one for every entry.
        if {entry_id(key) for key in keyring.keys} == wanted and first_holders <= {keyring.name}:
            old = tuple(other for other in scope.keyrings if other.name != keyring.name)
            return Merge(recipe="A1", scope=scope, survivor=keyring, adds=(), old=old)
    template = scope.keyrings[0]
    fresh = Keyring(_new_name(scope, taken), 0, template.vrf, template.local_address)
    return Merge(recipe="A2", scope=scope, survivor=fresh, adds=entries, old=scope.keyrings)


def _new_name(scope: Scope, taken: frozenset[str]) -> str:
    name = f"KR-{scope.vrf or 'ALL'}"
    if scope.local is not None:
        name += f"-{scope.local[0]}".replace(":", ".")
    lowered = {other.lower() for other in taken}
    candidates = (name, *(f"{name}-{n}" for n in range(2, len(lowered) + 3)))
    return next(candidate for candidate in candidates if candidate.lower() not in lowered)


def merged(router: Router, merge: Merge) -> Router:
    """The router's model after ``merge``, for the checks that come before any step is drafted."""
    gone = {keyring.name for keyring in merge.old}
    survivor = msgspec.structs.replace(
        merge.survivor, keys=merge.survivor.keys + tuple(entry.key for entry in merge.adds)
    )
    kept = [survivor if k.name == survivor.name else k for k in router.keyrings if k.name not in gone]
    profiles = []
    for profile in router.isakmp_profiles:
        names = dict.fromkeys(survivor.name if ref.name in gone else ref.name for ref in profile.keyrings)
        refs = tuple(KeyringRef(0, name) for name in names)
        profiles.append(msgspec.structs.replace(profile, keyrings=refs))
    return msgspec.structs.replace(
        router,
        keyrings=(*kept, survivor) if merge.new else tuple(kept),
        isakmp_profiles=tuple(profiles),
    )


class Drafter:
    """Drafts the steps of merges on one router.

    ``exposed`` are the directions of the router in which a key of the scope is found without a profile: those are the ones
    that notice which of two keyrings wins.
    """

    def __init__(self, router: Router, request: Request, exposed: tuple[Direction, ...]) -> None:
        self._router = router
        self._request = request
        self._exposed = exposed

    def drafts(self, merge: Merge) -> tuple[Draft, ...]:
        """All steps of ``merge``, in order."""
        name, gone = merge.survivor.name, {keyring.name for keyring in merge.old}
        found: list[Draft] = []
        if merge.new:
            found.append(self._create(merge))
        users = [
            profile
            for profile in self._router.isakmp_profiles
            if gone & {ref.name for ref in profile.keyrings} and name not in {ref.name for ref in profile.keyrings}
        ]
        if users:
            evidence = self._router.evidence(*(ref.line for p in users for ref in p.keyrings if ref.name in gone))
            found.append(self._list(tuple(p.name for p in users), name, evidence))
        if merge.adds:
            found.append(self._fill(merge))
        # Last first: the rollback then creates them again in the order in which they stood (DOMAIN 8.4).
        for keyring in reversed(merge.old):
            found += self._retire(keyring, merge)
        return tuple(found)

    def _create(self, merge: Merge) -> Draft:
        change = f"description consolidated {self._request.change_id}"
        setup = setup_lines(self._router, merge.survivor)
        values = {"header": header(merge.survivor), "lines": (change, *setup)}
        return self._draft(
            "additive",
            f"Create the empty keyring {merge.survivor.name}",
            "create-keyring",
            "drop-keyring",
            values,
            self._router.evidence(*(keyring.line for keyring in merge.old)),
        )

    def _list(self, profiles: tuple[str, ...], keyring: str, evidence: tuple[Evidence, ...]) -> Draft:
        values = {"profiles": profiles, "keyring": keyring}
        title = f"List {keyring} in {_several('profile', profiles)}, beside what is listed there"
        return self._draft("additive", title, "list-keyring", "unlist-keyring", values, evidence)

    def _fill(self, merge: Merge) -> Draft:
        values = {"header": header(merge.survivor), "keys": [self._line(entry) for entry in merge.adds]}
        return self._draft(
            "switch",
            f"Copy {len(merge.adds)} key{'s' * (len(merge.adds) != 1)} into {merge.survivor.name}",
            "add-keys",
            "remove-keys",
            values,
            self._router.evidence(*(entry.key.line for entry in merge.adds)),
            self._tie(merge),
        )

    def _tie(self, merge: Merge) -> tuple[Announcement, ...]:
        """While two keyrings hold a key, the verification rests on the rule that any listed keyring passes (U-3)."""
        text = (
            f"Until the old keyrings are emptied, {merge.survivor.name} and an old keyring both hold the keys. Established "
            "tunnels go on. A negotiation that a peer begins in that moment passes because the profile lists both keyrings; "
            "should this release look into the first one only (DOMAIN U-3), it fails and is tried again."
        )
        after = [draft.phase for keyring in reversed(merge.old) for draft in self._retire(keyring, merge)]
        last = max((n for n, phase in enumerate(after, 1) if phase == "switch"), default=0)
        return (Announcement(text=text, directions=self._exposed, until=last),)

    def _retire(self, keyring: Keyring, merge: Merge) -> list[Draft]:
        """Empty an old keyring, then unlist it, then delete it (DOMAIN 12 A1 and A2)."""
        evidence = self._router.evidence(keyring.line, *(key.line for key in keyring.keys))
        found = []
        keys = [key_line(self._router, key) for key in keyring.keys]
        if keys:
            title = f"Empty {keyring.name}; its keys are in {merge.survivor.name}"
            values: Mapping[str, object] = {"header": header(keyring), "keys": keys}
            found.append(self._draft("switch", title, "remove-keys", "add-keys", values, evidence))
        users = [p for p in self._router.isakmp_profiles if keyring.name in {ref.name for ref in p.keyrings}]
        if users:
            names = tuple(p.name for p in users)
            title = f"Unlist the empty {keyring.name} from {_several('profile', names)}"
            lines = self._router.evidence(*(r.line for p in users for r in p.keyrings if r.name == keyring.name))
            values = {"profiles": names, "keyring": keyring.name}
            found.append(self._draft("cleanup", title, "unlist-keyring", "list-keyring", values, lines))
        title = f"Delete the empty {keyring.name}"
        values = {"header": header(keyring), "lines": setup_lines(self._router, keyring)}
        found.append(self._draft("cleanup", title, "drop-keyring", "create-keyring", values, evidence[:1]))
        return found

    def _line(self, entry: Entry) -> str:
        line = key_line(self._router, entry.key)
        assert line is not None, "unmovable() refuses such keys"
        return line

    def _draft(
        self,
        phase: Literal["additive", "switch", "cleanup"],
        title: str,
        apply: str,
        rollback: str,
        values: Mapping[str, object],
        evidence: tuple[Evidence, ...],
        announce: tuple[Announcement, ...] = (),
    ) -> Draft:
        """A step whose rollback is the opposite action with the same values."""
        render = self._request.templates.render
        return Draft(
            router=self._router.name,
            phase=phase,
            title=title,
            apply=render(f"{_TEMPLATES}/{apply}.j2", **values),
            rollback=render(f"{_TEMPLATES}/{rollback}.j2", **values),
            announce=announce,
            evidence=evidence,
        )


def _several(noun: str, names: tuple[str, ...]) -> str:
    return f"{noun}{'s' * (len(names) != 1)} {', '.join(names)}"
