"""What refers to the wrong name, or should not be there: one line taken out, or one word of it put right."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.facts.near import near
from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.model import Router
from ikeaudit.remediation.fixes.case import Case
from ikeaudit.remediation.fixes.contract import Change, change
from ikeaudit.remediation.fixes.lines import dropped, header_of, no, replaced, row_id

MANY = 40
"""Of so many lines that a finding rests on each is looked at."""


def rename(case: Case) -> Iterator[Change]:
    """A reference that finds nothing names something that is there, the nearest first."""
    for router, line in case.lines[:MANY]:
        text, known = router.text(line), _names(router)
        header = header_of(router, line)
        if header is None:
            continue
        named = _named(header, text)
        for word in (one for one in dict.fromkeys(text.split()[1:]) if one in named):
            close = [name for name in known if name != word and near(word, name)]
            others = [name for name in known if name not in close] if word not in known else []
            for name in (*close, *others):
                if name != word:
                    words = " ".join(name if one == word else one for one in text.split())
                    slip = name in close and word not in known
                    detour, around = (
                        -1 if slip else 1,
                        "" if slip else f"whether {name} was meant is in no configuration",
                    )
                    where = f"'{header.strip()}' of {router.name}"
                    title = (
                        f"Correct the name in {where}: {name} instead of {word}"
                        if slip
                        else f"Let {where} name {name} in place of {word}"
                    )
                    yield change(title, (router, replaced(router, line, words)), detour=detour, around=around)


def _named(header: str, text: str) -> set[str]:
    """The words of a line that name an object."""
    opened = GLOBAL.match(header)
    language = LANGUAGES.get(opened.row.opens or "") if opened is not None else None
    found = language.match(text) if language is not None else None
    if found is None:
        return set()
    return {word for reference in found.row.refers for word in found.args.get(reference.arg, "").split()}


def _names(router: Router) -> list[str]:
    v2 = router.ikev2
    kinds = (
        router.keyrings, router.isakmp_profiles, router.ipsec_profiles, router.transform_sets, router.crypto_maps,
        router.dynamic_maps, router.acls, v2.keyrings, v2.profiles, v2.proposals, v2.policies,
    )  # fmt: skip
    return list(dict.fromkeys(one.name for kind in kinds for one in kind))


_LAST = frozenset(
    {
        "ipsec-profile/set-isakmp-profile", "ipsec-profile/set-ikev2-profile", "crypto-map/set-isakmp-profile",
        "crypto-map/set-ikev2-profile", "isakmp-profile/keyring", "isakmp-profile/match", "keyring/pre-shared-key-address",
        "ikev2-profile/match-identity-remote", "global/crypto-isakmp-key-address", "global/crypto-map-isakmp-profile",
    }
)  # fmt: skip
"""Lines that others hang on: they are the last to go."""
_DROPPABLE = _LAST | frozenset(
    {
        "keyring/local-address", "isakmp-profile/local-address", "isakmp-profile/vrf", "isakmp-profile/self-identity",
        "isakmp-profile/ca-trust-point", "isakmp-profile/client-authentication-list", "ipsec-profile/set-pfs",
        "crypto-map/set-pfs", "ipsec-profile/responder-only", "global/crypto-isakmp-aggressive-mode-disable",
        "global/crypto-map-local-address", "global/crypto-map-client-authentication-list", "ikev2-policy/match-address-local",
        "ikev2-policy/match-fvrf", "ikev2-profile/match-address-local", "ikev2-profile/match-fvrf",
        "ikev2-profile/identity-local", "ikev2-profile/ivrf", "global/crypto-ipsec-nat-transparency-udp-encapsulation",
    }
)  # fmt: skip
"""Lines of which a fault may consist; what makes a tunnel what it is, and what guards a router, never goes."""


def drop(case: Case) -> Iterator[Change]:
    """Without one line that the finding rests on, or all of a router that say the same."""
    told: dict[tuple[str, str], list[tuple[Router, int]]] = {}
    for router, line in case.lines[:MANY]:
        text = router.text(line)
        if row_id(router, line) not in _DROPPABLE:
            continue
        told.setdefault((router.name, " ".join(text.split()[:2])), []).append((router, line))
        title, last = f"Take '{text}' out of {router.name}", _last(router, line)
        yield change(title, (router, dropped(router, line)), detour=last, around=_around(case, router, line))
    for (name, words), some in told.items():
        if len(some) > 1:
            yield change(
                f"Take '{words}' out of {name}",
                *((r, dropped(r, line)) for r, line in some),
                detour=_last(*some[0]),
                around=_around(case, *some[0]),
            )
    by_text: dict[str, list[tuple[Router, int]]] = {}
    for router, line in case.lines[:MANY]:
        if row_id(router, line) in _DROPPABLE:
            by_text.setdefault(router.text(line), []).append((router, line))
    for text, some in by_text.items():
        if len({router.name for router, _ in some}) > 1:
            yield change(
                f"Take '{text}' out everywhere",
                *((r, dropped(r, line)) for r, line in some),
                detour=_last(*some[0]),
                around=_around(case, *some[0]),
            )


_UNBINDING = frozenset(
    {
        "ipsec-profile/set-isakmp-profile", "ipsec-profile/set-ikev2-profile", "crypto-map/set-isakmp-profile",
        "crypto-map/set-ikev2-profile", "global/crypto-map-isakmp-profile",
    }
)  # fmt: skip


def _around(case: Case, router: Router, line: int) -> str:
    """What stays wrong without a line that guards; nothing where it is one of two that exclude each other."""
    row = row_id(router, line)
    if row in _UNBINDING and case.finding.code != "V2-AND-V1-BOUND":
        return "the profile stays as it is, and no longer says who may use the tunnel"
    if row == "isakmp-profile/keyring":
        return "the profile no longer says whose keys its peers may have"
    if row == "global/crypto-isakmp-aggressive-mode-disable":
        return "whoever asks for aggressive mode gets it, with the hash of the key"
    return ""


def _last(router: Router, line: int) -> int:
    return 2 if row_id(router, line) in _LAST else 1


def remove(case: Case) -> Iterator[Change]:
    """Without the objects that the finding says nothing refers to."""
    routers = {router.name: router for router in case.routers}
    gone = [(routers[ref.host], ref) for ref in case.finding.removes if ref.host in routers]
    blocks = [
        (router, dropped(router, ref.line) if ref.kind == "key" else (no(router.text(ref.line)),))
        for router, ref in gone
    ]
    if blocks:
        names = ", ".join(dict.fromkeys(ref.name for _, ref in gone))
        yield change(f"Remove {names}, which nothing refers to", *blocks, detour=-1)
        for (_, ref), block in zip(gone, blocks, strict=True):
            yield change(f"Remove {ref.name} of {ref.host}, which nothing refers to", block, detour=-1)


BY_FINDING = (rename, drop, remove)
