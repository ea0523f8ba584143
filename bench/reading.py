"""What it costs to read a configuration whole (redact, slice, model, ledger), beside peers that are measured in turn with it.

CPU seconds, medians of interleaved rounds: on a busy machine only ratios of one run mean anything. The targets are the
project's; a ratio that misses its target by more than the stated noise makes ``make bench`` fail.
"""

import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hub import access_list, cost, hub
from rich.console import Console
from rich.table import Table
from spoke import spoke
from targets import NOISE, Ratio, show

__all__ = ["NOISE", "Ratio", "measure", "show"]

HERE = Path(__file__).parent
SPOKES = 200
HUB = 5000
ENTRIES = 100_000
ROUNDS = 5
KEY = b"a fingerprint key for benchmarks"


def peers() -> Path:
    """The interpreter that has the peers; SystemExit without one."""
    python = Path(os.environ.get("IKEAUDIT_BENCH_PEERS", ".bench/bin/python"))
    if not python.is_file():
        raise SystemExit("ciscoconfparse2 is not installed; `make .bench/installed` does that.")
    return python


class Peer:
    """ciscoconfparse2 in its own interpreter, which ``make bench`` installs."""

    def __init__(self, python: Path, folder: Path) -> None:
        self._folder = folder
        self._process = subprocess.Popen(
            [str(python), str(HERE / "peer_ccp.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def cost(self, texts: Sequence[str]) -> float:
        """CPU seconds for reading ``texts``."""
        file = self._folder / "texts"
        file.write_text("\f".join(texts), encoding="utf-8")
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{file}\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()


def _cpu(read: Callable[[str], object], texts: Sequence[str]) -> float:
    gc.collect()
    started = time.process_time()
    for text in texts:
        read(text)
    return time.process_time() - started


def _methods(peer: Peer) -> Mapping[str, Callable[[Sequence[str]], float]]:
    from hier_config import Platform, get_hconfig
    from scanner import scan

    from ikeaudit.parsing import parse_configs
    from ikeaudit.parsing.fingerprint import Fingerprinter

    fingerprinter = Fingerprinter(KEY)
    return {
        "line scanner (floor)": lambda texts: _cpu(scan, texts),
        "hier-config, load only": lambda texts: _cpu(lambda text: get_hconfig(Platform.CISCO_IOS, text), texts),
        "ciscoconfparse2, parse and look up": peer.cost,
        "ikeaudit, all of it": lambda texts: _cpu(
            lambda text: parse_configs(text, file="x.cfg", fingerprinter=fingerprinter), texts
        ),
    }


def _growth(made: str) -> float:
    """By how many times the size of a file, ``made`` by an expression, the memory of a fresh process grows when it reads it."""
    script = (
        "import re, sys\n"
        "from pathlib import Path\n"
        f"sys.path.insert(0, {str(HERE)!r})\n"
        "from hub import access_list, hub\n"
        "from spoke import spoke\n"
        "from ikeaudit.parsing import parse_configs\n"
        "from ikeaudit.parsing.fingerprint import Fingerprinter\n"
        f"key = Fingerprinter({KEY!r})\n"
        "parse_configs(spoke(0), file='x.cfg', fingerprinter=key)\n"
        f"text = {made}\n"
        "Path('/proc/self/clear_refs').write_text('5')\n"
        "def kilobytes(name):\n"
        "    return int(re.search(name + r':\\s+(\\d+)', Path('/proc/self/status').read_text())[1])\n"
        "before = kilobytes('VmRSS')\n"
        "kept = parse_configs(text, file='x.cfg', fingerprinter=key)\n"
        "print((kilobytes('VmHWM') - before) * 1024 / len(text))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return float(done.stdout)


def _long_list() -> float:
    """What a byte of a long access list costs beside one of a list of an eighth of that."""
    large, small = access_list(ENTRIES), access_list(ENTRIES // 8)
    return cost(large, rounds=2) / cost(small)


def measure(console: Console) -> list[Ratio]:
    """Measure all, print the tables, and return the ratios."""
    python = peers()
    inputs = {
        f"{SPOKES} spokes": [spoke(number) for number in range(SPOKES)],
        "hub": [hub(HUB)],
        "an eighth of the hub": [hub(HUB // 8)],
    }
    times: dict[tuple[str, str], list[float]] = {}
    with TemporaryDirectory() as folder:
        peer = Peer(python, Path(folder))
        methods = _methods(peer)
        for what in methods.values():
            what(inputs[f"{SPOKES} spokes"][:5])
        for round_ in range(ROUNDS):
            for size, texts in inputs.items():
                for name, method in methods.items():
                    if round_ < 2 or name.startswith(("ikeaudit", "line")) or size != "hub":
                        times.setdefault((name, size), []).append(method(texts))
        peer.close()
    middle = {key: statistics.median(values) for key, values in times.items()}
    table = Table("reading a configuration, CPU", *(f"{size}, ms" for size in inputs))
    for name in methods:
        table.add_row(name, *(f"{middle[name, size] * 1e3:,.1f}" for size in inputs))
    console.print(table)
    ours, theirs = "ikeaudit, all of it", "ciscoconfparse2, parse and look up"
    sizes = {size: sum(map(len, texts)) for size, texts in inputs.items()}
    per_byte = [middle[ours, size] / sizes[size] for size in ("hub", "an eighth of the hub")]
    return [
        Ratio("a spoke: times faster than ciscoconfparse2", _ratio(middle, theirs, ours, f"{SPOKES} spokes"), 6, True),
        Ratio("the hub: times faster than ciscoconfparse2", _ratio(middle, theirs, ours, "hub"), 6, True),
        Ratio("the hub: memory, times the file", _growth(f"hub({HUB})"), 20, False),
        Ratio("the hub: cost of a byte beside that of an eighth of it", per_byte[0] / per_byte[1], 1.1, False),
        Ratio(
            f"an access list of {ENTRIES:,} lines: memory, times the file",
            _growth(f"access_list({ENTRIES})"),
            15,
            False,
        ),
        Ratio(
            f"an access list of {ENTRIES:,} lines: cost of a byte beside that of an eighth of it",
            _long_list(),
            1.1,
            False,
        ),
    ]


def _ratio(middle: Mapping[tuple[str, str], float], theirs: str, ours: str, size: str) -> float:
    return middle[theirs, size] / middle[ours, size]
