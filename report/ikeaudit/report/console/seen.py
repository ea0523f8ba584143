"""What the routers' state says of a direction, in words."""

from __future__ import annotations

from collections.abc import Mapping

from ikeaudit.exchange.result import Exchange, Observed, Seen, Standing
from ikeaudit.report.console.pieces import plural
from ikeaudit.report.console.sheet import Part

STANDING_STYLE: dict[Standing, str] = {
    "observed": "green",
    "other-reading": "yellow",
    "contradicted": "bold red",
    "before-change": "yellow",
    "undated": "dim",
}


def seen(exchange: Exchange) -> list[Part]:
    """``seen: started by R1 2 h 5 min ago``, or why an association is no evidence; nothing where there is none."""
    one = exchange.observed
    if one is None:
        return []
    return [("seen: ", "dim"), (seen_words(exchange.initiator, one), STANDING_STYLE[one.standing])]


def seen_words(initiator: str, one: Observed) -> str:
    """What an association that ``initiator`` started says: ``up, started by R1 2 h ago, as predicted``."""
    ago = f" {duration(one.age)} ago" if one.age is not None else ""
    by = f"started by {initiator}{ago}"
    if one.standing == "observed":
        return f"up, {by}, as predicted"
    if one.standing == "before-change":
        return f"up, {by}, before the last change of {' and '.join(one.older_than)}: will be tested at the next renewal"
    if one.standing == "undated":
        return f"up, {by}; no evidence, because {one.why}"
    which = "another reading of the rules was right" if one.standing == "other-reading" else "the model is wrong"
    return f"up, {by}; {which}: {'; '.join(one.differs)}"


STANDINGS: dict[Seen, str] = {
    "observed": "observed",
    "other-reading": "as another reading has it",
    "contradicted": "contradicted",
    "before-change": "older than a change",
    "undated": "of unknown age",
    "not-seen": "not seen",
}
"""What is said of several directions."""


def counted(seen: Mapping[Seen, int]) -> list[Part]:
    """``State  3 of 8 directions observed · 5 not seen``; nothing where no state was collected."""
    if not seen:
        return []
    told = [f"{seen[what]:,} {words}" for what, words in STANDINGS.items() if seen.get(what) and what != "observed"]
    first = f"{seen.get('observed', 0):,} of {plural(sum(seen.values()), 'direction')} observed"
    return [("State ", "bold"), " · ".join((first, *told))]


def duration(seconds: float) -> str:
    """``45 s``, ``12 min``, ``2 h 5 min``, ``3 d 4 h``."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    hours, minutes = divmod(whole // 60, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"
