from __future__ import annotations

from datetime import UTC

from tests.drawings import drawn, parsed
from tests.results import finding
from trailhound.model.finding import Severity
from trailhound.report.phrases import Moments
from trailhound.report.picture_time import time_line


def test_a_row_for_each_severity_and_the_numbers():
    made = [finding(number=1), finding(number=2, minute=1),
            finding(number=3, minute=180, severity=Severity.LOW)]  # fmt: skip
    picture = drawn(time_line(made, Moments(UTC)))
    assert picture.title == "Findings per hour (UTC)"
    assert picture.told == "3 findings between 2026-11-04 08:00 and 2026-11-04 12:00."
    assert picture.heads == ("From (UTC)", "high", "low")
    assert picture.rows == [["2026-11-04 08:00", 2, ""], ["2026-11-04 11:00", "", 1]]
    root = parsed(picture.drawing)
    assert [g.findtext("title") for g in root.iter("g")] == ["high: 2", "low: 1"]
    heights = [float(r.get("height")) for r in root.iter("rect") if r.get("class") != "grid"]
    assert heights[0] == 2 * heights[1]


def test_centuries_fit():
    made = [finding(number=1, time=0), finding(number=2, time=2**52)]
    root = parsed(drawn(time_line(made, Moments(UTC))).drawing)
    assert all(0 <= float(r.get("x")) <= 900 for r in root.iter("rect"))


def test_no_time_no_picture():
    assert time_line([finding(time=None)], Moments(UTC)) is None
