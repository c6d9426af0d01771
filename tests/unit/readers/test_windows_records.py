from __future__ import annotations

import pytest

from tests.unit.readers.windows_samples import DATA, SYSTEM, event, text_of
from trailhound.readers.windows_records import (
    FLAT,
    attribute,
    decode,
    header_of,
    payload_of,
    plain,
)


def test_elements_with_attributes_are_their_text():
    assert plain({"#attributes": {"Qualifiers": 0}, "#text": 4624}) == 4624
    assert plain({"Value": 7}) == 7
    assert plain(7) == 7
    assert attribute({"#attributes": {"UserID": "S-1"}}, "UserID") == "S-1"
    assert attribute({"UserID": "S-1"}, "UserID") == "S-1"
    assert attribute("x", "UserID") is None


def test_damage_in_one_record_costs_no_other():
    good = text_of(event()).encode()
    assert [one is not None for one in decode([good, b"{", good])] == [True, False, True]


def test_records_that_are_json_only_when_joined_stay_apart():
    halves = [b'{"Channel":"a","EventID":1', b'"Computer":"b"}']
    assert decode(halves) == [None, None]


@pytest.mark.parametrize(
    ("record", "form", "payload"),
    [
        ({"Event": {"System": SYSTEM, "EventData": DATA}}, "xml", DATA),
        ({"System": SYSTEM, "EventData": None}, "xml", {}),
        ({"winlog": {"channel": "c", "event_id": 1, "event_data": DATA}}, "ecs", DATA),
        ({"Channel": "c", "EventID": 1, **DATA}, FLAT, {}),
    ],
)
def test_what_every_event_has(record, form, payload):
    (found,) = decode([text_of(record)])
    assert found is not None
    header = header_of(found)
    assert header is not None
    assert header.form == form
    assert bytes(payload_of(found)) == text_of(payload).encode()


def test_a_record_without_an_event_id_is_no_event():
    (found,) = decode([text_of({"Channel": "c"})])
    assert found is not None
    assert header_of(found) is None
