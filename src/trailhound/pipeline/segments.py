"""Rows of tables on their way: Parquet segments in a private folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Self

from trailhound.model.batch import arrow_schema
from trailhound.model.errors import RoomError, Where

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

SEGMENT_BYTES = 24 * 1024 * 1024
"""Rows are written when those waiting pass this size, over all tables."""


class SegmentSink:
    """Collects rows and writes one Parquet file per table whenever they grow.

    `lost` is why rows could not be written, "" when all were. Then none of this sink stay: what
    matched is found all the same, and half of the rows would look like all.
    """

    def __init__(self, folder: Path, number: int, *, memory_bytes: int = SEGMENT_BYTES) -> None:
        self._folder, self._number, self._room = folder, number, memory_bytes
        self._waiting: dict[str, list[pa.RecordBatch]] = {}
        self._bytes = 0
        self._writes = 0
        self.lost = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.flush()

    def add(self, table: str, rows: pa.RecordBatch) -> None:
        """Take rows; see `TableSink`."""
        if self.lost:
            return
        self._waiting.setdefault(table, []).append(rows)
        self._bytes += rows.nbytes
        if self._bytes > self._room:
            self.flush()

    def flush(self) -> None:
        """Write what waits, or give up all when there is no room."""
        try:
            self._write()
        except OSError as error:
            self.lost = os.strerror(error.errno) if error.errno else str(error)
            discard(self._folder, self._number)
        self._waiting.clear()
        self._bytes = 0

    def _write(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        for table, batches in sorted(self._waiting.items()):
            name = f"{table}-{self._number:06d}-{self._writes:04d}.parquet"
            path = self._folder / name
            whole = pa.Table.from_batches(batches, schema=arrow_schema(table)).unify_dictionaries()
            rows, repeating = _without_useless_dictionaries(whole)
            pq.write_table(
                rows, path.with_suffix(".tmp"), compression="zstd", store_schema=True,
                use_dictionary=repeating, write_statistics=["time"],
            )  # fmt: skip
            path.with_suffix(".tmp").replace(path)
        self._writes += 1


def _without_useless_dictionaries(rows: pa.Table) -> tuple[pa.Table, list[str]]:
    """Make plain text of columns that hardly repeat; gives the names of those that do.

    Identities of events are all different: a dictionary of them takes longer and more room.
    """
    import pyarrow as pa

    repeating = []
    for place, field in enumerate(rows.schema):
        if not pa.types.is_dictionary(field.type):
            continue
        column = rows.column(place)
        if column.num_chunks and 2 * len(column.chunk(0).dictionary) > len(column):
            rows = rows.set_column(place, field.name, column.cast(pa.string()))
        else:
            repeating.append(field.name)
    return rows, repeating


def discard(folder: Path, number: int) -> None:
    """Delete what a task wrote that did not end: half of its rows would count as all."""
    for path in folder.glob(f"*-{number:06d}-*"):
        path.unlink(missing_ok=True)


def no_room(folder: Path, reason: str) -> RoomError:
    """Say that the place for segments is full, and what to do."""
    return RoomError(
        f"no room for the tables of events: {reason}",
        where=Where(str(folder.parent)),
        todo="make room there, or name another place with TMPDIR",
    )


def segments(folder: Path) -> dict[str, list[Path]]:
    """Give the segment files by table, in order."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.parquet")):
        found.setdefault(path.name.split("-")[0], []).append(path)
    return found
