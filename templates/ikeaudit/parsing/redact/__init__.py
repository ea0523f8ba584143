"""Text without its secrets: the first thing that happens to whatever was read from a router or a file."""

from ikeaudit.parsing.redact.clause import MASKED_PSK, SECRET
from ikeaudit.parsing.redact.engine import Redacted, mask_line, redact
from ikeaudit.parsing.redact.type7 import decode as decode_type7

__all__ = ["MASKED_PSK", "SECRET", "Redacted", "decode_type7", "mask_line", "redact"]
