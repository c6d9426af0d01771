"""Batches: what readers hand on, in the product's own words, a column at a time.

Columns are plain lists of Python values, because every consumer on the hot path needs Python
objects (the pattern databases and the value caches) and because strings that repeat are looked up
once. pyarrow appears where a batch becomes rows of a table (`readers/mapping.py`), never before.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from trailhound.model.tables import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

Value = str | int | float | bool | None | list[Any]
"""A native value. A list means that any element may match; None: missing, null or empty object."""

Column = list[Value]
Times = npt.NDArray[np.int64]

NO_TIME = -(2**63)
"""In a `Times` array: the record carries no usable time."""


class TimeBasis:
    """How the time of an event is known; values of the column `time_basis`."""

    EXACT = "exact"
    ZONE_ASSUMED = "zone_assumed"
    YEAR_ASSUMED = "year_assumed"


class Batch(ABC):
    """Rows of one log kind and one route from one source.

    Attributes:
        kind: the log kind, e.g. `windows`, `aws.cloudtrail`, `zeek.conn`, `linux.syslog`.
        route: the fields every row shares and rules are routed on; for `windows`
            `{"Channel": ..., "EventID": ..., "Provider_Name": ...}`, for `linux.syslog`
            `{"program": ...}`.
        sources: names of the sources the rows come from, usually one; `starts` are their first
            rows.
        offsets: byte offset of each record in the decoded source (int64), or its record number.
        rows: number of rows.
        time_basis: one of `TimeBasis`, for all rows.
        likeness: batches with equal ones may be `joined`.
    """

    kind: str
    route: dict[str, str]
    sources: Sequence[str]
    starts: Sequence[int] = (0,)
    offsets: npt.NDArray[np.int64]
    time_basis: str = TimeBasis.EXACT
    likeness: tuple[object, ...] = ()

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.offsets)

    def source_of(self, row: int) -> str:
        """Give the name of the source of a row."""
        return self.sources[self.origin_of(row)]

    def source_names(self) -> list[str]:
        """Give the name of the source of every row."""
        if len(self.sources) == 1:
            return [self.sources[0]] * self.rows
        return [self.source_of(row) for row in range(self.rows)]

    def origin_of(self, row: int) -> int:
        """Give the position in `sources` of a row's source."""
        return bisect_right(self.starts, row) - 1 if len(self.starts) > 1 else 0

    def joined(self, others: Sequence[Batch]) -> Batch | None:
        """Give one batch of this one's rows and those of `others` (same class, kind, route).

        Ten thousand small files cost ten thousand times what a batch costs, unless their rows are
        looked at together. None where a format has no use for it.
        """
        del others
        return None

    def take(self, rows: Sequence[int]) -> Batch:
        """Give a batch of only these rows (ascending): what matched is looked at closely.

        A format whose columns cost nothing to make may give a view.
        """
        return RowView(self, rows)

    @abstractmethod
    def columns(self, names: Sequence[str]) -> dict[str, Column]:
        """Give the named native columns, each `rows` long; an unknown name gives only None."""

    def prepare(self, names: Sequence[str]) -> None:
        """Make columns that will be asked for one by one, where together costs less."""
        self.columns(names)

    def numbers(self, name: str) -> pa.Array | None:
        """Give a column of whole numbers (int64, nulls for missing) where that costs no objects.

        None where a format has none at hand, or where some value is no whole number.
        """
        del name
        return None

    def distinct(self, name: str) -> tuple[Column, npt.NDArray[np.int32]] | None:
        """Give the distinct values of a column and which of them each row has, as `numbers`."""
        del name
        return None

    @abstractmethod
    def times(self) -> Times:
        """Give the time of each row: microseconds since 1970 UTC, or NO_TIME."""

    @abstractmethod
    def raw(self, row: int) -> bytes:
        """Give the record as the source has it (for text: the line without its end)."""

    def raw_block(self) -> bytes:
        """Give all records with something between them, for scanning them at once."""
        return b"\n".join([self.raw(row) for row in range(self.rows)])

    @abstractmethod
    def record(self, row: int) -> dict[str, Any]:
        """Decode one whole record into native fields, nested as the product nests them."""

    @abstractmethod
    def uids(self, rows: Sequence[int]) -> list[str]:
        """Give the identity of the events in `rows`."""

    @abstractmethod
    def native_names(self) -> set[str]:
        """Give the native field names that occur, dotted where nested; for `map` and tests."""


class RowView(Batch):
    """Some rows of a batch, renumbered from 0."""

    def __init__(self, whole: Batch, rows: Sequence[int]) -> None:
        self._whole, self._rows = whole, rows
        self.kind, self.route, self.time_basis = whole.kind, whole.route, whole.time_basis
        self.sources, self.starts = whole.sources, ()
        self.offsets = whole.offsets[np.asarray(rows, dtype=np.int64)]

    def origin_of(self, row: int) -> int:
        """See `Batch`."""
        return self._whole.origin_of(self._rows[row])

    def columns(self, names: Sequence[str]) -> dict[str, Column]:
        """See `Batch`."""
        whole = self._whole.columns(names)
        return {name: [column[row] for row in self._rows] for name, column in whole.items()}

    def times(self) -> Times:
        """See `Batch`."""
        return self._whole.times()[np.asarray(self._rows, dtype=np.int64)]

    def raw(self, row: int) -> bytes:
        """See `Batch`."""
        return self._whole.raw(self._rows[row])

    def record(self, row: int) -> dict[str, Any]:
        """See `Batch`."""
        return self._whole.record(self._rows[row])

    def uids(self, rows: Sequence[int]) -> list[str]:
        """See `Batch`."""
        return self._whole.uids([self._rows[row] for row in rows])

    def native_names(self) -> set[str]:
        """See `Batch`."""
        return self._whole.native_names()


def arrow_schema(table: str) -> pa.Schema:
    """Give the Arrow schema of a table: strings dictionary-encoded, times as int64 microseconds."""
    import pyarrow as pa

    types = {
        "string": pa.dictionary(pa.int32(), pa.string()),
        "int64": pa.int64(),
        "bool": pa.bool_(),
        "timestamp": pa.int64(),
    }
    return pa.schema([(c.name, types[c.type]) for c in tables()[table].columns.values()])
