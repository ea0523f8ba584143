"""When a direction counts as worse: some reading leaves ``up`` (DESIGN 3.5)."""

from __future__ import annotations

import msgspec
import pytest

from ikeaudit.exchange import Confidence, Exchange, Outcome, Reading
from ikeaudit.remediation.proof_state import worsening


def exchange(outcome: Outcome, *readings: tuple[str, Outcome], confidence: Confidence = "certain") -> Exchange:
    return Exchange(
        initiator="A",
        responder="B",
        peer="192.0.2.2",
        initiator_interface="Tunnel1",
        responder_interface="Tunnel1",
        ike_version=1,
        mode="main",
        outcome=outcome,
        confidence=confidence,
        reason="keyring-verification" if outcome == "down" else None,
        readings=tuple(Reading(reading=words, outcome=each) for words, each in readings),
    )


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (exchange("up"), exchange("up")),
        (exchange("down"), exchange("up")),
        (exchange("down"), exchange("half-open")),
        (exchange("unknown"), exchange("unknown")),
        (exchange("not-initiated"), exchange("not-initiated")),
        # the same tie, the same results
        (exchange("up", ("B takes K1", "up"), ("B takes K2", "down")),) * 2,
        # the tie is gone and what remains is up
        (exchange("down", ("B takes K1", "down"), ("B takes K2", "up")), exchange("up")),
        # a new question, below the order of the tie that already failed
        (
            exchange("down", ("B takes K1", "down"), ("B takes K2", "up")),
            exchange("up", ("B takes K1; any", "up"), ("B takes K1; first only", "down"), ("B takes K2", "up")),
        ),
        # one rule open at both ends: the same words twice are two answers
        (
            exchange("down", ("none", "down"), ("any; none", "down"), ("any; any", "up")),
            exchange("down", ("none", "down"), ("any; none", "down"), ("any; any", "up")),
        ),
    ],
)
def test_not_worse(before: Exchange, now: Exchange) -> None:
    assert worsening(before, now) is None


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (exchange("up"), exchange("down"), "up becomes down (keyring-verification)"),
        (exchange("up"), exchange("unknown"), "up becomes unknown"),
        (exchange("up"), exchange("not-initiated"), "up becomes not-initiated"),
        (exchange("unknown"), exchange("down"), "unknown becomes down (keyring-verification)"),
        # certain before, and now one reading fails
        (
            exchange("up"),
            exchange("up", ("B takes K1", "up"), ("B takes NEW", "down")),
            "up becomes down if B takes NEW",
        ),
        # the worst and the primary reading stay, but the tie now fails for the order that worked
        (
            exchange("up", ("B takes K1", "up"), ("B takes K2", "down"), ("B takes K3", "up")),
            exchange("up", ("B takes K1", "up"), ("B takes K2", "down"), ("B takes K3", "down")),
            "up becomes down if B takes K3",
        ),
    ],
)
def test_worse(before: Exchange, now: Exchange, words: str) -> None:
    assert worsening(before, now) == words


def test_a_direction_that_is_lost_later_is_worse_than_one_that_holds() -> None:
    lost = msgspec.structs.replace(exchange("up"), lost_at="rekey", lost_after=3600)
    assert worsening(exchange("up"), lost) == "up becomes lost at the first rekey"
    assert worsening(lost, lost) is None and worsening(lost, exchange("up")) is None
    assert worsening(lost, exchange("down")) == "up becomes down (keyring-verification)"
