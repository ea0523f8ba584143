"""Quick mode, and what IPsec says of proposals and proxies."""

from ikeaudit.logs.message import Cause, Row, Side
from ikeaudit.logs.messages import sources as s

ANY: tuple[Cause, ...] = (
    "proxy-mismatch",
    "no-common-transform",
    "profile-binding",
    "pfs-mismatch",
    "peer-address-mismatch",
    "incomplete-configuration",
)
"""What makes a responder refuse quick mode."""
NO_MAP: tuple[Cause, ...] = ("profile-binding", "proxy-mismatch", "peer-address-mismatch", "incomplete-configuration")
"""What makes it find no crypto map or tunnel for an offer."""

_REFUSED: tuple[tuple[str, Side, str], ...] = (
    ("IPSec policy invalidated proposal", "responder", s.DEBUGS),
    ("phase 2 SA policy not acceptable! (local {local} remote {peer})", "responder", s.GUIDE),
    ("phase 2 SA policy not acceptable!", "responder", s.GUIDE),
    ("phase 2 SA not acceptable!", "responder", s.OLD),
    ("Sending NOTIFY PROPOSAL_NOT_CHOSEN protocol 3", "responder", s.GUIDE),
    ("processing NOTIFY PROPOSAL_NOT_CHOSEN protocol 3", "initiator", s.NAT),
    ("processing NOTIFY NO_PROPOSAL_CHOSEN protocol 3", "initiator", s.RECALLED),
    ("processing NOTIFY PROPOSAL_NOT_CHOSEN protocol 2", "initiator", s.RECALLED),
)

