"""One router's sections and global commands, read through the tables of IOS into the model, every line accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

import msgspec

from ikeaudit.ios.command import Command
from ikeaudit.ios.fast import Found
from ikeaudit.ios.language import COMMANDS, GLOBAL, LANGUAGES, Language
from ikeaudit.model import CryptoMap, Router, UnknownKind
from ikeaudit.parsing.build import acls, groups, ikev2, interfaces, ipsec, isakmp, keyrings, misc
from ikeaudit.parsing.build.drafts import Drafts
from ikeaudit.parsing.build.statement import Context, Header, Statement
from ikeaudit.parsing.kinds import Kind, counts, is_cut
from ikeaudit.parsing.lines import Line
from ikeaudit.parsing.mess import is_damaged_child, undo
from ikeaudit.parsing.sections import Block, Sliced

_BUILDERS: tuple[Any, ...] = (keyrings, isakmp, ipsec, ikev2, interfaces, groups, misc)


def _bound(name: str) -> dict[str, Any]:
    return {row: read for module in _BUILDERS for row, read in getattr(module, name, {}).items()}


HEADERS: Mapping[str, Header] = _bound("HEADERS")
"""By the id of its command, what begins an object."""
STATEMENTS: Mapping[str, Statement] = _bound("STATEMENTS")
"""What reads a command inside of an object."""
GLOBALS: Mapping[str, Statement] = _bound("GLOBALS")
"""What reads a command of the global mode."""
NEGATED: Mapping[str, Statement] = _bound("NEGATED")
"""What reads the ``no`` form of a command, where that says something of its own."""

_LEAVING = ("exit", "quit")
_HEX = re.compile(r"[0-9A-Fa-f ]+")
_ROUTES = tuple(row.slot for name in ("ip-route", "ipv6-route") for row in COMMANDS[f"global/{name}"])
_MAP = f"{COMMANDS['global/crypto-map-entry'][0].slot} "
_LISTS = "global/access-list"
_ADMITS = " access-class "


def read_router(sliced: Sliced, empty: Router, context: Context) -> Router:
    """``empty`` with all that its sections and global commands say."""
    drafts = Drafts()
    lists = acls.AccessLists()
    items: list[tuple[int, Block | Line]] = [(block.header.number, block) for block in sliced.blocks]
    items += [(line.number, line) for line in sliced.globals]
    items.sort(key=itemgetter(0))
    for _, item in items:
        if isinstance(item, Line):
            _read_global(item, drafts, lists, context)
        elif item.kind.name == "acl":
            lists.take(item)
        else:
            _Section(item, drafts, context).read()
    for line in sliced.strays:
        context.ledger.miss(line, "global")
    maps, dynamic_maps = ipsec.freeze_maps(drafts), ipsec.freeze_dynamic_maps(drafts)
    return msgspec.structs.replace(
        empty,
        **drafts.values,
        host_mappings=tuple(drafts.hosts),
        static_routes=tuple(drafts.routes),
        interfaces=interfaces.freeze(drafts),
        vrfs=tuple(drafts.vrfs),
        default_keyring=keyrings.freeze_default(drafts),
        keyrings=keyrings.freeze(drafts),
        isakmp_policies=isakmp.freeze_policies(drafts),
        isakmp_profiles=isakmp.freeze_profiles(drafts),
        isakmp=isakmp.freeze_settings(drafts),
        transform_sets=ipsec.freeze_transform_sets(drafts),
        ipsec_profiles=ipsec.freeze_ipsec_profiles(drafts),
        crypto_maps=maps,
        dynamic_maps=dynamic_maps,
        ikev2=ikev2.freeze(drafts),
        gdoi_groups=groups.freeze_gdoi(drafts),
        ezvpn_clients=groups.freeze_ezvpn(drafts),
        acls=lists.read(_proxies((*maps, *dynamic_maps)), _admitting(empty.lines, drafts), context.ledger),
        trustpoints=tuple(drafts.trustpoints),
    )


def _proxies(maps: Iterable[CryptoMap]) -> set[str]:
    """The access lists that say which traffic is protected."""
    return {entry.acl.name for crypto_map in maps for entry in crypto_map.entries if entry.acl is not None}


def _admitting(lines: Iterable[str], drafts: Drafts) -> set[str]:
    """The access lists that say who may log in to a router, or register with a group."""
    found = {draft["authorization"].name for draft in drafts.gdoi_groups.values() if "authorization" in draft}
    return found | {text.split()[1] for text in lines if text.startswith(_ADMITS)}


def taken_back(sliced: Sliced) -> list[Line]:
    """Apply the ``no`` lines of a router to what stands before them; the lines that count and lost their meaning."""
    kinds = {line.number: block.kind for block in sliced.blocks for line in (block.header, *block.lines)}
    return [line for line in undo(sliced) if _counts(kinds.get(line.number), line.text)]


def _counts(kind: Kind | None, text: str) -> bool:
    """Whether the ledger has to account for a line in a section of a kind, or of the global mode."""
    if kind is not None:
        return kind.name != "acl" and (kind.concerns(text) or is_damaged_child(kind.name, text))
    return counts(GLOBAL, text)


class _Section:
    """One section while it is read: its object's draft, and the section inside of it that is open."""

    __slots__ = ("block", "context", "draft", "inner", "kind", "language")

    def __init__(self, block: Block, drafts: Drafts, context: Context) -> None:
        self.block = block
        self.kind = block.opened.kind
        self.context = context
        self.draft = self._begin(drafts)
        self.language: Language = self.kind.language
        self.inner: Any = self.draft

    def _begin(self, drafts: Drafts) -> Any:
        """The draft of the object, None when the header makes no sense."""
        header, opened, ledger = self.block.header, self.block.opened, self.context.ledger
        begin = HEADERS.get(opened.row.id)
        draft = None
        if opened.args is not None and begin is not None:
            draft = begin(drafts, opened.args, header.number, self.context)
        if draft is not None and not ledger.doubts(header.number):
            ledger.use(header)
        elif opened.row.bears == "irrelevant":
            ledger.harmless(header)
        else:
            ledger.miss(header, self.kind.unknown, self.block.opened.name)
        return draft

    def read(self) -> None:
        """All lines of the section."""
        ledger, context = self.context.ledger, self.context
        captured = ""
        for line in self.block.lines:
            text = line.text
            if captured:
                if text == captured or _HEX.fullmatch(text):
                    ledger.harmless(line)
                    captured = "" if text == captured else captured
                    continue
                captured = ""
            found = self.language.remembered[text]
            if found is None:
                found = self._outside(text)
                if found is None:
                    self._unmatched(line)
                    continue
            row, args, negated = found
            bears = row.bears
            if negated:
                self._negated(line, row, args)
            elif bears == "irrelevant":
                ledger.harmless(line)
                captured = row.captures
            elif bears == "modelled":
                read = STATEMENTS.get(row.id)
                if self.draft is None:
                    done = False
                elif read is not None:
                    done = read(self.inner, args, line.number, context)
                else:
                    self.inner = HEADERS[row.id](self.draft, args, line.number, context)
                    done = self.inner is not None
                if done:
                    ledger.use(line)
                else:
                    ledger.miss(line, self.kind.unknown, self.block.name)
            elif bears != "other" or (
                row.plain and (is_cut(self.language, text) or is_damaged_child(self.kind.name, text))
            ):
                ledger.miss(line, self.kind.unknown, self.block.name)
            if row.opens is not None and not negated:
                self.language = LANGUAGES[row.opens]

    def _outside(self, text: str) -> Found | None:
        """The command of the section itself that a line is, where one inside of it was open; that is left then."""
        if self.language is self.kind.language:
            return None
        found = self.kind.language.known(text)
        if found is not None:
            self.language, self.inner = self.kind.language, self.draft
        return found

    def _negated(self, line: Line, row: Command, args: Mapping[str, str]) -> None:
        read = NEGATED.get(row.id)
        if read is not None and self.draft is not None:
            read(self.inner, args, line.number, self.context)
        if row.bears != "other":
            self.context.ledger.use(line)

    def _unmatched(self, line: Line) -> None:
        """What no command describes: another spelling, ``no`` with another value, or nothing that is known."""
        text, ledger = line.text, self.context.ledger
        if self.kind.unknown == "interface" and not (
            text == "exit" or self.language.concerns(text) or is_damaged_child("interface", text)
        ):
            return
        if text in _LEAVING or self.language.mode.rest == "irrelevant":
            ledger.harmless(line)
        elif is_known_negation(self.kind, text):
            ledger.use(line)
        elif _is_harmless(self.kind, text):
            ledger.harmless(line)
        else:
            ledger.miss(line, self.kind.unknown, self.block.name)


