"""Which messages of an exchange are sent, by whom, in which order, and whether the last one arrives (RFC 2409, RFC 7296).

``>`` is the initiator's, ``<`` the responder's; ``x`` behind it: nobody hears it, or it cannot be built.
"""

from __future__ import annotations

import pytest
from two_ends import Changes, pair

from ikeaudit.fleet import Fleet

MAIN = "MM1> MM2< MM3> MM4< MM5> MM6<"
QUICK = "QM1> QM2< QM3>"
V2 = "SA_INIT> SA_INIT<"
AGGRESSIVE: Changes = {"   keyring K\n": "   keyring K\n   initiate mode aggressive\n"}
ASKS_USER: Changes = {"   keyring K\n": "   keyring K\n   client authentication list L\n"}
OTHER_KEY: Changes = {"key sesame": "key walnut"}
OTHER_GROUP: Changes = {" group 14\n": " group 5\n"}
OTHER_SET: Changes = {"esp-aes 256 esp-sha256-hmac": "esp-3des esp-md5-hmac"}
KEY_FOR_OTHERS: Changes = {"pre-shared-key address PEER": "pre-shared-key address 198.51.100.7"}
OTHERS_ONLY: Changes = {"identity remote address PEER": "identity remote address 198.51.100.7"}
DOWN: Changes = {" ip address OWN 255.255.255.0\n": " ip address OWN 255.255.255.0\n shutdown\n"}


@pytest.mark.parametrize(
    ("version", "a", "b", "messages"),
    [
        (1, {}, {}, f"{MAIN} {QUICK}"),
        (1, AGGRESSIVE, {}, f"AM1> AM2< AM3> {QUICK}"),
        (2, {}, {}, f"{V2} AUTH> AUTH<"),
        (1, {}, ASKS_USER, f"{MAIN} XAUTH<"),
        (1, OTHER_KEY, {}, "MM1> MM2< MM3> MM4< MM5>"),
        (1, {**AGGRESSIVE, **OTHER_KEY}, {}, "AM1> AM2<"),
        (2, {"key sesame": "key walnut"}, {}, f"{V2} AUTH>"),
        (1, {}, OTHER_GROUP, "MM1>"),
        (2, {}, OTHER_GROUP, "SA_INIT>"),
        (1, {}, OTHER_SET, f"{MAIN} QM1>"),
        (2, {}, OTHER_SET, f"{V2} AUTH>"),
        (2, {}, OTHERS_ONLY, f"{V2} AUTH>"),
        (2, OTHERS_ONLY, {}, f"{V2} AUTH> AUTH<"),
        (1, {}, KEY_FOR_OTHERS, "MM1>"),
        (1, KEY_FOR_OTHERS, {}, "MM1>x"),
        (1, AGGRESSIVE, KEY_FOR_OTHERS, "AM1>"),
        (1, {}, DOWN, "MM1>x"),
        (2, {}, DOWN, "SA_INIT>x"),
    ],
)
def test_messages(version: int, a: Changes, b: Changes, messages: str) -> None:
    fleet = Fleet(pair(a, b, version=version), steps=True)
    (found,) = [exchange for exchange in fleet.exchanges if exchange.initiator == "A"]
    arrows = {"initiator": ">", "responder": "<"}
    told = [f"{step.message}{arrows[step.sender]}" for step in found.steps]
    # Whether a challenge that no router answers was heard makes no difference.
    lost = "x" if not found.steps[-1].arrived and found.steps[-1].message != "XAUTH" else ""
    assert " ".join(told) + lost == messages
    assert all(step.arrived for step in found.steps[:-1])
