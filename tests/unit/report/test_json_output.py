from __future__ import annotations

import json

import pytest

from tests.results import everywhere, finding, result
from trailhound.model.finding import Reason
from trailhound.report.document import document, records
from trailhound.report.json_output import json_document, json_lines


def test_a_document_is_the_result_and_ends_with_a_line_end():
    text = b"".join(json_document(result()))
    assert json.loads(text) == document(result())
    assert text.endswith(b"}\n")


def test_lines_are_records():
    lines = b"".join(json_lines(result())).splitlines()
    assert [json.loads(line) for line in lines] == list(records(result()))


@pytest.mark.parametrize("text", ["\ud800", "\udcff name", "\x00\x1b\n\u2028"])
def test_names_that_are_no_text_survive(text):
    made = everywhere(text)
    assert json.loads(b"".join(json_document(made)))["findings"][0]["title"] == text
    lines = b"".join(json_lines(made)).splitlines()
    assert [json.loads(line) for line in lines] == list(records(made))


def test_numbers_beyond_64_bits_survive():
    made = result([finding(because=(Reason("n", 2**70),))])
    reason = json.loads(b"".join(json_document(made)))["findings"][0]["because"][0]
    assert reason["value"] == 2**70


def test_equal_results_give_equal_bytes():
    assert list(json_document(result())) == list(json_document(result()))
