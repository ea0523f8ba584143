"""A pair of routers with one tunnel that comes up by every rule, and what becomes of it when one thing changes."""

from __future__ import annotations

from parsed import router

from ikeaudit.exchange import Decision, Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.model import Router

POLICY = "crypto isakmp policy 10\n encr aes 256\n hash sha256\n authentication pre-share\n group 14\n!\n"
V2 = """\
crypto ikev2 proposal PR
 encryption aes-cbc-256
 integrity sha256
 group 14
!
crypto ikev2 policy PO
 proposal PR
!
crypto ikev2 keyring K
 peer FAR
  address PEER
  pre-shared-key sesame
 !
!
crypto ikev2 profile P
 match identity remote address PEER 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local K
!
"""
V1 = f"""\
crypto keyring K
  pre-shared-key address PEER key sesame
{POLICY}crypto isakmp profile P
   keyring K
   match identity address PEER 255.255.255.255
!
"""
REST = """\
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
 mode tunnel
!
crypto ipsec profile I
 set transform-set TS
 set isakmp-profile P
!
interface Tunnel1
 tunnel source GigabitEthernet0/0
 tunnel mode ipsec ipv4
 tunnel destination PEER
 tunnel protection ipsec profile I
!
interface GigabitEthernet0/0
 ip address OWN 255.255.255.0
!
"""
Changes = dict[str, str]


def text(name: str, own: str, peer: str, version: int, changes: Changes) -> str:
    body = f"hostname {name}\n!\n" + (V1 if version == 1 else V2)
    body += REST if version == 1 else REST.replace("set isakmp-profile", "set ikev2-profile")
    for old, new in changes.items():
        assert old in body, old
        body = body.replace(old, new)
    return body.replace("PEER", peer).replace("OWN", own) + "end\n"


def pair(a: Changes | None = None, b: Changes | None = None, *, version: int = 1) -> tuple[Router, Router]:
    """A and B, with these replacements in the configuration of each."""
    return (
        router(text("A", "192.0.2.1", "192.0.2.2", version, a or {})),
        router(text("B", "192.0.2.2", "192.0.2.1", version, b or {})),
    )


def first(*routers: Router) -> Exchange:
    """What becomes of A's call."""
    (found,) = [e for e in Fleet(routers).exchanges if e.initiator == "A"]
    return found


def call(a: Changes | None = None, b: Changes | None = None, *, version: int = 1) -> Exchange:
    """What becomes of A's call to B, with these replacements in the configuration of each."""
    return first(*pair(a, b, version=version))


def end(found: Exchange) -> tuple[object, ...]:
    return found.outcome, found.failed_at, found.reason, found.confidence


def cited(found: Exchange, host: str) -> list[str]:
    """The lines of one router that speak for it."""
    return [one.text for one in found.evidence if one.host == host]


def decided(a: Changes, b: Changes, message: str, *, version: int = 1) -> list[Decision]:
    """The decisions at one message of A's call to B, with these replacements in the configuration of each."""
    (found,) = [one for one in Fleet(pair(a, b, version=version), steps=True).exchanges if one.initiator == "A"]
    return [one for step in found.steps if step.message == message for one in step.decisions]
