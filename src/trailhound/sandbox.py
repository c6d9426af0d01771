"""The only place that starts child processes: workers that parse hostile bytes and may die of it.

A worker is `python -m MODULE` that calls `serve`. It takes a task (bytes), gives a reply (bytes),
and nothing else: messages are a kind and a length followed by the payload, never pickled objects.
A worker that dies or takes too long costs its task only; the next task gets a new one.

    with WorkerPool("trailhound.pipeline.worker", jobs=4, memory_bytes=512 * MIB) as pool:
        for answer in pool.map_unordered(tasks):
            if isinstance(answer, WorkerFailure): ...
"""

from __future__ import annotations

import os
import queue
import signal
import struct
import subprocess
import sys
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, NamedTuple, Self

from trailhound.text.escape import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

FRAME = struct.Struct("<BQ")
"""Kind and payload length in bytes."""

MAX_PAYLOAD = 1 << 32
KIND_DATA, KIND_ERROR = 0, 1

POLL_SECONDS = 0.2
"""How often late workers are looked for, and how soon Ctrl-C is seen everywhere."""

PARENT_POLL_SECONDS = 0.5
END_SECONDS = 1.0
_OWN_GROUP_FLAG = 0x200 if sys.platform == "win32" else 0  # CREATE_NEW_PROCESS_GROUP
_OWN_GROUP = None if sys.platform == "win32" else 0
"""Ctrl-C reaches a whole group of processes: a worker that is still starting would die of it."""
STDERR_LINE_BYTES = 8 * 1024
MEMORY_VARIABLE = "TRAILHOUND_WORKER_MEMORY"


class Reply(NamedTuple):
    """What a worker answered to the task with this number, counted from 0."""

    number: int
    data: bytes


@dataclass(frozen=True, slots=True)
class WorkerFailure:
    """The task with this number has no answer; `reason` is one line for a person."""

    number: int
    reason: str


Answer = Reply | WorkerFailure


