"""Findings about pre-shared keys on routers whose IKE never uses one (CERT-TRUSTPOINTS)."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding

_LASTING = ("KR-PLAINTEXT", "KR-TRAIL-SPACE", "KR-KEY-IN-NAME", "KR-SHOW-DRIFT")
"""What is true of a key whether or not it is used."""
_OF_KEYS = ("FL-PSK-REUSE", "FL-PSK-SAMPLE")


def certificates_only(facts: RouterFacts) -> bool:
    """Whether every ISAKMP policy in force wants certificates, and IKEv2 has no key either."""
    keys = any(ring.peers for ring in facts.router.ikev2.keyrings)
    inline = any(
        auth.key for profile in facts.router.ikev2.profiles for auth in (*profile.local_auth, *profile.remote_auth)
    )
    return bool(facts.rules.policies) and not facts.pre_shared and not keys and not inline


def weighed(finding: Finding, latent: Collection[str]) -> Finding:
    """``finding``, of no more weight than a remark where it is about keys and none of its routers, ``latent``, uses any."""
    about_keys = (finding.code.startswith("KR-") and finding.code not in _LASTING) or finding.code in _OF_KEYS
    if not about_keys or not finding.hosts or not set(finding.hosts) <= set(latent):
        return finding
    words = (
        f"{finding.message} Latent: every ISAKMP policy in force wants certificates, so that no pre-shared key is used."
    )
    return msgspec.structs.replace(finding, severity="info", message=words)
