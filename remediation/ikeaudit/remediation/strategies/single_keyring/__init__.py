"""``single-keyring``: one keyring for each front-door VRF and local address (DOMAIN 12 A)."""

from ikeaudit.remediation.strategies.single_keyring.strategy import SINGLE_KEYRING

__all__ = ["SINGLE_KEYRING"]
