"""Go or no-go: one page on each router before anything is armed, and the word that is asked for after it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from change_lab import pairs
from plans import FINGERPRINTER, fleet_of, planned

from ikeaudit.change.go_page import Page, _page, _span
from ikeaudit.cli.apply import _asked
from ikeaudit.drive.device import RouterText
from ikeaudit.model.errors import RefusedError

FLEET = fleet_of(*pairs(1).values())
PLAN = planned(FLEET).plan
TEXT = "\n".join(FLEET.router("A1").lines) + "\n"
SESSION = """Crypto session current status

Interface: Tunnel1
Uptime: 01:02:03
Session status: UP-ACTIVE
Peer: 192.168.1.2 port 500 fvrf: (none) ivrf: (none)
"""
HEAD = "    Line       User       Host(s)              Idle       Location\n"
OURS = "*  2 vty 0     audit      idle                 00:00:00 203.0.113.9\n"
FULL = {
    "show users": HEAD + OURS,
    "dir": "Directory of flash:/\n\n64000000 bytes total (63000000 bytes free)\n",
    "show crypto session detail": SESSION,
    "show clock": "*08:00:00.000 UTC Mon Nov 29 2021\n",
}


class Device:
    """A router that says what it is told to say, and does not know anything else."""

    name = "A1"

    def __init__(self, text: str, says: dict[str, str], startup: str | None = None) -> None:
        self._text, self._says = RouterText(text, "now", None), says  # type: ignore[arg-type]
        self._startup = RouterText(startup, "then", None) if startup is not None else self._text  # type: ignore[arg-type]

    def running(self) -> RouterText:
        return self._text

    def startup(self) -> RouterText:
        return self._startup

    def leave_config(self) -> None:
        return None

    def run(self, command: str) -> str:
        return self._says.get(command, "% Invalid input detected at '^' marker.\n")


def page(text: str = TEXT, startup: str | None = None, **more: str) -> Page:
    says = FULL | {command.replace("_", " "): reply for command, reply in more.items()}
    window = SimpleNamespace(plan=PLAN)
    return _page(window, Device(text, says, startup), FINGERPRINTER)  # type: ignore[arg-type]


def rows(found: Page) -> dict[str, str]:
    return dict(row.split(": ", 1) for row in found.rows)  # type: ignore[misc]


def test_a_page_with_nothing_against_it() -> None:
    found = page()
    told = rows(found)
    assert told["SA"] == "Tunnel1 -> 192.168.1.2 UP-ACTIVE for 01:02:03"
    assert told["flash"] == "63000000 bytes free" and told["operators"] == "nobody else"
    assert told["net"] == "revert timer, archive path flash:chg-" and told["startup"] == "the same as what it runs"
    assert told["clock"].endswith(" days behind this machine") and found.against == ()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (119, "119 s"), (120, "2 minutes"), (7199, "119 minutes"), (7200, "2 hours"), (172800, "2 days")],
)
def test_a_clock_is_off_by_a_time_that_can_be_read(seconds: int, words: str) -> None:
    assert _span(seconds) == words


def test_what_a_router_does_not_tell_is_said_to_be_unknown() -> None:
    no = "% Invalid input detected at '^' marker.\n"
    told = rows(page(show_users=no, dir=no, show_crypto_session_detail=no, show_clock=no))
    assert {told[word] for word in ("SA", "flash", "operators", "clock")} == {"not known"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            {"show_users": f"{HEAD}   1 con 0     ann        idle                 00:01:12\n{OURS}"},
            "ann idle 00:01:12 (con 0)",
        ),
        ({"dir": "64000000 bytes total (2000 bytes free)\n"}, "its flash has 2000 bytes free"),
        ({"show_users": HEAD + OURS.replace("203.0.113.9", "10.0.1.2")}, "rides Tunnel1, which is changed"),
        ({"show_ip_route_203.0.113.9": "  * 10.0.1.2, from 10.0.1.2, 00:01:02 ago, via Tunnel1\n"}, "rides Tunnel1"),
        ({"text": TEXT.replace("end\n", "ip route 203.0.113.0 255.255.255.0 10.0.1.2\nend\n")}, "rides Tunnel1"),
    ],
)
def test_what_speaks_against_it(more: dict[str, str], words: str) -> None:
    (against,) = page(**more).against
    assert against.startswith("A1: ") and words in against


def test_a_session_through_another_tunnel_is_not_against_it() -> None:
    assert not page(**{"show_ip_route_203.0.113.9": "  * 10.9.1.2, via Tunnel9\n"}).against


def test_the_circuit_is_told_where_its_text_was_kept() -> None:
    kept = TEXT.replace("interface Ethernet0/0\n", "interface Ethernet0/0\n description line 4711\n")
    assert rows(page(kept))["circuit"] == "Ethernet0/0: line 4711"
    assert "circuit" not in rows(page(kept.replace("line 4711", "<CUT:0123456789abcdef>")))


def test_a_startup_configuration_that_differs_is_shown() -> None:
    assert "+ " in rows(page(startup=TEXT.replace(" group 14\n", "")))["startup"]


def test_the_word_is_asked_for() -> None:
    """Without a terminal only where something speaks against it, and not with --go."""
    said: list[str] = []
    clean, bad = (
        Page(router="A1", rows=("a: b",)),
        Page(router="B1", rows=(), against=("B1: ann is logged in as well",)),
    )
    _asked(said.append, False, (clean,))
    _asked(said.append, True, (clean, bad))
    assert said[:2] == ["A1, before anything is armed:", "  a: b"] and "Against: B1: ann is logged in as well." in said
    with pytest.raises(RefusedError, match=r"No-go: B1: ann is logged in as well\. Nothing was sent; --go"):
        _asked(said.append, False, (clean, bad))
