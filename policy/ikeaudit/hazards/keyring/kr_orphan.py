"""KR-ORPHAN: a keyring of no profile that still takes part in the blind search."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.exchange.result import Confidence
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard, ObjectRef
from ikeaudit.model import Keyring


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each keyring that no profile names and nothing without a profile lives on.

    Silent where the keyring seems to be what something lacks: that is told by the hazard of what lacks it.
    """
    for facts in context.routers:
        if not facts.router.isakmp_profiles:
            continue
        for keyring in facts.router.keyrings:
            if keyring.name in facts.listed_keyrings or not any(key.prefix is not None for key in keyring.keys):
                continue
            if facts.in_use.serves(keyring) or facts.in_use.keyring_missed(keyring):
                continue
            yield _finding(facts, keyring)


def _finding(facts: RouterFacts, keyring: Keyring) -> Finding:
    covered = {peer: None for key in keyring.keys for peer in facts.peers_under(key.line)}
    taken = dict.fromkeys(str(peer.address) for peer in covered if _takes(keyring, peer))
    spared = dict.fromkeys(str(peer.address) for peer in covered)
    if taken:
        what = f"answers {listing(taken)} when it calls"
    elif spared:
        what = f"covers {listing(spared)}, whom another keyring answers"
    else:
        what = "covers no known peer"
    unseen: Confidence = "certain" if taken or not _unseen(facts) else "probable"
    certain = facts.in_use.sure(keyring.name) and not _unseen(facts)
    return HAZARD.finding(
        hosts=[facts.name],
        peers=taken or spared,
        severity="high" if taken else "medium",
        message=f"No profile names keyring {keyring.name}, yet a responder searches it too; it {what}.",
        cause=[keyring.name],
        evidence=facts.router.evidence(keyring.line, *(key.line for key in keyring.keys)),
        confidence=weakest(unseen, "certain" if facts.in_use.sure(keyring.name) else "unknown"),
        fix=_REMOVE if certain else None,
        removes=[ObjectRef("keyring", facts.name, keyring.name, keyring.line)] if certain else (),
    )


def _takes(keyring: Keyring, peer: Peer) -> bool:
    """Whether the search for a caller may end in the keyring: it wins, ties, or takes part by an address not known."""
    return any(pick.keyring.name == keyring.name for pick in (*peer.blind.best, *peer.blind.uncertain))


def _unseen(facts: RouterFacts) -> bool:
    """Whether there may be users of the keyring that the configuration does not name: GETVPN, or an excerpt."""
    gdoi = any(entry.kind == "gdoi" for crypto_map in facts.router.crypto_maps for entry in crypto_map.entries)
    return gdoi or bool(facts.rules.key_servers) or not facts.rules.endpoints


_REMOVE = (
    "Delete the keyring: no tunnel, crypto map entry or profile of this configuration needs it. Make sure first that "
    "nobody calls who is not in this snapshot."
)

HAZARD = Hazard(
    code="KR-ORPHAN",
    title="A keyring that no profile names takes part in the search",
    severity="medium",
    scope="router",
    what=(
        "The router uses profiles, and a keyring with address keys is named by none of them. High when a known peer "
        "that calls is answered from it. A keyring that a tunnel or dynamic entry without a profile lives on is no "
        "orphan, nor is one that a profile seems to lack (KR-UNDEF, KR-EMPTY, PF-NO-KEYRING, KR-PROFILE-LACKS-PEER)."
    ),
    why=(
        "The responder's search does not care whether a profile names a keyring. An orphan that wins it takes the "
        "negotiation to a key that no profile can verify."
    ),
    symptom=(
        "When a covered peer starts: 'Key not found in keyrings of profile , aborting exchange', or "
        "%CRYPTO-4-IKMP_BAD_MESSAGE."
    ),
    fix=(
        "Find out what the keyring is for before it is touched, and name it in the profile of those peers; it can go "
        "when nothing that is configured needs it."
    ),
    source="KEY-LPM, KEY-VERIFY",
    detect=detect,
)
