"""Batches as they are kept: in the columns and types of `tables.toml`."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from trailhound.model.tables import tables

TEXT = pa.dictionary(pa.int32(), pa.string())
"""Strings in memory: users, hosts and paths repeat, so each value is kept once a batch."""

_TYPES: dict[str, Any] = {
    "string": TEXT,
    "int64": pa.int64(),
    "timestamp": pa.int64(),
    "bool": pa.bool_(),
}


def conform(table: str, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Put columns in the order and types of the table; all-null columns are left out.

    Raises:
        ValueError: the table or a column is not in `tables.toml`, a mistake of the program.
    """
    spec = tables()[table].columns if table in tables() else {}
    strange = [name for name in batch.schema.names if name not in spec]
    if strange or not spec:
        raise ValueError(f"table {table!r} has no column {strange}")
    names = [name for name in spec if name in batch.schema.names]
    pairs = [(name, batch.column(name)) for name in names]
    kept = [(n, _as(c, _TYPES[spec[n].type])) for n, c in pairs if c.null_count < len(c)]
    if not kept:
        return pa.RecordBatch.from_arrays([pa.nulls(batch.num_rows, pa.int64())], ["time"])
    return pa.RecordBatch.from_arrays([c for _, c in kept], [n for n, _ in kept])


def join(batches: list[pa.RecordBatch]) -> pa.Table:
    """Put batches of one table together; a column that a batch lacks is null there."""
    parts = [pa.Table.from_batches([batch]) for batch in batches]
    return pa.concat_tables(parts, promote_options="default")


def _as(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if column.type == kind:
        return column
    if kind != TEXT:
        return column.cast(kind)
    if pa.types.is_dictionary(column.type):
        return column.cast(TEXT)
    return column.cast(pa.string()).dictionary_encode()
