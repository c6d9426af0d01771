from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.readers.reading import read
from trailhound.readers.mysql import READER
from trailhound.text.timestamp import iso

AUDIT = b"20261104 08:00:01,db,app,192.0.2.1,4,11,QUERY,shop,'select 1',0\n"
SLOW = (
    b"# Time: 261104  8:00:10\n# User@Host: app[app] @ c.example [192.0.2.1]\n"
    b"# Thread_id: 4  Schema: shop  QC_hit: No\n"
    b"# Query_time: 0.5  Lock_time: 0.1  Rows_sent: 7  Rows_examined: 9\n"
    b"SET timestamp=1793779210;\nselect *\nfrom t;\n"
)


@pytest.mark.parametrize(
    ("thing", "wanted"),
    [
        ("QUERY,shop,'select \\'a\\', b\\nfrom t',0", (None, "select 'a', b\nfrom t", 0)),
        ("READ,shop,t,", ("t", None, None)),
        ("CONNECT,,,1045", (None, None, 1045)),
        ("QUERY_DDL,shop,'drop table t',x", (None, "drop table t", None)),
        ("QUERY,shop,,0", (None, "", 0)),
    ],
)
def test_audit(thing, wanted):
    found = read(READER, AUDIT.replace(b"QUERY,shop,'select 1',0", thing.encode()))
    assert tuple(found.column(name)[0] for name in ("object", "statement", "retcode")) == wanted
    assert found.column("client") == ["192.0.2.1"]
    assert found.column("operation") == [thing.partition(",")[0]]


def test_a_host_name_is_no_address():
    assert read(READER, AUDIT.replace(b"192.0.2.1", b"localhost")).column("client") == [None]


def test_audit_stamps_are_local():
    assert read(READER, AUDIT).batches[0].time_basis == "zone_assumed"
    (time,) = read(READER, AUDIT, zone="Europe/Berlin").times()
    assert iso(time) == "2026-11-04T07:00:01.000000Z"


def test_slow_entries():
    found = read(
        READER,
        SLOW
        + SLOW.replace(b"# Time: 261104  8:00:10\n", b"").replace(b"timestamp=1793779210", b"x=1"),
    )
    assert found.column("statement") == ["select *\nfrom t", "SET x=1;\nselect *\nfrom t"]
    assert found.column("rows_sent") == [7, 7]
    assert found.column("query_time_us") == [500_000, 500_000]
    assert found.column("database") == ["shop", "shop"]
    assert found.column("user") == ["app", "app"]
    assert found.column("client") == ["192.0.2.1", "192.0.2.1"]
    assert iso(found.times()[0]) == "2026-11-04T08:00:10.000000Z"
    assert found.accounts()


def test_without_set_timestamp_the_header_tells_the_time():
    found = read(READER, SLOW.replace(b"SET timestamp=1793779210;\n", b""), zone="Europe/Berlin")
    assert iso(found.times()[0]) == "2026-11-04T07:00:10.000000Z"
    assert found.batches[0].time_basis == "exact"


def test_a_statement_that_looks_like_a_header_stays_one():
    found = read(READER, SLOW.replace(b"from t;", b"-- # Time: x\nfrom t;"))
    assert found.rows == 1


def test_an_entry_over_the_border_of_a_block_stays_whole(monkeypatch):
    monkeypatch.setattr("trailhound.readers.lines.BLOCK_BYTES", 50)
    found = read(READER, SLOW * 5)
    assert found.column("statement") == ["select *\nfrom t"] * 5
    assert found.accounts()


@pytest.mark.parametrize(
    "data", [b"", b"a,b,c,d,e,f,QUERY,h,i\n", b"# User@Host: x\n", b"20261104 08:00:01,x\n"]
)
def test_other_formats(data):
    assert READER.sniff(data, "mysql.log") == 0


def test_bids():
    assert READER.sniff(AUDIT + AUDIT[:20], "x") == pytest.approx(0.95)
    assert READER.sniff(SLOW, "x") == pytest.approx(0.95)


PIECES = st.sampled_from(
    [
        AUDIT,
        SLOW,
        b"\n",
        b"# Time: \n",
        b"# User@Host: ",
        b"# x: y\n",
        b"\xff",
        b"SET timestamp=9;\n",
        SLOW[:60],
    ]
)


@given(st.sampled_from([AUDIT, SLOW]), st.lists(PIECES, max_size=15).map(b"".join))
def test_any_bytes_are_accounted_for(first, data):
    found = read(READER, first + data)
    assert found.accounts()
    for batch in found.batches:
        assert all(isinstance(batch.record(row), dict) for row in range(batch.rows))
