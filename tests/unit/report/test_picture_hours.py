from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import msgspec

from tests.drawings import drawn, parsed
from tests.results import finding
from trailhound.report.phrases import Moments
from trailhound.report.picture_hours import hours


def at(minute, number):
    return finding(number=number, minute=minute)


def test_findings_are_counted_by_hour_of_the_week_in_the_zone_asked_for():
    made = [at(0, 1), at(1, 2), at(7 * 24 * 60, 3), at(60, 4)]  # Wednesday 08:12, a week later
    picture = drawn(hours(made, Moments(UTC)))
    assert picture.heads == ["Day", "08:00", "09:00"]
    assert picture.rows[2] == ["Wednesday", 3, 1]
    assert picture.rows[0] == ["Monday", "", ""]
    assert picture.told == "Most are on Wednesday from 08:00: 3 of 4."
    there = drawn(hours(made, Moments(ZoneInfo("Asia/Tokyo"))))
    assert there.heads == ["Day", "17:00", "18:00"]


def test_the_drawing_has_the_numbers_of_the_table():
    picture = drawn(hours([at(0, 1), at(60, 2), at(61, 3)], Moments(UTC)))
    root = parsed(picture.drawing)
    cells = [(g.findtext("title"), float(g.find("rect").get("fill-opacity")))
             for g in root.findall("g")]  # fmt: skip
    assert [name for name, _ in cells] == ["Wednesday 08:00: 1", "Wednesday 09:00: 2"]
    assert cells[0][1] < cells[1][1]


def test_no_time_no_picture():
    untimed = msgspec.structs.replace(finding(), time=None)
    assert hours([untimed], Moments(UTC)) is None
    assert hours([], Moments(UTC)) is None
