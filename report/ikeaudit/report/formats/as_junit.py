"""For CI servers: JUnit XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ikeaudit.report.formats.format import Format

if TYPE_CHECKING:
    from ikeaudit.report.documents import Document
    from ikeaudit.report.surface import Surface


def _render(document: Document, surface: Surface) -> str:
    del surface
    from ikeaudit.report.exports.junit import draw  # only for those who want it

    return draw(document)


JUNIT = Format(
    name="junit",
    suffix="xml",
    machine=True,
    draws=("findings", "exchanges", "coverage", "collection", "rehearsal"),
    render=_render,
)
