from __future__ import annotations

import csv
import io
import json

import pytest

from tests.unit.readers.evidence import cells, lines_of, read, read_with
from trailhound.readers.m365_audit import READER
from trailhound.readers.mapping import row_entities

RECORD = {
    "Operation": "Send",
    "RecordType": 2,
    "UserId": "a@example.com",
    "CreationTime": "2026-11-04T08:12:00",
}


def record(number, **members):
    return RECORD | {"Id": f"id-{number}"} | members


def export(*rows, head=("CreationDate", "UserIds", "Operations", "AuditData")):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()


def row(data, date="5/18/2021 9:13:33 PM"):
    return (date, "a", "Send", data if isinstance(data, str) else json.dumps(data))


def test_the_same_id_is_one_event():
    batches, budget = read_with(READER, lines_of(record(1), record(2), record(1), record(1)))
    assert [batch.rows for batch in batches] == [2]
    assert budget.oddities.counts == {"record.duplicate": 2}
    assert not budget.oddities.lost


def test_records_without_an_id_are_all_kept():
    assert sum(batch.rows for batch in read(READER, lines_of(RECORD, RECORD))) == 2


def test_broken_rows_are_quarantined_and_reading_goes_on():
    text = export(row(record(1)), row('{"Operation":"Send","Id":"x'), row(""), row(record(2)))
    batches, budget = read_with(READER, text)
    assert [batch.rows for batch in batches] == [2]
    assert budget.oddities.counts == {"json.syntax": 2}
    assert budget.oddities.lost
    assert cells(batches[0], "Id") == ["id-1", "id-2"]


def test_the_time_inside_wins_and_the_american_one_helps_out():
    late = {k: v for k, v in record(2).items() if k != "CreationTime"}
    (batch,) = read(READER, export(row(record(1)), row(late)))
    assert batch.times().tolist() == [1793779920000000, 1621372413000000]


def test_short_rows_are_quarantined():
    batches, budget = read_with(READER, export(row(record(1)), ("only", "two")))
    assert [batch.rows for batch in batches] == [1]
    assert budget.oddities.counts == {"json.syntax": 1}


def test_the_record_is_shown_not_the_row():
    (batch,) = read(READER, export(row(record(1))))
    assert batch.record(0)["Operation"] == "Send"
    assert batch.raw(0).startswith(b"5/18/2021")


def test_lower_case_names_make_batches_of_their_own():
    lower = {
        name.lower(): value
        for name, value in record(2, Parameters=[{"Name": "A", "Value": "b"}]).items()
    }
    upper_batch, lower_batch = read(READER, lines_of(record(1), lower))
    assert type(upper_batch) is not type(lower_batch)
    assert cells(lower_batch, "Operation") == ["Send"]
    assert cells(lower_batch, "Parameters.A") == ["b"]
    assert lower_batch.uids([0]) == ["id-2"]


@pytest.mark.parametrize(
    ("head", "mine"),
    [
        (lines_of(record(1)), True),
        (b'[{"AuditData":1,"Operation":"x","RecordType":1,"UserKey":"k"', True),
        (export(row(record(1))).encode(), True),
        (export(head=("RecordId", "CreationDate", "Operation", "AuditData")).encode(), True),
        (export(head=("AuditData", "other")).encode(), False),
        (b'{"Operation":"x","UserId":"y"}', False),
    ],
)  # fmt: skip
def test_bids(head, mine):
    assert (READER.sniff(head, "x") >= 0.8) == mine


def test_one_person_is_one_entity_however_the_name_is_written():
    upper = record(1, UserId="A.Meyer@Example.com", ClientIP="[2001:db8::5]:443")
    lower = record(2, UserId="a.meyer@example.com", ClientIP="203.0.113.20:50123")
    (batch,) = read(READER, lines_of(upper, lower))
    found = row_entities(batch, range(2))
    users = {e.value for row in found for e in row if e.type == "user"}
    addresses = {e.value for row in found for e in row if e.type == "ip"}
    assert users == {"a.meyer@example.com"}
    assert addresses == {"2001:db8::5", "203.0.113.20"}
