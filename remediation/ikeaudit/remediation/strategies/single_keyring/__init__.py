"""``single-keyring``: one keyring for each front-door VRF and local address (PLAN-KEYRING)."""

from ikeaudit.remediation.strategies.single_keyring.strategy import SINGLE_KEYRING

__all__ = ["SINGLE_KEYRING"]
