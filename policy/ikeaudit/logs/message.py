"""One message of a router as a row of a table: its words, what it says of a negotiation, and where that is known from."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

import msgspec

from ikeaudit.exchange.result import Message as At
from ikeaudit.exchange.result import Reason

Cause: TypeAlias = Reason | Literal["no-response", "authentication-failed"]
"""Why a negotiation fails, as far as a log can say: what ``explain`` says too, and what only a log leaves open."""

Side = Literal["initiator", "responder"]
Stage: TypeAlias = At | Literal["PHASE1", "UP"]
"""How far a negotiation came: the last message that was accepted; ``PHASE1``: an IKE SA; ``UP``: IPsec SAs."""

Does = Literal["begins", "reaches", "refuses", "repeats", "breaks", "notes"]
"""What a message tells: that this end begins; how far it came; that and why it fails; that nobody answers; that what was up
is gone; or a fact that decides between causes."""

ADDRESS = r"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\d{1,3}(?:\.\d{1,3}){3})?)"
_SLOTS = {
    "peer": rf"(?P<peer>{ADDRESS})",
    "local": rf"(?P<local>{ADDRESS})",
    "address": ADDRESS,
    "word": r"\S+",
    "n": r"\d+",
    "rest": r".*?",
    "state": r"(?P<state>[A-Z]+_[A-Z_]+)",
    "role": r"(?P<role>[IRN])",
}
_PIECE = re.compile(r"\{(\w+)\}|(\s+)|([^\s{]+)")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A message: ``text`` are its words without the prefix, in any case and spacing, as far as they matter.

    Slots stand for what varies: ``{peer}`` and ``{local}`` are addresses of the two ends, ``{state}`` and ``{role}`` IKE's
    state and this end's part in it, ``{address}``, ``{word}``, ``{n}`` and ``{rest}`` anything of that shape.
    ``at`` is the message of main mode or IKEv2 that it is about, ``aggressive`` that of aggressive mode in its place.
    ``reason`` is set where the words decide it, ``candidates`` name what else they may come from, or all where they decide
    nothing. Of several refusals the one of most ``weight`` tells the cause. ``side`` is the part of a router that says this;
    ``mode`` is set where only one mode has it, ``version`` is 0 where both have it. ``fact`` names what else follows.
    ``child``: it is about the IPsec SA, so an IKE SA is no answer to it. ``source`` says where words and meaning are from.
    """

    text: str
    does: Does
    source: str
    at: Stage | None = None
    aggressive: At | None = None
    reason: Cause | None = None
    candidates: tuple[Cause, ...] = ()
    weight: int = 10
    side: Side | None = None
    mode: Literal["main", "aggressive"] | None = None
    fact: str = ""
    version: Literal[0, 1, 2] = 1
    child: bool = False

    @property
    def words(self) -> str:
        """The message as it is shown: with an ellipsis where values stood, so that nothing of a log is repeated."""
        text = f"IPSEC{self.text}" if self.text.startswith("(") else self.text
        return re.sub(r"\s+", " ", re.sub(r"\{\w+\}", "…", text)).strip(" …")

    @property
    def first(self) -> str:
        """The first word in lower case, by which the row is looked up."""
        return opening(self.text)

    def pattern(self) -> re.Pattern[str]:
        """What finds the message at the beginning of a line without its prefix."""
        out = []
        for slot, blank, literal in _PIECE.findall(self.text):
            out.append(_SLOTS[slot] if slot else r"\s+" if blank else re.escape(literal))
        return re.compile("".join(out), re.IGNORECASE)


_WORD = re.compile(r"%\S+|\(?[^\s:!,.(;={]+")


def opening(body: str) -> str:
    """The first word of a message, in lower case, without what may follow it directly."""
    found = _WORD.match(body)
    return found[0].lower().rstrip(":") if found else ""
