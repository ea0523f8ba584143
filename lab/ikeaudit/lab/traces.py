"""What a finished exchange leaves behind on the two routers: SA states, log lines, flows (DEBUG-LINES, SHOW-LAYOUT)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ikeaudit.exchange import Exchange
from ikeaudit.lab.sa import Proxy
from ikeaudit.model import Prefix, Router
from ikeaudit.selection import Endpoint

State = tuple[str, bool]
"""The name of an IKE SA's state, and whether it is listed as ``(deleted)``."""

_IDLE: State = ("QM_IDLE", False)
_READY: State = ("READY", False)
_DEAD: State = ("MM_NO_STATE", True)
_WAITING: State = ("MM_NO_STATE", False)
_SENT_KEYS: State = ("MM_KEY_EXCH", False)
_AM_DEAD: State = ("AG_NO_STATE", True)


@dataclass(frozen=True, slots=True)
class Trace:
    """IKE SAs on the initiator (``near``) and the responder (``far``), and whether IPsec SAs exist there."""

    near: tuple[State, ...] = ()
    far: tuple[State, ...] = ()
    near_ipsec: bool = False
    far_ipsec: bool = False


_FAILED = {
    # The responder refuses the offer, or has no key for the caller.
    "MM1": Trace((_DEAD,), (_DEAD,)),
    "MM2": Trace((_DEAD,), (_DEAD,)),
    "MM3": Trace((_SENT_KEYS, _DEAD), (_DEAD,)),
    "MM4": Trace((_SENT_KEYS, _DEAD), (_DEAD,)),
    # Different keys, or the keyring verification: the initiator repeats MM5 (DEBUG-LINES, KEY-MISMATCH).
    "MM5": Trace((_SENT_KEYS, _DEAD), (_DEAD,)),
    # The initiator rejects MM6: the responder holds its IKE SA for good.
    "MM6": Trace((_DEAD,), (_IDLE,)),
    "AM1": Trace((_AM_DEAD,), (_AM_DEAD,)),
    "AM2": Trace((_AM_DEAD,), (_AM_DEAD,)),
    "AM3": Trace((_AM_DEAD,), (_AM_DEAD,)),
    # Phase 1 stays (BIND-PROFILE).
    "QM1": Trace((_IDLE,), (_IDLE,)),
    "QM2": Trace((_IDLE,), (_IDLE,)),
    "QM3": Trace((_IDLE,), (_IDLE,)),
    "SA_INIT": Trace(),
    "AUTH": Trace(),
}
_UP = {1: Trace((_IDLE,), (_IDLE,), True, True), 2: Trace((_READY,), (_READY,), True, True)}
_NO_PACKET = frozenset({"no-key-on-initiator", "incomplete-configuration"})


def trace_of(exchange: Exchange, *, answered: bool) -> Trace:
    """What ``exchange`` leaves; ``answered`` is False when no router is there to answer."""
    if exchange.outcome == "not-initiated" or exchange.reason in _NO_PACKET:
        return Trace()
    if not answered or exchange.outcome == "unknown":
        return Trace((_WAITING,)) if exchange.ike_version == 1 else Trace()
    if exchange.outcome == "up":
        return _UP[exchange.ike_version]
    if exchange.outcome == "half-open":
        # The responder has installed its SAs, the initiator rejects (IKEV2-HALF-OPEN).
        return Trace(far=(_READY if exchange.ike_version == 2 else _IDLE,), far_ipsec=True)
    return _FAILED.get(exchange.failed_at or "", Trace((_DEAD,)))


_PREFIXED = re.compile(r"%|ISAKMP|IKEv2|IPSEC|IPSec|map_db|CRYPTO")


def log_line(text: str, version: int) -> str:
    """A transcript line as the debug prints it."""
    if _PREFIXED.match(text):
        return text
    return f"ISAKMP:(0):{text}" if version == 1 else f"IKEv2:(SESSION ID = 1,SA ID = 1):{text}"


def proxies(router: Router | None, endpoint: Endpoint | None, local: str, remote: str) -> Proxy:
    """The flow of a tunnel end: host to host for GRE, any to any for IPsec tunnels, the access list of a map (QM-PROXIES)."""
    if endpoint is None or router is None:
        return ("ip", "0.0.0.0/0.0.0.0", "0.0.0.0/0.0.0.0")
    if endpoint.kind == "tunnel":
        if (endpoint.tunnel_mode or "").startswith("gre"):
            return ("47", f"host {local}", f"host {remote}")
        return ("ip", "0.0.0.0/0.0.0.0", "0.0.0.0/0.0.0.0")
    acl = next((acl for acl in router.acls if acl.name == endpoint.acl), None)
    entry = next((entry for entry in acl.entries if entry.action == "permit"), None) if acl else None
    if entry is None:
        return ("ip", "0.0.0.0/0.0.0.0", "0.0.0.0/0.0.0.0")
    return (entry.protocol, _operand(entry.source), _operand(entry.destination))


def _operand(prefix: Prefix | None) -> str:
    if prefix is None:
        return "0.0.0.0/0.0.0.0"
    if prefix.is_host:
        return f"host {prefix.address}"
    return prefix.dotted().replace(",", "/")
