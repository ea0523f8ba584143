"""``make bench``: what things cost beside their peers, measured in the same run on the same machine.

Only the ratios mean anything; the machine drifts. Nothing here is a test.
"""

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
sys.path.insert(0, str(Path(__file__).parent))

import pace
import reading
import targets
from hub import cost, hub
from shapes import SHAPES
from targets import Ratio

UNPACED = frozenset({"small", "shapes", "auditing", "waves", "diagnosing", "beside", "report"})
"""Parts without targets in seconds of CPU."""


def best(action: Callable[[], object], rounds: int = 3) -> float:
    """Seconds that ``action`` takes, the best of ``rounds``."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def cpu(action: Callable[[], object]) -> float:
    """CPU seconds of this process that ``action`` takes once."""
    start = time.process_time()
    action()
    return time.process_time() - start


def shapes(console: Console) -> None:
    """Parsing where one object or file holds thousands of one thing."""
    few, many = 500, 4000
    table = Table("parsing much of one thing", f"{few}, ns/byte", f"{many}, ns/byte", "per byte")
    for name, written in SHAPES.items():
        small, large = cost(written(few)), cost(written(many), rounds=2)
        table.add_row(name, f"{small * 1e9:.0f}", f"{large * 1e9:.0f}", f"{large / small:.2f}")
    console.print(table)


def auditing(console: Console) -> None:
    """Replaying and auditing: a hub of n tunnels, to show how it grows."""
    from ikeaudit.fleet import Fleet
    from ikeaudit.hazards import audit
    from ikeaudit.parsing import parse_configs
    from ikeaudit.parsing.fingerprint import Fingerprinter

    fingerprinter = Fingerprinter(b"a fingerprint key for benchmarks")
    table = Table("tunnels on one hub", "exchanges, s", "audit, s", "us a tunnel", "growth")
    before = 0.0
    for count in (500, 5000):
        router = parse_configs(hub(count), file="hub.cfg", fingerprinter=fingerprinter)[0].router
        assert router is not None
        fleet = Fleet([router])
        replayed = best(lambda f=fleet: f.exchanges, rounds=1)
        audited = best(lambda f=fleet: audit(f), rounds=1)
        each = (replayed + audited) / count * 1e6
        table.add_row(
            str(count), f"{replayed:.2f}", f"{audited:.2f}", f"{each:.0f}", f"{each / before:.2f}" if before else ""
        )
        before = each
    console.print(table)
    console.print()


def waves(console: Console) -> None:
    """Sorting a change of 2,000 routers with two hubs into waves: both strategies' ways, to show how it grows."""
    from dual_hub import dual_hub_fleet, wave_drafts

    from ikeaudit.remediation.strategies.contract import WavesOf
    from ikeaudit.remediation.waves import TunnelGraph, arrange

    table = Table("routers", "what waves are made of", "exchanges, s", "graph, s", "waves, s", "waves")
    for spokes in (198, 1998):
        fleet = dual_hub_fleet(spokes)
        replayed = best(lambda f=fleet: f.exchanges, rounds=1)
        kinds: tuple[WavesOf, ...] = ("routers", "tunnels")
        for kind in kinds:
            graph = TunnelGraph(fleet)
            drafts = wave_drafts(fleet, kind)
            read = best(lambda g=graph: (g.ranks, g.guarding), rounds=1)
            sorted_ = best(lambda g=graph, d=drafts, k=kind: arrange(g, d, k), rounds=1)
            count = len(arrange(graph, drafts, kind).waves)
            table.add_row(str(len(fleet.routers)), kind, f"{replayed:.2f}", f"{read:.2f}", f"{sorted_:.2f}", str(count))
    console.print(table)
    console.print()


def collecting(console: Console) -> list[Ratio]:
    """Reading one router, and a thousand, beside bare paramiko and nornir-netmiko.

    ``ROUTERS`` in the environment is another number than a thousand.
    """
    import collecting as sessions

    return sessions.measure(int(os.environ.get("ROUTERS", "1000")))


