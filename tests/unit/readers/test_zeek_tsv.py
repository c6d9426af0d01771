from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.readers.reading import read, read_in_spans
from trailhound.model.limits import Limits
from trailhound.readers.zeek_tsv import READER

HEAD = b"#separator \\x09\n#path\tconn\n#fields\tts\tuid\tn\n#types\ttime\tstring\tcount\n"
DNS = b"#path\tdns\n#fields\tts\tuid\tn\tq\n#types\ttime\tstring\tcount\tstring\n"


def rows(*numbers):
    return b"".join(b"1793779200.%06d\tC%d\t%d\n" % (n, n, n) for n in numbers)


def test_rows_have_the_types_of_the_header():
    found = read(READER, HEAD + rows(1, 2) + b"#close\tx\n")
    assert found.column("n") == [1, 2]
    assert found.column("uid") == ["C1", "C2"]
    assert found.column("nothing") == [None, None]
    assert found.times() == [1793779200000001, 1793779200000002]
    assert found.odd == {}
    assert found.accounts()


def test_records_raws_and_identities():
    (batch,) = read(READER, HEAD + rows(1, 1)).batches
    assert batch.record(0) == {"ts": 1793779200.000001, "uid": "C1", "n": 1}
    assert batch.raw(1) == b"1793779200.000001\tC1\t1"
    assert batch.offsets.tolist() == [len(HEAD), len(HEAD) + len(rows(1))]
    assert len(set(batch.uids([0, 1]))) == 2
    assert batch.native_names() == {"ts", "uid", "n"}


def test_a_header_in_the_middle_starts_a_new_log():
    found = read(READER, HEAD + rows(1) + DNS + rows(2).replace(b"\n", b"\tx\n") + HEAD + rows(3))
    assert [batch.kind for batch in found.batches] == ["zeek.conn", "zeek.dns", "zeek.conn"]
    assert found.odd == {"zeek.not_closed": 1}


def test_lines_without_a_header_are_lost_and_said():
    found = read(READER, b"#separator \\x09\n" + rows(1, 2) + HEAD + rows(3))
    assert found.rows == 1
    assert found.odd == {"zeek.no_header": 1, "zeek.not_closed": 1}
    assert found.accounts()


def test_a_damaged_line_costs_itself_only():
    found = read(READER, HEAD + rows(1) + b"cut\toff\n" + rows(2) + b"1793779200.000003\tC3")
    assert found.column("n") == [1, 2]
    assert [(o.kind, o.length) for o in found.lost] == [("zeek.columns", 7), ("zeek.columns", 20)]
    assert found.accounts()


def test_windows_line_ends():
    data = (HEAD + rows(1, 2)).replace(b"\n", b"\r\n")
    assert read(READER, data).column("n") == [1, 2]
    assert read(READER, data).accounts()


def test_separators_of_several_characters():
    data = (
        (HEAD + rows(1))
        .replace(b"#separator \\x09", b"#separator \\x09\\x09")
        .replace(b"\t", b"\t\t")
    )
    assert read(READER, data).column("n") == [1]


def test_a_log_without_times_has_none():
    (batch,) = read(READER, b"#separator \\x09\n#path\tx\n#fields\ta\n#types\tstring\nv\n").batches
    assert (batch.times() == np.iinfo(np.int64).min).all()


@pytest.mark.parametrize("data", [b"", b"#!/bin/sh\n", b"# a comment\n", b"ts\tuid\n", b"{}"])
def test_other_formats(data):
    assert READER.sniff(data, "conn.log") == 0


def test_bids():
    assert READER.sniff(HEAD, "x") == 1
    assert READER.sniff(b"\xef\xbb\xbf" + HEAD, "x") == 1
    assert READER.sniff(HEAD.partition(b"\n")[2], "x") == pytest.approx(0.9)


@given(st.lists(st.integers(1, 400), max_size=4))
def test_spans_know_the_header_before_them(cuts):
    data = (
        HEAD + rows(*range(5)) + DNS + rows(*range(5, 9)).replace(b"\n", b"\tx\n") + b"#close\tx\n"
    )
    parts = read_in_spans(READER, data, sorted({cut for cut in cuts if cut < len(data)}))
    assert parts.column("n") == list(range(9))
    assert {batch.kind for batch in parts.batches} == {"zeek.conn", "zeek.dns"}
    assert parts.odd == {}
    assert parts.accounts()


PIECES = st.sampled_from(
    [
        HEAD,
        DNS,
        rows(1),
        b"#close\tx\n",
        b"\t",
        b"\n",
        b"\r\n",
        b"x",
        b"\xff",
        b"\0",
        b"#",
        b"#fields\n",
        b"#separator \n",
    ]
)


@given(st.lists(PIECES, max_size=25).map(b"".join), st.sampled_from([30, 1000]))
def test_any_bytes_are_accounted_for(data, limit):
    found = read(READER, data, limits=Limits(log_line_bytes=limit))
    assert found.accounts()
    for batch in found.batches:
        assert len(batch.times()) == batch.rows
        assert all(batch.raw(row) in data for row in range(batch.rows))
