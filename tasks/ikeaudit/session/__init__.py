"""Live sessions with routers: inventory, credentials, a terminal that reads whole replies, reasons for failures.

Used by collection and by changes alike; knows nothing of what is read or sent.
"""

from ikeaudit.session.connect import Limits, session, where
from ikeaudit.session.credentials import Credentials, Keychain, keychain, terminal_prompt
from ikeaudit.session.failure import Reason, SessionError
from ikeaudit.session.inventory import open_inventory, pick
from ikeaudit.session.known_hosts import KnownHosts, known_hosts
from ikeaudit.session.line import ByteChannel
from ikeaudit.session.noise import without_syslog
from ikeaudit.session.quiet import silence_libraries
from ikeaudit.session.terminal import Terminal

__all__ = [
    "ByteChannel",
    "Credentials",
    "Keychain",
    "KnownHosts",
    "Limits",
    "Reason",
    "SessionError",
    "Terminal",
    "keychain",
    "known_hosts",
    "open_inventory",
    "pick",
    "session",
    "silence_libraries",
    "terminal_prompt",
    "where",
    "without_syslog",
]
