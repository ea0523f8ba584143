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
from ikeaudit.parsing.lines import Line, read_lines, split_lines
from ikeaudit.parsing.mess.damage import is_damaged_child
from ikeaudit.parsing.mess.devices import Device, split_devices
from ikeaudit.parsing.mess.notes import page_of_notes, pieces
from ikeaudit.parsing.mess.recognise import NOT_RECOGNISED, recognise
from ikeaudit.parsing.mess.undo import undo
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
    lines = read_lines(redacted.text)
    source = _Source(
        file=file,
        stem=PurePath(file).stem,
        lines=tuple(line.rstrip("\r") for line in split_lines(redacted.text)),
        facts={**facts, **redacted.facts},
    )
    if (page := page_of_notes(lines)) is not None:
        unread = [config for piece in pieces(lines) for config in _devices(piece, source)[0] if config.router]
        if unread:
            count = sum(config.modelled + config.irrelevant + len(config.unknown) for config in unread)
            return (ParsedConfig(None, "not-ios", _OF_NOTES.format(page), source.stem, file, unread=count),)
    parsed, reason = _devices(lines, source)
    if not any(config.router for config in parsed):
        return (ParsedConfig(None, "not-ios", _reason(lines, text, reason), source.stem, file),)
    return tuple(parsed)


_OF_NOTES = (
    "it is a page of notes ({}) with configuration in it; give each router's configuration as a file of its own,"
    " with its hostname line"
)
_SHOW_OUTPUT = "it holds output of show commands, but no IOS configuration"


class _Source(NamedTuple):
    """A file: its name, its redacted lines, and what is known of its keys."""

    file: str
    stem: str
    lines: Sequence[str]
    facts: Mapping[str, SecretFacts]


def _reason(lines: list[Line], text: str, found: str | None) -> str:
    """Why a file without a router is none; ``found`` is what was said of its first device, if it has any."""
    reason = recognise(lines, text).reason or found
    return _SHOW_OUTPUT if reason is None or (reason == NOT_RECOGNISED and found is None) else reason


def _devices(lines: list[Line], source: _Source) -> tuple[list[ParsedConfig], str | None]:
    """Every router among ``lines``, and the first reason why a device there is none."""
    parsed: list[ParsedConfig] = []
    names: dict[str, int] = {}
    devices = split_devices(lines)
    first_reason: str | None = None
    for device in devices:
        verdict = recognise(device.lines)
        if verdict.reason is not None:
            first_reason = first_reason or verdict.reason
            if verdict.vendor and len(devices) > 1:
                host = device.hostname or source.stem
                parsed.append(ParsedConfig(None, "not-ios", verdict.reason, host, source.file))
            continue
        host = _unique(device.hostname or device.prompt or source.stem, names)
        first, physical = _physical(device, source.lines)
        parsed.append(_router(device, Router(host, source.file, physical, first), source.facts))
    return parsed, first_reason


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
            if is_relevant_child(kind.name, line.text) or is_damaged_child(kind, line.text):
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


def _physical(device: Device, physical: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """Number of the router's first line, and its lines up to the last; those of other routers between them are blank."""
    numbers = {line.number for line in device.lines}
    first, last = min(numbers), max(numbers)
    return first, tuple(physical[n - 1] if n in numbers else "" for n in range(first, last + 1))


def _router(device: Device, empty: Router, facts: Mapping[str, SecretFacts]) -> ParsedConfig:
    sliced = slice_router(device.lines, {key for key, fact in facts.items() if fact.masked})
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
    router = msgspec.structs.replace(router, unknown=unknown, truncated=device.full and not sliced.ended)
    remarks = sorted({**dict(sliced.remarks), **ledger.remarks}.items())
    if router.truncated:
        remarks.append((device.last_line, "a running-config without its final 'end': the file is cut short"))
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
