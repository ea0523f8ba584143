"""The steps of a merge, in the one order that is safe at every line (CHANGE-ORDER, U-3, U-10, PLAN-KEYRING).

The survivor is listed in the profiles first, then gets the keys that it lacks; the global keys go; the old keyrings are
emptied, the one defined last first, before they are unlisted, and unlisted before they are deleted. So the keyring that wins
the blind search is at every moment one that the profile lists. The rollback of each step goes through objects in the order of
the configuration, so that they come back as they stood.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from ikeaudit.exchange import Exchange
from ikeaudit.ios.writing import command
from ikeaudit.model import DEFAULT_KEYRING, Keyring, Router
from ikeaudit.remediation.plan import Announcement, Direction, Phase
from ikeaudit.remediation.strategies.contract import Draft, Request
from ikeaudit.remediation.strategies.single_keyring.merge import (
    Merge,
    keeps_default,
    names_listed,
    uses_global_keys,
)
from ikeaudit.remediation.strategies.single_keyring.scopes import (
    Entry,
    as_ring_line,
    global_key_line,
    header,
    key_line,
    setup_lines,
)

_FOLDER = "strategies/single-keyring"
_SHOWN = 6


class _Listed(TypedDict):
    """A profile with keyrings that it lists, or is to list."""

    name: str
    keyrings: tuple[str, ...]


class Drafter:
    """Drafts the steps of merges on one router.

    ``exposed`` are the directions of the router in which a key of the scope is found without a profile: those are the ones
    that notice which of two keyrings wins.
    """

    def __init__(self, router: Router, request: Request, exposed: tuple[Exchange, ...]) -> None:
        self._router = router
        self._request = request
        self._exposed = exposed

    def drafts(self, merge: Merge) -> tuple[Draft, ...]:
        """All steps of ``merge``, in order."""
        before = [*self._create(merge), *self._list(merge)]
        after = [
            *self._remove_globals(merge),
            *self._empty(merge),
            *self._unlist(merge),
            *self._delete(merge),
            *self._unlist_default(merge),
        ]
        return (*before, *self._fill(merge, after), *after, *self._bind(merge))

    def _create(self, merge: Merge) -> list[Draft]:
        if not merge.new:
            return []
        lines = (
            command("keyring/description", "consolidated", self._request.change_id),
            *setup_lines(self._router, merge.survivor),
        )
        evidence = [ring.line for ring in merge.old] + [key.line for key in merge.globals]
        values = {"rings": [{"header": header(merge.survivor), "lines": lines}]}
        title = f"Create the empty keyring {merge.survivor.name}"
        return [self._draft("additive", title, "create-keyrings", "drop-keyrings", values, evidence)]

    def _list(self, merge: Merge) -> list[Draft]:
        """List the survivor beside what it replaces; a profile that uses the global keys unsaid says so from now on."""
        name = merge.survivor.name
        users: list[_Listed] = []
        lines: list[int] = []
        for profile in self._router.isakmp_profiles:
            listed = names_listed(profile)
            if merge.dissolved.intersection(listed) and name not in listed:
                users.append({"name": profile.name, "keyrings": (name,)})
                lines += [ref.line for ref in profile.keyrings if ref.name in merge.dissolved]
            elif merge.globals and uses_global_keys(profile):
                users.append({"name": profile.name, "keyrings": (DEFAULT_KEYRING, name)})
                lines.append(profile.line)
        title = f"List {_named(name)} in {_profiles(users)}, beside what is in use there"
        return self._listing("additive", title, "list-keyrings", "unlist-keyrings", users, lines)

    def _fill(self, merge: Merge, following: Sequence[Draft]) -> list[Draft]:
        if not merge.adds:
            return []
        last = max((n for n, draft in enumerate(following, 1) if draft.phase == "switch"), default=0)
        text = f"Until the keys are gone from their old places, they stand in {merge.survivor.name} as well."
        answering = {e.responder_profile if e.responder == self._router.name else None for e in self._exposed}
        profiles = sorted(name for name in answering if name is not None)
        if profiles:
            text += (
                f" A negotiation that a peer begins in that moment passes because {_several('profile', profiles)} "
                f"{'lists' if len(profiles) == 1 else 'list'} both; should this release look into the first one only (U-3), it "
                "fails and is tried again."
            )
        if None in answering:
            text += " Where no profile is selected, the key may be in either place."
        values = {"rings": [{"header": header(merge.survivor), "lines": [self._line(entry) for entry in merge.adds]}]}
        evidence = [entry.key.line for entry in merge.adds]
        title = f"Copy {_count('key', len(merge.adds))} into {merge.survivor.name}"
        tie = Announcement(text=text, directions=tuple(map(Direction.of, self._exposed)), until=last)
        return [self._draft("switch", title, "add-keys", "remove-keys", values, evidence, (tie,))]

    def _remove_globals(self, merge: Merge) -> list[Draft]:
        if not merge.globals:
            return []
        lines = [global_key_line(self._router, key) for key in merge.globals]
        title = f"Remove {_count('global key', len(lines))}; {merge.survivor.name} has the same"
        evidence = [key.line for key in merge.globals]
        return [self._draft("switch", title, "remove-global-keys", "add-global-keys", {"keys": lines}, evidence)]

    def _empty(self, merge: Merge) -> list[Draft]:
        full = [ring for ring in merge.old if ring.keys]
        if not full:
            return []
        rings = [{"header": header(r), "lines": [key_line(self._router, key) for key in r.keys]} for r in full]
        whose = "its keys are" if len(full) == 1 else "their keys are"
        title = f"Empty {_names(full[::-1])}; {whose} in {_named(merge.survivor.name)}"
        kept = [ring for ring in full if ring.rsa_keys]
        if kept:
            title += f"; {_names(kept)} {'keeps its' if len(kept) == 1 else 'keep their'} RSA keys"
        evidence = [line for ring in full for line in (ring.line, *(key.line for key in ring.keys))]
        return [self._draft("switch", title, "remove-keys", "add-keys", {"rings": rings}, evidence)]

    def _unlist(self, merge: Merge) -> list[Draft]:
        gone = {ring.name for ring in merge.old if not ring.rsa_keys}
        users: list[_Listed] = []
        lines: list[int] = []
        for profile in self._router.isakmp_profiles:
            listed = tuple(name for name in names_listed(profile) if name in gone)
            if listed:
                users.append({"name": profile.name, "keyrings": listed})
                lines += [ref.line for ref in profile.keyrings if ref.name in gone]
        title = f"Unlist the empty {_few(sorted(gone))} from {_profiles(users)}"
        return self._listing("cleanup", title, "unlist-keyrings", "list-keyrings", users, lines)

    def _delete(self, merge: Merge) -> list[Draft]:
        gone = [ring for ring in merge.old if not ring.rsa_keys]
        if not gone:
            return []
        values = {"rings": [{"header": header(ring), "lines": setup_lines(self._router, ring)} for ring in gone]}
        title = f"Delete the empty {_names(gone)}"
        evidence = [ring.line for ring in gone]
        return [self._draft("cleanup", title, "drop-keyrings", "create-keyrings", values, evidence)]

    def _unlist_default(self, merge: Merge) -> list[Draft]:
        if not merge.globals or keeps_default(self._router):
            return []
        users: list[_Listed] = []
        lines: list[int] = []
        for profile in self._router.isakmp_profiles:
            if DEFAULT_KEYRING in names_listed(profile) or uses_global_keys(profile):
                users.append({"name": profile.name, "keyrings": (DEFAULT_KEYRING,)})
                lines += [r.line for r in profile.keyrings if r.name == DEFAULT_KEYRING] or [profile.line]
        title = f"Unlist the global keys, of which none is left, from {_profiles(users)}"
        return self._listing("cleanup", title, "unlist-keyrings", "list-keyrings", users, lines)

    def _bind(self, merge: Merge) -> list[Draft]:
        """Bind crypto map entries to the profile that their peers select (PLAN-KEYRING)."""
        if not merge.bindings:
            return []
        pairs = ", ".join(f"{b.map} {b.sequence} to {b.profile}" for b in merge.bindings)
        title = f"Bind crypto map {pairs}, which the peers select anyway"
        evidence = [binding.line for binding in merge.bindings]
        return [self._draft("switch", title, "bind-profiles", "unbind-profiles", {"entries": merge.bindings}, evidence)]

    def _line(self, entry: Entry) -> str:
        line = (as_ring_line if entry.keyring == DEFAULT_KEYRING else key_line)(self._router, entry.key)
        assert line is not None, "unmovable() refuses such keys"
        return line

    def _listing(
        self, phase: Phase, title: str, apply: str, rollback: str, users: list[_Listed], lines: list[int]
    ) -> list[Draft]:
        return [self._draft(phase, title, apply, rollback, {"profiles": users}, lines)] if users else []

    def _draft(
        self,
        phase: Phase,
        title: str,
        apply: str,
        rollback: str,
        values: Mapping[str, object],
        lines: Sequence[int],
        announce: tuple[Announcement, ...] = (),
    ) -> Draft:
        """A step whose rollback is the opposite action with the same values; ``lines`` are those it is made for."""
        render = self._request.templates.render
        return Draft(
            router=self._router.name,
            phase=phase,
            title=title,
            apply=render(f"{_FOLDER}/{apply}.j2", **values),
            rollback=render(f"{_FOLDER}/{rollback}.j2", **values),
            announce=announce,
            evidence=self._router.evidence(*lines),
        )


def _named(keyring: str) -> str:
    return f"{keyring} (the global keys)" if keyring == DEFAULT_KEYRING else keyring


def _names(keyrings: Sequence[Keyring]) -> str:
    return _few([keyring.name for keyring in keyrings])


def _profiles(users: Sequence[_Listed]) -> str:
    return _several("profile", [user["name"] for user in users])


def _several(noun: str, names: Sequence[str]) -> str:
    return f"{noun}{'s' * (len(names) != 1)} {_few(names)}"


def _few(names: Sequence[str]) -> str:
    """Names for a title; the commands name them all."""
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown


def _count(noun: str, number: int) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
