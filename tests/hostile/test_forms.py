"""Text of others in every field of a result: valid in forms for programs, harmless for people."""

from __future__ import annotations

import csv
import io
from datetime import UTC

import orjson
import pytest
from hypothesis import given, settings

from tests.drawings import parsed
from tests.hostile.test_output import PAYLOADS
from tests.results import TEXTS, everywhere, results
from tests.standards import ocsf_mistakes, sarif_mistakes, stix_mistakes
from tests.unit.report.test_markdown_text import kinds
from trailhound.report.forms import FOR_PROGRAMS, Look, rendered
from trailhound.report.markdown import markdown_report, picture_files

CELLS = {
    **PAYLOADS,
    "formula": "=cmd|' /C calc'!A0",
    "at": "@SUM(1)",
    "tab": "\t=1",
    "return": "\r=1",
}


def whole(form, made):
    return b"".join(rendered(form, made, Look()))


def mistakes(made):
    found = [
        m for line in whole("ocsf", made).splitlines() for m in ocsf_mistakes(orjson.loads(line))
    ]
    found += sarif_mistakes(orjson.loads(whole("sarif", made)))
    return found + stix_mistakes(orjson.loads(whole("stix", made)))


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS)
def test_documents_stay_valid(text):
    assert mistakes(everywhere(text)) == []


@settings(max_examples=25)
@given(results())
def test_documents_of_any_result_are_valid(made):
    assert mistakes(made) == []


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize(
    "form", [form for form in FOR_PROGRAMS if form not in ("csv", "json", "jsonl")]
)
def test_strict_parsers_take_every_form(form, text):
    told = whole(form, everywhere(text))
    lines = [told] if told.startswith(b"{\n") else told.splitlines()
    assert all(orjson.loads(line) for line in lines)
    assert b"\x1b" not in told


@pytest.mark.parametrize("text", CELLS.values(), ids=CELLS)
def test_no_cell_is_a_formula_and_none_breaks_out(text):
    told = whole("csv", everywhere(text)).decode("utf-8")
    rows = list(csv.reader(io.StringIO(told, newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) == 3
    assert not [
        cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    ]


def report(text, **more):
    return b"".join(markdown_report(everywhere(text), zone=UTC, stem="r", **more)).decode("utf-8")


@pytest.mark.parametrize("short", [True, False])
@pytest.mark.parametrize("text", CELLS.values(), ids=CELLS)
def test_evidence_makes_no_markup(text, short):
    told = report(text, short=short)
    found = set(kinds(told))
    assert found <= set(kinds(report("name", short=short))) | {"softbreak"}
    assert all(part.isprintable() for part in told.split("\n"))
    assert "https://evil" not in told


@pytest.mark.parametrize("text", CELLS.values(), ids=CELLS)
def test_pictures_are_whole_and_say_it_as_text(text):
    for _, content in picture_files(everywhere(text), zone=UTC, stem="r"):
        root = parsed(content.decode("utf-8"))
        names = {one.tag.rpartition("}")[2] for one in root.iter()}
        assert names <= {"svg", "style", "title", "desc", "g", "rect", "text"}
        assert "".join(root.itertext()).replace("\n", "").isprintable()


@settings(max_examples=40)
@given(TEXTS)
def test_any_text_at_all_makes_no_markup(text):
    assert set(kinds(report(text))) <= set(kinds(report("name"))) | {"softbreak"}
