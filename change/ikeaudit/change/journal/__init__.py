"""What a journal says: its lines as entries, and from these how far each router is. Pure: bytes and entries in, state out.

Three modules, lowest first: :mod:`entry <ikeaudit.change.journal.entry>` is one line, :mod:`reading
<ikeaudit.change.journal.reading_back>` finds the lines in what a crash or a disk has left of them, :mod:`progress
<ikeaudit.change.journal.router_progress>` follows them. Whoever keeps the file is :mod:`ikeaudit.change.journal_file`.
"""

from ikeaudit.change.journal.entry import Entry, Event, line_of
from ikeaudit.change.journal.reading_back import CUT, Reading, ending, entries_in, reading_of
from ikeaudit.change.journal.router_progress import (
    AT_REST,
    STRICT,
    Phase,
    Progress,
    RouterProgress,
    Typed,
    progress_of,
    progress_told,
    unknown,
)

__all__ = [
    "AT_REST",
    "CUT",
    "STRICT",
    "Entry",
    "Event",
    "Phase",
    "Progress",
    "Reading",
    "RouterProgress",
    "Typed",
    "ending",
    "entries_in",
    "line_of",
    "progress_of",
    "progress_told",
    "reading_of",
    "unknown",
]
