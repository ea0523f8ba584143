"""Show output -> model: one module a command, and the table that knows them all (SHOW-LAYOUT).

The running-config stays authoritative: what is read here serves cross-checks and verification after a change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from ikeaudit.model import SecretFacts, ShowOutputs
from ikeaudit.parsing.shows.clock import parse_clock, parse_last_change
from ikeaudit.parsing.shows.dmvpn import parse_dmvpn
from ikeaudit.parsing.shows.ikev2_sa import parse_ikev2_sa
from ikeaudit.parsing.shows.isakmp_key import parse_isakmp_key
from ikeaudit.parsing.shows.isakmp_sa import parse_isakmp_detail, parse_isakmp_sa
from ikeaudit.parsing.shows.lines import refused, says_none
from ikeaudit.parsing.shows.places import placed
from ikeaudit.parsing.shows.session import parse_session
from ikeaudit.parsing.shows.version import parse_version
from ikeaudit.parsing.shows.words import is_printed

__all__ = [
    "READ",
    "ParsedShows",
    "is_printed",
    "parse_clock",
    "parse_dmvpn",
    "parse_ikev2_sa",
    "parse_isakmp_detail",
    "parse_isakmp_key",
    "parse_isakmp_sa",
    "parse_last_change",
    "parse_session",
    "parse_shows",
    "parse_version",
]

_Facts = Mapping[str, SecretFacts]
_Reader = Callable[[str, _Facts], dict[str, Any] | None]
LAST_CHANGE = "show running-config | include Last configuration change"
"""The command that asks for the one line that says when the configuration was changed last."""


class ParsedShows(NamedTuple):
    """What the show commands said; ``problems`` tells by command why one said nothing."""

    outputs: ShowOutputs
    problems: dict[str, str]


def _keys(text: str, facts: _Facts) -> dict[str, Any] | None:
    return _field("keys", parse_isakmp_key(text, facts))


def _details(text: str, _: _Facts) -> dict[str, Any] | None:
    """The long form serves both: what was agreed on, and the rows where the short form was not collected."""
    if says_none(text):
        return {"isakmp_sas": (), "isakmp_details": ()}
    rows = parse_isakmp_sa(text)
    return None if rows is None else {"isakmp_sas": rows, "isakmp_details": parse_isakmp_detail(text)}


def _version(text: str, _: _Facts) -> dict[str, Any] | None:
    found = parse_version(text)
    return None if found is None else {"version": found[0], "platform": found[1]}


def _rows(name: str, parse: Callable[[str], Any]) -> _Reader:
    """A reader of rows; a router that has none of them prints nothing at all, or that there are none."""
    return lambda text, _: _field(name, () if says_none(text) else parse(text))


def _field(name: str, value: Any) -> dict[str, Any] | None:
    return None if value is None else {name: value}


_READERS: dict[str, _Reader] = {
    "show crypto isakmp key": _keys,
    "show crypto isakmp sa detail": _details,
    "show crypto isakmp sa": _rows("isakmp_sas", parse_isakmp_sa),
    "show crypto session": _rows("sessions", parse_session),
    "show crypto session detail": _rows("sessions", parse_session),
    "show crypto ikev2 session": _rows("ikev2_sas", parse_ikev2_sa),
    "show crypto ikev2 session detailed": _rows("ikev2_sas", parse_ikev2_sa),
    "show crypto ikev2 sa": _rows("ikev2_sas", parse_ikev2_sa),
    "show crypto ikev2 sa detailed": _rows("ikev2_sas", parse_ikev2_sa),
    "show dmvpn": _rows("dmvpn_peers", parse_dmvpn),
    "show dmvpn detail": _rows("dmvpn_peers", parse_dmvpn),
    "show version": _version,
    "show clock": lambda text, _: _field("clock", parse_clock(text)),
    LAST_CHANGE: lambda text, _: _field("last_change", parse_last_change(text)),
}
"""Commands understood; where two fill one field, the later one in this table wins."""

READ = frozenset(_READERS)
"""The commands whose output fills a field."""

_NOT_READ = (
    "show archive",
    "show crypto isakmp policy",
    "show crypto isakmp profile",
    "show crypto isakmp peers",
    "show crypto ikev2 proposal",
    "show crypto ikev2 policy",
    "show crypto ikev2 profile",
    "show crypto ipsec profile",
    "show crypto map",
)
"""Commands that no field is filled from: worth keeping, or collected by earlier versions. What they say of the configuration
the running-config says, too."""


def parse_shows(outputs: Mapping[str, str], facts: _Facts | None = None) -> ParsedShows:
    """Reads redacted show output by command; output that is not understood leaves its field None and is a problem."""
    found: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for command, read in _READERS.items():
        if command not in outputs:
            continue
        fields = read(outputs[command], facts or {})
        if fields is not None:
            found.update(placed(fields, command, outputs[command]))
        elif refused(outputs[command]):
            problems[command] = "the router did not accept the command"
        else:
            problems[command] = "the output is not understood"
    for command in outputs:
        if command not in _READERS and not command.startswith(_NOT_READ):
            problems[command] = "no reader for this command"
    return ParsedShows(msgspec.structs.replace(ShowOutputs(), **found), problems)
