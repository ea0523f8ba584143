"""Colours and words that mean the same everywhere; no meaning rests on a colour alone."""

from __future__ import annotations

import re

from ikeaudit.exchange.result import Confidence, Idle, Outcome, Reason
from ikeaudit.hazards.finding import Severity
from ikeaudit.report.verdict import Verdict

SEVERITY_STYLE: dict[Severity, str] = {
    "critical": "bold white on red",
    "high": "bold red",
    "medium": "bold yellow",
    "low": "bold cyan",
    "info": "bold blue",
}

OUTCOME_STYLE: dict[Outcome, str] = {
    "up": "green",
    "down": "bold red",
    "half-open": "bold magenta",
    "not-initiated": "dim",
    "unknown": "yellow",
}

CONFIDENCE_STYLE: dict[Confidence, str] = {
    "certain": "",
    "probable": "yellow",
    "unpredictable": "bold yellow",
    "unknown": "yellow",
}

VERDICT_STYLE: dict[str, str] = {"OK": "bold green", "FINDINGS": "bold red", "INCOMPLETE": "bold yellow"}

REASON_WORDS: dict[Reason | Idle, str] = {
    "no-key-on-initiator": "The initiator has no key for the peer, so no packet leaves it",
    "no-key-on-responder": "The responder has no key for the caller's address, so no pre-share policy is acceptable",
    "psk-mismatch": "The two ends use different keys",
    "keyring-verification": (
        "The key was picked, before the identity was known, from a keyring that the profile selected by the identity "
        "does not list; equal key text does not help"
    ),
    "profile-binding": "The profile selected by the identity is not the one that the tunnel or crypto map is bound to",
    "no-common-ike-policy": "The two ends share no IKE policy",
    "authentication-method": "One end wants a pre-shared key and the other a certificate",
    "xauth": "After phase 1 one end asks the other, a router, for a user name, and gets no answer",
    "aggressive-mode-disabled": "The initiator starts aggressive mode and the responder has it disabled",
    "no-common-transform": "The two ends share no transform set or mode",
    "pfs-mismatch": "The two ends disagree on perfect forward secrecy",
    "proxy-mismatch": "The two ends' proxies (crypto access lists) are not mirror images",
    "ike-version-mismatch": "One end is bound to IKEv1 and the other to IKEv2",
    "identity-not-matched": "No profile of the receiver matches the identity that the other end sends",
    "peer-address-mismatch": "The address called is not the one that the other end's tunnel uses",
    "certificate": "The certificates or trust-points do not fit",
    "incomplete-configuration": "The configuration lacks something that the exchange needs",
    "peer-unknown": "This end does not know its peer until it calls, so it cannot call itself",
    "responder-only": "This end was told only to answer",
    "no-shortcut": "Nothing makes these two spokes call each other; their traffic goes by the hub",
    "traffic-translated": "NAT takes the traffic before the crypto map sees it",
    "traffic-not-matched": "No traffic of this end fits its crypto access list, or a route leads round the crypto map",
    "interface-down": "The interface is shut down, or down because the tunnel's own packets are routed into it",
    "map-not-applied": "The crypto map stands on no interface",
    "null-route": "A static route throws away what is sent to the peer",
}
"""What each reason means, for somebody who reads it at night."""

_FATAL = re.compile(
    r"aborting exchange|reserved not zero|%CRYPTO-[0-4]-|IKMP_(MODE_FAILURE|AUTH_FAIL|NOT_ENCRYPTED)"
    r"|No pre-shared key with|No Cert or pre-shared|Can not start Main mode\b|Failed to initialize SA"
    r"|FSM action returned error|not acceptable|no offers accepted|does not match policy|did not match"
    r"|did not find matching|not supported|invalidated proposal|PROPOSAL_NOT_CHOSEN|Delete Larval|QM rejected"
    r"|profile not found|Failed to|FAILED|AUTHENTICATION_FAILED|TS_UNACCEPTABLE|Auth exchange failed",
)
_TELLING = re.compile(
    r"SA request profile is|key in keyring|pre-shared key matching|preshared key found|peer matches|as (final )?key\b"
    r"|not available in|found in|matching IKEv2 profile|from profile keyring|Matched peer block",
)
_GOOD = re.compile(
    r"has been authenticated|authenctication data PASSED|Map Accepted|is UP\b|QM_IDLE|atts are acceptable"
)


def is_fatal(line: str) -> bool:
    """Whether a debug line tells what kills the exchange (DEBUG-LINES)."""
    return _FATAL.search(line) is not None


def transcript_style(line: str) -> str:
    """Emphasis for a debug line (DEBUG-LINES): what kills the exchange, what decides it, what went well, the rest."""
    if is_fatal(line):
        return "bold red"
    if _TELLING.search(line):
        return "bold"
    return "green" if _GOOD.search(line) else ""


def verdict_style(verdict: Verdict) -> str:
    """Colour of a verdict's word."""
    return VERDICT_STYLE[verdict.word]
