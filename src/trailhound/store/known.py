"""Which events a workspace holds already: those of the same id and time.

The time is part of it because ids come back: Windows counts records anew when a log is cleared.
The ids of a log change while it is shorter than what names it; there, its place tells.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from trailhound.store import durable
from trailhound.store.events import UNDATED, write_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from trailhound.store.events import ParquetFile

_BY_ID = ("metadata_uid", "time")
_BY_PLACE = ("metadata_source", "metadata_offset", "time")


def event_key(uid: str, time: int | None) -> str:
    """Name an event by its id; `time` in microseconds UTC."""
    return f"{uid}\n{'' if time is None else time}"


def place_key(source: str, offset: int, time: int | None) -> str:
    """Name an event by its place; `offset` in bytes."""
    return f"{source}\n{offset}\n{'' if time is None else time}"


class KnownEvents:
    """The events of registered files.

    `asked` are keys to watch for among known events; those met are in `met`. `placed` gives
    sources whose events are known by their place, too, up to an offset. `torn` are ids of parts of
    lines that are whole now.
    """

    def __init__(
        self,
        root: Path,
        files: Iterable[ParquetFile],
        asked: Iterable[str] = (),
        placed: Mapping[str, int] | None = None,
        torn: Iterable[str] = (),
    ) -> None:
        self._root = root
        self._files: dict[tuple[str, str], list[ParquetFile]] = {}
        for file in files:
            self._files.setdefault((file.table, file.day), []).append(file)
        self._asked = pa.array(sorted(set(asked)), pa.string())
        self._placed = placed or {}
        self._torn = pa.array(sorted(set(torn)), pa.string())
        self.met: set[str] = set()
        self._days: set[str] = {UNDATED}

    def fresh(self, table: str, day: str, rows: pa.Table) -> pa.Table:
        """Leave out rows that the files of this table and day hold; rows without an id stay."""
        self._days.add(day)
        held = [self._read(file) for file in self._files.get((table, day), ())]
        if not held:
            return rows
        known = self._met(rows, held, _BY_ID)
        if self._placed and "metadata_offset" in rows.schema.names:
            known = pc.or_(known, pc.and_(self._are_placed(rows), self._met(rows, held, _BY_PLACE)))
        return rows.filter(pc.invert(known))

    def _are_placed(self, rows: pa.Table) -> pa.Array:
        names = pa.array(self._placed, pa.string())
        until = pa.array(self._placed.values(), pa.int64())
        limits = until.take(pc.index_in(_text(rows, "metadata_source"), value_set=names))
        offsets = rows.column("metadata_offset").combine_chunks()
        return pc.fill_null(pc.less(offsets, limits), fill_value=False)

    def _met(self, rows: pa.Table, held: list[pa.Table], columns: tuple[str, ...]) -> pa.Array:
        """Tell which rows are held, comparing these columns; a row without the first is not."""
        keys = _keys(rows, columns)
        values = pa.chunked_array([_keys(part, columns) for part in held], pa.string())
        known = pc.and_(pc.is_in(keys, value_set=values.combine_chunks()), keys.is_valid())
        met = pc.unique(keys.filter(known))
        self.met.update(met.filter(pc.is_in(met, value_set=self._asked)).to_pylist())
        return known

    def torn_in(self) -> list[ParquetFile]:
        """Give the files with torn events: of any table, of the days that were asked about."""
        if not len(self._torn):
            return []
        files = (f for (_, day), part in self._files.items() if day in self._days for f in part)
        return [file for file in files if pc.any(self._is_torn(self._read(file))).as_py()]

    def whole(self, file: ParquetFile) -> ParquetFile | None:
        """Write a file anew without the torn events; None when there are no others."""
        rows = pq.read_table(self._root / file.path)
        rows = rows.filter(pc.invert(self._is_torn(rows)))
        name = hashlib.blake2b(file.path.encode(), digest_size=8).hexdigest()
        path = f"events/{file.table}/{file.day}/whole-{name}.parquet"
        return write_file(self._root, path, rows) if rows.num_rows else None

    def _is_torn(self, rows: pa.Table) -> pa.Array:
        if "metadata_uid" not in rows.schema.names:
            return pa.repeat(pa.scalar(value=False), rows.num_rows)
        return pc.is_in(rows.column("metadata_uid"), self._torn)

    def _read(self, file: ParquetFile) -> pa.Table:
        path = self._root / file.path
        with durable.located(path):
            names = pq.read_schema(path).names
            wanted = {*_BY_ID, *(_BY_PLACE if self._placed else ())}
            return pq.read_table(path, columns=[name for name in names if name in wanted])


def _keys(rows: pa.Table, columns: tuple[str, ...]) -> pa.Array:
    """Join columns as `event_key` and `place_key` do; null where the first has no value."""
    first, *others = [_text(rows, name) for name in columns]
    return pc.binary_join_element_wise(first, *(one.fill_null("") for one in others), "\n")


def _text(rows: pa.Table, name: str) -> pa.Array:
    if name not in rows.schema.names:
        return pa.nulls(rows.num_rows, pa.string())
    return rows.column(name).cast(pa.string()).combine_chunks()
