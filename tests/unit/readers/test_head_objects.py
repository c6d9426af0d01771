from __future__ import annotations

import json

import pytest

from trailhound.readers.head_objects import objects_in


def names(text):
    return [set(one) for one in objects_in(text if isinstance(text, bytes) else text.encode())]


def test_members_stay_with_their_object():
    assert names('{"a":1,"b":{"c":2}}\n') == [{"a", "b"}]


@pytest.mark.parametrize(
    "text",
    [
        '{"log":{"a":1}}',
        '[{"log":{"a":1}}]',
        '{"n":1,"records":[{"a":1}]}',
        json.dumps({"message": json.dumps({"a": 1})}),
        json.dumps({"message": json.dumps({"event": json.dumps({"a": 1})})}),
        '{"one title":{"a":1},"another":{"a":2}}',
    ],
)
def test_records_are_found_where_wrappers_keep_them(text):
    assert {"a"} in names(text)


@pytest.mark.parametrize(
    "text", ['{"n":1,"other":{"a":1}}', '{"list":[{"a":1}]}', '{"log":{"x":{"a":1}}}']
)
def test_what_a_record_carries_is_none(text):
    assert {"a"} not in names(text)


def test_a_head_that_was_cut_off():
    whole = json.dumps({"message": json.dumps({"a": 1, "b": [1, 2], "c": "x" * 50})})
    assert {"a", "b"} <= set().union(*names(whole[:-40]))
    assert names('{"a":1,"b":{"c') == [{"a", "b"}]
    assert names('{"a":1,"b') == [{"a"}]


def test_byte_order_marks_and_utf16():
    assert names(b'\xef\xbb\xbf{"a":1}') == [{"a"}]
    assert names('{"a":1}'.encode("utf-16")) == [{"a"}]


@pytest.mark.parametrize("text", ["", "a,b,c\n", "}}}}", '"a":1', "[[[[[["])
def test_what_is_no_json(text):
    assert names(text) == []


def test_brackets_in_strings_do_not_count():
    assert names('{"a":"}{","b":1}') == [{"a", "b"}]
