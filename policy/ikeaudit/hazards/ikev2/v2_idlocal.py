"""V2-IDLOCAL: what a router presents by IKEv2 is not what its peer matches."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.words import listing, verb
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Evidence, Ikev2Profile
from ikeaudit.selection import Identity
from ikeaudit.selection.ikev2 import identity_matches


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each identity that is not expected, with all routers that do not expect it."""
    groups: dict[tuple[str, str, str], list[tuple[Peer, Ikev2Profile]]] = {}
    for peer in context.peers:
        found = _unexpected(peer)
        if found is not None:
            identity, profile = found
            groups.setdefault((peer.far_name, identity.kind, str(identity)), []).append((peer, profile))
    for (sender, kind, identity_text), items in groups.items():
        expected = dict.fromkeys(f"{peer.router.name} (profile {profile.name})" for peer, profile in items)
        evidence = [
            line
            for peer, profile in items
            for line in peer.router.evidence(profile.line, *(match.line for match in profile.matches))
        ]
        yield HAZARD.finding(
            hosts=sorted({sender, *(peer.router.name for peer, _ in items)}),
            peers=dict.fromkeys(str(peer.address) for peer, _ in items),
            message=(
                f"{sender} presents the identity {identity_text}, which {listing(expected)} "
                f"{verb(expected, 'does', 'do')} not match."
            ),
            cause=[sender, kind, identity_text],
            evidence=[*_own(items[0][0]), *evidence],
        )


def _unexpected(peer: Peer) -> tuple[Identity, Ikev2Profile] | None:
    if peer.end.ike_version != 2 or peer.far_rules is None or peer.far is None:
        return None
    mine = peer.rules.ikev2.profiles.get(peer.end.ikev2_profile or "")
    theirs = peer.far_rules.ikev2.profiles.get(peer.far.ikev2_profile or "")
    if mine is None or theirs is None or mine.certificate_maps or not mine.matches:
        return None
    identity = peer.far_rules.ikev2.own_identity(theirs, peer.far.local)
    if identity.kind == "address" and identity.address is None:
        return None
    return None if any(identity_matches(match, identity) for match in mine.matches) else (identity, mine)


def _own(peer: Peer) -> tuple[Evidence, ...]:
    assert peer.far_rules is not None and peer.far is not None
    theirs = peer.far_rules.ikev2.profiles[peer.far.ikev2_profile or ""]
    own = theirs.identity_local
    return peer.far_rules.router.evidence(theirs.line, own.line if own is not None else 0)


HAZARD = Hazard(
    code="V2-IDLOCAL",
    title="A router's IKEv2 identity is not what its peer matches",
    severity="high",
    scope="pair",
    what=(
        "The identity that one end presents ('identity local', by default its address) is matched by no line of the "
        "other end's bound IKEv2 profile."
    ),
    why=(
        "When this end calls, the peer finds no profile and refuses. When the peer calls, it rejects the answer "
        "after this end has already installed its security associations: a half-open tunnel."
    ),
    symptom="'IKEv2 profile not found' in one direction, 'Auth exchange failed' with a READY responder in the other.",
    fix="Align 'identity local' with the peer's 'match identity remote'.",
    source="IKEV2-PROFILE, IKEV2-HALF-OPEN",
    detect=detect,
)
