"""Divides evidence into tasks: many small files together, one large file in spans."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from trailhound.model.source import HEAD_BYTES, Source, Span
from trailhound.readers import choose
from trailhound.unpack.compression import sniff as compressed
from trailhound.unpack.walk import STANDARD_INPUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from trailhound.unpack.walk import File

TASK_BYTES = 16 * 1024 * 1024
MAX_TASK_BYTES = 64 * 1024 * 1024
"""A task is small enough that workers end at about the same time, and else as large as can be."""

TASKS_EACH = 8
"""Tasks for each worker, when they are of a size between the two."""

TASK_FILES = 2_000


class Part(msgspec.Struct, frozen=True):
    """One file, or the records of it that start in [start, stop).

    `path` is bytes, as the system has it: it need not be text, and this travels to workers.
    """

    name: str
    path: bytes
    start: int = 0
    stop: int = -1

    @property
    def span(self) -> Span | None:
        """Give the span, None for the whole file."""
        return None if self.stop < 0 else Span(self.start, self.stop)


class Task(msgspec.Struct, frozen=True):
    """What one worker does at a time; `number` orders results."""

    number: int
    parts: tuple[Part, ...]
    bytes: int


def tasks(files: Iterable[File], jobs: int = 1) -> Iterator[Task]:
    """Give tasks in the order of the files; one process alone takes them, too: progress shows."""
    sized = [(file, _size(file.path)) for file in files]
    total = sum(size for _, size in sized)
    most = min(max(total // (TASKS_EACH * jobs), TASK_BYTES), MAX_TASK_BYTES)
    number = waiting_bytes = 0
    waiting: list[Part] = []
    for part, length in _parts(sized, most):
        if waiting and (waiting_bytes + length > most or len(waiting) >= TASK_FILES):
            yield Task(number, tuple(waiting), waiting_bytes)
            number, waiting, waiting_bytes = number + 1, [], 0
        waiting.append(part)
        waiting_bytes += length
    if waiting:
        yield Task(number, tuple(waiting), waiting_bytes)


def _parts(sized: Iterable[tuple[File, int]], most: int) -> Iterator[tuple[Part, int]]:
    """Give whole files, and the spans of those that are large and can be read in spans."""
    for file, size in sized:
        path = os.fsencode(file.path)
        if size < 2 * TASK_BYTES or not _splittable(file.path, file.name):
            yield Part(file.name, path), size
            continue
        for start in range(0, size, most):
            stop = min(start + most, size)
            yield Part(file.name, path, start, stop), stop - start


def _size(path: Path) -> int:
    try:
        return 0 if path == STANDARD_INPUT else path.lstat().st_size
    except OSError:
        return 0


def _splittable(path: Path, name: str) -> bool:
    """Tell whether a large file can be read in spans, by asking the reader that will read it."""
    try:
        if not path.is_file() or path.is_symlink():
            return False
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError:
        return False
    if compressed(head) is not None or head[:2] in (b"\xff\xfe", b"\xfe\xff", b"PK"):
        return False
    reader = choose(Source(name, lambda: path.open("rb"), head, path))
    if reader is None or not reader.splittable:
        return False
    return not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")  # a JSON array is one document
