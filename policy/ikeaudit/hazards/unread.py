"""What a line that was not understood withholds: findings that something is missing where that line stands (TEXT-UNREAD)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from ikeaudit.hazards.facts.phrases import counted, listing
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, Severity, for_each_router
from ikeaudit.ios.command import ObjectKind
from ikeaudit.model import Router
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import RouterRules, unread_of_calls


class _Objects:
    """What there is on a router with lines that were not understood: objects by line, and tunnel ends by theirs."""

    def __init__(self, rules: RouterRules) -> None:
        self.begun = sorted((line, kind, name) for kind, name, line in _begun(rules.router))
        self.starts = [line for line, _, _ in self.begun]
        self.known = {(kind, name) for _, kind, name in self.begun}
        self.ends = by_key((line, place) for place, end in enumerate(rules.endpoints) for line in set(end.lines))


_KNOWN: WeakKeyDictionary[RouterRules, _Objects] = WeakKeyDictionary()
"""What there is of each router, as long as somebody has its rules: every finding about it is asked for."""


def withheld(finding: Finding, kinds: Collection[ObjectKind], doubtful: Mapping[str, RouterRules]) -> bool:
    """Whether a line that was not understood may be what ``finding`` misses in objects of ``kinds`` on one of its hosts.

    Where the finding's evidence shows objects of a kind, or a tunnel end that refers to some, only a line in one of those
    counts; else any object's of the kind. A header that began no object may be anything that the global mode has.
    """
    for name in finding.hosts if kinds else ():
        rules = doubtful.get(name)
        if rules is None:
            continue
        if rules not in _KNOWN:
            _KNOWN[rules] = _Objects(rules)
        own = _KNOWN[rules]
        lines = [line.line for line in finding.evidence if (line.host, line.file) == (name, rules.router.file)]
        shown = {*_objects_at(rules.router, own, lines), *_reached(rules, own, lines)}
        narrowed = {kind for kind, _ in shown} - {kind for kind, name in shown if name == _EACH}
        for line in rules.router.unknown:
            at = (line.kind, line.name)
            kind = line.kind if at in own.known or line.kind == "other" else "global"
            if kind in kinds and (kind not in narrowed or at in shown):
                return True
    return False


_EACH, _NONE = "*", ""
"""Stand for every object of a kind, and for none."""


def _reached(rules: RouterRules, own: _Objects, lines: Iterable[int]) -> Iterator[tuple[ObjectKind, str]]:
    """The objects that the tunnel ends at ``lines`` depend on."""
    for place in {place for line in lines for place in own.ends.get(line, ())}:
        end = rules.endpoints[place]
        yield "interface", end.interface.split()[0]
        if end.local.interface:
            yield "interface", end.local.interface
        if end.crypto_map:
            yield "crypto-map", end.interface.partition(" ")[2]
        if end.dynamic:
            yield "dynamic-map", _EACH
        if end.ipsec_profile:
            yield "ipsec-profile", end.ipsec_profile
        if end.acl:
            yield "acl", end.acl
        yield from (("transform-set", name) for name in end.transform_sets)
        if end.ikev2_profile:
            ikev2 = rules.ikev2.profiles.get(end.ikev2_profile)
            named = ikev2.keyring if ikev2 else None
            yield from (("ikev2-profile", end.ikev2_profile), ("ikev2-keyring", named.name if named else _NONE))
            yield from (("isakmp-profile", _NONE), ("keyring", _NONE))
            continue
        yield from (("ikev2-profile", _NONE), ("ikev2-keyring", _NONE))
        # Without a profile of its own an end uses any keyring, and what answers its peers is any profile.
        profile = rules.profiles.get(end.isakmp_profile or "")
        yield "isakmp-profile", profile.name if profile else _EACH
        yield from (("keyring", ref.name) for ref in profile.keyrings) if profile else ()
        if profile is None or not profile.keyrings:
            yield "keyring", _EACH


def _objects_at(router: Router, own: _Objects, lines: Iterable[int]) -> Iterator[tuple[ObjectKind, str]]:
    """The objects that ``lines`` begin or stand in."""
    for line in lines:
        at = bisect_right(own.starts, line) - 1
        if at >= 0 and (own.starts[at] == line or router.lines[line - router.first_line].startswith((" ", "\t"))):
            yield own.begun[at][1:]


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
    absent_from=(),
)
def rd_unread(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router with such lines; of sections that no tunnel depends on only where there are no others."""
    router = facts.router
    if not router.unknown:
        return
    inside = dict.fromkeys(f"{line.kind} {line.name}".strip() for line in router.unknown if line.kind not in _LOOSE)
    lines = unread_of_calls(router)
    objects = [
        *inside,
        *(["the global configuration"] if inside and any(line.kind == "global" for line in lines) else ()),
    ]
    where = f", in {listing(objects)}" if inside else ""
    severity: Severity = "high" if lines else "medium"
    lines = lines or router.unknown
    yield rd_unread.finding(
        severity=severity,
        message=(
            f"{counted(len(lines), 'line')} of the configuration {'was' if len(lines) == 1 else 'were'} not "
            f"understood{where}: what would be said to be missing there is withheld, and verdicts that it may change "
            "are unknown."
        ),
        cause=[*inside] or ["global"],
        evidence=router.evidence(*(line.line for line in lines)),
    )
