"""When a router's configuration was changed last, as seen from the moment in which its state was read (SA-EVIDENCE)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import msgspec

from ikeaudit.model import Router

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_TIME = re.compile(
    r"[*.]?(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.\d+)? (?P<zone>[A-Za-z]\w*|[+-]\d\d(?:\d\d)?) "
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2}) (?P<year>\d{4})"
)
_CHANGED = re.compile(rf"! Last configuration change at (?P<at>{_TIME.pattern})")
_UNTOUCHED = re.compile(r"! No configuration change since last restart")
_HEADER = 40
"""Lines of a configuration in which its remarks on itself stand."""
_CLOCK_WAS_SET = 2010
_SLACK = 60
"""Seconds by which the readings of two routers may be further apart than their time stamps tell: logging in takes time."""


class Change(msgspec.Struct, frozen=True):
    """The last change of a router's configuration, ``ago`` seconds before its state was read.

    ``never`` says that there was none since the router started, ``ago`` is None where it is not known, and ``why`` says why.
    """

    ago: float | None = None
    never: bool = False
    why: str = ""


class _Time(msgspec.Struct, frozen=True):
    """A time as printed, in ``zone``."""

    at: datetime
    zone: str

    @property
    def utc(self) -> datetime | None:
        """The same in UTC; None where nobody knows what the zone's name means."""
        if self.zone in ("UTC", "GMT"):
            return self.at
        if self.zone[0] in "+-":
            hours, minutes = int(self.zone[1:3]), int(self.zone[3:] or 0)
            offset = timedelta(hours=hours, minutes=minutes)
            return self.at - offset if self.zone[0] == "+" else self.at + offset
        return None


def last_change(router: Router) -> Change:
    """What a router says about its last change, against its own clock, else against the time at which it was read."""
    shows = router.shows
    remark = _remark(router)
    if shows.last_change is not None and _same(shows.last_change) != _same(remark or ""):
        return Change(why=f"{router.name} was changed after its configuration was read")
    if remark is None:
        return Change(why=f"the configuration of {router.name} does not say when it was changed last")
    if _UNTOUCHED.match(remark):
        return Change(never=True)
    match = _CHANGED.match(remark)
    changed = _parsed(match["at"]) if match is not None else None
    if changed is None:
        return Change(why=f"the configuration of {router.name} does not say when it was changed last")
    clock = _parsed(shows.clock or "")
    if clock is not None and clock.zone == changed.zone:
        if (clock.at.year < _CLOCK_WAS_SET) != (changed.at.year < _CLOCK_WAS_SET):
            return Change(why=f"the clock of {router.name} was set after its last change")
        return _ago(router, clock.at - changed.at)
    now, then = (clock.utc if clock is not None else _stamp(shows.read)), changed.utc
    if then is None:
        return Change(why=f"the time zone of {router.name}, {changed.zone}, is not known")
    if now is None:
        return Change(why=f"it is not known when the state of {router.name} was read")
    if then.year < _CLOCK_WAS_SET:
        return Change(why=f"the clock of {router.name} was not set at its last change")
    return _ago(router, now - then)


def _ago(router: Router, difference: timedelta) -> Change:
    seconds = difference.total_seconds()
    if seconds < 0:
        return Change(why=f"the last change of {router.name} lies in the future of its state")
    return Change(seconds)


def _remark(router: Router) -> str | None:
    lines = router.lines[: max(0, _HEADER - router.first_line + 1)]
    return next(
        (line.strip() for line in lines if _CHANGED.match(line.strip()) or _UNTOUCHED.match(line.strip())), None
    )


def _same(remark: str) -> str:
    """A remark without who made the change, which is no part of the time."""
    match = _CHANGED.match(remark)
    return match["at"] if match is not None else ""


def _parsed(text: str) -> _Time | None:
    match = _TIME.fullmatch(text)
    if match is None or match["month"] not in _MONTHS:
        return None
    try:
        at = datetime(
            int(match["year"]),
            _MONTHS.index(match["month"]) + 1,
            int(match["day"]),
            int(match["hour"]),
            int(match["minute"]),
            int(match["second"]),
            tzinfo=UTC,
        )
    except ValueError:
        return None
    return _Time(at, match["zone"])


def _stamp(text: str | None) -> datetime | None:
    """A time stamp of the snapshot: ``2026-11-29T20:15:00Z``."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found


class Younger(msgspec.Struct, frozen=True):
    """Whether an SA is younger than the changes of both ends: ``answer`` None is not known, and ``why`` says why.

    Of an SA that is not, ``older_than`` names the routers that were changed after it came up.
    """

    answer: bool | None
    why: str = ""
    older_than: tuple[str, ...] = ()


def younger(age: tuple[float, float], shown_by: Router, other: Router | None) -> Younger:
    """Whether an SA whose age lies in ``age`` (seconds), shown by one end, is younger than the last changes of both.

    ``other`` is the other end, None where its configuration is missing. What is too close to tell is not known.
    """
    found = [_compared(age, last_change(shown_by), shown_by.name)]
    if other is None:
        found.append(Younger(None, "the other end's configuration is missing"))
    else:
        change = last_change(other)
        apart = _apart(shown_by, other)
        if change.ago is not None and apart is None:
            found.append(Younger(None, f"the states of {shown_by.name} and {other.name} were read at unknown times"))
        else:
            ago = None if change.ago is None or apart is None else change.ago + apart
            found.append(_compared(age, Change(ago, change.never, change.why), other.name, _SLACK))
    changed = tuple(name for one in found if one.answer is False for name in one.older_than)
    if changed:
        return Younger(False, older_than=changed)
    return next((one for one in found if one.answer is None), Younger(True))


def _compared(age: tuple[float, float], change: Change, name: str, slack: float = 0) -> Younger:
    if change.never:
        return Younger(True)
    if change.ago is None:
        return Younger(None, change.why)
    if age[1] < change.ago - slack:
        return Younger(True)
    if age[0] > change.ago + slack:
        return Younger(False, older_than=(name,))
    return Younger(None, f"it is about as old as the last change of {name}")


def _apart(one: Router, other: Router) -> float | None:
    """How many seconds after ``other`` the state of ``one`` was read; None where that is not known."""
    stamps = _stamp(one.shows.read), _stamp(other.shows.read)
    if stamps[0] is None or stamps[1] is None:
        clocks = [_parsed(router.shows.clock or "") for router in (one, other)]
        stamps = (clocks[0].utc if clocks[0] else None, clocks[1].utc if clocks[1] else None)
    if stamps[0] is None or stamps[1] is None:
        return None
    return (stamps[0] - stamps[1]).total_seconds()
