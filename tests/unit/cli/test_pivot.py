from __future__ import annotations

import json

import pytest

from trailhound.cli.pivot import _is


def test_one_page_about_a_person(called, case):
    code, out, _ = called("pivot", "A.MEYER", *case)
    assert code == 0
    assert "Findings: 1" in out
    assert "authentication" in out


def test_json_has_the_findings(called, case):
    code, out, _ = called("pivot", "a.meyer", *case, "--format", "json")
    assert code == 0
    told = json.loads(out)
    assert told["events"] > 0
    assert told["findings"][0]["title"]


def test_somebody_unknown(called, case):
    code, out, _ = called("pivot", "nobody.here", *case)
    assert code == 0
    assert "nothing in this evidence names it" in out


@pytest.mark.parametrize("arguments", [["a"], ["*", "evidence"]])
def test_what_is_refused(called, case, arguments):
    code, _, err = called("pivot", *arguments)
    assert code == 2
    assert "give" in err


@pytest.mark.parametrize(
    ("entity", "value", "is_it"),
    [
        ("a", "A", True), ("a", "ab", False), ("a*", "abc", True), ("*c", "abc", True),
        ("a*c", "abc", True), ("a*b*c", "axbyc", True), ("a*b*c", "axc", False),
        ("ab*bc", "abc", False), ("*b*", "abc", True), ("*", "", True),
    ],
)  # fmt: skip
def test_entities_are_compared_as_in_tables(entity, value, is_it):
    assert _is(entity, value) is is_it
