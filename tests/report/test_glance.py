"""What a terminal shows of ``check``: forty lines at most, tunnels first and last, a way to everything else."""

from __future__ import annotations

import re

import msgspec
import pytest

from ikeaudit.hazards.finding import Effect, Finding, Severity
from ikeaudit.model import Evidence
from ikeaudit.report import CheckReport, Coverage, Surface
from ikeaudit.report.console import draw
from ikeaudit.report.console.glance import LINES, short_ids
from ikeaudit.report.coverage import FileCoverage
from ikeaudit.report.verdict import judge

TERMINAL = Surface(width=100, terminal=True)


def found(
    number: int, effect: Effect = "none", severity: Severity = "high", tunnels: int = 1, code: str = "KR-NOKEY"
) -> Finding:
    return Finding(
        code=code,
        severity=severity,
        hosts=(f"R{number}",),
        message=f"Keyring K{number} holds no key for 192.0.2.{number}.",
        symptom="None.",
        fix=f"Add a key for 192.0.2.{number} to keyring K{number}.",
        evidence=(Evidence(f"R{number}", f"R{number}.cfg", 10 + number, f"crypto keyring K{number}"),),
        cause=(str(number),),
        effect=effect,
        tunnels=tunnels,
    )


def report(*findings: Finding, **tunnels: int) -> CheckReport:
    coverage = Coverage(hosts=tuple(FileCoverage(f"R{n}", f"R{n}.cfg", modelled=9) for n in range(1, 4)))
    states = {"one-end" if name == "one_end" else name: number for name, number in tunnels.items()}
    return CheckReport(
        findings=findings,
        coverage=coverage,
        verdict=judge(findings, coverage),
        path="fleet",
        tunnels=states,  # type: ignore[arg-type]
    )


def lines(of: CheckReport, surface: Surface = TERMINAL) -> list[str]:
    return draw(of, surface).splitlines()


def test_tunnels_first_and_last() -> None:
    shown = lines(report(found(1, "down", "critical", 2), found(2, "one-end"), down=2, one_end=1, none=7, unknown=4))
    assert shown[0] == " 3 of 14 tunnels will not come up from both ends for good   3 routers · coverage 100%"
    assert shown[1] == " neither end 2 · one end only 1 · not known 4 · healthy 7"
    assert shown[-1] == " EXIT 1  3 tunnels fail by 2 causes: R1, R2"


def test_a_cause_has_its_line_what_mends_it_and_what_to_type() -> None:
    shown = lines(report(found(1, "down", "critical", 2), down=2))
    at = shown.index(" NEITHER END comes up")
    assert shown[at + 1 : at + 5] == [
        "  1  2 tunnels  certain  Keyring K1 holds no key for 192.0.2.1.",
        "     R1.cfg:11  crypto keyring K1",
        "     advice  Add a key for 192.0.2.1 to keyring K1.",
        f"     more  ikeaudit check fleet --cause {found(1).fingerprint[:4]}",
    ]


@pytest.mark.parametrize("width", [40, 80, 100, 200])
@pytest.mark.parametrize("causes", [0, 1, 5, 6, 7, 60])
def test_never_more_than_forty_lines(causes: int, width: int) -> None:
    some = [found(n, "down", "critical") for n in range(1, causes + 1)]
    rest = [found(n, code=code) for n, code in enumerate(("PH1-WEAK", "TP-NOKEEP", "KR-WILDCARD") * 30, 100)]
    shown = lines(report(*some, *rest, down=causes, unknown=3), Surface(width=width, terminal=True))
    assert len(shown) <= LINES
    assert max(map(len, shown)) <= width
    told = sum(bool(re.match(r" +\d+  1 tunnel  certain", line)) for line in shown)
    left = [line for line in shown if "more cause" in line]
    assert told == causes if not left else f"… and {causes - told} more cause" in left[0]


def test_what_breaks_nothing_is_a_line_for_each_severity() -> None:
    shown = lines(report(found(1), found(2), found(3, severity="low", code="PH1-WEAK"), none=1))
    at = shown.index(" No tunnel fails by these")
    assert shown[at + 1 : at + 3] == [" high        2  KR-NOKEY 2", " low         1  PH1-WEAK"]
    assert shown[0].startswith(" 1 tunnel: none is known to fail   3 routers")


def test_a_pipe_and_options_show_the_findings_themselves() -> None:
    clean = report(found(1, "down"), down=1)
    glance = lines(clean)
    for other in (
        lines(clean, Surface()),
        lines(msgspec.structs.replace(clean, depth="findings")),
        lines(msgspec.structs.replace(clean, depth="all")),
        lines(msgspec.structs.replace(clean, shown="on R1")),
    ):
        assert other != glance
        assert any(line.lstrip().startswith("symptom") for line in other)


def test_all_shortens_nothing() -> None:
    many = report(*(found(n, severity="low") for n in range(1, 30)))
    few, whole = ("\n".join(lines(msgspec.structs.replace(many, depth=depth))) for depth in ("findings", "all"))
    assert "more finding" in few
    assert "more finding" not in whole
    assert "K29" in whole


def test_ids_are_as_short_as_tells_them_apart() -> None:
    some = [found(n) for n in range(400)]
    ids = short_ids(some)
    assert len(set(ids.values())) == 400
    shortest = len(next(iter(ids.values())))
    assert shortest > 4
    assert len({one.fingerprint[: shortest - 1] for one in some}) < 400
    assert {len(one) for one in short_ids(some[:2]).values()} == {4}


@pytest.mark.parametrize(("length", "whole"), [(0, True), (1, False)])
def test_what_shows_more_of_a_cause_is_never_cut_off(length: int, whole: bool) -> None:
    """Wrong line that this catches: a command of just the width, told shortened; one that is longer, told with an ellipsis."""
    of = report(found(1, "down"), down=1)
    short = short_ids(of.findings)[of.findings[0].fingerprint]
    front, behind = "     more  ikeaudit check ", f" --cause {short}"
    path = "f" * (TERMINAL.width - len(front) - len(behind) + length)
    shown = lines(msgspec.structs.replace(of, path=path))
    assert (front + path + behind in shown) is whole
    assert (f"     more: --cause {short}" in shown) is not whole
