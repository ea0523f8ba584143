"""A plan on routers that have moved on: what else changed is told, what matters first, and the steps are proved again."""

from __future__ import annotations

import pytest
from change_lab import pairs
from plans import FINGERPRINTER, fleet_of, planned

from ikeaudit.change.rebase import ORDER, NotRebasedError, changed, rebased
from ikeaudit.drive.device import RouterText
from ikeaudit.parsing.volatile import stable_lines

TEXTS = pairs(1)
FLEET = fleet_of(*TEXTS.values())
PLAN = planned(FLEET).plan
NOW = {router.name: "\n".join(router.lines) + "\n" for router in FLEET.routers}


def again(**texts: str):  # type: ignore[no-untyped-def]
    found = {name: RouterText(texts.get(name, text), "", None) for name, text in NOW.items()}  # type: ignore[arg-type]
    return rebased(PLAN, found, FINGERPRINTER)


def test_the_same_steps_on_a_router_that_got_an_unrelated_line() -> None:
    text = NOW["A1"].replace(
        "!\ncrypto isakmp policy", "snmp-server location <CUT:0123456789abcdef>\n!\ncrypto isakmp policy"
    )
    after = again(A1=text).after["A1"]
    assert "snmp-server location <CUT:0123456789abcdef>" in after and "crypto keyring new1" not in after


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (" group 14", " group 5", "would be down (no-common-ike-policy) after this change"),
        (
            "tunnel destination 192.168.1.2",
            "tunnel destination 192.168.1.3",
            "A1 Tunnel1 -> B1 is no longer configured",
        ),
        ("interface Tunnel1\n", "interface Tunnel1\n shutdown\n", "would be not-initiated"),
        ("crypto keyring new1\n", "crypto keyring new2\n", "The replay does not accept step"),
    ],
)
def test_a_line_that_matters_is_a_refusal(old: str, new: str, words: str) -> None:
    with pytest.raises(NotRebasedError) as caught:
        again(A1=NOW["A1"].replace(old, new))
    assert words in str(caught.value)


def rows(old: str, new: str) -> list[str]:
    return changed(stable_lines(old), stable_lines(new), FINGERPRINTER)


def test_what_a_negotiation_notices_is_shown_first() -> None:
    text = NOW["A1"].replace("hostname A1\n", "hostname A1\nno ip http server\nbanner motd ^C x ^C\n")
    text = text.replace(" group 14", " group 5").replace("archive\n", "archive\n maximum 3\n")
    found = rows(NOW["A1"], text)
    assert set(found[:2]) == {"- crypto isakmp policy 10 / group 14", "+ crypto isakmp policy 10 / group 5"}
    assert "+ archive / maximum 3" in found[2:]


def test_order_alone_is_no_line() -> None:
    first, second = "crypto keyring old1\n", "crypto keyring new1\n"
    lines = NOW["A1"].splitlines(keepends=True)
    at, then = lines.index(first), lines.index(second)
    swapped = [*lines[:at], *lines[then : then + 2], *lines[at:then], *lines[then + 2 :]]
    assert rows(NOW["A1"], "".join(swapped)) == [ORDER]
    more = "".join(swapped).replace("group 14", "group 5")
    assert len(rows(NOW["A1"], more)) == 2
