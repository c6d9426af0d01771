from __future__ import annotations

from datetime import UTC

from tests.pages import Page, elements
from tests.results import finding
from trailhound.model.finding import Severity
from trailhound.model.incident import ScorePart
from trailhound.report.charts import BUCKETS, score_bar, score_table, timeline
from trailhound.report.phrases import Moments

PARTS = (ScorePart("memory read", 40.0, "high"), ScorePart("log cleared", 22.5, "medium"))


def boxes(svg, kind):
    return [
        a for name, a in elements(svg) if name == "rect" and a.get("class", "").startswith(kind)
    ]


def test_the_bar_is_as_long_as_the_score():
    bars = boxes(score_bar(62, PARTS), "part")
    assert [float(bar["x"]) for bar in bars] == [0, 240]
    assert [float(bar["width"]) for bar in bars] == [239, 134]


def test_parts_of_more_than_100_stay_inside_the_frame():
    bars = boxes(score_bar(100, [ScorePart("a", 80, ""), ScorePart("b", 80, "")]), "part")
    assert float(bars[-1]["x"]) + float(bars[-1]["width"]) <= 600


def test_a_picture_has_a_name_and_a_table():
    assert ' role="img"' in score_bar(62, PARTS)
    assert "Score 62 of 100" in score_bar(62, PARTS)
    assert "22.5" in score_table(PARTS)


def test_the_timeline_has_a_row_for_each_severity_met():
    found = [finding(), finding(minute=120, severity=Severity.LOW)]
    page = Page(timeline(found, Moments(UTC)))
    assert {"high 1", "low 1"} <= set(page.texts)
    assert [t for t in page.texts if t[:6] == "4 Nov "][::4] == ["4 Nov 08:00", "4 Nov 11:00"]
    assert len(boxes(timeline(found, Moments(UTC)), "bar")) == 2
    assert "Findings per hour" in page.texts
    assert "2026-11-04 08:00" in page.texts


def test_long_evidence_is_shown_in_longer_pieces():
    found = [finding(minute=day * 24 * 60) for day in range(0, 4_000, 7)]
    drawn = timeline(found, Moments(UTC))
    assert len(boxes(drawn, "bar")) <= BUCKETS
    assert "per 30 days" in drawn


def test_findings_without_a_time_are_said():
    assert "No finding has a time" in timeline([finding(time=None)], Moments(UTC))
