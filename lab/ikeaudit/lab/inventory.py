"""The lab as a Nornir SimpleInventory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

from ruamel.yaml import YAML

from ikeaudit.lab.router import LabRouter
from ikeaudit.model.errors import InputError
from ikeaudit.snapshot.plain_files import LARGEST_BY_HAND, read_plain, why
from ikeaudit.snapshot.private_files import make_folder, write_private

USERNAME_VARIABLE = "IKEAUDIT_USERNAME"
PASSWORD_VARIABLE = "IKEAUDIT_PASSWORD"  # noqa: S105
ENABLE_VARIABLE = "IKEAUDIT_ENABLE"
"""Environment variables that hold what the inventory does not."""

_MARK = b"# Written by ikeaudit lab, which replaces it.\n"


def write_inventory(folder: Path, routers: Iterable[LabRouter], address: str, ports: Mapping[str, int]) -> Path:
    """Write hosts.yaml, groups.yaml and defaults.yaml into ``folder``, mode 0600, and return it; passwords stay out.

    Raises InputError when the folder cannot be written to, or holds an inventory that the lab did not write.
    """
    there = folder / "hosts.yaml"
    try:
        ours = not there.exists() or read_plain(there, LARGEST_BY_HAND).startswith(_MARK)
    except OSError:
        ours = False
    if not ours:
        raise InputError(
            f"{folder} holds an inventory that the lab did not write; name another folder with --inventory."
        )
    yaml = YAML()
    yaml.default_flow_style = False
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
        text = BytesIO()
        yaml.dump(content, text)
        try:
            make_folder(folder)
            write_private(folder / name, _MARK + text.getvalue())
        except OSError as error:
            raise InputError(f"The inventory of the lab cannot be written to {folder}: {why(error)}.") from None
    return folder
