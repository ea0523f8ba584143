"""What people see: worst first, nothing lost when piped, nothing wider than the terminal, nothing that a terminal obeys."""

from __future__ import annotations

import re

import msgspec
import pytest
from rich.text import Text

from ikeaudit.exchange.result import Exchange, Renewal, TranscriptLine
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Evidence
from ikeaudit.report import (
    CheckReport,
    Coverage,
    CoverageReport,
    Document,
    ExplainReport,
    Problem,
    RulesReport,
    Surface,
    format_named,
    judge,
)

PIPE = Surface()
TERMINAL = Surface(width=80, colours="truecolor", terminal=True)
ESCAPE = "\x1b"


def shown(document: Document, surface: Surface = PIPE) -> str:
    chosen = format_named("console")
    assert chosen is not None
    return chosen.render(document, surface)


def plain(text: str) -> list[str]:
    return [Text.from_ansi(line).plain for line in text.splitlines()]


def words(text: str) -> str:
    """Without colours and line breaks, to find a wrapped sentence."""
    return " ".join(" ".join(plain(text)).split())


def checked(findings: tuple[Finding, ...], coverage: Coverage, **more: str) -> CheckReport:
    titles = {"PW-ONEWAY": "Only one direction comes up"}
    verdict = judge(findings, coverage)
    return CheckReport(findings=findings, coverage=coverage, verdict=verdict, titles=titles, depth="findings", **more)


def lines_with(text: str, part: str) -> list[str]:
    return [line for line in text.splitlines() if part in line]


# --- check ---------------------------------------------------------------------------------------------------------


def test_findings_come_in_the_order_of_the_audit(one_way: Finding, weak: Finding, coverage: Coverage) -> None:
    critical = msgspec.structs.replace(one_way, code="PW-BOTHFAIL", severity="critical")
    text = shown(checked((one_way, weak, critical, one_way), coverage))
    headings = re.findall(r"^ (CRITICAL|HIGH|MEDIUM)  (\S+)", text, re.MULTILINE)
    assert headings == [("HIGH", "PW-ONEWAY"), ("MEDIUM", "PH1-WEAK"), ("CRITICAL", "PW-BOTHFAIL")]


def test_what_follows_is_told_with_the_cause(duplicate: Finding, one_way: Finding, coverage: Coverage) -> None:
    cause = msgspec.structs.replace(duplicate, follows=(one_way,), effect="one-end", tunnels=1)
    text = shown(checked((cause,), coverage))
    assert "R1 · peer 192.168.0.2 · 1 tunnel that one end only brings up" in text
    assert f"PW-ONEWAY on R1, R2: {one_way.message}" in words(text)
    assert not re.search(r"^ HIGH  PW-ONEWAY", text, re.MULTILINE)


def test_a_finding_tells_everything(one_way: Finding, coverage: Coverage) -> None:
    text = shown(checked((one_way,), coverage))
    assert "PW-ONEWAY  Only one direction comes up" in text
    assert "R1, R2 · peers 192.168.0.1, 192.168.0.2 · unpredictable" in text
    assert one_way.message in words(text)
    assert one_way.symptom in words(text)
    assert one_way.fix in words(text)
    assert lines_with(text, "seed/r1.cfg:19")[0].endswith("match identity address 192.168.0.2 255.255.255.255 !R2")


def test_advice_that_is_the_same_is_given_once(duplicate: Finding, coverage: Coverage) -> None:
    other = msgspec.structs.replace(duplicate, hosts=("R9",), cause=("10.0.0.9",))
    text = shown(checked((duplicate, other), coverage))
    assert "(2 findings)" in text
    assert len(lines_with(text, "symptom")) == 1
    different = msgspec.structs.replace(other, fix="Something else.")
    assert len(lines_with(shown(checked((duplicate, different), coverage)), "symptom")) == 2


def test_coverage_is_printed_with_every_result(one_way: Finding, coverage: Coverage, gap: Problem) -> None:
    text = shown(checked((one_way,), msgspec.structs.replace(coverage, problems=(gap,))))
    assert "Coverage 2 hosts · 59 lines modelled, 9 irrelevant, 1 unknown (98.5% understood)" in text
    assert "not IOS   seed/fw.conf: Junos: set security ike" in text
    assert "remark    seed/r2.cfg:44: the configuration has no end line" in text
    assert "unknown   seed/r2.cfg:12  crypto isakmp something-new 7" in text
    show = Problem("show", "R1", "R1/show-version.txt", "is empty")
    assert "problem   R1/show-version.txt is empty" in shown(checked((), Coverage(problems=(show,))))
    assert "not read  R3: connection refused at 192.0.2.3 port 22" in text


