"""For spreadsheets: a row for each thing that a document tells of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ikeaudit.report.formats.format import Format

if TYPE_CHECKING:
    from ikeaudit.report.documents import Document
    from ikeaudit.report.surface import Surface


def _render(document: Document, surface: Surface) -> str:
    del surface
    from ikeaudit.report.exports.spreadsheet import draw  # only for those who want it

    return draw(document)


CSV = Format(
    name="csv",
    suffix="csv",
    machine=True,
    draws=("findings", "exchanges", "coverage", "collection", "comparison", "rules", "rehearsal", "witness"),
    render=_render,
)
