"""The one engine that applies IOS command lines to a configuration; the lab and the proof of plans both use it."""

from ikeaudit.candidate.candidate import Candidate, after_commands
from ikeaudit.candidate.differences import Comparison, compare, diff
from ikeaudit.candidate.session import ConfigSession, Reply
from ikeaudit.ios import replies
from ikeaudit.ios.replies import HARMLESS, harmless, refused

__all__ = [
    "HARMLESS",
    "Candidate",
    "Comparison",
    "ConfigSession",
    "Reply",
    "after_commands",
    "compare",
    "diff",
    "harmless",
    "refused",
    "replies",
]
