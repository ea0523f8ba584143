"""For monitoring: gauges in Prometheus' text format, as node_exporter's textfile collector reads it.

Names of routers are labels only where there is one series for each of them (``collect``); what grows with tunnels is counted.
What may be missing (a state of tunnels, a severity) is there with 0, so that an alert sees it go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from ikeaudit.hazards.finding import STATES
from ikeaudit.report.asked import CATEGORIES, WORST_FIRST
from ikeaudit.report.coverage import Coverage
from ikeaudit.report.documents import (
    CheckReport,
    CollectReport,
    ComparisonReport,
    CoverageReport,
    Document,
    ExplainReport,
)


class _Told(Collector):
    """The gauges of one document, for the library to write down."""

    def __init__(self, gauges: Iterable[GaugeMetricFamily]) -> None:
        self._gauges = tuple(gauges)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges, in their order."""
        yield from self._gauges


def draw(document: Document) -> str:
    """The whole text of ``document``, of one of the kinds that the format draws."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(_GAUGES[document.kind](document)))
    return generate_latest(registry).decode()


def _gauge(name: str, text: str, labels: Sequence[str], samples: Mapping[Any, float]) -> GaugeMetricFamily:
    """A gauge; ``samples`` are by the values of ``labels``, a tuple of strings each."""
    family = GaugeMetricFamily(f"ikeaudit_{name}", text, labels=labels)
    for values, number in samples.items():
        family.add_metric([_clean(value) for value in values], number)
    return family


def _clean(value: str) -> str:
    return value.encode("utf-8", "backslashreplace").decode()


def _findings(report: CheckReport) -> Iterator[GaugeMetricFamily]:
    yield _gauge("info", "The version that made this.", ("version",), {(report.version,): 1})
    found = Counter((f.category, f.severity) for f in report.findings)
    by_kind = {(kind, severity): found[kind, severity] for kind in CATEGORIES for severity in WORST_FIRST}
    by_code = Counter((f.code, f.severity) for f in report.findings)
    states = {(state,): report.tunnels.get(state, 0) for state in STATES}
    yield _gauge("tunnels", "Tunnels by what becomes of them (none: healthy).", ("state",), states)
    yield _gauge("findings", "Findings, one for each cause.", ("category", "severity"), by_kind)
    yield _gauge("hazard_findings", "Findings by the code of the hazard.", ("code", "severity"), by_code)
    yield _gauge("check_failing", "1 when a finding fails by --fail-on.", (), {(): float(report.verdict.failing)})
    yield _gauge(
        "check_incomplete", "1 when too little was read to be sure.", (), {(): float(report.verdict.incomplete)}
    )
    if report.time:
        at = datetime.fromisoformat(report.time).timestamp()
        text = "When the newest configuration was known to be so."
        yield _gauge("snapshot_timestamp_seconds", text, (), {(): at})
    yield from _read(report.coverage)


def _read(coverage: Coverage) -> Iterator[GaugeMetricFamily]:
    total = coverage.total
    lines = {
        ("modelled",): total.modelled,
        ("irrelevant",): total.irrelevant,
        ("unknown",): total.unknown,
        ("unread",): total.unread,
    }
    yield _gauge("lines", "Lines that matter to crypto, by how they were understood.", ("understood",), lines)
    text = "Understood lines of all that matter to crypto."
    yield _gauge("coverage_ratio", text, (), {(): total.percent / 100})
    files = Counter((entry.kind,) for entry in coverage.hosts)
    yield _gauge("files", "Files of the snapshot by what they are.", ("kind",), files)
    missing = {problem.subject for problem in coverage.unread}
    yield _gauge("hosts_missing", "Hosts without a configuration that could be read.", (), {(): len(missing)})


def _exchanges(report: ExplainReport) -> Iterator[GaugeMetricFamily]:
    ends = Counter((one.outcome, one.confidence) for one in report.exchanges)
    yield _gauge("directions", "Directions of tunnels by how they end.", ("outcome", "confidence"), ends)
    reasons = Counter((one.reason,) for one in report.exchanges if one.reason)
    yield _gauge("directions_by_reason", "Directions that do not come up, by why.", ("reason",), reasons)


def _coverage(report: CoverageReport) -> Iterator[GaugeMetricFamily]:
    yield from _read(report.coverage)
    yield _gauge("coverage_incomplete", "1 when too little was read.", (), {(): float(bool(report.gaps))})


def _collection(report: CollectReport) -> Iterator[GaugeMetricFamily]:
    told = report.collection
    hosts: Counter[tuple[str]] = Counter((one.status,) for one in told.hosts)
    hosts |= Counter({("kept",): len(told.kept), ("dropped",): len(told.dropped)})
    yield _gauge("collected_hosts", "Hosts by what became of them.", ("status",), hosts)
    took = {(one.host,): one.seconds for one in told.hosts}
    yield _gauge("collect_seconds", "Time that a host took.", ("host",), took)
    up = {(one.host,): float(one.status == "collected") for one in told.hosts}
    yield _gauge("collect_success", "1 when a host was read whole.", ("host",), up)


def _comparison(report: ComparisonReport) -> Iterator[GaugeMetricFamily]:
    told = report.comparison
    directions = Counter(("worse" if one.worse else "other",) for one in told.verdicts)
    yield _gauge("changed_directions", "Directions that do not end as they did.", ("change",), directions)
    findings = Counter((one.change, one.severity) for one in told.findings)
    yield _gauge("changed_findings", "Findings that came, went or changed.", ("change", "severity"), findings)
    yield _gauge("comparison_failing", "1 when something is worse.", (), {(): float(told.failing)})


_GAUGES: Mapping[str, Callable[[Any], Iterator[GaugeMetricFamily]]] = {
    "findings": _findings,
    "exchanges": _exchanges,
    "coverage": _coverage,
    "collection": _collection,
    "comparison": _comparison,
}
