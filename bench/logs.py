"""A log of hubs that are called all day: debug of IKE, system messages and routing, from a relay."""

from __future__ import annotations

from collections.abc import Iterator

_CALL = (
    "ISAKMP (0): received packet from {peer} dport 500 sport 500 Global (N) NEW SA",
    "ISAKMP: Created a peer struct for {peer}, peer port 500",
    "ISAKMP:(0): processing SA payload. message ID = 0",
    "ISAKMP:(0): processing vendor id payload",
    "ISAKMP:(0): vendor ID seems Unity/DPD but major 69 mismatch",
    "ISAKMP:(0):found peer pre-shared key matching {peer}",
    "ISAKMP:(0):Checking ISAKMP transform 1 against priority 10 policy",
    "ISAKMP:      encryption AES-CBC",
    "ISAKMP:      hash SHA256",
    "ISAKMP:(0):atts are acceptable. Next payload is 0",
    "ISAKMP:(0):Old State = IKE_R_MM1  New State = IKE_R_MM2",
    "ISAKMP:(0): sending packet to {peer} my_port 500 peer_port 500 (R) MM_SA_SETUP",
    "%OSPF-5-ADJCHG: Process 1, Nbr 192.0.2.2 on Tunnel1 from LOADING to FULL, Loading Done",
    "ISAKMP ({number}): received packet from {peer} dport 500 sport 500 Global (R) MM_KEY_EXCH",
    "BGP: 192.0.2.2 went from OpenSent to Idle",
)
_UP = (
    "ISAKMP:({number}):Old State = IKE_R_MM5  New State = IKE_P1_COMPLETE",
    "ISAKMP:({number}):Checking IPSec proposal 1",
    "ISAKMP:({number}):Old State = IKE_QM_R_QM2  New State = IKE_QM_PHASE2_COMPLETE",
)
_FAILED = (
    "ISAKMP: reserved not zero on ID payload!",
    "%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from {peer} failed its sanity check or is malformed",
)


def log(size: int) -> Iterator[str]:
    """Lines of ``size`` bytes altogether: three hubs, 200 peers, every third call refused."""
    call = written = 0
    while written < size:
        call += 1
        peer, number = f"203.0.113.{call % 200 + 1}", 1000 + call % 5000
        clock = f"Oct 11 {call // 3600 % 24:02}:{call // 60 % 60:02}:{call % 60:02}"
        for words in (*_CALL, *(_UP if call % 3 else _FAILED)):
            line = f"{clock} HUB{call % 3 + 1} {call}: *{clock}.003: {words.format(peer=peer, number=number)}"
            written += len(line) + 1
            yield line
