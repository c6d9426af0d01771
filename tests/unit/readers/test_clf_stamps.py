from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from trailhound.readers.clf_stamps import Stamps
from trailhound.text.timestamp import iso


@pytest.mark.parametrize(
    ("stamp", "utc"),
    [
        ("03/Nov/2026:08:12:01 +0100", "2026-11-03T07:12:01.000000Z"),
        ("03/Nov/2026:08:12:01 -0530", "2026-11-03T13:42:01.000000Z"),
        ("03/Nov/2026:08:12:60 +0000", "2026-11-03T08:12:59.999999Z"),
        ("03/Nov/2026:08:12:01.250", "2026-11-03T08:12:01.250000Z"),
        ("03/Nov/2026:08:12:01", "2026-11-03T08:12:01.000000Z"),
        ("31/Feb/2026:08:12:01 +0100", ""),
        ("03/Foo/2026:08:12:01 +0100", ""),
        ("03/Nov/2026:08:12:99 +0100", ""),
        ("03/Nov/2026:08:12:01.x", ""),
        ("03/Nov/2026:08:12:01 CET", ""),
        ("", ""),
        ("-", ""),
    ],
)
def test_stamps(stamp, utc):
    assert [iso(time) for time in Stamps(UTC).times([stamp])] == [utc]


def test_a_stamp_without_offset_is_in_the_given_zone():
    times = Stamps(ZoneInfo("Europe/Berlin")).times(["03/Jul/2026:08:12:01.001"])
    assert iso(times[0]) == "2026-07-03T06:12:01.001000Z"
