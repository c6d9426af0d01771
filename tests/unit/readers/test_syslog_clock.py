from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.unit.readers.reading import source_of
from trailhound.model.batch import NO_TIME, TimeBasis
from trailhound.model.limits import Budget
from trailhound.readers.syslog_clock import Clock
from trailhound.readers.syslog_header import Dated
from trailhound.text.timestamp import iso

CHANGED = datetime(2026, 12, 1, tzinfo=UTC).timestamp()


def told(dated, *stamps, zone="", data=b"", **more):
    budget = Budget()
    clock = Clock(source_of(data, zone=zone, **more), budget)
    times, basis = clock.times(dated, list(stamps), list(range(len(stamps))))
    return [iso(int(time)) for time in times], basis, budget.oddities.counts


def day(*stamps, zone="", modified=CHANGED):
    data = "".join(f"{stamp} host x: y\n" for stamp in stamps).encode()
    return told(Dated.DAY, *stamps, zone=zone, data=data, modified=modified)


def test_a_local_time_follows_the_zone_through_the_year():
    times, basis, _ = day("Jul  3 08:12:01", "Nov  3 08:12:01", zone="Europe/Berlin")
    assert times == ["2026-07-03T06:12:01.000000Z", "2026-11-03T07:12:01.000000Z"]
    assert basis == TimeBasis.YEAR_ASSUMED


def test_a_time_that_the_clock_skipped_counts_from_the_old_offset():
    times, _, _ = day("Mar 29 01:59:59", "Mar 29 02:30:00", "Mar 29 03:00:00", zone="Europe/Berlin")
    assert times == [
        "2026-03-29T00:59:59.000000Z", "2026-03-29T01:30:00.000000Z", "2026-03-29T01:00:00.000000Z",
    ]  # fmt: skip


def test_a_time_that_the_clock_showed_twice_is_the_first():
    assert day("Oct 25 02:30:00", zone="Europe/Berlin")[0] == ["2026-10-25T00:30:00.000000Z"]


def test_a_leap_second_is_the_end_of_its_minute():
    assert day("Nov  3 08:12:60")[0] == ["2026-11-03T08:12:59.999999Z"]


@pytest.mark.parametrize(
    "stamp", ["Nov 31 08:12:01", "Nov  3 25:12:01", "Nov  3 08:61:01", "Nov  3 08:12:61"]
)
def test_what_the_clock_cannot_show_is_no_time(stamp):
    assert day(stamp)[0] == [""]


def test_29_february_of_a_year_without_one_is_no_time():
    data = b"Feb 29 00:00:00 host x: y\n2026-03-01T00:00:00Z host x: y\n"
    times, _, odd = told(Dated.DAY, "Feb 29 00:00:00", data=data)
    assert times == [""]
    assert odd == {"time.invalid": 1}


def test_full_stamps_are_exact():
    stamps = ("2026-11-03T08:12:01.123456+01:00", "2026-11-03T08:12:60.000000+01:00")
    times, basis, _ = told(Dated.FULL, *stamps)
    assert times == ["2026-11-03T07:12:01.123456Z", "2026-11-03T07:12:59.999999Z"]
    assert basis == TimeBasis.EXACT
    assert told(Dated.FULL, "2026-11-03T08:12:01Z")[0] == ["2026-11-03T08:12:01.000000Z"]


@pytest.mark.parametrize(
    "stamp",
    [
        "2026-11-03T08:12:01.12x456+01:00",
        "2026-11-03T08:12:71.123456+01:00",
        "2026-99-03T08:12:01.123456+01:00",
    ],
)
def test_full_stamps_may_be_damaged(stamp):
    assert told(Dated.FULL, stamp)[0] == [""]


def test_a_year_without_a_zone_needs_the_zone():
    stamps = ("2026-11-03 08:12:01", "Nov  3 08:12:01 2026")
    assert told(Dated.LOCAL, *stamps)[1] == TimeBasis.ZONE_ASSUMED
    times, basis, _ = told(Dated.LOCAL, *stamps, zone="Europe/Berlin")
    assert times == ["2026-11-03T07:12:01.000000Z"] * 2
    assert basis == TimeBasis.EXACT


def test_a_year_that_the_file_tells_leaves_only_the_zone_to_assume():
    data = b"Nov  3 08:12:01 host x: y\n2026-11-03T08:12:02Z host x: y\n"
    assert told(Dated.DAY, "Nov  3 08:12:01", data=data)[1] == TimeBasis.ZONE_ASSUMED
    assert told(Dated.DAY, "Nov  3 08:12:01", data=data, zone="UTC")[1] == TimeBasis.EXACT


def test_no_hint_of_the_year_is_said_once():
    data = b"Nov  3 08:12:01 host x: y\n"
    times, basis, odd = told(Dated.DAY, "Nov  3 08:12:01", "Nov  3 08:12:02", data=data)
    assert times[0].startswith("1970-11-03")
    assert basis == TimeBasis.YEAR_ASSUMED
    assert odd == {"time.no_year": 1}


def test_no_stamp_is_no_time():
    clock = Clock(source_of(b""), Budget())
    assert clock.times(Dated.NO, [""], [0])[0].tolist() == [NO_TIME]
    assert clock.times(Dated.NIL, ["-"], [0])[0].tolist() == [NO_TIME]
