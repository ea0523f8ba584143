"""Work spread over a cluster, without a cluster: each item has one answer in its order, whatever workers do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ikeaudit.collect.cluster import share as room
from ikeaudit.collect.cluster import spreading
from ikeaudit.collect.cluster.shard import Standing
from ikeaudit.collect.cluster.share import Done, Share, do_share, read_done
from ikeaudit.collect.cluster.spreading import Cluster
from ikeaudit.collect.cluster.workers import unfit_to_work
from ikeaudit.model.errors import InputError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.snapshot.own_code import own_code
from ikeaudit.snapshot.workers import Workers

KEY = Fingerprinter(bytes(32), {"interface description"})
GOOD = Standing(
    key_id=KEY.key_id, grammar="", logins=False, resources={}, code=own_code(), keep=("a", "interface description")
)


class Square:
    """Squares of numbers: ``here`` are those that were done in this process, ``stay`` those that do not travel."""

    there = "ikeaudit.collect.cluster.share:none"

    def __init__(self, *stay: int) -> None:
        self.here: list[int] = []
        self.stay = stay

    def __call__(self, item: int) -> int:
        self.here.append(item)
        return item * item

    def sent(self, item: int) -> bytes | None:
        return None if item in self.stay else str(item).encode()

    def taken(self, item: int, answer: bytes) -> int | None:
        return int(answer) if answer.isdigit() else None


def squared(share: Share) -> bytes:
    return msgspec.msgpack.encode(Done(answers=tuple(str(int(one) ** 2).encode() for one in share.items)))


class Promise:
    """A future of the cluster below; ``ended`` is what came of it."""

    def __init__(self, key: str, number: int) -> None:
        self.key, self.number = key, number
        self.status = "pending"
        self.ended: object = None
        self.cancelled = False
        self.callbacks: list[Callable[[Any], object]] = []

    def end(self, with_: object) -> None:
        if not self.cancelled:
            self.ended, self.status = with_, "error" if isinstance(with_, Exception) else "finished"
            for callback in self.callbacks:
                callback(self)

    def result(self) -> bytes:
        if isinstance(self.ended, Exception):
            raise self.ended
        assert isinstance(self.ended, bytes)
        return self.ended

    def release(self) -> None:
        pass

    def cancel(self, *, force: bool = False) -> None:
        self.cancelled = True

    def add_done_callback(self, callback: Callable[[Any], object]) -> None:
        self.callbacks.append(callback)
        if self.status != "pending":
            callback(self)


class Fake:
    """A client whose cluster does at once what it is given; ``does`` says what comes of a share (None: nothing, for now)."""

    def __init__(self, does: Callable[[int, Share], object] | None = None, standing: Standing = GOOD, count: int = 2):
        self.does = does or (lambda _, share: squared(share))
        self.standing, self.there = standing, {f"tcp://127.0.0.1:{n}": 1 for n in range(count)}
        self.shares: list[tuple[Share, Promise]] = []
        self.closed = 0

    def nthreads(self) -> Mapping[str, int]:
        return self.there

    def run(self, function: object, *, workers: Sequence[str], on_error: str) -> Mapping[str, object]:
        return {workers[0]: msgspec.msgpack.encode(self.standing)}

    def submit(self, function: object, content: bytes, **how: Any) -> Promise:
        assert function is do_share
        warnings.warn("Sending large graph", stacklevel=1)
        share, promise = msgspec.msgpack.decode(content, type=Share), Promise(how["key"], len(self.shares))
        self.shares.append((share, promise))
        came = self.does(promise.number, share) if {*how["workers"]} & {*self.there} else None
        if came is not None:
            promise.end(came)
        return promise

    def cancel(self, futures: object, *, force: bool = False) -> None:
        for future in futures:  # type: ignore[attr-defined]
            future.cancel()

    def close(self) -> None:
        self.closed += 1


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "_LOOK", 0.01)
    monkeypatch.setattr(spreading, "_LATE", 0.02)


@pytest.fixture
def spread(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[list[int], list[str]]]:
    def run(fake: Fake, work: Square, count: int = 40, patience: float = 0.05) -> tuple[list[int], list[str]]:
        monkeypatch.setattr(spreading, "join", lambda _: fake)
        told: list[str] = []
        cluster = Cluster("dask://127.0.0.1:1", KEY, told.append, patience)
        return [*Workers(2, told.append, cluster).spread(work, range(count), least=1000)], told

    return run


SQUARES = [number * number for number in range(40)]


def test_all_of_it_is_done_there_in_its_order_and_the_cluster_is_left(spread, recwarn):
    fake, work = Fake(), Square()
    assert spread(fake, work) == (SQUARES, [])
    assert work.here == []
    assert sorted(int(one) for share, _ in fake.shares for one in share.items) == [*range(40)], "each once"
    assert {len(share.items) for share, _ in fake.shares} == {5}, "four shares for each place"
    assert fake.closed == 1
    assert not recwarn.list


def test_a_share_has_no_more_than_so_many_bytes(spread, monkeypatch):
    monkeypatch.setattr(spreading, "_BYTES", 2)
    fake = Fake()
    assert spread(fake, Square())[0] == SQUARES
    assert max(len(share.items) for share, _ in fake.shares) == 2


def test_nothing_to_do_asks_nobody(spread):
    fake = Fake()
    assert spread(fake, Square(), 0) == ([], [])
    assert not fake.closed


def test_what_stays_is_done_here_and_the_rest_there(spread):
    fake, work = Fake(), Square(0, 7, 39)
    assert spread(fake, work)[0] == SQUARES
    assert work.here == [0, 7, 39]


def test_what_failed_there_or_is_no_answer_is_done_here(spread):
    def does(number: int, share: Share) -> bytes:
        answers = [str(int(one) ** 2).encode() for one in share.items]
        answers[0], answers[1] = b"", b"no number"
        return msgspec.msgpack.encode(Done(answers=tuple(answers)))

    work = Square()
    found, told = spread(Fake(does), work)
    assert found == SQUARES
    assert work.here == [n for n in range(40) if n % 5 < 2]
    assert told == ["16 answers of workers were of no use; that work was done by this process."]


class KilledWorker(Exception):  # noqa: N818
    """Is called as Dask's is."""


