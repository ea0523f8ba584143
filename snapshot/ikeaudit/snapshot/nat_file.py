"""The user's small YAML map of address translations (NAT-ADDRESSES).

::

    - inside: 100.64.1.2
      outside: 203.0.113.9
      kind: pat          # or static, which also lets callers in
"""

from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ikeaudit.fleet import Translation
from ikeaudit.model import parse_address
from ikeaudit.model.errors import InputError
from ikeaudit.snapshot.plain_files import LARGEST_BY_HAND, read_plain_text


def load_nat(path: Path) -> tuple[Translation, ...]:
    """The translations in ``path``; InputError says what is wrong and where."""
    try:
        document = YAML(typ="safe").load(read_plain_text(path, LARGEST_BY_HAND))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give an existing YAML file") from None
    except (YAMLError, UnicodeDecodeError):
        raise InputError(f"{path}: is not YAML; write a list of entries with inside, outside and kind") from None
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
