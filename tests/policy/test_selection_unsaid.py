"""An end of which nothing is said calls, is up and applied; ports, kinds and lines that nobody names are none."""

from __future__ import annotations

import pytest
from unsaid import unsaid

from ikeaudit.model import Ikev2Identity, parse_address
from ikeaudit.selection import Endpoint, Identity
from ikeaudit.selection.identities import identity_matches
from ikeaudit.selection.policies import EffectivePolicy
from ikeaudit.selection.proxies import Proxies, Proxy
from ikeaudit.selection.traffic import Fate


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Endpoint, {}),
        (Identity, {}),
        (Proxy, {}),
        (Proxies, {}),
        (EffectivePolicy, {"release": "classic"}),
        (Fate, {"kind": "seen"}),
    ],
)
def test_what_nobody_gave(kind: type, values: dict[str, object]) -> None:
    assert unsaid(kind) == values


def test_a_match_on_an_address_that_is_not_there_covers_none() -> None:
    address = parse_address("192.0.2.1")
    assert not identity_matches(Ikev2Identity(1, "address"), Identity("address", address))
    assert not identity_matches(Ikev2Identity(1, "address"), Identity("address"))
