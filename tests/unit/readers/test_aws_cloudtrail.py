from __future__ import annotations

import pytest

from tests.unit.readers.evidence import cells, lines_of, only, read, read_with
from trailhound.readers.aws_cloudtrail import READER

BASE = {"eventSource": "s3.amazonaws.com", "eventName": "ListBuckets", "eventVersion": "1.09"}


def event(**members):
    return BASE | members


@pytest.mark.parametrize(
    ("identity", "actor"),
    [
        ({"type": "IAMUser", "userName": "anna", "arn": "a"}, "anna"),
        ({"type": "AssumedRole", "principalId": "AROA1:bela@x", "arn": "a"}, "bela@x"),
        ({"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"userName": "R"}}}, "R"),
        ({"type": "Root", "arn": "arn:aws:iam::1:root"}, "arn:aws:iam::1:root"),
        ({"type": "AWSService", "invokedBy": "ssm.amazonaws.com"}, "ssm.amazonaws.com"),
        ({"type": "AWSAccount", "principalId": "AIDA9"}, "AIDA9"),
        ({"type": "WebIdentityUser", "principalId": "login.example:1:2"}, "login.example:1:2"),
        ({"type": "Unknown"}, "Unknown"),
        (None, None),
    ],
)  # fmt: skip
def test_who_acted(identity, actor):
    batch = only(read(READER, lines_of(event(userIdentity=identity))))
    assert cells(batch, "@actor") == [actor]


@pytest.mark.parametrize(
    ("address", "ip", "service"),
    [
        ("203.0.113.20", "203.0.113.20", None),
        ("2001:db8::7", "2001:db8::7", None),
        ("fe80::1", "fe80::1", None),
        ("health.amazonaws.com", None, "health.amazonaws.com"),
        ("AWS Internal", None, "AWS Internal"),
        (None, None, None),
    ],
)
def test_a_service_is_no_address(address, ip, service):
    batch = only(read(READER, lines_of(event(sourceIPAddress=address))))
    assert cells(batch, "@address") == [ip]
    assert cells(batch, "@service_address") == [service]


def test_names_of_rules_resolve():
    record = event(
        sourceIPAddress="203.0.113.20",
        responseElements={"ConsoleLogin": "Failure"},
        requestParameters={"containerDefinitions": [{"command": "x"}]},
    )
    batch = only(read(READER, lines_of(record)))
    assert cells(batch, "src_ip") == ["203.0.113.20"]
    assert cells(batch, "status") == ["Failure"]
    assert cells(batch, "requestParameters.containerDefinitions.command") == [["x"]]
    assert cells(batch, "responseElements") == ['{"ConsoleLogin":"Failure"}']


def test_identity_and_time_are_the_events_own():
    batch = only(read(READER, lines_of(event(eventID="e1", eventTime="2026-11-04T08:12:00Z"))))
    assert batch.uids([0]) == ["e1"]
    assert batch.times().tolist() == [1793779920000000]


def test_strangers_are_kept_apart():
    batches, budget = read_with(READER, lines_of(event(), {"time": 1793779920, "msg": "hello"}))
    assert [(batch.kind, batch.rows) for batch in batches] == [
        ("aws.cloudtrail", 1),
        ("json.unknown", 1),
    ]
    assert not budget.oddities.total


@pytest.mark.parametrize(
    ("head", "mine"),
    [
        (lines_of(event()), True),
        (b'{"Records":[{"eventVersion":"1.09","eventSource":"x","eventName":"y"', True),
        (b'{"eventName":"x","userIdentity":{}}', False),
        (b"eventSource eventName awsRegion", False),
    ],
)
def test_bids(head, mine):
    assert (READER.sniff(head, "x.log") >= 0.8) == mine
