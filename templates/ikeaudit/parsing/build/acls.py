"""Access lists, as far as a proxy identity needs them: a regular little grammar, read only where crypto refers to it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Set
from functools import lru_cache
from operator import itemgetter
from sys import intern
from typing import Literal, TypeAlias

import msgspec

from ikeaudit.ios.command import Args
from ikeaudit.ios.tables.names import PROTOCOLS
from ikeaudit.ios.words import slot
from ikeaudit.model import AccessList, AclEntry, Prefix, RouteMap
from ikeaudit.parsing.build.object_groups import GROUP, Network, ObjectGroups
from ikeaudit.parsing.build.route_maps import Sequence, route_maps
from ikeaudit.parsing.kinds import Header
from ikeaudit.parsing.ledger import Ledger
from ikeaudit.parsing.likeness import edits
from ikeaudit.parsing.operands import address, ipv6_prefix, is_dotted, wildcard_prefix

_EVERYTHING = {4: Prefix(4, 0, 0), 6: Prefix(6, 0, 0)}
_PORT_OPERATORS = {"eq": 1, "neq": 1, "gt": 1, "lt": 1, "range": 2}
_SHORT_NAME = 4
"""Letters up to which the name of a port may be nearly that of another."""
_PORT_NAMES = """isakmp non500-isakmp domain www smtp pop3 ftp ftp-data ssh telnet snmp snmptrap ntp tftp syslog bootps bootpc
bgp ldap"""
_NAMED_PORTS = tuple(name for name in _PORT_NAMES.split() if len(name) > _SHORT_NAME)
_REMARK = re.compile(rf"(?:(?:sequence )?\d+ )?{slot('acl-extended/remark')}\b")
_LOGGING = ("log", "log-input")
_CUT = "<CUT:"
"""What a word begins with that nothing accounts for."""
_STANDARD_NUMBERS = frozenset((*range(1, 100), *range(1300, 2000)))


class _Words:
    """A cursor over the words of an entry."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._at = 0

    def peek(self) -> str:
        """The next word, empty at the end."""
        return self._words[self._at] if self._at < len(self._words) else ""

    def next(self) -> str:
        """Take the next word."""
        word = self.peek()
        self._at += 1
        return word


class _BadEntryError(Exception):
    """The words are no access list entry."""


def _operand(words: _Words, version: int, *, bare_host: bool = False) -> Network:
    """``any``, ``host A``, ``A WILDCARD``, ``P/L``, or the name of an object-group."""
    word = words.next()
    if word in ("any", "any4", "any6"):
        return _EVERYTHING[version]
    if word in ("object-group", "addrgroup", "object") and words.peek():
        return words.next()
    if version == 6 and word != "host" and (prefix := ipv6_prefix(word)) is not None:
        return prefix.network
    found = address(words.next() if word == "host" else word)
    if found is not None and (word == "host" or (version == 4 and bare_host and not is_dotted(words.peek()))):
        return Prefix.of(found)
    if found is None or version == 6 or not is_dotted(wildcard := words.next()):
        raise _BadEntryError
    return wildcard_prefix(word, wildcard)


def _ports(words: _Words) -> str:
    operator = words.peek()
    if operator not in _PORT_OPERATORS:
        return ""
    taken = [words.next() for _ in range(1 + _PORT_OPERATORS[operator])]
    if any(edits(port, name) == 1 for port in taken[1:] if port not in _NAMED_PORTS for name in _NAMED_PORTS):
        raise _BadEntryError
    while operator in ("eq", "neq") and (words.peek().isdigit() or words.peek() in _PORT_NAMES.split()):
        taken.append(words.next())
    return " ".join(taken)


def _narrows(words: _Words) -> bool:
    """Whether what is left behind addresses and ports makes an entry fit some packets only: all but logging, and its place."""
    while word := words.next():
        if word.startswith(_CUT):
            raise _BadEntryError
        if word == "sequence" or (word in _LOGGING and words.peek().startswith(_CUT)):
            words.next()
        elif word not in _LOGGING:
            return True
    return False


_Said: TypeAlias = tuple[Literal["permit", "deny"], str, Network, Network, str, str, bool]


@lru_cache(maxsize=1 << 11)
def _said(text: str, *, ipv6: bool, extended: bool) -> _Said | None:
    """What one ``permit`` or ``deny`` says, in the order of :class:`AclEntry`; None when it is none."""
    words = text.split()
    if words and words[0].isdigit() and len(words) > 1:
        words = words[1:]
    if words[:1] == ["sequence"]:
        words = words[2:]
    word = words[0].lower() if words else " "
    actions: tuple[Literal["permit", "deny"], ...] = ("permit", "deny")
    action = next((action for action in actions if action.startswith(word)), None)
    if action is None:
        return None
    version = 6 if ipv6 else 4
    cursor = _Words(words[1:])
    try:
        if not extended:
            return (
                action,
                "ip",
                _operand(cursor, version, bare_host=True),
                _EVERYTHING[version],
                "",
                "",
                _narrows(cursor),
            )
        protocol = intern(cursor.next())
        if protocol in ("object-group", "object"):
            protocol = f"{GROUP}{cursor.next()}"
        elif not (protocol.isdigit() or _is_protocol(protocol.lower())):
            return None
        source = _operand(cursor, version)
        source_ports = _ports(cursor)
        destination = _operand(cursor, version)
        destination_ports = _ports(cursor)
        return action, protocol, source, destination, source_ports, destination_ports, _narrows(cursor)
    except _BadEntryError:
        return None


