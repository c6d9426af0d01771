"""Event files: Parquet, one folder a table and day, never changed once in place."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, BinaryIO

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from trailhound.model.limits import MIB
from trailhound.store import durable
from trailhound.store.columns import conform, join

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trailhound.store.known import KnownEvents

DAY_MICROSECONDS = 86_400_000_000
UNDATED = "undated"
ROW_GROUP_ROWS = 128 * 1024
BUFFER_BYTES = 64 * MIB
_LAST_DAY = 2_932_896  # 9999-12-31; a stamp beyond has no calendar day


class ParquetFile(msgspec.Struct, frozen=True):
    """One event file as the manifest knows it.

    Attributes:
        path: relative to the workspace, with `/`.
        day: `YYYY-MM-DD` in UTC, or `undated`.
        first: microseconds UTC of the earliest event, None when no event carries a time.
    """

    path: str
    table: str
    day: str
    rows: int
    bytes: int
    first: int | None = None
    last: int | None = None


class EventWriter:
    """Gathers batches by table and day and writes them as event files.

    What is written counts only once it is registered (`Transaction.register_parquet`). A writer
    may live in a process of its own: it needs only the folder and a prefix nobody else uses.
    Events that `known` holds are left out.
    """

    def __init__(
        self,
        root: Path,
        prefix: str,
        known: KnownEvents | None = None,
        *,
        buffer_bytes: int = BUFFER_BYTES,
    ) -> None:
        self._root = root
        self._prefix = prefix
        self._known = known
        self._limit = buffer_bytes
        self._held: defaultdict[tuple[str, str], list[pa.RecordBatch]] = defaultdict(list)
        self._sizes: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._written: list[ParquetFile] = []
        self._number = 0

    def add(self, table: str, batch: pa.RecordBatch) -> None:
        """Take a batch; events go to the day of their `time` (int64 microseconds UTC)."""
        if not batch.num_rows:
            return
        for day, part in by_day(conform(table, batch)):
            self._held[table, day].append(part)
            self._sizes[table, day] += part.nbytes
        while sum(self._sizes.values()) > self._limit:
            self._write(max(self._sizes, key=lambda key: (self._sizes[key], key)))

    def flush(self) -> list[ParquetFile]:
        """Write what is held, durably, and give all files since the last flush."""
        for key in sorted(self._held):
            self._write(key)
        written, self._written = self._written, []
        return written

    def _write(self, key: tuple[str, str]) -> None:
        table, day = key
        rows = join(self._held.pop(key))
        del self._sizes[key]
        if self._known is not None:
            rows = self._known.fresh(table, day, rows)
        if not rows.num_rows:
            return
        self._number += 1
        path = f"events/{table}/{day}/{self._prefix}-{self._number:06d}.parquet"
        self._written.append(write_file(self._root, path, rows))


def write_file(root: Path, path: str, rows: pa.Table) -> ParquetFile:
    """Write one event file `events/TABLE/DAY/NAME.parquet` durably."""
    _, table, day, _ = path.split("/")
    target = root / path
    durable.make_directory(target.parent)
    size = durable.write(target, lambda file: write_rows(file, rows))
    first, last = span(rows)
    return ParquetFile(path, table, day, rows.num_rows, size, first, last)


def write_rows(file: BinaryIO, rows: pa.Table) -> None:
    """Write Parquet; the Arrow schema is left out so that strings read back as strings."""
    pq.write_table(
        rows, file, row_group_size=ROW_GROUP_ROWS, compression="zstd", store_schema=False
    )


def span(rows: pa.Table) -> tuple[int | None, int | None]:
    """Give the earliest and latest time, None where no row has one."""
    if "time" not in rows.schema.names:
        return None, None
    found = pc.min_max(rows.column("time"))
    return found["min"].as_py(), found["max"].as_py()


def by_day(batch: pa.RecordBatch) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Split a batch by calendar day in UTC, keeping the order of rows inside a day."""
    if "time" not in batch.schema.names:
        yield UNDATED, batch
        return
    column = batch.column("time")
    days = column.fill_null(0).to_numpy(zero_copy_only=False) // DAY_MICROSECONDS
    known = column.is_valid().to_numpy(zero_copy_only=False) & (np.abs(days) <= _LAST_DAY)
    days = np.where(known, days, np.iinfo(np.int64).min)
    order = np.argsort(days, kind="stable")
    distinct, starts = np.unique(days[order], return_index=True)
    if len(distinct) == 1:
        yield _name(int(distinct[0])), batch
        return
    stops = [*starts[1:], len(days)]
    for day, start, stop in zip(distinct, starts, stops, strict=True):
        yield _name(int(day)), batch.take(pa.array(order[start:stop]))


def _name(day: int) -> str:
    try:
        return str(np.datetime64(day, "D").astype(object).isoformat())
    except (AttributeError, ValueError, OverflowError):
        return UNDATED
