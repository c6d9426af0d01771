from __future__ import annotations

import pytest

from tests.unit.readers.evidence import cells, lines_of, read
from trailhound.readers.cloud_json import READER

MYSQL = {
    "timestamp": "2026-11-04 08:00:00",
    "class": "connection",
    "event": "connect",
    "connection_id": 1,
    "account": {"user": "app", "host": "h"},
}
RECORDS = [
    ("mssql.audit", {"event_time": 1, "action_id": 1, "server_principal_name": 1, "statement": 1}),
    ("oracle.audit", {"AUDIT_TYPE": 1, "DBUSERNAME": 1, "ACTION_NAME": 1}),
    ("oracle.audit", {"os_username": 1, "action_name": 1, "returncode": 1}),
    ("mongodb.audit", {"atype": 1, "ts": 1, "param": {}, "result": 0}),
    ("mongodb.log", {"t": 1, "s": "I", "c": "x", "ctx": "x", "msg": "x"}),
    ("mysql.audit", MYSQL),
    ("mysql.audit", {"audit_record": {"record": 1}}),
    (
        "mail.message_trace",
        {"SenderAddress": 1, "RecipientAddress": 1, "MessageId": 1, "Status": 1},
    ),
    (
        "elasticsearch.audit",
        {"event.action": 1, "event.type": 1, "node.id": 1, "origin.address": 1},
    ),
]


@pytest.mark.parametrize(("kind", "record"), RECORDS)
def test_each_kind(kind, record):
    assert READER.sniff(lines_of(record), "x") > 0.8
    (batch,) = read(READER, lines_of(record))
    assert batch.kind == kind
    assert cells(batch, "@nothing") == [None]


@pytest.mark.parametrize("names", ["event.action event.type user.name", "t s c ctx", "atype ts"])
def test_near_misses(names):
    assert READER.sniff(lines_of(dict.fromkeys(names.split(), 1)), "x") == 0


@pytest.mark.parametrize(
    ("more", "operation"),
    [
        ({"connection_data": {"status": 0}}, "CONNECT"),
        ({"connection_data": {"status": 1045}}, "FAILED_CONNECT"),
        ({"event": "disconnect"}, "DISCONNECT"),
        ({"event": "status", "general_data": {"sql_command": "select"}}, "select"),
    ],
)
def test_operations_of_mysql(more, operation):
    (batch,) = read(READER, lines_of(MYSQL | more))
    assert cells(batch, "operation") == [operation]
    assert cells(batch, "user") == ["app"]


def test_users_of_percona():
    record = {"audit_record": {"record": 1, "user": "root[root] @ localhost []", "db": "shop"}}
    (batch,) = read(READER, lines_of(record))
    assert cells(batch, "user") == ["root"]
    assert cells(batch, "database") == ["shop"]


def test_clients_and_names_of_oracle():
    record = {"audit_type": 1, "dbusername": "X", "action_name": "LOGON", "return_code": 0,
              "authentication_type": "((PROTOCOL=tcp)(HOST=192.0.2.1)(PORT=1))"}  # fmt: skip
    (batch,) = read(READER, lines_of(record))
    assert cells(batch, "@client_ip") == ["192.0.2.1"]
    assert cells(batch, "RETURN_CODE") == [0]


def test_recipients_of_historical_searches():
    record = {"origin_timestamp_utc": 1, "sender_address": 1,
              "recipient_status": "a@x##Receive, Deliver;b@x##Fail"}  # fmt: skip
    (batch,) = read(READER, lines_of(record))
    assert cells(batch, "@recipients") == [["a@x", "b@x"]]
