"""What a strategy is: it looks at a fleet and proposes steps, or says why it must not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

import msgspec

from ikeaudit.fleet import Fleet
from ikeaudit.model import Evidence
from ikeaudit.remediation.plan import Announcement, Phase, Refusal
from ikeaudit.rendering import Templates

WavesOf = Literal["routers", "tunnels"]
"""What is carried out in one go: all steps of a router, or the switches at both ends of a tunnel, whose steps announce it."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a strategy.

    ``order`` are the routers that may be changed, in the order in which they would be (far ends first); routers outside it
    are read but never changed. ``change_id`` may stand in descriptions. ``templates`` renders the strategy's templates.
    """

    order: tuple[str, ...]
    change_id: str
    templates: Templates


class Shares(Protocol):
    """What an additive step makes, so that each wave can make its share of it."""

    def named(self, wanted: frozenset[str]) -> frozenset[object]:
        """Names of the objects that ``wanted`` rests on."""

    def of(self, wanted: frozenset[str], made: frozenset[object]) -> Draft | None:
        """The step that makes those of them that are not ``made`` yet; None: there is nothing to be made."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A step before it is numbered and proven; ``apply`` and ``rollback`` are rendered text as it stands in the files.

    In a draft, ``until`` of an announcement counts steps from this one: 1 is the next step of the proposal. ``needs`` are
    names, unique on the router, of what a switch changes; an additive step with ``shares`` is carried out wave by wave, as far
    as the switches of a wave need it. One without is needed whole by the first of them.
    """

    router: str
    phase: Phase
    title: str
    apply: str
    rollback: str
    announce: tuple[Announcement, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    needs: frozenset[str] = frozenset()
    shares: Shares | None = None


class Proposal(msgspec.Struct, frozen=True):
    """Steps over all routers in the order of sending, and what was refused. Both empty: there is nothing to do.

    ``made`` are the names in tokens ``<PSK:name>`` of keys that do not exist yet and are made when the plan is applied.
    """

    drafts: tuple[Draft, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    made: frozenset[str] = frozenset()


class Strategy(msgspec.Struct, frozen=True, kw_only=True):
    """A way to repair a fleet; ``documentation`` is its page in Markdown.

    ``propose`` is pure: same fleet, same proposal. It refuses what PLAN-REFUSED forbids; whatever it does propose is still
    proven by replay before it becomes a plan. ``waves`` says what must not be torn apart
    (see :mod:`ikeaudit.remediation.waves`).
    """

    name: str
    title: str
    documentation: str
    propose: Callable[[Fleet, Request], Proposal]
    waves: WavesOf = "routers"


def command_lines(text: str) -> tuple[str, ...]:
    """The lines of rendered text that are sent: indentation, comments and blank lines left out."""
    stripped = (line.strip() for line in text.splitlines())
    return tuple(line for line in stripped if line and not line.startswith("!"))
