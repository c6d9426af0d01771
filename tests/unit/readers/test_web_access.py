from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.readers.reading import read, read_in_spans
from trailhound.readers.web_access import READER
from trailhound.text.timestamp import iso

LINE = '203.0.113.9 - - [03/Nov/2026:08:12:01 +0100] "{}" 200 5 "-" "agent"'


def one(line, name):
    return read(READER, line.encode() + b"\n").column(name)[0]


@pytest.mark.parametrize(
    ("request_line", "wanted"),
    [
        ("GET /a?b=c HTTP/1.1", ("GET", "/a?b=c", "/a", "b=c", "HTTP/1.1")),
        ("GET /a b?c HTTP/1.1", ("GET", "/a b?c", "/a b", "c", "HTTP/1.1")),
        ("GET /a??b=?", ("GET", "/a??b=?", "/a", "?b=?", None)),
        (
            "CONNECT x.example:443 HTTP/1.1",
            ("CONNECT", "x.example:443", "x.example:443", None, "HTTP/1.1"),
        ),
        ("-", (None, None, None, None, None)),
        ("", (None, None, None, None, None)),
        ("\\x16\\x03", (None, "\\x16\\x03", "\\x16\\x03", None, None)),
    ],
)
def test_requests(request_line, wanted):
    names = ("cs-method", "cs-uri", "cs-uri-stem", "cs-uri-query", "cs-version")
    assert tuple(one(LINE.format(request_line), name) for name in names) == wanted


@pytest.mark.parametrize(
    ("left", "wanted"),
    [
        ("203.0.113.9 - bob", ("203.0.113.9", "bob", None)),
        ("203.0.113.9 - bob b smith", ("203.0.113.9", "bob b smith", None)),
        ("www.example.org:80 203.0.113.9 - -", ("203.0.113.9", None, "www.example.org:80")),
        ("::1 - -", ("::1", None, None)),
        ("client.example.org - -", ("client.example.org", None, None)),
    ],
)
def test_who(left, wanted):
    line = LINE.format("GET / HTTP/1.1").replace("203.0.113.9 - -", left)
    assert tuple(one(line, name) for name in ("c-ip", "cs-username", "cs-host")) == wanted


def test_escaped_quotation_marks_stay_within_their_field():
    line = LINE.format('GET /\\"x\\" HTTP/1.1').replace("agent", 'a \\"b\\" c')
    assert one(line, "cs-uri") == '/\\"x\\"'
    assert one(line, "cs-user-agent") == 'a \\"b\\" c'


def test_a_backslash_before_the_last_mark_does_not_swallow_the_line():
    assert one(LINE.format("GET /a\\\\ HTTP/1.1"), "cs-user-agent") == "agent"


def test_fields_behind():
    line = LINE.format("GET / HTTP/1.1") + ' "198.51.100.1" rt=0.1 "TLSv1.3"'
    assert one(line, "x-forwarded-for") == "198.51.100.1"
    assert one(line, "extra") == ["198.51.100.1", "rt=0.1", "TLSv1.3"]
    assert one(LINE.format("GET / HTTP/1.1"), "extra") is None


def test_results():
    common = LINE.format("GET / HTTP/1.1").replace(' "-" "agent"', "")
    assert (one(common, "sc-status"), one(common, "sc-bytes")) == (200, 5)
    assert one(common.replace("200 5", "- -"), "sc-status") is None
    assert one(common, "cs-user-agent") is None


@pytest.mark.parametrize(
    ("stamp", "utc"),
    [
        ("03/Nov/2026:08:12:01 +0100", "2026-11-03T07:12:01.000000Z"),
        ("03/Nov/2026:08:12:60 -0530", "2026-11-03T13:42:59.999999Z"),
        ("2026-11-03T08:12:01+01:00", "2026-11-03T07:12:01.000000Z"),
        ("31/Feb/2026:08:12:01 +0100", ""),
        ("03/Foo/2026:08:12:01 +0100", ""),
        ("03/Nov/2026:08:12:99 +0100", ""),
    ],
)
def test_times(stamp, utc):
    line = LINE.format("GET / HTTP/1.1").replace("03/Nov/2026:08:12:01 +0100", stamp)
    assert [iso(time) for time in read(READER, line.encode()).times()] == [utc]


@pytest.mark.parametrize("line", ["free text", LINE[:45], 'a b c [x] "y" 200 5', '"""', ""])
def test_what_is_no_record_is_lost_and_said(line):
    found = read(READER, line.encode())
    assert found.rows == 0
    assert found.odd == ({"web.syntax": 1} if line else {})
    assert found.accounts()


def test_bids():
    line = LINE.format("GET / HTTP/1.1").encode()
    assert READER.sniff(line + b"\n" + line + b"\n" + line[:30], "x") == pytest.approx(0.9)
    assert READER.sniff(b"Nov  3 08:12:01 h p: m\n", "access.log") == 0
    assert READER.sniff(b"", "access.log") == 0


PIECES = st.sampled_from(
    [
        "203.0.113.9 - - ",
        "[03/Nov/2026:08:12:01 +0100] ",
        '"',
        "\\",
        " 200 5",
        "GET / HTTP/1.1",
        "\n",
        "-",
        "\0",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_text_is_accounted_for(text):
    found = read(READER, text.encode())
    assert found.accounts()
    assert all(batch.record(row) for batch in found.batches for row in range(batch.rows))


@given(st.lists(st.integers(1, 500), max_size=4))
def test_spans(cuts):
    data = "".join(LINE.format(f"GET /{n} HTTP/1.1") + "\n" for n in range(6)).encode()
    parts = read_in_spans(READER, data, sorted({cut for cut in cuts if cut < len(data)}))
    assert parts.column("cs-uri") == [f"/{n}" for n in range(6)]


def test_many_quotation_marks_cost_little():
    started = process_time()
    for text in ('\\"' * 200_000, '"' * 400_000, "\\" * 400_000, LINE.format('\\"' * 200_000)):
        read(READER, text.encode())
    assert process_time() - started < 2
