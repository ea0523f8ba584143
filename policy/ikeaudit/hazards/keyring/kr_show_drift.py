"""KR-SHOW-DRIFT: show crypto isakmp key disagrees with the running-config."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Prefix, Secret, ShownKey


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router whose two sources differ."""
    for facts in context.routers:
        shown = facts.router.shows.keys
        if shown is None:
            continue
        only_config, only_shown, changed, lines = _compare(facts, shown)
        parts = []
        if only_config:
            parts.append(f"only in the configuration: {listing(only_config)}")
        if only_shown:
            parts.append(f"only in the command's output: {listing(only_shown)}")
        if changed:
            parts.append(f"with another key: {listing(changed)}")
        if parts:
            yield HAZARD.finding(
                hosts=[facts.name],
                message=f"'show crypto isakmp key' and the running-config disagree; {'; '.join(parts)}.",
                cause=[*only_config, "", *only_shown, "", *changed],
                evidence=facts.router.evidence(*lines),
            )


def _compare(facts: RouterFacts, shown: tuple[ShownKey, ...]) -> tuple[list[str], list[str], list[str], list[int]]:
    """Targets only configured, only shown, and in both with different keys; and the configuration lines concerned."""
    mine = {(p.keyring.name, _target(p.key.prefix, p.key.hostname)): p.key for p in facts.picks}
    theirs: dict[tuple[str, str], list[ShownKey]] = {}
    for row in shown:
        theirs.setdefault((row.keyring, _target(row.prefix, row.hostname)), []).append(row)
    count = Counter((p.keyring.name, _target(p.key.prefix, p.key.hostname)) for p in facts.picks)
    only_config = [place for place in mine if place not in theirs]
    only_shown = [place for place, rows in theirs.items() if len(rows) > count[place]]
    changed = [place for place in mine if place in theirs and not _same(mine[place].secret, theirs[place])]
    lines = [mine[place].line for place in (*only_config, *changed)]
    return _words(only_config), _words(only_shown), _words(changed), lines


def _target(prefix: Prefix | None, hostname: str | None) -> str:
    return str(prefix.network) if prefix is not None else f"host {(hostname or '').lower()}"


def _same(configured: Secret, shown: list[ShownKey]) -> bool:
    """Whether the shown key can be the configured one; what cannot be compared is taken to agree (U-11)."""
    if configured.opaque or (configured.facts is not None and configured.facts.trailing_blanks):
        return True
    return any(row.secret.opaque or row.secret.fingerprint == configured.fingerprint for row in shown)


def _words(places: list[tuple[str, str]]) -> list[str]:
    return [f"{target} of {keyring}" for keyring, target in places]


HAZARD = Hazard(
    code="KR-SHOW-DRIFT",
    title="show crypto isakmp key disagrees with the running-config",
    severity="medium",
    scope="router",
    what=(
        "The snapshot holds the output of 'show crypto isakmp key', and an entry (keyring, address and mask or host "
        "name, key) is in it but not in the running-config, or the other way round. The text of type 6 keys is not "
        "compared."
    ),
    why=(
        "One of the two is cut short, stale or from another moment, so that everything else that the audit says may "
        "be about a router that does not exist."
    ),
    symptom="None on the router.",
    fix=(
        "Collect again; if it stays, look for a configuration change in between, or for output cut off by the terminal."
    ),
    source="SHOW-LAYOUT, U-11",
    detect=detect,
)
