"""How IKEv2 fails; the reasons that %IKEV2-3-NEG_ABORT gives are these, too."""

from ikeaudit.logs.message import Cause, Row, Side
from ikeaudit.logs.messages import sources as s

UNAUTHENTICATED: tuple[Cause, ...] = ("psk-mismatch", "identity-not-matched", "certificate", "authentication-method")
"""What makes the other end refuse IKE_AUTH where it does not say why."""
REJECTED: tuple[Cause, ...] = (*UNAUTHENTICATED, "no-key-on-responder")

_PROPOSALS: tuple[tuple[str, Side | None], ...] = (
    ("Failed to find a matching policy", None),  # an initiator that has none says so, too
    ("Received Policies", "responder"),
    ("Expected Policies", "responder"),
    ("Received no proposal chosen notify", "initiator"),
    ("Sending no proposal chosen notify", "responder"),
    ("Failed to verify the proposed policies", "responder"),
    ("Failed to find a matching proposal", None),
    ("No matching proposal", None),
    ("Proposal mismatch", None),
    ("Policy not found", None),
    ("IKEv2 policy not found", None),
    ("No policy found", None),
    ("No matching policy", None),
    ("No matching IKEv2 policy", None),
    ("Failed to find policy", None),
    ("Failed to find IKEv2 policy", None),
)
_NO_ENTRY = (
    "Matched peer block not found",
    "No matching peer block",
    "No matched peer block",
    "Peer block not found",
)
"""Said of one look-up; another one may find the key."""
_NO_KEY = (
    "Failed to get PSK",
    "Failed to get preshared key",
    "Failed to get pre-shared key",
    "Failed to retrieve preshared key",
    "Failed to retrieve pre-shared key",
    "Failed to find preshared key",
    "Failed to find pre-shared key",
    "Could not find preshared key",
    "Could not find pre-shared key",
    "No preshared key found",
    "No pre-shared key found",
    "Preshared key not found",
    "Pre-shared key not found",
    "PSK not found",
    "No PSK found",
)
_NO_PROFILE = (
    "No matching IKEv2 profile",
    "No matching profile",
    "No IKEv2 profile matched",
    "No IKEv2 profile found",
    "No profile matched",
    "No profile found",
    "Profile not found",
    "Failed to find a matching profile",
    "Failed to find matching profile",
    "Failed to find a matching IKEv2 profile",
    "Failed to find IKEv2 profile",
    "No matching identity",
    "Peer ID check failed",
    "Peer identity mismatch",
    "Peer's identity does not match",
)

