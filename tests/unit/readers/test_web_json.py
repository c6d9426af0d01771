"""Access logs as JSON under the names of several servers; samples are in the golden folder."""

from __future__ import annotations

import json

import pytest

from tests.unit.readers.reading import read
from trailhound.readers.web_json import READER

NGINX = {
    "time_iso8601": "2026-11-04T08:00:00+00:00",
    "remote_addr": "203.0.113.7",
    "request": "GET /a HTTP/1.1",
    "status": "200",
    "http_user_agent": "curl",
}
NOON = 1793779200000000


def lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def test_the_bid_wants_client_request_status_and_agent():
    assert READER.sniff(lines(NGINX), "") == 0.7
    for missing in ("remote_addr", "request", "status", "http_user_agent"):
        assert READER.sniff(lines({k: v for k, v in NGINX.items() if k != missing}), "") == 0
    assert READER.sniff(b"203.0.113.7 - - [04/Nov/2026:08:00:00 +0000]", "") == 0


@pytest.mark.parametrize(
    ("change", "uri"),
    [
        ({}, ["GET", "/a", "/a", None, "HTTP/1.1"]),
        ({"request": "/only"}, [None, "/only", "/only", None, None]),
        ({"request": "-"}, [None, None, None, None, None]),
        (
            {"request": "", "request_method": "GET", "request_uri": "/a?b=c?d"},
            ["GET", "/a?b=c?d", "/a", "b=c?d", None],
        ),
        ({"request": None, "uri": "/a", "args": "-"}, [None, "/a", "/a", None, None]),
        ({"request": None, "uri": "/a?", "args": "x"}, [None, "/a?", "/a", None, None]),
        ({"request": {"method": "GET", "uri": 7}}, ["GET", None, None, None, None]),
    ],
)
def test_requests(change, uri):
    done = read(READER, lines({**NGINX, **change}))
    names = ("cs-method", "cs-uri", "cs-uri-stem", "cs-uri-query", "cs-version")
    assert [done.column(name)[0] for name in names] == uri
    assert done.accounts()


@pytest.mark.parametrize(
    ("field", "value", "time"),
    [
        ("time_iso8601", "2026-11-04T09:00:00+01:00", NOON),
        ("time_local", "04/Nov/2026:09:00:00 +0100", NOON),
        ("time_local", "[04/Nov/2026:08:00:00 +0000]", NOON),
        ("msec", "1793779200.250", NOON + 250_000),
        ("ts", 1793779200, NOON),
        ("time_local", "99/Nov/2026:09:00:00 +0100", None),
        ("time", "a/b/c", None),
    ],
)
def test_times(field, value, time):
    record = {k: v for k, v in NGINX.items() if k != "time_iso8601"} | {field: value}
    done = read(READER, lines(record))
    assert (done.times() == [time]) is (time is not None)
    assert done.column("date") == [value]


def test_records_without_request_or_status_stay_searchable():
    done = read(READER, lines(NGINX, {"remote_addr": "203.0.113.7", "msg": "x"}, {"status": "up"}))
    assert sorted(batch.kind for batch in done.batches) == ["json.unknown", "webserver.access"]
    assert done.rows == 3


def test_values_of_any_type_cost_nothing_else():
    odd = {name: [{"a": 1}] for name in NGINX}
    done = read(READER, lines(NGINX, odd) + b"{broken\n")
    assert done.rows == 2
    assert done.odd == {"json.syntax": 1}
    assert done.column("cs-uri")[0] == "/a"
    assert done.accounts()
