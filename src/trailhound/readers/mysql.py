"""MySQL and MariaDB: the server_audit plug-in's log, and the slow query log.

The audit log names statements and tables but no row counts. The slow log has them (0 for `INTO
OUTFILE`), and with `long_query_time = 0` it holds every statement. Audit stamps are the server's
local time.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from trailhound.model.batch import NO_TIME, TimeBasis
from trailhound.model.identity import source_digest
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.lines import decoded, head_lines, line_blocks
from trailhound.readers.zones import Zones
from trailhound.text.timestamp import parse_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trailhound.model.batch import Batch, Column, Times
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source

AUDIT_NAMES = (
    "timestamp", "server", "user", "host", "connection_id", "query_id", "operation", "database",
    "object", "retcode", "statement",
)  # fmt: skip
SLOW_NAMES = (
    "timestamp", "user", "host", "client", "connection_id", "database", "query_time_us",
    "lock_time_us", "rows_sent", "rows_examined", "rows_affected", "bytes_sent", "operation",
    "statement",
)  # fmt: skip
OPERATIONS = frozenset({
    "CONNECT", "FAILED_CONNECT", "DISCONNECT", "CHANGEUSER", "PROXY_CONNECT",
    "QUERY", "QUERY_DDL", "QUERY_DML", "QUERY_DML_NO_SELECT", "QUERY_DCL",
    "TABLE", "READ", "WRITE", "CREATE", "ALTER", "RENAME", "DROP",
})  # fmt: skip

_AUDIT_LINE = re.compile(r"(20\d\d)(\d\d)(\d\d) (\d\d:\d\d:\d\d)\Z")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]+\Z")
_SLOW_BEGIN = ("# Time: ", "# User@Host: ")
_USER = re.compile(
    r"# User@Host: ([^\[\s]*)\[[^\]]*\] @ +(\S*) *\[([^\]]*)\](?: +Id: +(\d{1,18}))?"
)
_PAIR = re.compile(r"([A-Za-z_]{2,24}): +(\S+)")
_SCHEMA = re.compile(r"Schema: (\S*)")
_SET_TIME = re.compile(r"SET timestamp=(\d{1,12}(?:\.\d{1,6})?);")
_USE = re.compile(r"use `?([^`;\n]{1,64})`?;", re.IGNORECASE)
_SHORT_TIME = re.compile(r"(\d\d)(\d\d)(\d\d) +(\d{1,2}):(\d\d:\d\d)")
_BANNER = re.compile(r".{1,200}, Version: .{1,200}|Tcp port: .{0,200}|Time\s+Id Command\s+Argument")


class MySql:
    """Reads audit lines and slow log entries; the first lines tell which."""

    name = "mysql.log"
    splittable = False  # statements of the slow log span lines

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on audit lines, or on the headers of slow log entries."""
        del path
        lines = [line.decode("utf-8", "replace") for line in head_lines(head)[:40]]
        audits = sum(_audit_parts(line) is not None for line in lines)
        if audits:
            return 0.95 * audits / len(lines)
        begins = any(line.startswith("# User@Host: ") for line in lines)
        return 0.95 if begins and any(line.startswith("# Query_time: ") for line in lines) else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches in the order of the source."""
        first = next(iter(head_lines(source.head)), b"").decode("utf-8", "replace")
        read = _audit_batches if _audit_parts(first) else _slow_batches
        yield from read(source, budget)


def _audit_parts(line: str) -> list[str] | None:
    parts = line.split(",", 8)
    return (
        parts
        if len(parts) == 9 and parts[6] in OPERATIONS and _AUDIT_LINE.match(parts[0])
        else None
    )


def _audit_batches(source: Source, budget: Budget) -> Iterator[Batch]:
    digest = source_digest(source.head)
    zones = Zones(source, budget)
    for lines, offsets in line_blocks(source, budget):
        texts = decoded(lines, offsets, budget)
        for start in range(0, len(lines), budget.limits.batch_rows):
            rows: list[list[str]] = []
            kept: list[int] = []
            for row in range(start, min(start + budget.limits.batch_rows, len(lines))):
                parts = _audit_parts(texts[row])
                if parts is None:
                    detail = "a line that is no audit record"
                    budget.lose("mysql.syntax", offsets[row], len(lines[row]), detail)
                else:
                    rows.append(parts)
                    kept.append(row)
            if rows:
                raws, places = [lines[row] for row in kept], [offsets[row] for row in kept]
                budget.parsed_bytes += sum(map(len, raws))
                yield _audit_batch(source.name, rows, raws, places, zones, digest)


def _audit_batch(  # noqa: PLR0917 - what a batch is made of
    source: str,
    rows: list[list[str]],
    lines: list[bytes],
    offsets: list[int],
    zones: Zones,
    digest: bytes,
) -> Batch:
    parts = list(map(list, zip(*rows, strict=True)))
    columns: dict[str, Column] = {
        name: [value or None for value in part]
        for name, part in zip(AUDIT_NAMES, parts[:8], strict=False)
    }
    late = dict.fromkeys(
        ("object", "retcode", "statement"), partial(_objects, parts[8], columns["operation"])
    )
    late["client"] = partial(_clients, columns["host"])
    stamps = [f"{s[:4]}-{s[4:6]}-{s[6:]}" for s in parts[0]]
    times, basis = zones.times(stamps)
    return ColumnBatch(
        "mysql.audit", {}, source, offsets, lines, columns, times, digest=digest, time_basis=basis,
        late=late,
    )  # fmt: skip


def _objects(rests: list[str], operations: Column) -> dict[str, Column]:
    """Part `'select 1',0`: behind the database come a table or a quoted statement, and a code."""
    objects: Column = []
    codes: Column = []
    statements: Column = []
    for rest, operation in zip(rests, operations, strict=True):
        thing, _, code = rest.rpartition(",")
        quoted = str(operation).startswith("QUERY")
        objects.append(None if quoted else thing or None)
        statements.append(_unquoted(thing) if quoted else None)
        codes.append(int(code) if code.isascii() and code.isdecimal() and len(code) < 10 else None)
    return {"object": objects, "retcode": codes, "statement": statements}


def _clients(hosts: Column) -> dict[str, Column]:
    """Give the hosts that are addresses: `host` is what the server made of the peer."""
    known = {host: host if host and _ADDRESS.match(str(host)) else None for host in set(hosts)}
    return {"client": [known[host] for host in hosts]}


def _unquoted(text: str) -> str:
    inner = text[1:-1] if len(text) > 1 and text[0] == text[-1] == "'" else text
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), inner) if "\\" in inner else inner


_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


class _Entry:
    """One entry of the slow log while its lines come in."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.lines: list[bytes] = []
        self.fields: dict[str, Any] = {}
        self.statement: list[str] = []
        self.headed = False

    def take(self, line: bytes, text: str) -> None:
        """Take in a line: a header, `SET timestamp`, `use`, or part of the statement."""
        self.lines.append(line)
        if text.startswith("# ") and not self.statement:
            self._header(text)
        elif (stamp := _SET_TIME.match(text)) and not self.statement:
            self.fields["epoch"] = stamp[1]
        elif (use := _USE.match(text)) and not self.statement:
            self.fields["database"] = use[1]
        else:
            self.statement.append(text)

    def _header(self, text: str) -> None:
        if text.startswith("# Time: "):
            self.fields["timestamp"] = text[8:].strip()
        elif user := _USER.match(text):
            self.headed = True
            names = ("user", "host", "client", "connection_id")
            self.fields |= {n: v for n, v in zip(names, user.groups(), strict=True) if v}
        elif text.startswith("# administrator command: "):
            self.statement.append(text[2:])
        else:
            for name, value in _PAIR.findall(text):
                if name in _HEADER_NAMES:
                    self.fields[_HEADER_NAMES[name]] = value
            schema = _SCHEMA.search(text)
            if schema and schema[1] and not schema[1].endswith(":"):
                self.fields["database"] = schema[1]


