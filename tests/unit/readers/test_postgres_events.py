from __future__ import annotations

import pytest

from trailhound.readers.postgres_events import event


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        (
            "connection received: host=192.0.2.1 port=5",
            {"event": "connection_received", "host": "192.0.2.1"},
        ),
        (
            "connection authorized: user=app database=shop application_name=psql",
            {"event": "connection_authorized", "target_user": "app", "target_database": "shop"},
        ),
        (
            "connection authorized: replication user=rep",
            {"target_user": "rep", "target_database": None},
        ),
        (
            'connection authenticated: identity="app" method=scram-sha-256 (/etc/pg_hba.conf:9)',
            {
                "event": "connection_authenticated",
                "identity": "app",
                "auth_method": "scram-sha-256",
            },
        ),
        (
            "disconnection: session time: 0:00:01.2 user=app database=shop host=192.0.2.1 port=5",
            {"event": "disconnection", "target_user": "app", "host": "192.0.2.1"},
        ),
        (
            'password authentication failed for user "a"b"',
            {"event": "authentication_failed", "target_user": 'a"b'},
        ),
        (
            'Peer authentication failed for user "x"',
            {"event": "authentication_failed", "auth_method": "Peer"},
        ),
        (
            'no pg_hba.conf entry for host "192.0.2.1", user "x", database "y", no encryption',
            {
                "event": "authentication_failed",
                "host": "192.0.2.1",
                "target_user": "x",
                "target_database": "y",
            },
        ),
        ('role "x" does not exist', {"event": "authentication_failed", "target_user": "x"}),
        ('database "x" does not exist', {"event": "connection_refused"}),
        ("statement: select 1\nfrom t", {"event": "statement", "statement": "select 1\nfrom t"}),
        ("execute <unnamed>: select $1", {"event": "statement", "statement": "select $1"}),
        ("duration: 1.5 ms", {"event": "statement", "duration_us": 1500, "statement": None}),
        ("duration: 1.5 ms  statement: select 1", {"duration_us": 1500, "statement": "select 1"}),
    ],
)
def test_messages(message, wanted):
    assert event(message).items() >= wanted.items()


@pytest.mark.parametrize(
    "message", ["", "checkpoint starting: time", 'relation "x" does not exist']
)
def test_everything_else_has_no_event(message):
    assert event(message) == {}
