"""Work spread over processes: the same answers in the same order, whatever becomes of a process."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from ikeaudit.snapshot.workers import Workers, all_cores

HERE = os.getpid()

pytestmark = pytest.mark.usefixtures("own_threads")


def square(number: int) -> int:
    return number * number


def test_answers_come_in_the_order_of_what_was_asked() -> None:
    assert [*Workers(3).spread(square, range(100))] == [number * number for number in range(100)]


def test_a_large_answer_comes_whole() -> None:
    assert [*Workers(2).spread(lambda n: b"x" * n, [3_000_000, 0, 200_000])] == [b"x" * 3_000_000, b"", b"x" * 200_000]


def test_as_many_processes_do_it_as_were_asked_for() -> None:
    pids = {*Workers(3).spread(lambda _: os.getpid(), range(30))}
    assert len(pids) == 3
    assert HERE not in pids


@pytest.mark.parametrize(("processes", "items", "least"), [(1, 30, 2), (4, 1, 2), (4, 30, 31)])
def test_little_work_is_done_here(processes: int, items: int, least: int) -> None:
    assert {*Workers(processes).spread(lambda _: os.getpid(), range(items), least=least)} == {os.getpid()}


def test_beside_other_threads_it_is_done_here() -> None:
    wait = threading.Event()
    beside = threading.Thread(target=wait.wait)
    beside.start()
    try:
        assert {*Workers(2).spread(lambda _: os.getpid(), range(9))} == {os.getpid()}
    finally:
        wait.set()
        beside.join()


def test_the_share_of_a_process_that_was_killed_is_done_here_and_that_is_said() -> None:
    told: list[str] = []

    def work(number: int) -> int:
        if number == 7 and os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    assert [*Workers(2, told.append).spread(work, range(20))] == [*range(20)]
    assert told == ["A worker process was ended by SIGKILL; its share is done by this process."]


def test_so_is_that_of_one_that_ends_in_the_middle_of_an_answer() -> None:
    told: list[str] = []

    def work(number: int) -> bytes:
        if number == 4 and os.getpid() != HERE:
            os._exit(3)
        return b"y" * 10

    assert [*Workers(2, told.append).spread(work, range(6))] == [b"y" * 10] * 6
    assert told == ["A worker process ended with code 3; its share is done by this process."]


def test_an_error_is_that_of_the_work_itself() -> None:
    def work(number: int) -> int:
        if number == 3:
            raise ValueError("no threes")
        return number

    found: list[int] = []
    with pytest.raises(ValueError, match="no threes"):
        found.extend(Workers(2).spread(work, range(9)))


def test_nobody_is_left_behind_by_who_stops_asking() -> None:
    answers = iter(Workers(2).spread(lambda _: os.getpid(), range(1000)))
    pids = [next(answers), next(answers)]
    answers.close()  # type: ignore[attr-defined]
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_there_is_a_processor() -> None:
    assert all_cores() >= 1
