from __future__ import annotations

from datetime import UTC

from tests.pages import Page
from tests.results import result
from trailhound.report.html_pictures import figures
from trailhound.report.phrases import Moments


def page(made):
    return Page(figures(made, Moments(UTC)))


def test_every_picture_has_the_table_behind_it():
    made = page(result())
    names = [name for name, _ in made.elements]
    assert names.count("figure") == names.count("table") == names.count("svg") == 3
    assert "T1003.001" in made.text
    assert "fin-pc07.acme.example" in made.text


def test_nothing_to_draw_is_said():
    assert "There is nothing to draw." in page(result([])).text
