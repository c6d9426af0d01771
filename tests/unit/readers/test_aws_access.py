from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.readers.reading import read, read_in_spans
from trailhound.readers.aws_access import READER
from trailhound.text.timestamp import iso

S3 = (
    "owner bucket [06/Feb/2026:00:00:38 +0100] 192.0.2.3 who ID REST.GET.OBJECT a/{} "
    '"GET /a/{} HTTP/1.1" 200 - 113 - 7 - "-" "agent" - host='
)
ALB = (
    "https 2026-07-02T22:23:00.186641Z app/lb/1 192.0.2.14:2817 10.0.0.1:80 0.1 0.1 0.1 200 200 0 "
    '57 "GET https://x.example:443/ HTTP/1.1" "a b" - TLSv1.2 arn "-" "x" "arn" 0 t "a,b"'
)
ELB = (
    "2026-05-13T23:39:43.945958Z lb 192.0.2.14:2817 10.0.0.1:80 0 0 0 200 200 0 29 "
    '"GET http://x.example:80/ HTTP/1.1"'
)
NLB = (
    "tls 2.0 2026-12-20T02:59:40 net/lb/1 listener 192.0.2.14:2817 10.0.0.1:443 5 2 98 246 - arn - "
    'c tlsv12 - x.example h2 h2 "h2","http/1.1" 2026-12-20T02:59:30'
)


def one(line, name):
    return read(READER, line.encode()).column(name)[0]


@pytest.mark.parametrize(
    ("line", "kind", "utc"),
    [
        (S3, "aws.s3access", "2026-02-05T23:00:38.000000Z"),
        (ALB, "aws.alb", "2026-07-02T22:23:00.186641Z"),
        (ELB, "aws.elb", "2026-05-13T23:39:43.945958Z"),
        (NLB, "aws.nlb", "2026-12-20T02:59:40.000000Z"),
    ],
)
def test_each_line_shows_its_log(line, kind, utc):
    found = read(READER, line.encode())
    assert [batch.kind for batch in found.batches] == [kind]
    assert [iso(time) for time in found.times()] == [utc]
    assert READER.sniff(line.encode(), "x") == pytest.approx(0.95)
    assert found.accounts()


def test_fields_that_an_older_form_lacks_are_none_and_newer_ones_do_not_matter():
    assert one(ELB, "ssl_protocol") is None
    assert one(f'{ELB} "agent" - TLSv1.2 new newer', "ssl_protocol") == "TLSv1.2"


def test_values_may_be_lists_and_hold_brackets():
    assert one(NLB, "alpn_client_preference_list") == "h2,http/1.1"
    assert one(S3.replace("agent", "a [x] b"), "useragent") == "a [x] b"
    assert one(ALB.replace("192.0.2.14:", "[2001:db8::7]:"), "client_ip") == "2001:db8::7"


@pytest.mark.parametrize(
    "line",
    [
        S3[:60],
        ALB[:100],
        ELB[:60],
        ELB[:90],
        NLB[:70],
        S3.replace("[06", "06"),
        "x",
        ALB.replace("T", " "),
    ],
)
def test_what_is_no_record_is_lost_and_said(line):
    found = read(READER, line.encode())
    assert (found.rows, found.odd, found.accounts()) == (0, {"aws.access_syntax": 1}, True)
    assert READER.sniff(line.encode(), "x") == 0


def test_a_log_of_a_web_server_is_another():
    line = b'203.0.113.9 - bob [03/Nov/2026:08:12:01 +0100] "GET / HTTP/1.1" 200 5 "-" "agent"'
    assert READER.sniff(line, "x") == 0


@given(st.lists(st.integers(1, 500), max_size=4))
def test_spans(cuts):
    data = "".join(S3.format(n, n) + "\n" for n in range(6)).encode()
    parts = read_in_spans(READER, data, sorted({cut for cut in cuts if cut < len(data)}))
    assert parts.column("key") == [f"a/{n}" for n in range(6)]


PIECES = st.sampled_from([S3, ALB, ELB, NLB, '"', "[", "]", " ", "-", "\n", "\0", '","'])


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_is_accounted_for(text):
    found = read(READER, text.encode())
    assert found.accounts()
    assert all(batch.record(row) for batch in found.batches for row in range(batch.rows))


def test_hostile_lines_cost_little():
    started = process_time()
    for text in ("[ " * 200_000, ' "' * 200_000, "[" * 400_000, '"",' * 130_000, "]" * 400_000):
        read(READER, f"{S3}{text}".encode())
    assert process_time() - started < 3
