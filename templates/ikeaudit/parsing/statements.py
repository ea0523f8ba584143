"""From TTP's nested dictionaries to plain statements in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ikeaudit.model import Secret, SecretFacts
from ikeaudit.parsing.ledger import Ledger

Fields = Mapping[str, Any]


class Statement(NamedTuple):
    """One command: its line, its kind (the TTP group it matched) and its fields."""

    line: int
    kind: str
    fields: Fields

    @property
    def value(self) -> str:
        """The operands, empty when the command has none."""
        found = self.fields.get("value", "")
        return found if isinstance(found, str) else ""


class Context(NamedTuple):
    """What every builder needs: the ledger, and the facts about keys by fingerprint."""

    ledger: Ledger
    facts: Mapping[str, SecretFacts]

    def secret(self, text: str) -> Secret:
        """A redacted key: ``[0|6|7] <PSK:fingerprint>``."""
        kind, _, token = text.rpartition(" ")
        fingerprint = token.removeprefix("<PSK:").removesuffix(">")
        return Secret(fingerprint, int(kind) if kind.strip() else 0, self.facts.get(fingerprint))


def statements(block: Fields) -> list[Statement]:
    """The statements of one block by line."""
    found = [
        Statement(int(fields["line"]), kind, fields)
        for kind, listed in block.items()
        if isinstance(listed, list)
        for fields in listed
    ]
    found.sort(key=_by_line)
    return found


def _by_line(statement: Statement) -> int:
    return statement.line


def header_line(block: Fields) -> int:
    """The line of the block's header."""
    return int(block["block"])


def named(block: Fields) -> Iterator[str]:
    """The block's name, if its header was understood."""
    name = block.get("name")
    if isinstance(name, str) and "<SECRET>" not in name:
        yield name


__all__ = ["Context", "Fields", "Statement", "header_line", "named", "statements"]
