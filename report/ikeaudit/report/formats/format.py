"""What a format is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ikeaudit.report.documents import Document
    from ikeaudit.report.surface import Surface


class Format(NamedTuple):
    """A way to write documents down.

    ``draws`` names the kinds of documents (``report.kinds``) that it can draw; it never gets another. ``render`` returns the
    whole text with its final line break and does no output of its own. ``machine`` formats do not depend on the surface and
    are always UTF-8. ``suffix`` is that of a file holding the format. A ``whole`` format draws every tunnel behind a
    ``CheckReport``, which costs time and is therefore asked for (``CheckReport.whole``).
    """

    name: str
    suffix: str
    machine: bool
    draws: tuple[str, ...]
    render: Callable[[Document, Surface], str]
    whole: bool = False