def inventory(console: Console) -> list[Ratio]:
    """Loading 10,000 hosts: CPU seconds beside Nornir's own reading of the same files."""
    from nornir import InitNornir

    from ikeaudit.session import keychain, open_inventory

    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "hosts.yaml").write_text(
            "".join(
                f"R{n}:\n  hostname: 10.{n >> 16}.{n >> 8 & 255}.{n & 255}\n  port: 22\n  groups: [spokes, site{n % 50}]\n"
                f"  data:\n    site: berlin\n    role: branch\n    rack: {n % 40}\n"
                for n in range(10_000)
            )
        )
        (folder / "groups.yaml").write_text(
            "spokes: {platform: cisco_ios, username: ann, password: x}\n"
            + "".join(f"site{n}: {{data: {{number: {n}}}}}\n" for n in range(50))
        )
        files = {"host_file": str(folder / "hosts.yaml"), "group_file": str(folder / "groups.yaml")}

        def theirs() -> None:
            InitNornir(inventory={"plugin": "SimpleInventory", "options": files}, logging={"enabled": False})

        def ours() -> None:
            keychain(open_inventory(folder).inventory.hosts.values(), ask=None)

        slow, quick = cpu(theirs), cpu(ours)
    return [
        Ratio("10,000 hosts: ms a host, checked and with logins", quick / 10, 0.3, seconds=True),
        Ratio("10,000 hosts: times faster than Nornir's SimpleInventory", slow / quick, 2.0, at_least=True),
    ]


def read_whole(console: Console) -> list[Ratio]:
    """Reading spokes and a hub beside ciscoconfparse2 and hier-config."""
    return reading.measure(console)


def selection(console: Console) -> list[Ratio]:
    """Look-ups of keys and profiles among thousands."""
    import selecting

    return selecting.measure(console)


def planning(console: Console) -> list[Ratio]:
    """Plans by both strategies, and how they grow."""
    import planning as plans

    return plans.measure(console)


def starting(console: Console) -> list[Ratio]:
    """Starting, beside a bare typer program."""
    import starting as start

    bare, ours = start.measure()
    return [
        Ratio("--help: CPU ms of a bare typer program", bare * 1000),
        Ratio("--help: CPU ms of ikeaudit above that", (ours - bare) * 1000, start.MOST * 1000, seconds=True),
    ]


def diagnosing(console: Console) -> list[Ratio]:
    """Following the negotiations of a log of 5 and of 50 MB, beside splitting and searching its lines; whether cost and memory
    of a byte stay the same."""
    import re
    import tracemalloc

    import logs

    from ikeaudit.logs import Diagnosis

    def floor(lines: list[str]) -> None:
        message = re.compile(r"ISAKMP[^:]*:|%CRYPTO-\d-(\w+)")
        for line in lines:
            found = message.search(line)
            if found is not None:
                line[found.end() :].split()

    def ours(lines: list[str]) -> None:
        diagnosis = Diagnosis()
        for line in lines:
            diagnosis.feed(line)
        diagnosis.finish()

    def peak(size: int) -> int:
        tracemalloc.start()
        diagnosis = Diagnosis()
        for line in logs.log(size):
            diagnosis.feed(line)
        diagnosis.finish()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    table = Table("a log of", "floor, s", "diagnose, s", "times the floor", "ns a byte", "growth")
    before, growth = 0.0, 1.0
    for size in (5_000_000, 50_000_000):
        lines = [*logs.log(size)]
        least, took = cpu(lambda some=lines: floor(some)), cpu(lambda some=lines: ours(some))
        each = took / size
        growth = each / before if before else 1.0
        table.add_row(
            f"{size // 1_000_000} MB", f"{least:.2f}", f"{took:.2f}", f"{took / least:.1f}", f"{each * 1e9:.0f}",
            f"{growth:.2f}" if before else "",
        )  # fmt: skip
        before = each
    small, large = peak(4_000_000), peak(12_000_000)
    console.print(table)
    return [
        Ratio("a log of 50 MB: cost of a byte beside that of one of 5 MB", growth, 1.25, noise=0.0),
        Ratio("a log of 12 MB: memory beside that of one of 4 MB", large / small, 1.25, noise=0.0),
    ]


def beside(console: Console) -> list[Ratio]:
    """A change of twenty pairs side by side, beside one pair."""
    import beside as changes

    one, many = changes.measure(20)
    return [Ratio("apply --parallel: 20 pairs, times as long as one", many / one, 4.0, noise=0.0)]


