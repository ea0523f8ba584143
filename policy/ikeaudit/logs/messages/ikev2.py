"""IKEv2 as far as it goes well: profiles, keys, what was verified, SAs."""

from ikeaudit.logs.message import Row
from ikeaudit.logs.messages import sources as s

IKEV2: tuple[Row, ...] = (
    Row(
        text="Getting preshared key from profile keyring {word}",
        does="notes",
        fact="key-look-up",
        version=2,
        source=s.FLEX,
    ),
    Row(text="Getting preshared key by address {peer}", does="notes", fact="key-look-up", version=2, source=s.IOS_V2),
    Row(text="Get peer's preshared key for", does="notes", fact="preshared-method", version=2, source=s.XE_V2),
    Row(text="Matched peer block", does="notes", fact="key", version=2, source=s.FLEX),
    Row(text="Choosing IKE profile", does="begins", side="initiator", version=2, source=s.IOS_V2),
    Row(text="IKEv2 initiator - no config data", does="begins", side="initiator", version=2, source=s.XE_V2),
    *(
        Row(text=text, does="reaches", at="AUTH", side="initiator", version=2, source=s.XE_V2)
        for text in ("Constructing IDi payload", "Process auth response notify")
    ),
    Row(text="Constructing IDr payload", does="reaches", at="AUTH", side="responder", version=2, source=s.IOS_V2),
    Row(text="Error constructing config reply", does="notes", fact="config-reply", version=2, source=s.MISMATCHES),
    Row(
        text="IKEv2 profile not found",
        does="notes",
        at="AUTH",
        reason="identity-not-matched",
        weight=30,
        fact="profile-missing",
        version=2,
        source=s.ASA_IKEV2,
    ),
    *(
        Row(text=text, does="notes", fact="no-keyring", version=2, source=s.TOLD)
        for text in ("profile {word} has no keyring", "no keyring", "keyring not found")
    ),
    Row(
        text="Searching policy based on peer's identity '{peer}'",
        does="notes",
        fact="identity",
        version=2,
        source=s.ASA_IKEV2,
    ),
    Row(text="Searching policy based on peer's identity", does="notes", fact="identity", version=2, source=s.ASA_IKEV2),
    Row(text="Searching Policy with fvrf {word} local address {local}", does="notes", version=2, source=s.FLEX),
    Row(text="found matching IKEv2 profile", does="notes", fact="profile", version=2, source=s.FLEX),
    Row(text="Use preshared key for id", does="notes", fact="preshared-method", version=2, source=s.FLEX),
    Row(text="Peer's authentication method is 'PSK'", does="notes", fact="preshared-method", version=2, source=s.FLEX),
    Row(text="My authentication method is 'PSK'", does="notes", fact="own-preshared", version=2, source=s.FLEX),
    Row(text="Peer's authentication method is 'RSA'", does="notes", fact="certificates", version=2, source=s.ASA_IKEV2),
    Row(
        text="Peer's authentication method is 'ECDSA'", does="notes", fact="certificates", version=2, source=s.RECALLED
    ),
    Row(text="Generating IKE_SA_INIT message", does="reaches", at="SA_INIT", version=2, source=s.XE_V2),
    Row(text="Completed SA init exchange", does="reaches", at="AUTH", version=2, source=s.XE_V2),
    Row(text="Generating IKE_AUTH message", does="reaches", at="AUTH", version=2, source=s.XE_V2),
    Row(
        text="Verification of peer's authentication data PASSED",
        does="notes",
        fact="verified",
        version=2,
        source=s.FLEX,
    ),
    Row(
        text="Verification of peer's authenctication data PASSED",
        does="notes",
        fact="verified",
        version=2,
        source=s.XE_V2,
    ),
    Row(text="IKEV2 SA created; inserting SA into database", does="reaches", at="PHASE1", version=2, source=s.XE_V2),
    Row(text="Session with IKE ID PAIR ({rest}) is UP", does="reaches", at="PHASE1", version=2, source=s.XE_V2),
    Row(text="Load IPSEC key material", does="reaches", at="UP", version=2, source=s.ASA_IKEV2),
)