def test_a_share_over_which_workers_end_is_done_here_in_the_end(spread):
    def does(number: int, share: Share) -> object:
        return KilledWorker("secret") if b"12" in share.items else squared(share)

    work = Square()
    found, told = spread(Fake(does), work)
    assert found == SQUARES
    assert work.here == [10, 11, 12, 13, 14]
    assert told == [
        "One worker of the cluster after the other ended over a share of the work; it is done by this process."
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        msgspec.msgpack.encode(Done(refusal="it has another fingerprint key")),
        b"\xc1",
        msgspec.msgpack.encode(Done(answers=(b"1",))),
        ValueError("secret"),
    ],
)
def test_a_share_that_is_given_back_is_handed_out_again_some_times(spread, wrong):
    tries: list[int] = []

    def does(number: int, share: Share) -> object:
        if b"12" not in share.items:
            return squared(share)
        tries.append(number)
        return wrong if len(tries) < 3 else squared(share)

    work = Square()
    assert spread(Fake(does), work) == (SQUARES, [])
    assert (len(tries), work.here) == (3, [])

    tries.clear()
    found, told = spread(Fake(lambda number, share: wrong if b"12" in share.items else squared(share)), work)
    assert found == SQUARES and work.here == [10, 11, 12, 13, 14]
    assert len(told) == 1 and "gave a share of the work back" in told[0] and "secret" not in told[0]


def test_who_is_slow_holds_up_nobody(spread):
    """The first share never comes back: the others go on, and in the end one of them does it too."""
    fake = Fake(lambda number, share: squared(share) if number else None)
    work = Square()
    assert spread(fake, work) == (SQUARES, [])
    assert work.here == []
    again = [n for n, (share, _) in enumerate(fake.shares) if share.items == fake.shares[0][0].items]
    assert again == [0, len(fake.shares) - 1], "once more, when nothing else was left"
    assert fake.shares[0][1].cancelled, "who is late may leave it"


