"""What both ends must agree on: ISAKMP policies, transform sets, PFS, lifetimes, modes."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.ios.writing import command
from ikeaudit.ios.writing import no as undone
from ikeaudit.remediation.fixes.case import Call, Side
from ikeaudit.remediation.fixes.contract import Block, Change, change
from ikeaudit.remediation.fixes.lines import binder, free, interface_of, no, row_id, section, transform_set
from ikeaudit.selection.policies import ATTRIBUTES, EffectivePolicy


def _pairs(call: Call) -> Iterator[tuple[Side, Side]]:
    if len(call.sides) == 2:
        one, other = call.sides
        yield one, other
        yield other, one


def copy_policy(call: Call) -> Iterator[Change]:
    """An ISAKMP policy of the far end's, under a free number."""
    for side, other in _pairs(call):
        taken = {policy.number for policy in side.router.isakmp_policies}
        for policy in other.rules.policies:
            if side.end.ike_version == 1 and policy.line and not any(getattr(policy, a) is None for a in ATTRIBUTES):
                number = next(n for n in range(min(taken, default=10), 10001) if n not in taken)
                title = f"Give {side.router.name} the ISAKMP policy {policy.number} of {other.router.name}"
                yield change(title, (side.router, _policy(number, policy)))


def same_attribute(call: Call) -> Iterator[Change]:
    """An ISAKMP policy that differs from one of the far end's in one attribute is as that."""
    for side, other in _pairs(call):
        for mine in side.rules.policies:
            for theirs in other.rules.policies if mine.line and side.end.ike_version == 1 else ():
                differ = [a for a in ATTRIBUTES if getattr(mine, a) != getattr(theirs, a)]
                if len(differ) == 1 and getattr(theirs, differ[0]) is not None:
                    value = getattr(theirs, differ[0])
                    what = f"{differ[0]} {value}, as {other.router.name} has"
                    title = f"Let ISAKMP policy {mine.number} of {side.router.name} say {what}"
                    yield change(
                        title,
                        (side.router, (side.router.text(mine.line), command(f"isakmp-policy/{differ[0]}", value))),
                    )


def same_set(call: Call) -> Iterator[Change]:
    """The transform set of an end is what the far end's is."""
    for side, other in _pairs(call):
        there, own = binder(other), binder(side)
        sets = {one.name: one for one in other.router.transform_sets}
        mine = {one.name: one for one in side.router.transform_sets}
        if there is None or own is None or len(own[1].transform_sets) != 1 or len(there[1].transform_sets) != 1:
            continue
        one, theirs = mine.get(own[1].transform_sets[0].name), sets.get(there[1].transform_sets[0].name)
        if one is not None and theirs is not None and one.algorithms != theirs.algorithms:
            words = " ".join(theirs.transforms)
            title = f"Let transform set {one.name} of {side.router.name} be {words}, as {other.router.name} has"
            header, mode = transform_set(one.name, theirs)
            yield change(title, (side.router, (header, *[mode] * (theirs.mode != one.mode))))


_SAID = ("encryption", "hash", "authentication", "group")


def _policy(number: int, policy: EffectivePolicy) -> Block:
    return (
        command("global/crypto-isakmp-policy", number),
        *(command(f"isakmp-policy/{name}", getattr(policy, name)) for name in _SAID),
    )


def pre_share(call: Call) -> Iterator[Change]:
    """Policies that allow pre-shared keys; or that are as the far end's in one attribute."""
    for side in call.sides:
        for policy in side.router.isakmp_policies:
            if policy.authentication != "pre-share":
                title = f"Let ISAKMP policy {policy.number} of {side.router.name} allow pre-shared keys"
                yield change(
                    title,
                    (
                        side.router,
                        (side.router.text(policy.line), command("isakmp-policy/authentication", "pre-share")),
                    ),
                )


_MODE = "isakmp-profile/initiate-mode"


def main_mode(call: Call) -> Iterator[Change]:
    """Main mode where a profile starts aggressive mode; that the other end is to take aggressive mode is never proposed."""
    for side in call.sides:
        profile = side.bound
        if profile is None or profile.initiate_mode != "aggressive":
            continue
        for line, text in section(side.router, profile.line):
            if row_id(side.router, line) == _MODE:
                title = f"Let profile {profile.name} of {side.router.name} start main mode"
                yield change(title, (side.router, (side.router.text(profile.line), no(text))))


