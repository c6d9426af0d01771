from __future__ import annotations

from datetime import UTC

import pytest

from tests.drawings import parsed
from tests.results import COMMAND, finding, result
from tests.unit.report.test_markdown_text import PARSER
from trailhound.report.markdown import markdown_report, picture_files


def text(made, **more):
    return b"".join(markdown_report(made, zone=UTC, **more)).decode()


def images(page):
    tokens = [c for t in PARSER.parse(page) for c in t.children or ()]
    return [one.attrs["src"] for one in tokens if one.type == "image"]


@pytest.mark.parametrize("short", [True, False])
def test_every_picture_it_shows_lies_beside_it(short):
    page = text(result(), stem="my report", short=short)
    files = dict(picture_files(result(), zone=UTC, stem="my report", short=short))
    assert [name.replace("%20", " ") for name in images(page)] == list(files)
    assert len(files) == (2 if short else 4)
    for content in files.values():
        parsed(content.decode())


def test_without_a_file_there_are_only_the_tables():
    page = text(result())
    assert not images(page)
    assert "| T1003.001 |" in page
    assert "| Wednesday |" in page


def test_the_short_form_has_no_rule_and_no_record():
    page = text(result(), short=True)
    for word in ("CommandLine", "Security.evtx", "J. Roe", COMMAND):
        assert word not in page
    assert "Do now:" in page
    assert "## What could not be judged" in page


def test_it_starts_with_its_title_and_says_what_nothing_means():
    for short in (True, False):
        page = text(result([]), short=short)
        assert page.startswith("# case\n\n**Nothing asks for a person")
        assert "Nothing found means: nothing found in what could be judged." in page
        assert page.count("\n# ") == 0


def test_equal_results_give_equal_bytes():
    made = [finding(number=n, minute=n) for n in range(3)]
    assert text(result(made), stem="r") == text(result(made), stem="r")