def test_an_answer_that_comes_twice_counts_once(spread):
    fake = Fake()

    def does(number: int, share: Share) -> object:
        if number == 0:
            return None
        if share.items == fake.shares[0][0].items:
            fake.shares[0][1].end(squared(share))
        return squared(share)

    fake.does = does
    assert spread(fake, Square()) == (SQUARES, [])


def test_a_share_of_a_worker_that_is_gone_waits_for_another(spread):
    fake = Fake()

    def does(number: int, share: Share) -> object:
        if number == 0:
            fake.there = {"tcp://127.0.0.1:9": 1}
            return None
        return squared(share)

    fake.does = does
    work = Square()
    found, told = spread(fake, work, patience=30.0)
    assert (found, work.here) == (SQUARES, [])
    assert told == [
        f"The worker tcp://127.0.0.1:{n} of the cluster is gone; its share is done by others." for n in (0, 1)
    ]


def test_without_workers_the_rest_is_done_here(spread):
    fake = Fake()

    def does(number: int, share: Share) -> object:
        if number == 3:
            fake.there = {}
        return squared(share) if number < 3 else None

    fake.does = does
    work = Square()
    found, told = spread(fake, work)
    assert found == SQUARES
    assert work.here == [*range(15, 40)]
    assert told[-1] == "No worker of the cluster is left; the rest is done by this process."


def test_without_its_scheduler_the_rest_is_done_here(spread):
    def does(number: int, share: Share) -> object:
        if number == 3:
            raise OSError("secret")
        return squared(share)

    work = Square()
    found, told = spread(Fake(does), work)
    assert found == SQUARES
    assert work.here == [*range(15, 40)]
    assert told == ["The cluster ended (OSError); the rest is done by this process."]


def test_who_stops_asking_leaves_the_cluster(monkeypatch):
    fake = Fake(lambda number, share: squared(share) if not number else None)
    monkeypatch.setattr(spreading, "join", lambda _: fake)
    answers: Iterator[int] = iter(Workers(1, elsewhere=Cluster("dask://h:1", KEY, str)).spread(Square(), range(40)))
    assert next(answers) == 0
    answers.close()  # type: ignore[attr-defined]
    assert fake.closed == 1
    assert all(promise.cancelled for _, promise in fake.shares[1:])


def test_work_that_does_not_travel_is_none_of_the_clusters(monkeypatch):
    monkeypatch.setattr(spreading, "join", lambda _: pytest.fail("nobody is asked"))
    spread = Workers(1, elsewhere=Cluster("dask://h:1", KEY, str)).spread
    assert [*spread(lambda number: number + 1, [1, 2])] == [2, 3]


def changed(**how: object) -> Standing:
    return msgspec.structs.replace(GOOD, **how)


@pytest.mark.parametrize(
    ("standing", "why"),
    [
        (GOOD, ""),
        (changed(code="0"), "runs another version of ikeaudit"),
        (changed(key_id="00000000"), "has another fingerprint key (00000000); carry"),
        (changed(key_id=""), "has no fingerprint key; carry"),
        (changed(keep=("a",)), "keeps less free text than this workspace (interface description; settings.toml)"),
    ],
)
def test_only_who_gives_the_same_answers_is_fit(standing, why, monkeypatch):
    assert unfit_to_work(standing, KEY).startswith(why) and bool(why) == bool(unfit_to_work(standing, KEY))
    monkeypatch.setattr(spreading, "join", lambda _: fake)
    fake = Fake(standing=standing)
    cluster = Cluster("dask://h:1", KEY, str)
    if why:
        with pytest.raises(InputError, match=r"No worker of the cluster may do this work: tcp://127\.0\.0\.1:\d "):
            cluster.require()
    else:
        cluster.require()
    assert fake.closed == 1


# -- what a worker does --------------------------------------------------------------------------------------------------


@pytest.fixture
def on_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "worker_address", lambda: "tcp://127.0.0.1:1")


def shout(item: bytes) -> bytes:
    if item == b"no":
        raise ValueError("Canary-in-an-error")
    return item.upper()