IKEV2_REFUSALS: tuple[Row, ...] = (
    # -- IKE_SA_INIT --------------------------------------------------------------------------------------------------
    *(
        Row(
            text=text,
            does="refuses",
            at="AUTH",
            reason="no-common-transform",
            weight=60,
            side="responder",
            child=True,
            version=2,
            source=s.MISMATCHES,
        )
        for text in (
            "Received Policies: ESP",
            "Received Policies{rest}ESP: Proposal",
            "Expected Policies{rest}ESP: Proposal",
            "Received Policies{rest}use ESN",
            "Expected Policies{rest}use ESN",
        )
    ),
    *(
        Row(
            text=text,
            does="refuses",
            fact="proposal",
            reason="no-common-ike-policy",
            side=side,
            weight=50,
            version=2,
            source=s.MISMATCHES,
        )
        for text, side in _PROPOSALS
    ),
    Row(
        text="Initial exchange failed",
        does="refuses",
        at="SA_INIT",
        candidates=("no-common-ike-policy", "no-response", "no-key-on-initiator", "incomplete-configuration"),
        weight=5,
        version=2,
        source=s.DEBUGS,
    ),
    Row(
        text="NAT-T disabled via cli",
        does="refuses",
        at="SA_INIT",
        reason="incomplete-configuration",
        weight=60,
        version=2,
        source=s.MISMATCHES,
    ),
    # -- keys: of the initiator before it sends anything, of the responder when it has the identity -----------------------
    *(
        Row(
            text=text,
            does="refuses",
            candidates=("no-key-on-initiator", "no-key-on-responder"),
            weight=65,
            fact=fact,
            version=2,
            source=s.TOLD,
        )
        for fact, texts in (("no-entry", _NO_ENTRY), ("no-key", _NO_KEY))
        for text in texts
    ),
    # -- IKE_AUTH: identities and keys --------------------------------------------------------------------------------
    *(
        Row(
            text=text,
            does="refuses",
            at="AUTH",
            reason="identity-not-matched",
            weight=40,
            version=2,
            source=s.TOLD,
        )
        for text in _NO_PROFILE
    ),
    Row(
        text="Peer authentication method configured is mismatching with the method proposed by peer",
        does="refuses",
        at="AUTH",
        reason="authentication-method",
        weight=60,
        version=2,
        source=s.LISTED,
    ),
    Row(
        text="Computed authentication value for peer differs from what peer sent",
        does="refuses",
        at="AUTH",
        candidates=("psk-mismatch", "certificate"),
        weight=58,
        fact="computed",
        version=2,
        source=s.LISTED,
    ),
    Row(
        text="Failed to locate an item in the database",
        does="refuses",
        at="AUTH",
        reason="identity-not-matched",
        weight=60,
        fact="no-profile",
        version=2,
        source=s.ASA_IKEV2,
    ),
    Row(
        text="Profile could not be found by peer certificate",
        does="notes",
        fact="certificates",
        version=2,
        source=s.ASA_IKEV2,
    ),
    *(
        Row(
            text=text,
            does="refuses",
            at="AUTH",
            reason="authentication-failed",
            candidates=("psk-mismatch", "certificate"),
            weight=50,
            fact="unverified",
            version=2,
            source=s.MISMATCHES,
        )
        for text in (
            "Verification of peer's authentication data FAILED",
            "Verification of peer's authenctication data FAILED",
            "Failed to authenticate the IKE SA",
        )
    ),
    *(
        Row(
            text=text,
            does="refuses",
            at="AUTH",
            reason="authentication-failed",
            candidates=REJECTED,
            weight=weight,
            fact=fact,
            version=2,
            source=source,
        )
        for text, fact, weight, source in (
            ("Sending authentication failure notify", "rejected", 20, s.MISMATCHES),
            ("Received authentication failure notify", "told-so", 20, s.MISMATCHES),
            ("Parse Notify Payload: AUTHENTICATION_FAILED", "told-so", 20, s.LISTED),
            ("NOTIFY(AUTHENTICATION_FAILED)", "told-so", 20, s.MISMATCHES),
            ("AUTHENTICATION_FAILED", "", 20, s.MISMATCHES),
            ("AUTH_FAILED", "", 20, s.MISMATCHES),
            ("Verify auth failed", "rejected", 20, s.ASA_IKEV2),
            ("Auth exchange failed", "rejected", 5, s.MISMATCHES),
        )
    ),
    # -- IKE_AUTH: the child SA ---------------------------------------------------------------------------------------
    *(
        Row(
            text=text,
            does="refuses",
            at="AUTH",
            reason="proxy-mismatch",
            candidates=("peer-address-mismatch", "profile-binding", "incomplete-configuration"),
            weight=55,
            child=True,
            version=2,
            source=source,
        )
        for text, source in (
            ("TS_UNACCEPTABLE", s.MISMATCHES),
            ("Parse Notify Payload: TS_UNACCEPTABLE", s.LISTED),
            ("Failed to find matching traffic selectors", s.TOLD),
            ("No matching traffic selectors", s.TOLD),
            ("Traffic selectors unacceptable", s.TOLD),
            ("Traffic selector mismatch", s.TOLD),
            ("NOTIFY(TS_UNACCEPTABLE)", s.MISMATCHES),
            ("Sending TS unacceptable notify", s.RECALLED),
            ("Received TS unacceptable notify", s.RECALLED),
            ("There was no IPSEC policy found for received TS", s.SYSTEM),
        )
    ),
    Row(
        text="NOTIFY(NO_PROPOSAL_CHOSEN)",
        does="refuses",
        at="AUTH",
        reason="no-common-transform",
        weight=45,
        fact="no-proposal",
        child=True,
        version=2,
        source=s.XE_V2,
    ),
    *(
        Row(
            text=text,
            does="refuses",
            candidates=("pfs-mismatch", "no-common-transform", "proxy-mismatch"),
            fact="rekey",
            weight=15,
            child=True,
            version=2,
            source=s.RECALLED,
        )
        for text in ("Create child exchange failed", "CREATE_CHILD_SA NOTIFY(NO_PROPOSAL_CHOSEN)")
    ),
    Row(
        text="Failed to initiate sa",
        does="refuses",
        at="SA_INIT",
        candidates=("no-key-on-initiator", "no-common-ike-policy", "incomplete-configuration"),
        side="initiator",
        weight=8,
        version=2,
        source=s.RECALLED,
    ),
    Row(
        text="Parse Notify Payload: NO_PROPOSAL_CHOSEN",
        does="refuses",
        reason="no-common-transform",
        weight=45,
        fact="no-proposal",
        child=True,
        version=2,
        source=s.LISTED,
    ),
    # -- nobody answers -----------------------------------------------------------------------------------------------
    Row(
        text="Failed to receive the AUTH msg before the timer expired",
        does="repeats",
        at="AUTH",
        fact="given-up",
        side="responder",
        version=2,
        source=s.LISTED,
    ),
    Row(text="Couldn't find matching SA", does="breaks", fact="stale", version=2, source=s.RECALLED),
    Row(text="Retransmitting packet", does="repeats", version=2, source=s.DEBUGS),
    Row(text="Maximum number of retransmissions reached", does="repeats", fact="given-up", version=2, source=s.DEBUGS),
    Row(
        text="Failed SA init exchange",
        does="refuses",
        at="SA_INIT",
        candidates=("no-common-ike-policy", "no-response"),
        weight=4,
        version=2,
        source=s.DEBUGS,
    ),
)
