"""Small batches wait for others of their kind: many small files cost no more than a large one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trailhound.model.batch import Batch
from trailhound.model.result import InputReport

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGE_ROWS = 500
"""A batch of this size gains nothing by waiting."""

GROUP_ROWS = 2_000
TOTAL_ROWS = 16_000
"""Rows that wait over all groups; they keep their records in memory."""

Ready = tuple[Batch, list[InputReport]]
"""A batch to be looked at, and the report of each of its sources."""


class Waiting:
    """Batches that wait, by class, kind and route."""

    def __init__(self) -> None:
        self._groups: dict[tuple[object, ...], list[tuple[Batch, InputReport]]] = {}
        self._rows: dict[tuple[object, ...], int] = {}
        self._total = 0

    def add(self, batch: Batch, report: InputReport) -> Iterator[Ready]:
        """Take a batch; give those that have waited enough."""
        if batch.rows >= LARGE_ROWS:
            yield batch, [report]
            return
        key = batch.likeness or (
            type(batch), batch.kind, batch.time_basis, tuple(batch.route.items())
        )  # fmt: skip
        self._groups.setdefault(key, []).append((batch, report))
        self._rows[key] = self._rows.get(key, 0) + batch.rows
        self._total += batch.rows
        if self._rows[key] >= GROUP_ROWS:
            yield from self._take(key)
        elif self._total >= TOTAL_ROWS:
            yield from self.flush()

    def flush(self) -> Iterator[Ready]:
        """Give all that wait."""
        for key in list(self._groups):
            yield from self._take(key)

    def _take(self, key: tuple[object, ...]) -> Iterator[Ready]:
        group = self._groups.pop(key)
        self._total -= self._rows.pop(key)
        if len(group) > 1:
            joined = group[0][0].joined([batch for batch, _ in group[1:]])
            if joined is not None:
                yield joined, [report for _, report in group]
                return
        yield from ((batch, [report]) for batch, report in group)
