"""Findings with what they explain, as one list: whatever the audit found out, as cause or as consequence."""

from __future__ import annotations

from collections.abc import Iterable

from ikeaudit.hazards import Finding


def told(findings: Iterable[Finding]) -> list[Finding]:
    """Each cause, then what follows from it."""
    return list(dict.fromkeys(one for finding in findings for one in (finding, *finding.follows)))
