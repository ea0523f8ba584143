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
            child=True,
            version=2,
            source=s.MISMATCHES,
        )
        for text in ("Received Policies: ESP", "Received Policies{rest}use ESN", "Expected Policies{rest}use ESN")
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
    # -- IKE_AUTH: identities and keys --------------------------------------------------------------------------------
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
            weight=20,
            version=2,
            source=s.MISMATCHES,
        )
        for text in (
            "Sending authentication failure notify",
            "Received authentication failure notify",
            "NOTIFY(AUTHENTICATION_FAILED)",
            "AUTHENTICATION_FAILED",
            "AUTH_FAILED",
            "Auth exchange failed",
            "Verify auth failed",
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
    # -- nobody answers -----------------------------------------------------------------------------------------------
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
