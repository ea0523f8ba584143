"""The one engine that applies IOS command lines to a configuration; the lab and the proof of plans both use it."""

from ikeaudit.ios import replies
from ikeaudit.ios.replies import HARMLESS, harmless, refused
from ikeaudit.remediation.candidate.candidate import Candidate
from ikeaudit.remediation.candidate.compare import Comparison, compare
from ikeaudit.remediation.candidate.diff import diff
from ikeaudit.remediation.candidate.reply import Reply
from ikeaudit.remediation.candidate.session import ConfigSession

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
    "replies",
]
