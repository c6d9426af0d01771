from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.readers.reading import read, read_in_spans
from trailhound.readers.haproxy import GUEST, READER
from trailhound.text.timestamp import iso

HEAD = "203.0.113.9:51022 [03/Nov/2026:09:12:01.123] "
HTTP = HEAD + 'www app/app1 0/0/0/8/8 200 185 - - ---- 1/1/0/0/0 0/0 {h|a/1} {t} "GET /{} HTTP/1.1"'
TCP = HEAD + "tcp raw/raw1 1/0/1 190 -- 1/1/0/0/0 0/0"
ERROR = HEAD + "secure/1: SSL handshake failure"


def one(line, name):
    return read(READER, line.encode()).column(name)[0]


@pytest.mark.parametrize(
    ("line", "kind"), [(HTTP, "haproxy.http"), (TCP, "haproxy.tcp"), (ERROR, "haproxy.tcp")]
)
def test_kinds(line, kind):
    found = read(READER, line.encode())
    assert [batch.kind for batch in found.batches] == [kind]
    assert (found.column("client_ip"), found.column("client_port")) == (["203.0.113.9"], ["51022"])
    assert GUEST.claims(line)
    assert READER.sniff(line.encode(), "x") == pytest.approx(0.95)


@pytest.mark.parametrize(
    ("captured", "asked", "answered"),
    [("{a|b} {c} ", "a|b", "c"), ("{a} ", "a", None), ("", None, None), ("{} {} ", None, None)],
)
def test_captured_headers_may_be_absent(captured, asked, answered):
    line = HTTP.replace("{h|a/1} {t} ", captured)
    assert one(line, "captured_request_headers") == asked
    assert one(line, "captured_response_headers") == answered
    assert one(line, "http_request") == "GET /{} HTTP/1.1"


@pytest.mark.parametrize(
    ("zone", "utc", "basis"),
    [
        ("", "2026-11-03T09:12:01.123000Z", "zone_assumed"),
        ("Europe/Berlin", "2026-11-03T08:12:01.123000Z", "exact"),
    ],
)
def test_times_are_local(zone, utc, basis):
    found = read(READER, HTTP.encode(), zone=zone)
    assert [iso(time) for time in found.times()] == [utc]
    assert found.batches[0].time_basis == basis


@pytest.mark.parametrize(
    "line",
    [
        "Proxy www started.",
        HEAD,
        HEAD + "www",
        HTTP.replace("app/app1", "app"),
        HTTP.replace("0/0/0/8/8", "0/0/8"),
        TCP.replace("1/0/1", "1"),
        TCP + " more",
        ERROR.replace("secure/1:", "secure:"),
        HTTP.replace("03/Nov", "Nov"),
        HTTP[:90],
    ],
)
def test_what_is_no_record_is_lost_and_said(line):
    found = read(READER, line.encode())
    assert (found.rows, found.odd, found.accounts()) == (0, {"haproxy.syntax": 1}, True)
    assert not GUEST.claims(line)


@given(st.lists(st.integers(1, 500), max_size=4))
def test_spans(cuts):
    data = "".join(f"{HTTP.replace('{}', str(n))}\n" for n in range(6)).encode()
    parts = read_in_spans(READER, data, sorted({cut for cut in cuts if cut < len(data)}))
    assert parts.column("path") == [f"/{n}" for n in range(6)]


PIECES = st.sampled_from([HEAD, HTTP, TCP, ERROR, "{", "} {", '"', " ", "/", "\n", "-", "\0"])


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_accounted_for(text):
    found = read(READER, text.encode())
    assert found.accounts()
    assert all(batch.record(row) for batch in found.batches for row in range(batch.rows))


def test_hostile_lines_cost_little():
    started = process_time()
    for text in ("/" * 400_000, " " * 400_000, '"' * 400_000, "} {" * 100_000):
        read(READER, f"{HTTP}{text}".encode())
    assert process_time() - started < 2
