"""Access lists, as far as a proxy identity needs them: a regular little grammar, read without templates for speed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, cast

from ikeaudit.model import AccessList, AclEntry, Prefix
from ikeaudit.model.ipsec import CryptoMap
from ikeaudit.parsing.ledger import Ledger
from ikeaudit.parsing.lines import Line
from ikeaudit.parsing.operands import address, ipv6_prefix, is_dotted, wildcard_prefix
from ikeaudit.parsing.sections import Block
from ikeaudit.parsing.statements import Statement

_EVERYTHING = {4: Prefix(4, 0, 0), 6: Prefix(6, 0, 0)}
_PORT_OPERATORS = {"eq": 1, "neq": 1, "gt": 1, "lt": 1, "range": 2}
_PORT_NAMES = (
    *(
        "isakmp",
        "non500-isakmp",
        "domain",
        "www",
        "smtp",
        "pop3",
        "ftp",
        "ftp-data",
        "ssh",
        "telnet",
        "snmp",
        "snmptrap",
    ),
    *("ntp", "tftp", "syslog", "bootps", "bootpc", "bgp", "ldap"),
)
_REMARK = re.compile(r"(?:(?:sequence )?\d+ )?remark\b")
_STANDARD_NUMBERS = (*range(1, 100), *range(1300, 2000))


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


def _operand(words: _Words, version: int, *, bare_host: bool = False) -> Prefix | None:
    """``any``, ``host A``, ``A WILDCARD``, ``P/L``, or an object group (no prefix)."""
    word = words.next()
    if word in ("any", "any4", "any6"):
        return _EVERYTHING[version]
    if word == "host":
        found = address(words.next())
        if found is None:
            raise _BadEntryError
        return Prefix.of(found)
    if word in ("object-group", "addrgroup", "object"):
        if not words.next():
            raise _BadEntryError
        return None
    if version == 6:
        prefix = ipv6_prefix(word)
        if prefix is None:
            raise _BadEntryError
        return prefix.network
    found = address(word)
    if found is None:
        raise _BadEntryError
    if bare_host and not is_dotted(words.peek()):
        return Prefix.of(found)
    wildcard = words.next()
    if not is_dotted(wildcard):
        raise _BadEntryError
    return wildcard_prefix(word, wildcard)


def _ports(words: _Words) -> str:
    operator = words.peek()
    if operator not in _PORT_OPERATORS:
        return ""
    taken = [words.next() for _ in range(1 + _PORT_OPERATORS[operator])]
    while operator in ("eq", "neq") and (words.peek().isdigit() or words.peek() in _PORT_NAMES):
        taken.append(words.next())
    return " ".join(taken)


def acl_entry(line: int, text: str, *, ipv6: bool = False, extended: bool = True) -> AclEntry | None:
    """One ``permit`` or ``deny``; None when it is none."""
    words = text.split()
    if words and words[0].isdigit() and len(words) > 1:
        words = words[1:]
    if words[:1] == ["sequence"]:
        words = words[2:]
    action = next((full for full in ("permit", "deny") if words and full.startswith(words[0].lower())), None)
    if action is None:
        return None
    action = cast(Literal["permit", "deny"], action)
    version = 6 if ipv6 else 4
    cursor = _Words(words[1:])
    try:
        if not extended:
            return AclEntry(line, action, "ip", _operand(cursor, version, bare_host=True), _EVERYTHING[version])
        protocol = cursor.next()
        if protocol in ("object-group", "object"):
            protocol = f"{protocol} {cursor.next()}"
        if not protocol:
            return None
        source = _operand(cursor, version)
        source_ports = _ports(cursor)
        destination = _operand(cursor, version)
        return AclEntry(line, action, protocol, source, destination, source_ports, _ports(cursor))
    except _BadEntryError:
        return None


@dataclass
class _Draft:
    name: str
    line: int
    ipv6: bool
    extended: bool
    entries: dict[tuple[int, int], AclEntry] = field(default_factory=dict)
    lines: list[tuple[Line, bool]] = field(default_factory=list)
    last: int = 0

    def take(self, line: Line, text: str) -> None:
        """Add one line; a sequence number places it."""
        if _REMARK.match(text):
            self.lines.append((line, True))
            return
        entry = acl_entry(line.number, text, ipv6=self.ipv6, extended=self.extended)
        self.lines.append((line, entry is not None or text in ("exit",)))
        if entry is None:
            return
        first = text.split(" ", 1)[0]
        order = int(first) if first.isdigit() else 10 + self.last
        self.last = max(self.last, order)
        self.entries[order, line.number] = entry


ReadAcl: TypeAlias = tuple[AccessList, list[tuple[Line, bool]]]
"""An access list, and its lines with whether each was understood."""


def build_acls(blocks: Iterable[Block], numbered: Iterable[tuple[Line, Statement]]) -> dict[str, ReadAcl]:
    """All access lists by name, each with its lines and whether they were understood."""
    drafts: dict[str, _Draft] = {}
    for block in blocks:
        ipv6 = block.header.text.startswith("ipv6")
        extended = ipv6 or " extended " in block.header.text
        draft = drafts.setdefault(block.name, _Draft(block.name, block.header.number, ipv6, extended))
        draft.lines.append((block.header, True))
        for line in block.lines:
            draft.take(line, line.text)
    for line, statement in numbered:
        name = statement.fields["name"]
        extended = not (name.isdigit() and int(name) in _STANDARD_NUMBERS)
        draft = drafts.setdefault(name, _Draft(name, line.number, ipv6=False, extended=extended))
        draft.take(line, statement.value)
    return {
        name: (
            AccessList(name, d.line, tuple(d.entries[key] for key in sorted(d.entries)), d.ipv6, d.extended),
            d.lines,
        )
        for name, d in drafts.items()
    }


def enter_referenced(acls: dict[str, ReadAcl], maps: Iterable[CryptoMap], ledger: Ledger) -> None:
    """Put the lines of the lists that crypto maps refer to into the ledger; others do not concern tunnels."""
    names = {entry.acl.name for crypto_map in maps for entry in crypto_map.entries if entry.acl is not None}
    for name in names & acls.keys():
        for line, understood in acls[name][1]:
            ledger.enter(line, "acl", name)
            if understood:
                ledger.use(line.number)
