from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from trailhound.model.batch import arrow_schema
from trailhound.pipeline.segments import SegmentSink, discard, no_room, segments


def rows(count):
    schema = arrow_schema("authentication")
    columns = [pa.nulls(count, field.type) for field in schema]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def test_rows_come_back_and_nothing_half_written_stays(tmp_path):
    with SegmentSink(tmp_path, 1, memory_bytes=1) as sink:
        sink.add("authentication", rows(3))
        sink.add("authentication", rows(4))
    found = segments(tmp_path)
    assert sum(pq.read_metadata(path).num_rows for path in found["authentication"]) == 7
    assert not list(tmp_path.glob("*.tmp"))


def test_what_a_failed_task_wrote_is_discarded(tmp_path):
    for number in (1, 2):
        with SegmentSink(tmp_path, number) as sink:
            sink.add("authentication", rows(number))
    discard(tmp_path, 1)
    (path,) = segments(tmp_path)["authentication"]
    assert pq.read_metadata(path).num_rows == 2


def test_rows_without_room_are_given_up_whole_and_said(tmp_path, monkeypatch):
    with SegmentSink(tmp_path, 1, memory_bytes=1) as sink:
        sink.add("authentication", rows(3))
        assert segments(tmp_path)

        def full(*_, **__):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(pq, "write_table", full)
        sink.add("authentication", rows(4))
        monkeypatch.undo()
        sink.add("authentication", rows(5))
    assert sink.lost == "No space left on device"
    assert not list(tmp_path.iterdir())


def test_what_to_do_about_a_full_place_is_said(tmp_path):
    told = str(no_room(tmp_path / "x", "No space left on device"))
    assert told.startswith(f"{tmp_path}: no room for the tables of events: No space left")
    assert "TMPDIR" in told


def test_texts_that_repeat_have_a_dictionary_and_identities_have_none(tmp_path):
    made = rows(100)
    schema = made.schema
    texts = {"metadata_uid": [f"u{n}" for n in range(100)], "user_name": ["a", "b"] * 50}
    arrays = [
        pa.array(texts[field.name]).dictionary_encode() if field.name in texts else made[field.name]
        for field in schema
    ]
    with SegmentSink(tmp_path, 1) as sink:
        sink.add("authentication", pa.RecordBatch.from_arrays(arrays, schema=schema))
    table = pq.read_table(segments(tmp_path)["authentication"][0])
    assert table.schema.field("metadata_uid").type == pa.string()
    assert pa.types.is_dictionary(table.schema.field("user_name").type)
    assert table["metadata_uid"].to_pylist() == texts["metadata_uid"]
    assert table["user_name"].to_pylist() == texts["user_name"]
