"""Reading live routers into a snapshot: ``show`` commands over SSH, redacted in memory before anything is written."""

from ikeaudit.collect.commands import RUNNING_CONFIG, SHOW_COMMANDS
from ikeaudit.collect.outcome import Collection, HostOutcome
from ikeaudit.collect.reading import Reading, has_end, read_router, read_running_config
from ikeaudit.collect.run import DEFAULT_PARENT, collect_fleet
from ikeaudit.collect.task import HostWriter, collect_host

__all__ = [
    "DEFAULT_PARENT",
    "RUNNING_CONFIG",
    "SHOW_COMMANDS",
    "Collection",
    "HostOutcome",
    "HostWriter",
    "Reading",
    "collect_fleet",
    "collect_host",
    "has_end",
    "read_router",
    "read_running_config",
]
