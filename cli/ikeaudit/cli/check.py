"""``ikeaudit check``: every hazard of a snapshot, with an exit code for schedulers."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated

import typer

from ikeaudit.cli.options import FormatOption, NatOption, OutputOption, PathArgument, one_of
from ikeaudit.report import FAIL_ON

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ikeaudit.hazards.facts.release import Release
    from ikeaudit.hazards.finding import Hazard

MIN_COVERAGE = 90.0
"""Default of ``--min-coverage``: a fleet of which a tenth was not understood has not been audited."""


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("check")(check)


def check(
    path: PathArgument,
    format_: FormatOption = "console",
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on",
            metavar="|".join(FAIL_ON),
            callback=one_of(FAIL_ON),
            help="Exit with 1 when a finding is this severe or worse.",
        ),
    ] = "high",
    min_coverage: Annotated[
        float,
        typer.Option(
            "--min-coverage",
            metavar="PERCENT",
            min=0,
            max=100,
            help="Exit with 3 when fewer of the crypto-relevant lines were understood.",
        ),
    ] = MIN_COVERAGE,
    host: Annotated[
        list[str] | None,
        typer.Option("--host", metavar="NAME", show_default=False, help="Only findings on this router (repeatable)."),
    ] = None,
    code: Annotated[
        list[str] | None,
        typer.Option(
            "--code", metavar="CODE", show_default=False, help="Only this hazard, or a pattern: 'KR-*' (repeatable)."
        ),
    ] = None,
    target_release: Annotated[
        list[str] | None,
        typer.Option(
            "--target-release",
            metavar="[HOST=]RELEASE",
            show_default=False,
            help="The release that all routers, or those whose name fits HOST, are to be upgraded to: '17.12', "
            "'BR*=17.15.1a' (repeatable; the last that fits counts). FL-UPGRADE-BLOCK is then about these upgrades.",
        ),
    ] = None,
    nat: NatOption = None,
    output: OutputOption = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing when the exit code is 0 (for schedulers).")
    ] = False,
) -> int:
    """Audit a snapshot: every hazard, worst first, with the lines behind it.

    Exit code: 0 clean, 1 findings at or above --fail-on, 2 wrong usage or unusable input, 3 incomplete (a host could not be
    read, or coverage below --min-coverage), 4 internal error.
    """
    from ikeaudit.cli.loading import fleet_of, load, require_ios, unread_words, warn
    from ikeaudit.cli.lookup import one_named
    from ikeaudit.cli.output import emit
    from ikeaudit.hazards import HAZARDS, audit
    from ikeaudit.report import CheckReport, judge

    codes = wanted_codes(code or (), HAZARDS)
    snapshot, coverage = load(path)
    require_ios(coverage, path)
    fleet = fleet_of(snapshot, nat)
    hosts = [one_named(name, (router.name for router in fleet.routers), what="router") for name in host or ()]
    findings = tuple(
        finding
        for finding in audit(fleet, planned_releases(target_release, [router.name for router in fleet.routers]))
        if (not codes or finding.code in codes) and (not hosts or not set(hosts).isdisjoint(finding.hosts))
    )
    verdict = judge(findings, coverage, fail_on=fail_on, min_coverage=min_coverage)
    report = CheckReport(
        findings=findings,
        coverage=coverage,
        verdict=verdict,
        titles={hazard.code: hazard.title for hazard in HAZARDS},
        path=str(path),
        shown=_filter_words(hosts, code or ()),
    )
    if output is not None or not (quiet and verdict.code == 0):
        emit(report, format_, output)
    if quiet or output is not None or format_ != "console":
        warn(unread_words(coverage))
    return verdict.code


def wanted_codes(patterns: Sequence[str], hazards: Sequence[Hazard]) -> frozenset[str]:
    """The codes that ``patterns`` name, none when there are no patterns.

    Raises InputError for a pattern that names no hazard.
    """
    from ikeaudit.cli.lookup import one_named

    known = [hazard.code for hazard in hazards]
    codes: set[str] = set()
    for pattern in patterns:
        matching = [one for one in known if fnmatchcase(one, pattern.upper())]
        codes.update(matching or (one_named(pattern, known, what="rule"),))
    return frozenset(codes)


def planned_releases(words: Sequence[str] | None, hosts: Sequence[str]) -> dict[str, Release] | None:
    """The release that each host is to be upgraded to, from ``--target-release``; None when it is not given.

    Raises InputError for what is no release, and for a host name or pattern that fits no router.
    """
    from ikeaudit.cli.lookup import one_named
    from ikeaudit.hazards.facts.release import parse_release
    from ikeaudit.model.errors import InputError

    if not words:
        return None
    planned: dict[str, Release] = {}
    for word in words:
        pattern, equals, text = word.rpartition("=")
        release = parse_release(text)
        if release is None:
            raise InputError(f"--target-release: {text!r} is no release; write it like 17.12 or 'BR*=17.15.1a'.")
        fitting = [host for host in hosts if not equals or fnmatchcase(host.lower(), pattern.lower())]
        planned.update(dict.fromkeys(fitting or [one_named(pattern, hosts, what="router")], release))
    return planned


def _filter_words(hosts: Sequence[str], codes: Sequence[str]) -> str:
    words = []
    if hosts:
        words.append(f"on {', '.join(hosts)}")
    if codes:
        words.append(f"of {', '.join(code.upper() for code in codes)}")
    return " and ".join(words)
