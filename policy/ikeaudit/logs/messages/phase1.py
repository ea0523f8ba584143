"""Main and aggressive mode: who begins, how far they come, and how policies, keys, profiles and XAUTH fail."""

from ikeaudit.logs.message import Cause, Row
from ikeaudit.logs.messages import sources as s

REFUSED: tuple[Cause, ...] = ("no-common-ike-policy", "no-key-on-responder", "authentication-method", "certificate")
"""What makes a responder refuse every policy: none in common, another way to authenticate, or no key for a caller with one."""
UNREADABLE: tuple[Cause, ...] = ("psk-mismatch", "certificate")
"""What makes MM5 or MM6 come to nothing where the log does not say more."""

PHASE1: tuple[Row, ...] = (
    # -- who begins ---------------------------------------------------------------------------------------------------
    Row(text="SA request profile is", does="begins", side="initiator", source=s.GUIDE),
    Row(text="beginning Main Mode exchange", does="begins", side="initiator", at="MM1", mode="main", source=s.GUIDE),
    Row(
        text="beginning Aggressive Mode exchange",
        does="begins",
        side="initiator",
        at="AM1",
        mode="aggressive",
        source=s.RECALLED,
    ),
    Row(
        text="Can not start Aggressive mode, trying Main mode",
        does="notes",
        side="initiator",
        mode="main",
        source=s.GUIDE,
    ),
    Row(text="processing SA payload. message ID = 0", does="notes", fact="offer", source=s.GUIDE),
    Row(text="Found a peer struct for {peer}", does="notes", source=s.GUIDE),
    Row(text="Created a peer struct for {peer}", does="notes", source=s.NAT),
    # -- keys ---------------------------------------------------------------------------------------------------------
    Row(text="found peer pre-shared key matching {peer}", does="notes", fact="key", source=s.GUIDE),
    Row(text="found peer pre-shared key match {peer}", does="notes", fact="key", source=s.NOTES),
    Row(text="Found ADDRESS key in keyring {word}", does="notes", fact="key", source=s.GUIDE),
    Row(text="Found HOST key in keyring {word}", does="notes", fact="key", source=s.RECALLED),
    Row(text="local preshared key found", does="notes", fact="key", source=s.GUIDE),
    Row(text="Looking for a matching key for {peer} in {word}", does="notes", source=s.OLD),
    Row(text="key for {peer} not available in {word}", does="notes", source=s.GUIDE),
    Row(text="key for {peer} found in {word}", does="notes", source=s.GUIDE),
    Row(
        text="No pre-shared key with {peer}!",
        does="refuses",
        at="MM1",
        aggressive="AM1",
        fact="no-key",
        candidates=("no-key-on-initiator", "no-key-on-responder"),
        weight=60,
        source=s.NO_KEY,
    ),
    Row(
        text="No Cert or pre-shared address key.",
        does="refuses",
        at="MM1",
        aggressive="AM1",
        reason="no-key-on-initiator",
        side="initiator",
        weight=70,
        source=s.NO_KEY,
    ),
    Row(
        text="No cert, and no keys (public or pre-shared) with remote peer {peer}",
        does="refuses",
        at="MM1",
        aggressive="AM1",
        fact="no-key",
        candidates=("no-key-on-initiator", "no-key-on-responder"),
        weight=60,
        source=s.DEBUGS,
    ),
    Row(
        text="construct_initial_message: Can not start Main mode",
        does="refuses",
        at="MM1",
        side="initiator",
        mode="main",
        candidates=("no-key-on-initiator", "incomplete-configuration"),
        weight=15,
        source=s.NO_KEY,
    ),
    # -- policies -----------------------------------------------------------------------------------------------------
    *(
        Row(
            text=text,
            does="refuses",
            at="MM1",
            aggressive="AM1",
            reason="no-common-ike-policy",
            side="responder",
            weight=30,
            fact="policy",
            source=source,
        )
        for text, source in (
            ("Encryption algorithm offered does not match policy!", s.DEBUGS),
            ("Proposed key length does not match policy", s.NOTES),
            ("Hash algorithm offered does not match policy!", s.DEBUGS),
            ("Diffie-Hellman group offered does not match policy!", s.NOTES),
        )
    ),
    *(
        Row(
            text=text,
            does="refuses",
            at="MM1",
            aggressive="AM1",
            reason="authentication-method",
            candidates=("no-common-ike-policy",),
            side="responder",
            weight=25,
            fact="method",
            source=s.DEBUGS,
        )
        for text in (
            "Authentication method offered does not match policy!",
            "RSA signature authentication offered but does not match policy!",
            "Xauth authentication by pre-shared key offered but does not match policy!",
        )
    ),
    Row(
        text="Preshared authentication offered but does not match policy!",
        does="refuses",
        at="MM1",
        aggressive="AM1",
        candidates=REFUSED,
        side="responder",
        weight=28,
        fact="preshared",
        source=s.DEBUGS,
    ),
    *(
        Row(
            text=text,
            does="refuses",
            at="MM1",
            aggressive="AM1",
            reason="no-common-ike-policy",
            candidates=REFUSED[1:],
            side="responder",
            weight=8,
            source=s.DEBUGS,
        )
        for text in ("no offers accepted!", "phase 1 SA policy not acceptable! (local {local} remote {peer})")
    ),
    Row(
        text="phase 1 SA policy not acceptable!",
        does="refuses",
        at="MM1",
        aggressive="AM1",
        reason="no-common-ike-policy",
        candidates=REFUSED[1:],
        side="responder",
        weight=8,
        source=s.DEBUGS,
    ),
    Row(
        text="processing NOTIFY NO_PROPOSAL_CHOSEN protocol 1",
        does="refuses",
        at="MM1",
        aggressive="AM1",
        reason="no-common-ike-policy",
        candidates=REFUSED[1:],
        side="initiator",
        weight=20,
        source=s.DEBUGS,
    ),
    Row(
        text='deleting SA reason "Phase1 SA policy proposal not accepted" state ({role}) {state} (peer {peer}',
        does="refuses",
        at="MM1",
        aggressive="AM1",
        reason="no-common-ike-policy",
        candidates=REFUSED[1:],
        weight=8,
        source=s.NAT,
    ),
    *(
        Row(text=text, does="refuses", candidates=REFUSED, fact=fact, weight=weight, source=source)
        for text, fact, weight, source in (
            ("processing NOTIFY NO_PROPOSAL_CHOSEN", "no-proposal-told", 18, s.RECALLED),
            ("SA not acceptable!", "no-proposal-told", 4, s.DEBUGS),
            ("SA negotiation failed", "no-proposal-told", 4, s.NOTES),
        )
    ),
    Row(text="atts are acceptable. Next payload", does="notes", fact="policy-taken", source=s.GUIDE),
    Row(text="attrs are acceptable. Next payload", does="notes", fact="policy-taken", source=s.NOTES),
    # -- aggressive mode that nobody answers --------------------------------------------------------------------------
    *(
        Row(
            text=text,
            does="refuses",
            at="AM1",
            aggressive="AM1",
            reason="aggressive-mode-disabled",
            side="responder",
            mode="aggressive",
            weight=60,
            source=s.RECALLED,
        )
        for text in (
            "Aggressive mode is disabled",
            "Aggressive mode disabled",
        )
    ),
    # -- MM5 and MM6 --------------------------------------------------------------------------------------------------
    Row(
        text="reserved not zero on ID payload!",
        does="refuses",
        at="MM5",
        aggressive="AM3",
        reason="psk-mismatch",
        weight=50,
        fact="garbage",
        source=s.GUIDE,
    ),
    Row(
        text="reserved not zero on payload 5!",
        does="refuses",
        at="MM5",
        aggressive="AM3",
        reason="psk-mismatch",
        weight=50,
        fact="garbage",
        source=s.OLD,
    ),
    Row(
        text="Notify has no hash. Rejected",
        does="refuses",
        fact="clear-notify",
        candidates=(),
        weight=6,
        source=s.RECALLED,
    ),
    *(
        Row(
            text=f'deleting SA reason "{why}" state ({{role}}) {{state}} (peer {{peer}}',
            does="refuses",
            fact="clear-notify",
            weight=6,
            source=s.RECALLED,
        )
        for why in ("Recevied fatal informational", "Received fatal informational")
    ),
    *(
        Row(
            text=f"processing NOTIFY {notify}",
            does="refuses",
            at="MM5",
            aggressive="AM3",
            reason="authentication-failed",
            candidates=UNREADABLE,
            side="initiator",
            weight=20,
            source=s.RECALLED,
        )
        for notify in ("AUTHENTICATION_FAILED", "PAYLOAD_MALFORMED", "INVALID_HASH_INFORMATION", "INVALID_HASH_INFO")
    ),
    Row(text="peer matches *none* of the profiles", does="notes", fact="no-profile", source=s.GUIDE),
    Row(text="SA is doing pre-shared key authentication", does="notes", fact="preshared-method", source=s.GUIDE),
    Row(text="SA is doing RSA signature authentication", does="notes", fact="certificates", source=s.DEBUGS),
    Row(
        text="Key not found in keyrings of profile",
        does="refuses",
        at="MM5",
        reason="keyring-verification",
        weight=80,
        source=s.GUIDE,
    ),
    Row(text="SA authentication status: authenticated", does="notes", fact="authenticated", source=s.GUIDE),
    Row(text="SA has been authenticated with {peer}", does="notes", fact="authenticated", source=s.GUIDE),
    # -- XAUTH --------------------------------------------------------------------------------------------------------
    Row(
        text="Need XAUTH",
        does="refuses",
        at="XAUTH",
        reason="xauth",
        weight=40,
        side="responder",
        fact="xauth",
        source=s.XAUTH,
    ),
    *(
        Row(text=text, does="refuses", at="XAUTH", reason="xauth", weight=45, source=s.RECALLED)
        for text in (
            "retransmitting phase 2 CONF_XAUTH",
            'deleting SA reason "XAuthentication fail"',
            'deleting SA reason "XAuth: {rest}"',
            "XAUTH: authentication failed",
        )
    ),
    # -- nobody answers -----------------------------------------------------------------------------------------------
    Row(text="retransmitting phase 1 {state}", does="repeats", source=s.DEBUGS),
    Row(text="retransmitting phase 1 ({role}) {state}", does="repeats", source=s.OLD),
    Row(text="retransmitting phase 2 {state}", does="repeats", at="QM1", source=s.OLD),
    Row(
        text='deleting SA reason "Death by retransmission P1" state ({role}) {state} (peer {peer}',
        does="repeats",
        fact="given-up",
        source=s.DEBUGS,
    ),
    Row(
        text='deleting SA reason "Death by retransmission P1" state ({role}) {state}',
        does="repeats",
        fact="given-up",
        source=s.DEBUGS,
    ),
    Row(
        text='deleting SA reason "Death by retransmission P2" state ({role}) {state} (peer {peer}',
        does="repeats",
        at="QM1",
        fact="given-up",
        source=s.DEBUGS,
    ),
    # -- what was up is gone ------------------------------------------------------------------------------------------
    *(
        Row(text=text, does="breaks", reason="no-response", source=s.RECALLED)
        for text in (
            "peer {peer} not responding!",
            'deleting SA reason "P1 errcounter exceeded (PEERS_ALIVE_TIMER)" state ({role}) {state} (peer {peer}',
            'deleting SA reason "P1 errcounter exceeded (PEERS_ALIVE_TIMER)"',
            "DPD error counter exceeded",
        )
    ),
)
