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
aaa aal abr access accounting acl action activate address adsl advertise aggregate aim alarm algorithm alias allow
alps always ancp antenna apn apollo app- appfw appletalk application apply appqoe aqm arap archive area arp asp
asymmetric async atm attach authentication authorization auto automatic autonomic autonomous avc backbone backhaul
backup balancing bandwidth banner basic bba beep bfd bgp billing binding boot bootp bridge broadcast bsc bsd bstun
buffer buffers bundle busy cable cache call callback card carrier cbac cbr ccm cdma cdp cef cell cellular cem
certificate channel chap chassis chat chatscript circuit class clid client clns clock cls cluster cmns cns codec
collect command community compatible compress conference config configuration congestion connect console contact
context control controller copy core corlist cost country cpu crc crypto cts custom cwmp dampening database dce
deadline debug decnet dedicated default define delay deny description destination detect device diagnostic dial dialer
digital dir direct disable discovery display distance distribute dlsw dmvpn dmz dn dns dnsix do domain dot down
downward drop dscp dsl dspfarm dspfarms dspu dss dsu duplex dxi dynamic eap echo edge egp egress eigrp em emergency
emm enable encapsulation encoding encryption end endpoint energywise enforce engine environment ephone epm erase
errdisable error esmc ethernet evc event evpn exceed exception exchange exclude execute exempt exit expire export
expression extended fabric facility failover failure fair fallback family fast fax fddi feature fhrp file filter
firewall firmware fixed flash flow flowcontrol fnf format forward fragment frame framing fras frequency gatekeeper
gateway generate global gnmi gps graceful gre group gsm guard guestshell gw half handoff handover hardware hash header
health hello helper hidden history hold host hosting hostname hot hssi http hub hunt hw hybrid identifier identity
idle if ignore igrp ima import inbound include index ingress inheritance inject input inspect install instance
integrated interface interleave internal internet interval invert iox ip ipc ipfix iphc ipsec ipx isdn isis ism iso
isolate isp ixi keepalive kerberos key keymap kron label lacp lan lane language lapb lat layer ldap ldp lease length
level license lifetime limit line link lisp list llc lldp lnm load local location lock logging login logout loop
loopback looped lrm lte mab mac machine macro macsec mail maintenance manager manual map mark mask master match max
maximum mdix media mediatrace member memory menu message metadata meter metering metric mgcp mib microcode minimum mka
mls mmi mobile mode model modem modemcap module monitor mop more motd mpls mss mta mtu multicast multilink mvr name
nat native nbar ncia negotiate neighbor netbios netconf netflow netsync network next nhrp nim nls nmsp no node
notification notify nrzi nsap nsf ntp null number nve oam object oer office offset onboard option order organization
origin originate ospf ospfv otv outbound output override owner packet pagp pair parameter parent parity parser
partition passive password path peer performance permit persistent pfr phone physical pickup pid pim ping plane
platform plim pnp point police policy pool port pos pots power ppp pppoe preference prefix prepend pri primary printer
priority privilege process profile prompt propagate protocol provider provision proxy pseudowire ptp pulse pvc pvcset
qos queue quit radio radius random range ras rate rcapi rcv rd reachability reassembly receive record recovery
redirect redistribute redundancy reflexive regexp register relay release reload remark remote renew rep reply report
request require reserved reset resource respond response restart restconf restrict retransmit retry reverse ring rip
rlogin rmon role route router routing rsrb rst rsvp rtr rule sampler sampling sap sccp schedule scheduler scope
scramble script scripting sdlc sdm secondary secret section secure security segment sensor sequence serial server
service ses session set setup sfp sgbp shape shared shdsl shell show shutdown signal signaling silent single sip site
size smds smrp sn sna snapshot snasw snmp software source spanning speed split spoke spoofing squeeze squelch srr ssh
ssid stack standard standby start state static station statistics status stcapp stealthwatch sticky storm string stub
stun subnet subrate subscriber subscription summary supervisor suppress sw switch switching switchport symmetric
synchronous syslog system table tacacs tag target tarp tclsh tcn tcp tdm telemetry telephony telnet template terminal
terminate test tftp threat threshold throttle time timeout timer timeslot timestamps timezone timing tolerance
topology tos tp trace traceroute track tracking traffic trailing transceiver transform transit translate transmit
transmitter transparent transport trap tree trigger trunk trust ttl tunnel tx type ua ubr udi udld udp umbrella umts
undebug uni unicast unit universal unreachable update upgrade uplink urgent user username utd utilization validate
value vbr vc vdsl vendor verify version video vines violation virtual visibility vlan vmps vnet voice voicecap voip
volume vpdn vpn vrf vtp vty vxlan vxml wan warning watch wccp webvpn weight when wic wildcard window wireless wlan
worker wred write wrr wsma xconnect xdsl xns xot yang yellow zbf zone
"""


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
