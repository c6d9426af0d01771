"""JSON records nobody knows: their times are looked for under many names, and may be local."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trailhound.readers.native_batch import Names, NativeBatch, first_value
from trailhound.readers.well_known import TIMES, times_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trailhound.model.batch import Batch, Column, Times
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.wrapping import Opened

UNKNOWN = "json.unknown"
UNKNOWN_NAMES = Names(TIMES)


class GenericBatch(NativeBatch):
    """Rows whose times are looked for under many names and may be local."""

    zones: list[str]
    """The zone the operator gave, per source."""

    def joined(self, others: Sequence[Batch]) -> Batch:
        """See `Batch.joined`; each source keeps its zone."""
        made = super().joined(others)
        assert isinstance(made, GenericBatch)  # noqa: S101 - for the type checker
        parts = [self, *(other for other in others if isinstance(other, GenericBatch))]
        made.zones = [zone for part in parts for zone in part.zones]
        return made

    def times(self) -> Times:
        """Give the times; those without a zone are read in the zone the operator gave."""
        values = self.time_values()
        if len(set(self.zones)) == 1:
            return times_of(values, self.zones[0])[0]
        rows = ([value] for value in values)
        made = [times_of(row, self.zones[self.origin_of(n)])[0] for n, row in enumerate(rows)]
        return np.concatenate(made)

    def time_values(self) -> Column:
        """Give the times as written."""
        columns = self.columns(self._time_fields)
        return first_value([columns[name] for name in self._time_fields])


def generic_batch(  # noqa: PLR0917 - as its constructor
    kind: str, names: Names, part: Opened, source: Source, budget: Budget, digest: bytes
) -> GenericBatch:
    """Make a batch of records whose times may be local."""
    batch = GenericBatch(kind, {}, source.name, part, names, budget, digest)
    batch.zones = [source.zone]
    _, batch.time_basis = times_of(batch.time_values(), source.zone)
    return batch


def stranger_batch(part: Opened, source: Source, budget: Budget, digest: bytes) -> GenericBatch:
    """Make a batch of records that are not of their source's kind; they stay searchable."""
    return generic_batch(UNKNOWN, UNKNOWN_NAMES, part, source, budget, digest)
