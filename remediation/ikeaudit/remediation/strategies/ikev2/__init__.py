"""``ikev2``: tunnels move from IKEv1 to IKEv2, both ends together (PLAN-IKEV2)."""

from ikeaudit.remediation.strategies.ikev2.choices import Cloud, Options, Suite, find_suite, load_clouds, load_suites
from ikeaudit.remediation.strategies.ikev2.strategy import IKEV2, ikev2_strategy

__all__ = ["IKEV2", "Cloud", "Options", "Suite", "find_suite", "ikev2_strategy", "load_clouds", "load_suites"]
