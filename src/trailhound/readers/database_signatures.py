"""Audit records of databases, as JSON and as delimited text, and of mail services."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from trailhound.readers.native_batch import Names, itself
from trailhound.readers.signature import Signature, named

if TYPE_CHECKING:
    from trailhound.model.batch import Column
    from trailhound.readers.native_batch import Maker, NativeBatch


_MYSQL = {
    "user": ("account.user", "login.user"),
    "host": ("account.host",),
    "client": ("login.ip",),
    "database": ("connection_data.db", "table_access_data.db"),
    "object": ("table_access_data.table",),
    "retcode": ("general_data.status", "connection_data.status"),
    "statement": ("general_data.query", "table_access_data.query"),
    "@operation": ("general_data.sql_command", "table_access_data.sql_command", "event"),
}
"""Names of the audit log of MySQL Enterprise, by those of `mysql.audit`."""
_PERCONA = {
    "@operation": ("audit_record.command_class", "audit_record.name"),
    "client": ("audit_record.ip",),
    "database": ("audit_record.db",),
    "retcode": ("audit_record.status",),
    "statement": ("audit_record.sqltext",),
    "@who": ("audit_record.user",),
}
_LOGONS = {"connect": "CONNECT", "disconnect": "DISCONNECT", "quit": "DISCONNECT"}


def _operations(batch: NativeBatch) -> Column:
    """Give operations the words of `mysql.audit`: a log-on that failed is FAILED_CONNECT."""
    columns = batch.columns(("@operation", "retcode"))
    made: Column = []
    for word, code in zip(columns["@operation"], columns["retcode"], strict=True):
        operation = _LOGONS.get(str(word).lower(), word)
        failed = operation == "CONNECT" and code not in (None, 0, "0")
        made.append("FAILED_CONNECT" if failed else operation)
    return made


def _users(batch: NativeBatch) -> Column:
    """Take the name out of `root[root] @ localhost []`."""
    column = batch.columns(("@who",))["@who"]
    return [str(value).partition("[")[0].strip() or None if value else None for value in column]


def _mysql_maker(name: str) -> Maker | None:
    return _operations if name == "operation" else None


def _percona_maker(name: str) -> Maker | None:
    return _users if name == "user" else _mysql_maker(name)


def _mysql(name: str) -> tuple[str, ...]:
    return (*_MYSQL.get(name, ()), name)


def _percona(name: str) -> tuple[str, ...]:
    return (*_PERCONA.get(name, ()), f"audit_record.{name}", name)


_ORACLE = {
    "DBUSERNAME": ("DBUSER", "USERNAME"),
    "ACTION_NAME": ("ACTION",),
    "RETURN_CODE": ("RETURNCODE", "RETCODE"),
    "OBJECT_NAME": ("OBJ_NAME", "OBJNAME"),
    "OBJECT_SCHEMA": ("OWNER", "SCHEMA"),
    "SQL_TEXT": ("SQL_TEXT_VC",),
}


_HOST = re.compile(r"\(HOST=([^()]{1,255})\)", re.IGNORECASE)


def _clients(batch: NativeBatch) -> Column:
    """Take the address out of `((TYPE=(DATABASE));(CLIENT ADDRESS=((...(HOST=192.0.2.1)...))))`."""
    names = ("AUTHENTICATION_TYPE", "COMMENT_TEXT")
    columns = batch.columns(names)
    return [
        next((found[1] for text in row if text and (found := _HOST.search(str(text)))), None)
        for row in zip(*(columns[name] for name in names), strict=True)
    ]


def _oracle_maker(name: str) -> Maker | None:
    return _clients if name == "@client_ip" else None


@lru_cache(maxsize=1024)
def oracle(name: str) -> tuple[str, ...]:
    """Know the names of the unified trail, of the older one, and small letters."""
    places = (name, *_ORACLE.get(name, ()))
    return tuple(dict.fromkeys([*places, *(place.lower() for place in places)]))


def _oracle(times: str) -> Names:
    return Names(tuple(times.split()), (), oracle, _oracle_maker)


def _recipients(batch: NativeBatch) -> Column:
    """Take the addresses out of `a@x.example##Receive, Deliver;b@x.example##Fail`."""
    column = batch.columns(("recipient_status",))["recipient_status"]
    return [
        [part.partition("##")[0].strip() for part in str(value).split(";") if "@" in part] or None
        for value in column
    ]


def _trace_maker(name: str) -> Maker | None:
    return _recipients if name == "@recipients" else None


DATABASES: tuple[Signature, ...] = (
    Signature(
        "mssql.audit",
        ("event_time", "action_id", "server_principal_name session_server_principal_name",
         "statement database_name"),
        named("event_time", ""),
    ),
    Signature(
        "oracle.audit",
        ("UNIFIED_AUDIT_POLICIES unified_audit_policies AUDIT_TYPE audit_type",
         "DBUSERNAME dbusername", "ACTION_NAME action_name"),
        _oracle("EVENT_TIMESTAMP_UTC EVENT_TIMESTAMP"),
    ),
    Signature(
        "oracle.audit",
        ("OS_USERNAME os_username", "ACTION_NAME action_name", "RETURNCODE returncode"),
        _oracle("EXTENDED_TIMESTAMP TIMESTAMP"),
    ),
    Signature(
        "mongodb.audit",
        ("atype", "ts", "param", "result"),
        named("ts.$date ts", "uuid.$binary.base64"),
    ),
    Signature(
        "mongodb.log",
        ("t", "s", "c", "ctx", "msg"),
        named("t.$date t", ""),
    ),
    Signature(
        "mysql.audit",
        ("class", "event", "connection_id", "account login"),
        Names(("timestamp",), (), _mysql, _mysql_maker),
    ),
    Signature(
        "mysql.audit",
        ("audit_record",),
        Names(("audit_record.timestamp",), (), _percona, _percona_maker),
        inside=("audit_record", "record command_class sqltext"),
    ),
    Signature(
        "mail.message_trace",
        ("SenderAddress", "RecipientAddress", "MessageTraceId MessageId", "Received Status"),
        Names(("Received", "@timestamp"), (), itself, _trace_maker),
    ),
    Signature(
        "mail.message_trace",
        ("origin_timestamp_utc date_time_utc", "sender_address", "recipient_status message_id"),
        Names(("origin_timestamp_utc", "date_time_utc"), (), itself, _trace_maker),
    ),
    Signature(
        "elasticsearch.audit",
        ("event.action", "event.type", "node.id node.name", "origin.type origin.address"),
        named("@timestamp timestamp", ""),
    ),
)  # fmt: skip
