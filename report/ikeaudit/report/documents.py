"""What a verb has to say, before any format: one struct a verb, each of one kind (``report.kinds``).

What is published of a document is a struct, too: programs get that, people get the rest besides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import msgspec

from ikeaudit.exchange.result import Exchange, Seen
from ikeaudit.hazards.facts.tunnel_pairs import TunnelPair
from ikeaudit.hazards.finding import Finding, Hazard, State
from ikeaudit.model import Evidence
from ikeaudit.report.asked import FAIL_ON
from ikeaudit.report.comparison import Comparison
from ikeaudit.report.coverage import Coverage
from ikeaudit.report.diagnosis import Diagnosed
from ikeaudit.report.verdict import Verdict
from ikeaudit.rulebook import Rule

if TYPE_CHECKING:
    from ikeaudit.change.rehearsal import Rehearsal
    from ikeaudit.change.report import ChangeReport
    from ikeaudit.change.status import Status
    from ikeaudit.collect.outcome import Collection
    from ikeaudit.hazards.ranking import Trouble
    from ikeaudit.remediation.fixes.contract import Repair
    from ikeaudit.remediation.plan import Plan
    from ikeaudit.remediation.plan_folder import Approval
    from ikeaudit.report.ladders import Ladders
    from ikeaudit.report.published_witness import PublishedWitness


Depth = Literal["glance", "findings", "all"]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The base of all documents: ``kind`` is the name of its kind.

    ``body`` is the field that programs read as it stands. ``ordered`` documents are written with the keys of their mappings
    sorted, because a digest is taken over the text.
    """

    kind: ClassVar[str]
    body: ClassVar[str] = ""
    ordered: ClassVar[bool] = False

    def published(self) -> msgspec.Struct:
        """What programs read of it, the struct of its kind; raises LookupError for a kind without a schema."""
        if not self.body:
            raise LookupError(self.kind)
        found: msgspec.Struct = getattr(self, self.body)
        return found


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One audit of those kept: when (UTC), and how many tunnels there were of each state."""

    time: str
    tunnels: Mapping[State, int]


class WholePart(msgspec.Struct, frozen=True, kw_only=True):
    """The tunnels of some routers that have nothing to do with any others, for the formats that draw them.

    The exchanges of ``tunnels`` tell their steps; ``states`` are what becomes of each. ``beside`` are directions that belong to
    no tunnel: between spokes, and of ends that could not be read. ``troubles`` are what is wrong with tunnels, by their places
    in ``tunnels``; ``seen`` are the addresses under which routers know who calls them (``AuditContext.seen``).
    """

    tunnels: tuple[TunnelPair, ...]
    states: tuple[State, ...]
    beside: tuple[Exchange, ...] = ()
    troubles: tuple[tuple[int, Trouble], ...] = ()
    seen: Mapping[tuple[str, str, str | None], tuple[str, ...]] = {}


class WholeFleet(msgspec.Struct, frozen=True, kw_only=True):
    """Every tunnel behind some findings, for the formats that draw them (``Format.whole``).

    ``drawn`` yields what its argument makes of each :class:`WholePart`, in their order: all of them at once would take
    gigabytes. It may be done by several processes, so that it has to be fit for pickle. ``runs`` are this audit and those
    before it, oldest first, where any are kept.
    """

    drawn: Callable[[Callable[[WholePart], Any]], Iterable[Any]]
    runs: tuple[Run, ...] = ()


class CheckReport(Document, frozen=True, kw_only=True):
    """The result of ``check``: findings worst first, what they rest on, and what that means for the exit code.

    ``titles`` maps hazard codes to their titles; ``path`` is what the user called the snapshot; ``shown`` says in words
    which findings a filter left, or is empty. ``time`` is when the newest
    configuration was known to be so (UTC), ``snapshot`` a digest of what was read, without keys. ``tunnels`` counts them by
    what becomes of them; ``depth`` is how much a terminal shows: a ``glance``, the ``findings``, or ``all`` of them.
    ``repairs`` are what the replay says of mending the findings, by fingerprint, where that was asked for. ``fail_on`` is
    what the verdict was asked to fail on; ``whole`` is every tunnel, for a format that needs them. ``seen`` counts directions
    by what the routers' state says of them.
    """

    kind: ClassVar[str] = "findings"

    findings: tuple[Finding, ...]
    coverage: Coverage
    verdict: Verdict
    titles: Mapping[str, str] = {}
    path: str = ""
    shown: str = ""
    time: str = ""
    version: str = ""
    snapshot: str = ""
    tunnels: Mapping[State, int] = {}
    depth: Depth = "glance"
    repairs: Mapping[str, Repair] = {}
    fail_on: str = FAIL_ON
    seen: Mapping[Seen, int] = {}
    whole: WholeFleet | None = None

    def published(self) -> msgspec.Struct:
        """``ikeaudit.findings/2``."""
        from ikeaudit.report.published_findings import PublishedFindings

        told = {"time": self.time, "version": self.version, "snapshot": self.snapshot}
        return PublishedFindings.of(
            self.coverage, self.findings, self.verdict, repairs=self.repairs, seen=self.seen, **told
        )


class ComparisonReport(Document, frozen=True, kw_only=True):
    """The result of ``check --against``: what differs, and what that means for the exit code."""

    kind: ClassVar[str] = "comparison"
    body: ClassVar[str] = "comparison"

    comparison: Comparison
    verdict: Verdict


class ExplainReport(Document, frozen=True, kw_only=True):
    """The result of ``explain``: exchanges in order; ``pair`` names what the user asked for, empty for everything.

    ``unread`` are the lines that were not understood and that leave what was asked open. ``everything`` asks for healthy
    directions too, ``evidence`` for the configuration lines. ``transcripts`` says whose debug
    lines are wanted: ``auto`` is those of the directions that are not simply up.
    """

    kind: ClassVar[str] = "exchanges"

    exchanges: tuple[Exchange, ...]
    coverage: Coverage
    pair: tuple[str, ...] = ()
    unread: tuple[Evidence, ...] = ()
    transcripts: str = "none"
    everything: bool = False
    evidence: bool = False
    path: str = ""

    def published(self) -> msgspec.Struct:
        """``ikeaudit.exchanges/2``."""
        from ikeaudit.report.published_exchanges import PublishedExchanges

        return PublishedExchanges.of(self.exchanges)


class DiagnoseReport(Document, frozen=True, kw_only=True):
    """The result of ``diagnose``: what the log tells of each negotiation, in the order in which they began.

    ``lines`` were read, ``messages`` of IKE and IPsec recognised among them. ``log`` is what the user called the log, ``path``
    the snapshot that it was compared to, empty where there is none. ``live``: the log goes on, and these are what is new.
    """

    kind: ClassVar[str] = "diagnosis"

    exchanges: tuple[Diagnosed, ...]
    lines: int
    messages: int
    log: str = ""
    path: str = ""
    coverage: Coverage | None = None
    live: bool = False

    def published(self) -> msgspec.Struct:
        """``ikeaudit.diagnosis/1``."""
        from ikeaudit.report.published_diagnosis import PublishedDiagnosis

        return PublishedDiagnosis.of(self.exchanges, self.lines, self.messages)


class WitnessReport(Document, frozen=True, kw_only=True):
    """The result of ``witness``: the states of several snapshots, summed up."""

    kind: ClassVar[str] = "witness"
    body: ClassVar[str] = "witness"

    witness: PublishedWitness


class CoverageReport(Document, frozen=True, kw_only=True):
    """The result of ``coverage``; ``gaps`` say why it is not enough, empty when it is."""

    kind: ClassVar[str] = "coverage"

    coverage: Coverage
    gaps: tuple[str, ...] = ()
    path: str = ""

    def published(self) -> msgspec.Struct:
        """``ikeaudit.coverage/2``."""
        from ikeaudit.report.published import PublishedCoverage

        return PublishedCoverage.of(self.coverage, incomplete=bool(self.gaps))


class RulesReport(Document, frozen=True, kw_only=True):
    """Hazards of the catalogue; ``detailed`` when one was asked for by its id, which may be that of a rule of the ``book``."""

    kind: ClassVar[str] = "rules"

    hazards: tuple[Hazard, ...]
    book: tuple[Rule, ...] = ()
    detailed: bool = False

    def published(self) -> msgspec.Struct:
        """``ikeaudit.rules/1``."""
        from ikeaudit.report.published_rules import PublishedRules

        return PublishedRules.of(self.hazards, self.book)


class CollectReport(Document, frozen=True, kw_only=True):
    """The result of ``collect``."""

    kind: ClassVar[str] = "collection"
    body: ClassVar[str] = "collection"

    collection: Collection


class PlanReport(Document, frozen=True, kw_only=True):
    """A plan in ``folder``, ``written`` just now or read from there; ``approved`` says who approved it, empty when unasked.

    ``ladders`` are the directions that it changes, message by message; None of a plan that was made without them.
    """

    kind: ClassVar[str] = "plan"
    body: ClassVar[str] = "plan"
    ordered: ClassVar[bool] = True

    plan: Plan
    folder: Path
    written: bool = True
    approved: str = ""
    ladders: Ladders | None = None


class RouterDifference(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan changes on one router: ``lines`` as a diff, each with its sign."""

    router: str
    lines: tuple[str, ...]


class DifferenceReport(Document, frozen=True, kw_only=True):
    """The result of ``plan diff``: router by router."""

    kind: ClassVar[str] = "plan-diff"

    change_id: str
    routers: tuple[RouterDifference, ...]


class ApproveReport(Document, frozen=True, kw_only=True):
    """The result of ``approve``; ``replaced`` is the earlier approval of the same plan by somebody else."""

    kind: ClassVar[str] = "approval"
    body: ClassVar[str] = "approval"

    approval: Approval
    plan: Plan
    replaced: Approval | None = None


class WindowReport(Document, frozen=True, kw_only=True):
    """The result of ``apply``, ``confirm``, ``rollback`` and ``verify``."""

    kind: ClassVar[str] = "change"
    body: ClassVar[str] = "change"

    change: ChangeReport


class StatusReport(Document, frozen=True, kw_only=True):
    """The result of ``status``."""

    kind: ClassVar[str] = "status"
    body: ClassVar[str] = "status"

    status: Status


class RehearseReport(Document, frozen=True, kw_only=True):
    """The result of ``rehearse``, which was written to ``file``."""

    kind: ClassVar[str] = "rehearsal"
    body: ClassVar[str] = "rehearsal"

    rehearsal: Rehearsal
    file: Path
