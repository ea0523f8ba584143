"""Which word of a line was mistyped, at the edges of the rule: how many letters, what follows, what else it may be.

Typed so, each line is one or two letters away from a command that decides something; its neighbour in the table is not, or
is a command that IOS takes.
"""

from __future__ import annotations

import pytest

from ikeaudit.parsing.redact.headers import misspelt

WORD = [
    # one wrong letter in a keyword, whatever is taken back by the line
    ("global", "crypto ca rooot", 2),
    ("global", "default crypto ca rooot", 3),
    ("global", "no crypto pki trusstpoint T", 3),
    ("global", "crypto ac", 1),
    ("global", "crypto ca trustpiont", 2),
    ("global", "crypto ct x", None),  # "ctcp" cut short
    ("global", "crypto ki", None),  # "pki" alone is no command
    ("global", "crypto ki trustpoint T", 1),
    # whatever else begins with "crypto" counts without this
    ("global", "crypto ipsce", None),
    ("global", "crypto sls", None),
    ("global", "crypto ma NAME", None),
    ("global", "c isakmp keepalive 10", None),  # cut short
    ("global", "crypto pki trustpoi T", None),
    ("global", "password encryption a", None),
    ("global", "password encryption aez", 2),
    # a first word tells by itself from six letters on, a shorter one by what follows
    ("global", "routre name", 0),
    ("global", "routegmap name", 0),
    ("global", "pi nat outside source", 0),
    ("global", "ibv6 7x route NAME", None),
    ("global", "i accesshlist standard NAME", 0),  # may be "interface"
    ("interface", "swandby", 0),
    ("interface", "lgbp", None),
    ("interface", "lgbp 1 ip 192.0.2.1", 0),
    ("interface", "ipp 7x ospf network point-to-multipoint", 0),
    ("interface", "default ipv nhrp map", None),  # "ipv6" cut short
    ("interface", "ip nrp", 1),
    ("interface", "no tunnel rf N", 2),
    ("interface", "crypto iap", 1),
    ("interface", "channel-group 10 modm", 2),
    ("interface", "channel-group 10 m active non-rilent", None),
    ("interface", "ip nhr map", None),
    # behind an operand a word tells, however short
    ("global", "ip host R2 nx", 3),
    ("keyring", "pre-shared-key hostname R2 kye x", 3),
    # one wrong letter up to seven, two from eight on
    ("isakmp-profile", "client configuration rddres initiate", None),
    ("isakmp-profile", "client configuration adress initiate", 2),
    ("global", "hosntmae R1", 0),
    ("keyring", "rsa-lubke name NAME", 0),
    ("crypto-map", "desrcipti NAME", None),
    ("crypto-map", "desrcipton NAME", 0),
    ("ikev2-profile", "dpd 10 10 on-hemand", 3),
    # two letters tell in the modes in which all matters
    ("isakmp-profile", "ma identity address ip6v 2001:db8::/32", None),
    ("isakmp-profile", "no ac trust-point name", 1),
    ("ipsec-profile", "est pfs group2", 0),
    ("ipsec-profile", "est x7y z", 0),
    ("route-map", "mmatch ip address name", 0),
    ("isakmp-group", "access-restirct GigabitEthernet0/0", None),  # decides nothing
    ("gdoi", "identif x", None),  # "identifier"
    # what IOS knows is no error, nor is what is no word
    ("global", "no sp vrf name", None),
    ("global", "crypto pki trust-point T", None),
    ("ikev2-profile", "pki trust-point T", None),
    ("global", "route-tag notation dotted-decimal", None),
    ("global", "interfaces: x", None),
    ("global", "interfaces x", 0),
    ("global", "", None),
    ("global", "no", None),
]


@pytest.mark.parametrize(("mode", "line", "at"), WORD)
def test_which_word_is_mistyped(mode: str, line: str, at: int | None) -> None:
    assert misspelt(line, mode) == at


def test_the_mode_is_the_global_one_unless_it_is_named() -> None:
    assert (misspelt("routre name"), misspelt("swandby")) == (0, None)
