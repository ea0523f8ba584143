"""Certificates that one end does not have, or the other does not take."""

from ikeaudit.logs.message import Row
from ikeaudit.logs.messages import sources as s

CERTIFICATES: tuple[Row, ...] = (
    *(
        Row(text=text, does="refuses", at="MM5", reason="certificate", weight=55, fact="certificates", source=source)
        for text, source in (
            ("Verify cert failed", s.MISMATCHES),
            ("Unable to get DN from certificate", s.RECALLED),
            ("signature invalid", s.RECALLED),
            ("invalid certificate", s.RECALLED),
            ("Certificate received from {peer} is bad", s.SYSTEM),
        )
    ),
    *(
        Row(
            text=text,
            does="refuses",
            at="MM5",
            reason="certificate",
            weight=55,
            fact="certificates",
            source=source,
            version=2,
        )
        for text, source in (
            ("Verify cert failed", s.MISMATCHES),
            ("Certificate chain validation failed", s.RECALLED),
            ("No suitable trustpoints found", s.MISMATCHES),
            ("Failed to find a valid certificate", s.RECALLED),
            ("Failed to verify certificate", s.RECALLED),
        )
    ),
    Row(
        text="%CRYPTO-5-IKMP_INVAL_CERT: Certificate received from {peer} is bad",
        does="refuses",
        at="MM5",
        reason="certificate",
        weight=55,
        fact="certificates",
        source=s.SYSTEM,
    ),
    # PKI serves others than IKE, too: these tell of a negotiation that has come to its certificates, and of nothing else.
    *(
        Row(
            text=f"%PKI-3-{name}: Certificate chain validation has failed",
            does="refuses",
            at="MM5",
            reason="certificate",
            weight=55,
            fact="pki",
            version=0,
            source=s.SYSTEM,
        )
        for name in (
            "CERTIFICATE_INVALID",
            "CERTIFICATE_INVALID_EXPIRED",
            "CERTIFICATE_INVALID_NOT_YET_VALID",
            "CERTIFICATE_INVALID_UNAUTHORIZED",
            "CERTIFICATE_REVOKED",
        )
    ),
)
