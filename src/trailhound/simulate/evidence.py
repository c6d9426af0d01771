"""Where simulated facts wait until their hour is complete, to be written in order of time.

Activities look ahead (a session ends later than it begins), log files do not: a product writes as
things happen. So facts are sorted by hour, and only the hours that lie ahead are in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from trailhound.simulate.clock import HOUR

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a fact was written: file below the evidence folder, and what identifies the record."""

    source: str
    record: str


class Product(Protocol):
    """One logging product: it owns its files and knows how they are cut."""

    def tick(self, at: int) -> None:
        """Note that all facts before `at` are written."""

    def close(self) -> None:
        """Finish and close all files."""


_Item = tuple[int, int, Callable[[int, Any], Pointer], Any, str | None]


class Schedule:
    """Takes facts in any order within the coming hours and has them written in order of time."""

    def __init__(self, planted: Callable[[str, Pointer], None]) -> None:
        self._hours: dict[int, list[_Item]] = defaultdict(list)
        self._planted = planted
        self._count = 0
        self._written_until = -1
        self.written = 0

    def add(
        self,
        at: int,
        write: Callable[[int, Record], Pointer],
        record: Record,
        step: str | None = None,
    ) -> None:
        """Have `record` written at the instant `at`; `step` names the step that it proves."""
        hour = max(at // HOUR, self._written_until + 1)
        self._count += 1
        self._hours[hour].append((at, self._count, write, record, step))

    def flush(self, before: int) -> None:
        """Write every fact of the hours that end at `before` or earlier."""
        last = before // HOUR
        for hour in sorted(key for key in self._hours if key < last):
            self._write(self._hours.pop(hour))
        self._written_until = last - 1

    def _write(self, items: list[_Item]) -> None:
        items.sort(key=lambda item: item[:2])
        for at, _, write, record, step in items:
            pointer = write(at, record)
            if step is not None:
                self._planted(step, pointer)
        self.written += len(items)
