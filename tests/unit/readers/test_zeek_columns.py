from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailhound.model.batch import NO_TIME
from trailhound.readers.zeek_columns import ZeekBatch, _micros, convert, parse_block, table_of
from trailhound.readers.zeek_header import Header

OFFSETS = np.arange(100, dtype=np.int64)
HEADER = Header().read(b"#fields\ta\tb\tc").read(b"#types\tstring\tstring\tstring")


def texts(*values):
    return pa.chunked_array([pa.array(values, pa.string())])


@pytest.mark.parametrize(
    ("kind", "values", "wanted"),
    [
        ("count", ("1", "20"), [1, 20]),
        ("count", ("1", None), [1, None]),
        ("port", ("1", "many", None), [1, "many", None]),
        ("interval", ("1.5", None), [1.5, None]),
        ("bool", ("T", "F", None, "?"), [True, False, None, "?"]),
        ("string", ("x", "(empty)", None), ["x", "", None]),
        ("set[string]", ("a,b", "(empty)", None, "-,c"), [["a", "b"], [], None, [None, "c"]]),
        ("vector[count]", ("1,2", "x"), [[1, 2], ["x"]]),
        ("vector[bool]", ("T,F",), [[True, False]]),
        ("set[addr]", ("192.0.2.1",), [["192.0.2.1"]]),
    ],
)
def test_types(kind, values, wanted):
    made = convert(texts(*values), kind, HEADER)
    assert made == wanted
    assert [type(value) for value in made] == [type(value) for value in wanted]


def test_times_are_exact_to_the_microsecond():
    made = _micros(texts("1713484795.943239", None, "-5.0", "9e30", "1.9999996"))
    assert made.tolist() == [1713484795943239, NO_TIME, NO_TIME, NO_TIME, 2000000]


def test_times_may_be_written_out():
    made = _micros(texts("2026-11-04T08:00:00Z", "never"))
    assert made.tolist() == [1793779200000000, NO_TIME]


@pytest.mark.parametrize(
    "data", [b"a\tb\n", b"a\tb\tc\td\n", b"a\tb\tc\n\n", b"\na\tb\tc\n", b"a\tb\rx\tc\n"]
)
def test_blocks_that_are_not_plain_are_left_to_the_slow_way(data):
    assert parse_block(data, HEADER, data.count(b"\n")) is None


WORD = st.sampled_from(["-", "(empty)", "a", "b", "\u00e9", ""])
FIELD = st.text(st.characters(blacklist_characters="\t\n\r"), max_size=6)


@given(st.lists(st.tuples(FIELD, FIELD, FIELD), min_size=1, max_size=8))
def test_the_fast_way_reads_what_the_slow_way_reads(rows):
    data = "".join("\t".join(row) + "\n" for row in rows).encode("utf-8", "replace")
    fast = parse_block(data, HEADER, len(rows))
    slow = table_of([line.split("\t") for line in data.decode().split("\n")[:-1]], HEADER)
    assert fast is not None
    assert fast.to_pydict() == slow.to_pydict()


def test_a_word_for_nothing_may_be_a_megabyte_long():
    header = HEADER.read(b"#unset_field\t-" + b"S" * 1_000_000)
    assert len(header.unset) > 1_000_000
    assert parse_block(b"a\tb\tc\n", header, 1) is None


@given(st.lists(st.tuples(WORD, WORD, WORD), min_size=1, max_size=8))
def test_distinct_values_are_those_of_the_column(rows):
    batch = ZeekBatch(
        "x", HEADER, table_of([list(r) for r in rows], HEADER), b"", OFFSETS[: len(rows)], b""
    )
    for name in "abc":
        found = batch.distinct(name)
        assert found is not None
        values, codes = found
        assert [values[code] for code in codes] == batch.columns((name,))[name]


def test_numbers_are_numbers_or_not_at_all():
    header = Header().read(b"#fields\tn\tduration\tp").read(b"#types\tcount\tinterval\tport")
    table = table_of([["1", "1.5", "80"], ["-", "-", "many"]], header)
    batch = ZeekBatch("x", header, table, b"", OFFSETS[:2], b"")
    numbers = batch.numbers("n")
    assert numbers is not None
    assert numbers.to_pylist() == [1, None]
    durations = batch.numbers("duration_us")
    assert durations is not None
    assert durations.to_pylist() == [1_500_000, None]
    assert batch.numbers("p") is batch.numbers("nothing") is None
    assert batch.distinct("n") is None
