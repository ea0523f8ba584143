"""Peers whose call is answered with a key from outside their profile (KEY-DEFAULT-FIRST, KEY-LPM, KEY-VERIFY)."""

from collections.abc import Iterator

import msgspec

from ikeaudit.exchange.result import Confidence
from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_view import RouterView
from ikeaudit.model import IsakmpProfile, same_key
from ikeaudit.selection import KeyPick


class Detour(msgspec.Struct, frozen=True):
    """A call that ``taken`` answers, while ``profile`` expects ``expected`` (None: its keyrings hold no key for the peer).

    ``equal`` tells whether the two keys are the same. ``verified`` is False where no profile is selected by the peer's
    identity, so that only the text of the key matters.
    """

    peer: Peer
    profile: IsakmpProfile
    taken: KeyPick
    expected: KeyPick | None
    equal: bool | None
    verified: bool

    @property
    def confidence(self) -> Confidence:
        """How sure it is that this profile and this key meet."""
        equality: Confidence = "unknown" if self.equal is None and not self.verified else "certain"
        uncertain: Confidence = "unknown" if self.peer.blind.uncertain else "certain"
        return weakest(self.peer.selection_confidence, equality, uncertain)


def detours(facts: RouterView) -> Iterator[Detour]:
    """Every caller whose blindly chosen key does not come from a keyring of its profile.

    The profile is the one that the identity selects; where it selects none, the bound one counts, and only if the keys
    are not known to be equal, because nothing is verified then (KEY-VERIFY). Callers in aggressive mode are left out: their
    profile is known before a key is needed.
    """
    for peer in facts.callers:
        taken = peer.blind_pick
        profile = peer.profile or peer.bound
        if (
            taken is None
            or profile is None
            or peer.calls_aggressively
            or taken.keyring.name in facts.rules.ring_names(profile)
        ):
            continue
        best = peer.keys_in(profile).best
        expected = best[0] if best else None
        equal = same_key(taken.key.secret, expected.key.secret, same_router=True) if expected is not None else None
        verified = peer.profile is not None
        if not verified and (expected is None or equal):
            continue
        yield Detour(peer, profile, taken, expected, equal, verified)


def detour_addresses(found: list[Detour]) -> list[str]:
    """The peers as they are shown."""
    return [detour.peer.label for detour in found]


def detour_profiles(found: list[Detour]) -> list[str]:
    """The profiles concerned, in the order of the configuration."""
    return list(dict.fromkeys(detour.profile.name for detour in found))


def detour_lines(found: list[Detour]) -> list[int]:
    """The lines of both keys, of the profiles and of their keyrings."""
    lines: set[int] = set()
    for detour in found:
        lines |= {detour.taken.keyring.line, detour.taken.key.line, detour.profile.line}
        lines |= {ref.line for ref in detour.profile.keyrings}
        if detour.expected is not None:
            lines |= {detour.expected.key.line}
    return sorted(lines)
