from __future__ import annotations

import time
from dataclasses import replace

import pytest

from tests.unit.readers.evidence import source_of
from trailhound.model.limits import Budget, Limits
from trailhound.model.source import Span
from trailhound.readers.csv_records import csv_records, header_of


def rows(data: bytes, budget: Budget | None = None, **limits):
    budget = budget or Budget(Limits(**limits))
    found: list[tuple[list[str], int, bytes]] = []
    for _names, part in csv_records(source_of(data), budget):
        found += zip(part.cells, part.offsets, part.raws, strict=True)
    return found


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"a,b,c\n", (["a", "b", "c"], ",")),
        (b"a;b,x;c\n", (["a", "b,x", "c"], ";")),
        (b'"a, b"\tc\n', (["a, b", "c"], "\t")),
        (b"\xef\xbb\xbfa|b\r\n1|2", (["a", "b"], "|")),
        ("a,b\n".encode("utf-16"), (["a", "b"], ",")),
        (b"one word\n", ([], "")),
        (b"", ([], "")),
    ],
)
def test_headers(head, expected):
    assert header_of(head) == expected


def test_quoted_line_ends_and_places():
    data = b'a,b\r\n1,"x\r\ny"\r\n"q ""r""",2\r\n'
    assert rows(data) == [
        (["1", "x\ny"], 5, b'1,"x\ny"'),
        (['q "r"', "2"], 15, b'"q ""r""",2'),
    ]


def test_an_open_quote_costs_its_line_only():
    budget = Budget()
    data = b'a,b\n1,2\n3,"open\n4,5\n6,7\n'
    assert [cells for cells, _, _ in rows(data, budget)] == [["1", "2"], ["4", "5"], ["6", "7"]]
    assert budget.oddities.counts == {"csv.quote": 1}
    assert budget.oddities.kept[0].offset == 8


def test_open_quotes_do_not_cost_the_square():
    line = b'"open quote","' + b"x" * 20 + b"\n"
    data = b"a,b\n" + (line + b"1,2\n" * 1_500) * 60
    start = time.process_time()
    assert len(rows(data)) > 80_000
    assert time.process_time() - start < 5


def test_cells_may_be_long():
    assert len(rows(b'a,b\n1,"' + b"x" * 500_000 + b'"\n')[0][0][1]) == 500_000


def test_a_span_without_the_start_gives_nothing():
    source = replace(source_of(b"a,b\n1,2\n"), span=Span(4, 8))
    assert list(csv_records(source, Budget())) == []


def test_a_source_without_names_is_refused_and_said():
    budget = Budget()
    assert rows(b"just text\nmore\n", budget) == []
    assert budget.oddities.counts == {"csv.header": 1}
    assert budget.oddities.lost


def test_batches_are_bounded():
    data = b"a,b\n" + b"1,2\n" * 25
    budget = Budget(Limits(batch_rows=10))
    assert [len(part.cells) for _, part in csv_records(source_of(data), budget)] == [10, 10, 5]
    assert budget.parsed_bytes == len(data)
