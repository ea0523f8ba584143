"""What a line that was not understood withholds: findings that something is missing where that line stands (TEXT-UNREAD)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Any

from ikeaudit.hazards.facts.phrases import counted, listing
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, for_each_router
from ikeaudit.ios.command import ObjectKind
from ikeaudit.model import Router

_MAP: tuple[ObjectKind, ...] = ("crypto-map", "dynamic-map")
_USERS: tuple[ObjectKind, ...] = ("ipsec-profile", *_MAP, "interface")
"""Objects whose lines bind profiles."""

ABSENT_FROM: Mapping[str, tuple[ObjectKind, ...]] = {
    "KR-NOKEY": ("keyring", "isakmp-profile"),
    "KR-PROFILE-LACKS-PEER": ("keyring", "isakmp-profile"),
    "KR-FVRF-MISS": ("keyring", "isakmp-profile"),
    "KR-GLOBAL-IN-VRF": ("keyring", "isakmp-profile"),
    "KR-LOCALADDR-MISS": ("keyring", "isakmp-profile"),
    "KR-HOST-ONLY-MM": ("keyring",),
    "KR-EMPTY": ("keyring", "isakmp-profile"),
    "KR-UNDEF": ("keyring",),
    "KR-ORPHAN": ("isakmp-profile",),
    "KR-STALE-ENTRY": ("keyring", *_MAP, "interface"),
    "KR-SHOW-DRIFT": ("keyring",),
    "PF-INCOMPLETE": ("isakmp-profile",),
    "PF-NO-KEYRING": ("isakmp-profile",),
    "PF-BIND-MISMATCH": ("isakmp-profile",),
    "PF-BOUND-NOMATCH": ("isakmp-profile",),
    "PF-UNBOUND": _USERS,
    "PF-UNUSED": _USERS,
    "PF-FVRF-MATCH": ("isakmp-profile",),
    "PF-IVRF": ("isakmp-profile", "interface"),
    "PF-SELFID": ("isakmp-profile",),
    "CM-MULTIPEER-SPLIT": ("isakmp-profile",),
    "TP-SHARED": ("interface",),
    "TP-NOKEEP": ("isakmp-profile", "ikev2-profile"),
    "PH1-WEAK": ("isakmp-policy", "ikev2-proposal"),
    "PH1-DEFAULT-POLICY": ("isakmp-policy",),
    "PH1-ORDER": ("isakmp-policy",),
    "PH1-MIXEDAUTH": ("isakmp-policy",),
    "V2-INCOMPLETE": ("ikev2-profile",),
    "V2-KEYRING-GAP": ("ikev2-keyring", "ikev2-profile"),
    "V2-HALF-PSK": ("ikev2-keyring",),
    "V2-FVRF": ("ikev2-profile", "ikev2-policy"),
    "V2-UNBOUND": _USERS,
    "V2-IDLOCAL": ("ikev2-profile",),
    "V2-IDENT-ONLY-INIT": ("ikev2-keyring",),
    "PW-NOKEY-R": ("keyring", "isakmp-profile"),
    "PW-PEERADDR": (*_MAP, "interface"),
    "PW-PH1-NONE": ("isakmp-policy",),
    "PW-TS-NONE": ("transform-set", "ipsec-profile", *_MAP),
    "PW-PFS": ("ipsec-profile", *_MAP),
    "PW-PROXY": ("acl", *_MAP),
    "PW-IKEVER": ("ipsec-profile", *_MAP, "interface"),
    "PW-AUTH": ("isakmp-policy",),
    "PW-ID": ("isakmp-profile",),
    "PW-DPD": ("isakmp-profile", "ikev2-profile"),
    "PW-V2-NOPROFILE": ("ikev2-profile",),
    "PW-V2-HALFOPEN": ("ikev2-profile",),
    "PW-CERT-ONEWAY": ("isakmp-profile",),
    "FL-NAME-DRIFT": ("keyring", "isakmp-profile", "ipsec-profile", "transform-set", "ikev2-profile", "ikev2-keyring"),
}
"""By hazard, the kinds of object in which it says that something is missing: a line, a value that then has its default."""


def withheld(finding: Finding, routers: Mapping[str, Router]) -> bool:
    """Whether a line that was not understood may be what ``finding`` misses on one of its hosts.

    Where the finding's evidence shows objects of a kind, only a line in one of those counts; else any object's of the kind.
    """
    kinds = ABSENT_FROM.get(finding.code, ())
    for name in finding.hosts if kinds else ():
        router = routers.get(name)
        if router is None or not router.unknown:
            continue
        shown = set(_objects_at(router, [line.line for line in finding.evidence if line.host == name]))
        shown_kinds = {kind for kind, _ in shown}
        if any(
            line.kind in kinds and (line.kind not in shown_kinds or (line.kind, line.name) in shown)
            for line in router.unknown
        ):
            return True
    return False


def _objects_at(router: Router, lines: list[int]) -> Iterator[tuple[ObjectKind, str]]:
    """The objects that ``lines`` stand in."""
    begun = sorted((line, kind, name) for kind, name, line in _begun(router))
    starts = [line for line, _, _ in begun]
    for line in lines:
        if at := bisect_right(starts, line):
            yield begun[at - 1][1:]


def _begun(router: Router) -> Iterator[tuple[ObjectKind, str, int]]:
    """Every object with the line that begins it."""
    ikev2 = router.ikev2
    named: tuple[tuple[ObjectKind, tuple[Any, ...]], ...] = (
        ("keyring", router.keyrings),
        ("isakmp-profile", router.isakmp_profiles),
        ("transform-set", router.transform_sets),
        ("ipsec-profile", router.ipsec_profiles),
        ("interface", router.interfaces),
        ("acl", router.acls),
        ("ikev2-proposal", ikev2.proposals),
        ("ikev2-policy", ikev2.policies),
        ("ikev2-keyring", ikev2.keyrings),
        ("ikev2-profile", ikev2.profiles),
    )
    for kind, objects in named:
        for thing in objects:
            yield kind, thing.name, thing.line
    for policy in router.isakmp_policies:
        yield "isakmp-policy", str(policy.number), policy.line
    for kind, maps in (("crypto-map", router.crypto_maps), ("dynamic-map", router.dynamic_maps)):
        for crypto_map in maps:
            for entry in crypto_map.entries:
                yield kind, f"{crypto_map.name} {entry.sequence}", entry.line


_LOOSE = ("global", "other")


@for_each_router(
    code="RD-UNREAD",
    title="A line that tunnels depend on was not understood",
    category="connectivity",
    severity="high",
    what=(
        "A line of the global configuration that has to do with tunnels, or one inside a keyring, profile, policy, "
        "transform set, crypto map, access list of one or tunnel interface, is no command that ikeaudit knows. It is "
        "mistyped, damaged, a placeholder, or newer than the grammar."
    ),
    why=(
        "It may be the very key, match statement or destination that everything else depends on: an audit that passes "
        "over it gives an all clear, or an alarm, that nobody should rely on."
    ),
    symptom="None on the router, where the line is as it is printed; a mistyped one is refused there.",
    fix="Correct the line, or collect the configuration again; if it is as IOS prints it, report it as a gap.",
    source="TEXT-UNREAD",
)
def rd_unread(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router with such lines; only those that stand in an object of tunnels, if there are any."""
    router = facts.router
    if not router.unknown:
        return
    inside = [line for line in router.unknown if line.kind not in _LOOSE]
    lines = inside or router.unknown
    objects = dict.fromkeys(f"{line.kind} {line.name}".strip() for line in inside)
    where = f", in {listing(objects)}" if inside else ""
    yield rd_unread.finding(
        severity=None if inside else "medium",
        message=(
            f"{counted(len(lines), 'line')} of the configuration {'was' if len(lines) == 1 else 'were'} not "
            f"understood{where}: what would be said to be missing there is withheld, and verdicts that it may change "
            "are unknown."
        ),
        cause=[*objects] or ["global"],
        evidence=router.evidence(*(line.line for line in lines)),
    )
