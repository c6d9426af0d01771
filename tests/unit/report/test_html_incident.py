from __future__ import annotations

from datetime import UTC

from tests.pages import Page
from tests.results import START, finding, result
from trailhound.model.finding import Evidence, Pointer, Reason
from trailhound.report.html_incident import FIELDS, finding_article, incident_article
from trailhound.report.phrases import Moments

MOMENTS = Moments(UTC)


def told(one):
    return Page(finding_article(one, MOMENTS)).text


def test_a_reason_says_what_would_change_it():
    text = told(
        finding(because=(Reason("rows", 4_100_000, usual=60_000, unit="rows", flips_at=9),))
    )
    assert "4100000 rows" in text
    assert "60000 rows" in text
    assert "9 rows" in text


def test_a_finding_without_a_rule_has_no_author():
    assert "Author" not in told(finding(rule=None))
    assert "Author" in told(finding())


def test_fields_of_a_record_are_bounded():
    fields = {f"f{n}": "v" for n in range(FIELDS + 3)}
    text = told(finding(evidence=Evidence(1, START, START, (Pointer("s", "u", 0, START, fields),))))
    assert f"f{FIELDS - 1}" in text
    assert f"f{FIELDS}" not in text
    assert "3 more fields" in text


def test_supporting_findings_say_so():
    assert "supports others only" in told(finding(supporting=True))


def test_an_incident_says_what_is_left_out():
    one = result().incidents[0]
    text = Page(incident_article(3, one, {}, 4, MOMENTS)).text
    assert "[3] " in text
    assert "4 more findings are not in this report" in text
    assert "Findings" not in text.split("\n")
