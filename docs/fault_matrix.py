"""Writes the table of the fault matrix into README.md, from the matrix that the tests and ``ikeaudit rehearse`` run.

``python docs/fault_matrix.py`` puts it between the two marks; a test compares.
"""

from __future__ import annotations

from pathlib import Path

from ikeaudit.lab.fault_set import FAULTS, KILLED, PHASES, every_case

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
    "disk full": "no room for the copy",
    "second operator": "somebody else changes the configuration",
    KILLED: "`kill -9`, then `apply --resume`",
}


def table() -> str:
    """The table: what each fault is, and in how many cases it strikes."""
    cases = every_case(("R1", "R2"))
    rows = ["| fault | what happens | cases |", "| --- | --- | ---: |"]
    rows += [
        f"| {fault} | {WHAT_IS_ASKED[fault]} | {sum(case.fault == fault for case in cases)} |"
        for fault in (*FAULTS, KILLED)
    ]
    rows.append(f"| **all** | {len(PHASES)} phases ({', '.join(PHASES)}) on each of 2 routers | **{len(cases)}** |")
    return "\n".join(rows)


def main() -> None:
    """Replace what stands between the marks."""
    readme = Path(__file__).resolve().parents[1] / "README.md"
    text = readme.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    readme.write_text(f"{head}{BEGIN}\n\n{table()}\n\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
