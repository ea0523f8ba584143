"""``show version``: the release and the hardware, as far as hazards depend on them (POLICY-DEFAULTS, ALGO-WEAK)."""

from __future__ import annotations

import re

from ikeaudit.parsing.shows.lines import body

_RELEASE = re.compile(r".*\bVersion\s+(?P<version>[\w.()]+?)(?:,|\s|\Z)", re.IGNORECASE)
_XE_RELEASE = re.compile(r"\s*Cisco IOS[ -]XE Software, Version\s+(?P<version>(?P<major>\d+)[\w.()]*)", re.IGNORECASE)
_FIRST_OWN = 16
_PLATFORM = re.compile(
    r"\s*cisco (?P<platform>\S+)(?:\s+\([^)]*\))?\s+(?:processor\b|Chassis\b|with\b.*\bbytes of (?:physical )?memory).*",
    re.IGNORECASE,
)
_IOS = re.compile(r".*\bCisco (?:IOS|Internetwork Operating System)", re.IGNORECASE)


def parse_version(text: str) -> tuple[str, str | None] | None:
    """Release (``15.3(3)M5``, ``17.09.05a``) and platform (``ISR4431/K9``, None when not found); None when the output is not
    that of an IOS or IOS-XE router. IOS-XE before 16 counts by the IOS release that it holds (``15.5(3)S4b``), as its
    running-config does."""
    release = platform = None
    ios = False
    for _, line in body(text):
        ios = ios or _IOS.match(line) is not None
        if xe := _XE_RELEASE.match(line):
            release = xe["version"] if int(xe["major"]) >= _FIRST_OWN else release
        elif release is None and ios and (found := _RELEASE.match(line)):
            release = found["version"]
        if platform is None and (found := _PLATFORM.match(line)):
            platform = found["platform"]
    return (release, platform) if ios and release else None
