"""The words that the show commands print themselves, so that whatever else stands in their output is somebody's."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from ikeaudit.parsing.redact.vocabulary import harmless
from ikeaudit.parsing.ttp_adapter import show_template_text

_FIELD = re.compile(r"\{\{.*?\}\}")
_WORD = re.compile(r"[A-Za-z][A-Za-z_]*\d*")
_PART = re.compile(r"\W+")
_COUNT = re.compile(r"[A-Z]?|(?:\d+[A-Za-z]?)+|0x[0-9A-Fa-f]{1,8}|\d{1,3}[A-Za-z]{1,3}\d?")
"""A single letter, a number, a time (``3d18h``), an amount."""
_STATES = (
    "active inactive stdby deleted idle negotiating pending ready up down neg delete init in established standby alive",
    "mm_no_state mm_sa_setup mm_key_exch mm_key_auth ag_no_state ag_init_exch ag_auth qm_idle conf_xauth conf_addr",
    "nhrp intf crypto bgp never unknown none global default incomplete static dynamic local remote",
)
_ALGORITHMS = (
    "aes cbc gcm des sha sha1 sha96 sha256 sha384 sha512 md5 md596 psk rsa rsig renc preshared ecdsa eap sign verify",
)
_DETAILS = (
    "bytes ded detail details disabled drop ec ed expired flow kb life origin pkts sec unlimited",
    "jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun utc",
    "dead peer detection id code codes mode keepalives nat traversal configuration extended authentication fragmentation",
    "renegotiation keyed engine software onboard vpn update sip sw hw vol connection initiator responder cap lifetime",
    "auth hash encr grp phase1_id",
)
_VALUES = frozenset(" ".join((*_STATES, *_ALGORITHMS, *_DETAILS)).split())
"""What stands where a template takes any word, and what no template asks for."""


@cache
def _printed() -> frozenset[str]:
    found: set[str] = set()
    folder = resources.files("ikeaudit.parsing.shows") / "ttp"
    for template in folder.iterdir():
        if template.name.endswith(".ttp"):
            lines = show_template_text(template.name.removesuffix(".ttp")).splitlines()
            text = "\n".join(_FIELD.sub(" ", line) for line in lines if not line.startswith(("##", "<")))
            found.update(word.lower() for word in _WORD.findall(text))
    return frozenset(found) | _VALUES


def is_printed(word: str) -> bool:
    """Whether a word of show output is of the command itself: its words, states and algorithms, times and numbers."""
    return harmless(word) or all(
        _COUNT.fullmatch(part) is not None or part.lower() in _printed() or harmless(part) for part in _PART.split(word)
    )
