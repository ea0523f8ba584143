"""Damage to a file may hide a fault of the network only where the result says so.

What can be asked of a parser when one line of a configuration is damaged:

* A line that is **no command any more** must lower the coverage: it, or a line that hung on it, is unknown or has a remark.
* A line that is **another well-formed command** (a name, key or number cut short) can't be told from an edit. What hangs on
  it then changes in fact; but no grave finding may go without a trace: either a tunnel's verdict is ``unknown``, or a grave
  finding that was not there before shows the damaged line, the section that it stands in, or a line that names what it named.
* A line that is **gone as a whole** leaves nothing to notice where nothing refers to it: a keyring that nobody uses, taken
  away, is a router without that keyring. What such a line costs is the number of lines read, which the coverage prints.
* A line **doubled** says nothing new, and changes nothing.
* A line whose **letters were shuffled** is noticed unless what came out reads like a command of no interest; a test below
  says how often that is.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parsed import configs
from told import told

from ikeaudit.fleet import Fleet
from ikeaudit.hazards import audit
from ikeaudit.hazards.finding import Finding

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


class Result(NamedTuple):
    """An audit of the pair: its grave findings, and how much of the first router's file was understood."""

    grave: tuple[Finding, ...]
    modelled: int
    unknown: int
    remarks: int
    unclear: int

    @property
    def codes(self) -> set[str]:
        """Codes of the grave findings."""
        return {finding.code for finding in self.grave}

    @property
    def noticed(self) -> bool:
        """Whether the coverage is lower than that of the undamaged file, or a verdict is unknown that was not."""
        return self.unknown > 0 or self.remarks > BASE.remarks or self.unclear > BASE.unclear


def examine(first: str) -> Result:
    """Audit the pair with ``first`` as the text of R1."""
    parsed = [*configs(first, "r1.cfg"), *configs(R2, "r2.cfg")]
    fleet = Fleet(config.router for config in parsed if config.router)
    return Result(
        tuple(finding for finding in told(audit(fleet)) if finding.severity in ("critical", "high")),
        sum(config.modelled for config in parsed),
        sum(len(config.unknown) for config in parsed),
        sum(len(config.remarks) for config in parsed),
        sum(exchange.confidence == "unknown" for exchange in fleet.exchanges),
    )


BASE = examine(R1)


def damaged(index: int, line: str) -> str:
    """R1 with another line in place of the one at ``index``."""
    return "\n".join([*LINES[:index], line, *LINES[index + 1 :]]) + "\n"


def related(index: int) -> set[int]:
    """Numbers of the line at ``index``, of the header of its section, and of the lines that share an operand with it."""
    header = max(at for at in range(index + 1) if not LINES[at].startswith(" "))
    operands = set(LINES[index].split()[1:]) - {"crypto", "profile", "ipsec", "isakmp", "keyring", "address"}
    sharing = {at + 1 for at, line in enumerate(LINES) if operands & set(line.split())}
    return {index + 1, header + 1} | sharing


def replaced(result: Result, index: int) -> bool:
    """Whether a grave finding that is new shows the line at ``index``, or one that has to do with it."""
    shown = {
        evidence.line
        for finding in result.grave
        if finding.code not in BASE.codes
        for evidence in finding.evidence
        if evidence.file == "r1.cfg"
    }
    return not shown.isdisjoint(related(index))


def test_the_pair_has_the_faults_of_the_worked_example() -> None:
    assert {"KR-DUP-ADDR", "PW-ONEWAY"} <= BASE.codes
    assert (BASE.unknown, BASE.remarks, BASE.unclear) == (0, 0, 0)


PLACES = st.integers(0, len(LINES) - 1)
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(PLACES, st.data())
def test_no_fault_vanishes_when_a_line_is_cut(index: int, data: st.DataObject) -> None:
    line = LINES[index]
    first = len(line) - len(line.lstrip()) + 1
    result = examine(damaged(index, line[: data.draw(st.integers(first, len(line)))]))
    assert result.codes >= BASE.codes or result.noticed or replaced(result, index)


@SLOW
@given(
    PLACES,
    st.sampled_from(["change", "add", "drop", "swap"]),
    st.integers(0, 99),
    st.sampled_from("aeknrstxX0259-./: "),
)
def test_no_fault_vanishes_when_a_letter_is_wrong(index: int, how: str, where: int, letter: str) -> None:
    line = LINES[index]
    at = where % (len(line) - 1)
    spoilt = {
        "change": line[:at] + letter + line[at + 1 :],
        "add": line[:at] + letter + line[at:],
        "drop": line[:at] + line[at + 1 :],
        "swap": line[:at] + line[at + 1] + line[at] + line[at + 2 :],
    }
    result = examine(damaged(index, spoilt[how]))
    assert result.codes >= BASE.codes or result.noticed or replaced(result, index)


@SLOW
@given(PLACES)
def test_a_line_that_is_gone_lowers_the_number_of_lines_read(index: int) -> None:
    assert examine("\n".join([*LINES[:index], *LINES[index + 1 :]]) + "\n").modelled < BASE.modelled


@SLOW
@given(PLACES)
def test_a_doubled_line_hides_nothing(index: int) -> None:
    result = examine("\n".join([*LINES[: index + 1], *LINES[index:]]) + "\n")
    assert result.codes >= BASE.codes


@SLOW
@given(PLACES, st.randoms(use_true_random=False))
def test_no_fault_vanishes_when_a_line_is_shuffled(index: int, rng: random.Random) -> None:
    letters = list(LINES[index])
    rng.shuffle(letters)
    result = examine(damaged(index, "".join(letters)))
    # What reads like a command of no interest is not in the ledger: the coverage then shows a line less.
    assert result.codes >= BASE.codes or result.noticed or replaced(result, index) or result.modelled < BASE.modelled


def test_shuffled_lines_are_hardly_ever_overlooked() -> None:
    rng = random.Random(7)
    shuffled = unseen = 0
    for _ in range(20):
        for index, line in enumerate(LINES):
            letters = list(line)
            rng.shuffle(letters)
            (parsed,) = configs(damaged(index, "".join(letters)), "r1.cfg")
            shuffled += 1
            unseen += not (parsed.unknown or parsed.remarks)
    assert unseen * 30 < shuffled
