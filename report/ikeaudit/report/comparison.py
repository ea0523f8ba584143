"""What two snapshots of one fleet differ in: the value behind ``ikeaudit.comparison/1``."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from ikeaudit.hazards.finding import Category, Severity

Change = Annotated[
    Literal["new", "gone", "order"], msgspec.Meta(description="order: only the order of things is another")
]


FindingChange = Annotated[
    Literal["new", "worse", "other", "gone"],
    msgspec.Meta(description="worse: more severe than it was; other: of the same code and routers, with other facts"),
]


class ChangedLine(msgspec.Struct, frozen=True):
    """A configuration line that came or went."""

    host: str
    change: Change
    text: Annotated[str, msgspec.Meta(description="The line, keys masked; for an order, what stood how")]
    section: Annotated[str, msgspec.Meta(description="The line that opens its section; empty for a global command")]
    line: Annotated[
        int | None, msgspec.Meta(description="Line number in the file that has it, the old one for a line that is gone")
    ]


class ChangedVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """A direction that does not end as it did."""

    initiator: str
    initiator_interface: str
    peer: Annotated[str, msgspec.Meta(description="The address called")]
    responder: Annotated[str | None, msgspec.Meta(description="Host name, null when its configuration is missing")]
    before: Annotated[str | None, msgspec.Meta(description="How it ended; null for a direction that was not there")]
    after: Annotated[str | None, msgspec.Meta(description="How it ends; null for a direction that is gone")]
    worse: bool
    lines: Annotated[
        tuple[ChangedLine, ...],
        msgspec.Meta(
            description="The changed lines that the verdicts rest on; all of both routers where none of them is used"
        ),
    ]


class ChangedFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding that came, went, or is not as it was; of the last kind the facts are those of the newer snapshot."""

    change: FindingChange
    fingerprint: str
    code: str
    category: Category
    severity: Severity
    hosts: tuple[str, ...]
    message: str
    lines: tuple[ChangedLine, ...]


class Comparison(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="ikeaudit.comparison/1"):
    """The answer of ``check --against``."""

    before: Annotated[str, msgspec.Meta(description="The snapshot that was given with --against")]
    after: str
    verdicts: tuple[ChangedVerdict, ...]
    findings: tuple[ChangedFinding, ...]
    hosts_gone: Annotated[tuple[str, ...], msgspec.Meta(description="Routers that only the older snapshot has")]
    hosts_new: Annotated[tuple[str, ...], msgspec.Meta(description="Routers that only the newer snapshot has")]
    other_lines: Annotated[
        tuple[ChangedLine, ...], msgspec.Meta(description="Changed lines that explain none of the above")
    ]
    incomplete: bool
    failing: Annotated[
        bool, msgspec.Meta(description="Whether a direction is worse, or a finding at or above --fail-on is new")
    ]
