"""Lines whose letters were shuffled: no command at all, where commands stand.

The parser knows the commands that tunnels depend on, not all the others; an unknown word at the start of a line is as a
rule a command of no interest. What it cannot be is a row of letters that no command consists of: a line hardly any letter
of which belongs to a word of IOS, or to the beginning of one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, lru_cache

from ikeaudit.parsing.mess.commands import words

_NEUTRAL = re.compile(
    r"\d+(?:[.:/]\d+)*$|[0-9a-f]{1,4}(?:\.[0-9a-f]{1,4}){1,2}$|[0-9a-f:]*:[0-9a-f:./]*$|[\W_]+$|(?:[\w-]{2,}\.)+[a-z]{2,}$"
    r"|[a-z]\w*:\S*$|<\w+(?::\w+)?>$"
)
"""Numbers, addresses, domain names, URLs, redacted keys: in whatever line, they say nothing of it."""
_PART = re.compile(r"[a-z]+")
_NUMBERED = re.compile(r"([a-z-]+)\d[\d/.:]*$")
_TITLE = re.compile(r"[A-Z0-9][A-Z0-9_-]*$|[A-Z][a-z]+$")
_MIXED = re.compile(r"\d[g-z]+\d|[g-z]\d+[a-z]")
_BROKEN = re.compile(r"(?=\S*\d)(?:\S*\.\.\S*|\.\S+|\S+\.|\S*(?:[g-z]\.\d|\d\.[g-z]|\d[g-z]+\d|[g-z]\d+[a-z])\S*)$")
"""Digits and dots that are no number and no address, or letters among them."""
_LONGEST = 256
_LEAST_BROKEN = 2
_LEAST_LETTERS = 5
_LEAST_PREFIX = 3
_WORD_SHARE = 3
_TRIPLES = 4
_TRIPLE_SHARE = 0.6
_OTHER_WORDS = """
aal abr action activate adsl advertise aggregate aim alarm algorithm alps always ancp antenna apn apollo app- appfw appletalk
application apply appqoe aqm arap area asp asymmetric async atm attach automatic autonomic autonomous avc backbone backhaul
balancing basic bba beep bfd billing binding bridge bsc bsd bstun buffer buffers bundle busy cable callback card carrier cbac
cbr cdma cell cellular cem channel chap chassis chat chatscript circuit clid clns cls cmns cns codec collect command compatible
compress conference congestion controller copy core corlist cost country cpu crc custom cwmp dce deadline debug decnet dedicated
define detect device digital dir direct display distance distribute dlsw dmvpn dmz dnsix dot down downward drop dscp dsl dspfarm
dspfarms dspu dss dsu dxi echo edge egp egress em emergency emm encoding energywise enforce environment ephone epm erase
errdisable esmc evc evpn exceed exception exclude execute exempt expire expression fabric facility failover failure fair
fallback fast fax fddi feature fhrp file firmware fixed flash flowcontrol fnf format fragment frame framing fras frequency
global gnmi gps graceful gsm guard guestshell gw handoff handover hardware header health hidden history hosting hot hssi hub
hunt hw if ignore igrp ima index ingress inheritance inject input install instance integrated interleave internal internet
invert iox ipc ipfix iphc ipx isdn isis ism iso isolate isp ixi kerberos keymap kron label lacp lane language lapb lat layer ldp
lease length link lisp llc lnm location logout loop loopback looped lrm lte mab machine macro macsec mail maintenance mark mask
master mdix mediatrace menu message metadata meter metering metric microcode minimum mka mls mmi mobile modem modemcap mop more
motd mta mvr native nbar ncia negotiate neighbor netbios netconf netflow netsync nim nls nmsp node notification nrzi nsap nsf
null nve oam oer office offset onboard option order organization origin originate ospfv otv outbound output override owner
packet pagp parent parity parser partition pfr phone physical pickup pid ping plim pnp police pos pots power ppp pppoe
preference prepend pri primary printer privilege process prompt propagate provider provision pseudowire ptp pulse pvc pvcset
queue radio random ras rcapi rcv reachability redistribute reflexive regexp register relay release reload renew rep reply report
request reserved reset resource response restconf retransmit ring rlogin rmon role rsrb rst rtr rule sampler sampling sap
schedule scope scramble script scripting sdlc sdm section segment sensor ses setup sfp sgbp shape shdsl shell show signal
signaling silent single sip site smds smrp sna snapshot snasw software spoke spoofing squeeze squelch srr ssid stack state
station statistics status stcapp stealthwatch sticky storm stub stun subrate subscriber subscription supervisor suppress sw
switch switching symmetric synchronous syslog system table tarp tclsh tcn tdm telemetry telephony terminal terminate test threat
threshold throttle timer timeslot timestamps timezone timing tolerance tp trace traceroute tracking trailing transceiver transit
translate transmit transmitter transparent trap trunk tx ua ubr udi udld umbrella umts undebug uni unit universal unreachable
upgrade uplink urgent utd utilization validate vbr vc vdsl vendor video vines violation visibility vmps vnet voicecap voip
volume vpdn vtp vty vxlan vxml wan warning weight when wic wildcard wireless wlan worker wred wrr wsma xconnect xdsl xns xot
yang yellow zbf
"""
"""Words of IOS that no command of the tables holds."""


@cache
def _known() -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    """The words of IOS, the same sorted, and their letter triples with both ends marked."""
    known = words() | frozenset(_OTHER_WORDS.replace("-", " ").split())
    return known, tuple(sorted(known)), frozenset(triple for word in known for triple in _triples(word))


def _triples(word: str) -> list[str]:
    marked = f"^{word}$"
    return [marked[at : at + 3] for at in range(len(marked) - 2)]


def _is_word(part: str) -> bool:
    """Whether letters are a word of IOS, or the beginning of one."""
    words, ordered, _ = _known()
    if part in words:
        return True
    if len(part) < _LEAST_PREFIX:
        return False
    at = bisect_left(ordered, part)
    return at < len(ordered) and ordered[at].startswith(part)


def _foreign(token: str) -> tuple[int, list[str]]:
    """How many letters a word of a line has, and those parts of it that are no words of IOS."""
    if _NEUTRAL.match(token):
        return 0, []
    if found := _NUMBERED.match(token):
        token = found[1]
    parts = _PART.findall(token)
    whole = sum(map(len, parts))
    if any(letter.isdigit() for letter in token):
        return whole, ["".join(parts)]
    return whole, [part for part in parts if not _is_word(part)]


def begins_with_a_word(token: str) -> bool:
    """Whether a line's first word is one of IOS, or has one between its hyphens."""
    parts = _PART.findall(token.lower())
    known = [part for part in parts if len(part) >= _LEAST_PREFIX and part in _known()[0]]
    return bool(known) and (len(known) == len(parts) or max(map(len, known)) > _LEAST_PREFIX)


@lru_cache(maxsize=8192)
def is_garbled(text: str) -> bool:
    """Whether a line that is no known command is none of any kind: its letters are in no order.

    Less than a third of them belong to words of IOS, and what they form instead does not read like words of it.
    """
    tokens = text.removeprefix("no ").split()
    if not tokens or len(text) > _LONGEST or not (tokens[0][0].isalnum() or tokens[0][0] in ".-/") or text[-1] == ":":
        return False
    if all(_TITLE.match(token) for token in tokens) or begins_with_a_word(tokens[0]):
        return False
    if sum(1 for token in tokens if _BROKEN.match(token.lower())) >= _LEAST_BROKEN:
        return True
    letters, foreign = 0, list[str]()
    for token in tokens:
        whole, parts = _foreign(token.lower())
        letters += whole
        foreign += parts
    if letters < _LEAST_LETTERS or (letters - sum(map(len, foreign))) * _WORD_SHARE >= letters:
        return False
    triples = [triple for part in foreign for triple in _triples(part)]
    known = sum(1 for triple in triples if triple in _known()[2])
    return known < _TRIPLE_SHARE * len(triples) if len(triples) >= _TRIPLES else _MIXED.search(text) is not None
