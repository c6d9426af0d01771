"""Divides evidence into tasks: many small files together, one large file in spans."""

from __future__ import annotations

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
"""Small enough that two workers end at about the same time, large enough to hide the hand-over."""

TASK_FILES = 400


class Part(msgspec.Struct, frozen=True):
    """One file, or the records of it that start in [start, stop)."""

    name: str
    path: str
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


def tasks(files: Iterable[File], *, split: bool) -> Iterator[Task]:
    """Give tasks in the order of the files. `split` is False when one process does all anyway."""
    number = 0
    waiting: list[Part] = []
    size = 0
    for file in files:
        for part, length in _parts(file, split=split):
            if waiting and (size + length > TASK_BYTES or len(waiting) >= TASK_FILES):
                yield Task(number, tuple(waiting), size)
                number, waiting, size = number + 1, [], 0
            waiting.append(part)
            size += length
    if waiting:
        yield Task(number, tuple(waiting), size)


def _parts(file: File, *, split: bool) -> Iterator[tuple[Part, int]]:
    size = _size(file.path)
    path = str(file.path)
    if not split or size < 2 * TASK_BYTES or not _splittable(file.path, file.name):
        yield Part(file.name, path), size
        return
    for start in range(0, size, TASK_BYTES):
        stop = min(start + TASK_BYTES, size)
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
