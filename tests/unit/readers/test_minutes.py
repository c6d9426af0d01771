from __future__ import annotations

from trailhound.model.batch import NO_TIME
from trailhound.readers.minutes import NEVER, SECONDS, times_of


def test_seconds_are_microseconds():
    assert SECONDS["00"] == 0
    assert SECONDS["59"] == 59_000_000


def test_a_leap_second_is_the_end_of_its_minute():
    assert SECONDS["60"] == 59_999_999


def test_what_is_no_second_makes_no_time():
    assert times_of([SECONDS["61"], NEVER + 5, NEVER + NEVER, 7]).tolist() == [
        NO_TIME, NO_TIME, NO_TIME, 7,
    ]  # fmt: skip
