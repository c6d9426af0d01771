from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from trailhound.cli.times import moment, span, zone, zone_named
from trailhound.model.errors import UsageError


def test_days_and_times_are_read_as_utc():
    assert moment(None, "--since") is None
    assert moment("1970-01-02", "--since") == 86_400_000_000
    assert moment("1970-01-02T00:00:01", "--since") == 86_401_000_000
    assert moment("1970-01-01T01:00:00+01:00", "--since") == 0


@pytest.mark.parametrize("text", ["soon", "", "2026-13-01", "2026-11-04T25:00:00"])
def test_what_is_no_time_is_said_with_its_option(text):
    with pytest.raises(UsageError, match="--since"):
        moment(text, "--since")


def test_a_zone_needs_a_name_that_exists():
    assert zone("fw*=Europe/Berlin") == ("fw*", "Europe/Berlin")
    for wrong in ("Europe/Berlin", "a=Nowhere/Town", "a=", "a=../../etc/passwd", "a=Europe"):
        with pytest.raises(UsageError, match="--zone"):
            zone(wrong)


def test_zones_are_given_by_name():
    assert zone_named("UTC", "--tz") is UTC
    summer = datetime(2026, 7, 1, tzinfo=zone_named("Europe/Berlin", "--tz"))
    assert summer.utcoffset() == timedelta(hours=2)
    with pytest.raises(UsageError, match="--tz"):
        zone_named("Mars", "--tz")


@pytest.mark.parametrize(
    "text", ["1970-01-02T00:00", "1970-01-02 00:00", "1970-01-02T00:00Z", "1970-01-02T01:00+01:00"]
)
def test_seconds_may_be_left_out(text):
    assert moment(text, "--since") == 86_400_000_000


def test_a_span_is_in_order():
    assert span(None, None) == (None, None)
    assert span("1970-01-01", "1970-01-01") == (0, 0)
    with pytest.raises(UsageError, match="--since 1970-01-02 is after --until 1970-01-01"):
        span("1970-01-02", "1970-01-01")
