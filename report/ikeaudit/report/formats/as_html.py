"""For people without a terminal: one page that holds everything and loads nothing (``report.html``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ikeaudit.report.formats.format import Format

if TYPE_CHECKING:
    from ikeaudit.report.documents import Document
    from ikeaudit.report.surface import Surface


def _render(document: Document, surface: Surface) -> str:
    del surface
    from ikeaudit.report.documents import CheckReport, ExplainReport, PlanReport
    from ikeaudit.report.html import fleet_page, plan_page  # only for those who want it

    if isinstance(document, PlanReport):
        return plan_page(document)
    assert isinstance(document, (CheckReport, ExplainReport))
    return fleet_page(document)


HTML = Format(
    name="html",
    suffix="html",
    machine=True,
    draws=("findings", "exchanges", "plan"),
    render=_render,
    whole=True,
)
