"""``make bench``: what things cost beside their peers, measured in the same run on the same machine.

Only the ratios mean anything; the machine drifts. Nothing here is a test.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
sys.path.insert(0, str(Path(__file__).parent))

import reading
from hub import cost, hub
from shapes import SHAPES


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


def collecting(console: Console) -> bool:
    """Reading one router, and a thousand, beside bare paramiko and nornir-netmiko; whether every target is met.

    ``ROUTERS`` in the environment is another number than a thousand.
    """
    import collecting as sessions

    ratios = sessions.measure(int(os.environ.get("ROUTERS", "1000")))
    reading.show(console, ratios)
    return all(ratio.met for ratio in ratios)


def inventory(console: Console) -> bool:
    """Loading 10,000 hosts: CPU seconds beside Nornir's own reading of the same files; whether the target is met."""
    from nornir import InitNornir

    from ikeaudit.session import keychain, open_inventory

    target = 3.0
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
    table = Table("inventory of 10,000 hosts", "CPU s", "target")
    table.add_row("Nornir's SimpleInventory", f"{slow:.2f}", "")
    table.add_row(
        "ikeaudit, with its checks and logins", f"{quick:.2f}", f"< {target:g} {'met' if quick < target else 'MISSED'}"
    )
    console.print(table)
    return quick < target


def read_whole(console: Console) -> bool:
    """Reading spokes and a hub beside ciscoconfparse2 and hier-config; whether every target is met."""
    ratios = reading.measure(console)
    reading.show(console, ratios)
    return all(ratio.met for ratio in ratios)


def starting(console: Console) -> bool:
    """Starting, beside a bare typer program; whether it takes no more than the target above that."""
    import starting as start

    bare, ours = start.measure()
    met = ours - bare <= start.MOST * (1 + reading.NOISE)
    table = Table("--help", "CPU ms", "above the bare program", "target")
    table.add_row("a bare typer program", f"{bare * 1000:.0f}", "", "")
    target = f"< {start.MOST * 1000:g} ms {'met' if met else 'MISSED'}"
    table.add_row("ikeaudit", f"{ours * 1000:.0f}", f"{(ours - bare) * 1000:.0f} ms", target)
    console.print(table)
    return met


def diagnosing(console: Console) -> bool:
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

    table = Table("a log of", "floor, s", "diagnose, s", "times the floor", "ns a byte", "growth", "target")
    growth_target, before, growth = 1.25, 0.0, 1.0
    for size in (5_000_000, 50_000_000):
        lines = [*logs.log(size)]
        least, took = cpu(lambda some=lines: floor(some)), cpu(lambda some=lines: ours(some))
        each = took / size
        growth = each / before if before else 1.0
        told = f"< {growth_target:g} {'met' if growth <= growth_target else 'MISSED'}" if before else ""
        table.add_row(
            f"{size // 1_000_000} MB", f"{least:.2f}", f"{took:.2f}", f"{took / least:.1f}", f"{each * 1e9:.0f}",
            f"{growth:.2f}" if before else "", told,
        )  # fmt: skip
        before = each
    small, large = peak(4_000_000), peak(12_000_000)
    console.print(table)
    same = large <= 1.25 * small
    console.print(
        f"memory at its most: {small / 2**20:.2f} MB for 4 MB of log, {large / 2**20:.2f} MB for 12 MB, "
        f"target < 1.25 times {'met' if same else 'MISSED'}"
    )
    return growth <= growth_target and same


def beside(console: Console) -> bool:
    """A change of twenty pairs side by side, beside one pair; whether it takes no more than four times as long."""
    import beside as changes

    target = 4.0
    one, many = changes.measure(20)
    table = Table("apply --parallel", "s", "times one pair", "target")
    table.add_row("one pair", f"{one:.1f}", "", "")
    ratio = many / one
    table.add_row("20 pairs", f"{many:.1f}", f"{ratio:.2f}", f"< {target:g} {'met' if ratio <= target else 'MISSED'}")
    console.print(table)
    return ratio <= target


def report(console: Console) -> bool | None:
    """The HTML report of 2,000 routers in headless Chromium; whether its size and the reader's waits are within their targets.

    Without Chromium nothing is measured, and that is said.
    """
    import page

    found = page.measure()
    if found is None:
        console.print("report: no Chromium here (`apt-get install chromium`), nothing measured")
        return None
    title = f"HTML report of {found.routers:,} routers, {found.tunnels:,} tunnels (load {found.load:.1f})"
    table = Table(title, "measured", "target")
    rows = (
        ("size, every ladder in it, MB", found.size / 1e6, 8.0),
        ("usable, ms", found.usable, 500.0),
        ("a key in the search until its rows are found, worst, ms", found.filter, 50.0),
    )
    for what, value, target in rows:
        table.add_row(what, f"{value:.1f}", f"< {target:g} {'met' if value < target else 'MISSED'}")
    table.add_row("usable: CPU ms of the page's thread", f"{found.usable_cpu:.0f}", "")
    table.add_row("a key in the search, drawing included: CPU ms, worst", f"{found.filter_cpu:.1f}", "")
    table.add_row("until they are on the screen, worst, ms", f"{found.seen:.1f}", "")
    table.add_row("details inflated, at the first ladder, ms", f"{found.details:.0f}", "")
    table.add_row("packing and writing, CPU s", f"{found.made:.1f}", "")
    console.print(table)
    return all(value < target for _, value, target in rows)


def whole_fleet(console: Console) -> bool:
    """``check`` and ``explain`` of whole fleets, of the sizes in $FLEET (``1000 4000``); whether every target is met."""
    import fleet

    ratios = fleet.measure(console, [int(size) for size in os.environ.get("FLEET", "").split()] or fleet.SIZES)
    reading.show(console, ratios)
    return all(ratio.met for ratio in ratios)


def main() -> None:
    """All of them, or those named on the command line; exits with 1 when a target is missed."""
    every: dict[str, Callable[[Console], object]] = {
        "reading": read_whole,
        "shapes": shapes,
        "auditing": auditing,
        "fleet": whole_fleet,
        "waves": waves,
        "collecting": collecting,
        "inventory": inventory,
        "diagnosing": diagnosing,
        "beside": beside,
        "report": report,
        "starting": starting,
    }
    console = Console()
    usage = f"usage: run.py [NAME ...], with names of {', '.join(every)}; all of them without one."
    if {"-h", "--help"} & {*sys.argv[1:]}:
        console.print(usage, markup=False)
        return
    if not {*sys.argv[1:]} <= every.keys():
        sys.exit(usage)
    missed = [name for name in sys.argv[1:] or every if every[name](console) is False]
    if missed:
        sys.exit(f"Targets are missed in: {', '.join(missed)}.")


if __name__ == "__main__":
    main()
