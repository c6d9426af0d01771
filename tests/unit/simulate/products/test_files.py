from __future__ import annotations

import gzip

import pytest

from trailhound.simulate.clock import DAY
from trailhound.simulate.products.files import Series, open_for_writing, rotated


def test_a_compressed_file_carries_neither_name_nor_time(tmp_path):
    with open_for_writing(tmp_path / "a" / "x.log.gz") as file:
        file.write(b"hello")
    data = (tmp_path / "a" / "x.log.gz").read_bytes()
    assert gzip.decompress(data) == b"hello"
    assert data[3:8] == b"\x00\x00\x00\x00\x00"


def test_a_series_is_cut_where_its_name_changes(tmp_path):
    series = Series(
        tmp_path, lambda at: f"{at // DAY}.log", lambda _: b"head\n", lambda _: b"foot\n"
    )
    assert series.write(0, b"one\n") == 5
    assert series.write(1, b"two\n") == 9
    assert series.write(DAY, b"three\n") == 5
    series.close()
    assert (tmp_path / "0.log").read_bytes() == b"head\none\ntwo\nfoot\n"
    assert (tmp_path / "1.log").read_bytes() == b"head\nthree\nfoot\n"


def test_a_file_has_the_time_of_its_last_record_not_of_its_writing(tmp_path):
    series = Series(tmp_path, lambda at: f"{at // DAY}.log.gz")
    series.write(3 * DAY + 5_000_000, b"one\n")
    series.close()
    assert (tmp_path / "3.log.gz").stat().st_mtime == 3 * 86_400 + 5


def test_a_late_fact_goes_into_the_current_file(tmp_path):
    series = Series(tmp_path, lambda at: f"{at // DAY}.log")
    series.write(DAY, b"today\n")
    series.write(DAY - 1, b"yesterday\n")
    series.close()
    assert (tmp_path / "1.log").read_bytes() == b"today\nyesterday\n"


@pytest.mark.parametrize(
    ("days", "day", "name"),
    [
        (7, 6, "auth.log"),
        (7, 5, "auth.log.1"),
        (7, 4, "auth.log.2.gz"),
        (7, 0, "auth.log.6.gz"),
        (28, 27, "auth.log"),
        (28, 0, "auth.log.3.gz"),
        (1, 0, "auth.log"),
    ],
)
def test_logs_are_named_as_logrotate_leaves_them(days, day, name):
    assert rotated("auth.log", 0, days)(day * DAY) == name