def is_known_negation(kind: Kind, text: str) -> bool:
    """Whether ``no X`` or ``default X`` takes away a command that is known in sections of ``kind``."""
    word, _, taken = text.partition(" ")
    if word not in ("no", "default") or not taken:
        return False
    whole = kind.grammar.depth(taken) == len(taken.split())  # "no tunnel protection": all forms of it
    return whole or kind.grammar.spell(text).known or _is_harmless(kind, taken)


def _is_harmless(kind: Kind, text: str) -> bool:
    """Whether a line, its words spelt out, is known not to matter."""
    spelt = kind.grammar.spell(text)
    found = kind.language.match(spelt.text if spelt.known else text)
    return found is not None and found.row.bears == "irrelevant"


def _read_global(line: Line, drafts: Drafts, lists: acls.AccessLists, context: Context) -> None:
    text, ledger = line.text, context.ledger
    found = GLOBAL.known(text)
    if found is None:
        if GLOBAL.concerns(text):
            if _is_known_global_negation(text):
                ledger.use(line)
            else:
                ledger.miss(line, _object_of(text))
        return
    row, args, negated = found
    if row.plain and is_cut(GLOBAL, text):
        ledger.miss(line, _object_of(text))
        return
    if row.id == _LISTS and not negated:
        lists.take_numbered(line, args)
        return
    read = (NEGATED if negated else GLOBALS).get(row.id)
    done = read(drafts, args, line.number, context) if read is not None else False
    if row.bears == "other":
        return
    if done or negated:
        ledger.use(line)
    elif row.bears == "irrelevant":
        ledger.harmless(line)
    else:
        ledger.miss(line, _object_of(text))


def _object_of(text: str) -> UnknownKind:
    return "other" if text.startswith(_ROUTES) else "global"


def _is_known_global_negation(text: str) -> bool:
    word, _, taken = text.partition(" ")
    if word not in ("no", "default"):
        return False
    if GLOBAL.spell(text).known or taken.startswith(_MAP):
        return True
    found = GLOBAL.match(taken)
    return found is not None and found.row.bears == "irrelevant"
