"""A router's model as a running-config: everything that negotiation depends on, in the order in which IOS prints it.

Reading the text again gives the same model, line numbers apart (``tests/rendering/test_round_trip.py``); the routing protocols,
users and lines that the model does not know are not in it.
"""

from __future__ import annotations

from ikeaudit.model import (
    AccessList,
    AclEntry,
    AggressivePeer,
    IdentityMatch,
    Ikev2Auth,
    Ikev2Identity,
    InterfaceAddress,
    Keepalive,
    Key,
    LocalAddress,
    Prefix,
    Router,
    Secret,
    SelfIdentity,
)
from ikeaudit.rendering.environment import render


def render_router(router: Router) -> str:
    """The running-config of ``router``, keys as tokens."""
    return render(
        "configuration/router.j2",
        router=router,
        key=_key,
        secret=_secret,
        local_address=_local_address,
        match=_match,
        self_identity=_self_identity,
        keepalive=_keepalive,
        aggressive_peer=_aggressive_peer,
        v2_identity=_v2_identity,
        v2_auth=_v2_auth,
        masked=_masked,
        slashed=_slashed,
        acl_entry=_acl_entry,
        interface_address=_interface_address,
    )


def _secret(secret: Secret) -> str:
    """A key operand: the encoding digit, where it is not clear text, and the token."""
    return f"{secret.type} <PSK:{secret.fingerprint}>" if secret.type else f"<PSK:{secret.fingerprint}>"


def _masked(prefix: Prefix) -> str:
    """``A M`` for IPv4, ``A/len`` for IPv6."""
    if prefix.version == 6:
        return f"{prefix.address}/{prefix.length}"
    return f"{prefix.address} {Prefix(4, prefix.mask, 0).address}"


def _slashed(prefix: Prefix) -> str:
    return f"{prefix.address}/{prefix.length}"


def _key(key: Key) -> str:
    """The operand of a key that says whose it is."""
    if key.prefix is None:
        return f"hostname {key.hostname}"
    if key.prefix.version == 6:
        return f"address ipv6 {_slashed(key.prefix)}"
    if key.prefix.is_host:
        return f"address {key.prefix.address}"
    return f"address {_masked(key.prefix)}"


def _local_address(local: LocalAddress) -> str:
    where = local.interface or str(local.address)
    return f"{where} {local.vrf}" if local.vrf else where


def _match(match: IdentityMatch) -> str:
    """A match line of an ISAKMP profile."""
    if match.kind == "certificate":
        return f"match certificate {match.value}"
    if match.prefix is not None:
        family = "ipv6 " if match.prefix.version == 6 else ""
        text = f"match identity address {family}{_masked(match.prefix)}"
    else:
        text = f"match identity {match.kind.replace('-', ' ')} {match.value}"
    return f"{text} {match.vrf}" if match.vrf else text


def _self_identity(own: SelfIdentity) -> str:
    if own.kind == "address" and own.value:
        return own.value
    kind = "address ipv6" if own.kind == "address-ipv6" else own.kind
    return f"{kind} {own.value}" if own.value else kind


def _keepalive(keepalive: Keepalive) -> str:
    """``interval [retry] [periodic]`` of the global command."""
    parts = [str(keepalive.interval), *([str(keepalive.retry)] if keepalive.retry is not None else [])]
    return " ".join([*parts, *(["periodic"] if keepalive.periodic else [])])


def _aggressive_peer(peer: AggressivePeer) -> str:
    who = f"address {peer.address}" if peer.address is not None else f"hostname {peer.hostname}"
    return f"{who} vrf {peer.vrf}" if peer.vrf else who


def _v2_identity(identity: Ikev2Identity) -> str:
    """An identity operand of IKEv2, in a match, a peer block or ``identity local``."""
    if identity.kind == "any":
        return "any"
    if identity.prefix is not None:
        prefix = identity.prefix
        if prefix.version == 6:
            return f"address {_slashed(prefix)}"
        return f"address {_masked(prefix)}"
    kind = identity.kind.replace("-domain", " domain")
    return f"{kind} {identity.value}" if identity.value else kind


def _v2_auth(auth: Ikev2Auth) -> str:
    return f"{auth.method} key {_secret(auth.key)}" if auth.key is not None else auth.method


def _acl_entry(entry: AclEntry, acl: AccessList) -> str:
    """An access list line; operands that the model does not keep are written as ``any``."""
    if not acl.extended and not acl.ipv6:
        return f"{entry.action} {_wildcard(entry.source, False)}"
    ends = (
        (_wildcard(entry.source, acl.ipv6), entry.source_ports),
        (_wildcard(entry.destination, acl.ipv6), entry.destination_ports),
    )
    operands = " ".join(part for address, ports in ends for part in (address, ports) if part)
    return f"{entry.action} {entry.protocol} {operands}"


def _wildcard(prefix: Prefix | None, ipv6: bool) -> str:
    if prefix is None or prefix.mask == 0:
        return "any"
    if prefix.is_host:
        return f"host {prefix.address}"
    if ipv6:
        return _slashed(prefix)
    inverse = Prefix(4, prefix.mask ^ 0xFFFFFFFF, 0).address
    return f"{prefix.address} {inverse}"


def _interface_address(own: InterfaceAddress) -> str:
    """An address line of an interface."""
    if own.role == "fhrp":
        return f"standby 1 ip {own.address}" if own.address.version == 4 else f"standby 1 ipv6 {own.address}"
    if own.address.version == 6:
        if own.role == "link-local":
            return f"ipv6 address {own.address} link-local"
        return f"ipv6 address {own.address}/{own.prefix.length if own.prefix is not None else 128}"
    mask = Prefix(4, own.prefix.mask, 0).address if own.prefix is not None else "255.255.255."
    return f"ip address {own.address} {mask}" + (" secondary" if own.role == "secondary" else "")
