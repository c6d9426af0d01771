from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.readers.reading import read
from trailhound.readers.web_errors import READER
from trailhound.text.timestamp import iso

APACHE = (
    "[Tue Nov 03 08:12:01.500000 2026] [core:error] [pid 7:tid 8] [client ::1:51022] AH00128: x"
)
OLD = "[Tue Nov  3 08:12:01 2026] [error] [client 203.0.113.9] File does not exist: /x"
NGINX = (
    '2026/11/03 08:12:01 [error] 7#8: *9 open() "/x" failed, client: 203.0.113.9, server: a, '
    'request: "GET /x?y HTTP/1.1", host: "b, c"'
)


def values(line, *names):
    found = read(READER, line.encode())
    return tuple(found.column(name)[0] for name in names)


def test_apache():
    names = ("module", "level", "pid", "tid", "client", "port", "code")
    assert values(APACHE, *names) == ("core", "error", "7", "8", "::1", "51022", "AH00128")
    assert values(OLD, *names) == (None, "error", None, None, "203.0.113.9", None, None)
    assert values(f"{OLD}, referer: http://r/", "referer") == ("http://r/",)


def test_nginx():
    names = ("level", "pid", "connection", "client", "server", "request", "host", "method", "uri")
    assert values(NGINX, *names) == (
        "error", "7", "9", "203.0.113.9", "a", "GET /x?y HTTP/1.1", "b, c", "GET", "/x?y",
    )  # fmt: skip


@pytest.mark.parametrize("line", [APACHE, OLD, NGINX])
def test_lines_without_a_head_belong_to_the_record_above(line):
    found = read(READER, f"{line}\nmore\n{line}\n".encode())
    assert [batch.rows for batch in found.batches if batch.rows] in ([2], [1, 1])
    assert found.column("message")[0].endswith("\nmore")
    assert (found.odd, found.accounts()) == ({}, True)


def test_what_stands_above_any_record_is_lost_and_said():
    found = read(READER, f"x\n{OLD}\n".encode())
    assert (found.rows, found.odd, found.accounts()) == (1, {"weberror.syntax": 1}, True)


@pytest.mark.parametrize(
    ("line", "utc"),
    [
        (APACHE, "2026-11-03T07:12:01.500000Z"),
        (OLD, "2026-11-03T07:12:01.000000Z"),
        (NGINX, "2026-11-03T07:12:01.000000Z"),
        (OLD.replace(":01 ", ":60 "), "2026-11-03T07:12:59.999999Z"),
        (APACHE.replace(".500000", ".25"), "2026-11-03T07:12:01.250000Z"),
        (NGINX.replace(":01 ", ":60 "), "2026-11-03T07:12:59.999999Z"),
        (OLD.replace("Nov  3", "Feb 31"), ""),
        (OLD.replace("Nov", "Foo"), ""),
        (NGINX.replace("11/03", "13/03"), ""),
    ],
)
def test_times_are_local(line, utc):
    found = read(READER, line.encode(), zone="Europe/Berlin")
    assert [iso(time) for time in found.times()] == [utc]
    assert found.batches[-1].time_basis == "exact"
    assert read(READER, line.encode()).batches[-1].time_basis == "zone_assumed"


def test_bids():
    for line in (APACHE, OLD, NGINX):
        assert READER.sniff(f"{line}\nmore\n".encode(), "x") == pytest.approx(0.9)
    assert READER.sniff(f"x\n{OLD}\n".encode(), "x") == pytest.approx(0.6)
    assert READER.sniff(OLD.encode() + b"\nx" * 9 + b"\n", "error.log") == 0
    assert READER.sniff(b"", "error.log") == 0


PIECES = st.sampled_from([APACHE, OLD, NGINX, "\n", "x", "[client ", ", request: ", '"', "\0"])


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_accounted_for(text):
    found = read(READER, text.encode())
    assert found.accounts()
    assert all(batch.record(row) for batch in found.batches for row in range(batch.rows))


def test_hostile_lines_cost_little():
    started = process_time()
    for text in ("[client " * 50_000, ', request: "' * 30_000, "[client " + ":" * 400_000):
        read(READER, f"{OLD}{text}\n{NGINX}{text}\n".encode())
    assert process_time() - started < 2
