"""Hand-built results: the seed's two routers as ``explain`` and ``check`` should tell them."""

from __future__ import annotations

import pytest

from ikeaudit.exchange.citations import Citations
from ikeaudit.exchange.result import Exchange, Reading, TranscriptLine
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Evidence
from ikeaudit.report import Coverage, FileCoverage, Line, Problem

KEY_LINE = "pre-shared-key address 192.168.0.2 key <PSK:00112233445566aa>"

R1_EVIDENCE = (
    Evidence("R1", "seed/r1.cfg", 3, KEY_LINE),
    Evidence("R1", "seed/r1.cfg", 5, KEY_LINE),
    Evidence("R1", "seed/r1.cfg", 19, "match identity address 192.168.0.2 255.255.255.255 !R2"),
)


def said(router: str, *lines: str) -> tuple[TranscriptLine, ...]:
    return tuple(TranscriptLine(router, line) for line in lines)


@pytest.fixture
def up() -> Exchange:
    """R1 as initiator (seed, first scenario)."""
    return Exchange(
        initiator="R1",
        responder="R2",
        peer="192.168.0.2",
        initiator_interface="Tunnel1",
        responder_interface="Tunnel1",
        ike_version=1,
        mode="main",
        outcome="up",
        confidence="certain",
        initiator_profile="profile2",
        initiator_keyring="keyring2",
        responder_keyring="keyring1",
        responder_profile="profile1",
        transcript=(
            *said("R1", "SA request profile is profile2", "Found ADDRESS key in keyring keyring2"),
            *said("R2", "found peer pre-shared key matching 192.168.0.1", "SA has been authenticated with 192.168.0.1"),
        ),
        cited=Citations([R1_EVIDENCE[1:]]),
        tunnel="t1",
    )


@pytest.fixture
def down() -> Exchange:
    """R2 as initiator (seed, second scenario): keyring verification at MM5."""
    readings = (
        Reading(
            "R1 takes the key of the first keyring in the configuration, keyring1",
            "down",
            "MM5",
            "keyring-verification",
            "profile1",
            "keyring1",
            "keyring1",
            "profile2",
            primary=True,
        ),
        Reading("R1 takes the key of keyring2", "up", None, None, "profile1", "keyring1", "keyring2", "profile2"),
    )
    return Exchange(
        initiator="R2",
        responder="R1",
        peer="192.168.0.1",
        initiator_interface="Tunnel1",
        responder_interface="Tunnel1",
        ike_version=1,
        mode="main",
        outcome="down",
        confidence="unpredictable",
        failed_at="MM5",
        reason="keyring-verification",
        initiator_profile="profile1",
        initiator_keyring="keyring1",
        responder_keyring="keyring1",
        responder_profile="profile2",
        readings=readings,
        transcript=(
            *said(
                "R2",
                "SA request profile is profile1",
                "Can not start Aggressive mode, trying Main mode.",
                "Found ADDRESS key in keyring keyring1",
                "beginning Main Mode exchange",
            ),
            *said("R1", "found peer pre-shared key matching 192.168.0.2", "local preshared key found"),
            *said("R1", "atts are acceptable. Next payload is 0"),
            *said("R2", "Found ADDRESS key in keyring keyring1", "Looking for xauth in profile profile1"),
            *said(
                "R1",
                "peer matches profile2 profile",
                "Found ADDRESS key in keyring keyring2",
                "Key not found in keyrings of profile , aborting exchange",
                "FSM action returned error: 2",
            ),
        ),
        cited=Citations([R1_EVIDENCE]),
        tunnel="t1",
    )


@pytest.fixture
def unknown() -> Exchange:
    """A peer whose configuration is missing."""
    return Exchange(
        initiator="R1",
        responder=None,
        peer="203.0.113.77",
        initiator_interface="GigabitEthernet0/0 CM 10",
        responder_interface=None,
        ike_version=1,
        mode="main",
        outcome="unknown",
        confidence="unknown",
        readings=(Reading("the configuration of 203.0.113.77 is missing", "unknown", primary=True),),
        tunnel="t2",
    )


@pytest.fixture
def one_way() -> Finding:
    return Finding(
        code="PW-ONEWAY",
        severity="high",
        hosts=("R1", "R2"),
        peers=("192.168.0.1", "192.168.0.2"),
        message="The tunnel between R1 and R2 comes up when R1 initiates and fails at MM5 when R2 does.",
        symptom="It looks healthy until R2 initiates: Key not found in keyrings of profile , aborting exchange on R1.",
        fix="Remove the cause, here KR-DUP-ADDR on R1.",
        confidence="unpredictable",
        evidence=R1_EVIDENCE,
        cause=("Tunnel1", "Tunnel1"),
    )


@pytest.fixture
def duplicate() -> Finding:
    return Finding(
        code="KR-DUP-ADDR",
        severity="high",
        hosts=("R1",),
        peers=("192.168.0.2",),
        message="Keyrings keyring1 and keyring2 both hold a key for 192.168.0.2.",
        symptom="As responder R1 takes the first keyring; a profile that lists the other one aborts after MM5.",
        fix="Keep one keyring (ikeaudit plan --strategy single-keyring).",
        evidence=R1_EVIDENCE[:2],
        cause=("192.168.0.2",),
    )


@pytest.fixture
def weak() -> Finding:
    return Finding(
        code="PH1-WEAK",
        category="hygiene",
        severity="medium",
        hosts=("R2",),
        message="Policy 10 uses 3des, md5 and group 2.",
        symptom="Refused as not CSDL compliant after an upgrade.",
        fix="Strong suite at both ends first.",
        evidence=(Evidence("R2", "seed/r2.cfg", 8, "encr 3des"),),
        cause=("10",),
    )


@pytest.fixture
def hazard() -> Hazard:
    return Hazard(
        code="KR-DUP-ADDR",
        title="Same peer address in two keyrings, same key",
        severity="high",
        scope="router",
        what="Two keyrings of one scope hold a key for the same address and mask.",
        why="The responder picks a key before it knows the caller.",
        symptom="Key not found in keyrings of profile , aborting exchange",
        fix="One keyring.",
        source="KEY-TIE, KEY-VERIFY",
        absent_from=(),
        detect=lambda context: (),
    )


@pytest.fixture
def coverage() -> Coverage:
    """Two routers understood, one of them not entirely, and a file of another vendor."""
    return Coverage(
        hosts=(
            FileCoverage("R1", "seed/r1.cfg", modelled=30, irrelevant=4),
            FileCoverage(
                "R2",
                "seed/r2.cfg",
                modelled=29,
                irrelevant=5,
                unknown=(Line(12, "crypto isakmp something-new 7"),),
                remarks=(Line(44, "the configuration has no end line"),),
            ),
            FileCoverage("fw", "seed/fw.conf", kind="not-ios", reason="Junos: set security ike"),
        )
    )


@pytest.fixture
def gap() -> Problem:
    return Problem("host", "R3", "R3/meta.json", "connection refused at 192.0.2.3 port 22")
