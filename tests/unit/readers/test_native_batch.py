from __future__ import annotations

import json

from trailhound.model.limits import Budget
from trailhound.readers.native_batch import Names, NativeBatch, all_values, first_value
from trailhound.readers.wrapping import Opened


def batch(names: Names, *payloads, source="s"):
    opened = Opened()
    for number, payload in enumerate(payloads):
        raw = json.dumps(payload).encode()
        opened.add(b'{"log":' + raw + b"}", number * 10, raw, None)
    return NativeBatch("k", {}, source, opened, names, Budget(), b"digest")


ALIASED = Names(("time",), ("id",), lambda name: (name, name.upper()))


def test_a_name_finds_each_of_its_places():
    made = batch(ALIASED, {"a": 1}, {"A": 2}, {"a": "", "A": 3}, {})
    assert made.columns(("a",)) == {"a": [1, 2, 3, None]}


def test_made_columns_are_made_once_of_plain_ones():
    calls = []

    def double(one):
        calls.append(1)
        return [value * 2 for value in one.columns(("a",))["a"]]

    names = Names((), maker={"@twice": double}.get, inputs=lambda _: ("a",))
    made = batch(names, {"a": 2}, {"a": 5})
    assert made.columns(("@twice", "a")) == {"@twice": [4, 10], "a": [2, 5]}
    made.columns(("@twice",))
    assert calls == [1]


def test_a_maker_may_read_the_field_of_its_own_name():
    names = Names((), maker={"a": lambda one: [v.strip() for v in one.plain_column("a")]}.get)
    assert batch(names, {"a": " x "}).columns(("a",)) == {"a": ["x"]}


def test_joined_and_taken_rows_keep_their_values():
    one, two = batch(ALIASED, {"a": 1}, {"a": 2}), batch(ALIASED, {"A": 3}, source="t")
    assert one.columns(("a",))["a"] == [1, 2]
    joined = one.joined([two])
    assert joined.columns(("a",))["a"] == [1, 2, 3]
    assert joined.take([0, 2]).columns(("a",))["a"] == [1, 3]
    assert joined.take([2]).record(0) == {"A": 3}


def test_records_and_identities_are_those_of_the_event():
    made = batch(ALIASED, {"id": "x1"}, {"n": 1}, {"n": 2})
    first, second, third = made.uids([0, 1, 2])
    assert first == "x1"
    assert second != third
    assert made.record(1) == {"n": 1}
    assert made.raw(1).startswith(b'{"log"')


def test_values_read_once_serve_all_columns():
    made = batch(Names(()), {"a": "1"})
    assert made.read_once("a", lambda value: [value]) is made.read_once("a", lambda _: [])


def test_merging():
    assert first_value([[None, "", 1], [2, 3, 4]]) == [2, 3, 1]
    assert all_values([[1, None, ["x"]], [2, "", "y"]]) == [[1, 2], None, ["x", "y"]]
