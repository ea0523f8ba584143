"""How bad a finding is, and what it concerns: words that the command line needs before anything is read."""

from __future__ import annotations

from typing import Literal

Severity = Literal["critical", "high", "medium", "low", "info"]
Category = Literal["connectivity", "selection", "exposure", "hygiene", "drift"]
"""What a hazard concerns: whether tunnels come up; which key or profile is chosen; who else may come in; what should be tidied;
what differs from what it should equal."""

RANK: dict[Severity, int] = {"info": 0, "low": 1, "medium": 2, "high": 3, "critical": 4}
"""Severities from least to worst."""
