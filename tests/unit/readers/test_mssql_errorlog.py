from __future__ import annotations

import pytest

from tests.unit.readers.reading import read
from trailhound.readers.mssql_errorlog import READER, parsed
from trailhound.text.timestamp import iso

STAMP = "2026-11-04 09:00:00.12 "
FAILED = (
    STAMP + "Logon       Error: 18456, Severity: 14, State: 58.\r\n"
    + STAMP + "Logon       Login failed for user ''. Reason: x. [CLIENT: 192.0.2.1]\r\n"
)  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_error_and_what_it_means_are_one_row(encoding):
    data = (FAILED * 2).encode(encoding)
    assert READER.sniff(data, "x") > 0.9
    found = read(READER, data)
    assert found.column("state") == [58, 58]
    assert found.column("client") == ["192.0.2.1", "192.0.2.1"]
    assert found.column("user") == [None, None]


def test_errors_of_others_stay_apart():
    data = STAMP + "spid5 Error: 1, Severity: 1, State: 1.\n" + STAMP + "spid6 Login failed\n"
    assert read(READER, data.encode()).rows == 2


def test_stamps_are_local():
    assert read(READER, FAILED.encode()).batches[0].time_basis == "zone_assumed"
    found = read(READER, FAILED.encode(), zone="Europe/Berlin")
    assert [iso(time) for time in found.times()] == ["2026-11-04T08:00:00.120000Z"]


def test_small_blocks_change_nothing(monkeypatch):
    data = (FAILED * 20).encode()
    whole = read(READER, data)
    monkeypatch.setattr("trailhound.readers.lines.BLOCK_BYTES", 30)
    assert read(READER, data).column("message") == whole.column("message")


def test_lines_before_the_first_entry_are_said():
    found = read(READER, b"torn\n" + FAILED.encode())
    assert found.odd == {"errorlog.syntax": 1}
    assert found.accounts()


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("Login succeeded for user 'a'. Connection: trusted. [CLIENT: <named pipe>]",
         {"event": "login_succeeded", "client_name": "<named pipe>", "connection": "trusted"}),
        ("Configuration option 'x' changed from 0 to 1.", {"event": "setting_changed", "new": "1"}),
        ("SQL Server is terminating because of x.", {"event": "shutdown"}),
        ("Error: 17, Severity: 16, State: 1.", {"event": "error", "error": 17}),
        ("Login failing", {"event": None}),
    ],
)  # fmt: skip
def test_messages(message, wanted):
    found = parsed(message)
    assert {name: found.get(name) for name in wanted} == wanted


@pytest.mark.parametrize(
    "head", [b"2026-11-04 09:00:00.12 INFO  started\n", b"Nov  4 09:00:00 h p: x\n", b""]
)
def test_near_misses(head):
    assert READER.sniff(head, "x") == 0
