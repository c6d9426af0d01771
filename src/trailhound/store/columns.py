"""Batches as they are kept: in the columns and types of `tables.toml`."""

from __future__ import annotations

import pyarrow as pa

from trailhound.model.batch import arrow_schema
from trailhound.model.tables import tables


def conform(table: str, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Put columns in the order and types of the table; all-null columns are left out.

    Raises:
        ValueError: the table or a column is not in `tables.toml`, a mistake of the program.
    """
    known = tables()[table].columns if table in tables() else {}
    strange = [name for name in batch.schema.names if name not in known]
    if strange or not known:
        raise ValueError(f"table {table!r} has no column {strange}")
    present = set(batch.schema.names)
    fields = [field for field in arrow_schema(table) if field.name in present]
    pairs = [(f.name, _as(batch.column(f.name), f.type)) for f in fields]
    kept = [pair for pair in pairs if pair[1].null_count < batch.num_rows]
    kept = kept or [("time", pa.nulls(batch.num_rows, pa.int64()))]
    return pa.RecordBatch.from_arrays([c for _, c in kept], [n for n, _ in kept])


def join(batches: list[pa.RecordBatch]) -> pa.Table:
    """Put batches of one table together; a column that a batch lacks is null there."""
    parts = [pa.Table.from_batches([batch]) for batch in batches]
    return pa.concat_tables(parts, promote_options="default")


def _as(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if column.type == kind:
        return column
    if not pa.types.is_dictionary(kind) or pa.types.is_dictionary(column.type):
        return column.cast(kind)
    return column.cast(pa.string()).dictionary_encode()
