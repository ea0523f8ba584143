"""FL-KEYRING-SPRAWL: more keyrings than scopes."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.scope import Scope, scope_of
from ikeaudit.hazards.facts.words import counted, listing, place
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Keyring


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each scope."""
    for facts in context.routers:
        groups: dict[tuple[str | None, Scope], list[Keyring]] = {}
        for keyring in facts.keyrings:
            if keyring.keys:
                scope = scope_of(keyring.local_address, facts.rules.addresses, 4)
                groups.setdefault((keyring.vrf, scope), []).append(keyring)
        for (vrf, scope), keyrings in groups.items():
            if len(keyrings) < 2:
                continue
            names = [keyring.name for keyring in keyrings]
            local = f" at {scope.address or scope.interface}" if scope.kind in ("address", "learnt") else ""
            yield HAZARD.finding(
                hosts=[facts.name],
                message=(
                    f"{counted(len(names), 'keyring')} for {place(vrf)}{local} where one would do: {listing(names)}."
                ),
                cause=[str(vrf), local, *names],
                evidence=facts.router.evidence(*(keyring.line for keyring in keyrings)),
            )


HAZARD = Hazard(
    code="FL-KEYRING-SPRAWL",
    title="Several keyrings for one scope",
    severity="low",
    scope="fleet",
    what="Two or more keyrings with keys, the global keys included, are for the same front-door VRF and local address.",
    why=(
        "An IKEv1 responder searches them all as if they were one, so that they separate nothing. It takes only one "
        "overlapping entry for a tunnel to fail."
    ),
    symptom="None as long as no entries overlap.",
    fix="Consolidate them (plan strategy single-keyring).",
    source="KEY-ONE-KEYRING, PLAN-KEYRING",
    detect=detect,
)
