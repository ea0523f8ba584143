"""Which lines the ledger has to account for: everything that tunnels may depend on, and nothing else."""

from __future__ import annotations

import re

_INTERFACE = re.compile(
    r"(?:no |default )?(?:tunnel|crypto|ip address|ipv6 address|ip unnumbered|ipv6 unnumbered|ipv6 crypto|ip vrf|vrf"
    r"|ip nhrp|ipv6 nhrp|nhrp"
    r"|address \d|shutdown|standby|vrrp|glbp|ip nat (?:inside|outside)$|description|exit$|tunnel-interface)\b"
)
_GLOBAL = re.compile(
    r"(?:no |default )?(?:crypto|hostname|ip host|ip domain.name|ip route|ipv6 route|key config-key|password encryption"
    r"|vrf definition|ip vrf|interface)\b"
)


def is_relevant_child(kind: str, text: str) -> bool:
    """Whether a line inside a section of ``kind`` goes into the ledger."""
    return kind != "interface" or _INTERFACE.match(text) is not None


def is_relevant_global(text: str) -> bool:
    """Whether a global command goes into the ledger."""
    return _GLOBAL.match(text) is not None