def transform_sets(call: Call) -> Iterator[Change]:
    """A transform set of the far end's: beside those that an end has, or in their place."""
    for side, other in _pairs(call):
        there, own = binder(other), binder(side)
        sets = {one.name: one for one in other.router.transform_sets}
        if there is None or own is None:
            continue
        header, what = own
        for named in there[1].transform_sets:
            theirs = sets.get(named.name)
            if theirs is None:
                continue
            alike = [
                t for t in side.router.transform_sets if (t.algorithms, t.mode) == (theirs.algorithms, theirs.mode)
            ]
            name = alike[0].name if alike else free(theirs.name, (t.name for t in side.router.transform_sets))
            blocks: list[Block] = []
            if not alike:
                blocks.append(transform_set(name, theirs))
            names = [n.name for n in what.transform_sets]
            title = f"Let {side.end.interface} of {side.router.name} offer the transform set of {other.router.name}"
            known = {t.name for t in side.router.transform_sets}
            for wanted in ((*(n for n in names if n in known and n != name), name), (name,)):
                line = command("ipsec-profile/set-transform-set", *wanted)
                if list(wanted) == names:
                    continue
                yield change(title, *((side.router, block) for block in (*blocks, (header, line))))
        for one in side.router.transform_sets:
            for theirs in sets.values():
                if one.algorithms == theirs.algorithms and one.mode != theirs.mode:
                    title = f"Let transform set {one.name} of {side.router.name} work in {theirs.mode} mode"
                    yield change(
                        title, (side.router, (side.router.text(one.line), command("transform-set/mode", theirs.mode)))
                    )


def pfs(call: Call) -> Iterator[Change]:
    """The PFS group of the far end, or none."""
    for side, other in _pairs(call):
        own = binder(side)
        if own is None or side.end.pfs == other.end.pfs:
            continue
        title = f"Let {side.end.interface} of {side.router.name} want the PFS of {other.router.name}"
        row = "ipsec-profile/set-pfs"
        line = command(row, other.end.pfs) if other.end.pfs else undone(row)
        yield change(title, (side.router, (own[0], line)))


def as_there(call: Call) -> Iterator[Change]:
    """A line of the tunnel interface, or of what it is bound to, as the far end has it."""
    for side, other in _pairs(call):
        ours = _settings(side)
        theirs = _settings(other)
        for key, (_, text) in theirs.items():
            if key not in ours or ours[key][1] != text:
                place = _headers(side).get(key[0])
                if place is not None:
                    title = f"Let {side.router.name} have '{text}' as {other.router.name} has"
                    yield change(title, (side.router, (side.router.text(place), text)))
        for key, (header, text) in ours.items():
            if key not in theirs:
                title = f"Take '{text}' off {side.router.name}, which {other.router.name} does not have"
                yield change(title, (side.router, (header, no(text))))


_ALIKE = frozenset(
    {
        "interface/tunnel-mode", "interface/tunnel-key", "interface/ip-nhrp-authentication", "interface/ip-nhrp-network-id",
        "ipsec-profile/responder-only", "ipsec-profile/set-security-association-lifetime",
        "crypto-map/set-security-association-lifetime",
    }
)  # fmt: skip
"""Settings that two ends may have to have alike."""


def _settings(side: Side) -> dict[tuple[str, str], tuple[str, str]]:
    """The lines of an end's interface and of what it is bound to, by where they stand and what they set."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for place, header in _headers(side).items():
        for line, text in section(side.router, header):
            words = text.removeprefix("no ").split()
            if row_id(side.router, line) in _ALIKE:
                found[place, " ".join(words[:-1] or words)] = side.router.text(header), text
    return found


def _headers(side: Side) -> dict[str, int]:
    """The lines that open the sections of an end: that of its tunnel interface, and of what it is bound to."""
    interface, own = interface_of(side), binder(side)
    found = {
        "interface": interface.line if interface is not None else 0,
        "bound": own[1].line if own is not None else 0,
    }
    return {place: line for place, line in found.items() if line}


BY_CALL = (same_attribute, same_set, copy_policy, pre_share, main_mode, transform_sets, pfs, as_there)
