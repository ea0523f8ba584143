"""Keys without their text: what remains of a secret once it is redacted."""

from __future__ import annotations

import msgspec


class SecretFacts(msgspec.Struct, frozen=True, gc=False):
    """What an auditor may know of a key without knowing the key; measured in memory before the text is dropped.

    ``length`` counts characters of the clear key (type 7 decoded), or of the blob for type 6. ``sample`` says that the key
    is a documentation or default word; ``classes`` counts the kinds of character used (lower, upper, digit, other);
    ``distinct`` the different characters; ``trailing_blanks`` the blanks that belong to the key (KEY-BLANKS). ``masked`` says
    that somebody had replaced the key before (``*****``, ``<removed>``): nothing is known of it.
    """

    length: int
    sample: bool = False
    classes: int = 0
    distinct: int = 0
    trailing_blanks: int = 0
    masked: bool = False


class Secret(msgspec.Struct, frozen=True, gc=False):
    """A pre-shared key as its fingerprint.

    ``fingerprint`` is the body of the token ``<PSK:fingerprint>``: equal for equal clear keys under one workspace key,
    whatever their encoding. ``type`` is the encoding in the configuration (0, 6 or 7). The fingerprint of a type 6 key is
    that of its encrypted text: equal text on one router is one key, anything else cannot be compared (U-17).
    """

    fingerprint: str
    type: int = 0
    facts: SecretFacts | None = None

    @property
    def opaque(self) -> bool:
        """Whether the clear key cannot be known from the configuration: type 6, or masked by somebody before."""
        return self.type == 6 or self.masked

    @property
    def masked(self) -> bool:
        """Whether somebody had replaced the key by a mask before the file came here."""
        return self.facts is not None and self.facts.masked


def same_key(mine: Secret, other: Secret, *, same_router: bool) -> bool | None:
    """Whether two keys are the same clear key; None when that cannot be told (U-17)."""
    if mine.masked or other.masked:
        return None
    if mine.opaque or other.opaque:
        same_text = mine.type == other.type and mine.fingerprint == other.fingerprint
        return True if same_router and same_text else None
    return mine.fingerprint == other.fingerprint
