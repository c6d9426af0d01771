from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.readers.reading import read
from trailhound.readers.postgres import READER, audit

TEXT = b"2026-11-04 08:00:01.000 CET [1] a@b LOG:  m\n"
CSV = (
    b'2026-11-04 08:00:01.000 CET,"a","b",1,"192.0.2.1:4",s,1,"x",t,3/9,0,LOG,00000,"m"'
    b',,,,,,,,,"psql"\n'
)
JSON = b'{"timestamp":"2026-11-04 08:00:01.000 CET","error_severity":"LOG","message":"m","pid":1}\n'


@pytest.mark.parametrize("data", [TEXT, CSV, JSON])
def test_the_three_shapes_give_the_same(data):
    assert READER.sniff(data + data[:30], "x") >= 0.9
    found = read(READER, data)
    assert [batch.kind for batch in found.batches] == ["postgresql.log"]
    assert found.times() == [1793775601000000]
    assert found.column("message") == ["m"]
    assert found.column("pid") == [1]
    assert found.accounts()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a,b\n",
        b"{}",
        b"Nov  3 08:12:01 h p: LOG:  m\n",
        b"2026-11-04 08:00:01.000 CET,x,y\n",
        b"2026-11-04T08:00:01 h p[1]: m\n",
        b'{"message": "x", "timestamp": "y"}',
    ],
)
def test_other_formats(data):
    assert READER.sniff(data, "postgresql.log") == 0


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        (
            "AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.t,select 1,<not logged>,20000",
            {
                "class": "READ",
                "command": "SELECT",
                "object_name": "public.t",
                "statement": "select 1",
                "rows": 20000,
                "parameter": None,
            },
        ),
        (
            'AUDIT: OBJECT,2,1,WRITE,UPDATE,TABLE,t,"update t set a = ""x"", b",<none>',
            {"audit_type": "OBJECT", "statement": 'update t set a = "x", b', "rows": None},
        ),
        (
            'AUDIT: SESSION,1,1,READ,SELECT,,,"a\nb",x,many',
            {"statement": "a\nb", "parameter": "x", "rows": None},
        ),
        ("AUDIT: SESSION", {"audit_type": "SESSION", "rows": None}),
        ("AUDIT: ", {"rows": None}),
    ],
)
def test_audit_entries(message, wanted):
    assert audit(message).items() >= wanted.items()


def test_audit_entries_are_a_kind_of_their_own():
    data = TEXT + TEXT.replace(
        b"LOG:  m", b"LOG:  AUDIT: SESSION,1,1,READ,SELECT,TABLE,t,select 1,<none>,5"
    )
    found = read(READER, data)
    assert {batch.kind: batch.rows for batch in found.batches} == {
        "postgresql.log": 1,
        "postgresql.audit": 1,
    }
    assert found.column("rows") == [None, 5]


PIECES = st.sampled_from(
    [TEXT, CSV, b"\n", b"\t", b'"', b"junk", b"\xff", CSV[:60], TEXT[:35], b"AUDIT: "]
)


@given(st.sampled_from([TEXT, CSV, JSON]), st.lists(PIECES, max_size=20).map(b"".join))
def test_any_bytes_are_accounted_for(first, data):
    found = read(READER, first + data)
    assert found.accounts()
    assert found.rows > 0
    assert all(batch.record(row) for batch in found.batches for row in range(batch.rows))
