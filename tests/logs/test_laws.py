"""Laws of reading logs: cut anywhere, mixed with others, wrapped, relayed, a log leads to no cause that the whole does not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ikeaudit.logs import Negotiation, diagnose

CASES = {
    block.split("\n", 1)[0]: block.split("\n", 1)[1].split("\n")
    for file in sorted(Path(__file__).parent.glob("cases*.txt"))
    for block in file.read_text(encoding="utf-8").split("\n=== ")[1:]
}
LOGS = {name: [line for line in lines if not line.startswith("--- ")] for name, lines in CASES.items()}
VAGUE = {None, "no-response", "authentication-failed"}


def causes(told: list[Negotiation]) -> set[str | None]:
    """All causes that are claimed, or left open."""
    return {cause for one in told for cause in (one.reason, *one.candidates, *(e.reason for e in one.earlier))}


@pytest.mark.parametrize("name", LOGS)
def test_a_log_that_is_cut_claims_nothing_that_the_whole_does_not(name: str) -> None:
    """The beginning alone may show a refusal that was taken back later; the end alone does not show what decides."""
    log = LOGS[name]
    whole = diagnose(log)
    refusals = {
        one.reason for at in range(len(log)) for one in diagnose(log[:at]) if one.outcome in ("down", "half-open")
    }
    known = causes(whole) | refusals | VAGUE
    up = any(one.outcome == "up" for one in whole)
    for at in range(len(log) + 1):
        for part in (log[:at], log[at:]):
            told = diagnose(part)
            assert up or all(one.outcome != "up" for one in told)
            for one in told:
                assert one.reason in known or known & set(one.candidates), (at, one)


def relayed(lines: list[str], host: str) -> list[str]:
    """The log as a server writes it down for ``host``."""
    return [f"Nov  7 01:02:03 {host} 4: {line}" if line.strip() else line for line in lines]


PLAIN = [name for name, log in LOGS.items() if log and all(line[:1] == "*" or not line.strip() for line in log)]


@pytest.mark.parametrize("seed", range(12))
def test_routers_that_take_turns_are_told_apart(seed: int) -> None:
    """Five routers' logs dealt like cards: each comes out as it does alone."""
    chance = random.Random(seed)
    chosen = chance.sample(PLAIN, 5)
    decks = {f"RTR{number}": relayed(LOGS[name], f"RTR{number}") for number, name in enumerate(chosen)}
    alone = {host: diagnose(lines) for host, lines in decks.items()}
    mixed: list[str] = []
    left = {host: list(lines) for host, lines in decks.items()}
    while any(left.values()):
        host = chance.choice([host for host, lines in left.items() if lines])
        mixed.append(left[host].pop(0))
    told = diagnose(mixed)
    for host in decks:
        mine = [one for one in told if one.host == host]
        assert [(one.peer, one.side, one.outcome, one.failed_at, one.reason, one.attempts) for one in mine] == [
            (one.peer, one.side, one.outcome, one.failed_at, one.reason, one.attempts) for one in alone[host]
        ], chosen


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("width", [80, 132])
def test_a_log_that_is_wrapped_is_the_same_log(name: str, width: int) -> None:
    """At the edge of a terminal a line goes on below, between two words."""
    wrapped: list[str] = []
    for line in LOGS[name]:
        rest = line
        while len(rest) > width and " " in rest[40:width]:
            at = rest.rindex(" ", 40, width)
            wrapped.append(rest[:at])
            rest = rest[at + 1 :]
        wrapped.append(rest)
    assert [(n.peer, n.outcome, n.failed_at, n.reason) for n in diagnose(wrapped)] == [
        (n.peer, n.outcome, n.failed_at, n.reason) for n in diagnose(LOGS[name])
    ]


@pytest.mark.parametrize("name", PLAIN)
def test_noise_between_the_lines_changes_nothing(name: str) -> None:
    noise = (
        "*Mar  1 00:01:05.003: %OSPF-5-ADJCHG: Process 1, Nbr 192.0.2.2 on Tunnel1 from FULL to DOWN",
        "*Mar  1 00:01:05.003: BGP: 192.0.2.2 went from OpenSent to Idle",
    )
    mixed = [line for at, said in enumerate(LOGS[name]) for line in (said, noise[at % 2])]
    assert [(n.peer, n.outcome, n.failed_at, n.reason) for n in diagnose(mixed)] == [
        (n.peer, n.outcome, n.failed_at, n.reason) for n in diagnose(LOGS[name])
    ]


def test_a_failure_repeated_all_night_is_one_entry() -> None:
    log = LOGS["keys differ, the debug says so"]
    night = [line.replace("(1004)", f"({1004 + n})") for n in range(500) for line in log]
    (one,) = diagnose(night)
    assert (one.attempts, one.reason) == (500, "psk-mismatch")
    assert one.lines == (2, 3), "the first attempt's lines"


