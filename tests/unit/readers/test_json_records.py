from __future__ import annotations

import pytest

from tests.unit.readers.evidence import source_of
from trailhound.model.limits import Budget, Limits
from trailhound.model.source import Span
from trailhound.readers.json_records import json_records, shape_of


def records(data: bytes, budget: Budget | None = None, **changes):
    from dataclasses import replace

    budget = budget or Budget()
    source = replace(source_of(data), **changes)
    found = []
    for raws, offsets in json_records(source, budget):
        for raw, offset in zip(raws, offsets, strict=True):
            assert data[offset : offset + len(raw)] == raw
            found.append(raw)
    return found


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b'[{"a":1},\n{"a":"]"}]', 2, id="array"),
        pytest.param(b'{"Records":[{"a":1},{"b":"}"}]}', 2, id="envelope"),
        pytest.param(b'{"etag":"\\"q\\"","n":1,"items":[{"a":1}]}', 1, id="scalars before"),
        pytest.param(b'{"value":[{"a":1}],"next":"x"}', 1, id="scalars after"),
        pytest.param(b'{"Records":[]}', 0, id="empty envelope"),
        pytest.param(b'{"Events":[{"a":1},{"a":2}],"NextToken":"x"}', 2, id="look-up"),
        pytest.param(b'{"took":1,"hits":{"total":2,"hits":[{"a":1},{"a":2}]}}', 2, id="hits"),
        pytest.param(b'{"hits":{"hits":3}}', 1, id="no hits"),
        pytest.param(b'{"a":1}\n{"a":2}', 2, id="lines"),
        pytest.param(b'{"a":1}', 1, id="one line"),
        pytest.param(b'{\n "a": 1\n}\n{\n "a": [2]\n}\n', 2, id="one after another"),
        pytest.param(b'{"Records":[{"a":1}]}\n{"Records":[{"a":2}]}', 2, id="envelopes in lines"),
        pytest.param(b'{"x":{"s":1},"y":{"s":2},"z":{"s":3}}', 3, id="map of records"),
        pytest.param(b'{"id":{"a":1},"events":[{"n":1},{"n":2}]}', 1, id="no envelope"),
        pytest.param(b'{"x":{"s":1},"y":{"t":2},"z":{"u":3}}', 1, id="no map"),
        pytest.param(b'\xef\xbb\xbf{"a":1}\n', 1, id="byte order mark"),
        pytest.param(b'ail":"x"}\n{"a":1}\n{"a":2}\n', 3, id="first line torn by rotation"),
    ],
)
def test_shapes(data, expected):
    budget = Budget()
    assert len(records(data, budget)) == expected
    assert not budget.oddities.total


def test_the_whole_document_is_read_by_the_span_with_its_start():
    data = b'[{"a":1},{"a":2}]'
    assert len(records(data, span=Span(0, 5))) == 2
    assert records(data, span=Span(5, 17)) == []


def test_a_truncated_document_gives_its_whole_records_and_says_the_rest():
    budget = Budget()
    data = b'{"Records":[{"a":1},{"a":2},{"a":"'
    assert records(data, budget) == [b'{"a":1}', b'{"a":2}']
    assert budget.oddities.counts == {"json.truncated": 1}
    assert budget.oddities.lost
    assert budget.parsed_bytes + 14 + sum(o.length for o in budget.oddities.kept) == len(data)


@pytest.mark.parametrize("data", [b'[{"a":1},5,"x"]', b'{\n"a":1}\n{"b":\n2} junk {"c":3}'])
def test_what_is_no_object_is_said(data):
    budget = Budget()
    records(data, budget)
    assert budget.oddities.counts["json.syntax"] >= 1


def test_an_endless_string_is_passed_over_once():
    assert records(b'[{"a":"' + b'\\"' * 2_000_000) == []


def test_utf_16_is_read():
    budget = Budget()
    data = '[{"a":"é"}]'.encode("utf-16")
    found = [raw for raws, _ in json_records(source_of(data), budget) for raw in raws]
    assert found == ['{"a":"é"}'.encode()]


def test_batches_are_bounded():
    data = b"[" + b",".join([b'{"a":1}'] * 25) + b"]"
    budget = Budget(Limits(batch_rows=10))
    assert [len(raws) for raws, _ in json_records(source_of(data), budget)] == [10, 10, 5]


@pytest.mark.parametrize(
    ("head", "shape"),
    [
        (b"  [1", "document"),
        (b'{"records": [\n  {"a":1}\n]}', "document"),
        (b'{"time":1,\n "b":2}', "document"),
        (b'{"a":1', "lines"),
        (b'{"data":[{"x":1}],"y":{"z":1}}\n{"data":[]}', "lines"),
        (b"plain text", "none"),
        (b"", "none"),
    ],
)
def test_shape_of_a_head(head, shape):
    assert shape_of(head) == shape


def test_hits_of_a_torn_answer_are_saved():
    data = b'{"took": 1, "hits": {"total": {"value": 3}, "hits": [{"a": 1},\n {"a": 2},\n {"a":'
    budget = Budget()
    assert records(data, budget) == [b'{"a": 1}', b'{"a": 2}']
    assert budget.oddities.counts == {"json.truncated": 1}
