from __future__ import annotations

import pytest

from trailhound.pipeline.hours import working_hours


def week(first, last, *, days=range(5), count=10, shift=0):
    return {(day, (hour - shift) % 24): count for day in days for hour in range(first, last)}


@pytest.mark.parametrize(
    ("shift", "zone"),
    [(0, "UTC"), (1, "Etc/GMT-1"), (-5, "Etc/GMT+5"), (9, "Etc/GMT-9"), (-8, "Etc/GMT+8")],
)
def test_the_offset_is_read_off_the_working_day(shift, zone):
    found = {one.key: one.value for one in working_hours(week(7, 19, shift=shift))}
    assert found == {"hours.zone": zone, "hours.working": "Mon-Fri 07-19"}


def test_a_week_of_seven_days_is_seen():
    found = list(working_hours(week(7, 19, days=range(7))))
    assert found[1].value == "Mon-Sun 07-19"
    assert found[1].seen == 840


@pytest.mark.parametrize("unclear", [{}, week(0, 24), week(7, 19, count=1)])
def test_what_is_unclear_is_not_claimed(unclear):
    assert list(working_hours(unclear)) == []
