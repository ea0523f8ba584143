"""Two routers with a tunnel, as a snapshot with the state that a test wants (SHOW-LAYOUT)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from ikeaudit.fleet import Fleet
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.workspace import Workspace

READ = "2026-11-29T12:00:00Z"
"""When the states were read, unless a test says otherwise: noon, by the routers' clocks, too."""
CLOCK = "*12:00:00.000 UTC Sun Nov 29 2026\n"
ADDRESS = {"R1": "192.0.2.1", "R2": "192.0.2.2"}
GLOBAL_KEY = "crypto isakmp key Vq7mT2xWn9RzLd4sHb8Jc6Fk address 192.0.2.1\n"
"""On R2 it comes before the keyring, so that R1's call fails in keyring verification, at MM5 (KEY-DEFAULT-FIRST)."""


def config(name: str, *, changed: str = "08:00:00 UTC Sun Nov 29 2026", extra: str = "", lifetime: int = 86400) -> str:
    """The running-config of a router whose tunnel comes up from both ends, changed last at ``changed`` (empty: not said)."""
    other = "R2" if name == "R1" else "R1"
    remark = f"! {changed}\n" if changed.startswith("No") else f"! Last configuration change at {changed}\n"
    return (
        f"{remark if changed else ''}!\nversion 15.7\nhostname {name}\n"
        f"crypto keyring K\n  pre-shared-key address {ADDRESS[other]} key Vq7mT2xWn9RzLd4sHb8Jc6Fk\n"
        "crypto isakmp policy 10\n encr aes 256\n hash sha256\n authentication pre-share\n group 14\n"
        f"{'' if lifetime == 86400 else f' lifetime {lifetime}' + chr(10)}{extra}"
        f"crypto isakmp profile P\n   keyring K\n   match identity address {ADDRESS[other]} 255.255.255.255\n"
        "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n"
        "crypto ipsec profile V\n set transform-set TS\n set isakmp-profile P\n"
        f"interface Tunnel1\n ip address 10.0.0.{name[1]} 255.255.255.0\n tunnel source GigabitEthernet0/0\n"
        f" tunnel destination {ADDRESS[other]}\n tunnel protection ipsec profile V\n"
        f"interface GigabitEthernet0/0\n ip address {ADDRESS[name]} 255.255.255.0\nend\n"
    )


def isakmp_sa(
    source: str = "192.0.2.1", destination: str = "192.0.2.2", state: str = "QM_IDLE", conn: int = 1001
) -> str:
    """``show crypto isakmp sa`` with one row; none without a source."""
    rows = f"{destination:<15} {source:<15} {state:<14} {conn:>7} ACTIVE\n" if source else ""
    head = "IPv4 Crypto ISAKMP SA\ndst             src             state          conn-id status\n"
    return f"{head}{rows}\nIPv6 Crypto ISAKMP SA\n\n"


def session(
    name: str,
    *,
    left: str = "22:00:00",
    profile: str = "P",
    uptime: str = "02:00:00",
    enc: int = 50,
    dec: int = 50,
    active: int = 2,
    conn: int = 1001,
) -> str:
    """``show crypto session detail`` of one router's tunnel; of a lifetime of a day, ``left`` makes it two hours old."""
    here, there = ADDRESS[name], ADDRESS["R2" if name == "R1" else "R1"]
    return (
        "Crypto session current status\n\nInterface: Tunnel1\n"
        f"{f'Profile: {profile}' + chr(10) if profile else ''}Uptime: {uptime}\nSession status: UP-ACTIVE     \n"
        f"Peer: {there} port 500 fvrf: (none) ivrf: (none)\n      Phase1_id: {there}\n      Desc: (none)\n"
        f"  Session ID: 0  \n  IKEv1 SA: local {here}/500 remote {there}/500 Active \n"
        f"          Capabilities:(none) connid:{conn} lifetime:{left}\n"
        f"  IPSEC FLOW: permit 47 host {here} host {there} \n        Active SAs: {active}, origin: crypto map\n"
        f"        Inbound:  #pkts dec'ed {dec} drop 0 life (KB/Sec) 4607999/3000\n"
        f"        Outbound: #pkts enc'ed {enc} drop 0 life (KB/Sec) 4607999/3000\n"
    )


def state(name: str, **more: object) -> dict[str, str]:
    """Everything that a collection reads of a router's state, with the tunnel up and started by R1."""
    return {
        "show clock": CLOCK,
        "show crypto isakmp sa": isakmp_sa(),
        "show crypto session detail": session(name, **more),  # type: ignore[arg-type]
        "show crypto ikev2 sa detailed": "",
    }


def write_host(folder: Path, name: str, text: str, shows: Mapping[str, str], *, read: str | None = READ) -> None:
    """One host of a snapshot."""
    host = folder / name
    host.mkdir(parents=True)
    (host / "running-config.txt").write_text(text, encoding="utf-8")
    files = {command: f"show-{number}.txt" for number, command in enumerate(shows)}
    for command, file in files.items():
        (host / file).write_text(shows[command], encoding="utf-8")
    meta = {"schema": "ikeaudit.host/1", "host": name, "collected": read, "commands": files}
    (host / "meta.json").write_text(json.dumps(meta), encoding="utf-8")


def pair(
    folder: Path,
    workspace: Workspace,
    one: Mapping[str, str] | None = None,
    other: Mapping[str, str] | None = None,
    *,
    configs: Mapping[str, str] | None = None,
    read: Mapping[str, str | None] | None = None,
) -> Fleet:
    """R1 and R2 with the states ``one`` and ``other`` (none: nothing was collected), written to ``folder`` and read again."""
    texts = {"R1": config("R1"), "R2": config("R2"), **(configs or {})}
    for name, shows in (("R1", one or {}), ("R2", other or {})):
        write_host(folder, name, texts[name], shows, read=(read or {}).get(name, READ))
    return load_snapshot(folder, workspace).fleet()
