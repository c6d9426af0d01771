from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trailhound.store.events import EventWriter, by_day

DAY = 86_400_000_000
NOON = 1_730_721_600_000_000


def test_events_go_to_the_folder_of_their_day(tmp_path, logins):
    writer = EventWriter(tmp_path, "r1")
    writer.add("authentication", logins(4, start=NOON, step=DAY // 2))
    files = writer.flush()
    assert [(f.day, f.rows) for f in files] == [
        ("2024-11-04", 1),
        ("2024-11-05", 2),
        ("2024-11-06", 1),
    ]
    assert files[1].first == NOON + DAY // 2
    assert files[1].last == NOON + DAY
    for file in files:
        assert file.path.startswith(f"events/authentication/{file.day}/r1-")
        assert (tmp_path / file.path).stat().st_size == file.bytes
    table = pq.read_table(tmp_path / files[0].path)
    assert table.column("user_name").to_pylist() == ["a.meyer"]
    assert table.schema.field("user_name").type == pa.string()
    assert not list(tmp_path.rglob("*.partial"))


@pytest.mark.parametrize(
    ("time", "day"),
    [
        (None, "undated"),
        (0, "1970-01-01"),
        (-1, "1969-12-31"),
        (-(2**63), "undated"),
        (2**63 - 1, "undated"),
        (253_402_300_799_999_999, "9999-12-31"),
        (253_402_300_800_000_000, "undated"),
        (-62_135_596_800_000_000, "0001-01-01"),
        (-62_135_596_800_000_001, "undated"),
    ],
)
def test_every_time_has_a_folder(time, day):
    batch = pa.RecordBatch.from_pydict({"time": pa.array([time], pa.int64())})
    assert [name for name, _ in by_day(batch)] == [day]


def test_no_row_is_lost_and_order_is_kept_inside_a_day():
    times = [3 * DAY + 5, 5, None, 3 * DAY + 1, 2]
    batch = pa.RecordBatch.from_pydict({"time": pa.array(times, pa.int64()), "n": range(5)})
    parts = [(day, part.column("n").to_pylist()) for day, part in by_day(batch)]
    assert sorted(parts) == [("1970-01-01", [1, 4]), ("1970-01-04", [0, 3]), ("undated", [2])]


def test_order_is_kept_in_a_large_batch_over_many_days():
    times = [(n * 7919 % 13) * DAY for n in range(2_000)]
    batch = pa.RecordBatch.from_pydict({"time": pa.array(times, pa.int64()), "n": range(2_000)})
    parts = [part.column("n").to_pylist() for _, part in by_day(batch)]
    assert [part == sorted(part) for part in parts] == [True] * 13
    assert sorted(n for part in parts for n in part) == list(range(2_000))


def test_the_buffer_is_bounded_and_flush_gives_all_files_once(tmp_path, logins):
    writer = EventWriter(tmp_path, "r1", buffer_bytes=2_000)
    for number in range(20):
        writer.add("authentication", logins(10, start=NOON + number))
    assert len(list(tmp_path.rglob("*.parquet"))) > 1
    assert sum(file.rows for file in writer.flush()) == 200
    assert writer.flush() == []


def test_equal_input_gives_equal_bytes(tmp_path, logins):
    def written(folder):
        writer = EventWriter(folder, "r1")
        writer.add("authentication", logins(50))
        (file,) = writer.flush()
        return (folder / file.path).read_bytes()

    assert written(tmp_path / "a") == written(tmp_path / "b")


def test_an_empty_batch_writes_nothing(tmp_path, logins):
    writer = EventWriter(tmp_path, "r1")
    writer.add("authentication", logins(0))
    assert writer.flush() == []
