"""Text to model: configurations and show output, redacted first, every line accounted for."""

from typing import TYPE_CHECKING, Any

from ikeaudit.model.rooms import name_in

if TYPE_CHECKING:
    from ikeaudit.parsing.config import parse_configs
    from ikeaudit.parsing.parsed import ParsedConfig, Remark

__all__ = [
    "ParsedConfig",
    "Remark",
    "parse_configs",
]

_ROOMS = ("parsed", "config")
"""Where the names are, what is light first."""


def __getattr__(name: str) -> Any:
    """One of the names above, from the room that has it (PEP 562); AttributeError for any other."""
    return name_in(globals(), _ROOMS, name)
