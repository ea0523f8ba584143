"""Software releases, and what each of them still accepts (IKEV2-RELEASES, ALGO-WEAK)."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from ikeaudit.ios.words import slot
from ikeaudit.model import Router


class Release(msgspec.Struct, frozen=True, order=True):
    """A release as numbers that compare; ``classic`` IOS (12.x, 15.x) or IOS-XE (16.x, 17.x)."""

    major: int
    minor: int
    maintenance: int = 0

    @property
    def xe(self) -> bool:
        """Whether the number alone tells that this is IOS-XE; releases 3.x of it call themselves 15.x."""
        return self.major >= 16

    def reaches(self, threshold: Release) -> bool:
        """Whether this is of the threshold's train or later; a configuration does not print the maintenance number."""
        return (self.major, self.minor) >= (threshold.major, threshold.minor)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}" + (f".{self.maintenance}" if self.maintenance else "")


def release_of(router: Router) -> Release | None:
    """The router's release: from show version when collected, else from the configuration's ``version`` line."""
    for text in (router.shows.version, router.version):
        match = re.search(r"(\d+)\.(\d+)(?:[.(](\d+))?", text or "")
        if match is not None:
            return Release(int(match[1]), int(match[2]), int(match[3] or 0))
    return None


def platform_of(router: Router) -> str | None:
    """The hardware as the snapshot names it: 'show version', else the licence line of the configuration."""
    licences = (_LICENCE.match(text) for text in router.lines)
    return router.shows.platform or router.platform or next((found[1] for found in licences if found), None)


_LICENCE = re.compile(rf"{slot('global/license')} udi pid (\S+)")


FN72510: tuple[tuple[str, Release], ...] = (
    (
        r"ASR1\d{3}|ASR10\d\d|ISR4\d{3}|^4[234]\d1|C8\d{3}|C83\d\d|C85\d\d|CSR1000|C11\d\d|ISR11\d\d|C8000",
        Release(17, 11, 1),
    ),
    (r"ASR-?92\d|ASR-?903|ASR-?907|NCS-?520|NCS-?42\d\d", Release(17, 12, 1)),
    (r"C9800|CGW|^CG[45]\d\d", Release(17, 13, 1)),
    (r"IR11\d\d|IR18\d\d|IR81\d\d|IR83\d\d|ESR-?6300", Release(17, 14, 1)),
    (r"C9[2345]\d\d", Release(17, 15, 1)),
)
"""From which release weak algorithms are refused, by a pattern of the platform's name (Field Notice FN72510, ALGO-WEAK)."""

Shield = Literal["refuses", "may refuse", "accepts"]


def threshold(router: Router) -> Release | None:
    """The release from which this platform refuses weak algorithms; None when the platform is not known or not listed."""
    name = (platform_of(router) or "").upper().replace("/", " ")
    return next((release for pattern, release in FN72510 if re.search(pattern, name)), None)


def parse_release(text: str) -> Release | None:
    """A release as people write it: ``17.12``, ``17.12.1a``, ``15.2(4)M1``; None when it is none."""
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})(?:[.(](\d{1,3})\)?[A-Za-z0-9]*)?", text.strip())
    return Release(int(match[1]), int(match[2]), int(match[3] or 0)) if match is not None else None


def shield(router: Router, planned: Release | None = None) -> Shield:
    """Whether the router's release, or the ``planned`` one, refuses weak algorithms (ALGO-WEAK)."""
    release = planned or release_of(router)
    if release is None or router.compliance_shield_disabled or not release.reaches(FN72510[0][1]):
        return "accepts"
    known = threshold(router)
    if known is not None:
        return "refuses" if release.reaches(known) else "accepts"
    return "refuses" if release.reaches(FN72510[-1][1]) else "may refuse"
