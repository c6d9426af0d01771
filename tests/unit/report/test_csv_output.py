from __future__ import annotations

import csv
import io

import pytest

from tests.results import everywhere, finding, result
from trailhound.report.csv_output import HEADS, csv_rows


def rows(made):
    text = b"".join(csv_rows(made)).decode("utf-8")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_a_row_tells_a_finding():
    heads, row = rows(result([finding(pointers=2)]))
    told = dict(zip(heads, row, strict=True))
    assert tuple(heads) == HEADS
    assert told["time"] == "2026-11-04T08:12:00.000000Z"
    assert (told["severity"], told["confidence"], told["events"]) == ("high", "0.80", "2")
    assert told["addresses"] == "203.0.113.20; 10.1.2.3"  # raw, never defanged
    assert told["source"] == "case/fin-pc07/Security.evtx"
    assert (told["offset"], told["incident_score"]) == ("4096", "45")


def test_lines_end_as_rfc_4180_says():
    text = b"".join(csv_rows(result()))
    assert text.count(b"\r\n") == text.count(b"\n") == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_is_never_a_formula(start):
    told = rows(everywhere(f"{start}cmd|' /C calc'!A0"))
    cells = [cell for row in told for cell in row]
    assert not [cell for cell in cells if cell.startswith(start)]
    assert f"'{start}cmd|' /C calc'!A0" in cells


@pytest.mark.parametrize("text", ['a,b;"c"', 'x"\r\n=1+1,"', "a\nb", "\ud800", "a\x00b", "\u202e"])
def test_a_value_stays_in_its_cell(text):
    told = rows(everywhere(text))
    assert {len(row) for row in told} == {len(HEADS)}
    assert len(told) == 3


def test_a_finding_without_records_has_a_row():
    made = finding(pointers=0, time=None, rule=None)
    assert dict(zip(*rows(result([made])), strict=True))["source"] == ""
