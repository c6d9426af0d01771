from __future__ import annotations

import json

import pytest

from tests.unit.readers.reading import read, read_in_spans
from trailhound.readers.zeek_json import READER


def lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records).encode()


CONN = {
    "ts": 1793779200.5,
    "uid": "C1",
    "id.orig_h": "192.0.2.1",
    "conn_state": "SF",
    "duration": 2.5,
}


@pytest.mark.parametrize(
    ("record", "name", "kind"),
    [
        ({"_path": "dns", "ts": 1}, "conn.log", "zeek.dns"),
        ({"ts": 1}, "dns.12:00:00-13:00:00.log", "zeek.dns"),
        ({"ts": 1}, "logs/current/http_20261104.json", "zeek.http"),
        ({"ts": 1}, "a.zip!smb_files.log", "zeek.smb_files"),
        (CONN, "whatever.json", "zeek.conn"),
        (CONN, "dns_conn.json", "zeek.conn"),
        ({"ts": 1, "trans_id": 5, "proto": "udp"}, "x", "zeek.dns"),
        ({"ts": 1, "trans_depth": 1, "helo": "x"}, "x", "zeek.smtp"),
        ({"ts": 1, "trans_depth": 1, "method": "GET"}, "x", "zeek.http"),
        ({"ts": 1}, "x", "zeek.unknown"),
        ({"_path": "a/../b", "ts": 1}, "x", "zeek.a____b"),
    ],
)
def test_which_log(record, name, kind):
    assert [batch.kind for batch in read(READER, lines(record), name).batches] == [kind]


def test_underscores_stand_for_dots_where_streams_write_them():
    found = read(READER, lines({"_path": "conn", "ts": 1, "id_orig_h": "192.0.2.1"}))
    assert found.column("id.orig_h") == ["192.0.2.1"]


def test_derived_columns():
    assert read(READER, lines(CONN)).column("duration_us") == [2_500_000]


def test_times_as_numbers_and_as_text():
    found = read(READER, lines(CONN, {**CONN, "ts": "2026-11-04T08:00:01Z"}, {**CONN, "ts": None}))
    assert found.times()[:2] == [1793779200500000, 1793779201000000]
    assert found.times()[2] < 0


def test_records_that_are_none_are_lost_and_said():
    data = lines(CONN) + b"{broken\n[1]\n" + lines(CONN)
    found = read(READER, data)
    assert found.rows == 2
    assert found.odd == {"json.syntax": 2}
    assert found.accounts()


def test_spans():
    data = lines(*({**CONN, "uid": f"C{n}"} for n in range(6)))
    for cut in range(1, len(data), 7):
        assert read_in_spans(READER, data, [cut]).column("uid") == [f"C{n}" for n in range(6)]


@pytest.mark.parametrize(
    ("data", "name", "low", "high"),
    [
        (lines(CONN), "x", 0.9, 0.9),
        (lines({"_path": "x", "ts": 1}), "x", 0.95, 0.95),
        (lines({"ts": 1.5, "peer": "z", "gaps": 1}), "capture_loss.log", 0.4, 0.6),
        (lines({"ts": 1.5, "level": "info", "msg": "x"}), "app.log", 0, 0),
        (lines({"uid": "C1", "id.orig_h": "x"}), "conn.log", 0, 0),
        (b"#separator", "conn.log", 0, 0),
    ],
)
def test_bids(data, name, low, high):
    assert low <= READER.sniff(data, name) <= high
