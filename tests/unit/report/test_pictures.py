from __future__ import annotations

from datetime import UTC

from tests.results import finding, result
from trailhound.report.phrases import Moments
from trailhound.report.pictures import pictures


def names(made, **more):
    return [one.name for one in pictures(made, Moments(UTC), **more)]


def test_all_four_are_drawn_and_fewer_for_those_who_decide():
    assert names(result()) == ["timeline", "hours", "attack", "hosts"]
    assert names(result(), short=True) == ["timeline", "hosts"]


def test_what_has_no_numbers_is_left_out():
    assert names(result([])) == []
    assert names(result([finding(entities=(), techniques=())])) == ["timeline", "hours"]


def test_every_picture_has_a_table_that_fits_its_heads():
    for one in pictures(result(), Moments(UTC)):
        assert one.rows
        assert {len(row) for row in one.rows} == {len(one.heads)}
