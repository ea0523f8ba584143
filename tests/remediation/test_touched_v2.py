"""What a line of IKEv2 concerns, by hand for each kind of it; and that nothing else is ever another one after it.

DOMAIN 2.3 and 3: a responder chooses its profile by the identity that the peer presents, the key from the profile's keyring by
identity, else by address; an initiator by what its end is bound to; proposals and policies by front-door VRF and local address.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from ikev2_laws import check, options_in
from parsed import FINGERPRINTER
from plans import fleet_in

from ikeaudit.parsing import parse_configs
from ikeaudit.remediation.proof import _Prover
from ikeaudit.remediation.proof_record import ProvenExchange
from ikeaudit.remediation.scene import key_of
from ikeaudit.remediation.touched import Touched, touched_v2

FOLDERS = sorted({path.parent for path in (Path(__file__).parent / "ikev2").glob("*/*.cfg")})

RING = """crypto ikev2 keyring K
 peer A
  address 192.0.2.1
  pre-shared-key one-long-enough
 peer B
  address 192.0.2.2
  pre-shared-key two-long-enough
"""
PROFILE = """crypto ikev2 profile P
 match identity remote address 192.0.2.1 255.255.255.255
 authentication local pre-share
 authentication remote pre-share
 keyring local K
"""
REST = "crypto ikev2 proposal PR\n encryption aes-cbc-256\n integrity sha256\n group 14\n"


def model(text):
    (parsed,) = parse_configs(f"version 15.7\nhostname R\n{text}end\n", file="R.cfg", fingerprinter=FINGERPRINTER)
    return parsed.router.ikev2


def touched(old, new):
    found = touched_v2(model(old), model(new))
    return found if found.ikev2 else (sorted(map(str, found.v2_prefixes)), sorted(found.v2_profiles))


ALL = RING + PROFILE + REST
EVERYBODY = Touched(ikev2=True)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (ALL, ALL, ([], [])),
        (ALL, "!\n" + ALL.replace("one-long", "one-long"), ([], [])),  # line numbers mean nothing
        (ALL, ALL.replace("two-long", "new-long"), (["192.0.2.2"], [])),
        (ALL.replace(" peer B\n  address 192.0.2.2\n  pre-shared-key two-long-enough\n", ""), ALL, (["192.0.2.2"], [])),
        (ALL, ALL.replace("192.0.2.2\n", "192.0.2.0 255.255.255.0\n"), (["192.0.2.0/24", "192.0.2.2"], [])),
        (ALL, ALL.replace("  address 192.0.2.2\n", "  hostname b\n"), EVERYBODY),
        (ALL, ALL.replace("  address 192.0.2.2\n", "  identity fqdn b\n"), EVERYBODY),
        (ALL, PROFILE + REST, (["192.0.2.1", "192.0.2.2"], ["P"])),  # its keyring is gone
        (ALL, RING + REST, (["192.0.2.1"], ["P"])),
        (
            ALL,
            ALL.replace("192.0.2.1 255.255.255.255", "192.0.2.3 255.255.255.255"),
            (["192.0.2.1", "192.0.2.3"], ["P"]),
        ),
        (ALL, ALL.replace("address 192.0.2.1 255.255.255.255", "fqdn a"), EVERYBODY),
        (ALL, ALL.replace("address 192.0.2.1 255.255.255.255", "any"), EVERYBODY),
        (ALL, ALL.replace(" keyring local K\n", " match certificate M\n keyring local K\n"), EVERYBODY),
        (ALL, ALL.replace("aes-cbc-256", "aes-cbc-128"), EVERYBODY),
        (ALL, ALL + "crypto ikev2 policy 10\n proposal PR\n", EVERYBODY),
        (ALL, ALL + "no crypto ikev2 policy default\n", EVERYBODY),
    ],
)
def test_whom_a_difference_is_for(old, new, expected):
    assert touched(old, new) == expected
    back = touched(new, old)
    assert back == expected


def test_two_blocks_that_change_places_are_for_those_whom_they_cover():
    """Of two that fit equally well the first serves; which is that may decide."""
    first, _, rest = RING.partition(" peer B\n")
    header, _, block = first.partition("\n")
    swapped = f"{header}\n peer B\n{rest}{block}"
    assert touched(RING, swapped) == (["192.0.2.1", "192.0.2.2"], [])


@pytest.mark.full
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_is_not_replayed_after_a_line_is_as_it_was(folder, monkeypatch):
    """Everything replayed after every line, there and back: what the line was said not to concern has its verdict still."""
    real = _Prover._replay
    looks = []

    def replay(self, name, touched=None):
        found = real(self, name, touched)
        if touched is not None:
            keys = {key_of(exchange) for exchange in found}
            for exchange in real(self, name):
                key = key_of(exchange)
                if key not in keys and key in self._state.now:
                    assert ProvenExchange.of(exchange) == ProvenExchange.of(self._state.now[key]), (touched, key)
                    looks.append(key)
        return found

    monkeypatch.setattr(_Prover, "_replay", replay)
    check(fleet_in(folder), options_in(folder))


@pytest.mark.full
def test_of_a_hub_s_many_tunnels_a_line_concerns_the_one_that_it_is_for(monkeypatch):
    """Four spokes, one after the other: what is created for one replays its two directions at the most, not those switched."""
    from change_lab import hub_and_spokes

    from ikeaudit.fleet import Fleet

    real = _Prover._replay
    most = []

    def replay(self, name, touched=None):
        found = real(self, name, touched)
        if touched is not None and touched.v2_prefixes:
            most.append(len({frozenset((e.initiator, e.responder)) for e in found if e.ike_version == 2}))
        return found

    monkeypatch.setattr(_Prover, "_replay", replay)
    parsed = [parse_configs(t, file="x.cfg", fingerprinter=FINGERPRINTER) for t in hub_and_spokes(4).values()]
    check(Fleet(p.router for (p,) in parsed), {})
    assert len(most) > 20 and max(most) <= 1
