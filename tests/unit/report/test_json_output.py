from __future__ import annotations

import json

import orjson
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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\ud800", r"\ud800"),
        ('"\udcff name', r'"\udcff name'),
        ("\x00\x1b\n\u2028", "\x00\x1b\n\u2028"),
    ],
)
def test_text_that_is_no_unicode_is_written_so_that_all_can_read_it(text, told):
    made = everywhere(text)
    assert orjson.loads(b"".join(json_document(made)))["findings"][0]["title"] == told
    lines = b"".join(json_lines(made)).splitlines()
    found = [one for line in lines if (one := orjson.loads(line))["record"] == "finding"]
    assert [one["title"] for one in found] == [told, told]


def test_numbers_beyond_64_bits_survive():
    made = result([finding(because=(Reason("n", 2**70),))])
    reason = json.loads(b"".join(json_document(made)))["findings"][0]["because"][0]
    assert reason["value"] == 2**70


def test_equal_results_give_equal_bytes():
    assert list(json_document(result())) == list(json_document(result()))
