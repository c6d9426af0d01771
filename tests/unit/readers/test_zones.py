from __future__ import annotations

import pytest

from tests.unit.readers.reading import source_of
from trailhound.model.batch import NO_TIME, TimeBasis
from trailhound.model.limits import Budget
from trailhound.readers.zones import Zones
from trailhound.text.timestamp import iso


def told(text, zone=""):
    times, basis = Zones(source_of(b"", zone=zone), Budget()).times([text])
    return iso(int(times[0])), basis


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-24 12:00:47.816 UTC", "2026-11-24T12:00:47.816000Z"),
        ("2026-11-24 12:00:47 CET", "2026-11-24T11:00:47.000000Z"),
        ("2026-07-24 12:00:47.5 CEST", "2026-07-24T10:00:47.500000Z"),
        ("2026-11-24 12:00:47 +05:30", "2026-11-24T06:30:47.000000Z"),
        ("2026-11-24 12:00:47 -03", "2026-11-24T15:00:47.000000Z"),
    ],
)
def test_a_known_zone_is_exact(text, utc):
    assert told(text) == (utc, TimeBasis.EXACT)


def test_no_zone_is_utc_and_assumed():
    assert told("2026-11-24 12:00:47") == ("2026-11-24T12:00:47.000000Z", TimeBasis.ZONE_ASSUMED)


def test_an_abbreviation_with_several_meanings_is_assumed():
    assert told("2026-11-24 12:00:47 CST") == (
        "2026-11-24T18:00:47.000000Z", TimeBasis.ZONE_ASSUMED,
    )  # fmt: skip


def test_the_given_zone_settles_it():
    assert told("2026-11-24 12:00:47", "Europe/Berlin")[0] == "2026-11-24T11:00:47.000000Z"
    assert told("2026-11-24 12:00:47 CST", "Asia/Shanghai") == (
        "2026-11-24T04:00:47.000000Z", TimeBasis.EXACT,
    )  # fmt: skip


def test_of_an_hour_that_happens_twice_the_name_tells_which():
    first = told("2026-11-01 01:30:00 CDT", "America/Chicago")[0]
    second = told("2026-11-01 01:30:00 CST", "America/Chicago")[0]
    assert (first, second) == ("2026-11-01T06:30:00.000000Z", "2026-11-01T07:30:00.000000Z")


@pytest.mark.parametrize("text", ["", "2026-13-24 12:00:47", "2026-11-24 12:00:99", "no time"])
def test_what_is_no_time_is_none(text):
    times, _ = Zones(source_of(b""), Budget()).times([text])
    assert times.tolist() == [NO_TIME]


def test_an_unknown_zone_name_is_said():
    budget = Budget()
    Zones(source_of(b"", zone="Mars/Olympus"), budget)
    assert budget.oddities.counts == {"time.zone": 1}
