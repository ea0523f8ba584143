"""For spreadsheets: the table of a document, a header and a row for each thing, quoted as RFC 4180 has it.

Spreadsheets take a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, and a router may be called so: such a cell
gets an apostrophe before it, which they hide; so does one that has such apostrophes already.
"""

from __future__ import annotations

import csv
import io

from ikeaudit.report.documents import Document
from ikeaudit.report.exports.tables import Cell, table_of

_FORMULA = ("=", "+", "-", "@", "\t", "\n")


def draw(document: Document) -> str:
    """The whole text of ``document``, of one of the kinds that the format draws."""
    table, out = table_of(document), io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(map(_cell, row) for row in table.rows)
    return out.getvalue()


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    text = str(cell).replace("\0", "\\0").replace("\r", "\\r")  # at which readers end a text or a row
    return f"'{text}" if isinstance(cell, str) and text.lstrip("'").startswith(_FORMULA) else text
