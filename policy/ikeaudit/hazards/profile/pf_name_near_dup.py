"""PF-NAME-NEAR-DUP: names that differ only in capital letters."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard, ObjectKind, ObjectRef
from ikeaudit.model import DEFAULT_KEYRING


class _Names(msgspec.Struct, frozen=True):
    """The names of one kind: what is defined, and what is named elsewhere, each with a line."""

    kind: ObjectKind
    said: str
    defined: dict[str, int]
    named: dict[str, int]


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each set of names that are equal but for case."""
    for facts in context.routers:
        for names in _names(facts):
            groups: dict[str, dict[str, int]] = {}
            for name, line in (*names.defined.items(), *names.named.items()):
                groups.setdefault(name.lower(), {}).setdefault(name, line)
            for spellings in groups.values():
                if len(spellings) > 1:
                    fix, gone = _advice(facts, names, list(spellings))
                    yield HAZARD.finding(
                        hosts=[facts.name],
                        message=(
                            f"{names.said} names {' and '.join(spellings)} differ only in capital letters, and IOS treats "
                            "them as different."
                        ),
                        cause=[names.said, *spellings],
                        evidence=facts.router.evidence(*spellings.values()),
                        fix=fix,
                        removes=[ObjectRef(names.kind, facts.name, name, names.defined[name]) for name in gone],
                    )


def _names(facts: RouterFacts) -> Iterator[_Names]:
    router, in_use = facts.router, facts.in_use
    profiles = {name: places[0].line for name, places in in_use.profile_references.items()}
    yield _Names("isakmp-profile", "ISAKMP profile", {p.name: p.line for p in router.isakmp_profiles}, profiles)
    rings = {ref.name: ref.line for p in router.isakmp_profiles for ref in p.keyrings if ref.name != DEFAULT_KEYRING}
    yield _Names("keyring", "Keyring", {k.name: k.line for k in router.keyrings}, rings)
    v2_profiles = {name: places[0].line for name, places in in_use.ikev2_references.items() if name != "default"}
    yield _Names("ikev2-profile", "IKEv2 profile", {p.name: p.line for p in router.ikev2.profiles}, v2_profiles)
    v2_rings = {p.keyring.name: p.keyring.line for p in router.ikev2.profiles if p.keyring is not None}
    yield _Names("ikev2-keyring", "IKEv2 keyring", {k.name: k.line for k in router.ikev2.keyrings}, v2_rings)


def _advice(facts: RouterFacts, names: _Names, spellings: list[str]) -> tuple[str | None, list[str]]:
    """What to do, and the spellings that may go: those that nothing names or would choose, while another one is named."""
    defined = [name for name in spellings if name in names.defined]
    if len(defined) == 1:
        wrong = [name for name in spellings if name not in defined]
        return f"Correct the name where it is referred to: {defined[0]} instead of {listing(wrong)}.", []
    named = [name for name in defined if name in names.named]
    gone = [name for name in defined if name not in named and not _chosen(facts, names.kind, name)]
    if len(named) == 1 and gone and len(gone) == len(defined) - 1 and len(defined) == len(spellings):
        return f"Bring the settings together under {named[0]}, which is referred to, and delete {listing(gone)}.", gone
    return None, []


def _chosen(facts: RouterFacts, kind: ObjectKind, name: str) -> bool:
    """Whether something configured would choose the object without naming it, or may name it in a line not understood."""
    if not facts.in_use.sure(name):
        return True
    if kind == "keyring":
        return facts.in_use.serves(facts.rules.keyrings[name])
    if kind == "isakmp-profile":
        profile = facts.rules.profiles[name]
        return bool(facts.in_use.peers_of(profile)) or facts.in_use.may_be_anybodys(profile)
    if kind == "ikev2-profile":
        # A profile that is attached to nothing may still be one that a template was made for, or match a peer.
        return any(profile.name == name and profile.matches for profile in facts.router.ikev2.profiles)
    return False


HAZARD = Hazard(
    code="PF-NAME-NEAR-DUP",
    title="Names that differ only in capital letters",
    severity="medium",
    scope="router",
    what="Two profiles, or two keyrings, of a router are called the same but for capital letters.",
    why=(
        "Typing a name with another capital makes a second object instead of changing the first. The settings end "
        "up spread over two half-finished profiles, neither of which works."
    ),
    symptom="A profile with a keyring but no match statement, and another the other way round.",
    fix="Bring the settings together under one name, and let everything refer to that.",
    source="PROFILE-NAMES",
    detect=detect,
)
