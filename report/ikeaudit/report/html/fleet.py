"""The page of a fleet: what ``check`` and ``explain`` have found, every tunnel, message by message."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import PurePath
from typing import Any, NamedTuple, TypeAlias

import msgspec

from ikeaudit.exchange.result import Exchange, Observed
from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.tunnel_pairs import pair_up
from ikeaudit.hazards.finding import Finding, State
from ikeaudit.hazards.ranking import Trouble, harmed, state_of
from ikeaudit.report.console.seen import seen_words
from ikeaudit.report.coverage import Coverage
from ikeaudit.report.documents import CheckReport, ExplainReport, WholePart
from ikeaudit.report.html.pack import Joining, Packed, blob, pack, thinned
from ikeaudit.report.html.page import Still, page
from ikeaudit.report.html.words import BAD, STATES, words
from ikeaudit.report.published import PublishedFileKind
from ikeaudit.report.published_exchanges import PublishedExchange
from ikeaudit.report.published_findings import PublishedFinding

Call: TypeAlias = tuple[str, str, str | None]
"""A caller, its interface, and the router called."""

LARGEST = 20_000_000
"""Letters of details above which healthy directions are told by one example of each shape."""
MOST = 50_000_000
"""Places of details from which on nothing more is kept of them than that."""
_STILL = 40
"""Causes in the summary that needs no JavaScript."""


def fleet_page(report: CheckReport | ExplainReport) -> str:
    """The page of ``report``; of an audit, ``whole`` has to be there."""
    if isinstance(report, ExplainReport):
        tunnels = pair_up(report.exchanges)
        told = _Told([_drawn(WholePart(tunnels=tunnels, states=tuple(map(state_of, tunnels))))])
        findings: list[dict[str, Any]] = []
        listed: list[dict[str, Any]] = []
        head: dict[str, Any] = {"shown": _about(report.pair), "titles": {}, "runs": []}
    else:
        calls = frozenset(
            (member.host, member.object, member.far)
            for cause in report.findings
            for finding in (cause, *cause.follows)
            for member in finding.members
        )
        told = _Told(report.whole.drawn(partial(_drawn, calls=calls)) if report.whole is not None else ())
        harms = told.harmed(report.findings)
        findings = [
            msgspec.to_builtins(PublishedFinding.of(one, report.repairs.get(one.fingerprint)))
            for one in report.findings
        ]
        listed = [_finding(one, cause.follows, harms) for one, cause in zip(findings, report.findings, strict=True)]
        runs = report.whole.runs if report.whole is not None else ()
        head = {
            "shown": f"Only findings {report.shown}." if report.shown else "",
            "titles": {one["code"]: report.titles.get(one["code"], "") for one in findings},
            "verdict": {"word": report.verdict.word, "sentence": report.verdict.sentence, "code": report.verdict.code},
            "time": report.time,
            "version": report.version,
            "snapshot": report.snapshot,
            "runs": [
                {"time": run.time, "tunnels": {str(state): n for state, n in run.tunnels.items()}} for run in runs
            ],
        }
    details, left_out = _details(told, findings)
    states = Counter(told.states)
    coverage = report.coverage
    core = {
        **head,
        "kind": "fleet",
        "title": PurePath(report.path).name or report.path,
        "path": report.path,
        "states": {state: states[state] for state in STATES if states[state]},
        "coverage": _coverage(coverage),
        "directions": told.directions.packed,
        "tunnels": {"there": told.there, "back": told.back, "state": told.states},
        "findings": pack(listed),
        "left_out": left_out,
        "words": words(),
    }
    return page(
        f"ikeaudit: {core['title']}",
        headline(states),
        (str(core["title"]), *_facts(report, coverage)),
        _still(findings, told),
        blob(core),
        details,
    )


class _Drawn(NamedTuple):
    """A part of the fleet as the page has it: no exchange is needed any more.

    ``there`` and ``back`` are the directions of each tunnel, by number, -1 for none; ``plain`` are the directions that come up
    and of which there is nothing to tell. ``failing`` are the routers of the first tunnels that do not come up.
    """

    directions: Packed
    details: Packed
    plain: bytes
    there: array[int]
    back: array[int]
    states: tuple[State, ...]
    failing: tuple[tuple[tuple[str, ...], State], ...]
    troubles: tuple[tuple[int, Trouble], ...]
    seen: dict[Call, tuple[str, ...]]


def _drawn(part: WholePart, calls: Collection[Call] = ()) -> _Drawn:
    """What is on the page of one part; of who knows callers by which addresses, what is told of ``calls``."""
    every = (*(one for tunnel in part.tunnels for one in tunnel.directions), *part.beside)
    exchanges = list({id(one): one for one in every}.values())
    numbers = {id(one): number for number, one in enumerate(exchanges)}
    bad = ((tunnel.hosts, state) for tunnel, state in zip(part.tunnels, part.states, strict=True) if state in BAD)
    return _Drawn(
        directions=pack(map(_direction, exchanges)),
        details=pack(msgspec.to_builtins(PublishedExchange.of(one)) for one in exchanges),
        plain=bytes(map(_simply_up, exchanges)),
        there=array("l", [numbers[id(tunnel.there)] for tunnel in part.tunnels]),
        back=array("l", [-1 if one.back is None else numbers[id(one.back)] for one in part.tunnels]),
        states=part.states,
        failing=tuple(islice(bad, _STILL)),
        troubles=part.troubles,
        seen={call: known for call, known in part.seen.items() if call in calls},
    )


class _Told:
    """All parts of the fleet as the page has them, one behind the other."""

    def __init__(self, parts: Iterable[_Drawn]) -> None:
        self.directions = Joining()
        self.plain = bytearray()
        self.there, self.back = array("l"), array("l")
        self.states: list[State] = []
        self.failing: list[tuple[tuple[str, ...], State]] = []
        self.seen: dict[Call, tuple[str, ...]] = {}
        self._troubles: list[tuple[int, Trouble]] = []
        self._details = Joining()
        for part in parts:
            self._add(part)

    def _add(self, part: _Drawn) -> None:
        before = len(self.plain)
        self._troubles += ((len(self.states) + place, trouble) for place, trouble in part.troubles)
        self.there.extend(before + number for number in part.there)
        self.back.extend(number if number < 0 else before + number for number in part.back)
        self.states += part.states
        self.failing += part.failing[: _STILL - len(self.failing)]
        self.seen.update(part.seen)
        self.directions.add(part.directions)
        self.plain += part.plain
        if self._details.places > MOST:  # the page will tell by example: there is no use in keeping all until then
            part = part._replace(details=thinned(part.details, lambda number: not part.plain[number]))
        self._details.add(part.details)

    def details(self) -> Packed:
        """All that is told of each direction."""
        return self._details.packed

    def harmed(self, findings: Sequence[Finding]) -> dict[str, tuple[int, ...]]:
        """The tunnels that each of ``findings`` harms, by fingerprint."""
        from ikeaudit.hazards.catalogue import HAZARDS

        return harmed(findings, {hazard.code: hazard for hazard in HAZARDS}, self._troubles, self)


def headline(states: Mapping[State, int]) -> str:
    """The verdict in one sentence."""
    total, bad = sum(states.values()), sum(states.get(state, 0) for state in BAD)
    unknown = states.get("unknown", 0)
    if not total:
        return "No tunnel is configured in what was read."
    tunnels = f"{total:,} tunnel{'s' * (total != 1)}"
    if not bad:
        rest = f", but {unknown:,} {'are' if unknown != 1 else 'is'} not known" if unknown else ""
        return f"None of {tunnels} is known to fail{rest}."
    rest = f"; {unknown:,} {'are' if unknown != 1 else 'is'} not known" if unknown else ""
    kinds = [state for state in BAD if states.get(state)]
    if len(kinds) == 1:
        which = "The only tunnel" if total == 1 else f"{bad:,} of {tunnels}"
        return f"{which} {_verb(bad)} up {_ENDING[kinds[0]]}{rest}."
    told = ", ".join(f"{states[state]:,} {_ENDING[state]}" for state in kinds)
    return f"{bad:,} of {tunnels} will not come up from both ends for good: {told}{rest}."


def _verb(number: int) -> str:
    return "comes" if number == 1 else "come"


_ENDING: Mapping[State, str] = {
    "down": "from neither end",
    "one-at-most": "from one end at most",
    "one-end": "from one end only",
    "order": "only by luck of an order",
    "later": "only to be lost later",
}


def _details(told: _Told, findings: Sequence[dict[str, Any]]) -> tuple[str, int]:
    """The blob with all that is behind the page, and of how many directions it holds but an example of their shape."""
    exchanges = told.details()
    packed = {"exchanges": exchanges, "findings": pack(findings)}
    text = blob(packed)
    if len(text) > LARGEST:
        exchanges = packed["exchanges"] = thinned(exchanges, lambda number: not told.plain[number])
        text = blob(packed)
    return text, len(exchanges.examples)


def _simply_up(exchange: Exchange) -> bool:
    return exchange.holds and exchange.confidence == "certain" and exchange.worst == "up"


def _direction(exchange: Exchange) -> dict[str, Any]:
    """What lists and pictures show of a direction."""
    renewal = exchange.renewal
    return {
        "i": exchange.initiator,
        "r": exchange.responder,
        "p": exchange.peer,
        "ii": exchange.initiator_interface,
        "ri": exchange.responder_interface,
        "v": exchange.ike_version,
        "m": exchange.mode,
        "o": exchange.outcome,
        "w": exchange.worst,
        "c": exchange.confidence,
        "at": exchange.failed_at,
        "why": exchange.reason,
        "by": exchange.by,
        "lost": exchange.lost_at
        or ("renewal" if renewal is not None and renewal.outcome in ("down", "half-open") else None),
        "ik": exchange.initiator_keyring,
        "ip": exchange.initiator_profile,
        "rk": exchange.responder_keyring,
        "rp": exchange.responder_profile,
        "seen": None if exchange.observed is None else exchange.observed.standing,
        "say": None if exchange.observed is None else _said(exchange.initiator, exchange.observed),
    }


def _said(initiator: str, seen: Observed) -> str:
    """What the routers' state says of a direction, with the profile that is shown."""
    profile = f", with profile {seen.profile}" if seen.profile is not None else ""
    return seen_words(initiator, seen) + profile


