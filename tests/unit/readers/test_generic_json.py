from __future__ import annotations

import pytest

from tests.unit.readers.evidence import cells, lines_of, read, read_with
from trailhound.readers.generic_json import BID, READER, has_path, with_mappings
from trailhound.readers.user_mapping import parse_user_mapping

DOOR = parse_user_mapping(
    'kind = "json.door"\ntime = ["opened"]\nuid = ["n"]\n[match]\nfields = ["door", "badge.no"]\n'
    '[[table]]\ntable = "log_activity"\n[table.columns]\nactor_user_name = "badge.owner"\n',
    "door.toml",
)
OPENED = {
    "n": 7,
    "opened": "2026-11-04T08:12:00Z",
    "door": "north",
    "badge": {"no": 1, "owner": "a"},
}


def kinds(reader, *records):
    return [(batch.kind, batch.rows) for batch in read(reader, lines_of(*records))]


def test_an_unknown_log_is_kept():
    (batch,) = read(READER, lines_of({"time": "2026-11-04T08:12:00Z", "msg": "x"}))
    assert batch.kind == "json.unknown"
    assert cells(batch, "msg") == ["x"]


def test_the_operators_mapping_takes_what_it_matches():
    reader = with_mappings([DOOR])
    batches = read(reader, lines_of(OPENED, {"door": "north", "other": 1}))
    assert [(batch.kind, batch.rows) for batch in batches] == [
        ("json.door", 1),
        ("json.unknown", 1),
    ]
    assert batches[0].uids([0]) == ["7"]
    assert batches[0].times().tolist() == [1793779920000000]
    assert reader.sniff(lines_of(OPENED), "x") > 0.95
    assert reader.sniff(lines_of({"door": 1}), "x") == BID


def test_one_mapping_without_a_match_takes_everything():
    text = 'kind = "json.all"\n[[table]]\ntable = "log_activity"\n[table.columns]\nmessage = "m"\n'
    assert kinds(with_mappings([parse_user_mapping(text, "all.toml")]), {"m": 1}) == [
        ("json.all", 1)
    ]


def test_records_of_known_services_become_their_kind():
    cloudtrail = {
        "eventSource": "s",
        "eventName": "n",
        "userIdentity": {},
        "eventTime": "2026-11-04T08:12:00Z",
    }
    kubernetes = {
        "log": {"verb": "get", "objectRef": {}, "requestReceivedTimestamp": "2026-11-04T08:12:00Z"}
    }
    audit = {"Operation": "Send", "RecordType": 2, "UserId": "a"}
    found = kinds(READER, {"time": 1, "x": "y"}, cloudtrail, kubernetes, audit)
    assert [kind for kind, _ in found] == [
        "json.unknown",
        "aws.cloudtrail",
        "kubernetes.audit",
        "m365.audit",
    ]


def test_wrapped_records_are_looked_into():
    (batch,) = read(READER, lines_of({"log": {"user": "a", "n": 1}}))
    assert cells(batch, "user") == ["a"]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b'{"a":1}\n', BID),
        (b'[{"a":1', BID),
        (b'\xef\xbb\xbf{"a":1}\n', BID),
        (b"[2026-11-04 08:12:00] message", 0),
        (b"{not json}", 0),
        (b'[1,2,"x"]', 0),
        (b"text", 0),
        (b"", 0),
    ],
)
def test_bids(head, expected):
    assert READER.sniff(head, "x.json") == expected


def test_damage_is_said_and_nothing_raises():
    batches, budget = read_with(READER, b'{"a":1}\n\x00\xff\n{"a":\n{"a":"\\ud800","b":NaN}\n')
    assert sum(batch.rows for batch in batches) == 2
    assert budget.oddities.counts == {"json.syntax": 2}


def test_paths():
    record = {"a": {"b": [{"c": 1}]}, "x.y": 2}
    assert has_path(record, "a.b.c")
    assert has_path(record, "x.y")
    assert not has_path(record, "a.c")
    assert not has_path(record, "x.z")
