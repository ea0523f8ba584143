"""The lab as a Nornir SimpleInventory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ruamel.yaml import YAML

from ikeaudit.lab.router import LabRouter

USERNAME_VARIABLE = "IKEAUDIT_USERNAME"
PASSWORD_VARIABLE = "IKEAUDIT_PASSWORD"  # noqa: S105
ENABLE_VARIABLE = "IKEAUDIT_ENABLE"
"""Environment variables that hold what the inventory does not."""


def write_inventory(folder: Path, routers: Iterable[LabRouter], address: str, ports: Mapping[str, int]) -> Path:
    """Write hosts.yaml, groups.yaml and defaults.yaml into ``folder`` and return it; passwords stay out."""
    yaml = YAML()
    yaml.default_flow_style = False
    folder.mkdir(parents=True, exist_ok=True)
    hosts = {
        router.hostname: {
            "hostname": address,
            "port": ports[router.hostname],
            "username": router.username,
            "groups": ["lab"],
            "data": {"lab": True},
        }
        for router in routers
    }
    groups = {"lab": {"platform": "cisco_ios"}}
    for name, content in (("hosts.yaml", hosts), ("groups.yaml", groups), ("defaults.yaml", {})):
        with (folder / name).open("w", encoding="utf-8") as stream:
            yaml.dump(content, stream)
    return folder
