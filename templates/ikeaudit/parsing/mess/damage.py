"""Lines that were probably meant to matter: a header with a typing error, a command cut short, an orphan of a lost header.

They are not repaired. They go into the ledger, where nothing knows them, so that what they were lowers the verdicts.
"""

from __future__ import annotations

import re

from ikeaudit.ios.tables.names import IP, VITAL, VITAL_AFTER_IP, VITAL_IN_INTERFACE
from ikeaudit.ios.words import any_of, slot
from ikeaudit.parsing.likeness import near
from ikeaudit.parsing.mess.commands import inner_pairs, is_known_in, outer_pairs
from ikeaudit.parsing.mess.garble import is_garbled

_LONE = ("isakmp-profile/keyring", "keyring/local-address", "isakmp-profile/self-identity", "ikev2-peer/pre-shared-key")
"""Commands that one word tells."""
_ORPHAN = re.compile(rf"(?:no )?{any_of(inner_pairs() | set(map(slot, _LONE)))}\b")
_GLUED = re.compile(rf"(?:no )?{any_of(outer_pairs())} \S".replace(r"\ ", "-?"))
"""Two words of a command with nothing or a hyphen between them."""
_NEAR_CRYPTO = re.compile(r"(?:no )?\S+ (?:isakmp|ipsec|ikev2|keyring|dynamic-map|gdoi) \S")
_SHORT = 3
_NOT_STRAY = re.compile(
    rf"{slot('object-group/host')} \S|{slot('gdoi/sa-ipsec')} \d|{slot('interface/ip-address')} \d\S* port "
    rf"|{slot('interface/encapsulation')} ipsec"
)
"""Commands of object groups, DHCP pools, voice classes, GDOI groups, webvpn gateways and SD-WAN tunnels."""


def _near_any(word: str, targets: tuple[str, ...]) -> bool:
    return any(near(word, target) for target in targets)


def _words(text: str) -> list[str]:
    return text.removeprefix("no ").split(" ", 2)


def is_stray(text: str) -> bool:
    """Whether a line outside the sections that matter looks as if it belonged to one, or opened one."""
    if _NOT_STRAY.match(text):
        return False
    if _ORPHAN.match(text) or _NEAR_CRYPTO.match(text) or _GLUED.match(text):
        return True
    words = _words(text)
    if len(words) == 1:
        return text == IP[0] or any(target.startswith(text) for target in VITAL)
    return len(words[0]) >= _SHORT and _near_any(words[0], VITAL)


def is_damaged_child(section: str, text: str) -> bool:
    """Whether an interface's line, not relevant as it stands, looks like one that was."""
    if section != "interface":
        return False
    if _GLUED.match(text) or (is_garbled(text) and not is_known_in(section, text)):
        return True
    words = _words(text)
    if words[0] in IP:
        return len(words) == 1 or (_near_any(words[1], VITAL_AFTER_IP) and words[1] != "add")
    if len(words) > 1 and words[1] in VITAL_AFTER_IP and len(words[0]) <= _SHORT:
        return True
    return len(text) < _SHORT or _near_any(words[0], VITAL_IN_INTERFACE)
