from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.readers.reading import read, read_in_spans
from trailhound.readers.squid import GUEST, READER
from trailhound.text.timestamp import iso

NATIVE = "1795553793.185    6 192.0.2.14 TCP_MISS/200 298 GET http://x.example/{} u DIRECT/::1 t/h"
COMBINED = (
    '192.0.2.15 - - [24/Nov/2026:21:56:33 +0100] "GET http://x.example/ HTTP/1.1" 200 298 "r" "{}" '
    "TCP_HIT:HIER_NONE"
)


def one(line, name):
    return read(READER, line.encode() + b"\n").column(name)[0]


def test_native():
    line = NATIVE.format("a?b")
    names = ("remotehost", "code", "status", "URL", "rfc931", "peerhost", "type", "user-agent")
    assert [one(line, name) for name in names] == [
        "192.0.2.14", "TCP_MISS", "200", "http://x.example/a?b", "u", "::1", "t/h", None,
    ]  # fmt: skip


def test_headers_behind_a_record_do_not_matter():
    assert one(NATIVE.format("a") + " [Host: x] [Server: y]", "type") == "t/h"


@pytest.mark.parametrize("agent", ["x", 'a "b" c', "", '" "', "a:b c"])
def test_combined_agents_are_not_escaped(agent):
    assert one(COMBINED.format(agent), "user-agent") == agent
    assert one(COMBINED.format(agent), "referer") == "r"


def test_a_request_without_version():
    assert one(COMBINED.format("x").replace(" HTTP/1.1", ""), "URL") == "http://x.example/"


@pytest.mark.parametrize(
    "line",
    [
        "x",
        NATIVE.format("a").replace("TCP_MISS/200", "TCP_MISS"),
        NATIVE.format("a").replace("DIRECT/::1", "DIRECT"),
        NATIVE.format("a").replace("1795553793.185", "now"),
        NATIVE[:40],
        COMBINED.format("x").replace("TCP_HIT:HIER_NONE", '"-"'),
        COMBINED.format("x").replace("200 298", "ok"),
        COMBINED.format("x").replace("[24", "24"),
    ],
)
def test_what_is_no_record_is_lost_and_said(line):
    found = read(READER, line.encode())
    assert (found.rows, found.odd, found.accounts()) == (0, {"squid.syntax": 1}, True)
    assert READER.sniff(line.encode(), "access.log") == 0
    assert not GUEST.claims(line)


def test_both_formats_may_stand_in_one_source():
    found = read(READER, f"{NATIVE.format('a')}\n{COMBINED.format('x')}\n".encode())
    assert [iso(time) for time in found.times()] == [
        "2026-11-24T20:56:33.185000Z",
        "2026-11-24T20:56:33.000000Z",
    ]
    assert READER.sniff(NATIVE.encode(), "x") == pytest.approx(0.95)


def test_an_impossible_time_is_none():
    line = COMBINED.format("x").replace("24/Nov", "31/Feb")
    assert [iso(time) for time in read(READER, line.encode()).times()] == [""]


@given(st.lists(st.integers(1, 500), max_size=4))
def test_spans(cuts):
    data = "".join(f"{NATIVE.format(n)}\n" for n in range(6)).encode()
    parts = read_in_spans(READER, data, sorted({cut for cut in cuts if cut < len(data)}))
    assert parts.column("@path") == [f"/{n}" for n in range(6)]


PIECES = st.sampled_from(
    [NATIVE, COMBINED, "TCP_HIT:HIER_NONE", ' "', "[24/Nov/2026:21:56:33 +0100] ", "\n", " ", "\0"]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_accounted_for(text):
    found = read(READER, text.encode())
    assert found.accounts()
    assert all(batch.record(row) for batch in found.batches for row in range(batch.rows))


def test_hostile_lines_cost_little():
    started = process_time()
    for text in ('"' * 400_000, " " * 400_000, "a " * 200_000, COMBINED.format('" "' * 100_000)):
        read(READER, text.encode())
    assert process_time() - started < 2
