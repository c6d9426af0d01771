from __future__ import annotations

import pytest

from tests.unit.readers.evidence import lines_of, read, read_with
from trailhound.readers.splunk_export import READER

SSH = "2026-11-04T08:02:01+00:00 web01 sshd[4]: Failed password for root from 192.0.2.1 port 1 ssh2"
ROW = {"_raw": SSH, "sourcetype": "linux_secure", "source": "/var/log/auth.log"}


@pytest.mark.parametrize(
    "record",
    [
        ROW,
        {"result": ROW},
        {"_raw": SSH, "_time": "x"},
        {"event": SSH, "sourcetype": "x", "source": "y"},
        {"log": SSH, "sourcetype": "x", "source": "y"},
    ],
)
def test_what_is_an_export(record):
    assert READER.sniff(lines_of(record), "x") > 0.9
    (batch,) = read(READER, lines_of(record))
    assert (batch.kind, batch.rows) == ("linux.syslog", 1)


@pytest.mark.parametrize(
    "record",
    [{"_raw": SSH}, {"event": SSH, "sourcetype": "x"}, {"other": ROW, "n": 1}, {"message": SSH}],
)
def test_near_misses(record):
    assert READER.sniff(lines_of(record), "x") == 0


def test_kinds_are_read_apart():
    other = ROW | {"sourcetype": "x", "_raw": '{"protoPayload":{},"timestamp":1}'}
    batches = read(READER, lines_of(ROW, other, ROW))
    assert [(batch.kind, batch.rows) for batch in batches] == [
        ("linux.syslog", 2),
        ("gcp.audit", 1),
    ]


def test_windows_events_are_known_by_the_record():
    event = (
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
        "<Provider Name='Microsoft-Windows-Security-Auditing'/><EventID>4624</EventID>"
        "<Channel>Security</Channel><Computer>dc1</Computer></System><EventData>"
        "<Data Name='TargetUserName'>a.meyer</Data></EventData></Event>"
    )
    (batch,) = read(READER, lines_of(ROW | {"_raw": event, "sourcetype": "XmlWinEventLog"}))
    assert batch.kind == "windows"
    assert batch.columns(("TargetUserName",))["TargetUserName"] == ["a.meyer"]


@pytest.mark.parametrize("text", ['{"protoPayload":{', "<Event xmlns='x'><System>", ""])
def test_an_event_without_its_end_stays_searchable(text):
    batches, budget = read_with(READER, lines_of(ROW | {"_raw": text}))
    assert [batch.kind for batch in batches] == ["json.unknown"]
    assert budget.oddities.counts == {"splunk.event": 1}
    assert not budget.oddities.lost


def test_what_nobody_can_read_stays_searchable():
    batches, budget = read_with(READER, lines_of(ROW | {"_raw": "a door opened"}))
    assert [batch.kind for batch in batches] == ["json.unknown"]
    assert budget.oddities.counts == {}


def test_an_export_in_an_export_ends():
    inner = lines_of(ROW).decode()
    batches = read(READER, lines_of(ROW | {"_raw": inner}))
    assert [batch.kind for batch in batches] == ["json.unknown"]


def test_an_event_over_lines():
    batches = read(READER, lines_of(ROW | {"_raw": '{\n"protoPayload":\n{}}'}))
    assert [batch.kind for batch in batches] == ["gcp.audit"]
