"""What is taken for Windows events, and which times are missed; samples are golden."""

from __future__ import annotations

import json

import pytest

from tests.unit.readers.reading import read
from trailhound.model.oddity import MAX_KEPT
from trailhound.readers.windows_json import READER

EVENT = {"EventID": 4688, "Channel": "Security", "Computer": "pc1", "CommandLine": "x"}


def lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records).encode()


@pytest.mark.parametrize(
    ("record", "bid"),
    [
        (EVENT, 0.95),
        ({"winlog": {"channel": "c", "event_id": 1}}, 0.95),
        ({"Id": 1, "LogName": "c", "ProviderName": "p", "MachineName": "m"}, 0.95),
        ({"data": {"win": {"system": {"eventID": "1", "channel": "c"}}}}, 0.95),
        ({"_raw": '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">'}, 0.95),
        ({"_raw": "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>"}, 0.95),
        ({"EventID": 1, "SourceName": "p"}, 0.6),
        ({"EventID": 1, "ReplacementStrings": ["a"]}, 0.6),
        ({"EventID": 1}, 0),
        ({"eventID": "1", "eventName": "x", "requestParameters": {"channel": "c"}}, 0),
        ({"Id": 1, "LogName": "c"}, 0),
    ],
)
def test_the_bid(record, bid):
    assert READER.sniff(lines(record), "") == bid


def test_a_time_that_is_found_is_no_oddity():
    for name in (
        "EventTime",
        "TimeCreated",
        "@timestamp",
        "SystemTime",
        "TimeGenerated",
        "UtcTime",
    ):
        done = read(READER, lines({**EVENT, name: "2026-11-04T08:00:00Z"}))
        assert done.times() == [1793779200000000], name
        assert not done.odd


def test_times_that_are_missed_are_said():
    done = read(
        READER,
        lines(
            {**EVENT, "TimeCreated": "2026-11-04T08:00:00Z"},
            {**EVENT, "TimeCreated": "2026-13-45 08:00:00"},
            {**EVENT, "MyTime": "2026-11-04T08:00:00Z"},
            {**EVENT, "TimeCreated": "", "MyTime": ""},
            EVENT,
        ),
    )
    assert done.odd == {"windows.no_time": 2}
    assert [oddity.detail for oddity in done.budget.oddities.kept] == [
        "not understood as a time: 2026-13-45 08:00:00",
        'no time was found; "MyTime" looks like one',
    ]
    assert not done.budget.oddities.lost
    assert done.accounts()


def test_very_many_missed_times_are_counted():
    count = MAX_KEPT + 7
    done = read(READER, lines(*[{**EVENT, "TimeCreated": "never"}] * count))
    assert done.odd == {"windows.no_time": count}
    assert len(done.budget.oddities.kept) == MAX_KEPT
