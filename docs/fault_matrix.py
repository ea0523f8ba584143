"""Writes the table of the fault matrix into README.md, from the matrix that the tests and ``ikeaudit rehearse`` run.

``python docs/fault_matrix.py`` puts it between the two marks; a test compares. How the cases ended is read from the record of
the last full run, which ``make matrix RECORD=docs/fault-matrix.txt`` writes: a case and its ending in each line.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from ikeaudit.lab.fault_set import FAULTS, KILLED, PHASES, STAGES, Case, every_case

RECORD = Path(__file__).with_name("fault-matrix.txt")
BEGIN, END = "<!-- fault matrix -->", "<!-- end of the fault matrix -->"

WHAT_IS_ASKED = {
    "connection lost, line not carried out": "the session breaks before the router has seen the line",
    "connection lost, line carried out": "the session breaks after the line, before its reply",
    "router restarts": "it loses everything unsaved, its timer too",
    "line refused as invalid": "`% Invalid input detected`",
    "line refused as existing already": "`% ... already exists`",
    "reply slower than the timeout": "the line is carried out, the answer comes too late",
    "log lines in the middle of the reply": "syslog breaks the reply in two",
    "another prompt": "the router shows another name",
    "timer fires early": "the router rolls itself back",
    "refused, and its roll-back too": "a line is refused, then `configure revert now` as well",
    "disk full": "no room for the copy, nor to save; where that fails the end is told as not saved",
    "second operator": "somebody else changes the configuration",
    KILLED: "`kill -9`, then `apply --resume`",
}


BESIDE = {
    "a fault, the plan of one end": "each of the faults above but the last, at each moment, on the only router of the plan",
    "the journal damaged": "the process dies at an event of the journal, whose end is garbage, zeros, cut off, or gone; "
    "then `rollback`",
    "no room for the journal": "the disk is full from an event on, the room that was kept as well",
    "both commands repeated": "`apply`, then `rollback`, each typed once more: no line is sent",
    "taken back from another workspace": "the process dies at an event; `rollback` by somebody with neither journal nor key",
    "an unrelated line before it": "somebody typed it since the plan was made; then nothing else, or a fault in the middle",
    "a relevant line before it": "the same with a line without which the tunnel does not come up",
}
"""What is tried besides, and noted in front of ` | `: at both ends, and with a plan of one."""

ENDED = {
    "in force": ("committed", "unsaved"),
    "taken back": ("rolled-back",),
    "refused, or nothing to do": ("refused", "nothing-to-do"),
}


ENDINGS = {
    "in force": ("committed", "unsaved"),
    "taken back": ("rolled-back",),
    "refused": ("refused",),
}
"""How a case may end, by what the change reports: changed on both routers, taken back on both, or not even begun."""


def endings(record: Path = RECORD) -> dict[str, str]:
    """What each case of the last full run ended with."""
    rows = (line.rpartition(": ") for line in record.read_text(encoding="utf-8").splitlines())
    return {case: ending for case, _, ending in rows}


def table() -> str:
    """The table: what each fault is, in how many cases it strikes in each phase, and how those ended."""
    cases = every_case(("R1", "R2"))
    rows = [
        f"| fault | what happens | {' | '.join((*STAGES, 'cases', *ENDINGS))} |",
        f"| --- | --- |{' ---: |' * (len(STAGES) + 1 + len(ENDINGS))}",
    ]
    rows += [
        _row(fault, WHAT_IS_ASKED[fault], [case for case in cases if case.fault == fault])
        for fault in (*FAULTS, KILLED)
    ]
    rows.append(_row("**all**", f"{len(PHASES)} moments on each of 2 routers", cases, "**"))
    moments = [f"{stage}: {', '.join(n for n, m in PHASES.items() if m.stage == stage)}" for stage in STAGES]
    told = "\n".join(rows) + "\n\nThe moments of each phase: " + "; ".join(moments) + "."
    return f"{told}\n\nWhat is not the routers' doing, with plans of both ends and of one:\n\n{beside()}"


def beside() -> str:
    """The table of what is tried besides the faults of routers."""
    ended = {case: ending for case, ending in endings().items() if " | " in case}
    columns = ("both ends", "one end", *ENDED)
    rows = [f"| what | how | {' | '.join(columns)} |", f"| --- | --- |{' ---: |' * len(columns)}"]
    for name, how in BESIDE.items():
        own = {case: ending for case, ending in ended.items() if case.startswith(f"{name} | ")}
        counts = [sum(case.endswith(which) for case in own) for which in ("both ends", "one end")]
        counts += [sum(ending in words for ending in own.values()) for words in ENDED.values()]
        rows.append(f"| {name} | {how} | {' | '.join(map(str, counts))} |")
    return "\n".join(rows)


def _row(fault: str, what: str, cases: list[Case], bold: str = "") -> str:
    stages = Counter(PHASES[case.phase].stage for case in cases)
    ended = endings()
    results = Counter(name for case in cases for name, words in ENDINGS.items() if ended.get(str(case)) in words)
    counts = [*(stages[stage] for stage in STAGES), len(cases), *(results[name] for name in ENDINGS)]
    return f"| {' | '.join([fault, what, *(f'{bold}{count}{bold}' for count in counts)])} |"


def main() -> None:
    """Replace what stands between the marks."""
    readme = Path(__file__).resolve().parents[1] / "README.md"
    text = readme.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    readme.write_text(f"{head}{BEGIN}\n\n{table()}\n\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
