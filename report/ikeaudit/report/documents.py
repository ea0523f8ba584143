"""What a verb has to say, before any format: one struct a verb."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from ikeaudit.exchange.result import Exchange
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.report.coverage import Coverage
from ikeaudit.report.verdict import Verdict
from ikeaudit.rulebook import Rule


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of ``check``: findings worst first, what they rest on, and what that means for the exit code.

    ``titles`` maps hazard codes to their titles; ``path`` is what the user called the snapshot; ``shown`` says in words
    which findings a filter left, or is empty.
    """

    findings: tuple[Finding, ...]
    coverage: Coverage
    verdict: Verdict
    titles: Mapping[str, str] = {}
    path: str = ""
    shown: str = ""


class ExplainReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of ``explain``: exchanges in order; ``pair`` names what the user asked for, empty for everything.

    ``transcripts`` says whose transcripts are wanted: ``auto`` is those that are not simply up, and all of a pair that was
    asked for.
    """

    exchanges: tuple[Exchange, ...]
    coverage: Coverage
    pair: tuple[str, ...] = ()
    transcripts: str = "auto"
    path: str = ""


class CoverageReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of ``coverage``."""

    coverage: Coverage
    path: str = ""


class RulesReport(msgspec.Struct, frozen=True, kw_only=True):
    """Hazards of the catalogue; ``detailed`` when one was asked for by its id, which may be that of a rule of the ``book``."""

    hazards: tuple[Hazard, ...]
    book: tuple[Rule, ...] = ()
    detailed: bool = False


Document: TypeAlias = CheckReport | ExplainReport | CoverageReport | RulesReport
