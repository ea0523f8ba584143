"""What stands in redacted text in place of secrets."""

from __future__ import annotations

import re

from ikeaudit.parsing.fingerprint import CUT_TOKEN, PSK_TOKEN

SECRET = "<SECRET>"  # noqa: S105 - what a secret is replaced by
"""What stands in for every secret that is not a pre-shared key."""

MASKED_PSK = "<PSK>"
"""What stands in for a pre-shared key where there is no fingerprint key at hand."""

CUT_MARK = "<CUT:"
"""What text that was cut before begins with."""

TOKEN = re.compile(rf"{PSK_TOKEN.pattern}|{MASKED_PSK}|{SECRET}|{CUT_TOKEN.pattern}")
"""Text that is redacted already."""
