"""The user's small YAML map of address translations (NAT-ADDRESSES).

::

    - inside: 100.64.1.2
      outside: 203.0.113.9
      kind: pat          # or static, which also lets callers in
"""

from pathlib import Path

from ikeaudit.fleet import Translation
from ikeaudit.model import parse_address
from ikeaudit.model.errors import InputError
from ikeaudit.snapshot.yaml_files import read_yaml


def load_nat(path: Path) -> tuple[Translation, ...]:
    """The translations in ``path``; InputError says what is wrong and where."""
    document = read_yaml(path, write="a list of entries with inside, outside and kind")
    if document is None:
        return ()
    if not isinstance(document, list):
        raise InputError(f"{path}: must be a list of entries with inside, outside and kind")
    return tuple(_translation(path, number, entry) for number, entry in enumerate(document, 1))


def _translation(path: Path, number: int, entry: object) -> Translation:
    where = f"{path}: entry {number}"
    if not isinstance(entry, dict) or set(entry) - {"inside", "outside", "kind"}:
        raise InputError(f"{where} must have the fields inside, outside and kind, and no others")
    inside, outside = (parse_address(str(entry.get(field, ""))) for field in ("inside", "outside"))
    if inside is None or outside is None:
        raise InputError(f"{where} needs an address as inside and one as outside")
    kind = entry.get("kind", "static")
    if kind not in ("static", "pat"):
        raise InputError(f"{where}: kind is static or pat, not {kind}")
    return Translation(inside, outside, kind)
