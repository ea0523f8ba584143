"""Text without its secrets: the first thing that happens to whatever was read from a router or a file."""

from ikeaudit.parsing.redact.cut import CutText, cut
from ikeaudit.parsing.redact.engine import Redacted, mask_line, redact
from ikeaudit.parsing.redact.known import KnownSecrets
from ikeaudit.parsing.redact.tokens import MASKED_PSK, SECRET, TOKEN
from ikeaudit.parsing.redact.type7 import decode as decode_type7
from ikeaudit.parsing.redact.verdicts import keepable

__all__ = [
    "MASKED_PSK",
    "SECRET",
    "TOKEN",
    "CutText",
    "KnownSecrets",
    "Redacted",
    "cut",
    "decode_type7",
    "keepable",
    "mask_line",
    "redact",
]
