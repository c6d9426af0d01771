"""Which events a workspace holds already: those of the same id and time.

The time is part of it because ids come back: Windows counts records anew when a log is cleared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from trailhound.store import durable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from trailhound.store.events import ParquetFile

_COLUMNS = ("metadata_uid", "time")


def event_key(uid: str, time: int | None) -> str:
    """Name an event; `time` in microseconds UTC."""
    return f"{uid}\n{'' if time is None else time}"


class KnownEvents:
    """The events of registered files. `asked` are keys to watch for; those met are in `met`."""

    def __init__(self, root: Path, files: Iterable[ParquetFile], asked: Iterable[str] = ()) -> None:
        self._files: dict[tuple[str, str], list[Path]] = {}
        for file in files:
            self._files.setdefault((file.table, file.day), []).append(root / file.path)
        self._asked = pa.array(sorted(set(asked)), pa.string())
        self.met: set[str] = set()

    def fresh(self, table: str, day: str, rows: pa.Table) -> pa.Table:
        """Leave out rows that the files of this table and day hold; rows without an id stay."""
        held = [self._held(path) for path in self._files.get((table, day), ())]
        if not held:
            return rows
        keys = _keys(rows)
        known = pc.is_in(keys, value_set=pa.chunked_array(held).combine_chunks())
        known = pc.and_(known, keys.is_valid())
        met = pc.unique(keys.filter(known))
        self.met.update(met.filter(pc.is_in(met, value_set=self._asked)).to_pylist())
        return rows.filter(pc.invert(known))

    def _held(self, path: Path) -> pa.Array:
        with durable.located(path):
            names = set(pq.read_schema(path).names)
            return _keys(pq.read_table(path, columns=[n for n in _COLUMNS if n in names]))


def _keys(rows: pa.Table) -> pa.Array:
    """Give `event_key` of each row, null for a row without an id."""
    if "metadata_uid" not in rows.schema.names:
        return pa.nulls(rows.num_rows, pa.string())
    uids = rows.column("metadata_uid").cast(pa.string()).combine_chunks()
    if "time" not in rows.schema.names:
        return pc.binary_join_element_wise(uids, "", "\n")
    times = rows.column("time").cast(pa.string()).fill_null("").combine_chunks()
    return pc.binary_join_element_wise(uids, times, "\n")
