"""Pre-shared keys of IKEv2 profiles."""

from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.model import Ikev2Profile
from ikeaudit.selection import Identity


def pre_shared(profile: Ikev2Profile) -> bool:
    """Whether either end of the profile's sessions authenticates by a pre-shared key."""
    return any(auth.method == "pre-share" for auth in (*profile.local_auth, *profile.remote_auth))


def expected_identities(peer: Peer, profile: Ikev2Profile) -> list[Identity]:
    """What the peer presents: by its own configuration, else its address and the names that the profile matches."""
    if peer.far_rules is not None and peer.far is not None:
        theirs = peer.far_rules.ikev2.profiles.get(peer.far.ikev2_profile or "")
        if theirs is not None:
            return [peer.far_rules.ikev2.own_identity(theirs, peer.far.local)]
    found = [Identity("address", peer.address)]
    for match in profile.matches:
        if match.kind == "fqdn":
            found.append(Identity("fqdn", value=match.value or ""))
        elif match.kind == "email":
            found.append(Identity("user-fqdn", value=match.value or ""))
        elif match.kind == "key-id":
            found.append(Identity("key-id", value=match.value or ""))
    return found