def _finding(
    finding: dict[str, Any], follows: Sequence[Finding], harmed: Mapping[str, tuple[int, ...]]
) -> dict[str, Any]:
    """What the list of findings shows of one; the rest is in the details."""
    kept = ("code", "category", "severity", "effect", "tunnels", "hosts", "message", "confidence", "fingerprint")
    first = finding["evidence"][0] if finding["evidence"] else None
    places = harmed.get(finding["fingerprint"], ())
    return {
        **{name: finding[name] for name in kept},
        "sure": weakest(
            finding["confidence"],
            *(one.confidence for one in follows if one.category in ("connectivity", "selection")),
        ),
        "fix": finding["fix"]["text"],
        "proved": finding["fix"].get("proved", False),
        "line": first and {"file": first["file"], "line": first["line"], "text": first["text"]},
        "files": len({one["file"] for one in finding["evidence"]}),
        "follows": [{"code": one["code"], "n": len(one["hosts"])} for one in finding["consequences"]],
        "harms": ",".join(map(str, places)),
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    files = [msgspec.to_builtins(PublishedFileKind.of(entry)) for entry in coverage.hosts]
    total = coverage.total
    return {
        "percent": total.percent,
        "modelled": total.modelled,
        "irrelevant": total.irrelevant,
        "unknown": total.unknown,
        "unread": total.unread,
        "routers": len({entry.host for entry in coverage.ios}),
        "collected": list(coverage.collected or ()),
        "files": pack(files),
        "problems": [
            {"kind": one.kind, "subject": one.subject, "reason": one.reason}
            for one in sorted(coverage.problems, key=lambda one: one.kind != "host")
        ],
    }


def _facts(report: CheckReport | ExplainReport, coverage: Coverage) -> tuple[str, ...]:
    routers = len({entry.host for entry in coverage.ios})
    missing = len({one.subject for one in coverage.unread})
    told = [f"{routers:,} router{'s' * (routers != 1)}", f"coverage {coverage.total.percent:g}%"]
    if missing:
        told.append(f"{missing:,} configuration{'s' * (missing != 1)} missing")
    if isinstance(report, CheckReport):
        told += [report.time, f"ikeaudit {report.version}"]
        told += [f"Only findings {report.shown}."] if report.shown else []
    else:
        told += [_about(report.pair)]
    return tuple(told)


def _about(pair: Sequence[str]) -> str:
    return f"Only tunnels of {' and '.join(pair)}." if pair else ""


def _still(findings: Sequence[dict[str, Any]], told: _Told) -> tuple[Still, ...]:
    causes = [one for one in findings if one["effect"] != "none"]
    if causes:
        rows = tuple(
            (
                f"{one['tunnels']:,}",
                STATES[one["effect"]],
                one["confidence"],
                f"{one['code']}: {one['message']}",
                f"{one['evidence'][0]['file']}:{one['evidence'][0]['line']}" if one["evidence"] else "",
            )
            for one in causes[:_STILL]
        )
        more = f"… and {len(causes) - _STILL} more causes." if len(causes) > _STILL else ""
        return (
            Still("What is wrong, by cause", ("Tunnels", "Comes up from", "Certainty", "Cause", "Line"), rows, more),
        )
    pairs = tuple((" ⇄ ".join(hosts), STATES[state]) for hosts, state in told.failing)
    rest = sum(state in BAD for state in told.states) - len(pairs)
    more = f"… and {rest} more." if rest else ""
    return (
        Still("Tunnels that fail", ("Tunnel", "Comes up from"), pairs, more or ("" if pairs else "None is known to.")),
    )
