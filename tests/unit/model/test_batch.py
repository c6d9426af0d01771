from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from trailhound.model.batch import NO_TIME, Batch, RowView, arrow_schema
from trailhound.model.tables import tables


class Plain(Batch):
    """Five rows of two sources, with one column."""

    def __init__(self) -> None:
        self.kind, self.route = "test.plain", {"program": "sshd"}
        self.sources, self.starts = ("a.log", "b.log"), (0, 3)
        self.offsets = np.asarray([0, 10, 20, 0, 10], dtype=np.int64)

    def columns(self, names):
        return {n: [f"{n}{r}" if n == "user" else None for r in range(5)] for n in names}

    def times(self):
        return np.asarray([5, NO_TIME, 7, 8, 9], dtype=np.int64)

    def raw(self, row):
        return b"line %d" % row

    def record(self, row):
        return {"user": f"user{row}"}

    def uids(self, rows):
        return [f"uid{row}" for row in rows]

    def native_names(self):
        return {"user"}


def test_rows_know_their_source():
    batch = Plain()
    assert batch.rows == 5
    assert [batch.source_of(row) for row in range(5)] == ["a.log"] * 3 + ["b.log"] * 2
    assert [batch.origin_of(row) for row in range(5)] == [0, 0, 0, 1, 1]


def test_a_batch_of_one_source_needs_no_search():
    batch = Plain()
    batch.sources, batch.starts = ("only.log",), (0,)
    assert [batch.source_of(row) for row in (0, 4)] == ["only.log", "only.log"]


def test_formats_join_only_where_they_say_so():
    assert Plain().joined([Plain()]) is None


def test_raw_block_holds_one_record_a_line():
    assert Plain().raw_block() == b"line 0\nline 1\nline 2\nline 3\nline 4"


def test_a_view_shows_the_rows_it_was_given():
    batch = Plain()
    view = batch.take([1, 3, 4])
    assert isinstance(view, RowView)
    assert (view.kind, view.route, view.rows) == ("test.plain", {"program": "sshd"}, 3)
    assert view.columns(("user", "none")) == {
        "user": ["user1", "user3", "user4"],
        "none": [None] * 3,
    }
    assert view.times().tolist() == [NO_TIME, 8, 9]
    assert view.offsets.tolist() == [10, 0, 10]
    assert [view.raw(row) for row in range(3)] == [b"line 1", b"line 3", b"line 4"]
    assert view.record(1) == {"user": "user3"}
    assert view.uids([0, 2]) == ["uid1", "uid4"]
    assert [view.source_of(row) for row in range(3)] == ["a.log", "b.log", "b.log"]
    assert view.native_names() == {"user"}
    assert view.raw_block() == b"line 1\nline 3\nline 4"


def test_a_view_of_a_view_counts_from_its_own_rows():
    view = Plain().take([1, 3, 4]).take([2])
    assert view.uids([0]) == ["uid4"]
    assert view.source_of(0) == "b.log"


def test_a_view_of_nothing_is_empty():
    view = Plain().take([])
    assert (view.rows, view.columns(("user",)), view.raw_block()) == (0, {"user": []}, b"")


@pytest.mark.parametrize("table", sorted(tables()))
def test_schemas_follow_the_tables(table):
    schema = arrow_schema(table)
    assert schema.names == list(tables()[table].columns)
    assert schema.field("time").type == pa.int64()
    assert schema.field("metadata_uid").type == pa.dictionary(pa.int32(), pa.string())
