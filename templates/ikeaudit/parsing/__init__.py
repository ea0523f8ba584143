"""Text to model: configurations and show output, redacted first, every line accounted for."""

from ikeaudit.parsing.config import ParsedConfig, Remark, parse_configs

__all__ = ["ParsedConfig", "Remark", "parse_configs"]
