"""Documents drawn for people: each kind by the module of its name, ``plan-diff`` by ``draw_plan_diff`` in ``plan_diff``.

Only that module is imported: some need what drives routers.
"""

from __future__ import annotations

from importlib import import_module

from ikeaudit.report.console.sheet import Sheet
from ikeaudit.report.documents import Document
from ikeaudit.report.surface import Surface

__all__ = ["draw"]


def draw(document: Document, surface: Surface) -> str:
    """``document`` as text for ``surface``."""
    sheet = Sheet(surface)
    name = document.kind.replace("-", "_")
    getattr(import_module(f"{__name__}.{name}"), f"draw_{name}")(document, sheet)
    return sheet.text()
