"""Security associations of a lab router: what ``show crypto isakmp sa`` and its relatives print, and ``clear`` removes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from ikeaudit.lab.clock import LabClock

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
