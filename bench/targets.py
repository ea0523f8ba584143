"""What is measured beside its target, the same for every part of the bench; what of it is kept, as JSON and as a table.

A figure may miss its target by its noise, which is what the machine drifts; by more, and ``make bench`` fails.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

NOISE = 0.10
"""By how much a ratio may miss its target before it counts as missed, where nothing else is said."""

DOCS = Path(__file__).parents[1] / "docs"
KEPT = DOCS / "performance.json"
PAGE = DOCS / "performance.md"
_BEGIN, _END = "<!-- {} -->", "<!-- end of {} -->"


class Ratio(NamedTuple):
    """One measured figure beside its target; ``at_least`` says in which direction it is better.

    ``target`` None: it is told, and nothing is demanded of it. ``seconds`` says that it is a target in seconds of CPU, which
    holds for the machine on which it was set; here it is ``pace`` times that (:mod:`pace`).
    """

    name: str
    measured: float
    target: float | None = None
    at_least: bool = False
    noise: float = NOISE
    seconds: bool = False
    pace: float = 1.0

    @property
    def met(self) -> bool:
        """Whether the target is reached, the noise aside."""
        if self.target is None:
            return True
        if self.at_least:
            return self.measured >= self.target * (1 - self.noise)
        return self.measured <= self.target * self.pace * (1 + self.noise)

    @property
    def wanted(self) -> str:
        """The target in words."""
        if self.target is None:
            return ""
        pace = f" x {self.pace:.2f}" if self.seconds else ""
        return f"{'at least' if self.at_least else 'at most'} {self.target:,g}{pace}"

    @property
    def verdict(self) -> str:
        """``met``, ``MISSED``, or nothing where there is no target."""
        return "" if self.target is None else "met" if self.met else "MISSED"


def shown(value: float) -> str:
    """Three digits that say something."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3g}"


def show(console: Console, ratios: Sequence[Ratio]) -> None:
    """Print each ratio beside its target."""
    table = Table("ratio", "measured", "target", "noise", "")
    for ratio in ratios:
        noise = "" if ratio.target is None else f"{ratio.noise:.0%}"
        table.add_row(ratio.name, shown(ratio.measured), ratio.wanted, noise, ratio.verdict)
    console.print(table)
    console.print("A ratio may miss its target by the noise, which is what the machine drifts.\n")


def keep(parts: Mapping[str, Sequence[Ratio]], file: Path = KEPT) -> dict[str, Any]:
    """Put what was measured into ``file``, in the place of what there was of those parts; all that is there now."""
    kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    for part, ratios in parts.items():
        kept[part] = {
            "measured": datetime.now(UTC).strftime("%Y-%m-%d"),
            "python": platform.python_version(),
            "processors": len(os.sched_getaffinity(0)),
            "load": round(os.getloadavg()[0], 1),
            "figures": [{**one._asdict(), "met": one.met} for one in ratios],
        }
    file.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return kept


def tables(kept: Mapping[str, Any]) -> str:
    """A table in Markdown for each part."""
    parts = []
    for part, found in kept.items():
        about = f"{found['measured']}, Python {found['python']}, {found['processors']} processors, load {found['load']}"
        rows = [f"**{part}** ({about})", "", "| | measured | target | noise | |", "| --- | --- | --- | --- | --- |"]
        for figure in found["figures"]:
            one = Ratio(**{name: value for name, value in figure.items() if name != "met"})
            noise = "" if one.target is None else f"{one.noise:.0%}"
            rows.append(f"| {one.name} | {shown(one.measured)} | {one.wanted} | {noise} | {one.verdict} |")
        parts.append("\n".join(rows))
    return "\n\n".join(parts)


def put(page: Path, name: str, text: str) -> None:
    """Put ``text`` between the marks called ``name`` of a page."""
    begin, end = _BEGIN.format(name), _END.format(name)
    content = page.read_text(encoding="utf-8")
    before, found, rest = content.partition(begin)
    after = rest.partition(end)[2]
    if not found or end not in rest:
        raise SystemExit(f"{page.name} has no marks {begin} and {end}.")
    page.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def missed(parts: Mapping[str, Iterable[Ratio]]) -> list[str]:
    """``PART: NAME`` of each target that was missed by more than its noise."""
    return [f"{part}: {one.name}" for part, ratios in parts.items() for one in ratios if not one.met]
