from __future__ import annotations

import pyarrow as pa
import pytest

from trailhound.readers.coded import coded, constant

TEXT = pa.dictionary(pa.int32(), pa.string())


def test_each_distinct_value_is_converted_once():
    asked: list[object] = []

    def convert(value: object) -> str:
        asked.append(value)
        return str(value).upper()

    found = coded(["a", "b", "a", "a"], convert)
    assert asked == ["a", "b"]
    assert found.array(TEXT).to_pylist() == ["A", "B", "A", "A"]


def test_values_that_become_the_same_cell_share_it():
    found = coded(["a", "A", None, "b"], lambda value: value and str(value).lower())
    assert found.cells == ["a", None, "b"]
    assert found.array(TEXT).to_pylist() == ["a", "a", None, "b"]


@pytest.mark.parametrize("place", range(4))
def test_no_value_is_null_wherever_it_is_met_first(place):
    column: list[str | None] = ["x", "y", "z"]
    column.insert(place, None)
    whole = [*column, "x", None]
    assert coded(list(whole), lambda v: v).array(TEXT).to_pylist() == whole


def test_values_that_are_equal_and_not_the_same():
    assert coded([1, True, 1.0, "1"], str).array(TEXT).to_pylist() == ["1", "True", "1.0", "1"]


def test_lists_have_no_hash():
    found = coded([["a", "b"], "c", ["a", "b"]], str)
    assert found.array(TEXT).to_pylist() == ["['a', 'b']", "c", "['a', 'b']"]


def test_numbers_and_constants():
    assert coded([5, None, 5], lambda v: v).array(pa.int64()).to_pylist() == [5, None, 5]
    assert constant(None, 2).array(TEXT).to_pylist() == [None, None]
    assert constant("x", 3).array(TEXT).to_pylist() == ["x", "x", "x"]
    assert coded([], lambda v: v).array(TEXT).to_pylist() == []
