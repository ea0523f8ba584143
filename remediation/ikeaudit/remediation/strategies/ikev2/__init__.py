"""``ikev2``: tunnels move from IKEv1 to IKEv2, both ends together (DOMAIN 12 B)."""

from ikeaudit.remediation.strategies.ikev2.options import Options
from ikeaudit.remediation.strategies.ikev2.strategy import IKEV2, ikev2_strategy
from ikeaudit.remediation.strategies.ikev2.suites import Suite, find_suite, load_suites

__all__ = ["IKEV2", "Options", "Suite", "find_suite", "ikev2_strategy", "load_suites"]
