"""PW-ONEWAY: the tunnel comes up from one end only."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.oneway import oneway, renewed
from ikeaudit.hazards.shared.pair_findings import (
    Cause,
    Failing,
    describe,
    failing_reading,
    grouped,
    only_supposed,
    pair_finding,
    reason_words,
    supposition,
)


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause; tunnels that only a less likely reading takes down are told apart."""
    failing = [found for tunnel in context.tunnels if (found := oneway(tunnel)) is not None]
    for weak in (False, True):
        for cause, items in grouped(item for item in failing if only_supposed(item) == weak).items():
            yield pair_finding(HAZARD, cause, items, _supposed(cause, items) if weak else _message(cause, items))
    for cause, items in grouped(renewed(context.tunnels)).items():
        yield pair_finding(HAZARD, cause, items, _lost(cause, items))


def _message(cause: Cause, items: list[Failing]) -> str:
    if len(items) > 1:
        return (
            f"{counted(len(items), 'tunnel')} come up from one end only: {reason_words(cause.reason)} when "
            f"{listing(_calls(items), 3)}."
        )
    bad = items[0].directions[0]
    good = f"{bad.responder or bad.peer} to {bad.initiator}"
    return f"{good} comes up, {describe(items)} fails{_at(bad.failed_at)}: {reason_words(cause.reason)}."


def _lost(cause: Cause, items: list[Failing]) -> str:
    """The words for tunnels that only one end can open, and that the other one loses when it renews them."""
    bad = items[0].directions[0]
    what = "The tunnel of" if len(items) == 1 else f"{counted(len(items), 'tunnel')} of"
    hosts = listing(dict.fromkeys(h for item in items for h in item.tunnel.hosts))
    return (
        f"{what} {hosts} {_comes(items)} up by the only call there is; but when {bad.initiator} renews it, its call fails"
        f"{_at(bad.failed_at)}: {reason_words(cause.reason)}."
    )


def _supposed(cause: Cause, items: list[Failing]) -> str:
    """The words for tunnels that come up both ways unless a less likely reading of the rules is the right one."""
    bad = items[0].directions[0]
    failed = failing_reading(bad)
    callers = dict.fromkeys(item.directions[0].initiator for item in items)
    what = "The tunnel of" if len(items) == 1 else f"{counted(len(items), 'tunnel')} of"
    calls = f"the calls of {listing(callers)}" if len(items) > 1 else f"{bad.initiator}'s calls"
    return (
        f"{what} {listing(dict.fromkeys(h for item in items for h in item.tunnel.hosts))} {_comes(items)} up in both "
        f"directions by the likely reading; but if {supposition(bad)}, {calls} fail"
        f"{_at(failed.failed_at if failed is not None else None)}: {reason_words(cause.reason)}."
    )


def _comes(items: list[Failing]) -> str:
    return "comes" if len(items) == 1 else "come"


def _calls(items: list[Failing]) -> list[str]:
    return [f"{e.initiator} calls {e.responder or e.peer}" for item in items for e in item.directions]


def _at(message: str | None) -> str:
    return f" at {message}" if message else ""


HAZARD = Hazard(
    code="PW-ONEWAY",
    title="A tunnel comes up from one end only",
    severity="high",
    scope="pair",
    what=(
        "Of the two directions of a tunnel one comes up and the other fails, in the usual reading of the selection "
        "rules or, with less confidence, in another one. Or one end cannot call first, because it does not know its peer, "
        "and fails when it renews the tunnel."
    ),
    why=(
        "As long as the right end happened to start, the tunnel is healthy and nothing shows. After a reload, a "
        "clear, a link flap or the end of phase 1 the other end may start, and the tunnel stays down until somebody "
        "intervenes."
    ),
    symptom="Depends on the cause; the failing direction's log lines tell.",
    fix="Mend the hazard that causes it; 'ikeaudit explain' shows the failing direction message by message.",
    source="KEY-BEFORE-ID, CALL-RENEWAL",
    detect=detect,
)
