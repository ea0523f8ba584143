"""Damage to a file may hide a fault of the network only where the coverage says that something was not read."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parsed import configs

from ikeaudit.fleet import Fleet
from ikeaudit.hazards import audit

R1 = """\
hostname R1
crypto keyring keyring1
  pre-shared-key address 192.168.0.2 key cisco
crypto keyring keyring2
  pre-shared-key address 192.168.0.2 key cisco
crypto isakmp policy 10
 encr 3des
 hash md5
 authentication pre-share
 group 2
crypto isakmp profile profile1
   keyring keyring1
   match identity address 192.168.0.102 255.255.255.255
crypto isakmp profile profile2
   keyring keyring2
   match identity address 192.168.0.2 255.255.255.255
crypto ipsec transform-set TS esp-aes esp-sha256-hmac
 mode tunnel
crypto ipsec profile profile1
 set transform-set TS
 set isakmp-profile profile2
interface Tunnel1
 ip address 10.0.0.1 255.255.255.0
 tunnel source Ethernet0/0
 tunnel destination 192.168.0.2
 tunnel protection ipsec profile profile1
interface Ethernet0/0
 ip address 192.168.0.1 255.255.255.0
"""
R2 = """\
hostname R2
crypto keyring keyring1
  pre-shared-key address 192.168.0.1 key cisco
crypto isakmp policy 10
 encr 3des
 hash md5
 authentication pre-share
 group 2
crypto isakmp profile profile1
   keyring keyring1
   match identity address 192.168.0.1 255.255.255.255
crypto ipsec transform-set TS esp-aes esp-sha256-hmac
 mode tunnel
crypto ipsec profile profile1
 set transform-set TS
 set isakmp-profile profile1
interface Tunnel1
 ip address 10.0.0.2 255.255.255.0
 tunnel source Ethernet0/0
 tunnel destination 192.168.0.1
 tunnel protection ipsec profile profile1
interface Ethernet0/0
 ip address 192.168.0.2 255.255.255.0
"""
LINES = R1.splitlines()


def examine(first: str) -> tuple[set[str], int, int]:
    """Codes of the grave findings, lines modelled, lines unknown."""
    parsed = [*configs(first, "r1.cfg"), *configs(R2, "r2.cfg")]
    findings = audit(Fleet(config.router for config in parsed if config.router))
    grave = {finding.code for finding in findings if finding.severity in ("critical", "high")}
    return grave, sum(config.modelled for config in parsed), sum(len(config.unknown) for config in parsed)


BASE, MODELLED, UNKNOWN = examine(R1)


def test_the_pair_has_the_faults_of_the_worked_example() -> None:
    assert {"KR-DUP-ADDR", "PW-ONEWAY"} <= BASE
    assert UNKNOWN == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["drop", "double", "cut", "shuffle"]),
    st.integers(0, len(LINES) - 1),
    st.integers(0, 80),
    st.randoms(),
)
def test_no_fault_vanishes_in_silence(how: str, index: int, kept: int, random: object) -> None:
    lines = list(LINES)
    if how == "drop":
        del lines[index]
    elif how == "double":
        lines.insert(index, lines[index])
    elif how == "cut":
        lines[index] = lines[index][:kept]
    else:
        letters = list(lines[index])
        random.shuffle(letters)  # type: ignore[attr-defined]
        lines[index] = "".join(letters)
    found, modelled, unknown = examine("\n".join(lines) + "\n")
    # A cut name is a valid command with another meaning: then another grave finding says so.
    assert found >= BASE or modelled < MODELLED or unknown > 0 or found - BASE
