"""For code scanning and ticket systems: findings as SARIF 2.1.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ikeaudit.report.formats.format import Format

if TYPE_CHECKING:
    from ikeaudit.report.documents import Document
    from ikeaudit.report.surface import Surface


def _render(document: Document, surface: Surface) -> str:
    del surface
    from ikeaudit.report.exports.sarif import draw  # only for those who want it

    return draw(document)


SARIF = Format(
    name="sarif",
    suffix="sarif",
    machine=True,
    draws=("findings", "comparison"),
    render=_render,
)
