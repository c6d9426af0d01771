from __future__ import annotations

import re
from datetime import UTC
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from tests.pages import Page
from tests.results import finding, result
from trailhound.model.finding import Severity
from trailhound.model.result import InputReport
from trailhound.report.html import FINDINGS, POLICY, html_report
from trailhound.report.html_coverage import ROWS


def html(made, zone=UTC):
    return b"".join(html_report(made, zone=zone)).decode()


def page(made, zone=UTC):
    return Page(html(made, zone))


@pytest.fixture(scope="module")
def whole():
    critical = finding(severity=Severity.CRITICAL, pointers=25)
    return page(
        result(
            [critical, finding("Odd name", number=2, severity=Severity.LOW, host="h2", user="u2")]
        )
    )


def test_it_loads_and_runs_nothing(whole):
    names = {name for name, _ in whole.elements}
    assert not names & {"script", "link", "img", "iframe", "object", "form", "base", "embed"}
    attributes = {key for _, given in whole.elements for key in given}
    assert not [key for key in attributes if key.startswith("on") or key in ("src", "style")]
    assert ("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY}) in whole.elements
    assert "default-src 'none'; style-src 'unsafe-inline'" in POLICY


def test_links_go_nowhere_but_inside(whole):
    links = [given["href"] for name, given in whole.elements if name == "a"]
    places = {given["id"] for _, given in whole.elements if "id" in given}
    assert links
    assert all(link.startswith("#") and link[1:] in places for link in links)


def test_it_can_be_read_without_seeing(whole):
    names = [name for name, _ in whole.elements]
    assert names.count("h1") == 1
    assert names.count("main") == 1
    assert next(given for name, given in whole.elements if name == "html")["lang"] == "en"
    assert next(given for name, given in whole.elements if name == "a")["class"] == "skip"
    assert all(given["scope"] in ("col", "row") for name, given in whole.elements if name == "th")
    assert names.count("caption") == names.count("table")
    assert all("aria-label" in given for name, given in whole.elements if name == "svg")


def test_an_incident_is_told_in_full(whole):
    for told in (
        "Could be wrong if",
        "Do now",
        "Steps",
        "Parts of the score",
        "CommandLine contains '-u'",
        " case/fin-pc07/Security.evtx @ 4096 [fin-pc07.acme.example/Security/10]",
        "J. Roe",
        "DRL-1.1",
        "hxxps://blog[.]example/lsass",
    ):
        assert told in whole.text


def test_pointers_are_bounded_and_the_rest_is_said(whole):
    assert "[fin-pc07.acme.example/Security/119]" in whole.text
    assert "[fin-pc07.acme.example/Security/120]" not in whole.text
    assert "5 more events are not shown here" in whole.text


def test_the_first_line_counts(whole):
    assert "1 incident needs you \u00b7 1 weak signal folded" in whole.text


def test_the_incidents_are_listed_first_and_lead_to_their_stories(whole):
    assert ("a", {"href": "#incident-1"}) in whole.elements
    assert "may go on" in whole.text
    assert any(given.get("id") == "incident-1" for _, given in whole.elements)


def test_nothing_found_is_not_called_clean():
    assert "Nothing asks for a person in what could be judged" in html(result([]))


def test_times_are_in_the_zone_asked_for():
    assert "09:12:00" in page(result(), ZoneInfo("Europe/Berlin")).texts


def test_what_is_partial_or_redacted_says_so():
    assert "INTERRUPTED" in html(result(interrupted=True))
    assert "redacted: people" in html(result(redacted="people"))


def test_equal_results_give_equal_bytes():
    assert html(result()) == html(result())


def test_its_size_is_bounded_and_the_rest_is_said():
    many = [
        finding(f"t{n}", number=n, minute=n, severity=Severity.CRITICAL, pointers=1)
        for n in range(FINDINGS + 30)
    ]
    sources = [InputReport(f"s{n}", "evtx", 1) for n in range(ROWS + 7)]
    made = page(result(many, inputs=sources))
    told = [given for _, given in made.elements if given.get("class") == "finding"]
    assert len(told) == FINDINGS
    assert "30 more findings are not in this report" in made.text
    assert "7 more are not shown" in made.text


COLOURS = re.compile(r"--(\w+): #(\w+);")


def palettes():
    sheet = files("trailhound.report").joinpath("html.css").read_text("utf-8")
    light, dark, paper = (part.split("}")[0] for part in sheet.split(":root {")[1:])
    return {"light": light, "dark": dark, "paper": paper}


def luminance(colour):
    colour = colour if len(colour) == 6 else "".join(c * 2 for c in colour)
    parts = (int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, two):
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["light", "dark", "paper"])
def test_every_word_can_be_told_from_its_ground(name):
    colours = dict(COLOURS.findall(palettes()[name]))
    words = ("ink", "dim", "grave", "warn")
    for ground in ("paper", "soft"):
        low = [word for word in words if contrast(colours[word], colours[ground]) < 4.5]
        assert not low


def test_contrast_is_measured():
    assert round(contrast("000", "ffffff")) == 21
    assert contrast("999999", "fff") < 4.5
