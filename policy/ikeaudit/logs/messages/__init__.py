"""The messages that are known, a table for each part of a negotiation; all of them are ``ROWS``."""

from ikeaudit.logs.message import Row
from ikeaudit.logs.messages.certificates import CERTIFICATES
from ikeaudit.logs.messages.ikev2 import IKEV2
from ikeaudit.logs.messages.ikev2_refusals import IKEV2_REFUSALS
from ikeaudit.logs.messages.phase1 import PHASE1
from ikeaudit.logs.messages.quick_mode import QUICK_MODE
from ikeaudit.logs.messages.syslog import SYSLOG

__all__ = ["ROWS"]

ROWS: tuple[Row, ...] = (*PHASE1, *CERTIFICATES, *QUICK_MODE, *IKEV2, *IKEV2_REFUSALS, *SYSLOG)
