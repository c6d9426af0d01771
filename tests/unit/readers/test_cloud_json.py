from __future__ import annotations

from tests.unit.readers.evidence import cells, lines_of, read, read_with
from trailhound.readers.cloud_json import READER

OKTA = {
    "uuid": "o1",
    "published": "2026-11-04T08:13:00Z",
    "eventType": "x",
    "actor": {},
    "outcome": {},
}
GCP = {"protoPayload": {"methodName": "m"}, "timestamp": "2026-11-04T08:13:00Z"}


def test_each_record_is_judged_by_itself():
    batches = read(READER, lines_of(OKTA, GCP, {"log": GCP}))
    assert [(batch.kind, batch.rows) for batch in batches] == [("okta.system", 1), ("gcp.audit", 2)]


def test_a_record_that_shows_nothing_is_what_its_source_is():
    batches = read(READER, lines_of(OKTA, {"eventType": "y"}))
    assert [(batch.kind, batch.rows) for batch in batches] == [("okta.system", 2)]


def test_times_and_identities():
    (batch,) = read(READER, lines_of(OKTA))
    assert batch.uids([0]) == ["o1"]
    assert batch.times().tolist() == [1793779980000000]
    assert cells(batch, "eventtype") == ["x"]


def test_damage_is_said():
    batches, budget = read_with(READER, lines_of(OKTA) + b'{"eventType":\n')
    assert sum(batch.rows for batch in batches) == 1
    assert budget.oddities.counts == {"json.syntax": 1}


def test_strangers_stay_searchable():
    batches = read(READER, lines_of(OKTA, {"colour": "red"}))
    assert [(batch.kind, batch.rows) for batch in batches] == [
        ("okta.system", 1),
        ("json.unknown", 1),
    ]


def test_bids():
    assert READER.sniff(lines_of(OKTA), "x") >= 0.8
    assert (
        READER.sniff(
            b'{"category":"AuditLogs","operationName":"x","properties":{"TargetObjectIds":[]', "x"
        )
        > 0.9
    )
    assert READER.sniff(b'{"published":"x","actor":{}}', "x") == 0
