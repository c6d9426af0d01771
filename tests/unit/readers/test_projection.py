from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailhound.readers.projection import json_text, lenient_object, projector


def columns(names, *records: bytes):
    damaged: list[int] = []
    return projector(tuple(names)).columns(records, damaged.append), damaged


def column(name, *records: bytes):
    return columns([name], *records)[0][name]


def test_nested_and_literal_names_in_one_batch():
    assert column("a.b", b'{"a":{"b":1}}', b'{"a.b":2}', b'{"a":5}', b"{}") == [1, 2, None, None]


def test_lists_fan_out_at_every_level():
    record = b'{"x":[{"y":1},{"y":[{"z":2},{"z":3}]},7]}'
    assert column("x.y", record) == [[1, '[{"z":2},{"z":3}]']]
    assert column("x.y.z", record) == [[2, 3]]


def test_a_name_and_one_inside_it():
    made, _ = columns(["a", "a.b"], b'{"a":{"b":1}}', b'{"a":"text"}')
    assert made == {"a": ['{"b":1}', "text"], "a.b": [1, None]}


def test_damaged_records_are_reported_and_the_rest_kept():
    made, damaged = columns(["a"], b'{"a":1}', b'{"a":', b"[1]", b"3", b'{"a":2}')
    assert made["a"] == [1, None, None, None, 2]
    assert damaged == [1, 2, 3]


def test_records_that_are_json_only_when_joined_stay_apart():
    made, damaged = columns(["a", "b"], b'{"a":1', b'"b":2}')
    assert made == {"a": [None, None], "b": [None, None]}
    assert damaged == [0, 1]


@pytest.mark.parametrize(
    "record", [b'{"a":{"b":"\\ud800"}}', b'{"a":{"b":"\xff"}}', b'{"a":{"b":NaN}}']
)
def test_what_products_write_and_json_forbids_is_read(record):
    (value,) = column("a", record)
    value.encode()
    assert column("a.b", record) != [[]]


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a\nb", "\x00", "a..b", ".", "", "ünï", "a b"])
def test_any_name_may_be_asked_for(name):
    record = json.dumps({name: 1}).encode()
    assert column(name, record, b"{}") == [1, None]


def test_an_odd_name_inside_an_object():
    assert column('a.b"c', b'{"a":{"b\\"c":1}}', b'{"a":[{"b\\"c":1},{"b\\"c":2}]}') == [1, [1, 2]]


def test_text_member_speaks_for_its_object():
    assert column("EventID", b'{"EventID":{"#text":4624,"#attributes":{}}}') == [4624]


def test_deep_nesting_is_damage_not_a_crash():
    _, damaged = columns(["a"], b'{"a":' * 50_000 + b"1" + b"}" * 50_000)
    assert damaged == [0]


def test_json_text_survives_half_a_surrogate_pair():
    assert json_text({"a": "\ud800", "b": float("nan")}) == '{"a":"?","b":null}'
    assert lenient_object(b"[1]") is None


SCALARS = st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=5)
TREES = st.recursive(
    SCALARS, lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3), max_leaves=8
)


@given(st.lists(st.dictionaries(st.sampled_from("abc"), TREES, max_size=3), max_size=5))
def test_agrees_with_walking_the_objects(records):
    names = ["a", "a.b", "a.b.c", "b.a", "c"]
    made, damaged = columns(names, *(json.dumps(r).encode() for r in records))
    assert not damaged
    for name in names:
        assert made[name] == [walked(record, name) for record in records]


def walked(record, name):
    value = record
    for key in name.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return json_text(value) if isinstance(value, dict) else value


def test_a_wide_projection_stays_cheap():
    record = json.dumps({"a": {f"k{n}": n for n in range(60)}, "pad": "x" * 500}).encode()
    start = time.process_time()
    made, _ = columns([f"a.k{n}" for n in range(60)], *[record] * 2_000)
    assert made["a.k59"][-1] == 59
    assert time.process_time() - start < 2


def test_a_field_below_a_thousand_levels_is_found_without_a_decoder_for_each():
    depth = 900
    name = ".".join(["a"] * depth)
    record = b'{"a":' * depth + b"1" + b"}" * depth
    found = projector((name, "a.b")).columns([record], lambda _: None)
    assert found[name] == [1]
    assert found["a.b"] == [None]
