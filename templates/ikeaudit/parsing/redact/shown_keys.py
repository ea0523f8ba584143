"""The rows of ``show crypto isakmp key``, whose third column is the key itself (SHOW-LAYOUT)."""

from __future__ import annotations

import re

from ikeaudit.ios.tables.names import CRYPTO, DATA_ENDS
from ikeaudit.ios.words import slot
from ikeaudit.parsing.redact.clause import Vault
from ikeaudit.parsing.redact.spelling import BLANK, INK, PROMPT, abbreviation
from ikeaudit.parsing.redact.tokens import SECRET, TOKEN

HEADER = re.compile(r"Keyring\s+Hostname/Address\s+Preshared Key", re.IGNORECASE)
"""The table's header line."""

ECHO = re.compile(
    rf"{PROMPT}?\s*(?:do\s+)?"
    rf"{abbreviation('show', 2)}\s+{abbreviation('crypto', 2)}\s+{abbreviation('isakmp', 2)}\s+key(?:\s*\Z|\s*\|)",
    re.IGNORECASE,
)
"""The command that shows the table, as a terminal echoes it."""

_ADDRESS = r"(?:\d{1,3}(?:\.\d{1,3}){1,3}|[0-9a-fA-F]{0,4}:[0-9a-fA-F:.]*)(?:/[\d.]+)?"
_MASK = rf"(?:{BLANK}{{0,40}}\[[\d. :a-fA-F]{{0,64}}\])?"
_ADDRESS_ROW = re.compile(
    rf"(?P<front>(?:{BLANK}*(?P<ring>{INK}+(?: \([^()]{{0,64}}\))?))?{BLANK}+{_ADDRESS}{_MASK}{BLANK}+)"
    rf"(?P<key>{INK}.*)",
    re.DOTALL,
)
_NAME_ROW = re.compile(
    rf"(?P<front>{BLANK}*(?P<ring>{INK}+(?: \([^()]{{0,64}}\))?){BLANK}{{2,}}{INK}+{BLANK}{{2,}})(?P<key>{INK}.*)",
    re.DOTALL,
)
_RULE = re.compile(r"[-=\s]+")
_END = re.compile(
    r"\s*(?:!|```|-{3,}\s*show\s|Building\sconfiguration|Current\sconfiguration|"
    rf"{CRYPTO}\s|{slot('global/interface')}\s|{slot('global/version')}\s\d)|"
    rf"\s*[^\s<>#]{{1,100}}[#>]\s*(?:\Z|(?:do|show?|conf\w*|exit|end|term\w*|ping|copy|clear|debug|en\w*|dis\w*|wr\w*|{DATA_ENDS}|no|{CRYPTO})\b)",
    re.IGNORECASE,
)
_STRAY_ROW = re.compile(
    rf"\S{{1,64}}(?: \([^()]{{0,64}}\))?{BLANK}{{1,64}}{_ADDRESS}"
    rf"(?:{BLANK}{{0,40}}\[[\d. ]{{7,15}}\]{BLANK}{{8,64}}|{BLANK}{{20,64}})(?!! )(?=\S)"
)


def ends(line: str) -> bool:
    """Whether ``line`` is no longer part of the table: a prompt, a comment, the next command's output."""
    return _END.match(line) is not None


def is_stray_row(line: str) -> bool:
    """Whether ``line`` looks like a row although no header was seen (``show crypto isakmp key | include ...``)."""
    return "        " in line and _STRAY_ROW.match(line) is not None


def redact_row(line: str, vault: Vault) -> str:
    """``line`` of the table without its key; a line that is no row keeps its first two words at most."""
    if _RULE.fullmatch(line) or HEADER.search(line):
        return line
    row = _ADDRESS_ROW.fullmatch(line) or _NAME_ROW.fullmatch(line)
    if row is not None:
        return row["front"] + _shown_token(row["ring"], row["key"], vault)
    words = line.split(None, 2)
    if len(words) < 3:
        return line
    vault.known.learn_secret(words[2])
    return f"{line[: len(line) - len(line.lstrip())]}{words[0]} {words[1]} {SECRET}"


def _shown_token(ring: str | None, key: str, vault: Vault) -> str:
    """The token of a shown key; trailing blanks count in keyrings only (KEY-BLANKS)."""
    if TOKEN.fullmatch(key.strip()):
        return key
    return vault.token(key.rstrip() if ring in {None, "default"} else key, None)
