from __future__ import annotations

from datetime import UTC

from tests.pages import Page
from tests.results import COMMAND, result
from trailhound.report.html import html_report


def page(made):
    return Page(b"".join(html_report(made, zone=UTC, short=True)).decode())


def test_it_says_what_happened_and_what_to_do():
    told = page(result()).text
    for words in (
        "1. LSASS memory read",
        "Do now",
        "What could not be judged",
        "Period: 4 Nov 2026",
    ):
        assert words in told


def test_it_has_no_rule_and_no_record():
    made = page(result())
    for word in ("CommandLine", "Security.evtx", "J. Roe", COMMAND):
        assert word not in made.text
    assert [name for name, _ in made.elements].count("svg") == 2


def test_it_can_be_read_without_seeing():
    made = page(result())
    names = [name for name, _ in made.elements]
    assert names.count("h1") == names.count("main") == 1
    assert all("aria-label" in given for name, given in made.elements if name == "svg")
    assert names.count("caption") == names.count("table")
    assert not made.open
    places = {given["id"] for _, given in made.elements if "id" in given}
    links = [given["href"][1:] for name, given in made.elements if name == "a"]
    assert set(links) <= places


def test_calm_is_said():
    assert "Nothing asks for a decision." in page(result([])).text
