"""``show version``: the release and the hardware, as far as hazards depend on them (DOMAIN 3.3 and 7)."""

from __future__ import annotations

from ikeaudit.parsing.shows.lines import texts
from ikeaudit.parsing.ttp_adapter import parse_show

_FIRST_OWN = 16


def parse_version(text: str) -> tuple[str, str | None] | None:
    """Release (``15.3(3)M5``, ``17.09.05a``) and platform (``ISR4431/K9``, None when not found); None when the output is not
    that of an IOS or IOS-XE router. IOS-XE before 16 counts by the IOS release that it holds (``15.5(3)S4b``), as its
    running-config does."""
    found = parse_show("show_version", texts(text))
    own = [match["release"] for match in found.get("xe", ()) if _major(match["release"]) >= _FIRST_OWN]
    releases = own or [match["release"] for match in found.get("images", ())]
    platforms = [match["platform"] for match in found.get("boards", ())]
    return (releases[0], next(iter(platforms), None)) if releases else None


def _major(release: str) -> int:
    number = release.partition(".")[0]
    return int(number) if number.isdigit() else 0
