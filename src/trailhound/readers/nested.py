"""Events of any format that another format carries: the reader for them is found again.

A collector's export holds the text of events of many kinds. The texts of one kind are put together
to a source within the source, which is offered to all readers; what they say of it is told with
the places of the outer records.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from trailhound.model.limits import Budget
from trailhound.model.oddity import OddityLog
from trailhound.model.source import HEAD_BYTES, Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from trailhound.model.batch import Batch
    from trailhound.model.oddity import Oddity
    from trailhound.readers.reader import Reader


@dataclass(frozen=True, slots=True)
class Nested:
    """Texts of one kind, one after another, and the places of the records that carry them."""

    source: Source
    starts: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]

    def place(self, offsets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Give the outer places of inner offsets."""
        rows = np.searchsorted(self.starts, offsets, side="right") - 1
        return self.places[np.maximum(rows, 0)]


def nested(outer: Source, texts: Sequence[bytes], places: Sequence[int]) -> Nested:
    """Put texts together, a line end behind each."""
    data = b"\n".join([*texts, b""])
    source = Source(
        outer.name,
        lambda: io.BytesIO(data),
        data[:HEAD_BYTES],
        size=len(data),
        zone=outer.zone,
        modified=outer.modified,
    )
    starts = [*accumulate((len(text) + 1 for text in texts[:-1]), initial=0)]
    return Nested(source, np.array(starts, np.int64), np.array(places, np.int64))


def nested_batches(inside: Nested, reader: Reader, budget: Budget) -> Iterator[Batch]:
    """Read a source within the source, whose bytes the caller has accounted for."""
    told = _Told(budget, inside)
    part = Budget(budget.limits, told)
    for batch in reader.read(inside.source, part):
        batch.offsets = inside.place(batch.offsets)
        yield batch
    told.inside = None


class _Told(OddityLog):
    """Oddities of the inner source, told of the outer one; lost bytes are parsed ones no more.

    Columns are decoded late: what is told after the reading (`inside` is None) has outer places.
    """

    __slots__ = ("budget", "inside")

    def __init__(self, budget: Budget, inside: Nested | None) -> None:
        super().__init__()
        self.budget, self.inside = budget, inside

    def add(self, oddity: Oddity) -> None:
        """See `OddityLog`."""
        if self.inside is not None:
            if oddity.lost:
                self.budget.parsed_bytes -= oddity.length
            if oddity.offset >= 0:
                place = self.inside.place(np.array([oddity.offset]))[0]
                oddity = replace(oddity, offset=int(place))
        self.budget.oddities.add(oddity)
