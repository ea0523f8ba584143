"""The directions that a plan changes, message by message: ``ikeaudit.ladders/1``, what ``plan show --format html`` draws."""

from __future__ import annotations

from typing import Annotated

import msgspec

from ikeaudit.report.published import Number
from ikeaudit.report.published_exchanges import PublishedExchange
from ikeaudit.report.published_findings import PublishedCall


class PublishedLadder(msgspec.Struct, frozen=True, kw_only=True):
    """One direction, replayed on the configurations before the plan, after it and after its roll-back."""

    direction: PublishedCall
    like: Annotated[
        Number, msgspec.Meta(description="How many other directions end and choose alike and are not told one by one")
    ]
    before: Annotated[PublishedExchange | None, msgspec.Meta(description="null: there is no such direction then")]
    after: PublishedExchange | None
    rolled_back: PublishedExchange | None


class Ladders(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="ikeaudit.ladders/1"):
    """What ``plan`` writes as ladders.json."""

    ladders: Annotated[
        tuple[PublishedLadder, ...],
        msgspec.Meta(description="Those first that end otherwise; of those that end and choose alike one example"),
    ]
