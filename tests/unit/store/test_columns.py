from __future__ import annotations

import pyarrow as pa
import pytest

from trailhound.store.columns import conform, join

TEXT = pa.dictionary(pa.int32(), pa.string())


def test_columns_get_the_order_and_types_of_the_table():
    batch = pa.RecordBatch.from_pydict(
        {
            "user_name": pa.array(["a", None]).dictionary_encode(),
            "is_mfa": [True, False],
            "time": pa.array([1, 2], pa.int32()),
            "metadata_uid": ["x", "y"],
            "app_name": pa.nulls(2, pa.string()),
        }
    )
    found = conform("authentication", batch)
    assert found.schema.names == ["metadata_uid", "time", "user_name", "is_mfa"]
    assert found.schema.types == [TEXT, pa.int64(), TEXT, pa.bool_()]
    assert found.column("user_name").to_pylist() == ["a", None]


@pytest.mark.parametrize(("table", "column"), [("authentication", "usr"), ("nothing", "time")])
def test_a_strange_name_is_a_mistake_of_the_program(table, column):
    with pytest.raises(ValueError, match="has no column"):
        conform(table, pa.RecordBatch.from_pydict({column: [1]}))


def test_batches_with_different_columns_and_dictionaries_join():
    one = conform("authentication", pa.RecordBatch.from_pydict({"user_name": ["a", "b"]}))
    two = conform("authentication", pa.RecordBatch.from_pydict({"time": [7], "user_name": ["c"]}))
    joined = join([one, two])
    assert joined.to_pydict() == {"user_name": ["a", "b", "c"], "time": [None, None, 7]}


def test_a_batch_of_nulls_keeps_its_rows():
    batch = pa.RecordBatch.from_pydict({"user_name": pa.nulls(3, pa.string())})
    assert conform("authentication", batch).num_rows == 3
