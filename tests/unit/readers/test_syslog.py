from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.readers.reading import read, read_in_spans
from trailhound.model.batch import NO_TIME
from trailhound.readers.syslog import MAX_DATA_NAMES, READER

CHANGED = datetime(2027, 1, 2, tzinfo=UTC).timestamp()
LOG = b"""Dec 31 23:59:58 h sshd[1]: Failed password for root from 203.0.113.5 port 1 ssh2
Dec 31 23:59:59 h kernel: up
Jan  1 00:00:01 h sshd[2]: Accepted password for a from 192.0.2.1 port 2 ssh2
\tcontinued
2027-01-01T00:00:02.5Z h app[3]: iso
<34>1 2027-01-01T00:00:03Z h app 4 M1 [x@1 a="b"] modern
"""


@pytest.mark.parametrize(
    "data",
    [
        b"", b'{"a": 1}\n', b"a,b,c\n1,2,3\n", b"\x00\x01\x02", b"just some words\nand more\n",
        b"2026-11-24 12:00:47.816 UTC [2651] @   LOG:  ready\n",
        b'203.0.113.9 - - [03/Nov/2026:08:12:01 +0100] "GET / HTTP/1.1" 200 5\n',
        b"Dear all,\n\nNov is here: hello\n",
    ],
)  # fmt: skip
def test_other_formats_are_left_to_others(data):
    assert READER.sniff(data, "auth.log") < 0.3


@pytest.mark.parametrize("line", LOG.splitlines()[:3] + LOG.splitlines()[4:])
def test_each_shape_is_bid_for(line):
    assert READER.sniff(line + b"\n" + line[:20], "x") == pytest.approx(0.8)


def test_programs_and_stamps_part_the_batches():
    found = read(READER, LOG, modified=CHANGED)
    routes = [(b.kind, b.route["program"], b.rows, b.time_basis) for b in found.batches]
    assert routes == [
        ("linux.syslog", "sshd", 2, "zone_assumed"),
        ("linux.syslog", "kernel", 1, "zone_assumed"),
        ("linux.syslog", "", 1, "exact"),
        ("linux.syslog", "app", 2, "exact"),
    ]
    assert found.column("pid") == [1, None, 2, None, 3, 4]
    assert found.times()[3] == NO_TIME
    assert found.odd == {"syslog.no_header": 1}
    assert found.accounts()


def test_workers_agree_with_one_another():
    whole = read(READER, LOG, modified=CHANGED)
    for cut in range(1, len(LOG)):
        parts = read_in_spans(READER, LOG, [cut], modified=CHANGED)
        assert parts.times() == whole.times()
        assert parts.column("message") == whole.column("message")
        assert parts.accounts()


def test_a_folded_message_is_one_row_that_says_how_many():
    folded = b"Failed password for a from 192.0.2.1 port 9 ssh2"
    data = b"Nov  3 08:12:01 h sshd[1]: message repeated 3 times: [ " + folded + b"]\n"
    found = read(READER, data)
    assert found.column("repeat") == [3]
    assert found.column("event") == ["failed"]
    assert found.odd["syslog.repeated"] == 1


def test_the_older_folding_takes_the_line_before_of_the_same_host():
    data = b"Nov  3 08:12:01 h sshd[1]: x\nNov  3 08:12:02 h last message repeated 2 times\n"
    assert read(READER, data).column("message") == ["x", "x"]
    other = data.replace(b"02 h", b"02 other")
    assert read(READER, other).column("message") == ["x", "last message repeated 2 times"]
    assert read(READER, other).column("repeat") == [None, 2]


def test_somebody_who_only_talks_about_repeats_is_left_alone():
    data = b"Nov  3 08:12:01 h app: message repeated often\n"
    found = read(READER, data)
    assert found.column("repeat") == [None]
    assert found.odd == {"time.no_year": 1}


def test_structured_data_has_columns_and_limits():
    many = " ".join(f'k{n}="v"' for n in range(MAX_DATA_NAMES + 5))
    found = read(READER, f"<34>1 2027-01-01T00:00:03Z h app 4 - [x {many}] m\n".encode())
    assert found.column("sd.x.k0") == ["v"]
    assert found.column("sd.x.k204") == [None]
    assert found.odd == {"limit.columns": 1}


def test_facility_and_severity_have_names():
    found = read(READER, b"<86>Nov  3 08:12:01 h x: y\n<999>Nov  3 08:12:01 h x: y\n")
    assert found.column("facility") == ["authpriv", None]
    assert found.column("severity") == ["info", "debug"]


PIECES = st.sampled_from(
    [b"Nov  3 08:12:01 ", b"h ", b"sshd[1]: ", b"m", b"\n", b"\0", b"\xff", b"<34>", b"1 ",
     b"2026-11-03T08:12:01Z ", b"message repeated 2 times: [ x]", b"Feb 29 00:00:00 "]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map(b"".join))
def test_any_bytes_are_accounted_for(data):
    found = read(READER, data)
    assert found.accounts()
    for batch in found.batches:
        assert all(batch.record(row) for row in range(batch.rows))