def test_the_last_line_is_the_verdict(one_way: Finding, coverage: Coverage) -> None:
    assert shown(checked((one_way,), coverage)).splitlines()[-1] == "FINDINGS  1 high; 1 failing."
    assert shown(checked((), coverage)).splitlines()[-1] == "OK  no findings."


def test_a_filter_is_said(one_way: Finding, coverage: Coverage) -> None:
    assert shown(checked((one_way,), coverage, shown="on R1")).startswith("Only findings on R1.\n")


def test_long_lists_are_shortened_for_people_only(duplicate: Finding, coverage: Coverage) -> None:
    evidence = tuple(Evidence("R1", "hub.cfg", n, f"line {n}") for n in range(1, 41))
    peers = tuple(f"10.0.0.{n}" for n in range(1, 41))
    report = checked((msgspec.structs.replace(duplicate, evidence=evidence, peers=peers),), coverage)
    piped, watched = shown(report), words(shown(report, TERMINAL))
    assert "hub.cfg:40  line 40" in piped
    assert "10.0.0.40" in piped
    assert "more" not in piped
    assert "and 28 more lines" in watched
    assert "10.0.0.12 and 28 more" in watched


# --- explain -------------------------------------------------------------------------------------------------------


def test_every_direction_is_one_line_when_piped(up: Exchange, down: Exchange, coverage: Coverage) -> None:
    text = shown(ExplainReport(exchanges=(up, down), coverage=coverage))
    at = text.splitlines().index(next(line for line in text.splitlines() if line.startswith("direction ")))
    rows = [line.split() for line in text.splitlines()[at : at + 3]]
    assert rows[0] == ["direction", "interface", "outcome", "confidence", "failed", "at", "reason"]
    assert rows[1] == ["R1", "→", "R2", "Tunnel1", "→", "Tunnel1", "up", "certain"]
    assert rows[2][6:] == ["down", "unpredictable", "MM5", "keyring-verification"]


def test_the_failing_tunnels_come_first_by_cause(
    up: Exchange, down: Exchange, unknown: Exchange, coverage: Coverage
) -> None:
    again = msgspec.structs.replace(down, initiator="R4", tunnel="t4")
    text = shown(ExplainReport(exchanges=(up, down, unknown, again), coverage=coverage, path="fleet"))
    told = text[: text.index("\ndirection  ")]
    wanted = [
        "NEITHER END comes up",
        "  1  1 direction  unpredictable  down at MM5: keyring-verification. The key was picked",
        "     R4 → R1  Tunnel1 → Tunnel1",
        "ONE END ONLY comes up",
        "     R2 → R1  Tunnel1 → Tunnel1",
        "     more  ikeaudit explain fleet R2 R1",
        "NOT KNOWN",
        "  3  1 direction  unknown  the peer's configuration is missing",
    ]
    places = [told.find(line) for line in wanted]
    assert -1 not in places and places == sorted(places), told


def test_where_one_end_fails_and_the_other_is_not_known_neither_would_say_too_much(
    down: Exchange, unknown: Exchange, coverage: Coverage
) -> None:
    """U-17: at least one end fails."""
    open_ = msgspec.structs.replace(unknown, initiator="R1", responder="R2", tunnel=down.tunnel)
    text = shown(ExplainReport(exchanges=(down, open_), coverage=coverage, path="fleet"))
    assert "ONE END AT MOST comes up" in text and "NEITHER END" not in text and "ONE END ONLY" not in text
    pair = shown(ExplainReport(exchanges=(down, open_), coverage=coverage, pair=("R1", "R2")))
    assert "comes up from ONE END AT MOST" in pair


def test_the_failing_direction_tells_its_story(up: Exchange, down: Exchange, coverage: Coverage) -> None:
    report = ExplainReport(exchanges=(up, down), coverage=coverage, transcripts="auto", evidence=True)
    text = shown(report)
    said = [line.split("  ")[-1] for line in text.splitlines() if re.match(r"  R[12]  ", line)]
    assert said == [line.line for line in down.transcript]
    assert "down at MM5  keyring-verification, unpredictable. The key was picked" in text
    assert "✕ down at MM5, keyring-verification: R1 takes the key of the first keyring" in text
    assert "✔ up: R1 takes the key of keyring2" in text
    assert "seed/r1.cfg:19  match identity" in text
    assert "SA has been authenticated" not in text  # R1 → R2 comes up: its transcript was not asked for
    bare = shown(msgspec.structs.replace(report, transcripts="none", evidence=False))
    assert "beginning Main Mode" not in bare and "seed/r1.cfg:19" not in bare


