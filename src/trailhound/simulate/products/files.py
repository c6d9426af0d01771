"""Files whose bytes depend on nothing but what is written into them."""

from __future__ import annotations

import gzip
import os
from typing import TYPE_CHECKING, BinaryIO, cast

from trailhound.simulate.clock import DAY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LEVEL = 6
"""What gzip(1) and logrotate use."""


def open_for_writing(path: Path) -> BinaryIO:
    """Open a plain file, or a compressed one if its name ends in `.gz`: no name, no time inside."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix != ".gz":
        return path.open("wb")
    return cast("BinaryIO", _Compressed(path))


def date_file(path: Path, at: int) -> None:
    """Give a file the time of its last record, as a copy that keeps times has it.

    Logs without a year are dated by it, and the clock of this machine must not decide.
    """
    os.utime(path, ns=(at * 1000, at * 1000))


class _Compressed(gzip.GzipFile):
    """A gzip file that also closes the file below it."""

    def __init__(self, path: Path) -> None:
        self._below = path.open("wb")
        super().__init__("", "wb", LEVEL, self._below, 0)

    def close(self) -> None:
        super().close()
        self._below.close()


class Series:
    """One log as consecutive files, cut where its name changes; facts come in order of time."""

    def __init__(
        self,
        root: Path,
        name: Callable[[int], str],
        head: Callable[[int], bytes] = lambda _: b"",
        tail: Callable[[int], bytes] = lambda _: b"",
    ) -> None:
        self._root = root
        self._name = name
        self._head = head
        self._tail = tail
        self._file: BinaryIO | None = None
        self._day = -1
        self._at = 0
        self.source = ""
        self.offset = 0

    def write(self, at: int, data: bytes) -> int:
        """Append `data` to the file of its time and return the offset at which it begins."""
        if at // DAY != self._day:
            self._turn(at)
        if self._file is None:
            raise ValueError("a series without a file")
        offset = self.offset
        self._file.write(data)
        self.offset += len(data)
        self._at = at
        return offset

    def close(self) -> None:
        """Write the foot and close the current file, if there is one."""
        if self._file is not None:
            self._file.write(self._tail(self._at))
            self._file.close()
            date_file(self._root / self.source, self._at)
            self._file = None

    def _turn(self, at: int) -> None:
        self._day = max(self._day, at // DAY)
        source = self._name(self._day * DAY)
        if source == self.source:
            return
        self.close()
        self.source = source
        self._file = open_for_writing(self._root / source)
        head = self._head(at)
        self._file.write(head)
        self.offset = len(head)


def rotated(path: str, start: int, days: int) -> Callable[[int], str]:
    """Name the files of a log as logrotate leaves them: `log`, `log.1`, `log.2.gz`, older upwards.

    A short history is rotated daily, a long one weekly, as Debian does.
    """
    length = DAY if days <= 14 else 7 * DAY
    last = (days * DAY - 1) // length

    def name(at: int) -> str:
        age = max(last - max(at - start, 0) // length, 0)
        return path + ("", ".1")[age] if age < 2 else f"{path}.{age}.gz"

    return name
