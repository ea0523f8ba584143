"""Two routers with one tunnel between them, as they lie in a snapshot."""

from __future__ import annotations

from pathlib import Path

from ikeaudit.snapshot.workspace import Workspace
from ikeaudit.snapshot.writing import write_snapshot_host

ENDS = {"R1": ("192.0.2.1", "192.0.2.2"), "R2": ("192.0.2.2", "192.0.2.1")}


KEY = "one-of-24-letters-or-more"


def config(name: str, key: str = KEY) -> str:
    """A router, R1 or R2, with the key."""
    own, peer = ENDS[name]
    return f"""hostname {name}
crypto isakmp policy 10
 authentication pre-share
 group 14
crypto isakmp key {key} address {peer}
crypto ipsec transform-set TS esp-aes esp-sha256-hmac
crypto ipsec profile P
 set transform-set TS
interface Tunnel1
 ip address 10.0.0.{own[-1]} 255.255.255.252
 tunnel source GigabitEthernet1
 tunnel mode ipsec ipv4
 tunnel destination {peer}
 tunnel protection ipsec profile P
interface GigabitEthernet1
 ip address {own} 255.255.255.0
end
"""


def written(
    folder: Path, name: str, workspace: Workspace, collected: str = "2026-01-01T00:00:00Z", key: str = KEY
) -> Path:
    """The snapshot, into which it was written as the workspace collects it."""
    write_snapshot_host(
        folder, name, config(name, key), {}, {}, fingerprinter=workspace.fingerprinter, collected=collected
    )
    return folder
