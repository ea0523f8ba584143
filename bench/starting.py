"""What it costs to start: ``ikeaudit --help`` beside a typer program with two verbs, in CPU seconds of the processes."""

import resource
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

ROUNDS = 9
MOST = 0.050
"""CPU seconds that starting may take above the bare program."""

_BARE = '''
import typer
app = typer.Typer(add_completion=False)

@app.command()
def one(path: str, count: int = 1) -> None:
    """Do one thing."""

@app.command()
def other(path: str) -> None:
    """Do another."""

app()
'''


def measure() -> tuple[float, float]:
    """CPU seconds of the bare program's ``--help`` and of ours, medians of rounds one after the other."""
    with TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(_BARE, encoding="utf-8")
        theirs, ours = [], []
        for _ in range(ROUNDS):
            theirs.append(_spent((sys.executable, str(bare), "--help")))
            ours.append(_spent((sys.executable, "-m", "ikeaudit.cli", "--help")))
    return statistics.median(theirs), statistics.median(ours)


def _spent(command: Sequence[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
