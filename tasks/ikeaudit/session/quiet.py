"""No library may write down what it sends or reads.

netmiko logs every byte of a session at DEBUG: a program that embeds ikeaudit, or a test runner, would capture running
configurations with their keys. Its records below WARNING are therefore dropped at their source.
"""

from __future__ import annotations

import logging


class _DropTraffic(logging.Filter):
    """Lets only warnings and errors through; netmiko writes no traffic into those."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING


_FILTER = _DropTraffic()


def silence_libraries() -> None:
    """Keep session traffic out of all log records, and log records off the screen where no logging is set up.

    Calling it again changes nothing.
    """
    netmiko = logging.getLogger("netmiko")
    if _FILTER not in netmiko.filters:
        netmiko.filters.insert(0, _FILTER)
    for name in ("netmiko", "nornir", "paramiko"):
        logger = logging.getLogger(name)
        if not any(isinstance(handler, logging.NullHandler) for handler in logger.handlers):
            logger.addHandler(logging.NullHandler())
