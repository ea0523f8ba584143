"""A progress bar as a Nornir processor; says nothing when the screen is no terminal."""

from __future__ import annotations

from types import TracebackType

from nornir.core.inventory import Host
from nornir.core.task import AggregatedResult, MultiResult, Task
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class ProgressBar:
    """Counts finished and failed hosts on ``console``, if there is one; use it as a context manager around ``nornir.run``."""

    def __init__(self, title: str, total: int, console: Console | None) -> None:
        self._failed = 0
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}", markup=False),
            TimeElapsedColumn(),
            console=console,
            disable=console is None or not console.is_terminal,
            transient=True,
        )
        self._task = self._bar.add_task(title, total=total, note="")

    def __enter__(self) -> ProgressBar:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def task_started(self, task: Task) -> None:
        """Nothing to show yet."""

    def task_completed(self, task: Task, result: AggregatedResult) -> None:
        """The bar ends with its context."""

    def task_instance_started(self, task: Task, host: Host) -> None:
        """Hosts are counted when they are done."""

    def task_instance_completed(self, task: Task, host: Host, result: MultiResult) -> None:
        """One more host is done."""
        self.count(failed=result.failed)

    def count(self, *, failed: bool) -> None:
        """One more host is done."""
        self._failed += failed
        note = f"{self._failed} failed" if self._failed else ""
        self._bar.update(self._task, advance=1, note=note)

    def subtask_instance_started(self, task: Task, host: Host) -> None:
        """There are no subtasks."""

    def subtask_instance_completed(self, task: Task, host: Host, result: MultiResult) -> None:
        """There are no subtasks."""
