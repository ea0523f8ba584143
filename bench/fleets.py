"""``python bench/fleets.py --routers 10000 --seed 1 --kind mix OUT``: running-configs of a fleet of any size.

Two hubs and 198 spokes with a tunnel to each are a region: one router in a hundred is a hub with 198 tunnels, and regions have
nothing to do with each other. A region's routers follow from the seed and its number alone, so that a fleet of 400 is the
beginning of one of 10,000 with the same seed. Nothing is kept but one region, whatever the size.

Mistakes are sprinkled over a share of the spokes. ``OUT/planted.jsonl`` says what was planted where, and which hazard has to
tell of it at which routers: a line of JSON for each. Addresses are from ranges that nobody has a tunnel in (25.0.0.0/8 for
spokes, 198.18.0.0/15 for hubs, as there are not enough of those for documentation); a million routers have room.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from ipaddress import IPv4Address
from pathlib import Path

import fleet_texts as texts
from fleet_texts import Hub, Spoke
from spoke import branch

REGION = 200
"""Routers of a region: two hubs and their spokes."""

LARGEST = 1_000_000
"""Routers for which there are addresses."""

TECHNIQUES = {
    "ikev1": (texts.ikev1_spoke, texts.ikev1_hub),
    "ikev2": (texts.ikev2_spoke, texts.ikev2_hub),
    "dmvpn": (texts.dmvpn_spoke, texts.dmvpn_hub),
}

KINDS = {
    "spoke12": ("ikev1 12",),
    "spoke2": ("ikev1 2",),
    "ikev2": ("ikev2 12",),
    "dmvpn": ("dmvpn 12",),
    "mix": (
        "ikev1 12",
        "ikev1 2",
        "ikev2 12",
        "ikev1 12",
        "dmvpn 12",
        "ikev1 2",
        "ikev1 12",
        "ikev2 2",
        "dmvpn 2",
        "ikev1 12",
    ),
}
"""What one region after the other is: how its tunnels negotiate, and how many kB a spoke has."""

_AT_BOTH = ("spoke", "hub")
FAULTS = {
    "ikev1": {
        "other-key": ("PW-PSK-DIFF", _AT_BOTH),
        "no-key": ("KR-NOKEY", ("hub",)),
        "other-policy": ("PW-PH1-NONE", _AT_BOTH),
        "other-transform": ("PW-TS-NONE", _AT_BOTH),
        "no-pfs": ("PW-PFS", _AT_BOTH),
        "old-keyring": ("KR-DUP-ADDR-DIFFKEY", ("spoke",)),
    },
    "ikev2": {
        "other-key": ("PW-PSK-DIFF", _AT_BOTH),
        "no-key": ("V2-KEYRING-GAP", ("hub",)),
        "other-policy": ("PW-PH1-NONE", _AT_BOTH),
        "other-transform": ("PW-TS-NONE", _AT_BOTH),
        "no-pfs": ("PW-PFS", _AT_BOTH),
        "other-identity": ("V2-IDLOCAL", _AT_BOTH),
    },
    "dmvpn": {
        "other-key": ("PW-PSK-DIFF", _AT_BOTH),
        "no-key": ("PW-NOKEY-R", _AT_BOTH),
        "other-policy": ("PW-PH1-NONE", _AT_BOTH),
        "other-transform": ("PW-TS-NONE", _AT_BOTH),
        "other-tunnel-key": ("PW-TUNNEL-KEY", _AT_BOTH),
        "other-nhrp-word": ("PW-NHRP", _AT_BOTH),
    },
}
"""Mistakes of a spoke's tunnel to hub A, by how it negotiates: the hazard that has to tell of it, and at which ends."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A mistake: on the tunnel of ``spoke`` to ``hub``; hazard ``code`` has to name all of ``hosts``."""

    fault: str
    spoke: str
    hub: str
    code: str
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """One router: its name, its running-config, and what was planted in it."""

    name: str
    text: str
    planted: Planted | None = None


def fleet(
    routers: int, *, seed: int = 1, kind: str = "mix", faults: float = 0.01, region: int = REGION
) -> Iterator[Made]:
    """The routers one after the other, ``region`` of them in a region; at least 3 altogether.

    ``faults`` is the share of spokes with a mistake. Raises ValueError when a number makes no sense.
    """
    if not 3 <= region <= REGION:
        raise ValueError(f"a region has 3 to {REGION} routers, not {region}")
    if not 3 <= routers <= LARGEST:
        raise ValueError(f"a fleet has 3 to {LARGEST:,} routers, not {routers:,}")
    if not 0 <= faults <= 1:
        raise ValueError(f"the share of spokes with a mistake lies between 0 and 1, not at {faults:g}")
    whole, left = divmod(routers, region)
    sizes = [region] * whole
    if left >= 3 or not sizes:
        sizes.append(left)
    else:
        sizes[-1] += left
    for number, size in enumerate(sizes):
        yield from _region(number, size, seed, KINDS[kind][number % len(KINDS[kind])], faults)