_HEADER_NAMES = {
    "Thread_id": "connection_id", "Query_time": "query_time", "Lock_time": "lock_time",
    "Rows_sent": "rows_sent", "Rows_examined": "rows_examined", "Rows_affected": "rows_affected",
    "Bytes_sent": "bytes_sent",
}  # fmt: skip


def _slow_batches(source: Source, budget: Budget) -> Iterator[Batch]:
    digest = source_digest(source.head)
    zones = Zones(source, budget)
    entries: list[_Entry] = []
    for lines, offsets in line_blocks(source, budget):
        for line, text, offset in zip(lines, decoded(lines, offsets, budget), offsets, strict=True):
            if _BANNER.fullmatch(text):
                budget.parsed_bytes += len(line)
            elif text.startswith(_SLOW_BEGIN) and _begins(text, entries):
                entries.append(_Entry(offset))
                entries[-1].take(line, text)
            elif entries:
                entries[-1].take(line, text)
            else:
                detail = "a line before the first entry"
                budget.lose("mysql.syntax", offset, len(line), detail)
        while len(entries) > 1:
            step = min(budget.limits.batch_rows, len(entries) - 1)
            yield _slow_batch(source.name, entries[:step], zones, digest, budget)
            entries = entries[step:]
    if entries:
        yield _slow_batch(source.name, entries, zones, digest, budget)


