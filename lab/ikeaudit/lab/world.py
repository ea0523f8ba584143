"""What the routers of a lab are to each other: the fleet they form, and the negotiations between them."""

import secrets
import threading
from collections.abc import Callable, Iterable
from typing import TypeAlias

import msgspec

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.lab.agreed import agreed
from ikeaudit.lab.blocks import binding
from ikeaudit.lab.lab_router import LabRouter
from ikeaudit.lab.sa import Sa, log_line, proxies, trace_of
from ikeaudit.model import IPAddress, Router
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.selection import Endpoint, RouterRules


class Reader:
    """Parses the configurations of one lab, each text once."""

    def __init__(self) -> None:
        self._fingerprinter = Fingerprinter(secrets.token_bytes(32))
        self._known: dict[str, tuple[str, Router | None]] = {}

    def router(self, hostname: str, text: str) -> Router | None:
        """The model of lab router ``hostname``, under that name; None when the text is no IOS configuration."""
        known = self._known.get(hostname)
        if known is not None and known[0] == text:
            return known[1]
        parsed = parse_configs(text, file=f"{hostname}.cfg", fingerprinter=self._fingerprinter)
        found = next((config.router for config in parsed if config.router is not None), None)
        router = msgspec.structs.replace(found, name=hostname) if found is not None else None
        self._known[hostname] = (text, router)
        return router


Negotiator: TypeAlias = Callable[[Fleet, Endpoint], Exchange]
"""Decides how the direction that a tunnel end starts goes."""


def by_our_model(fleet: Fleet, endpoint: Endpoint) -> Exchange:
    """The default negotiator: the project's own exchange model, which is also all that the lab knows of IOS."""
    return fleet.replay(endpoint)


class World:
    """The routers of one lab, as configurations that can call each other."""

    def __init__(self, routers: Iterable[LabRouter], negotiator: Negotiator = by_our_model) -> None:
        self._routers: dict[str, LabRouter] = {router.hostname: router for router in routers}
        self._negotiator = negotiator
        self._reader = Reader()
        self._lock = threading.Lock()
        self._fleet: Fleet | None = None
        self._version = 0
        for router in self._routers.values():
            router.world = self
            router.on_change.append(self._changed)

    def _changed(self, router: LabRouter, before: str, after: str) -> None:
        self._version += 1
        self._fleet = None
        for sa in router.sas:
            if sa.watch and not sa.deleted and binding(after, sa.interface, sa.local_interface) != sa.watch:
                router.sas.tear_down(sa)
                router.log.write(f"%CRYPTO-5-SESSION_STATUS: Crypto tunnel is DOWN.  Peer {sa.remote}:500")

    def fleet(self) -> Fleet:
        """The fleet that the running configurations form now."""
        with self._lock:
            fleet = self._fleet
            while fleet is None:
                version = self._version
                read = (self._reader.router(name, router.running_text) for name, router in self._routers.items())
                fleet = Fleet(model for model in read if model is not None)
                if version != self._version:
                    fleet = None
            self._fleet = fleet
            return fleet

    def rules(self, router: LabRouter) -> RouterRules | None:
        """The selection rules of one router; None when its configuration is not one of IOS."""
        try:
            return self.fleet().rules(router.hostname)
        except KeyError:
            return None

    def _rules_of(self, name: str | None) -> RouterRules | None:
        router = self.host(name) if name is not None else None
        return self.rules(router) if router is not None else None

    def host(self, name: str) -> LabRouter | None:
        """The lab router of that name in the fleet: lab names and fleet names are the same."""
        return self._routers.get(name)

    def owner(self, address: IPAddress) -> LabRouter | None:
        """A router of the lab that holds ``address`` and is up."""
        for model, _ in self.fleet().owners(address):
            router = self.host(model.name)
            if router is not None and not router.down:
                return router
        return None

    def negotiate(self, endpoint: Endpoint) -> Exchange:
        """How the direction that ``endpoint`` starts goes now."""
        return self._negotiator(self.fleet(), endpoint)

    def settle(self, endpoint: Endpoint, exchange: Exchange) -> bool:
        """Enter the result into the SA tables and logs of both routers; True when traffic can flow."""
        near = self.host(exchange.initiator)
        far = self.host(exchange.responder) if exchange.responder is not None else None
        if near is None:
            return False
        if far is not None and far.down:
            far = None
        for line in exchange.transcript:
            router = self.host(line.router)
            if router is not None and not router.down:
                router.log.write(log_line(line.line, exchange.ike_version))
        if exchange.outcome == "unknown":
            near.log.write(f"%LAB-4-UNKNOWN: the model cannot tell how the exchange with {exchange.peer} goes; not up")
        local = str(endpoint.local.address)
        trace = trace_of(exchange, answered=far is not None)
        mine = [
            self._end(near, endpoint, exchange, local, exchange.peer, state, initiator=True) for state in trace.near
        ]
        theirs: list[Sa] = []
        if far is not None:
            theirs = [self._end(far, endpoint, exchange, exchange.peer, local, s, initiator=False) for s in trace.far]
        if mine and theirs and mine[0].established and theirs[0].established:
            mine[0].far, theirs[0].far = theirs[0], mine[0]
        for sas, router, ipsec in ((mine, near, trace.near_ipsec), (theirs, far, trace.far_ipsec)):
            if sas and router is not None and ipsec:
                sas[0].ipsec = True
                router.log.write(f"%CRYPTO-5-SESSION_STATUS: Crypto tunnel is UP.  Peer {sas[0].remote}:500")
        return bool(mine and theirs and mine[0].ipsec and theirs[0].ipsec)

    def _end(
        self,
        router: LabRouter,
        endpoint: Endpoint,
        exchange: Exchange,
        local: str,
        remote: str,
        state: tuple[str, bool],
        *,
        initiator: bool,
    ) -> Sa:
        label = exchange.initiator_interface if initiator else exchange.responder_interface or ""
        rules = self.rules(router)
        own = _endpoint(rules, label, remote) if rules is not None else None
        name, deleted = state
        if not deleted and name in ("QM_IDLE", "READY"):
            router.sas.drop(
                lambda sa: sa.interface == label and sa.remote == remote and sa.local == local, notify=False
            )
        interface = own.local.interface if own is not None else None
        return router.sas.add(
            Sa(
                interface=label,
                local=local,
                remote=remote,
                initiator=initiator,
                version=exchange.ike_version,
                state=name,
                conn_id=router.sas.conn_id(),
                since=router.clock.now(),
                deleted=deleted,
                profile=exchange.initiator_profile if initiator else exchange.responder_profile,
                fvrf=own.fvrf if own is not None else None,
                ivrf=_ivrf(rules.router, label) if rules is not None else None,
                suite=agreed(
                    exchange.ike_version, self._rules_of(exchange.initiator), self._rules_of(exchange.responder)
                ),
                proxy=proxies(rules.router if rules is not None else None, own, local, remote),
                watch=binding(router.running_text, label, interface) if label else (),
                local_interface=interface,
            )
        )


def _endpoint(rules: RouterRules, label: str, remote: str) -> Endpoint | None:
    fitting = [e for e in rules.endpoints if e.interface == label]
    return next((e for e in fitting if str(e.peer) == remote), fitting[0] if fitting else None)


def _ivrf(router: Router, label: str) -> str | None:
    name = label.split()[0] if label else ""
    return next((interface.vrf for interface in router.interfaces if interface.name == name), None)
