"""The three shapes of PostgreSQL's log, cut into the same fields: csvlog, jsonlog, stderr.

Records may span lines: a statement does. Each function yields lists of records, in order.
Formats: https://www.postgresql.org/docs/current/runtime-config-logging.html
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trailhound.readers.json_records import bad_record, json_records
from trailhound.readers.lines import decoded, line_blocks
from trailhound.readers.projection import projector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trailhound.model.batch import Column
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source


NAMES = (
    "timestamp", "user", "database", "client", "port", "pid", "session", "application", "severity",
    "state", "message", "detail", "hint", "context", "query", "backend", "ps",
)  # fmt: skip
"""Fields of an entry; texts as logged, None where the log has nothing."""


@dataclass(slots=True)
class Entries:
    """Entries side by side; `columns` has all of `NAMES`."""

    offsets: list[int]
    raws: list[bytes]
    columns: dict[str, Column]

    def some(self, rows: list[int]) -> Entries:
        """Give a selection."""
        columns = {name: [column[row] for row in rows] for name, column in self.columns.items()}
        return Entries([self.offsets[r] for r in rows], [self.raws[r] for r in rows], columns)


SEVERITIES = frozenset({
    "DEBUG", "DEBUG1", "DEBUG2", "DEBUG3", "DEBUG4", "DEBUG5", "LOG", "INFO", "NOTICE", "WARNING",
    "ERROR", "FATAL", "PANIC",
})  # fmt: skip
FOLLOWS = {"DETAIL": "detail", "HINT": "hint", "CONTEXT": "context", "STATEMENT": "query",
           "QUERY": "query", "LOCATION": "context"}  # fmt: skip
"""Lines of their own that belong to the entry before them."""

csv.field_size_limit(64 * 1024 * 1024)  # the limits on lines already hold; the module's is 128 KiB

CSV_LINE = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [A-Za-z0-9+:-]{1,8},")
CSV_WIDTH = 23
"""Columns of the oldest version that is still met; later ones add the backend's type and more."""
_CSV_PLACES = (
    ("timestamp", 0), ("user", 1), ("database", 2), ("pid", 3), ("session", 5), ("ps", 7),
    ("severity", 11), ("state", 12), ("message", 13), ("detail", 14), ("hint", 15), ("context", 18),
    ("query", 19), ("application", 22),
)  # fmt: skip
_JSON_NAMES = {
    "timestamp": "timestamp", "user": "user", "dbname": "database", "remote_host": "client",
    "remote_port": "port", "pid": "pid", "session_id": "session", "application_name": "application",
    "error_severity": "severity", "state_code": "state", "message": "message", "detail": "detail",
    "hint": "hint", "context": "context", "statement": "query", "backend_type": "backend",
    "ps": "ps",
}  # fmt: skip


def csv_entries(source: Source, budget: Budget) -> Iterator[Entries]:
    """Read csvlog: 23 to 26 columns, quotation marks doubled, statements over several lines."""
    open_lines: list[bytes] = []
    open_at = open_bytes = 0
    for lines, offsets in line_blocks(source, budget):
        whole: list[tuple[int, list[bytes]]] = []
        for line, offset in zip(lines, offsets, strict=True):
            if open_lines and (CSV_LINE.match(line) or open_bytes > budget.limits.log_line_bytes):
                _lose(open_lines, open_at, budget, "an entry whose quotation marks never close")
                open_lines, open_bytes = [], 0
            open_at = open_at if open_lines else offset
            odd = line.count(b'"') % 2 == 1
            open_lines.append(line)
            open_bytes += len(line)
            if odd == (len(open_lines) > 1):
                whole.append((open_at, open_lines))
                open_lines, open_bytes = [], 0
        if whole:
            yield _from_csv(whole, budget)
    if open_lines:
        _lose(open_lines, open_at, budget, "the log ends inside an entry")


def _lose(lines: list[bytes], offset: int, budget: Budget, detail: str) -> None:
    budget.lose("postgres.syntax", offset, sum(map(len, lines)), detail)


def _from_csv(whole: list[tuple[int, list[bytes]]], budget: Budget) -> Entries:
    """Part the columns of whole entries, all at once when nothing is wrong with them."""
    raws = [lines[0] if len(lines) == 1 else b"\n".join(lines) for _, lines in whole]
    offsets = [offset for offset, _ in whole]
    texts = [raw.decode("utf-8", "replace") for raw in raws]
    try:
        rows = list(csv.reader(texts, strict=True))
    except csv.Error:
        rows = []
    if len(rows) != len(texts) or min(map(len, rows)) < CSV_WIDTH:
        rows = [_row(text) for text in texts]
        for row, (offset, lines) in zip(rows, whole, strict=True):
            if len(row) < CSV_WIDTH:
                _lose(
                    lines, offset, budget, f"{len(row)} columns, an entry has {CSV_WIDTH} or more"
                )
        good = [n for n, row in enumerate(rows) if len(row) >= CSV_WIDTH]
        whole, rows = [whole[n] for n in good], [rows[n] for n in good]
        offsets, raws = [offsets[n] for n in good], [raws[n] for n in good]
    budget.parsed_bytes += sum(len(line) for _, lines in whole for line in lines)
    return Entries(offsets, raws, _csv_columns(rows))


def _row(text: str) -> list[str]:
    try:
        return next(csv.reader([text], strict=True), [])
    except csv.Error:
        return []


