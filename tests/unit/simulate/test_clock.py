from __future__ import annotations

from datetime import date

import pytest

from trailhound.simulate import clock

MORNING = clock.midnight(date(2026, 11, 3)) + 8 * clock.HOUR + 12 * clock.MINUTE + 31_123_456


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (clock.iso(MORNING), "2026-11-03T08:12:31"),
        (clock.iso_milli(MORNING), "2026-11-03T08:12:31.123"),
        (clock.iso_ticks(MORNING), "2026-11-03T08:12:31.1234560"),
        (clock.iso_local(MORNING), "2026-11-03T09:12:31.123456+01:00"),
        (clock.blank_separated(MORNING), "2026-11-03 08:12:31.123"),
        (clock.syslog_second(MORNING // clock.SECOND), "Nov  3 08:12:31"),
        (clock.access_second(MORNING // clock.SECOND), "03/Nov/2026:08:12:31 +0000"),
        (clock.us_twelve_hours(MORNING), "11/3/2026 8:12:31 AM"),
        (clock.us_twelve_hours(MORNING + 12 * clock.HOUR), "11/3/2026 8:12:31 PM"),
        (clock.us_twelve_hours(clock.midnight(date(2026, 11, 3))), "11/3/2026 12:00:00 AM"),
        (clock.compact_minute(MORNING), "20261103T0812Z"),
    ],
)
def test_times_are_written_as_products_write_them(text, expected):
    assert text == expected


def test_summer_time_ends_on_the_last_sunday_of_october():
    change = clock.midnight(date(2026, 10, 25)) + clock.HOUR
    assert clock.local_offset(change - 1) == 2 * clock.HOUR
    assert clock.local_offset(change) == clock.HOUR


def test_a_stream_of_chance_depends_on_its_purpose_alone():
    assert clock.chance(1, "a").random() == clock.chance(1, "a").random()
    assert clock.chance(1, "a").random() != clock.chance(1, "b").random()


def test_weekends_are_saturday_and_sunday():
    assert not clock.is_weekend(date(2026, 11, 6))
    assert clock.is_weekend(date(2026, 11, 7))


def test_a_local_day_begins_before_the_utc_day():
    assert (
        clock.midnight(date(2026, 7, 1)) - clock.local_midnight(date(2026, 7, 1)) == 2 * clock.HOUR
    )


def test_iso_times_are_read_back():
    assert clock.parse_iso("2026-11-03T08:12:31.123456Z") == MORNING
    assert clock.parse_iso("2026-11-03T09:12:31.123456+01:00") == MORNING
    assert clock.parse_iso("yesterday") is None