QUICK_MODE: tuple[Row, ...] = (
    Row(text="beginning Quick Mode exchange", does="begins", at="QM1", side="initiator", source=s.GUIDE),
    Row(text="Checking IPSec proposal {n}", does="begins", at="QM1", side="responder", fact="offered", source=s.GUIDE),
    # -- who asks whom for what: both addresses --------------------------------------------------------------------------
    *(
        Row(text=text, does="notes", fact="request", version=0, source=source)
        for text, source in (
            ("(sa_request): , (key eng. msg.) OUTBOUND local= {local}{rest}remote= {peer}", s.GUIDE),
            (
                "(validate_proposal_request): proposal part #{n}{rest}INBOUND local= {local}{rest}remote= {peer}",
                s.GUIDE,
            ),
            ("(key_engine): request timer fired{rest}local= {local}{rest}remote= {peer}", s.DEBUGS),
        )
    ),
    Row(
        text="SA has outstanding requests (local {local} port {n}, remote {peer} port {n})",
        does="notes",
        fact="request",
        source=s.NAT,
    ),
    Row(text="map_db_check_isakmp_profile profile did not match", does="notes", fact="other-profile", source=s.GUIDE),
    Row(text="map_db_find_best did not find matching map", does="notes", fact="maps-shown", source=s.GUIDE),
    # -- transforms ---------------------------------------------------------------------------------------------------
    *(
        Row(
            text=text,
            does="refuses",
            at="QM1",
            reason="no-common-transform",
            side="responder",
            weight=40,
            child=True,
            version=0,
            source=source,
        )
        for text, source in (
            ("(ipsec_process_proposal): transform proposal not supported", s.NOTES),
            ("(ipsec_process_proposal): transform proposal {rest} not supported", s.OLD),
            ("(validate_proposal): transform proposal not supported", s.NOTES),
            ("(validate_proposal): transform proposal {rest} not supported", s.OLD),
            ("(vaidate_proposal): transform proposal {rest} not supported", s.OLD),
            ("(validate_transform_proposal): transform proposal {rest} not supported", s.OLD),
            ("(validate_proposal): invalid transform proposal flags", s.DEBUGS),
            ("(ipsec_process_proposal): invalid transform proposal flags", s.DEBUGS),
        )
    ),
    Row(
        text="IPSec policy invalidated proposal with error 256",
        does="refuses",
        at="QM1",
        reason="no-common-transform",
        side="responder",
        weight=38,
        child=True,
        source=s.NOTES,
    ),
    Row(
        text="IPSec policy invalidated proposal with error 64",
        does="refuses",
        at="QM1",
        reason="pfs-mismatch",
        side="responder",
        weight=36,
        child=True,
        source=s.RECALLED,
    ),
    # -- proxies, peers, maps -----------------------------------------------------------------------------------------
    *(
        Row(
            text=text,
            does="refuses",
            at="QM1",
            candidates=NO_MAP,
            side="responder",
            weight=42,
            fact="proxies",
            child=True,
            version=0,
            source=source,
        )
        for text, source in (
            ("(ipsec_process_proposal): proxy identities not supported", s.GUIDE),
            ("(validate_transform_proposal): proxy identities not supported", s.DEBUGS),
            ("(validate_proposal): proxy identities not supported", s.DEBUGS),
        )
    ),
    *(
        Row(
            text=f"({where}): peer address {{address}} not found",
            does="refuses",
            at="QM1",
            reason="peer-address-mismatch",
            side="responder",
            weight=50,
            child=True,
            version=0,
            source=s.DEBUGS,
        )
        for where in ("ipsec_process_proposal", "validate_transform_proposal")
    ),
    *(
        Row(
            text=text,
            does="refuses",
            at="QM1",
            candidates=("peer-address-mismatch", "incomplete-configuration"),
            side="responder",
            weight=50,
            child=True,
            version=0,
            source=s.DEBUGS,
        )
        for text in (
            "(ipsec_process_proposal): invalid local address {address}",
            "(validate_transform_proposal): no IPSEC cryptomap exists for local address {address}",
            "(validate_proposal): invalid local address {address}",
        )
    ),
    Row(
        text="IPSec policy invalidated proposal with error 32",
        does="refuses",
        at="QM1",
        candidates=NO_MAP,
        side="responder",
        weight=34,
        fact="error-32",
        child=True,
        source=s.GUIDE,
    ),
    *(
        Row(text=text, does="refuses", at="QM1", candidates=ANY, side=side, weight=9, child=True, source=source)
        for text, side, source in _REFUSED
    ),
    *(
        Row(
            text=text,
            does="refuses",
            at="QM1",
            reason="proxy-mismatch",
            candidates=("peer-address-mismatch", "incomplete-configuration"),
            side="initiator",
            weight=30,
            child=True,
            source=s.RECALLED,
        )
        for text in (
            "processing NOTIFY INVALID_ID_INFO protocol",
            "processing NOTIFY INVALID_ID_INFORMATION protocol",
        )
    ),
    Row(
        text="(initialize_sas): invalid proxy IDs",
        does="refuses",
        at="QM1",
        reason="proxy-mismatch",
        weight=45,
        child=True,
        version=0,
        source=s.DEBUGS,
    ),
    Row(
        text='deleting node {word} error TRUE reason "QM rejected"',
        does="refuses",
        at="QM1",
        candidates=ANY,
        side="responder",
        weight=7,
        child=True,
        source=s.NAT,
    ),
    Row(
        text='deleting node {word} error TRUE reason "Delete Larval"',
        does="refuses",
        at="QM1",
        candidates=ANY,
        side="initiator",
        weight=7,
        child=True,
        source=s.NAT,
    ),
    # -- up -----------------------------------------------------------------------------------------------------------
    Row(text="Creating IPSec SAs", does="reaches", at="UP", source=s.DEBUGS),
    Row(text='deleting node {word} error FALSE reason "QM done', does="reaches", at="UP", source=s.NAT),
    Row(text='deleting node {word} error FALSE reason "quick mode done', does="reaches", at="UP", source=s.OLD),
    Row(text="(create_sa): sa created", does="reaches", at="UP", version=0, source=s.DEBUGS),
    Row(text="(initialize_sas)", does="reaches", at="UP", version=0, source=s.DEBUGS),
)
