from __future__ import annotations

from tests.unit.readers.reading import source_of
from trailhound.model.limits import Budget
from trailhound.readers.nested import nested, nested_batches
from trailhound.readers.web_access import READER

LINE = b'192.0.2.1 - - [04/Nov/2026:08:03:00 +0000] "GET /%d HTTP/1.1" 200 5'


def carried(*texts, size=1000):
    budget = Budget()
    budget.parsed_bytes = size
    places = [number * 100 for number in range(len(texts))]
    inside = nested(source_of(b"x", "outer", zone="Europe/Berlin"), texts, places)
    return list(nested_batches(inside, READER, budget)), budget


def test_rows_stand_where_their_records_stand():
    batches, _ = carried(LINE % 1, LINE % 2 + b"\n" + LINE % 3, LINE % 4)
    (batch,) = batches
    assert batch.offsets.tolist() == [0, 100, 100, 200]
    assert batch.source_of(0) == "outer"
    assert batch.columns(("cs-uri",))["cs-uri"] == ["/1", "/2", "/3", "/4"]


def test_oddities_are_told_of_the_outer_source():
    _, budget = carried(LINE % 1, b"no request", LINE % 2)
    (odd,) = budget.oddities.kept
    assert (odd.offset, odd.lost) == (100, True)
    assert budget.parsed_bytes == 1000 - len(b"no request")


def test_the_inner_source_is_like_the_outer():
    inside = nested(
        source_of(b"x", "outer", zone="Europe/Berlin", modified=1.0), [b"a", b"b"], [7, 9]
    )
    assert (inside.source.name, inside.source.zone, inside.source.modified) == (
        "outer",
        "Europe/Berlin",
        1.0,
    )
    assert inside.source.open().read() == b"a\nb\n"
    assert inside.source.head == b"a\nb\n"
