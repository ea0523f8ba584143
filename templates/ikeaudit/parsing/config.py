"""From text to routers: :func:`parse_configs`, the front door of this package's configuration half."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Literal, NamedTuple

import msgspec

from ikeaudit.model import Ikev2, Router, SecretFacts
from ikeaudit.parsing import ttp_adapter
from ikeaudit.parsing.build import acls, groups, ikev2, interfaces, ipsec, isakmp, keyrings, misc
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.gc_pause import gc_paused
from ikeaudit.parsing.grammar import KIND_BY_NAME
from ikeaudit.parsing.harmless import is_harmless, is_known_negation
from ikeaudit.parsing.ledger import Ledger
from ikeaudit.parsing.lines import split_lines
from ikeaudit.parsing.mess import Foreign, RouterText, clean, is_damaged_child, undo
from ikeaudit.parsing.redact import redact
from ikeaudit.parsing.relevance import is_relevant_child, is_relevant_global
from ikeaudit.parsing.sections import Block, Sliced, slice_router
from ikeaudit.parsing.statements import Context, Fields, Statement, statements


class Remark(NamedTuple):
    """Something about a line that a reader of the coverage should know."""

    line: int
    text: str


class ParsedConfig(msgspec.Struct, frozen=True):
    """What became of one router's text, or of a text that is no router's.

    ``modelled`` and ``irrelevant`` count crypto-relevant lines; ``unknown`` lists those that were not understood, keys masked.
    ``unread`` counts those of a page of notes, which is not read as routers.
    """

    router: Router | None
    kind: Literal["ios", "not-ios"]
    reason: str | None
    host: str
    file: str
    modelled: int = 0
    irrelevant: int = 0
    unknown: tuple[tuple[int, str], ...] = ()
    remarks: tuple[Remark, ...] = ()
    unread: int = 0


_TTP_KINDS = (
    "keyring",
    "isakmp_profile",
    "isakmp_policy",
    "isakmp_peer",
    "client_group",
    "transform_set",
    "ipsec_profile",
    "crypto_map",
    "dynamic_map",
    "ikev2_proposal",
    "ikev2_policy",
    "ikev2_keyring",
    "ikev2_profile",
    "interface",
    "vrf",
    "archive",
    "pki",
    "gdoi_group",
    "ezvpn",
)


def parse_configs(
    text: str, *, file: str, fingerprinter: Fingerprinter, facts: Mapping[str, SecretFacts] | None = None
) -> tuple[ParsedConfig, ...]:
    """Every router in ``text``, the contents of ``file``; redacts first, so that no key is kept anywhere.

    ``facts`` are those recorded when the text was collected (a token tells nothing about its key); facts found in this
    text take precedence. A text that is no IOS configuration gives one entry of kind ``not-ios`` with the reason.
    """
    with gc_paused():
        return _parse(text, file, fingerprinter, facts or {})


def _parse(
    text: str, file: str, fingerprinter: Fingerprinter, facts: Mapping[str, SecretFacts]
) -> tuple[ParsedConfig, ...]:
    redacted = redact(text, fingerprinter)
    known = {**facts, **redacted.facts}
    source = _Source(
        file=file,
        stem=PurePath(file).stem,
        lines=tuple(line.rstrip("\r") for line in split_lines(redacted.text)),
        facts=known,
    )
    cleaned = clean(redacted.text, {key for key, fact in known.items() if fact.masked}, text)
    if cleaned.page is not None:
        pieces = [_router(part, _empty(part, part.name or "", source), known) for part in cleaned.routers]
        count = sum(piece.modelled + piece.irrelevant + len(piece.unknown) for piece in pieces)
        return (ParsedConfig(None, "not-ios", _OF_NOTES.format(cleaned.page), source.stem, file, unread=count),)
    if cleaned.reason is not None:
        return (ParsedConfig(None, "not-ios", cleaned.reason, source.stem, file),)
    names: dict[str, int] = {}
    return tuple(_parsed(part, source, names) for part in cleaned.parts)


_OF_NOTES = (
    "it is a page of notes ({}) with configuration in it; give each router's configuration as a file of its own,"
    " with its hostname line"
)


class _Source(NamedTuple):
    """A file: its name, its redacted lines, and what is known of its keys."""

    file: str
    stem: str
    lines: Sequence[str]
    facts: Mapping[str, SecretFacts]


def _parsed(part: RouterText | Foreign, source: _Source, names: dict[str, int]) -> ParsedConfig:
    """What became of one part of a file; ``names`` counts the routers of each name."""
    if isinstance(part, Foreign):
        return ParsedConfig(None, "not-ios", part.reason, part.name or source.stem, source.file)
    host = _unique(part.name or source.stem, names)
    return _router(part, _empty(part, host, source), source.facts)


def _empty(part: RouterText, host: str, source: _Source) -> Router:
    """The router as far as its text goes: its name, and its lines; those of other routers between them are blank."""
    physical = tuple(
        "" if number in part.elsewhere else source.lines[number - 1] for number in range(part.first, part.last + 1)
    )
    return Router(host, source.file, physical, part.first)


def _unique(name: str, taken: dict[str, int]) -> str:
    taken[name] = taken.get(name, 0) + 1
    return name if taken[name] == 1 else f"{name}#{taken[name]}"


def _input(blocks: list[Block]) -> str:
    """Blocks as TTP gets them: a ``@`` line before each, every line behind its number."""
    out: list[str] = []
    for block in blocks:
        out.append(f"@ {block.header.number}")
        out.append(f"{block.header.number} {block.header.text}")
        out += [f"{line.number} {line.text}" for line in block.lines]
    return "\n".join(out)


def _enter(sliced: Sliced, ledger: Ledger) -> dict[int, str]:
    """Enter the relevant lines; returns the section kind of each."""
    kinds: dict[int, str] = {}
    for block in sliced.blocks:
        kind = block.kind
        if kind.name == "acl":
            continue
        ledger.enter(block.header, kind.unknown, block.name)
        kinds[block.header.number] = kind.name
        for line in block.lines:
            if is_relevant_child(kind.name, line.text) or is_damaged_child(kind.name, line.text):
                ledger.enter(line, kind.unknown, block.name)
                kinds[line.number] = kind.name
    for line in sliced.strays:
        ledger.enter(line, "global")
        kinds[line.number] = "stray"
    for line in sliced.globals:
        if is_relevant_global(line.text):
            ledger.enter(line, "other" if line.text.startswith(("ip route", "ipv6 route")) else "global")
            kinds[line.number] = "global"
    return kinds


def _settle(ledger: Ledger, kinds: Mapping[int, str]) -> None:
    """Look up what no builder used."""
    for line, _, _ in ledger.pending():
        kind = kinds.get(line.number, "acl")
        if kind in ("acl", "stray"):
            continue
        if is_known_negation(kind, line.text):
            ledger.use(line.number)
        elif is_harmless(kind, line.text) or (kind == "interface" and is_harmless(kind, _spelt(kind, line.text))):
            ledger.harmless(line.number)


def _spelt(kind: str, text: str) -> str:
    """A command of a section with its words spelt out, as it is when it is none."""
    spelt = KIND_BY_NAME[kind].grammar.spell(text)
    return spelt.text if spelt.known else text


def _router(part: RouterText, empty: Router, facts: Mapping[str, SecretFacts]) -> ParsedConfig:
    sliced = slice_router(part.lines)
    ledger = Ledger()
    kinds = _enter(sliced, ledger)
    for line in undo(sliced):
        ledger.use(line.number)
    matches = _match(sliced)
    context = Context(ledger, facts)
    router = _build(matches, sliced, context, empty)
    _settle(ledger, kinds)
    modelled, irrelevant = ledger.counts()
    unknown = ledger.unknown()
    router = msgspec.structs.replace(router, unknown=unknown, truncated=part.full and not sliced.ended)
    remarks = sorted({**dict(part.remarks), **dict(sliced.remarks), **ledger.remarks}.items())
    if router.truncated:
        remarks.append((part.last_told, "a running-config without its final 'end': the file is cut short"))
    return ParsedConfig(
        router,
        "ios",
        None,
        empty.name,
        empty.file,
        modelled,
        irrelevant,
        tuple((entry.line, router.text(entry.line)) for entry in unknown),
        tuple(Remark(line, text) for line, text in remarks),
    )


def _match(sliced: Sliced) -> dict[str, list[Fields]]:
    """Run the templates over the blocks of each kind, and over the global commands."""
    by_kind: dict[str, list[Block]] = {}
    for block in sliced.blocks:
        if block.kind.name in _TTP_KINDS:
            by_kind.setdefault(block.kind.name, []).append(block)
    inputs = {kind: _input(blocks) for kind, blocks in by_kind.items()}
    if sliced.globals:
        inputs["global"] = "\n".join(["@ 0", *(f"{line.number} {line.text}" for line in sliced.globals)])
    found = ttp_adapter.parse(inputs) if inputs else {}
    return {kind: list(matches) for kind, matches in found.items()}


def _build(matches: Mapping[str, list[Fields]], sliced: Sliced, context: Context, router: Router) -> Router:
    def of(kind: str) -> list[Fields]:
        return matches.get(kind, [])

    everywhere = [statement for block in of("global") for statement in statements(block)]
    by_kind: dict[str, list[Statement]] = {}
    for statement in everywhere:
        by_kind.setdefault(statement.kind, []).append(statement)
    keys = sorted([*by_kind.get("key_address", ()), *by_kind.get("key_hostname", ())])
    maps = ipsec.build_maps(of("crypto_map"), by_kind.get("map_attribute", ()), context)
    dynamic_maps = ipsec.build_maps(of("dynamic_map"), (), context, dynamic=True)
    lines = {line.number: line for line in sliced.globals}
    found_acls = acls.build_acls(
        (block for block in sliced.blocks if block.kind.name == "acl"),
        ((lines[statement.line], statement) for statement in by_kind.get("access_list", ())),
    )
    acls.enter_referenced(found_acls, (*maps, *dynamic_maps), context.ledger)
    peers = isakmp.build_aggressive_peers(of("isakmp_peer"), context)
    client_groups = isakmp.build_client_groups(of("client_group"), context)
    ikev2_dpd = None
    for statement in by_kind.get("ikev2_dpd", ()):
        ikev2_dpd = ikev2.global_dpd(statement, context)
    return msgspec.structs.replace(
        router,
        **misc.build_globals(everywhere, context),
        interfaces=interfaces.build_interfaces(of("interface"), context),
        vrfs=misc.build_vrfs(of("vrf"), context),
        default_keyring=keyrings.global_keys(keys, context),
        keyrings=keyrings.build_keyrings(of("keyring"), context),
        isakmp_policies=isakmp.build_policies(of("isakmp_policy"), context),
        isakmp_profiles=isakmp.build_profiles(of("isakmp_profile"), context),
        isakmp=isakmp.build_settings(everywhere, peers, client_groups, context),
        transform_sets=ipsec.build_transform_sets(of("transform_set"), context),
        ipsec_profiles=ipsec.build_ipsec_profiles(of("ipsec_profile"), context),
        crypto_maps=maps,
        dynamic_maps=dynamic_maps,
        ikev2=Ikev2(
            ikev2.build_proposals(of("ikev2_proposal"), context),
            ikev2.build_policies(of("ikev2_policy"), context),
            ikev2.build_keyrings(of("ikev2_keyring"), context),
            ikev2.build_profiles(of("ikev2_profile"), context),
            ikev2_dpd,
        ),
        gdoi_groups=groups.build_gdoi_groups(of("gdoi_group"), context),
        ezvpn_clients=groups.build_ezvpn_clients(of("ezvpn"), context),
        acls=tuple(acl for acl, _ in found_acls.values()),
        trustpoints=misc.build_trustpoints(of("pki"), context),
        archive_path=misc.archive_path(of("archive"), context),
    )
