from __future__ import annotations

import json

import pytest

from trailhound.model.limits import Budget
from trailhound.readers.wrapping import Opener, bid, names_in

INNER = {"eventName": "x", "n": 1}
TEXT = json.dumps(INNER)


def opened(*records, marks="eventName", **options):
    budget = Budget()
    raws = [
        record if isinstance(record, bytes) else json.dumps(record).encode() for record in records
    ]
    found = Opener(marks, **options).open(raws, list(range(len(raws))), budget)
    return [json.loads(bytes(p)) for p in found.payloads], found, budget


@pytest.mark.parametrize(
    "record",
    [
        INNER,
        {"log": INNER},
        {"log": TEXT},
        {"body": INNER, "host": "h"},
        {"event": {"original": TEXT}},
        {"message": TEXT, "id": "1"},
        {"_source": {"message": TEXT}},
        {"records": [INNER], "x": {"y": 1}},
        {"logEvents": [{"message": TEXT}]},
    ],
)
def test_wrappers_come_off(record):
    assert opened(record)[0] == [INNER]


def test_a_list_gives_each_of_its_records_with_the_place_of_the_line():
    payloads, found, _ = opened({"logEvents": [{"message": TEXT}, {"message": TEXT}]})
    assert payloads == [INNER, INNER]
    assert found.offsets == [0, 0]


def test_the_other_elements_of_a_list_are_not_lost():
    other = {"id": 2, "message": "plain"}
    payloads, found, _ = opened({"logEvents": [{"message": TEXT}, other]})
    assert payloads == [INNER, other]
    mine, strangers = Opener("eventName").divided(found)
    assert (len(mine.raws), len(strangers.raws)) == (1, 1)


@pytest.mark.parametrize(
    "record", [{"log": "plain text"}, {"message": "{not json"}, {"other": INNER}, {"log": [1, "x"]}]
)
def test_what_holds_no_record_stays_as_it_is(record):
    assert opened(record)[0] == [record]


def test_a_marked_record_is_not_looked_into():
    record = {"eventName": "outer", "log": INNER}
    assert opened(record)[0] == [record]


def test_always_takes_the_content_of_a_wrapper():
    assert opened({"log": {"a": 1}}, always=True)[0] == [{"a": 1}]
    assert opened({"log": {"a": 1}})[0] == [{"log": {"a": 1}}]


def test_damage_is_quarantined_and_the_rest_kept():
    payloads, _, budget = opened(INNER, b'{"eventName":', b"[1]", INNER)
    assert payloads == [INNER, INNER]
    assert budget.oddities.counts == {"json.syntax": 2}


def test_wrappers_within_wrappers_end():
    record: dict = INNER
    for _ in range(60):
        record = {"log": record}
    assert opened(record)[0] == [record]


def test_names_of_a_head_also_inside_quoted_json():
    head = json.dumps({"message": json.dumps({"eventSource": "x"}), "id": 1}).encode()
    assert {"message", "eventSource", "id"} <= names_in(head)
    assert names_in(b'text with "quoted": words') == frozenset()
    assert names_in(head.decode().encode("utf-16")) == names_in(head)


def test_a_bid_needs_a_name_of_each_group():
    head = b'{"a":1,"b":2'
    assert bid(head, "a x", "b") > 0
    assert bid(head, "a", "c d") == 0
