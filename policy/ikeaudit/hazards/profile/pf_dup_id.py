"""PF-DUP-ID: two profiles match the same identity equally."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.scope import scope_of
from ikeaudit.hazards.facts.words import listing, place
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import IdentityMatch, IsakmpProfile

_Statement: TypeAlias = tuple[IsakmpProfile, IdentityMatch]


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each set of profiles that share identities."""
    for facts in context.routers:
        groups: dict[tuple[tuple[str, ...], bool], list[_Statement]] = {}
        for statements in _same_identity(facts):
            names = tuple(dict.fromkeys(profile.name for profile, _ in statements))
            if len(names) > 1:
                overlap = _overlap(facts, statements)
                if overlap is not False:
                    groups.setdefault((names, overlap is True), []).extend(statements)
        for (names, sure), statements in groups.items():
            identities = dict.fromkeys(words(match) for _, match in statements)
            peers = dict.fromkeys(
                str(match.prefix.address)
                for _, match in statements
                if match.prefix is not None and match.prefix.is_host
            )
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=peers,
                message=(
                    f"Profiles {listing(names)} match alike ({listing(identities)}): which of them a caller gets is "
                    "not defined."
                ),
                cause=[*names, *identities],
                evidence=facts.router.evidence(
                    *(n for profile, match in statements for n in (profile.line, match.line))
                ),
                confidence="certain" if sure else "unknown",
            )


def _same_identity(facts: RouterFacts) -> list[list[_Statement]]:
    found: dict[tuple[object, ...], list[_Statement]] = {}
    for profile in facts.router.isakmp_profiles:
        for match in profile.matches:
            what: object = match.prefix.network if match.prefix is not None else (match.value or "").lower()
            found.setdefault((match.kind, what, match.vrf), []).append((profile, match))
    return [statements for statements in found.values() if len(statements) > 1]


def _overlap(facts: RouterFacts, statements: list[_Statement]) -> bool | None:
    """Whether two of the profiles apply at one local end; None when a learnt address decides."""
    version = next((match.prefix.version for _, match in statements if match.prefix is not None), 4)
    scopes = {p.name: scope_of(p.local_address, facts.rules.addresses, version) for p, _ in statements}
    known = [scope for scope in scopes.values() if scope.kind != "nowhere"]
    if len(known) > len(set(known)) or (len(known) > 1 and any(scope.kind == "any" for scope in known)):
        return True
    doubtful = [one.meets(other) for one in known[:50] for other in known[:50] if one is not other]
    return None if None in doubtful else False


def words(match: IdentityMatch) -> str:
    """A match statement as read aloud: ``address 10.0.0.2 in the default VRF``."""
    value = str(match.prefix) if match.prefix is not None else match.value or ""
    return f"{match.kind.replace('-', ' ')} {value} in {place(match.vrf)}"


HAZARD = Hazard(
    code="PF-DUP-ID",
    title="Two profiles match the same identity equally",
    severity="high",
    scope="router",
    what=(
        "Two or more ISAKMP profiles have the same match statement (kind, value and mask, VRF), and their local "
        "addresses do not keep them apart."
    ),
    why=(
        "An identity must belong to one profile only; else the configuration is invalid, and it depends on the "
        "order of profiles which one is selected. Where keyrings or bindings differ, that decides between up and "
        "down."
    ),
    symptom=(
        "When the peer starts: verification failure, or error 32 in quick mode, after a profile was re-created or "
        "moved."
    ),
    fix=(
        "Let one profile alone match the identity, the one that the peer's tunnel is bound to, or keep the profiles apart by "
        "VRF or local-address."
    ),
    source="PROFILE-UNIQUE, C-1",
    detect=detect,
)
