"""What tests of readers share: a source in memory, and everything a reader made of it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from trailhound.model.limits import Budget, Limits
from trailhound.model.source import HEAD_BYTES, Source, Span

if TYPE_CHECKING:
    from trailhound.model.batch import Batch
    from trailhound.model.oddity import Oddity
    from trailhound.readers.reader import Reader


def source_of(data: bytes, name: str = "evidence.log", **more: Any) -> Source:
    """Give a source of these bytes."""
    return Source(name, lambda: io.BytesIO(data), data[:HEAD_BYTES], size=len(data), **more)


@dataclass
class Reading:
    """What a reader made of a source."""

    batches: list[Batch]
    budget: Budget
    size: int

    @property
    def rows(self) -> int:
        return sum(batch.rows for batch in self.batches)

    @property
    def odd(self) -> dict[str, int]:
        return self.budget.oddities.counts

    @property
    def lost(self) -> list[Oddity]:
        return [oddity for oddity in self.budget.oddities.kept if oddity.lost]

    def column(self, name: str) -> list[Any]:
        """Give a column over all batches, in the order of the source."""
        placed = [
            (int(batch.offsets[row]), batch.columns((name,))[name][row])
            for batch in self.batches
            for row in range(batch.rows)
        ]
        return [value for _, value in sorted(placed, key=lambda pair: pair[0])]

    def times(self) -> list[int]:
        """Give the times in the order of the source."""
        placed = [
            (int(batch.offsets[row]), int(batch.times()[row]))
            for batch in self.batches
            for row in range(batch.rows)
        ]
        return [time for _, time in sorted(placed)]

    def accounts(self) -> bool:
        """Tell whether rows, known structure and losses stand for every byte."""
        return self.budget.parsed_bytes + sum(o.length for o in self.lost) == self.size


def read(
    reader: Reader,
    data: bytes,
    name: str = "evidence.log",
    limits: Limits | None = None,
    **more: Any,
) -> Reading:
    """Read bytes with a reader."""
    budget = Budget(limits or Limits())
    batches = list(reader.read(source_of(data, name, **more), budget))
    return Reading(batches, budget, len(data))


def read_in_spans(reader: Reader, data: bytes, cuts: list[int], **more: Any) -> Reading:
    """Read bytes as several workers would, each its span."""
    borders = [0, *sorted(cuts), len(data)]
    budget = Budget()
    batches: list[Batch] = []
    for start, stop in pairwise(borders):
        if start < stop:
            batches += reader.read(source_of(data, span=Span(start, stop), **more), budget)
    return Reading(batches, budget, len(data))