def test_a_system_message_that_comes_again_is_another_attempt() -> None:
    (one,) = diagnose(LOGS["quick mode failed, nobody says why"] * 7)
    assert (one.attempts, one.lines[0]) == (7, 1)


def test_memory_does_not_grow_with_the_log() -> None:
    """Ends that are called again and again leave as much behind after many calls as after few."""
    from ikeaudit.logs import Diagnosis

    def kept(calls: int) -> int:
        diagnosis = Diagnosis()
        for call in range(calls):
            for line in LOGS["keys differ, the debug says so"]:
                diagnosis.feed(
                    line.replace("(1004)", f"({1004 + call})").replace("203.0.113.5", f"203.0.113.{call % 9}")
                )
        talk = diagnosis._talks[None]
        return len(diagnosis._open) + len(talk._by_number) + sum(map(len, talk._by_peer.values()))

    assert kept(900) == kept(90)


def test_the_local_address_is_told_where_ipsec_tells_it() -> None:
    (one,) = diagnose(LOGS["both addresses are in what IPsec asks for"])
    assert (one.local, one.peer) == ("192.0.2.1", "203.0.113.5")
    (other,) = diagnose(LOGS["no policy in common, classic, responder"])
    assert other.local == "192.0.2.1", "the refusal names both"


@pytest.mark.parametrize("seed", range(6))
def test_damage_does_no_harm(seed: int) -> None:
    """Bytes lost, lines joined, words doubled: there is an answer, and only with words of the contract."""
    chance = random.Random(seed)
    lines = [line for name in chance.sample(sorted(LOGS), 12) for line in LOGS[name]]
    for _ in range(len(lines)):
        at = chance.randrange(len(lines))
        line = lines[at]
        cut = chance.randrange(len(line) + 1)
        lines[at] = chance.choice(
            [
                line[:cut],
                line[cut:],
                line + lines[cut % len(lines)],
                line[:cut] * 2,
                "\x1b[7m" + line,
                "\0",
                "****",
                "```",
            ]
        )
    for one in diagnose(lines):
        assert one.outcome in ("up", "down", "half-open", "unknown")
        assert one.lines and all(0 < number <= len(lines) for number in one.lines)
        assert one.outcome != "up" or (one.reason, one.failed_at, one.candidates) == (None, None, ())


def test_a_line_of_no_end_takes_no_time() -> None:
    hostile = [
        "x" * 60000 + "ISAKMP:(0):no offers accepted!",
        "ISAKMP:(0):" + "local= " * 9000,
        "(" * 50000,
        "%CRYPTO-4-" * 6000,
    ]
    hostile += ["*Mar  1 00:00:01.000: IPSEC(sa_request): , OUTBOUND local= 192.0.2.1" + " remote=" * 5000]
    hostile += [
        "*Mar  1 00:00:01.000: IKEv2:Received Packet [From 203.0.113.5:500/To 192.0.2.1:500" + " NOTIFY(" * 5000
    ]
    assert [one.outcome for one in diagnose(hostile * 3)] == ["unknown"]


def test_a_key_that_was_missing_and_is_there_for_the_next_attempt() -> None:
    """The first attempt failed for want of it; what the second one finds does not undo that."""
    told = diagnose(
        [
            "*Mar  1 00:10:11.003: IKEv2:% Getting preshared key by address 198.51.100.7",
            "*Mar  1 00:10:11.003: IKEv2:% Matched peer block not found",
            "*Mar  1 00:10:11.003: IKEv2-ERROR:Failed to get PSK key",
            "*Mar  1 00:20:11.003: IKEv2:% Getting preshared key by address 198.51.100.7",
            "*Mar  1 00:20:11.003: IKEv2:% Matched peer block 'HQ'",
            "*Mar  1 00:20:11.013: IKEv2:(SESSION ID = 4,SA ID = 1):Sending Packet "
            "[To 198.51.100.7:500/From 192.0.2.1:500/VRF i0:f0] ",
            "IKEv2 IKE_SA_INIT Exchange REQUEST",
            "*Mar  1 00:20:11.153: %CRYPTO-5-IKEV2_SESSION_STATUS: Crypto tunnel v2 is UP.  Peer 198.51.100.7:500 Id: HQ",
        ]
    )
    (one,) = told
    assert (one.peer, one.side, one.outcome) == ("198.51.100.7", "initiator", "up")
    assert [(earlier.failed_at, earlier.reason) for earlier in one.earlier] == [("SA_INIT", "no-key-on-initiator")]
