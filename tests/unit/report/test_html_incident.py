from __future__ import annotations

from datetime import UTC

from tests.pages import Page
from tests.results import START, finding, result
from trailhound.model.finding import Evidence, Pointer, Reason
from trailhound.report.html_incident import FIELDS, finding_details, incident_article
from trailhound.report.phrases import Moments

MOMENTS = Moments(UTC)


def told(one):
    return Page(finding_details(one, MOMENTS)).text


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


def test_steps_say_where_and_lead_to_their_findings():
    made = result([finding("a"), finding("b", number=2, minute=5, host="srv1.acme.example")])
    known = {one.id: one for one in made.findings}
    page = Page(incident_article(1, made.incidents[0], known, 0, MOMENTS))
    assert ("a", {"href": "#f-0000000000000002"}) in page.elements
    assert any(given.get("id") == "f-0000000000000002" for _, given in page.elements)
    assert {"fin-pc07", "srv1"} <= set(page.texts)


def test_a_step_whose_finding_is_left_out_leads_nowhere():
    one = result().incidents[0]
    assert "a" not in dict(Page(incident_article(1, one, {}, 1, MOMENTS)).elements)


def test_a_moment_is_not_a_period():
    assert "1 event, " in told(finding())
    assert " to " not in told(finding(rule=None))
