"""What programs read of what was understood: the structs behind ``ikeaudit.coverage/2``, and the words that all of them use.

Those of ``findings/2``, ``exchanges/2`` and ``rules/1`` stand beside them, in ``published_findings`` and so on.

They name their fields one by one, so that a field added to a model never slips into what others rely on. Their JSON Schemas
are derived from them (``report.schemas``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self, TypeVar

import msgspec

from ikeaudit.model import FileKind
from ikeaudit.report.coverage import Coverage, FileCoverage

T = TypeVar("T", bound=msgspec.Struct)

Text = Annotated[str, msgspec.Meta(min_length=1)]
Code = Annotated[
    str, msgspec.Meta(description="Id of the hazard, see ikeaudit rules", pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$")
]
Number = Annotated[int, msgspec.Meta(ge=0)]
LineNumber = Annotated[int, msgspec.Meta(ge=1, description="Line number in the file, from 1")]


RULE_ID = r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$"


class PublishedLine(msgspec.Struct, frozen=True):
    """A line of a file."""

    line: LineNumber
    text: Annotated[str, msgspec.Meta(description="The line, keys masked")]


class PublishedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One configuration."""

    host: str
    file: str
    kind: Literal["ios", "not-ios"]
    reason: Annotated[str | None, msgspec.Meta(description="Why the file is not taken for IOS, or is a template")]
    modelled: Annotated[Number, msgspec.Meta(description="Crypto-relevant lines that the model holds")]
    irrelevant: Annotated[Number, msgspec.Meta(description="Lines known not to matter")]
    unknown: Annotated[
        tuple[PublishedLine, ...], msgspec.Meta(description="Crypto-relevant lines that were not understood")
    ]
    unread: Annotated[
        Number,
        msgspec.Meta(description="Crypto-relevant lines of a page of notes, which is not read as a configuration"),
    ]
    remarks: Annotated[
        tuple[PublishedLine, ...],
        msgspec.Meta(description="What an auditor should know about the file; line is where it shows"),
    ]
    collected: Annotated[
        str | msgspec.UnsetType,
        msgspec.Meta(description="When it was last known to be the router's (UTC); only of a collected configuration"),
    ] = msgspec.UNSET

    @classmethod
    def of(cls, entry: FileCoverage) -> Self:
        """The ledger of one file."""
        return cls(
            host=entry.host,
            file=entry.file,
            kind=cls.kind_of(entry),
            reason=entry.reason,
            modelled=entry.modelled,
            irrelevant=entry.irrelevant,
            unknown=picked_all(PublishedLine, entry.unknown),
            unread=entry.unread,
            collected=entry.collected or msgspec.UNSET,
            remarks=picked_all(PublishedLine, entry.remarks),
        )

    @classmethod
    def kind_of(cls, entry: FileCoverage) -> Any:
        """What the schema calls the file."""
        return "ios" if entry.read else "not-ios"


class PublishedFileKind(PublishedFile, frozen=True, kw_only=True):
    """One configuration, with more kinds."""

    kind: Annotated[  # type: ignore[assignment]
        FileKind,
        msgspec.Meta(
            description="ios; template: values are not filled in; not-ios: known to be something else; unreadable: no text, "
            "or nothing known"
        ),
    ]

    @classmethod
    def kind_of(cls, entry: FileCoverage) -> Any:
        """What became of the file."""
        return entry.kind


class PublishedTotal(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of all files together."""

    modelled: Number
    irrelevant: Number
    unknown: Number
    unread: Annotated[
        Number,
        msgspec.Meta(description="Crypto-relevant lines of pages of notes, which are not read as configurations"),
    ]
    percent: Annotated[
        float,
        msgspec.Meta(ge=0, le=100, description="Understood lines of all crypto-relevant ones, rounded down to 0.1"),
    ]


class PublishedProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Something of the snapshot that is missing or could not be used."""

    kind: Annotated[
        Literal["host", "show", "file"],
        msgspec.Meta(
            description="host: a host without a configuration or with a stale one, so the snapshot is incomplete; "
            "show: a show command; file: a file's state"
        ),
    ]
    host: str
    file: str
    reason: Annotated[
        str, msgspec.Meta(min_length=1, description="Completes a sentence that begins with the host or file")
    ]


FileSaidWhy = Annotated[
    PublishedFile,
    msgspec.Meta(
        extra_json_schema={
            "if": {"properties": {"kind": {"const": "not-ios"}}},
            "then": {"properties": {"reason": {"type": "string", "minLength": 1}}},
        }
    ),
]
"""A file that is not IOS has a reason."""
FileKindSaidWhy = Annotated[
    PublishedFileKind,
    msgspec.Meta(
        extra_json_schema={
            "if": {"properties": {"kind": {"enum": ["template", "not-ios", "unreadable"]}}},
            "then": {"properties": {"reason": {"type": "string", "minLength": 1}}},
        }
    ),
]


class CoverageInFindings(msgspec.Struct, frozen=True, kw_only=True):
    """What the findings rest on."""

    hosts: Annotated[
        tuple[FileSaidWhy, ...],
        msgspec.Meta(description="One entry per configuration, in the order of the snapshot"),
    ]
    total: PublishedTotal
    problems: tuple[PublishedProblem, ...]

    @classmethod
    def of(cls, coverage: Coverage) -> Self:
        """The ledgers of all files."""
        return cls(
            hosts=tuple(PublishedFile.of(entry) for entry in coverage.hosts),
            total=picked(PublishedTotal, coverage.total),
            problems=picked_all(PublishedProblem, coverage.problems),
        )


class PublishedCoverage(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="ikeaudit.coverage/2"):
    """The answer of ``coverage``."""

    hosts: Annotated[
        tuple[FileKindSaidWhy, ...],
        msgspec.Meta(description="One entry per configuration, in the order of the snapshot"),
    ]
    total: PublishedTotal
    problems: tuple[PublishedProblem, ...]
    incomplete: Annotated[
        bool, msgspec.Meta(description="Whether a host is missing, or less was understood than was asked for")
    ]

    @classmethod
    def of(cls, coverage: Coverage, *, incomplete: bool) -> Self:
        """The ledgers of all files."""
        return cls(
            hosts=tuple(PublishedFileKind.of(entry) for entry in coverage.hosts),
            total=picked(PublishedTotal, coverage.total),
            problems=picked_all(PublishedProblem, coverage.problems),
            incomplete=incomplete,
        )


def picked(published: type[T], thing: object) -> T:
    """The fields of ``thing`` that are published."""
    return published(**{name: getattr(thing, name) for name in published.__struct_fields__})


def picked_all(published: type[T], things: Iterable[object]) -> tuple[T, ...]:
    return tuple(picked(published, thing) for thing in things)
