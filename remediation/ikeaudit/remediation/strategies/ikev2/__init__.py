"""``ikev2``: tunnels move from IKEv1 to IKEv2, both ends together (PLAN-IKEV2)."""

from ikeaudit.remediation.strategies.ikev2.cloud_file import Cloud, load_clouds
from ikeaudit.remediation.strategies.ikev2.options import Options
from ikeaudit.remediation.strategies.ikev2.strategy import IKEV2, ikev2_strategy
from ikeaudit.remediation.strategies.ikev2.suites import Suite, find_suite, load_suites

__all__ = ["IKEV2", "Cloud", "Options", "Suite", "find_suite", "ikev2_strategy", "load_clouds", "load_suites"]