def report(console: Console) -> list[Ratio]:
    """The HTML report of 2,000 routers in headless Chromium: its size and the reader's waits.

    Without Chromium nothing is measured, and that is said.
    """
    import page

    found = page.measure()
    if found is None:
        console.print("report: no Chromium here (`apt-get install chromium`), nothing measured")
        return []
    about = f"HTML report of {found.routers:,} routers, {found.tunnels:,} tunnels"
    return [
        Ratio(f"{about}: size, every ladder in it, MB", found.size / 1e6, 8.0, noise=0.0),
        Ratio("usable, ms", found.usable, 500.0, noise=0.0),
        Ratio("a key in the search until its rows are found, worst, ms", found.filter, 50.0, noise=0.0),
        Ratio("usable: CPU ms of the page's thread", found.usable_cpu),
        Ratio("a key in the search, drawing included: CPU ms, worst", found.filter_cpu),
        Ratio("until they are on the screen, worst, ms", found.seen),
        Ratio("details inflated, at the first ladder, ms", found.details),
        Ratio("packing and writing, CPU s", found.made),
    ]


def cluster(console: Console) -> list[Ratio]:
    """Collecting by the workers of a Dask cluster on this machine: what a router costs each part of it."""
    import cluster as machines

    return machines.measure(int(os.environ.get("ROUTERS", "400")))


def spreading(console: Console) -> list[Ratio]:
    """A check by the workers of a Dask cluster on this machine: what a router costs each part of it."""
    import spreading as spread

    return spread.measure(int(os.environ.get("ROUTERS", "400")))


def small(console: Console) -> list[Ratio]:
    """A few ratios in under a minute, with generous noise, so that none slips unseen."""
    import slipping

    return slipping.measure()


def whole_fleet(console: Console) -> list[Ratio]:
    """``check`` and ``explain`` of whole fleets, of the sizes in $FLEET (``1000 4000``)."""
    import fleet

    return fleet.measure(console, [int(size) for size in os.environ.get("FLEET", "").split()] or fleet.SIZES)


def hub_of_spokes(console: Console) -> list[Ratio]:
    """One hub with very many spokes."""
    import one_hub

    return one_hub.measure(console, [*one_hub.SIZES])


def main() -> None:
    """All of them, or those named on the command line; exits with 1 when a target is missed.

    What was measured goes into ``docs/performance.json`` and the page beside it, unless ``--dry`` is said.
    """
    every: dict[str, Callable[[Console], list[Ratio] | None]] = {
        "reading": read_whole,
        "shapes": shapes,
        "auditing": auditing,
        "fleet": whole_fleet,
        "hub": hub_of_spokes,
        "selection": selection,
        "planning": planning,
        "waves": waves,
        "collecting": collecting,
        "cluster": cluster,
        "spreading": spreading,
        "inventory": inventory,
        "diagnosing": diagnosing,
        "beside": beside,
        "report": report,
        "starting": starting,
    }
    console = Console()
    usage = f"usage: run.py [--dry] [NAME ...], with names of {', '.join(every)}, and small; all but small without one."
    given = [word for word in sys.argv[1:] if word != "--dry"]
    if {"-h", "--help"} & {*given}:
        console.print(usage, markup=False)
        return
    if not {*given} <= every.keys() | {"small"}:
        sys.exit(usage)
    load, processors = os.getloadavg()[0], len(os.sched_getaffinity(0))
    if load > processors / 2:
        console.print(
            f"The machine is busy (load {load:.1f}, {processors} processors): what the clock measures (collecting, beside, "
            "report) says little.\n"
        )
    measured: dict[str, list[Ratio]] = {}
    for name in given or every:
        part = partial((every | {"small": small})[name], console)
        ratios = part() or [] if name in UNPACED else pace.paced(part)
        if ratios:
            console.print(f"[bold]{name}[/]")
            targets.show(console, ratios)
            measured[name] = ratios
    if "--dry" not in sys.argv and "small" not in measured:
        import capacity

        kept = targets.keep(measured)
        targets.put(targets.PAGE, "figures", targets.tables(kept))
        targets.put(targets.PAGE, "capacity", capacity.table(kept))
    if missed := targets.missed(measured):
        sys.exit("Targets are missed:\n" + "\n".join(missed))


if __name__ == "__main__":
    main()
