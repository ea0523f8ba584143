"""One router's sections and global commands, read through the tables of IOS into the model, every line accounted for."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

import msgspec

from ikeaudit.ios.language import GLOBAL
from ikeaudit.model import (
    CryptoMap,
    EzvpnClient,
    GdoiGroup,
    Interface,
    IpsecProfile,
    IsakmpPolicy,
    IsakmpProfile,
    Router,
    TransformSet,
)
from ikeaudit.parsing.blocks import Block, Sliced
from ikeaudit.parsing.bound import ADMITS, HEADERS, Leaf, leaf, object_of
from ikeaudit.parsing.build import ikev2, interfaces, ipsec, isakmp, keyrings
from ikeaudit.parsing.build.drafts import Drafts
from ikeaudit.parsing.build.statement import Context, frozen
from ikeaudit.parsing.kinds import LOOSE, Kind, counts
from ikeaudit.parsing.lines import Line
from ikeaudit.parsing.mess import is_damaged_child, is_stray, undo
from ikeaudit.parsing.redact.headers import misspelt
from ikeaudit.parsing.section import SectionReader


def read_router(sliced: Sliced, empty: Router, context: Context) -> Router:
    """``empty`` with all that its sections and global commands say."""
    drafts = Drafts()
    sections = SectionReader(drafts, context, printed=False)
    items: list[tuple[int, Block | Line]] = [(block.header.number, block) for block in sliced.blocks]
    items += [(line.number, line) for line in sliced.globals]
    items.sort(key=itemgetter(0))
    for number, item in items:
        if isinstance(item, Line):
            read_leaf(leaf(item.text, GLOBAL.known(item.text)), item.text, number, drafts, context)
            continue
        lines = [(line.number, line.text) for line in item.lines]
        if item.kind.name == "acl":
            drafts.lists.take(item.opened, number, lines)
            for at, text in lines if item.opened.row.opens in LOOSE else ():
                stray = is_stray(text) and (item.opened.row.opens == "route-map" or not item.kind.language.match(text))
                if stray or misspelt(text, item.kind.language.mode.name) is not None:
                    context.ledger.miss(at, "global")
        else:
            sections.read(item.opened, number, HEADERS.get(item.opened.row.id), lines)
    for line in sliced.strays:
        context.ledger.miss(line.number, "global")
    return finished(drafts, empty, context, {text.split()[1] for text in empty.lines if text.startswith(f" {ADMITS}")})


def read_leaf(command: Leaf, text: str, number: int, drafts: Drafts, context: Context) -> None:
    """A global command that opens no section."""
    read, args, done, failed = command
    word = done if read is not None and read(drafts, args, number, context) else failed
    if not word:
        return
    if word == "use":
        context.ledger.use(number)
    elif word == "harmless":
        context.ledger.harmless(number)
    else:
        context.ledger.miss(number, object_of(text))


def finished(drafts: Drafts, empty: Router, context: Context, admitting: set[str]) -> Router:
    """``empty`` with what the drafts hold, which are used up; ``admitting`` are further access lists to read."""
    found = interfaces.freeze(drafts)
    maps, dynamic_maps = ipsec.freeze(drafts.maps, dynamic=False), ipsec.freeze(drafts.dynamic_maps, dynamic=True)
    route_maps = drafts.lists.route_maps({rule.route_map for rule in drafts.nat_rules if rule.route_map})
    admitting |= {rule.acl for rule in drafts.nat_rules if rule.acl}
    admitting |= {name for route_map in route_maps for entry in route_map.entries for name in entry.acls}
    admitting |= {draft["authorization"].name for draft in drafts.gdoi_groups.values() if "authorization" in draft}
    admitting |= {
        bound.name for one in found for bound in (one.traffic_filter, one.traffic_filter6) if bound is not None
    }
    return msgspec.structs.replace(
        empty,
        **drafts.values,
        host_mappings=tuple(drafts.hosts),
        static_routes=tuple(drafts.routes),
        nat_rules=tuple(drafts.nat_rules),
        route_maps=route_maps,
        interfaces=found,
        vrfs=tuple(drafts.vrfs),
        default_keyring=keyrings.freeze_default(drafts),
        keyrings=keyrings.freeze(drafts),
        isakmp_policies=frozen(IsakmpPolicy, [drafts.policies[number] for number in sorted(drafts.policies)]),
        isakmp_profiles=frozen(IsakmpProfile, drafts.profiles.values()),
        isakmp=isakmp.freeze_settings(drafts),
        transform_sets=frozen(TransformSet, drafts.transform_sets.values()),
        ipsec_profiles=frozen(IpsecProfile, drafts.ipsec_profiles.values()),
        crypto_maps=maps,
        dynamic_maps=dynamic_maps,
        ikev2=ikev2.freeze(drafts),
        gdoi_groups=frozen(GdoiGroup, drafts.gdoi_groups.values()),
        ezvpn_clients=frozen(EzvpnClient, drafts.ezvpn_clients.values()),
        acls=drafts.lists.read(_proxies((*maps, *dynamic_maps), found), admitting, context.ledger),
        trustpoints=tuple(drafts.trustpoints),
    )


def _proxies(maps: Iterable[CryptoMap], found: Iterable[Interface]) -> set[str]:
    """The access lists that say which traffic is protected."""
    named = {entry.acl.name for crypto_map in maps for entry in crypto_map.entries if entry.acl is not None}
    return named | {policy.name for interface in found if interface.tunnel for policy in interface.tunnel.policies}


def taken_back(sliced: Sliced) -> list[Line]:
    """Apply the ``no`` lines of a router to what stands before them; the lines that count and lost their meaning."""
    kinds = {line.number: block.kind for block in sliced.blocks for line in (block.header, *block.lines)}
    return [line for line in undo(sliced) if _counts(kinds.get(line.number), line.text)]


def _counts(kind: Kind | None, text: str) -> bool:
    """Whether the ledger has to account for a line in a section of a kind, or of the global mode."""
    if kind is not None:
        return kind.name != "acl" and (kind.concerns(text) or is_damaged_child(kind.name, text))
    return counts(GLOBAL, text)
