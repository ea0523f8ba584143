"""What builders are given: one command of the tables with its operands, and what is needed to make sense of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias, TypeVar

import msgspec

from ikeaudit.ios.command import Args
from ikeaudit.model import NamedLine, Secret, SecretFacts
from ikeaudit.parsing.ledger import Ledger

CUT = "<SECRET>"
_TOKEN = "<PSK:"  # noqa: S105 - what stands in the place of a key


class Context(NamedTuple):
    """What every builder needs: the ledger, the facts about keys by fingerprint, and whether some value of the text may be
    one that is ``unfilled``."""

    ledger: Ledger
    facts: Mapping[str, SecretFacts]
    unfilled: bool = True

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


Value: TypeAlias = Callable[[Args, int, Context], Any]
"""What the operands of a command mean; None when they make no sense."""


def begin(table: str, **first: Any) -> Begin:
    """An object of a ``table`` of drafts that is known by its name, with what it has at ``first``; entering it again
    continues it. A name that was taken for a key, and cut, is none."""

    def enter(drafts: Any, args: Args, line: int, _context: Context) -> Any:
        name = args["name"]
        return None if CUT in name else getattr(drafts, table).setdefault(name, {"name": name, "line": line, **first})

    return enter


def take(name: str, value: Value) -> Statement:
    """A command that sets one field."""

    def read(draft: Any, args: Args, line: int, context: Context) -> bool:
        found = value(args, line, context)
        if found is not None:
            draft[name] = found
        return found is not None

    return read


def gather(name: str, value: Value) -> Statement:
    """A command that adds one to a list, unless it is in it."""

    def read(draft: Any, args: Args, line: int, context: Context) -> bool:
        found = value(args, line, context)
        if found is not None:
            add(draft, name, found)
        return found is not None

    return read


def within(table: str, statement: Statement) -> Statement:
    """A global command that sets fields of what a ``table`` of drafts holds."""

    def read(drafts: Any, args: Args, line: int, context: Context) -> bool:
        return statement(getattr(drafts, table), args, line, context)

    return read


def named(operand: str) -> Value:
    """An object that a command refers to by name."""
    return lambda args, line, _context: NamedLine(line, args[operand])


def set_to(name: str, operand: str) -> Statement:
    """A command that sets one field to its operand."""
    return take(name, lambda args, _line, _context: args[operand])


def set_number(name: str, operand: str) -> Statement:
    """A command that sets one field to a number."""
    return take(name, lambda args, _line, _context: int(args[operand]))


def flag(name: str) -> Statement:
    """A command that switches one field on."""
    return take(name, lambda *_: True)


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
    """Append ``item`` to a list unless the same was said before; :func:`frozen` makes it a tuple."""
    known = draft.get(name)
    if known is None:
        draft[name] = _Several(item)
    else:
        known.add(item)


_Kind = TypeVar("_Kind")


def frozen(kind: Callable[..., _Kind], drafts: Collection[dict[str, Any]]) -> tuple[_Kind, ...]:
    """The finished objects of one kind, lists as tuples."""
    for draft in drafts:
        for name, value in draft.items():
            if isinstance(value, _Several):
                draft[name] = tuple(value)
    return tuple(kind(**draft) for draft in drafts)
