"""The one engine that applies IOS command lines to a configuration; the lab and the proof of plans both use it."""

from ikeaudit.candidate.candidate import Candidate
from ikeaudit.candidate.compare import Comparison, compare
from ikeaudit.candidate.diff import diff
from ikeaudit.candidate.replies import HARMLESS, Reply, harmless, refused
from ikeaudit.candidate.session import ConfigSession

__all__ = [
    "HARMLESS",
    "Candidate",
    "Comparison",
    "ConfigSession",
    "Reply",
    "compare",
    "diff",
    "harmless",
    "refused",
]