class WorkerPool:
    """Runs tasks in `jobs` processes of at most `memory_bytes` each (0: no limit).

    `seconds` is what one task may take. Once closed, or left in the middle, a pool is over.
    """

    def __init__(
        self, module: str, *, jobs: int, memory_bytes: int = 0, seconds: float = 600.0
    ) -> None:
        self._tasks: queue.SimpleQueue[Reply | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._workers = [
            _Worker(number, module, memory_bytes, seconds, self._tasks, self._answers)
            for number in range(1, max(1, jobs) + 1)
        ]

    def map_unordered(self, tasks: Iterable[bytes]) -> Iterator[Answer]:
        """Give one answer for each task, as they come; tasks are taken as workers get free."""
        numbered = (Reply(number, task) for number, task in enumerate(tasks))
        waiting = 0
        try:
            while True:
                while waiting < 2 * len(self._workers) and (task := next(numbered, None)):
                    self._tasks.put(task)
                    waiting += 1
                if not waiting:
                    return
                answer = self._next_answer()
                waiting -= 1
                yield answer
        finally:
            if waiting:
                self.close()

    def close(self) -> None:
        """Kill every worker, also in the middle of a task, and wait until all are gone."""
        for worker in self._workers:
            worker.end()
        for _ in self._workers:
            self._tasks.put(None)
        for worker in self._workers:
            worker.join(END_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _next_answer(self) -> Answer:
        while True:
            try:
                return self._answers.get(timeout=POLL_SECONDS)
            except queue.Empty:
                for worker in self._workers:
                    worker.end_if_late()


class _Worker:
    """One thread that feeds one process at a time and replaces it when it dies."""

    def __init__(  # noqa: PLR0917  # built in one place only
        self,
        number: int,
        module: str,
        memory_bytes: int,
        seconds: float,
        tasks: queue.SimpleQueue[Reply | None],
        answers: queue.SimpleQueue[Answer],
    ) -> None:
        self._name = f"worker {number}"
        self._command = [sys.executable, "-P", "-m", module]
        self._environment = _environment(memory_bytes)
        self._seconds = seconds
        self._tasks = tasks
        self._answers = answers
        self._process: subprocess.Popen[bytes] | None = None
        self._deadline: float | None = None
        self._late = self._ended = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Kill the process and start no other."""
        with self._lock:
            self._ended = True
            self._kill()

    def join(self, seconds: float) -> None:
        """Wait for the thread to see that it is over."""
        self._thread.join(seconds)

    def end_if_late(self) -> None:
        """Kill the process when its task has taken too long."""
        with self._lock:
            if self._deadline is not None and time.monotonic() > self._deadline:
                self._late, self._deadline = True, None
                self._kill()

    def _work(self) -> None:
        """Work until told to stop; the loop itself never fails."""
        while (task := self._tasks.get()) is not None and not self._ended:
            self._answers.put(self._attempt(task))

    def _attempt(self, task: Reply) -> Answer:
        try:
            process = self._running()
            self._deadline = time.monotonic() + self._seconds
            _send(process.stdin, KIND_DATA, task.data)
            message = _receive(process.stdout)
        except OSError:
            message = None
        self._deadline = None
        if message is None:
            return WorkerFailure(task.number, self._epitaph())
        kind, data = message
        if kind == KIND_ERROR:
            return WorkerFailure(task.number, data.decode("utf-8", "replace"))
        return Reply(task.number, data)

    def _running(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._ended:
                raise BrokenPipeError
            if self._process is None or self._process.poll() is not None:
                self._kill()
                self._late = False
                self._process = self._started()
            return self._process

    def _started(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self._environment,
            creationflags=_OWN_GROUP_FLAG,
            process_group=_OWN_GROUP,
        )
        listener = threading.Thread(
            target=_pass_on,
            args=(process.stderr, self._name),
            name=f"{self._name} errors",
            daemon=True,
        )
        listener.start()
        return process

    def _epitaph(self) -> str:
        """Bury a dead process and say what it died of."""
        process = self._process
        if process is not None and not self._late:
            with suppress(subprocess.TimeoutExpired):
                process.wait(END_SECONDS)  # its pipe may close a moment before it is gone
        with self._lock:
            self._kill()
        if self._late:
            return f"took longer than {self._seconds:g} seconds"
        if process is None or process.returncode is None:
            return "the worker could not be started"
        return _ending(process.returncode)

    def _kill(self) -> None:
        """Called with the lock held."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            _close_quietly(stream)


def _ending(code: int) -> str:
    if code >= 0:
        return f"the worker ended with exit code {code}"
    try:
        return f"the worker was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"the worker was ended by signal {-code}"


def _close_quietly(stream: IO[bytes] | None) -> None:
    """A pipe to a dead process may still hold unsent bytes."""
    if stream is not None:
        with suppress(OSError):
            stream.close()


def _environment(memory_bytes: int) -> dict[str, str]:
    """Let workers import what this process imports, and nothing from the folder it stands in."""
    paths = os.pathsep.join(path for path in sys.path if path)
    threads = {"OPENBLAS_NUM_THREADS": "1"}  # numpy would start threads nobody uses
    return {**threads, **os.environ, "PYTHONPATH": paths, MEMORY_VARIABLE: str(memory_bytes)}


def _send(stream: IO[bytes] | None, kind: int, data: bytes) -> None:
    if stream is None:
        raise BrokenPipeError
    stream.write(FRAME.pack(kind, len(data)))
    stream.write(data)
    stream.flush()


def _receive(stream: IO[bytes] | None) -> tuple[int, bytes] | None:
    """Give one message; None when the other side has ended or speaks nonsense."""
    if stream is None:
        return None
    head = stream.read(FRAME.size)
    if len(head) < FRAME.size:
        return None
    kind, length = FRAME.unpack(head)
    if length > MAX_PAYLOAD:
        return None
    data = stream.read(length)
    return (kind, data) if len(data) == length else None


def _pass_on(stream: IO[bytes], name: str) -> None:
    """Copy what a worker says to our stderr, one harmless line at a time."""
    with stream:
        while line := stream.readline(STDERR_LINE_BYTES):
            text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
            sys.stderr.write(f"{name}: {printable(text)}\n")


def serve(handler: Callable[[bytes], bytes]) -> None:
    """Answer tasks until the pool closes; the whole of a worker's main program.

    What the handler prints goes to stderr: stdout carries messages. An exception of the handler is
    that task's failure and its traceback is printed. Ctrl-C is the pool's business.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(int(os.environ.get(MEMORY_VARIABLE, "0")))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    try:
        while (message := _receive(sys.stdin.buffer)) is not None:
            _send(answers, *_answered(handler, message[1]))
    except BrokenPipeError:
        os._exit(0)


def _answered(handler: Callable[[bytes], bytes], task: bytes) -> tuple[int, bytes]:
    try:
        return KIND_DATA, handler(task)
    except Exception as error:  # noqa: BLE001  # a bug costs one task, and is shown
        traceback.print_exc()
        return KIND_ERROR, f"{type(error).__name__}: {error}".encode("utf-8", "replace")


def _limit_memory(size: int) -> None:
    """Cap the data segment, which on Linux counts every private writable page mapping."""
    if not size or sys.platform == "win32":
        return
    import resource

    name = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    _, hard = resource.getrlimit(name)
    most = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(name, (most, hard))


def _end_with(parent: int) -> None:
    """End when the pool's process is gone, however it went: nobody waits for the answer."""
    if sys.platform == "win32":
        return
    while os.getppid() == parent:
        time.sleep(PARENT_POLL_SECONDS)
    os._exit(0)
