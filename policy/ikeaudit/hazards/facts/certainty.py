"""Putting certainties together."""

from ikeaudit.exchange.result import Confidence

_ORDER: tuple[Confidence, ...] = ("certain", "probable", "unpredictable", "unknown")


def weakest(*confidences: Confidence) -> Confidence:
    """The least of the given certainties; ``certain`` when none is given."""
    return max(confidences, key=_ORDER.index, default="certain")


def strongest(*confidences: Confidence) -> Confidence:
    """The best of the given certainties: one sure instance makes a finding sure; ``certain`` when none is given."""
    return min(confidences, key=_ORDER.index, default="certain")
