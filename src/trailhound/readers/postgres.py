"""PostgreSQL's log in its three shapes, with the entries of pgaudit taken apart.

Audit entries are the kind `postgresql.audit`, all others `postgresql.log`. pgaudit names the rows a
statement touched only with `pgaudit.log_rows = on`, and 0 for `COPY ... TO`.
"""

from __future__ import annotations

import csv
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from trailhound.model.identity import source_digest
from trailhound.readers.column_batch import ColumnBatch
from trailhound.readers.json_records import shape_of
from trailhound.readers.lines import head_lines
from trailhound.readers.postgres_events import EVENT_NAMES, event
from trailhound.readers.postgres_records import (
    CSV_LINE,
    SEVERITIES,
    Prefixes,
    csv_entries,
    json_entries,
    text_entries,
)
from trailhound.readers.zones import Zones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from trailhound.model.batch import Batch, Column, Value
    from trailhound.model.limits import Budget
    from trailhound.model.source import Source
    from trailhound.readers.column_batch import Late
    from trailhound.readers.postgres_records import (
        Entries,
    )

AUDIT = "AUDIT: "
AUDIT_NAMES = (
    "audit_type", "statement_id", "substatement_id", "class", "command", "object_type",
    "object_name", "statement", "parameter", "rows",
)  # fmt: skip
_CSV_SEVERITY = re.compile(rb",(?:DEBUG\d?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC),[0-9A-Z]{5},")
_JSON = re.compile(rb'"error_severity"\s*:\s*"')


class Postgres:
    """Reads csvlog, jsonlog and stderr; the first lines tell which."""

    name = "postgresql.log"
    splittable = False

    def sniff(self, head: bytes, path: str) -> float:
        """Bid on the shape of entries."""
        del path
        if shape_of(head) != "none":
            return 0.95 if _JSON.search(head) and b'"message"' in head else 0.0
        lines = head_lines(head)[:40]
        if lines and CSV_LINE.match(lines[0]) and _CSV_SEVERITY.search(head):
            return 0.95
        entries = sum(map(_is_text, lines))
        return 0.9 if entries and entries * 4 >= len(lines) and _is_text(lines[0]) else 0.0

    def read(self, source: Source, budget: Budget) -> Iterator[Batch]:
        """Yield batches by kind, entries in order within each."""
        digest = source_digest(source.head)
        zones = Zones(source, budget)
        entries: Callable[[Source, Budget], Iterator[Entries]] = text_entries
        if shape_of(source.head) != "none":
            entries = json_entries
        elif any(map(CSV_LINE.match, head_lines(source.head))):
            entries = csv_entries
        for found in entries(source, budget):
            messages = [str(message or "") for message in found.columns["message"]]
            audits = [row for row, message in enumerate(messages) if message.startswith(AUDIT)]
            others = sorted(set(range(len(messages))).difference(audits))
            for kind, rows in (("postgresql.audit", audits), ("postgresql.log", others)):
                for start in range(0, len(rows), budget.limits.batch_rows):
                    piece = found.some(rows[start : start + budget.limits.batch_rows])
                    yield _batch(kind, piece, source.name, digest, zones)


def _is_text(line: bytes) -> bool:
    head, colon, _ = line.decode("utf-8", "replace").partition(":  ")
    word = head.rpartition(" ")[2]
    return bool(colon) and word in SEVERITIES and Prefixes().fields(head, word) is not None


def _batch(kind: str, entries: Entries, source: str, digest: bytes, zones: Zones) -> Batch:
    columns = entries.columns
    numbers = {name: columns.pop(name) for name in ("pid", "port")}
    names, make = (AUDIT_NAMES, audit) if kind == "postgresql.audit" else (EVENT_NAMES, event)
    late: dict[str, Late] = dict.fromkeys(names, partial(_parsed, columns, names, make))
    for name, texts in numbers.items():
        late[name] = partial(_numbers, name, texts)
    times, basis = zones.times([str(stamp or "") for stamp in columns["timestamp"]])
    return ColumnBatch(
        kind, {}, source, entries.offsets, entries.raws, columns, times,
        digest=digest, time_basis=basis, late=late,
    )  # fmt: skip


def _numbers(name: str, texts: Column) -> dict[str, Column]:
    known = {text: _whole(text) for text in dict.fromkeys(texts)}
    return {name: [known[text] for text in texts]}


def _whole(value: Value) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _parsed(
    columns: dict[str, Column], names: tuple[str, ...], make: Callable[[str], dict[str, Any]]
) -> dict[str, Column]:
    rows = [make(str(message)) for message in columns["message"]]
    return {name: [row.get(name) for row in rows] for name in names}


def audit(message: str) -> dict[str, Any]:
    """Take `AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.t,"select 1",<none>,5` apart."""
    try:
        values = next(csv.reader([message.removeprefix(AUDIT)]), [])
    except csv.Error:
        values = message.removeprefix(AUDIT).split(",", len(AUDIT_NAMES) - 1)
    found: dict[str, Any] = {
        name: value or None for name, value in zip(AUDIT_NAMES, values, strict=False)
    }
    found["rows"] = _whole(found.get("rows"))
    if found.get("parameter") in ("<not logged>", "<none>"):
        found["parameter"] = None
    return found


READER = Postgres()
