"""What a router's platform and release can do, as far as a suite asks for it (IKEV2-RELEASES, ALGO-WEAK)."""

import re

import msgspec

from ikeaudit.hazards.facts.release import Release, platform_of, release_of, shield
from ikeaudit.hazards.shared.weak_crypto import IKEV2, PFS, TRANSFORMS
from ikeaudit.model import Router
from ikeaudit.remediation.strategies.ikev2.choices import Suite

FIRST_IKEV2 = Release(15, 1, 1)
"""15.1(1)T; IOS-XE 3.3S calls itself 15.1(2)S (IKEV2-RELEASES)."""

NGE_NEVER: tuple[tuple[str, str], ...] = (
    (r"\b7[23]\d\d", "the 7200 series"),
    (r"\b(?:CISCO)?(?:18|28|38)\d\d", "the first generation of ISR"),
)
"""Platforms whose encryption hardware never learnt next-generation encryption (IKEV2-RELEASES)."""

NGE_FROM: tuple[tuple[str, Release], ...] = (
    (r"\b(?:CISCO)?(?:2951|39\d\d)", Release(15, 1, 3)),
    (r"\b(?:CISCO)?(?:19|29)\d\d|\bC?8\d\d(?!\d)", Release(15, 2, 4)),
)
"""From which release platforms do next-generation encryption: GCM, SHA-2 and elliptic curves (IKEV2-RELEASES)."""

NGE_SOFTWARE = Release(15, 1, 2)
"""The same for everything else."""

_NGE_HASHES = frozenset({"sha256", "sha384", "sha512"})
_NGE_GROUPS = frozenset({"19", "20", "21", "24"})
_NGE_TRANSFORMS = re.compile(r"esp-gcm|esp-gmac|(?:esp|ah)-sha(?:256|384|512)-hmac")


class Obstacle(msgspec.Struct, frozen=True):
    """Why a router cannot take a suite; ``remark`` when that is not certain and only worth saying."""

    text: str
    remark: bool = False


def obstacles(router: Router, suite: Suite) -> tuple[Obstacle, ...]:
    """What speaks against ``suite`` on ``router``; a release or platform that is not known gives remarks, no refusals."""
    release = release_of(router)
    platform = platform_of(router)
    if release is None:
        text = f"The release is not known: check that the router has IKEv2 and the algorithms of {suite.name}"
        return (Obstacle(text, remark=True),)
    found = _ikev2(router, release)
    if any(not obstacle.remark for obstacle in found):
        return tuple(found)
    found += _shield(router, release, suite)
    nge = _needs_nge(suite)
    if nge:
        found += _nge(router, release, platform, nge)
    if suite.combined or any(word.startswith("esp-gcm") for word in suite.transforms):
        text = (
            f"{platform or 'A platform that is not known'} with release {release} may lack aes-gcm for IKEv2, which some "
            "platforms never got (ALGO-WEAK): try the proposal on one first"
        )
        found.append(Obstacle(text, remark=True))
    return tuple(found)


def _ikev2(router: Router, release: Release) -> list[Obstacle]:
    if release >= FIRST_IKEV2:
        return []
    open_ = (release.major, release.minor, release.maintenance) == (FIRST_IKEV2.major, FIRST_IKEV2.minor, 0)
    text = f"{router.name} runs release {release}, and IKEv2 begins with 15.1(1)T and IOS-XE 3.3S"
    return [Obstacle(text, remark=open_)]


def _shield(router: Router, release: Release, suite: Suite) -> list[Obstacle]:
    """Algorithms that FN72510 refuses, on releases that do."""
    weak = [word for word in suite.encryption if word in IKEV2["encryption"]]
    weak += [word for word in suite.integrity if word in IKEV2["integrity"]]
    weak += [f"group {group}" for group in suite.groups if group in IKEV2["groups"]]
    weak += [word for word in suite.transforms if word.split()[0] in TRANSFORMS]
    weak += [suite.pfs] if suite.pfs in PFS else []
    state = shield(router)
    if not weak or state == "accepts":
        return []
    listed = ", ".join(dict.fromkeys(weak))
    text = f"Release {release} on {router.name} {state} {listed} of the suite {suite.name} (Field Notice FN72510)"
    return [Obstacle(text, remark=state == "may refuse")]


def _needs_nge(suite: Suite) -> tuple[str, ...]:
    """The algorithms of ``suite`` that are next-generation encryption."""
    found = [word for word in suite.encryption if "gcm" in word]
    found += [word for word in (*suite.integrity, *suite.prf) if word in _NGE_HASHES]
    found += [f"group {group}" for group in suite.groups if group in _NGE_GROUPS]
    found += [word for word in suite.transforms if _NGE_TRANSFORMS.match(word)]
    return tuple(dict.fromkeys(found))


def _nge(router: Router, release: Release, platform: str | None, needs: tuple[str, ...]) -> list[Obstacle]:
    name = (platform or "").upper()
    listed = ", ".join(needs)
    for pattern, family in NGE_NEVER:
        if re.search(pattern, name):
            return [Obstacle(f"{router.name} is of {family}, whose hardware does not do {listed}")]
    first = next((start for pattern, start in NGE_FROM if re.search(pattern, name)), NGE_SOFTWARE)
    if release >= first:
        return []
    # A running-config says 15.2 and not which 15.2; nor is a release conclusive where the platform is not known.
    open_ = (release.major, release.minor) == (first.major, first.minor) and not release.maintenance
    text = f"{router.name} runs release {release}, and {listed} begin with {first}"
    return [Obstacle(text + (f" on {platform}" if platform else ""), remark=open_)]
