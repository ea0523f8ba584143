"""For people: colours on a terminal, plain text with nothing cut off everywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ikeaudit.report.formats.format import Format
from ikeaudit.report.kinds import KINDS

if TYPE_CHECKING:
    from ikeaudit.report.documents import Document
    from ikeaudit.report.surface import Surface


def _render(document: Document, surface: Surface) -> str:
    from ikeaudit.report.console import draw  # rich is not for those who want JSON

    return draw(document, surface)


CONSOLE = Format(
    name="console",
    suffix="txt",
    machine=False,
    draws=tuple(kind.name for kind in KINDS if kind.printed),
    render=_render,
)
