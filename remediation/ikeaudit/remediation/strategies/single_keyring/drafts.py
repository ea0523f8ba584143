"""The steps of a merge, in the one order that is safe at every line (DOMAIN 8.3, 10.2 U-3 and U-10, 12 A).

The survivor is listed in the profiles first, then gets the keys that it lacks; the global keys go; an old keyring is emptied
before it is unlisted, and unlisted before it is deleted. So the keyring that wins the blind search is at every moment one
that the profile lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ikeaudit.model import DEFAULT_KEYRING, Evidence, Keyring, Router
from ikeaudit.remediation.plan import Announcement, Direction, Phase
from ikeaudit.remediation.strategies.interface import Draft, Request
from ikeaudit.remediation.strategies.single_keyring.lines import (
    as_ring_line,
    global_key_line,
    header,
    key_line,
    setup_lines,
)
from ikeaudit.remediation.strategies.single_keyring.merge import (
    Merge,
    keeps_default,
    names_listed,
    uses_global_keys,
)
from ikeaudit.remediation.strategies.single_keyring.scopes import Entry

_FOLDER = "strategies/single-keyring"


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
        before = [*self._create(merge), *self._list(merge)]
        after = [*self._remove_globals(merge)]
        # Last first: the rollback then creates them again in the order in which they stood (DOMAIN 8.4).
        for keyring in reversed(merge.old):
            after += self._retire(keyring, merge)
        after += self._unlist_default(merge)
        return (*before, *self._fill(merge, after), *after, *self._bind(merge))

    def _create(self, merge: Merge) -> list[Draft]:
        if not merge.new:
            return []
        lines = (f"description consolidated {self._request.change_id}", *setup_lines(self._router, merge.survivor))
        evidence = self._router.evidence(*(ring.line for ring in merge.old), *(key.line for key in merge.globals))
        values = {"header": header(merge.survivor), "lines": lines}
        title = f"Create the empty keyring {merge.survivor.name}"
        return [self._draft("additive", title, "create-keyring", "drop-keyring", values, evidence)]

    def _list(self, merge: Merge) -> list[Draft]:
        """List the survivor beside what it replaces; a profile that uses the global keys unsaid says so from now on."""
        name, found = merge.survivor.name, []
        unsaid = [p for p in self._router.isakmp_profiles if merge.globals and uses_global_keys(p)]
        users = [
            profile
            for profile in self._router.isakmp_profiles
            if merge.dissolved.intersection(names_listed(profile)) and name not in names_listed(profile)
        ]
        if users:
            names = tuple(p.name for p in users)
            lines = [ref.line for p in users for ref in p.keyrings if ref.name in merge.dissolved]
            values = {"profiles": names, "keyrings": (name,)}
            title = f"List {name} in {_several('profile', names)}, beside what is listed there"
            evidence = self._router.evidence(*lines)
            found.append(self._draft("additive", title, "list-keyrings", "unlist-keyrings", values, evidence))
        if unsaid:
            names = tuple(p.name for p in unsaid)
            values = {"profiles": names, "keyrings": (DEFAULT_KEYRING, name)}
            title = f"List the global keys and {name} in {_several('profile', names)}, which list nothing"
            evidence = self._router.evidence(*(p.line for p in unsaid))
            found.append(self._draft("additive", title, "list-keyrings", "unlist-keyrings", values, evidence))
        return found

    def _fill(self, merge: Merge, following: Sequence[Draft]) -> list[Draft]:
        if not merge.adds:
            return []
        last = max((n for n, draft in enumerate(following, 1) if draft.phase == "switch"), default=0)
        text = (
            f"Until the keys are gone from their old places, they stand in {merge.survivor.name} as well. A negotiation that a "
            "peer begins in that moment passes because the profile lists both; should this release look into the first one "
            "only (DOMAIN U-3), it fails and is tried again."
        )
        values = {"header": header(merge.survivor), "keys": [self._line(entry) for entry in merge.adds]}
        evidence = self._router.evidence(*(entry.key.line for entry in merge.adds))
        title = f"Copy {_count('key', len(merge.adds))} into {merge.survivor.name}"
        tie = Announcement(text=text, directions=self._exposed, until=last)
        return [self._draft("switch", title, "add-keys", "remove-keys", values, evidence, (tie,))]

    def _remove_globals(self, merge: Merge) -> list[Draft]:
        if not merge.globals:
            return []
        lines = [global_key_line(self._router, key) for key in merge.globals]
        title = f"Remove {_count('global key', len(lines))}; {merge.survivor.name} holds them"
        evidence = self._router.evidence(*(key.line for key in merge.globals))
        return [self._draft("switch", title, "remove-global-keys", "add-global-keys", {"keys": lines}, evidence)]

    def _retire(self, keyring: Keyring, merge: Merge) -> list[Draft]:
        """Empty an old keyring, then unlist it, then delete it; one with RSA keys stays for those (DOMAIN 12 A1, A2)."""
        evidence = self._router.evidence(keyring.line, *(key.line for key in keyring.keys))
        found = []
        if keyring.keys:
            has = f"its keys are in {merge.survivor.name}"
            title = f"Empty {keyring.name}; {has}"
            if keyring.rsa_keys:
                title = f"Remove the pre-shared keys of {keyring.name}, which keeps its RSA keys; {has}"
            values: Mapping[str, object] = {
                "header": header(keyring),
                "keys": [key_line(self._router, key) for key in keyring.keys],
            }
            found.append(self._draft("switch", title, "remove-keys", "add-keys", values, evidence))
        if keyring.rsa_keys:
            return found
        users = [p for p in self._router.isakmp_profiles if keyring.name in names_listed(p)]
        if users:
            names = tuple(p.name for p in users)
            title = f"Unlist the empty {keyring.name} from {_several('profile', names)}"
            lines = self._router.evidence(*(r.line for p in users for r in p.keyrings if r.name == keyring.name))
            values = {"profiles": names, "keyrings": (keyring.name,)}
            found.append(self._draft("cleanup", title, "unlist-keyrings", "list-keyrings", values, lines))
        title = f"Delete the empty {keyring.name}"
        values = {"header": header(keyring), "lines": setup_lines(self._router, keyring)}
        found.append(self._draft("cleanup", title, "drop-keyring", "create-keyring", values, evidence[:1]))
        return found

    def _unlist_default(self, merge: Merge) -> list[Draft]:
        if not merge.globals or keeps_default(self._router):
            return []
        users = [p for p in self._router.isakmp_profiles if DEFAULT_KEYRING in names_listed(p) or uses_global_keys(p)]
        if not users:
            return []
        names = tuple(p.name for p in users)
        title = f"Unlist the global keys, of which none is left, from {_several('profile', names)}"
        lines = [ref.line for p in users for ref in p.keyrings if ref.name == DEFAULT_KEYRING]
        evidence = self._router.evidence(*(lines or [p.line for p in users]))
        values = {"profiles": names, "keyrings": (DEFAULT_KEYRING,)}
        return [self._draft("cleanup", title, "unlist-keyrings", "list-keyrings", values, evidence)]

    def _bind(self, merge: Merge) -> list[Draft]:
        """Bind crypto map entries to the profile that their peers select (DOMAIN 12 A3 step 4)."""
        found = []
        for binding in merge.bindings:
            values = {"entries": ({"map": binding.map, "sequence": binding.sequence, "profile": binding.profile},)}
            title = (
                f"Bind crypto map {binding.map} {binding.sequence} to profile {binding.profile}, which its peers select"
            )
            evidence = self._router.evidence(binding.line)
            found.append(self._draft("switch", title, "bind-profile", "unbind-profile", values, evidence))
        return found

    def _line(self, entry: Entry) -> str:
        line = (as_ring_line if entry.keyring == DEFAULT_KEYRING else key_line)(self._router, entry.key)
        assert line is not None, "unmovable() refuses such keys"
        return line

    def _draft(
        self,
        phase: Phase,
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
            apply=render(f"{_FOLDER}/{apply}.j2", **values),
            rollback=render(f"{_FOLDER}/{rollback}.j2", **values),
            announce=announce,
            evidence=evidence,
        )


def _several(noun: str, names: tuple[str, ...]) -> str:
    return f"{noun}{'s' * (len(names) != 1)} {', '.join(names)}"


def _count(noun: str, number: int) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
