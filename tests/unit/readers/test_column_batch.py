from __future__ import annotations

import numpy as np

from trailhound.model.batch import NO_TIME
from trailhound.model.identity import record_uid
from trailhound.readers.column_batch import ColumnBatch


def batch(columns=None, late=None, lines=(b"one", b"two")):
    times = np.array([5, NO_TIME], dtype=np.int64)
    return ColumnBatch(
        "kind", {"program": "x"}, "file", [0, 4], list(lines), columns or {}, times,
        digest=b"d", late=late,
    )  # fmt: skip


def test_columns_are_given_and_unknown_ones_are_empty():
    made = batch({"a": [1, 2]})
    assert made.columns(("a", "b")) == {"a": [1, 2], "b": [None, None]}
    assert made.times().tolist() == [5, NO_TIME]


def test_late_columns_are_made_once_and_only_when_asked_for():
    calls = []

    def make():
        calls.append(1)
        return {"b": [1, None], "c": [None, 2]}

    made = batch({"a": [1, 2]}, {"b": make, "c": make})
    assert made.columns(("a",)) == {"a": [1, 2]}
    assert calls == []
    assert made.columns(("b",)) == {"b": [1, None]}
    assert made.columns(("c", "b")) == {"c": [None, 2], "b": [1, None]}
    assert calls == [1]


def test_a_name_with_a_dot_at_its_end_stands_for_a_family():
    made = batch({}, {"sd.": lambda: {"sd.x.y": ["1", None]}})
    assert made.columns(("sd.x.y", "sd.x.z")) == {"sd.x.y": ["1", None], "sd.x.z": [None, None]}
    assert batch({}, {"sd.": lambda: {"sd.x.y": ["1", None]}}).native_names() == {"sd.x.y"}


def test_a_record_has_the_fields_with_a_value():
    made = batch({"a": [1, None]}, {"b": lambda: {"b": [None, 2]}})
    assert made.record(0) == {"a": 1}
    assert made.record(1) == {"b": 2}


def test_two_equal_lines_are_two_events():
    made = batch(lines=(b"same", b"same"))
    first, second = made.uids([0, 1])
    assert first != second
    assert first == record_uid(b"d", 0, b"same")
    assert made.raw(1) == b"same"
