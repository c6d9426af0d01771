"""What is rewritten; whole samples of each shape are in the golden folder of the reader."""

from __future__ import annotations

import json

import pytest

from trailhound.readers.windows_shapes import canonical, fields_of, moment


def rewritten(record):
    text = canonical(json.dumps(record))
    return None if text is None else json.loads(text)


@pytest.mark.parametrize(
    "item",
    [
        {"@Name": "Image", "#text": "a"},
        {"#attributes": {"Name": "Image"}, "#text": "a"},
        {"@attributes": {"Name": "Image"}, "text": "a"},
        {"$": {"Name": "Image"}, "_": "a"},
        {"Name": "Image", "Value": "a"},
        {"name": "Image", "value": "a"},
        {"-Name": "Image", "#text": "a"},
    ],
)
def test_named_values_in_a_list(item):
    assert fields_of({"Data": [item]}) == {"Image": "a"}
    assert fields_of({"Data": item, "@xmlns": "x"}) == {"Image": "a"}
    assert fields_of([item]) == {"Image": "a"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"Data": ["a", "b"]}, {"Data": ["a", "b"]}),
        ({"Data": {"#text": ["a", "b"]}}, {"Data": ["a", "b"]}),
        ({"Data": "a", "Binary": None}, {"Data": ["a"], "Binary": None}),
        ({"Data": [{"@Name": "x"}, None, {}]}, {"x": None}),
        ({"Data": [{"@Name": 7, "#text": "a"}]}, {"Data": ["a"]}),
        ({"Image": {"#text": "a", "#attributes": {}}}, {"Image": "a"}),
        ('<Data Name="Image">a</Data>', {"Image": "a"}),
        ("words", {"Data": "words"}),
        (" ", {}),
        (None, {}),
        (7, {}),
        ([[["deep"]]], {"Data": [["deep"]]}),
    ],
)
def test_other_values(data, expected):
    assert fields_of(data) == expected


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"EventID": 4688},
        {"Channel": "Security"},
        {"Id": 4688, "LogName": "Security"},
        {"Id": 4688, "ProviderName": "x"},
        {"Event": "text", "System": 1},
        {"data": {"win": {"eventdata": {"image": "a"}}}},
        {"message": "{not json", "log": "<Event>"},
        {"result": {"result": {"result": {"result": {"result": {"result": {"EventID": 1}}}}}}},
        {"winlogs.channel": "Security", "winlogs.event_id": 1},
    ],
)
def test_what_is_no_event(record):
    assert rewritten(record) is None


def test_wrappers_come_off():
    event = {"EventID": 1, "Channel": "c", "EventData": {"a": "b"}}
    for record in (
        {"message": json.dumps(event)},
        {"_source": {"event": event}},
        {"log": json.dumps({"result": event})},
    ):
        assert rewritten(record)["Event"]["EventData"] == {"a": "b"}


def test_nested_values_win_over_those_beside_the_header():
    made = rewritten(
        {"EventID": 1, "Channel": "c", "User": "x", "More": "y", "EventData": {"User": "z"}}
    )
    assert made["Event"]["EventData"] == {"User": "z", "More": "y"}


def test_names_with_dots_keep_what_lies_deeper():
    made = rewritten(
        {"winlog.channel": "c", "winlog.event_id": 1, "winlog.event_data.A.B.C.D": "x"}
    )
    assert made["winlog"]["event_data"] == {"A": {"B": {"C.D": "x"}}}


def test_a_name_with_very_many_dots_is_no_depth():
    assert canonical(json.dumps({"winlog.channel": "c", "." * 100_000: 1})) is not None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("/Date(1772359200000)/", 1772359200000),
        ("/Date(1772359200000+0100)/", 1772359200000),
        ({"value": "/Date(5)/", "DateTime": "x"}, 5),
        ({"@SystemTime": "t"}, "t"),
        ("/Date(x)/", "/Date(x)/"),
        ("2026-11-04", "2026-11-04"),
        (None, None),
    ],
)
def test_moments(value, expected):
    assert moment(value) == expected


@pytest.mark.parametrize("raw", [b"", b"[1]", b"{", b'{"a":' * 5_000, b"\xff"])
def test_what_is_no_json(raw):
    assert canonical(raw) is None
