"""The user's YAML file of second DMVPN clouds.

::

    - tunnel: Tunnel10          # the multipoint tunnel on the hubs of the cloud that there is
      new-tunnel: Tunnel20      # on every router; its number becomes network-id and tunnel key
      source: Loopback20        # exists on every router, in the front-door VRF, reachable by the others
      network: 10.20.0.0/24     # of the mask of the old tunnels; host parts are carried over
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network
from pathlib import Path

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ikeaudit.model.errors import InputError
from ikeaudit.snapshot.plain_files import LARGEST_BY_HAND, read_plain_text

_FIELDS = {"tunnel", "new-tunnel", "source", "network"}


class Cloud(msgspec.Struct, frozen=True):
    """A second cloud: beside which tunnel, under which name, from which interface, with which addresses."""

    tunnel: str
    new_tunnel: str
    source: str
    network: IPv4Network

    @property
    def number(self) -> str:
        """The number of the new tunnel."""
        return self.new_tunnel.removeprefix("Tunnel")


def load_clouds(path: Path) -> tuple[Cloud, ...]:
    """The clouds in ``path``; :class:`InputError` says what is wrong and where."""
    try:
        document = YAML(typ="safe").load(read_plain_text(path, LARGEST_BY_HAND))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give an existing YAML file of clouds.") from None
    except (YAMLError, UnicodeDecodeError):
        raise InputError(
            f"{path}: is not YAML; write a list of clouds the way the documentation of ikev2 shows."
        ) from None
    if not isinstance(document, list) or not document:
        raise InputError(f"{path}: must be a list of clouds with {', '.join(sorted(_FIELDS))}.")
    return tuple(_cloud(f"{path}: cloud {number}", entry) for number, entry in enumerate(document, 1))


def _cloud(where: str, entry: object) -> Cloud:
    if not isinstance(entry, dict) or set(entry) != _FIELDS:
        raise InputError(f"{where} must have the fields {', '.join(sorted(_FIELDS))}, and no others.")
    names = {field: str(entry[field]) for field in ("tunnel", "new-tunnel", "source")}
    for field in ("tunnel", "new-tunnel"):
        if re.fullmatch(r"Tunnel\d+", names[field]) is None:
            raise InputError(
                f"{where}: {field} is the full name of an interface, such as Tunnel20, not {names[field]}."
            )
    try:
        network = IPv4Network(str(entry["network"]))
    except ValueError:
        raise InputError(f"{where}: network is an IPv4 network such as 10.20.0.0/24, not {entry['network']}.") from None
    return Cloud(names["tunnel"], names["new-tunnel"], names["source"], network)
