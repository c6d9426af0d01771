"""Entries of the journal as JSON; whole samples are in the golden folder."""

from __future__ import annotations

import json

import pytest

from tests.unit.readers.reading import read
from trailhound.readers.journald import READER

ENTRY = {
    "__REALTIME_TIMESTAMP": "1793779200000000",
    "_HOSTNAME": "web01",
    "SYSLOG_IDENTIFIER": "app",
    "PRIORITY": "3",
    "MESSAGE": "hello",
}


def entries(*changes):
    return "".join(json.dumps({**ENTRY, **change}) + "\n" for change in changes).encode()


@pytest.mark.parametrize(
    ("head", "bid"),
    [
        (entries({}), 0.95),
        (b'{"__REALTIME_TIMESTAMP": "1", "_BOOT_ID": "b"}', 0.95),
        (b'{"__REALTIME_TIMESTAMP": "1"}', 0),
        (b'{"MESSAGE": "x", "_HOSTNAME": "h"}', 0),
        (b"__REALTIME_TIMESTAMP=1\nMESSAGE=x\n", 0),
    ],
)
def test_the_bid(head, bid):
    assert READER.sniff(head, "") == bid


@pytest.mark.parametrize(
    ("change", "program"),
    [
        ({}, "app"),
        ({"SYSLOG_IDENTIFIER": "/usr/sbin/CRON"}, "cron"),
        ({"SYSLOG_IDENTIFIER": None, "_COMM": "bash"}, "bash"),
        ({"SYSLOG_IDENTIFIER": "", "_TRANSPORT": "kernel"}, "kernel"),
        ({"SYSLOG_IDENTIFIER": ["one", "two"]}, "one"),
        ({"SYSLOG_IDENTIFIER": {"a": [1]}}, '{"a":[1]}'),
        ({"SYSLOG_IDENTIFIER": 7}, ""),
    ],
)
def test_programs(change, program):
    assert read(READER, entries(change)).column("program") == [program]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({}, ("user", "err")),
        ({"SYSLOG_FACILITY": "10"}, ("authpriv", "err")),
        ({"SYSLOG_FACILITY": 4, "PRIORITY": 6}, ("auth", "info")),
        ({"_TRANSPORT": "kernel", "PRIORITY": "7"}, ("kern", "debug")),
        ({"PRIORITY": "8"}, (None, None)),
        ({"PRIORITY": None}, (None, None)),
        ({"PRIORITY": "-1", "SYSLOG_FACILITY": "x"}, (None, None)),
    ],
)
def test_levels(change, named):
    done = read(READER, entries(change))
    assert (done.column("facility")[0], done.column("severity")[0]) == named


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("a\nb \x1b[31m", "a\nb \x1b[31m"),
        ([104, 105], "hi"),
        ([255, 104], "\ufffdh"),
        ([104, 999], "104 999"),
        (["a", "b"], "a b"),
        (None, ""),
    ],
)
def test_messages(message, text):
    done = read(READER, entries({"MESSAGE": message}))
    assert done.column("message") == [text]
    assert done.odd == ({"journal.no_message": 1} if message is None else {})


def test_the_time_of_who_wrote_wins():
    done = read(
        READER,
        entries(
            {},
            {"_SOURCE_REALTIME_TIMESTAMP": "1793779199000000"},
            {"_SOURCE_REALTIME_TIMESTAMP": "x"},
        ),
    )
    noon = 1793779200000000
    assert done.times() == [noon, noon - 1_000_000, noon]
    assert done.accounts()