def done(there: str = "ikeaudit.collect.cluster.share:shout", code: str = "") -> Done:
    content = do_share(msgspec.msgpack.encode(Share(there=there, code=code or own_code(), items=(b"a", b"no", b"b"))))
    assert b"Canary" not in content
    return read_done(content, 3)


def test_a_worker_does_what_is_named_and_tells_nothing_of_an_error(on_a_worker, monkeypatch):
    monkeypatch.setattr(room, "shout", shout, raising=False)
    assert done() == Done(answers=(b"A", b"", b"B"))


def test_a_worker_with_several_threads_does_one_share_after_the_other(on_a_worker, monkeypatch):
    inside, most = [], []

    def counted(item: bytes) -> bytes:
        inside.append(item)
        most.append(len(inside))
        time.sleep(0.001)
        inside.pop()
        return item

    monkeypatch.setattr(room, "shout", counted, raising=False)
    with ThreadPoolExecutor(4) as threads:
        assert {len(one.answers) for one in threads.map(lambda _: done(), range(12))} == {3}
    assert {*most} == {1}


def test_a_worker_refuses_other_code_other_work_and_a_scheduler_in_clear(on_a_worker, monkeypatch):
    assert done(code="0").refusal == "it runs another version of ikeaudit"
    assert done("os:system").refusal == "this work is none of ours"
    assert done("ikeaudit.none:none").refusal == "it failed with ModuleNotFoundError"
    assert read_done(do_share(b"\xc1"), 3).refusal == "it failed with DecodeError"
    monkeypatch.setattr(room, "worker_address", lambda: "tcp://192.0.2.1:40001")
    assert done().refusal == "it is joined to its scheduler at tcp://192.0.2.1:40001 without TLS"


# -- the verbs -----------------------------------------------------------------------------------------------------------


def verb(folder: Path, *words: str, code: str = "", workspace: str = "ws") -> subprocess.CompletedProcess[str]:
    program = "from ikeaudit.collect.cluster import scheduler; scheduler._WAIT = 0.2\n"
    program += f"{code}\nfrom ikeaudit.cli.main import run; run()"
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "IKEAUDIT_WORKSPACE": workspace},
        capture_output=True,
        text=True,
        check=False,
    )


WITHOUT_DASK = "def missing(name): raise ModuleNotFoundError(name)\nscheduler.import_module = missing"


@pytest.mark.full
@pytest.mark.parametrize(
    ("runner", "code", "says"),
    [
        ("dask://127.0.0.1:{port}", "", "No Dask scheduler answers at tcp://127.0.0.1"),
        ("dask://127.0.0.1:{port}", WITHOUT_DASK, "pip install 'ikeaudit[dask]'"),
        ("dask://scheduler.example:8786", "", "spoken to by TLS only"),
        ("http://127.0.0.1:1", "", "write dask://HOST:PORT"),
    ],
)
def test_without_a_cluster_a_verb_says_so_in_one_sentence(tmp_path, closed_port, runner, code, says):
    (tmp_path / "R1.cfg").write_text("hostname R1\nend\n")
    (tmp_path / "ws").mkdir()
    how = ("--runner", runner.format(port=closed_port))
    for words in (("check", "R1.cfg"), ("plan", "R1.cfg", "--strategy", "ikev2", "--out", "plan")):
        done = verb(
            tmp_path, *words, *how, code=f"from ikeaudit.snapshot.workspace import Workspace; Workspace.open()\n{code}"
        )
        said = " ".join(done.stderr.split())
        assert (done.returncode, done.stdout) == (2, "") and says in said, said
        assert "Traceback" not in said and not (tmp_path / "plan").exists()


def test_without_a_workspace_of_its_own_nobody_elsewhere_can_have_its_key(tmp_path):
    (tmp_path / "R1.cfg").write_text("hostname R1\nend\n")
    done = verb(tmp_path, "explain", "R1.cfg", "--runner", "dask://127.0.0.1:1", workspace="")
    assert done.returncode == 2 and "the fingerprint key of a workspace" in " ".join(done.stderr.split())
