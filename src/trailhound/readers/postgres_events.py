"""What PostgreSQL says outside audit entries: who connected or was refused, what ran."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

EVENT_NAMES = (
    "event", "statement", "duration_us", "auth_method", "identity", "target_user",
    "target_database", "host",
)  # fmt: skip


class Pattern(NamedTuple):
    """A message: how it begins, what happened, where its fields stand."""

    start: str
    event: str
    fields: re.Pattern[str]


PATTERNS = (
    Pattern("connection received", "connection_received", re.compile(
        r"connection received: host=(?P<host>\S+)")),
    Pattern("connection authorized", "connection_authorized", re.compile(
        r"connection authorized: (?:replication )?user=(?P<target_user>\S+)"
        r"(?: database=(?P<target_database>\S+))?")),
    Pattern("connection authenticated", "connection_authenticated", re.compile(
        r'connection authenticated: (?:identity="(?P<identity>[^"]*)" method=)?'
        r"(?P<auth_method>\S+)")),
    Pattern("disconnection", "disconnection", re.compile(
        r"disconnection: session time: \S+ user=(?P<target_user>\S*) "
        r"database=(?P<target_database>\S*) host=(?P<host>\S+)")),
    Pattern("password authentication failed", "authentication_failed", re.compile(
        r'(?P<auth_method>password) authentication failed for user "(?P<target_user>.*)"')),
    Pattern("no pg_hba.conf entry", "authentication_failed", re.compile(
        r'no pg_hba.conf entry for (?:replication connection from )?host "(?P<host>[^"]*)", '
        r'user "(?P<target_user>[^"]*)"(?:, database "(?P<target_database>[^"]*)")?')),
    Pattern("pg_hba.conf rejects", "authentication_failed", re.compile(
        r'pg_hba.conf rejects (?:replication )?connection for host "(?P<host>[^"]*)", '
        r'user "(?P<target_user>[^"]*)"(?:, database "(?P<target_database>[^"]*)")?')),
    Pattern("role ", "authentication_failed", re.compile(
        r'role "(?P<target_user>[^"]*)" (?:does not exist|is not permitted to log in)')),
    Pattern("database ", "connection_refused", re.compile(
        r'database "(?P<target_database>[^"]*)" does not exist')),
    Pattern("statement: ", "statement", re.compile(r"statement: (?P<statement>.*)", re.DOTALL)),
    Pattern("execute ", "statement", re.compile(
        r"execute [^:\n]{1,200}: (?P<statement>.*)", re.DOTALL)),
    Pattern("duration: ", "statement", re.compile(
        r"duration: (?P<duration_us>\d{1,12}(?:\.\d{1,6})?) ms"
        r"(?:  (?:statement|(?:execute|parse|bind) [^:\n]{1,200}): (?P<statement>.*))?",
        re.DOTALL)),
    Pattern("", "authentication_failed", re.compile(
        r'(?P<auth_method>\w+) authentication failed for user "(?P<target_user>.*)"')),
)  # fmt: skip


def event(message: str) -> dict[str, Any]:
    """Give the fields of the first pattern that fits; durations in microseconds."""
    for start, name, pattern in PATTERNS:
        if message.startswith(start) and (match := pattern.match(message)):
            found: dict[str, Any] = {"event": name, **match.groupdict()}
            if duration := found.get("duration_us"):
                found["duration_us"] = round(float(duration) * 1000)
            return found
    return {}