def _region(number: int, size: int, seed: int, kind: str, faults: float) -> Iterator[Made]:
    technique, kilobytes = kind.split()
    spoke_text, hub_text = TECHNIQUES[technique]
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - no secrets
    hubs = [_hub(number, index) for index in range(2)]
    names = [*FAULTS[technique]]
    spokes = []
    for place in range(size - 2):
        fault = chance.choice(names) if chance.random() < faults else ""
        spokes.append(_spoke(number, place, seed, technique, fault))
    for hub in hubs:
        yield Made(hub.name, texts.hub_around(hub, *hub_text(hub, spokes)))
    for spoke in spokes:
        crypto, tunnels = spoke_text(spoke, hubs)
        yield Made(spoke.name, _around(spoke, hubs, crypto, tunnels, kilobytes), _planted(spoke, hubs[0], technique))


def one_hub(spokes: int, *, seed: int = 1) -> Iterator[Made]:
    """One IKEv2 hub, and spokes of 2 kB that call nobody else."""
    hub = _hub(0, 0)
    known = [_spoke(0, place, seed, "ikev2", "") for place in range(spokes)]
    yield Made(hub.name, texts.hub_around(hub, *texts.ikev2_hub(hub, known)))
    for spoke in known:
        yield Made(spoke.name, texts.small_branch(spoke, *texts.ikev2_spoke(spoke, [hub])))


def _around(spoke: Spoke, hubs: Sequence[Hub], crypto: str, tunnels: str, kilobytes: str) -> str:
    if kilobytes == "2":
        return texts.small_branch(spoke, crypto, tunnels)
    return branch(
        spoke.number,
        name=spoke.name,
        crypto=crypto,
        tunnels=tunnels,
        hubs=[hub.address for hub in hubs],
        outside=f"{spoke.address} 255.255.255.252",
        gateway=spoke.gateway,
        loopback=spoke.loopback,
    )


def _planted(spoke: Spoke, hub: Hub, technique: str) -> Planted | None:
    if not spoke.fault:
        return None
    code, ends = FAULTS[technique][spoke.fault]
    hosts = {"spoke": spoke.name, "hub": hub.name}
    return Planted(spoke.fault, spoke.name, hub.name, code, tuple(hosts[end] for end in ends))


_SPOKES_OUTSIDE = IPv4Address("25.0.0.0")
_HUBS_OUTSIDE = IPv4Address("198.18.0.0")
_INSIDE = IPv4Address("10.96.0.0")
_LOOPBACKS = IPv4Address("172.16.0.0")
_ROOM = 2048
"""Inside addresses of a region: a /30 for each tunnel, or a /24 for each cloud."""


def _hub(region: int, index: int) -> Hub:
    outside = _HUBS_OUTSIDE + (2 * region + index) * 4
    cloud = _INSIDE + region * _ROOM + index * 1024
    return Hub(f"HUB-{region:04d}{'AB'[index]}", "AB"[index], str(outside + 2), str(outside + 1), str(cloud + 1))


def _spoke(region: int, place: int, seed: int, technique: str, fault: str) -> Spoke:
    number = region * REGION + place
    name = f"BR-{number:06d}"
    outside = _SPOKES_OUTSIDE + number * 4
    base = _INSIDE + region * _ROOM
    inside = []
    for index in range(2):
        if technique == "dmvpn":
            cloud = base + index * 1024
            inside.append((str(cloud + 2 + place), str(cloud + 1)))
        else:
            subnet = base + (2 * place + index) * 4
            inside.append((str(subnet + 2), str(subnet + 1)))
    keys = [blake2b(f"{seed}/{name}/{index}".encode(), digest_size=12).hexdigest() for index in range(2)]
    return Spoke(
        number,
        name,
        str(outside + 2),
        str(outside + 1),
        str(_LOOPBACKS + number),
        (keys[0], keys[1]),
        (inside[0], inside[1]),
        fault,
    )


def write(folder: Path, made: Iterator[Made]) -> tuple[int, int]:
    """Writes each router into ``NAME.cfg`` and the list of mistakes; returns how many of each there are."""
    folder.mkdir(parents=True, exist_ok=True)
    routers = faults = 0
    with (folder / "planted.jsonl").open("w", encoding="utf-8") as listing:
        for one in made:
            (folder / f"{one.name}.cfg").write_text(one.text, encoding="utf-8")
            routers += 1
            if one.planted is not None:
                faults += 1
                listing.write(json.dumps(asdict(one.planted)) + "\n")
    return routers, faults


def main() -> None:
    """Write a fleet."""
    parser = argparse.ArgumentParser(description="Writes the running-configs of a fleet.")
    parser.add_argument("folder", type=Path, metavar="OUT")
    parser.add_argument("--routers", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=[*KINDS], default="mix")
    parser.add_argument("--faults", type=float, default=0.01, help="share of spokes with a mistake (%(default)s)")
    parser.add_argument("--region", type=int, default=REGION, help="routers of a region (%(default)s)")
    asked = parser.parse_args()
    try:
        made = fleet(asked.routers, seed=asked.seed, kind=asked.kind, faults=asked.faults, region=asked.region)
        routers, faults = write(asked.folder, made)
    except ValueError as error:
        parser.error(f"{error}.")
    sys.stdout.write(f"{routers:,} routers, {faults:,} with a mistake, in {asked.folder}\n")


if __name__ == "__main__":
    main()