def _is_protocol(word: str) -> bool:
    """Whether a word is the name of a protocol, be it cut short."""
    return len(word) > 1 and any(name.startswith(word) for name in PROTOCOLS)


class _Draft(msgspec.Struct):
    name: str
    line: int
    ipv6: bool
    extended: bool
    written: list[tuple[int, str]] = []

    def freeze(self, ledger: Ledger, groups: ObjectGroups) -> AccessList:
        """The finished list; a sequence number places an entry."""
        entries: list[AclEntry] = []
        orders: list[int] = []
        unread: list[int] = []
        last = 0
        for line, text in self.written:
            silent = not text or text == "exit" or ("remark" in text and _REMARK.match(text) is not None)
            said = None if silent else _said(text, ipv6=self.ipv6, extended=self.extended)
            if said is not None:
                first = text.split(" ", 1)[0]
                order = int(first) if first.isdigit() else 10 + last
                last = max(last, order)
                for entry in _entries(line, said, groups):
                    orders.append(order)
                    entries.append(entry)
            if silent or said is not None:
                ledger.use(line)
            else:
                unread.append(line)
                ledger.miss(line, "acl", self.name)
        if orders != sorted(orders):
            entries = [entry for _, entry in sorted(zip(orders, entries, strict=True), key=itemgetter(0))]
        return AccessList(self.name, self.line, tuple(entries), self.ipv6, self.extended, tuple(unread))


def _entries(line: int, said: _Said, groups: ObjectGroups) -> Iterable[AclEntry]:
    action, protocol, source, destination, source_ports, destination_ports, narrowed = said
    near = None if isinstance(source, str) else source
    far = None if isinstance(destination, str) else destination
    entry = AclEntry(line, action, protocol, near, far, source_ports, destination_ports, narrowed=narrowed)
    if near is source and far is destination and not protocol.startswith(GROUP):
        return (entry,)
    return groups.expanded(entry, source, destination)


class AccessLists:
    """The access lists of a router as text; those that crypto refers to are read, the others do not concern tunnels."""

    def __init__(self) -> None:
        self._drafts: dict[str, _Draft] = {}
        self._route_maps: dict[str, list[Sequence]] = {}
        self._groups = ObjectGroups()

    def take(self, header: Header, number: int, lines: Iterable[tuple[int, str]]) -> None:
        """A named list, or more of it, a sequence of a route-map, or an object-group; ``number`` is that of its header."""
        mode = header.row.opens
        if mode == "object-group":
            self._groups.take(header.said["rest"], lines)
            return
        if mode == "route-map":
            name, _, words = header.said["rest"].partition(" ")
            self._route_maps.setdefault(name, []).append((number, words, lines))
            return
        self._list(header.name, number, mode == "acl-ipv6", mode != "acl-standard").written += [(number, ""), *lines]

    def take_numbered(self, args: Args, line: int) -> None:
        """One line of a numbered list."""
        if (name := args.get("number")) is not None:
            extended = not (name.isdigit() and int(name) in _STANDARD_NUMBERS)
            self._list(name, line, False, extended).written.append((line, args["entry"]))

    def _list(self, name: str, line: int, ipv6: bool, extended: bool) -> _Draft:
        if name not in self._drafts:
            self._drafts[name] = _Draft(name, line, ipv6, extended)
        return self._drafts[name]

    def route_maps(self, names: Collection[str]) -> tuple[RouteMap, ...]:
        """The route-maps of these ``names``."""
        return route_maps(self._route_maps, names)

    def read(self, crypto: Collection[str], others: Set[str], ledger: Ledger) -> tuple[AccessList, ...]:
        """The lists that ``crypto`` and ``others`` name, in order of first appearance.

        The lines of those that crypto refers to go into the ledger; others do not concern tunnels.
        """
        unheard = Ledger()
        found = {name: draft.freeze(ledger, self._groups) for name, draft in self._drafts.items() if name in crypto}
        for line, group in self._groups.unread.items():
            ledger.miss(line, "acl", group)
        more = {name: self._drafts[name] for name in self._drafts.keys() & others if name not in found}
        found |= {name: draft.freeze(unheard, self._groups) for name, draft in more.items()}
        return tuple(found[name] for name in self._drafts if name in found)
