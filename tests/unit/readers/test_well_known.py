from __future__ import annotations

import pytest

from trailhound.model.batch import NO_TIME
from trailhound.readers.well_known import times_of, us_time
from trailhound.text.timestamp import iso


@pytest.mark.parametrize(
    ("value", "zone", "expected", "basis"),
    [
        ("2026-11-04T08:12:00Z", "", "2026-11-04T08:12:00", "exact"),
        ("2026-11-04T08:12:00+01:00", "Asia/Tokyo", "2026-11-04T07:12:00", "exact"),
        ("2026-11-04 08:12:00", "", "2026-11-04T08:12:00", "zone_assumed"),
        ("2026-11-04 08:12:00", "Europe/Berlin", "2026-11-04T07:12:00", "exact"),
        ("2026-07-04 08:12:00", "Europe/Berlin", "2026-07-04T06:12:00", "exact"),
        (1793779920, "Europe/Berlin", "2026-11-04T08:12:00", "exact"),
        ("1793779920000", "Europe/Berlin", "2026-11-04T08:12:00", "exact"),
        ("11/4/2026 1:21:33 PM", "", "2026-11-04T13:21:33", "zone_assumed"),
    ],
)
def test_times(value, zone, expected, basis):
    times, found = times_of([value, None, "", ["x"]], zone)
    assert iso(int(times[0]))[:19] == expected
    assert list(times[1:]) == [NO_TIME] * 3
    assert found == basis


def test_no_time_is_no_time():
    assert times_of(["soon"], "Europe/Berlin")[0][0] == NO_TIME


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5/18/2021 9:13:33 PM", "2021-05-18T21:13:33"),
        ("5/18/2021 12:00:00 AM", "2021-05-18T00:00:00"),
        ("12/1/2021 12:30 PM", "2021-12-01T12:30:00"),
        ("5/18/2021 21:13:33", "2021-05-18T21:13:33"),
        ("18.5.2021 21:13", "18.5.2021 21:13"),
    ],
)
def test_american_times(text, expected):
    assert us_time(text) == expected
