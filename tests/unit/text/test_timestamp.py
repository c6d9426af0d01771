from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailhound.text.timestamp import NO_TIME, iso, micros_of, parse_time, parse_times


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-03T08:12:01.123456+01:00", "2026-11-03T07:12:01.123456Z"),
        ("2026-11-03T08:12:01Z", "2026-11-03T08:12:01.000000Z"),
        ("2026-11-03 08:12:01.5", "2026-11-03T08:12:01.500000Z"),
        ("2026-11-03 08:12:01.123 UTC", "2026-11-03T08:12:01.123000Z"),
        ("2026-11-03T08:12:01,5+0100", "2026-11-03T07:12:01.500000Z"),
        ("2026-11-03T08:12:01.1234567Z", "2026-11-03T08:12:01.123456Z"),
        ("2026/11/03 08:12:01", "2026-11-03T08:12:01.000000Z"),
        (" 2026-11-03T08:12:01Z ", "2026-11-03T08:12:01.000000Z"),
        ("2026-11-03T08:12:60Z", "2026-11-03T08:12:59.999999Z"),
        ("2024-02-29T00:00:00-03:30", "2024-02-29T03:30:00.000000Z"),
        ("1713484795.943239", "2024-04-18T23:59:55.943239Z"),
        ("1713484795943", "2024-04-18T23:59:55.943000Z"),
    ],
)
def test_shapes(text, utc):
    assert iso(parse_time(text)) == utc


@pytest.mark.parametrize(
    "value",
    ["", "never", "2026-11-03", "2026-11-03T08:12", "2023-02-29T00:00:00Z", "2026-11-03T25:00:00Z",
     "17134847959432390000000", None, True, [], float("nan"), float("inf"), -float("inf"), 1e300,
     -5, "2026-13-01 00:00:00"],
)  # fmt: skip
def test_what_is_no_time(value):
    assert parse_time(value) == NO_TIME


@pytest.mark.parametrize(
    ("number", "utc"),
    [
        (1713484795.943239, "2024-04-18T23:59:55.943239Z"),
        (1713484795943, "2024-04-18T23:59:55.943000Z"),
        (1713484795943239, "2024-04-18T23:59:55.943239Z"),
        (1713484795943239000, "2024-04-18T23:59:55.943239Z"),
    ],
)
def test_the_unit_of_a_number_shows_in_its_size(number, utc):
    assert iso(parse_time(number)) == utc


def test_a_column_keeps_its_order_and_its_gaps():
    times = parse_times(["2026-11-03T08:12:01Z", None, ["x"], "2026-11-03T08:12:01Z"])
    assert times.dtype == np.int64
    assert times[0] == times[3]
    assert times[1] == times[2] == NO_TIME


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
MOMENTS = st.datetimes(datetime(1970, 1, 3), datetime(2099, 1, 1), timezones=ZONES)  # noqa: DTZ001


@given(MOMENTS)
def test_iso_is_read_exactly(moment):
    exact = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert parse_time(moment.isoformat()) == exact == micros_of(moment)
    assert parse_time(iso(exact)) == exact


def test_no_time_is_written_as_nothing():
    assert iso(None) == iso(NO_TIME) == ""


@pytest.mark.parametrize(
    "odd",
    [
        "2026-02-30T00:00:00.000000Z",
        "2026-01-01T24:00:00.000000Z",
        "2026-01-01T00:00:60.000000Z",
        "2026-01-01 00:00:00.000000Z",
        "2026-01-01T00:00:00.000000X",
        "2026-01-01T00:00:00.00000\u06f0Z",
        "2026-01-01T00:00:00.000000Z ",
        "2026-1-001T00:00:00.000000Z",
        None,
    ],
)
def test_a_column_of_the_usual_shape_is_parsed_like_each_of_its_values(odd):
    usual = [f"20{n:02}-11-0{n % 9 + 1}T08:{n:02}:59.{n:06}Z" for n in range(60)]
    assert parse_times(usual).tolist() == [parse_time(one) for one in usual]
    mixed = [*usual, odd]
    assert parse_times(mixed).tolist() == [parse_time(one) for one in mixed]
