"""What a rule of the book is."""

from __future__ import annotations

import msgspec


class Rule(msgspec.Struct, frozen=True):
    """One thing that is known, or not known, about how IOS behaves; code, findings and plans cite it by ``id``.

    ``text`` is a paragraph for a network engineer; ``source`` the documents, captures or reports that it rests on, or the
    word that it was inferred.
    """

    id: str
    title: str
    text: str
    source: str
