"""Security associations of a lab router, and what a finished exchange leaves of them (DEBUG-LINES, SHOW-LAYOUT)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from ikeaudit.exchange import Exchange
from ikeaudit.lab.agreed import Suite
from ikeaudit.lab.clock import LabClock
from ikeaudit.model import Prefix, Router
from ikeaudit.selection import Endpoint

LINGER = 60.0
"""Seconds for which a failed or deleted IKE SA is still listed."""


Proxy = tuple[str, str, str]
"""A flow: protocol, source and destination as the show commands print them."""


@dataclass(eq=False, slots=True)
class Sa:
    """One router's end of a negotiation: its IKE SA, and the IPsec SAs under it when ``ipsec`` is set.

    ``interface`` is the label of the tunnel end. ``state`` is IKEv1's state name, or ``READY``; ``ike``
    is False once only the IPsec SAs are left. ``far`` is the same association on the other router.
    """

    interface: str
    local: str
    remote: str
    initiator: bool
    version: Literal[1, 2]
    state: str
    conn_id: int
    since: float
    ike: bool = True
    deleted: bool = False
    ipsec: bool = False
    profile: str | None = None
    fvrf: str | None = None
    ivrf: str | None = None
    proxy: Proxy = ("47", "", "")
    suite: Suite = field(default_factory=Suite)
    sent: int = 0
    received: int = 0
    expires: float | None = None
    watch: tuple[str, ...] = ()
    local_interface: str | None = None
    far: Sa | None = field(default=None, repr=False)

    @property
    def established(self) -> bool:
        """Whether Phase 1 (or the IKEv2 SA) is up."""
        return self.ike and not self.deleted and self.state in ("QM_IDLE", "READY")

    def holds(self, version: int, profile: str) -> bool:
        """Whether the SA keeps an IKE profile from being deleted: while it is up, and a while after it was torn down."""
        up = self.ike and self.state in ("QM_IDLE", "READY")
        return up and self.version == version and self.profile == profile

    @property
    def source(self) -> str:
        """The initiator's address: the ``src`` column."""
        return self.local if self.initiator else self.remote

    @property
    def destination(self) -> str:
        """The responder's address: the ``dst`` column."""
        return self.remote if self.initiator else self.local


class SaTable:
    """All associations of one router."""

    def __init__(self, clock: LabClock) -> None:
        self._clock = clock
        self._sas: list[Sa] = []
        self._next = 1001

    def __iter__(self) -> Iterator[Sa]:
        self._expire()
        return iter(tuple(self._sas))

    def conn_id(self) -> int:
        """The next connection number."""
        self._next += 1
        return self._next - 1

    def add(self, sa: Sa) -> Sa:
        """List ``sa``; one that is not established goes by itself after ``LINGER`` seconds."""
        if not sa.established:
            sa.expires = self._clock.now() + LINGER
        self._sas.insert(0, sa)
        return sa

    def live(self, interface: str, remote: str) -> Sa | None:
        """The association that carries traffic of a tunnel end towards ``remote``."""
        return next((sa for sa in self if sa.ipsec and sa.interface == interface and sa.remote == remote), None)

    def drop(self, which: Callable[[Sa], bool], *, notify: bool = True) -> int:
        """Delete the associations that ``which`` picks; the far end hears of it by ``notify`` and an IKE SA (CHANGE-CLEAR)."""
        gone = [sa for sa in self if which(sa)]
        for sa in gone:
            self._sas.remove(sa)
            far, heard = sa.far, notify and sa.established
            sa.ipsec = sa.ike = False
            if far is not None:
                far.far = None
                if heard:
                    far.ipsec = far.ike = False
        return len(gone)

    def tear_down(self, sa: Sa) -> None:
        """The tunnel end of ``sa`` is gone: no more traffic, the far end is told, the IKE SA lingers (CHANGE-TEARDOWN)."""
        far, heard = sa.far, sa.established
        sa.ipsec, sa.deleted, sa.far = False, True, None
        sa.expires = self._clock.now() + LINGER
        if far is not None:
            far.far = None
            if heard:
                far.ipsec = far.ike = False

    def drop_ike(self, which: Callable[[Sa], bool]) -> int:
        """Delete Phase 1 only: the IPsec SAs stay."""
        gone = [sa for sa in self if sa.ike and which(sa)]
        for sa in gone:
            for end in (sa, sa.far):
                if end is not None and sa.established:
                    end.ike = False
            sa.ike = False
        return len(gone)

    def drop_ipsec(self, which: Callable[[Sa], bool]) -> int:
        """Delete Phase 2 only, at both ends when Phase 1 can carry the news."""
        gone = [sa for sa in self if sa.ipsec and which(sa)]
        for sa in gone:
            if sa.far is not None and sa.established:
                sa.far.ipsec = False
            sa.ipsec = False
        return len(gone)

    def reset(self) -> None:
        """A restart: everything is gone and nobody is told."""
        self.drop(lambda sa: True, notify=False)

    def _expire(self) -> None:
        now = self._clock.now()
        self._sas = [s for s in self._sas if (s.ike or s.ipsec) and (s.expires is None or s.expires > now)]


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


_PREFIXED = re.compile(r"%|ISAKMP|IKEv2|IPSEC|map_db|CRYPTO")


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