def test_a_pair_shows_both_verdicts_and_the_healthy_direction_with_all(
    up: Exchange, down: Exchange, coverage: Coverage
) -> None:
    report = ExplainReport(exchanges=(up, down), coverage=coverage, pair=("R1", "R2"))
    text = shown(report)
    assert text.splitlines()[:3] == [
        "R1 ⇄ R2   Tunnel1 ⇄ Tunnel1   IKEv1 main mode   comes up from ONE END ONLY · unpredictable",
        "  R1 calls R2  ✔ up   R1 keyring2, profile2; R2 keyring1, profile1",
        "  R2 calls R1  ✕ down at MM5  keyring-verification   R2 keyring1, profile1; R1 keyring1, profile2",
    ]
    assert "R2 → R1  Tunnel1" in text and "R1 → R2  Tunnel1" not in text
    assert "the healthy directions  --all" in text
    everything = shown(msgspec.structs.replace(report, everything=True, transcripts="all"))
    assert "R1 → R2  Tunnel1" in everything and "SA has been authenticated with 192.168.0.1" in everything
    assert "--all" not in everything


def test_what_is_lost_later_and_renewed_is_said(up: Exchange, coverage: Coverage) -> None:
    lost = msgspec.structs.replace(up, lost_at="rekey", lost_after=3600)
    text = shown(ExplainReport(exchanges=(lost,), coverage=coverage, pair=("R1", "R2")))
    assert "✕ up, lost at the first rekey after 3600 s" in text and "comes up and is LOST LATER" in text
    idle = msgspec.structs.replace(
        up,
        initiator="R2",
        responder="R1",
        outcome="not-initiated",
        reason="peer-unknown",
        renewal=Renewal("down", "probable", "MM5", "psk-mismatch"),
    )
    text = shown(ExplainReport(exchanges=(up, idle), coverage=coverage))
    assert "COMES UP, AND IS LOST LATER" in text
    assert "1 direction  probable  its renewal is down at MM5: psk-mismatch." in text


def test_transcripts_can_be_left_out(down: Exchange, coverage: Coverage) -> None:
    text = shown(ExplainReport(exchanges=(down,), coverage=coverage, transcripts="none"))
    assert "Key not found" not in text
    assert "keyring-verification" in text


def test_the_last_line_counts(up: Exchange, down: Exchange, unknown: Exchange, coverage: Coverage) -> None:
    last = shown(ExplainReport(exchanges=(up, down, unknown), coverage=coverage)).splitlines()[-1]
    assert last == "3 directions: 1 up, 1 down, 1 unknown; 1 tunnel comes up from one end only."


def test_a_missing_peer_goes_by_its_address(unknown: Exchange, coverage: Coverage) -> None:
    text = shown(ExplainReport(exchanges=(unknown,), coverage=coverage))
    assert "R1 → 203.0.113.77  GigabitEthernet0/0 CM 10 → ?" in text


def test_no_tunnel_is_said(coverage: Coverage) -> None:
    last = shown(ExplainReport(exchanges=(), coverage=coverage, pair=("R1", "R3"))).splitlines()[-1]
    assert last == "No tunnel between R1 and R3: nothing to replay."


def test_side_by_side_where_there_is_room(down: Exchange, coverage: Coverage) -> None:
    wide = msgspec.structs.replace(TERMINAL, width=120)
    report = ExplainReport(exchanges=(down,), coverage=coverage, pair=("R1", "R2"), transcripts="all")
    text = plain(shown(report, wide))
    heading = next(line for line in text if "(initiator)" in line)
    aborting = next(line for line in text if "aborting exchange" in line)
    assert aborting.index("Key not found") == heading.index("R1 (responder)")


# --- the others ----------------------------------------------------------------------------------------------------


def test_coverage_by_file(coverage: Coverage) -> None:
    text = shown(CoverageReport(coverage=coverage))
    assert lines_with(text, "seed/r2.cfg")[0].split() == ["R2", "seed/r2.cfg", "29", "5", "1", "97.1%"]
    assert "  seed/r2.cfg:12  crypto isakmp something-new 7" in text
    assert text.splitlines()[-1].startswith("Total 2 hosts · 59 lines modelled, 9 irrelevant, 1 unknown")


def test_places_that_leave_no_room_have_a_line_of_their_own(one_way: Finding, coverage: Coverage) -> None:
    file = "a-folder-with-a-long-name/and-a-file-with-a-long-name.cfg"
    evidence = (Evidence("R1", file, 7, "encr 3des"), Evidence("R1", "r1.cfg", 12, "group 2"))
    report = checked((msgspec.structs.replace(one_way, evidence=evidence),), coverage)
    watched = plain(shown(report, TERMINAL))
    assert watched[watched.index(f"    {file}:7") + 1] == "        encr 3des"
    assert "    r1.cfg:12  group 2" in watched
    assert f"    {file}:7  encr 3des" in shown(report).splitlines()


