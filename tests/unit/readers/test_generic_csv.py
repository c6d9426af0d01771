from __future__ import annotations

import pytest

from tests.unit.readers.evidence import cells, only, read, read_with
from trailhound.readers.generic_csv import BID, READER, with_mappings
from trailhound.readers.user_mapping import parse_user_mapping

DOOR = parse_user_mapping(
    'kind = "csv.door"\ntime = ["opened"]\n[match]\nfields = ["door", "badge"]\n'
    '[[table]]\ntable = "log_activity"\n[table.columns]\nactor_user_name = "badge"\n',
    "door.toml",
)


def test_columns_times_and_places():
    batch = only(
        read(READER, "Time,Host,User\n2026-11-04T08:12:00Z,srv,a\n2026-11-04T08:13:00Z,,b\n")
    )
    assert batch.kind == "csv.unknown"
    assert cells(batch, "Host") == ["srv", None]
    assert batch.times().tolist() == [1793779920000000, 1793779980000000]
    assert batch.offsets.tolist() == [15, 42]
    assert batch.time_basis == "exact"


def test_rows_of_another_length_are_kept_and_said():
    batch, budget = read_with(READER, "a,b,c\n1,2,3\n1\n1,2,3,4,5\n")
    assert cells(batch[0], "c") == ["3", None, "3"]
    assert cells(batch[0], "_extra") == [None, None, ["4", "5"]]
    assert budget.oddities.counts == {"csv.ragged": 2}
    assert not budget.oddities.lost


def test_a_name_that_comes_again_is_numbered():
    reader = with_mappings([])
    batch = only(read(reader, "a,b,a\n1,2,3\n"))
    assert (cells(batch, "a"), cells(batch, "a_2")) == (["1"], ["3"])


def test_the_operators_mapping():
    reader = with_mappings([DOOR])
    text = "door;badge;opened\nnorth;a;2026-11-04 08:12:00\n"
    assert reader.sniff(text.encode(), "x") > 0.9
    batch = only(read(reader, text, zone="Europe/Berlin"))
    assert batch.kind == "csv.door"
    assert batch.times().tolist() == [1793776320000000]
    assert READER.sniff(text.encode(), "x") == BID


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"time,host,user\n1,2,3\nx", BID),
        (b"time\thost\n1\t2\nx", BID),
        (b'time,host,"user name"\n', BID),
        (b"one,two\n1,2\nx", 0),
        (b"Hello, world, this is prose.\nAnd more of it\n\n", 0),
        (b"2026-11-04 08:12:00 UTC,app,postgres\n", 0),
        (b"#fields a\tb\n", 0),
        (b"a,,c\n", 0),
        (b"a,a,c\n", 0),
        (b'{"a":1,"b":2,"c":3}\n', 0),
        (b"time,host,user\nno more cells here\nx\n", 0),
        (b"", 0),
    ],
)
def test_bids(head, expected):
    assert READER.sniff(head, "x.csv") == expected