def _begins(text: str, entries: list[_Entry]) -> bool:
    """Tell whether a header starts an entry: `# User@Host` right under its `# Time` does not."""
    last = entries[-1] if entries else None
    return text.startswith("# Time: ") or last is None or last.headed or bool(last.statement)


def _slow_batch(
    source: str, entries: list[_Entry], zones: Zones, digest: bytes, budget: Budget
) -> Batch:
    budget.parsed_bytes += sum(len(line) for entry in entries for line in entry.lines)
    columns: dict[str, Column] = {name: [] for name in SLOW_NAMES}
    for entry in entries:
        values = entry.fields
        values["statement"] = "\n".join(entry.statement).removesuffix(";") or None
        values["operation"] = (values["statement"] or "").split(" ", 1)[0].upper()[:32] or None
        values["query_time_us"] = _micros(values.get("query_time"))
        values["lock_time_us"] = _micros(values.get("lock_time"))
        for name in SLOW_NAMES:
            value = values.get(name)
            columns[name].append(_number(value) if name in _NUMBERS else value)
    times, basis = _slow_times(entries, zones)
    return ColumnBatch(
        "mysql.slow", {}, source, [entry.offset for entry in entries],
        [b"\n".join(entry.lines) for entry in entries], columns, times,
        digest=digest, time_basis=basis,
    )  # fmt: skip


_NUMBERS = frozenset({"connection_id", "rows_sent", "rows_examined", "rows_affected", "bytes_sent"})


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _micros(value: str | None) -> int | None:
    try:
        return round(float(value or "nan") * 1_000_000)
    except (ValueError, OverflowError):
        return None


def _slow_times(entries: Sequence[_Entry], zones: Zones) -> tuple[Times, str]:
    """Take `SET timestamp`, which is UTC and of each entry; else the last `# Time`."""
    epochs = [parse_time(entry.fields.get("epoch")) for entry in entries]
    times = np.array(epochs, dtype=np.int64)
    late = [row for row, entry in enumerate(entries) if times[row] == NO_TIME]
    if not late:
        return times, TimeBasis.EXACT
    stamps = [_long_form(str(entries[row].fields.get("timestamp", ""))) for row in late]
    times[late], basis = zones.times(stamps)
    return times, basis


def _long_form(stamp: str) -> str:
    """Write `261124 12:01:10` and `2026-11-24T12:01:10.5Z` the way `Zones` reads."""
    if short := _SHORT_TIME.match(stamp):
        year, month, day, hour, rest = short.groups()
        return f"20{year}-{month}-{day} {int(hour):02}:{rest}"
    return stamp.replace("Z", " UTC")


READER = MySql()
