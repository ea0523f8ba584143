"""What became of one place that was read, without its routers: what a second reading begins with."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from ikeaudit.model import Router
from ikeaudit.parsing.parsed import ParsedConfig
from ikeaudit.snapshot.card import Card


class Problem(NamedTuple):
    """Something that is missing or could not be used: a host that was not collected, a show command, a file's state."""

    kind: Literal["host", "show", "file"]
    host: str
    file: str
    text: str


class Account(msgspec.Struct, frozen=True):
    """What became of one router's text, without the router: ``config`` has none.

    ``text`` is the SHA-256 of a router's configuration without keys and time stamps, None where there is no router; ``card``
    what of it others look up, ``matter`` the SHA-256 of all that an audit goes by, ``still`` that without the router's state.
    """

    config: ParsedConfig
    text: str | None
    card: Card = Card()
    matter: str | None = None
    still: str | None = None


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one place, but for the routers in it, of which there is one for each account with a ``text``.

    ``stem`` tells its configurations from others of the same name; ``known`` says when they were last known to be the
    router's, ``key_id`` names the key that their fingerprints were made with, as ``meta.json`` has both.
    ``is_text`` is False for a file that cannot be read as text.
    """

    stem: str
    accounts: tuple[Account, ...] = ()
    problems: tuple[Problem, ...] = ()
    known: str | None = None
    key_id: str | None = None
    is_text: bool = True


Routers = tuple[Router, ...]
"""The routers of one place, in the order of its accounts."""
