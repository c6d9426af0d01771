"""Many small event files of one table and day become one, and no row is ever missing.

The new file is written first, then one transaction exchanges the entries of the manifest; the old
files are deleted when nobody reads. A crash anywhere leaves the old or the new state.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from trailhound.model.errors import Where, WorkspaceError
from trailhound.model.limits import MIB
from trailhound.store import durable
from trailhound.store.events import ROW_GROUP_ROWS, ParquetFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.store.workspace import Workspace

SMALL_BYTES = 32 * MIB
"""A file below this size is worth joining with others of its day."""


def compact(workspace: Workspace, run: int = 0, small_bytes: int = SMALL_BYTES) -> int:
    """Join small files day by day; gives the number of files that were replaced."""
    replaced = 0
    for group in _groups(workspace, small_bytes):
        new = _join(workspace, group)
        with workspace.transaction() as tx:
            tx.unregister_parquet(file.path for file in group)
            tx.register_parquet([new], run=run)
        replaced += len(group)
    workspace.sweep()
    return replaced


def _groups(workspace: Workspace, small_bytes: int) -> Iterator[list[ParquetFile]]:
    by_day: defaultdict[tuple[str, str], list[ParquetFile]] = defaultdict(list)
    with workspace.reading() as view:
        for file in view.event_files():
            if file.bytes < small_bytes:
                by_day[file.table, file.day].append(file)
    return (group for group in by_day.values() if len(group) > 1)


def _join(workspace: Workspace, group: list[ParquetFile]) -> ParquetFile:
    names = "\n".join(file.path for file in group)
    name = hashlib.blake2b(names.encode(), digest_size=8).hexdigest()
    path = f"events/{group[0].table}/{group[0].day}/joined-{name}.parquet"
    target = workspace.root / path
    size = durable.write(target, lambda file: _copy_rows(workspace, group, file))
    rows = sum(file.rows for file in group)
    first = min((file.first for file in group if file.first is not None), default=None)
    last = max((file.last for file in group if file.last is not None), default=None)
    if pq.read_metadata(target).num_rows != rows:
        raise WorkspaceError("event files and manifest disagree", where=Where(str(target)))
    return ParquetFile(path, group[0].table, group[0].day, rows, size, first, last)


def _copy_rows(workspace: Workspace, group: list[ParquetFile], file: BinaryIO) -> None:
    paths = [workspace.root / part.path for part in group]
    schema = pa.unify_schemas([pq.read_schema(path) for path in paths])
    with pq.ParquetWriter(file, schema, compression="zstd", store_schema=False) as writer:
        for path in paths:
            for batch in pq.ParquetFile(path).iter_batches(ROW_GROUP_ROWS):
                writer.write_table(_widen(batch, schema))


def _widen(batch: pa.RecordBatch, schema: pa.Schema) -> pa.Table:
    empty = schema.empty_table()
    return pa.concat_tables([empty, pa.Table.from_batches([batch])], promote_options="default")
