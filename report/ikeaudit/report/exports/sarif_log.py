"""SARIF 2.1.0 as far as an audit needs it: the objects of the OASIS standard, under their own names.

What is absent is left out (``omit_defaults``). The standard's section is named with each object.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Level = Literal["error", "warning", "note"]
BaselineState = Literal["new", "updated", "absent"]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"


class _Object(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """The base of all: names in camel case, as the standard has them."""


class Message(_Object, frozen=True, kw_only=True):
    """Text for a person (3.11)."""

    text: str


class ArtifactLocation(_Object, frozen=True, kw_only=True):
    """A file (3.4); ``uri`` is relative, its special characters escaped."""

    uri: str


class Region(_Object, frozen=True, kw_only=True):
    """A part of a file (3.30); lines and columns are counted from 1."""

    start_line: int
    start_column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    snippet: Message | None = None


class PhysicalLocation(_Object, frozen=True, kw_only=True):
    """A place in a file (3.29)."""

    artifact_location: ArtifactLocation
    region: Region | None = None


class LogicalLocation(_Object, frozen=True, kw_only=True):
    """A router, or an object of one (3.33)."""

    name: str
    kind: Literal["resource"] | None = None


class Location(_Object, frozen=True, kw_only=True):
    """Where something is (3.28)."""

    id: int | None = None
    physical_location: PhysicalLocation | None = None
    logical_locations: tuple[LogicalLocation, ...] = ()
    message: Message | None = None


class Replacement(_Object, frozen=True, kw_only=True):
    """Lines put in place of a region (3.57)."""

    deleted_region: Region
    inserted_content: Message | None = None


class ArtifactChange(_Object, frozen=True, kw_only=True):
    """What becomes of one file (3.56)."""

    artifact_location: ArtifactLocation
    replacements: tuple[Replacement, ...]


class Fix(_Object, frozen=True, kw_only=True):
    """A proposed repair (3.55)."""

    description: Message
    artifact_changes: tuple[ArtifactChange, ...]


class Result(_Object, frozen=True, kw_only=True):
    """One finding (3.27)."""

    rule_id: str
    rule_index: int | None = None
    level: Level
    message: Message
    locations: tuple[Location, ...] = ()
    related_locations: tuple[Location, ...] = ()
    partial_fingerprints: dict[str, str] = {}
    baseline_state: BaselineState | None = None
    fixes: tuple[Fix, ...] = ()
    properties: dict[str, Any] = {}


class Configuration(_Object, frozen=True, kw_only=True):
    """How a rule is reported by default (3.50)."""

    level: Level


class Rule(_Object, frozen=True, kw_only=True):
    """A hazard of the catalogue (3.49)."""

    id: str
    name: str | None = None
    short_description: Message | None = None
    full_description: Message | None = None
    help: Message | None = None
    default_configuration: Configuration | None = None
    properties: dict[str, Any] = {}


class Driver(_Object, frozen=True, kw_only=True):
    """The tool itself (3.19)."""

    name: str
    version: str | None = None
    rules: tuple[Rule, ...] = ()


class Tool(_Object, frozen=True, kw_only=True):
    """The tool that made the run (3.18)."""

    driver: Driver


class Notification(_Object, frozen=True, kw_only=True):
    """Something about the run itself, such as a file that could not be read (3.58)."""

    level: Level
    message: Message
    locations: tuple[Location, ...] = ()


class Invocation(_Object, frozen=True, kw_only=True):
    """How the run went (3.20)."""

    execution_successful: bool
    exit_code: int
    exit_code_description: str
    tool_execution_notifications: tuple[Notification, ...] = ()


class AutomationDetails(_Object, frozen=True, kw_only=True):
    """What kind of run it is (3.17)."""

    id: str


class Run(_Object, frozen=True, kw_only=True):
    """One run of the tool (3.14)."""

    tool: Tool
    automation_details: AutomationDetails
    invocations: tuple[Invocation, ...]
    results: tuple[Result, ...]
    column_kind: Literal["unicodeCodePoints"] | None = None
    properties: dict[str, Any] = {}


class Log(_Object, frozen=True, kw_only=True):
    """The whole file (3.13)."""

    schema: str = msgspec.field(name="$schema")
    version: Literal["2.1.0"]
    runs: tuple[Run, ...]
