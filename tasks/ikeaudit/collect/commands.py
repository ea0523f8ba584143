"""What collection asks a router, in this order; only the version and the configuration are indispensable."""

from __future__ import annotations

import re
from typing import Literal

VERSION = "show version"
RUNNING_CONFIG = "show running-config"

SHOW_COMMANDS = (
    VERSION,
    "show crypto isakmp key",
    "show crypto isakmp sa",
    "show crypto session detail",
    "show crypto ikev2 sa detailed",
    "show dmvpn",
    "show archive",
)
"""The show commands of a snapshot (DOMAIN 9, 12.0); a router that does not know one is no failure."""

CommandStatus = Literal["read", "not-supported", "not-read"]
"""``not-supported``: the router does not know the command, or the account may not use it; ``not-read``: the session
failed before or during it."""

_REFUSED = re.compile(
    r"^\s*(?:% ?(?:Invalid input|Incomplete command|Ambiguous command|Unrecognized|Unknown command|Authorization failed)"
    r"|Command authorization failed)",
    re.MULTILINE | re.IGNORECASE,
)
_IOS = re.compile(r"Cisco (?:IOS(?! XR)\b|Internetwork Operating System)")


def refused(reply: str) -> bool:
    """Whether ``reply`` says that the command is not known or not allowed; such replies are short."""
    return len(reply) < 500 and _REFUSED.search(reply) is not None


def is_ios(version: str) -> bool:
    """Whether the reply to ``show version`` is one of IOS or IOS-XE (IOS XR and NX-OS are other systems)."""
    return _IOS.search(version) is not None
