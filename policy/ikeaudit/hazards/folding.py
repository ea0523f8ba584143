"""Findings that say the same of many routers, or crowd around one router, told as one: not 800 findings, but one."""

from collections import Counter
from collections.abc import Iterable

import msgspec

from ikeaudit.hazards.facts.phrases import listing, natural
from ikeaudit.hazards.finding import Finding
from ikeaudit.model.grouping import by_key

CROWD = 8
"""So many findings of one hazard, alike or around one router, are read as one mistake that was made again and again."""


def fold(findings: Iterable[Finding], *, around: bool = True) -> list[Finding]:
    """The findings of one hazard, with crowds of equal severity and confidence made into one each.

    A crowd says the same of different routers, as a template's mistake does, or is around one router, the one that most
    of the findings name. Its finding names every host and peer and has all the evidence; the message is that of the
    first, by cause, with the others' names where they differ. What is no crowd stays as it is. With ``around`` False only
    those that say the same are put together.
    """
    kinds = by_key(((f.code, f.category, f.severity, f.confidence), f) for f in findings)
    told = [_alike(kind) for kind in kinds.values()]
    return [folded for kind in told for folded in (_around_one(kind) if around else kind)]


def _alike(findings: list[Finding]) -> list[Finding]:
    if len(findings) < CROWD:
        return findings
    texts = by_key(((finding.message, finding.symptom, finding.fix), finding) for finding in findings)
    found: list[Finding] = []
    for same in texts.values():
        # What they say is the cause: who says so may change.
        cause = ("alike", same[0].severity, same[0].confidence, same[0].message, same[0].symptom, same[0].fix)
        found += [_merged(_in_order(same), same[0].message, cause)] if len(same) >= CROWD else same
    return found


def _around_one(findings: list[Finding]) -> list[Finding]:
    if len(findings) < CROWD:
        return findings
    count = Counter(host for finding in findings for host in finding.hosts)
    crowds: dict[str, list[Finding]] = {}
    for finding in findings:
        centre = min(finding.hosts, key=lambda host: (-count[host], host))
        crowds.setdefault(centre, []).append(finding)
    found: list[Finding] = []
    for centre, crowd in crowds.items():
        found += [_one(centre, crowd)] if len(crowd) >= CROWD else crowd
    return found


def _one(centre: str, crowd: list[Finding]) -> Finding:
    ordered = _in_order(crowd)
    first, rest = ordered[0], ordered[1:]
    message = f"{first.message} The same goes for {len(rest)} more: {listing(_names(centre, rest))}."
    return _merged(ordered, message, ("around", centre, first.category, first.severity, first.confidence))


def _merged(ordered: list[Finding], message: str, cause: tuple[str, ...]) -> Finding:
    return msgspec.structs.replace(
        ordered[0],
        hosts=tuple(sorted({host for finding in ordered for host in finding.hosts})),
        peers=tuple(dict.fromkeys(peer for finding in ordered for peer in finding.peers)),
        message=message,
        evidence=tuple(dict.fromkeys(line for finding in ordered for line in finding.evidence)),
        cause=cause,
        removes=tuple(dict.fromkeys(gone for finding in ordered for gone in finding.removes)),
        parts=tuple(dict.fromkeys(member for finding in ordered for member in finding.members)),
        follows=tuple(dict.fromkeys(one for finding in ordered for one in finding.follows)),
    )


def _in_order(findings: list[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: [natural(word) for word in (*finding.cause, "", *finding.hosts)])


def _names(centre: str, findings: list[Finding]) -> list[str]:
    """What tells the findings apart: the other routers, else the first word of each cause that they do not share."""
    others = [host for finding in findings for host in finding.hosts if host != centre]
    if others:
        return others
    longest = max((len(finding.cause) for finding in findings), default=0)
    said = [{finding.cause[place] for finding in findings if len(finding.cause) > place} for place in range(longest)]
    differ = [len(words) > 1 or len(findings) == 1 for words in said]
    return [_own_word(finding, differ) for finding in findings]


def _own_word(finding: Finding, differ: list[bool]) -> str:
    own = (word for word, differs in zip(finding.cause, differ, strict=False) if differs)
    return next(own, finding.cause[0] if finding.cause else finding.code)
