"""What collection asks a router, in this order; only the version and the configuration are indispensable."""

from __future__ import annotations

import re
from typing import Literal

VERSION = "show version"
RUNNING_CONFIG = "show running-config"
LAST_CHANGE = f"{RUNNING_CONFIG} | include Last configuration change"
"""The one line that says whether the configuration is still the one that was read."""

SHOW_COMMANDS = (
    VERSION,
    "show crypto isakmp key",
    "show clock",
    "show crypto isakmp sa",
    "show crypto isakmp sa detail",
    "show crypto session detail",
    "show crypto ikev2 sa detailed",
    "show dmvpn",
    "show archive",
)
"""The show commands of a snapshot (SHOW-LAYOUT, CHANGE-WINDOW); a router that does not know one is no failure."""

STATE_COMMANDS = (LAST_CHANGE, *SHOW_COMMANDS[SHOW_COMMANDS.index("show clock") : SHOW_COMMANDS.index("show archive")])
"""What tells the state of a router whose configuration is known, and whether it still is that (SA-EVIDENCE)."""

CommandStatus = Literal["read", "not-supported", "refused", "not-read"]
"""``not-supported``: the router does not know the command; ``refused``: this account may not use it; ``not-read``: the session
failed before or during it, or no reply could be read cleanly."""

_UNKNOWN = re.compile(
    r"^\s*% ?(?:Invalid input|Incomplete command|Ambiguous command|Unrecognized|Unknown command)",
    re.MULTILINE | re.IGNORECASE,
)
_NOT_ALLOWED = re.compile(
    r"^\s*(?:%|error:)?\s*(?:(?:command )?(?:authori[sz]ation (?:failed|denied|error)|(?:not|isn't) authori[sz]ed)"
    r"|permission denied|access denied|you (?:are|do) not (?:authori[sz]ed|have permission)|error in authori[sz]ation)",
    re.MULTILINE | re.IGNORECASE,
)
_LAST_CHANGE = re.compile(r"^! Last configuration change at (.+?)(?: by .*)?$", re.MULTILINE)
_CLOCK_WAS_SET = 2010
"""The year before which the clock of a router was never set: it would begin in 1993 or 2002 after each reload."""

_IOS = re.compile(r"Cisco (?:IOS(?! XR)\b|Internetwork Operating System)")


def status(reply: str) -> CommandStatus:
    """Whether ``reply`` is an answer, or says that the command is not known or not allowed; such replies are short."""
    if len(reply) < 500 and _NOT_ALLOWED.search(reply):
        return "refused"
    return "not-supported" if len(reply) < 500 and _UNKNOWN.search(reply) else "read"


def is_ios(version: str) -> bool:
    """Whether the reply to ``show version`` is one of IOS or IOS-XE (IOS XR and NX-OS are other systems)."""
    return _IOS.search(version) is not None


def last_change(text: str) -> str | None:
    """When the configuration was changed last, by its own remark; None without one, or when the clock was never set."""
    match = _LAST_CHANGE.search(text.replace("\r", ""))
    years = re.findall(r"\b(?:19|20)\d\d\b", match[1]) if match else ()
    return match[1] if match and any(int(year) >= _CLOCK_WAS_SET for year in years) else None
