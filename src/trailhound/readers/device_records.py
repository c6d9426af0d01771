"""What reading the records of a device gives, whatever their format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from trailhound.model.batch import NO_TIME, TimeBasis

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from trailhound.model.batch import Column, Times
    from trailhound.readers.column_batch import Late

Fields = dict[str, Any]
"""Native values of one record by name."""


@dataclass(slots=True)
class Parsed:
    """Records side by side.

    Attributes:
        fields: the native values of each record.
        times: microseconds UTC as the records tell them, or NO_TIME.
        basis: how these times are known.
        odd: what is wrong with a record, by row.
        late: columns made for mappings, whose names begin with `@`.
    """

    fields: list[Fields]
    times: Times
    basis: str = TimeBasis.EXACT
    odd: dict[int, str] = field(default_factory=dict)
    late: dict[str, Late] = field(default_factory=dict)

    def settled(self, header_times: Callable[[], tuple[Times, str]]) -> tuple[Times, str]:
        """Fill times the records do not tell with those of the lines' headers."""
        missing = self.times == NO_TIME
        if not missing.any():
            return self.times, self.basis
        others, basis = header_times()
        if missing.all():
            return others, basis
        both = {self.basis, basis}
        worst = (TimeBasis.YEAR_ASSUMED, TimeBasis.ZONE_ASSUMED, TimeBasis.EXACT)
        return np.where(missing, others, self.times), next(b for b in worst if b in both)


def made(name: str, fields: Sequence[Fields], make: Callable[[Fields], Any]) -> Mapping[str, Late]:
    """Give a column made of each record's fields, when it is asked for."""

    def column() -> dict[str, Column]:
        return {name: [make(one) for one in fields]}

    return {name: column}


def micros_of_seconds(text: Any) -> int | None:
    """Turn a text of whole or decimal seconds into microseconds; None when it is no number."""
    try:
        seconds = float(text)
    except (TypeError, ValueError):
        return None
    return round(seconds * 1_000_000) if 0 <= seconds < 1e9 else None