def _csv_columns(rows: list[list[str]]) -> dict[str, Column]:
    columns: dict[str, Column] = {name: [None] * len(rows) for name in NAMES}
    same = len(set(map(len, rows))) == 1
    by_place = list(zip(*rows if same else (row[:CSV_WIDTH] for row in rows), strict=True))
    for name, place in _CSV_PLACES if rows else ():
        columns[name] = [value or None for value in by_place[place]]
    columns["backend"] = [row[CSV_WIDTH] if len(row) > CSV_WIDTH else None for row in rows]
    peers = {row[4]: row[4].rpartition(":") for row in rows}
    found = [peers[row[4]] for row in rows]
    columns["client"] = [client or port or None for client, _, port in found]
    columns["port"] = [port if client else None for client, _, port in found]
    return columns


def json_entries(source: Source, budget: Budget) -> Iterator[Entries]:
    """Read jsonlog (PostgreSQL 15 and later)."""
    wanted = tuple(_JSON_NAMES)
    for raws, offsets in json_records(source, budget):
        bad: set[int] = set()
        found = projector(wanted).columns(raws, bad.add)
        for row in sorted(bad):
            bad_record(raws[row], offsets[row], budget)
        columns = {ours: found[theirs] for theirs, ours in _JSON_NAMES.items()}
        entries = Entries(offsets, raws, columns)
        if bad:
            entries = entries.some([row for row in range(len(raws)) if row not in bad])
        budget.parsed_bytes += sum(map(len, entries.raws))
        yield entries


@dataclass(slots=True)
class Record:
    """An entry of the text form, which may still grow; `fields` are some of `NAMES`."""

    offset: int
    lines: list[bytes]
    fields: dict[str, Any]


def text_entries(source: Source, budget: Budget) -> Iterator[Entries]:
    """Read stderr: a prefix of the operator's choice, a severity, two blanks, the message."""
    prefixes = Prefixes()
    last: Record | None = None
    for lines, offsets in line_blocks(source, budget):
        records: list[Record] = [last] if last else []
        by_pid = {record.fields.get("pid"): record for record in records}
        for line, text, offset in zip(lines, decoded(lines, offsets, budget), offsets, strict=True):
            head, _, message = text.partition(":  ")
            word = head[head.rfind(" ") + 1 :]
            if word in SEVERITIES and (fields := prefixes.fields(head, word)):
                fields["message"] = message
                record = by_pid[fields["pid"]] = Record(offset, [line], fields)
                records.append(record)
            elif word in FOLLOWS and (before := by_pid.get(prefixes.pid(head))):
                before.fields.setdefault(FOLLOWS[word], message)
                before.lines.append(line)
            elif records:
                records[-1].fields["message"] += "\n" + text.removeprefix("\t")
                records[-1].lines.append(line)
            else:
                budget.lose("postgres.syntax", offset, len(line), "a line before the first entry")
        last = records.pop() if records else None
        if records:
            yield _from_text(records, budget)
    if last:
        yield _from_text([last], budget)


def _from_text(records: list[Record], budget: Budget) -> Entries:
    budget.parsed_bytes += sum(len(line) for record in records for line in record.lines)
    columns: dict[str, Column] = {
        name: [record.fields.get(name) for record in records] for name in NAMES
    }
    raws = [b"\n".join(record.lines) for record in records]
    return Entries([record.offset for record in records], raws, columns)


_STAMP = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? [A-Za-z0-9+:-]{1,8}(?![A-Za-z0-9])"
)
_PID = re.compile(r"\[(\d{1,10})(?:-\d{1,10})?\]")
_AT = re.compile(r"(?:^|[\s\]])([^\s@\[\]]+|\[unknown\])@(\[unknown\]|[^\s@,]+)")
_PAIR = re.compile(r"\b(user|db|app|client|host)=([^,\s]*)")
_ADDRESS = re.compile(
    r"(?<![\w.:])(\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}:[0-9a-f:.]{1,41}|\[local\])"
    r"(?:\((\d{1,5})\))?(?![\w.:])"
)


@dataclass(slots=True)
class Prefixes:
    """What stands between stamp and severity, understood once per distinct text."""

    known: dict[str, dict[str, Any]] = field(default_factory=dict)

    def fields(self, head: str, severity: str) -> dict[str, Any] | None:
        """Give the fields of a line's head; None when it does not begin with a time."""
        stamp = _STAMP.match(head)
        if stamp is None:
            return None
        rest = head[stamp.end() : len(head) - len(severity)]
        return {"timestamp": stamp[0], "severity": severity, **self._of(rest)}

    def pid(self, head: str) -> str | None:
        """Give the process a follow-up line belongs to."""
        stamp = _STAMP.match(head)
        rest = head[stamp.end() : head.rfind(" ") + 1] if stamp else ""
        found: str | None = self._of(rest)["pid"]
        return found

    def _of(self, rest: str) -> dict[str, Any]:
        found = self.known.get(rest)
        if found is None:
            if len(self.known) > 20_000:
                self.known.clear()
            found = self.known[rest] = _prefix(rest)
        return found


def _prefix(rest: str) -> dict[str, Any]:
    """Find process, user, database, client and application where common prefixes have them."""
    pid, at, address = _PID.search(rest), _AT.search(rest), _ADDRESS.search(rest)
    pairs = dict(_PAIR.findall(rest))
    found: dict[str, Any] = {
        "pid": pid[1] if pid else None,
        "user": at[1] if at else pairs.get("user"),
        "database": at[2] if at else pairs.get("db"),
        "client": address[1] if address else pairs.get("client") or pairs.get("host"),
        "port": address[2] if address else None,
        "application": pairs.get("app"),
    }
    if address and at and not pairs:
        found["application"] = rest[address.end() :].strip() or None
    return {name: None if value in ("[unknown]", "") else value for name, value in found.items()}
