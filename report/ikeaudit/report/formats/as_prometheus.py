"""For monitoring: gauges in Prometheus' text format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ikeaudit.report.formats.format import Format

if TYPE_CHECKING:
    from ikeaudit.report.documents import Document
    from ikeaudit.report.surface import Surface


def _render(document: Document, surface: Surface) -> str:
    del surface
    from ikeaudit.report.exports.prometheus import draw  # only for those who want it

    return draw(document)


PROMETHEUS = Format(
    name="prometheus",
    suffix="prom",
    machine=True,
    draws=("findings", "exchanges", "coverage", "collection", "comparison"),
    render=_render,
)
