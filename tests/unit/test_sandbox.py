from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trailhound.sandbox import Reply, WorkerFailure, WorkerPool

HERE = Path(__file__).parent
MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    monkeypatch.syspath_prepend(str(HERE))


def pool(jobs=2, **options):
    return WorkerPool("echo_worker", jobs=jobs, **options)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_every_task_gets_its_answer():
    tasks = [b"%d " % i + bytes(i * 1000) for i in range(50)]
    with pool() as workers:
        answers = list(workers.map_unordered(tasks))
    assert sorted(answers) == [Reply(i, task) for i, task in enumerate(tasks)]


def test_a_pool_serves_more_than_once():
    with pool(1) as workers:
        first = list(workers.map_unordered([b"pid"]))
        second = list(workers.map_unordered([b"pid"]))
    assert first == second


def test_large_messages():
    with pool(1) as workers:
        (answer,) = workers.map_unordered([b"x" * (20 * MIB)])
    assert answer == Reply(0, b"x" * (20 * MIB))


def test_no_tasks():
    with pool() as workers:
        assert list(workers.map_unordered([])) == []


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        (b"die 3", "exit code 3"),
        (b"kill", "SIGKILL"),
        (b"raise no good", "ValueError: no good"),
    ],
)
def test_a_death_costs_one_task(task, reason, capfd):
    with pool(1) as workers:
        answers = list(workers.map_unordered([b"a", task, b"b"]))
    assert answers[0] == Reply(0, b"a")
    assert answers[2] == Reply(2, b"b")
    assert isinstance(answers[1], WorkerFailure)
    assert answers[1].number == 1
    assert reason in answers[1].reason


def test_a_slow_task_is_ended_and_the_next_one_served():
    with pool(1, seconds=0.5) as workers:
        slow, quick = workers.map_unordered([b"sleep 60", b"quick"])
    assert slow == WorkerFailure(0, "took longer than 0.5 seconds")
    assert quick == Reply(1, b"quick")


def test_missing_module_is_a_failure_not_a_hang(capfd):
    with WorkerPool("no_such_module_here", jobs=1) as workers:
        (answer,) = workers.map_unordered([b"x"])
    assert isinstance(answer, WorkerFailure)
    assert "exit code 1" in answer.reason
    assert "worker 1: " in capfd.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_DATA counts all memory on Linux only")
def test_memory_has_a_limit():
    with pool(1, memory_bytes=300 * MIB) as workers:
        small, large, after = workers.map_unordered([b"eat 1000", b"eat 900000000", b"x"])
    assert small == Reply(0, b"1000")
    assert isinstance(large, WorkerFailure)
    assert "MemoryError" in large.reason
    assert after == Reply(2, b"x")


def test_what_workers_print_is_prefixed_and_harmless(capfd):
    with pool(1) as workers:
        list(workers.map_unordered(["say \x1b]0;owned\x07 Grüße".encode()]))
    out, err = capfd.readouterr()
    deadline = time.monotonic() + 5
    while "Gr" not in err and time.monotonic() < deadline:
        time.sleep(0.02)
        err += capfd.readouterr().err
    assert out == ""
    assert "\x1b" not in err
    assert "worker 1: \\x1b]0;owned\\x07 Grüße" in err


def test_leaving_in_the_middle_ends_the_workers():
    with pool(2) as workers:
        answers = workers.map_unordered([b"pid", b"pid", b"sleep 60", b"sleep 60"])
        pids = {int(next(answers).data), int(next(answers).data)}
        started = time.monotonic()
        answers.close()
    assert time.monotonic() - started < 1
    assert not any(alive(pid) for pid in pids)


def test_an_error_in_the_tasks_is_the_callers():
    def tasks():
        yield b"a"
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"), pool() as workers:
        list(workers.map_unordered(tasks()))


PARENT = """
import sys
sys.path[:0] = {paths!r}
from trailhound.sandbox import WorkerPool
with WorkerPool("echo_worker", jobs=2) as pool:
    for answer in pool.map_unordered([b"pid", b"pid", b"sleep 60", b"sleep 60"]):
        print(answer.data.decode(), flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGKILL])
def test_no_orphans_whatever_ends_the_parent(blow):
    code = PARENT.format(paths=[str(HERE), str(HERE.parents[1] / "src")])
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as parent:
        assert parent.stdout is not None
        pids = [int(parent.stdout.readline()) for _ in range(2)]
        started = time.monotonic()
        parent.send_signal(blow)
        parent.wait(5)
        if blow is signal.SIGINT:
            assert time.monotonic() - started < 1
    deadline = time.monotonic() + 3
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(alive(pid) for pid in pids)


@pytest.mark.skipif(os.name != "posix", reason="groups of processes of POSIX")
def test_ctrl_c_does_not_reach_a_worker_that_starts():
    with pool(1) as workers:
        (answer,) = workers.map_unordered([b"pid"])
        assert os.getpgid(int(answer.data)) != os.getpgid(0)
