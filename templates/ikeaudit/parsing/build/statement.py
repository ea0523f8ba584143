"""What builders are given: one command of the tables with its operands, and what is needed to make sense of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

import msgspec

from ikeaudit.ios.command import Args
from ikeaudit.model import Secret, SecretFacts
from ikeaudit.parsing.ledger import Ledger

CUT = "<SECRET>"
_TOKEN = "<PSK:"  # noqa: S105 - what stands in the place of a key


class Context(NamedTuple):
    """What every builder needs: the ledger, and the facts about keys by fingerprint."""

    ledger: Ledger
    facts: Mapping[str, SecretFacts]

    def secret(self, args: Args) -> Secret | None:
        """The redacted key of a command; None when what stands there is no key's token."""
        token = args["secret"].rstrip()
        if not token.startswith(_TOKEN) or token[-1] != ">":
            return None
        fingerprint = token[5:-1]
        encoding = args.get("encoding")
        return Secret(fingerprint, int(encoding) if encoding else 0, self.facts.get(fingerprint))


Statement: TypeAlias = Callable[[Any, Args, int, Context], bool]
"""Reads one command into the draft of its object; False when its operands make no sense."""

Begin: TypeAlias = Callable[[Any, Args, int, Context], Any]
"""Begins or continues an object among the drafts of a router; None when the header makes no sense."""


def set_to(name: str, operand: str) -> Statement:
    """A command that sets one field to its operand."""

    def read(draft: Any, args: Args, _line: int, _context: Context) -> bool:
        draft[name] = args[operand]
        return True

    return read


def set_number(name: str, operand: str) -> Statement:
    """A command that sets one field to a number."""

    def read(draft: Any, args: Args, _line: int, _context: Context) -> bool:
        draft[name] = int(args[operand])
        return True

    return read


def flag(name: str) -> Statement:
    """A command that switches one field on."""

    def read(draft: Any, _args: Args, _line: int, _context: Context) -> bool:
        draft[name] = True
        return True

    return read


def understood(_draft: Any, _args: Args, _line: int, _context: Context) -> bool:
    """A command that the model has no use for, in an object that it has."""
    return True


class _Several:
    """What was said one after the other, whatever was said before left out."""

    __slots__ = ("_first", "_said")

    def __init__(self, first: Any) -> None:
        self._first = first
        self._said: dict[Any, Any] | None = None

    def add(self, item: Any) -> None:
        """One more; on whatever line it stands, it may be said already."""
        if self._said is None:
            self._said = {_lineless(self._first): self._first}
        self._said.setdefault(_lineless(item), item)

    def __iter__(self) -> Iterator[Any]:
        return iter((self._first,) if self._said is None else self._said.values())


def _lineless(item: Any) -> Any:
    return msgspec.structs.replace(item, line=0) if isinstance(item, msgspec.Struct) else item


def add(draft: dict[str, Any], name: str, item: Any) -> None:
    """Append ``item`` to a list unless the same was said before; :func:`listed` makes it a tuple."""
    known = draft.get(name)
    if known is None:
        draft[name] = _Several(item)
    else:
        known.add(item)


def listed(draft: dict[str, Any]) -> dict[str, Any]:
    """``draft`` with its lists as tuples."""
    for name, value in draft.items():
        if isinstance(value, _Several):
            draft[name] = tuple(value)
    return draft