def test_evidence_is_in_the_order_of_its_files(one_way: Finding, coverage: Coverage) -> None:
    evidence = tuple(Evidence("R", file, line, "x") for file, line in (("b", 9), ("a", 2), ("b", 3), ("a", 1)))
    text = shown(checked((msgspec.structs.replace(one_way, evidence=evidence),), coverage))
    assert re.findall(r"^    ([ab]:\d)", text, re.MULTILINE) == ["b:3", "b:9", "a:1", "a:2"]


def test_rules(hazard: Hazard) -> None:
    listed = shown(RulesReport(hazards=(hazard,)))
    assert listed.splitlines()[1].split(maxsplit=2) == ["KR-DUP-ADDR", "high", hazard.title]
    told = words(shown(RulesReport(hazards=(hazard,), detailed=True)))
    for part in (hazard.code, hazard.what, hazard.why, hazard.symptom, hazard.fix, hazard.source):
        assert part in told


# --- every document ------------------------------------------------------------------------------------------------


@pytest.fixture
def documents(
    up: Exchange, down: Exchange, unknown: Exchange, one_way: Finding, weak: Finding, hazard: Hazard, coverage: Coverage
) -> tuple[Document, ...]:
    long = msgspec.structs.replace(
        down,
        initiator="branch-office-with-a-long-name-01",
        responder_interface="GigabitEthernet0/0/0.1234 CMAP-OUTSIDE 10",
    )
    return (
        checked((one_way, weak), coverage),
        ExplainReport(exchanges=(up, down, unknown, long), coverage=coverage, transcripts="all", evidence=True),
        ExplainReport(exchanges=(up, down, unknown, long), coverage=coverage, everything=True),
        ExplainReport(exchanges=(up, down, long), coverage=coverage, pair=("R1", "R2")),
        CoverageReport(coverage=coverage),
        RulesReport(hazards=(hazard,)),
        RulesReport(hazards=(hazard,), detailed=True),
    )


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_nothing_is_wider_than_the_terminal(width: int, documents: tuple[Document, ...]) -> None:
    for document in documents:
        for line in plain(shown(document, msgspec.structs.replace(TERMINAL, width=width))):
            assert len(line) <= width, line


def test_no_colours_in_a_pipe_and_colours_on_a_terminal(documents: tuple[Document, ...]) -> None:
    for document in documents:
        assert ESCAPE not in shown(document)
        assert ESCAPE in shown(document, TERMINAL)


def test_ascii_where_the_surface_has_no_more(documents: tuple[Document, ...]) -> None:
    for document in documents:
        assert shown(document, Surface(unicode=False)).isascii()


def test_no_trailing_blanks_in_a_pipe(documents: tuple[Document, ...]) -> None:
    for document in documents:
        for line in shown(document).splitlines():
            assert line == line.rstrip()


def test_a_terminal_obeys_nothing_of_a_configuration(one_way: Finding, up: Exchange, coverage: Coverage) -> None:
    hostile = "[bold]x[/bold] \x1b[2J\x07\u202e"
    finding = msgspec.structs.replace(one_way, message=hostile, evidence=(Evidence("R1", "a\x1bb.cfg", 1, hostile),))
    exchange = msgspec.structs.replace(up, transcript=(TranscriptLine("R1", hostile),))
    for document in (
        checked((finding,), coverage),
        ExplainReport(exchanges=(exchange,), coverage=coverage, pair=("R1",), everything=True, transcripts="all"),
    ):
        text = shown(document)
        assert ESCAPE not in text
        assert "[bold]x[/bold] \\x1b[2J\\x07\\u202e" in text


@pytest.mark.parametrize(
    ("tunnels", "effect", "said"),
    [
        (1, "order", "1 tunnel that hangs on an order"),
        (2, "order", "2 tunnels that hang on an order"),
        (1, "later", "1 tunnel that is lost later"),
        (2, "later", "2 tunnels that are lost later"),
        (1, "down", "1 tunnel that no end brings up"),
        (2, "one-end", "2 tunnels that one end only brings up"),
        (1, "one-at-most", "1 tunnel that one end at most brings up"),
    ],
)
def test_one_tunnel_and_several_are_told_in_their_own_words(tunnels: int, effect: str, said: str) -> None:
    from ikeaudit.report.console.findings import _effect

    assert _effect(effect, tunnels) == said
